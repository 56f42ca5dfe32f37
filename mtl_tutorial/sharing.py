"""Who shares which layer, as plain data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

LEVELS = ("embedding", "encoder_1", "encoder_2")
"""The trunk's usual levels, from the words up."""

Group = tuple[str, ...]


class SharingPlan:
    """Which tasks use one copy of each level of the trunk.

    Level by level, from the words up, the plan lists groups of tasks; a group shares one copy of
    that level. A task absent from a level has left the trunk below it: its head sits on the last
    level that names it. Groups of one everywhere share nothing; a plan of one task is its single-task
    baseline.

    Plans are immutable, equal by value (neither the order of groups nor that of tasks in a group
    counts), and can be written as JSON.

    Parameters
    ----------
    levels
        Level name → groups of task names.

    Raises
    ------
    ValueError
        If the plan is empty, a level has no group or a group no task, a task stands twice in a
        level, or comes back above a level that it has left. The message names level and task.

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
    """

    def __init__(self, levels: Mapping[str, Iterable[Iterable[str]]]):
        if not isinstance(levels, Mapping):
            raise ValueError(f"give a plan as level → groups of task names, not {levels!r}")
        if not levels:
            raise ValueError("a sharing plan needs at least one level, such as 'embedding'")
        below: list[str] | None = None
        checked = []
        for level, groups in levels.items():
            given = _as_groups(level, groups)
            if not given or not all(given):
                raise ValueError(f"level {level!r} is empty or has an empty group")
            here = [task for group in given for task in group]
            for task in here:
                if here.count(task) > 1:
                    raise ValueError(f"task {task!r} stands twice in level {level!r}")
                if below is not None and task not in below:
                    raise ValueError(
                        f"task {task!r} is in level {level!r} but not in the level below it; "
                        "a task that has left the trunk cannot come back"
                    )
            # One order for plans that mean the same: that of the first level.
            order = below = here if below is None else [task for task in below if task in here]
            sorted_groups = [tuple(sorted(group, key=order.index)) for group in given]
            checked.append((level, tuple(sorted(sorted_groups, key=lambda g: order.index(g[0])))))
        self._levels: tuple[tuple[str, tuple[Group, ...]], ...] = tuple(checked)

    # -- the usual plans

    @classmethod
    def hard(cls, tasks: Sequence[str], levels: Sequence[str] = LEVELS) -> SharingPlan:
        """Hard parameter sharing: every level shared by all tasks (Caruana 1997)."""
        return cls({level: [tasks] for level in levels})

    @classmethod
    def separate(cls, tasks: Sequence[str], levels: Sequence[str] = LEVELS) -> SharingPlan:
        """Nothing shared: each task has a trunk of its own."""
        return cls({level: [[task] for task in tasks] for level in levels})

    # -- reading

    def __iter__(self) -> Iterator[tuple[str, tuple[Group, ...]]]:
        """The levels with their groups, from the words up."""
        return iter(self._levels)

    @property
    def levels(self) -> tuple[str, ...]:
        """The names of the levels, from the words up."""
        return tuple(level for level, _ in self._levels)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The names of the tasks, as the lowest level orders them."""
        return tuple(task for group in self._levels[0][1] for task in group)

    def group(self, level: str, task: str) -> Group | None:
        """The group in which `task` uses `level`; None if it has left the trunk below it."""
        self._check(level, task)
        groups = dict(self._levels)[level]
        return next((group for group in groups if task in group), None)

    def path(self, task: str) -> tuple[tuple[str, Group], ...]:
        """The (level, group) pairs a task's sentences pass through."""
        self._check(self.levels[0], task)
        return tuple(
            (level, group) for level, groups in self._levels for group in groups if task in group
        )

    # -- changing: every change is a new plan

    def share(self, level: str, tasks: Sequence[str]) -> SharingPlan:
        """A plan in which `tasks` use one copy of `level`; the rest of their old groups stays.

        Raises
        ------
        ValueError
            If there is no task, level or a task is unknown, or a task has left the trunk below
            `level` or stands twice in `tasks`.
        """
        if not tasks:
            raise ValueError(f"level {level!r}: an empty group of tasks cannot share anything")
        for task in tasks:
            if self.group(level, task) is None:
                raise ValueError(f"task {task!r} has left the trunk below level {level!r}")
        levels = self.as_dict()
        groups: list[list[str]] = []
        for group in levels[level]:
            if set(group) & set(tasks) and list(tasks) not in groups:
                groups.append(list(tasks))  # where its first task stood
            groups.append([task for task in group if task not in tasks])
        levels[level] = [group for group in groups if group]
        return SharingPlan(levels)

    def split(self, level: str, task: str) -> SharingPlan:
        """A plan in which `task` has a copy of `level` of its own; errors are those of `share`."""
        return self.share(level, [task])

    def leave(self, level: str, task: str) -> SharingPlan:
        """A plan in which `task` leaves the trunk below `level`: it is supervised lower.

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
        """The plan that remains when just `tasks` are trained.

        Raises
        ------
        ValueError
            If a task is unknown, or there is none.
        """
        for task in tasks:
            self._check(self.levels[0], task)
        return self._without([task for task in self.tasks if task not in tasks], self.levels)

    # -- writing

    def as_dict(self) -> dict[str, list[list[str]]]:
        """The plan as it would be written: level → list of groups."""
        return {level: [list(group) for group in groups] for level, groups in self._levels}

    def to_json(self) -> str:
        """The plan as JSON; `from_json` reads it."""
        return json.dumps(self.as_dict())

    @classmethod
    def from_json(cls, text: str) -> SharingPlan:
        """The plan that `to_json` wrote."""
        return cls(json.loads(text))

    def __repr__(self) -> str:
        return f"SharingPlan({self.as_dict()})"

    def _meaning(self) -> tuple:
        return tuple((level, frozenset(map(frozenset, groups))) for level, groups in self._levels)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SharingPlan) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash(self._meaning())

    # -- inside

    def _check(self, level: str, task: str) -> None:
        if level not in self.levels:
            raise ValueError(f"unknown level {level!r}; this plan has {list(self.levels)}")
        if task not in self.tasks:
            raise ValueError(f"unknown task {task!r}; this plan has {list(self.tasks)}")

    def _without(self, tasks: Sequence[str], levels: Sequence[str]) -> SharingPlan:
        kept = {
            level: [[t for t in group if level not in levels or t not in tasks] for group in groups]
            for level, groups in self._levels
        }
        kept = {level: [group for group in groups if group] for level, groups in kept.items()}
        return SharingPlan({level: groups for level, groups in kept.items() if groups})


def _as_groups(level: str, groups: Iterable[Iterable[str]]) -> list[Group]:
    unclear = f"level {level!r}: give groups as lists of task names, [[...], [...]]"
    if not isinstance(groups, Iterable) or isinstance(groups, str):
        raise ValueError(unclear)
    given = list(groups)
    if any(isinstance(group, str) or not isinstance(group, Iterable) for group in given):
        raise ValueError(unclear)
    return [tuple(group) for group in given]
