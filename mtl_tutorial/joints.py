"""What a plan may do beside dividing tasks into groups: copies that mix, answers that are fed upwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from mtl_tutorial.arguments import listed, mapping, names, one_of, shown, text

if TYPE_CHECKING:
    from mtl_tutorial.sharing import SharingPlan

MIXES = ("gate", "concat", "stitch")
"""How the copies of a level may come together."""

Group = tuple[str, ...]
Copy = tuple[Any, ...]  # (level, group); of the second equal group (level, group, 2)


class Joint(NamedTuple):
    """Where something comes together for some tasks.

    Attributes
    ----------
    kind
        One of `MIXES`, or ``"feed"``.
    tasks
        Those for which it does.
    of
        The copies that are mixed, or the tasks whose answers are fed.
    """

    kind: str
    tasks: Group
    of: tuple[Any, ...]


def mixed_for(plan: SharingPlan, level: str, task: str) -> Joint | None:
    """What mixes the copies of a level for a task; None where nothing is mixed for it."""
    own, kind = plan.copies(level, task), plan.mix.get(level)
    if kind == "stitch" and own:
        return Joint(kind, own[0][1], plan.copies(level))
    if kind is None or len(own) < 2:
        return None
    alike = tuple(other for other in plan.tasks if plan.copies(level, other) == own)
    return Joint(kind, (task,) if kind == "gate" else alike, own)


def fed_to(plan: SharingPlan, level: str, task: str) -> Joint | None:
    """What is fed to a task below a level; None if nothing is."""
    fed = plan.feeds.get(level, {})
    if task not in fed:
        return None
    return Joint("feed", tuple(t for t in fed if fed[t] == fed[task]), tuple(fed[task]))


def steps(plan: SharingPlan) -> tuple[tuple[Any, ...], ...]:
    """All layers of the trunk from the words up: at each level what is fed, the copies, what mixes.

    Copies are as `SharingPlan.copies` gives them, the others (level, `Joint`).

    Examples
    --------
    >>> from mtl_tutorial.sharing import SharingPlan
    >>> levels = {"embedding": [["person", "ner"]], "encoder_1": [["person"]]}
    >>> for step in steps(SharingPlan(levels, feeds={"encoder_1": {"person": ["ner"]}})):
    ...     print(step)
    ('embedding', ('person', 'ner'))
    ('encoder_1', Joint(kind='feed', tasks=('person',), of=('ner',)))
    ('encoder_1', ('person',))
    """
    found: list[Any] = []
    for level in plan.levels:
        for of in (fed_to, mixed_for):
            found += plan.copies(level) if of is mixed_for else ()
            joints = (of(plan, level, task) for task in plan.tasks)
            found += [(level, joint) for joint in joints if joint is not None]
    return tuple(dict.fromkeys(found))


def numbered(copies: Sequence[Copy]) -> dict[Copy, int]:
    """A number for each copy of a level, other than those of copies with which it shares a task.

    Copies that one task mixes must not start alike, or they would stay alike; all others do.
    """
    found: dict[Copy, int] = {}
    for copy in copies:
        taken = {found[other] for other in found if set(other[1]) & set(copy[1])}
        found[copy] = next(number for number in count() if number not in taken)
    return found


def as_levels(
    levels: Mapping[str, Any], mix: Mapping[str, str]
) -> tuple[tuple[str, tuple[Group, ...]], ...]:
    """Levels and their groups, in one order for plans that mean the same: that of the first level.

    Raises
    ------
    TypeError, ValueError
        As `SharingPlan` says.
    """
    below: list[str] | None = None
    found = []
    for level, groups in levels.items():
        given = _as_groups(level, groups)
        if not given or not all(given):
            raise ValueError(f"level {level!r} is empty or has an empty group")
        here = list(dict.fromkeys(task for group in given for task in group))
        several = mix.get(level) in ("gate", "concat")
        for task in here:
            copies = sum(task in group for group in given)
            if any(group.count(task) > 1 for group in given) or (copies > 1 and not several):
                raise ValueError(f"task {task!r} stands twice in level {level!r}")
            if below is not None and task not in below:
                raise ValueError(
                    f"task {task!r} is in level {level!r} but not in the level below it; "
                    "a task that has left the trunk cannot come back"
                )
        order = below = here if below is None else [task for task in below if task in here]
        ordered = [tuple(sorted(group, key=order.index)) for group in given]
        found.append((level, tuple(sorted(ordered, key=lambda g: [*map(order.index, g)]))))
    return tuple(found)


def _as_groups(level: str, groups: Any) -> list[Group]:
    wanted = f"level {level!r}: groups must be lists of task names, [[...], [...]]"
    if isinstance(groups, str | set | frozenset | Mapping) or not isinstance(groups, Iterable):
        raise TypeError(f"{wanted}, not {shown(groups)}")
    given = list(groups)
    for group in given:
        if isinstance(group, str):
            raise TypeError(f"{wanted}; {group!r} among them is a string")
    return [names(f"level {level!r}: a group", group) for group in given]


def as_mix(given: Any, levels: Sequence[str]) -> dict[str, str]:
    """Level → how its copies come together; the errors name what is wrong with `given`."""
    found = mapping("mix", {} if given is None else given, f"level → one of {listed(MIXES)}")
    for level, kind in found.items():
        one_of("level in mix", level, levels)
        one_of(f"mix of level {level!r}", kind, MIXES)
        if kind == "gate" and level == levels[0]:
            raise ValueError(
                f"level {level!r} cannot have a gate, which weighs by the features below it; at "
                "the lowest level there are none"
            )
    return {level: found[level] for level in levels if level in found}


def as_feeds(given: Any, plan: SharingPlan) -> dict[str, dict[str, Group]]:
    """Level → task → those whose answers it is given there, in the order of the plan.

    Parameters
    ----------
    given
        What a plan was given.
    plan
        Its levels and groups are there already.

    Raises
    ------
    TypeError
        For anything but level → task → list of tasks.
    ValueError
        For an unknown level or task, at the lowest level, or if a task is not at the level, or one
        that feeds it has not left below.
    """
    levels = plan.levels
    tops = {t: sum(any(t in group for group in groups) for _, groups in plan) for t in plan.tasks}
    found: dict[str, dict[str, Group]] = {}
    wanted = "level → task → tasks whose answers it gets"
    for level, tasks in mapping("feeds", {} if given is None else given, wanted).items():
        place = levels.index(one_of("level in feeds", level, levels))
        here = f"feeds at level {level!r}"
        if not place:
            raise ValueError(f"{here}: nobody has answered below the lowest level")
        for task, lowers in mapping(here, tasks, "task → list of tasks").items():
            if tops[one_of(f"task in {here}", task, tops)] <= place:
                raise ValueError(f"{here}: task {task!r} has left the trunk below")
            fed = names(f"{here}: what {task!r} gets", lowers)
            for lower in fed:
                if tops[one_of(f"{here}: what {task!r} gets", lower, tops)] > place:
                    raise ValueError(
                        f"{here}: task {lower!r} cannot feed {task!r}, since it has not left the "
                        "trunk below that level"
                    )
            if fed:
                found.setdefault(level, {})[task] = tuple(t for t in tops if t in fed)
    return {
        level: {task: found[level][task] for task in tops if task in found[level]}
        for level in levels
        if level in found
    }


def as_reverse(given: Any, tasks: Sequence[str]) -> Group:
    """The adversaries, in the order of the plan."""
    wanted = names("reverse", given)
    for task in wanted:
        one_of("task in reverse", text("reverse", task), tasks)
    return tuple(task for task in tasks if task in wanted)


def needed(
    mix: Mapping[str, str], levels: Iterable[tuple[str, tuple[Group, ...]]]
) -> dict[str, str]:
    """What remains of `mix` on levels where several copies come together."""

    def several(level: str, groups: tuple[Group, ...]) -> bool:
        stands = [task for group in groups for task in group]
        return len(groups) > 1 if mix[level] == "stitch" else len(set(stands)) < len(stands)

    return {
        level: mix[level] for level, groups in levels if level in mix and several(level, groups)
    }


def remaining(
    levels: Mapping[str, Any],
    mix: Mapping[str, str],
    feeds: Mapping[str, Mapping[str, Group]],
    reverse: Group,
) -> dict[str, Any]:
    """What is still mixed, fed and reversed when a plan has these levels: arguments of `SharingPlan`."""

    def there(task: str, level: str) -> bool:
        return any(task in group for group in levels.get(level, ()))

    lowest = next(iter(levels), "")
    left = {
        level: {
            task: [lower for lower in lowers if there(lower, lowest)]
            for task, lowers in tasks.items()
            if there(task, level)
        }
        for level, tasks in feeds.items()
        if level in levels
    }
    return {
        "mix": {level: kind for level, kind in mix.items() if level in levels},
        "feeds": left,
        "reverse": [task for task in reverse if there(task, lowest)],
    }


def check_ways(plan: SharingPlan) -> None:
    """Refuse copies that tasks come to with different numbers of features, and stitches of those
    that tasks come to by different ways.

    Raises
    ------
    ValueError
        The message names level and tasks.
    """
    wide = dict.fromkeys(plan.tasks, 1)  # copies that lie side by side
    ways: dict[str, tuple] = dict.fromkeys(plan.tasks, ())
    for level, groups in plan:
        here = list(dict.fromkeys(task for group in groups for task in group))
        fed = {task: fed_to(plan, level, task) for task in here}
        ways |= {task: (*ways[task], fed[task]) for task in here}
        together = [joint.tasks for joint in fed.values() if joint is not None]
        for group in (*groups, *together):
            if len({wide[task] for task in group}) > 1:
                raise ValueError(
                    f"level {level!r}: tasks {list(group)} share a layer, but come to it with "
                    "different numbers of features, since copies lie side by side below"
                )
        for group in groups if plan.mix.get(level) == "stitch" else ():
            if len({ways[task] for task in group}) > 1:
                raise ValueError(
                    f"level {level!r}: the copy of {list(group)} cannot be stitched, since these "
                    "tasks come to it by different ways"
                )
        for task in here:
            own = plan.copies(level, task)
            wide[task] = len(own) if plan.mix.get(level) == "concat" else 1
            ways[task] = (*ways[task], own, mixed_for(plan, level, task))
