"""The switchboard: levels × tasks, and in every cell which copy of the level the task uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mtl_tutorial.sharing import LEVELS, SharingPlan

COPIES = ("A", "B")
"""Names of the copies that tasks may share at a level."""
OWN, OUT = "own", "out"


@dataclass(frozen=True)
class Board:
    """What every task uses at every level; a click makes a new board.

    Attributes
    ----------
    tasks, levels
        The columns; the rows, from the words up.
    cells
        (level, task) → ``"A"`` or ``"B"`` (the copy that all tasks with this letter share),
        ``"own"``, or ``"out"`` (the task has left the trunk below this level).

    Examples
    --------
    >>> board = Board.of(SharingPlan.hard(["person", "ner"]))
    >>> board.click("encoder_2", "ner").click("encoder_2", "ner").plan.group("encoder_2", "ner")
    ('ner',)
    """

    tasks: tuple[str, ...]
    levels: tuple[str, ...]
    cells: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, plan: SharingPlan, tasks: Sequence[str] = (), levels: Sequence[str] = ()) -> Board:
        """The board that shows `plan`; its columns in the order of `tasks`.

        Raises
        ------
        ValueError
            If the plan has other tasks or levels than the board should have, or more shared copies
            in a level than there are letters.
        """
        tasks, levels = tuple(tasks or plan.tasks), tuple(levels or plan.levels)
        if set(plan.tasks) != set(tasks):
            raise ValueError(f"the plan is for {list(plan.tasks)}; the board has {list(tasks)}")
        if plan.levels != levels[: len(plan.levels)]:
            raise ValueError(f"the plan has {list(plan.levels)}; the board has {list(levels)}")
        cells = dict.fromkeys([(level, task) for level in levels for task in tasks], OUT)
        for level, groups in plan:
            shared = [group for group in groups if len(group) > 1]
            if len(shared) > len(COPIES):
                raise ValueError(f"level {level!r} has more than {len(COPIES)} shared copies")
            for group in groups:
                name = COPIES[shared.index(group)] if group in shared else OWN
                cells |= {(level, task): name for task in group}
        return cls(tasks, levels, cells)

    @property
    def plan(self) -> SharingPlan:
        """The plan on the board."""
        levels = {}
        for level in self.levels:
            here = [task for task in self.tasks if self.cells[level, task] != OUT]
            groups: dict[str, list[str]] = {}
            for task in here:
                copy = self.cells[level, task]
                groups.setdefault(task if copy == OWN else f"copy {copy}", []).append(task)
            if groups:
                levels[level] = list(groups.values())
        return SharingPlan(levels)

    def click(self, level: str, task: str) -> Board:
        """The board after a click on a cell: A → B → own → out → A.

        A task that leaves at a level is out above it too; one that comes back is back below it
        too. No task leaves the lowest level.
        """
        place = self.levels.index(level)
        states = (*COPIES, OWN) if place == 0 else (*COPIES, OWN, OUT)
        now = states[(states.index(self.cells[level, task]) + 1) % len(states)]
        cells = {**self.cells, (level, task): now}
        if now == OUT:
            cells |= dict.fromkeys([(above, task) for above in self.levels[place:]], OUT)
        else:
            lower = [(low, task) for low in self.levels[:place]]
            cells |= {cell: COPIES[0] for cell in lower if cells[cell] == OUT}
        return Board(self.tasks, self.levels, cells)


def row_wise(tasks: Sequence[str], shared: Sequence[str]) -> SharingPlan:
    """A plan whose levels named in `shared` all tasks share, and the others none."""
    return SharingPlan(
        {level: [tasks] if level in shared else [[task] for task in tasks] for level in LEVELS}
    )


def ner_low(tasks: Sequence[str]) -> SharingPlan:
    """All share what they pass, and ``ner`` leaves below the last level (Søgaard & Goldberg 2016)."""
    plan = SharingPlan.hard(tasks)
    return plan.leave(LEVELS[-1], "ner") if "ner" in tasks else plan


PRESETS: dict[str, Callable[[Sequence[str]], SharingPlan]] = {
    "separate": lambda tasks: row_wise(tasks, ()),
    "embedding only": lambda tasks: row_wise(tasks, LEVELS[:1]),
    "lower half": lambda tasks: row_wise(tasks, LEVELS[:2]),
    "all shared": lambda tasks: row_wise(tasks, LEVELS),
    "ner low": ner_low,
}
"""Name → tasks → plan."""
