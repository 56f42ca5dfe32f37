"""The switchboard: a plan with its columns (tasks) and rows (levels), and the presets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mtl_tutorial.sharing import LEVELS, SharingPlan


@dataclass(frozen=True)
class Board:
    """A plan as the lab shows it.

    Attributes
    ----------
    plan
        Who shares which level; its groups in the order of `tasks`.
    tasks, levels
        The columns; the rows, from the words up.

    Examples
    --------
    >>> board = Board.of(SharingPlan.hard(["ner", "person"]), ["person", "ner"])
    >>> board.plan.group("encoder_2", "ner")
    ('person', 'ner')
    """

    plan: SharingPlan
    tasks: tuple[str, ...]
    levels: tuple[str, ...]

    @classmethod
    def of(cls, plan: SharingPlan, tasks: Sequence[str] = (), levels: Sequence[str] = ()) -> Board:
        """Make the board that shows `plan`; its columns in the order of `tasks`.

        Raises
        ------
        ValueError
            If the plan has other tasks or levels than the board should have, or does more than
            divide tasks into groups.
        """
        if not plan.is_partition:
            more = {"mix": plan.mix, "feeds": plan.feeds, "reverse": plan.reverse}
            raise ValueError(
                f"the lab's board shows groups alone; this plan has {[n for n, v in more.items() if v]}. "
                "Train it with build_model and train, draw it with plots.sharing_diagram"
            )
        tasks, levels = tuple(tasks or plan.tasks), tuple(levels or plan.levels)
        if set(plan.tasks) != set(tasks):
            raise ValueError(f"the plan is for {list(plan.tasks)}; the board has {list(tasks)}")
        if plan.levels != levels[: len(plan.levels)]:
            raise ValueError(f"the plan has {list(plan.levels)}; the board has {list(levels)}")
        ordered = {
            level: sorted(
                (sorted(group, key=tasks.index) for group in groups),
                key=lambda group: tasks.index(group[0]),
            )
            for level, groups in plan
        }
        return cls(SharingPlan(ordered), tasks, levels)


def row_wise(tasks: Sequence[str], shared: Sequence[str]) -> SharingPlan:
    """Make a plan in which all tasks share the levels in `shared`, and none of the others."""
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
