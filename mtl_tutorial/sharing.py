"""Who shares which layer, as plain data."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mtl_tutorial import joints
from mtl_tutorial.arguments import mapping, names, one_of, text
from mtl_tutorial.joints import Copy, Group

LEVELS = ("embedding", "encoder_1", "encoder_2")
"""The trunk's usual levels, from the words up."""


class SharingPlan:
    """Which tasks use one copy of each level of the trunk.

    Level by level, from the words up, the plan lists groups of tasks; a group shares one copy of
    that level. A task absent from a level has left the trunk below it: its head sits on the last
    level that names it. Groups of one everywhere share nothing; a plan of one task is its single-task
    baseline.

    Between all and nothing: on a level with a `mix` a task may stand in several groups, and what
    its copies make is mixed for it. A task can be given the answers of tasks that have left below
    (`feeds`), and one can be turned against the trunk (`reverse`).

    Plans are immutable, equal by value (neither the order of groups nor that of tasks in a group
    counts), and can be written as JSON.

    Parameters
    ----------
    levels
        Level name → groups of task names.
    mix
        Level → how the copies of a task come together there: ``"gate"``, a mean that each task
        weighs for each token by what came from below (Ma et al. 2018; with copies of one's own:
        Tang et al. 2020); ``"concat"``, side by side; ``"stitch"``, where a group has one copy and
        goes on with a learned combination of all copies of the level (Misra et al. 2016).
    feeds
        Level → task → tasks that have left below it: their answers, as probabilities of labels, are
        embedded and added to what comes to the task from below (Hashimoto et al. 2017).
    reverse
        Adversaries: tasks whose head learns as any other, while the trunk learns to make its loss
        large (gradient reversal, Ganin & Lempitsky 2015).

    Raises
    ------
    TypeError
        For anything but level → groups of task names, or a `mix`, `feeds` or `reverse` of another
        form.
    ValueError
        If the plan is empty, a level has no group or a group no task, a task stands twice in a
        level without gate or concat, or comes back above a level that it has left; if tasks come to
        one copy with different numbers of features; or for an unknown name. The message names level
        and task.

    Examples
    --------
    >>> plan = SharingPlan({
    ...     "embedding": [["sentiment", "person", "ner"]],
    ...     "encoder_1": [["person", "ner"], ["sentiment"]],
    ...     "encoder_2": [["person"], ["sentiment"]],
    ... })
    >>> plan.tasks
    ('sentiment', 'person', 'ner')
    >>> plan.group("encoder_1", "ner")
    ('person', 'ner')
    >>> plan.path("ner")
    (('embedding', ('sentiment', 'person', 'ner')), ('encoder_1', ('person', 'ner')))
    >>> gated = SharingPlan(
    ...     {"embedding": [["person", "ner"]], "encoder_1": [["person", "ner"], ["person"], ["ner"]]},
    ...     mix={"encoder_1": "gate"},
    ... )
    >>> [group for _, group in gated.copies("encoder_1", "ner")]
    [('person', 'ner'), ('ner',)]
    """

    def __init__(
        self,
        levels: Mapping[str, Iterable[Iterable[str]]],
        *,
        mix: Mapping[str, str] | None = None,
        feeds: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
        reverse: Sequence[str] = (),
    ):
        mapping("levels of a plan", levels, "level → groups of task names")
        if not levels:
            raise ValueError("a sharing plan needs at least one level, such as 'embedding'")
        given = joints.as_mix(mix, list(levels))
        self._levels: tuple[tuple[str, tuple[Group, ...]], ...] = joints.as_levels(levels, given)
        self._mix = joints.needed(given, self._levels)
        self._feeds = joints.as_feeds(feeds, self)
        self._reverse = joints.as_reverse(reverse, self.tasks)
        joints.check_ways(self)

    # -- the usual plans

    @classmethod
    def hard(cls, tasks: Sequence[str], levels: Sequence[str] = LEVELS) -> SharingPlan:
        """Hard parameter sharing: every level shared by all tasks (Caruana 1997)."""
        tasks = names("tasks", tasks)
        return cls({level: [tasks] for level in _different(levels)})

    @classmethod
    def separate(cls, tasks: Sequence[str], levels: Sequence[str] = LEVELS) -> SharingPlan:
        """Nothing shared: each task has a trunk of its own."""
        groups = [[task] for task in names("tasks", tasks)]
        return cls(dict.fromkeys(_different(levels), groups))

    # -- reading

    def __iter__(self) -> Iterator[tuple[str, tuple[Group, ...]]]:
        """Go through the levels with their groups, from the words up."""
        return iter(self._levels)

    @property
    def levels(self) -> tuple[str, ...]:
        """The names of the levels, from the words up."""
        return tuple(level for level, _ in self._levels)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of the tasks, as the lowest level orders them."""
        return tuple(dict.fromkeys(task for group in self._levels[0][1] for task in group))

    @property
    def mix(self) -> dict[str, str]:
        """Level → how copies come together there, where a task has several."""
        return dict(self._mix)

    @property
    def feeds(self) -> dict[str, dict[str, list[str]]]:
        """Level → task → the tasks whose answers it is given there."""
        return {
            level: {task: list(lowers) for task, lowers in tasks.items()}
            for level, tasks in self._feeds.items()
        }

    @property
    def reverse(self) -> Group:
        """The tasks whose gradient is turned round where it enters the trunk."""
        return self._reverse

    @property
    def is_partition(self) -> bool:
        """Whether tasks are divided into groups at every level, and nothing else."""
        return not (self._mix or self._feeds or self._reverse)

    def group(self, level: str, task: str) -> Group | None:
        """Find the group in which `task` uses `level`; None if it has left the trunk below it.

        Raises
        ------
        ValueError
            If level or task is unknown, or the task has several copies there: see `copies`.
        """
        found = self.copies(level, text("task", task))
        if len(found) > 1:
            raise ValueError(
                f"task {task!r} has {len(found)} copies of level {level!r}; copies() gives them"
            )
        return found[0][1] if found else None

    def copies(self, level: str, task: str | None = None) -> tuple[Copy, ...]:
        """List a level's copies as (level, group); of equal groups the second is (level, group, 2).

        With `task`, those that it uses.
        """
        self._check(level, self.tasks[0] if task is None else task)
        seen: Counter[Group] = Counter()
        found = []
        for group in dict(self._levels)[level]:
            seen[group] += 1
            again = (seen[group],) if seen[group] > 1 else ()
            if task is None or task in group:
                found.append((level, group, *again))
        return tuple(found)

    def path(self, task: str) -> tuple[Any, ...]:
        """List the (level, group) pairs a task's sentences pass through, from the words up.

        A feed stands before the pair of its level as (level, `Joint`), a mix after it; of a task
        with several copies the mix alone. Tasks with one path have one and the same features.
        """
        self._check(self.levels[0], task)
        steps: list[Any] = []
        for level in self.levels:
            own, joint = self.copies(level, task), joints.mixed_for(self, level, task)
            fed = joints.fed_to(self, level, task)
            steps += [(level, fed)] if fed else []
            steps += own if len(own) == 1 else []
            steps += [(level, joint)] if joint else []
        return tuple(steps)

    # -- changing: every change is a new plan

    def share(self, level: str, tasks: Sequence[str]) -> SharingPlan:
        """Let `tasks` use one copy of `level`, in a new plan; the rest of their old groups stays.

        Raises
        ------
        TypeError
            For a string instead of a list of tasks.
        ValueError
            If there is no task, level or a task is unknown, or a task has left the trunk below
            `level` or stands twice in `tasks`.
        """
        tasks = names("tasks", tasks)
        if not tasks:
            raise ValueError(f"level {level!r}: an empty group of tasks cannot share anything")
        for task in tasks:
            if not self.copies(level, task):
                raise ValueError(f"task {task!r} has left the trunk below level {level!r}")
        levels = self._as_lists()
        groups: list[list[str]] = []
        for group in levels[level]:
            if set(group) & set(tasks) and list(tasks) not in groups:
                groups.append(list(tasks))  # where its first task stood
            groups.append([task for task in group if task not in tasks])
        levels[level] = [group for group in groups if group]
        return self._with(levels)

    def split(self, level: str, task: str) -> SharingPlan:
        """Give `task` a copy of `level` of its own, in a new plan; errors are those of `share`."""
        return self.share(level, [text("task", task)])

    def leave(self, level: str, task: str) -> SharingPlan:
        """Let `task` leave the trunk below `level`, in a new plan: it is supervised lower.

        Raises
        ------
        ValueError
            If level or task is unknown, or `level` is the lowest one.
        """
        self._check(level, task)
        if level == self.levels[0]:
            raise ValueError(f"task {task!r} cannot leave below the lowest level {level!r}")
        above = self.levels[self.levels.index(level) :]
        return self._without([task], above)

    def only(self, tasks: Sequence[str]) -> SharingPlan:
        """Keep what remains of the plan when just `tasks` are trained.

        Raises
        ------
        TypeError
            For a string instead of a list of tasks.
        ValueError
            If a task is unknown, or there is none.
        """
        tasks = names("tasks", tasks)
        for task in tasks:
            self._check(self.levels[0], task)
        return self._without([task for task in self.tasks if task not in tasks], self.levels)

    # -- writing

    def as_dict(self) -> dict[str, Any]:
        """Write the plan as plain data: level → list of groups.

        A plan that does more than divide tasks into groups has these under ``"levels"``, and beside
        them what it has of ``"mix"``, ``"feeds"`` and ``"reverse"``.
        """
        if self.is_partition:
            return self._as_lists()
        more = {"mix": self.mix, "feeds": self.feeds, "reverse": list(self._reverse)}
        return {
            "levels": self._as_lists(),
            **{name: value for name, value in more.items() if value},
        }

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> SharingPlan:
        """Read the plan that `as_dict` wrote; errors are those of the constructor."""
        found = mapping("written", written, "as as_dict writes it")
        if not isinstance(found.get("levels"), Mapping):
            return cls(found)
        for name in found:
            one_of("part of a plan", name, ("levels", "mix", "feeds", "reverse"))
        return cls(**found)

    def to_json(self) -> str:
        """Write the plan as JSON; `from_json` reads it."""
        return json.dumps(self.as_dict())

    @classmethod
    def from_json(cls, written: str) -> SharingPlan:
        """Read the plan that `to_json` wrote; a `ValueError` for any other text."""
        try:
            return cls.from_dict(json.loads(text("written", written)))
        except json.JSONDecodeError as error:
            raise ValueError(f"written is no plan as to_json writes it: {error}") from error

    def __repr__(self) -> str:
        if self.is_partition:
            return f"SharingPlan({self._as_lists()})"
        levels, *more = self.as_dict().items()
        return f"SharingPlan({levels[1]}, {', '.join(f'{name}={value}' for name, value in more)})"

    def _meaning(self) -> tuple:
        groups = tuple(
            (level, frozenset(Counter(map(frozenset, groups)).items())) for level, groups in self
        )
        feeds = frozenset(
            (level, task, frozenset(lowers))
            for level, tasks in self._feeds.items()
            for task, lowers in tasks.items()
        )
        return (groups, frozenset(self._mix.items()), feeds, frozenset(self._reverse))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharingPlan) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash(self._meaning())

    # -- inside

    def _check(self, level: str, task: str) -> None:
        if text("level", level) not in self.levels:
            raise ValueError(f"unknown level {level!r}; this plan has {list(self.levels)}")
        if text("task", task) not in self.tasks:
            raise ValueError(f"unknown task {task!r}; this plan has {list(self.tasks)}")

    def _as_lists(self) -> dict[str, list[list[str]]]:
        return {level: [list(group) for group in groups] for level, groups in self._levels}

    def _with(self, levels: Mapping[str, Any]) -> SharingPlan:
        """A plan of other groups; what is mixed, fed and reversed stays, as far as it is still there."""
        return SharingPlan(
            levels, **joints.remaining(levels, self._mix, self._feeds, self._reverse)
        )

    def _without(self, tasks: Sequence[str], levels: Sequence[str]) -> SharingPlan:
        kept = {
            level: [[t for t in group if level not in levels or t not in tasks] for group in groups]
            for level, groups in self._levels
        }
        kept = {level: [group for group in groups if group] for level, groups in kept.items()}
        return self._with({level: groups for level, groups in kept.items() if groups})


def _different(levels: Sequence[str]) -> tuple[str, ...]:
    given = names("levels", levels, "level names")
    if len(set(given)) < len(given):
        raise ValueError(f"levels must have different names, from the words up, not {list(given)}")
    return given
