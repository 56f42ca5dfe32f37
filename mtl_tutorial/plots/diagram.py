"""The sharing diagram: a plan as boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from mtl_tutorial import arguments
from mtl_tutorial.arguments import listed
from mtl_tutorial.joints import Joint, mixed_for, numbered, steps
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import INK, Chart, ink_on, task_color
from mtl_tutorial.plots.fonts import legible, use_fonts
from mtl_tutorial.plots.tables import check_parameters
from mtl_tutorial.sharing import SharingPlan

_DIAGRAM = {
    "en": {
        "shared": "shared",
        "copy": "copy {}",
        "own": "own",
        "head": "head",
        "gate": "gate",
        "concat": "concat",
        "stitch": "stitch",
        "reverse": "adversary",
    },
    "zh": {
        "shared": "共享",
        "copy": "副本 {}",
        "own": "独用",
        "head": "头",
        "gate": "门控",
        "concat": "拼接",
        "stitch": "十字绣",
        "reverse": "对抗",
    },
}


def sharing_diagram(
    plan: Any,
    parameters: pd.DataFrame | None = None,
    *,
    tasks: Sequence[str] | None = None,
    width: float | None = None,
    language: str = "en",
) -> Chart:
    """The trunk as boxes: levels from the bottom up, tasks from left to right, heads on top.

    A box spans the tasks that share it, in gray; a box of one task has the task's color. A group
    whose tasks do not stand side by side is drawn in pieces that bear one number ("copy 1"). A
    line leads each task through its boxes to its head.

    Where a task has several copies of a level they lie one above the other, and a ring on its line
    says how they are mixed; a stitch is a line between the rings. An arrow from a task's line to
    another's is a feed. The head of an adversary bears that word.

    Parameters
    ----------
    plan
        The `SharingPlan` to draw, or a model that has one; its parameters are then counted.
    parameters
        ``model.parameters()``; its counts are then written in the boxes.
    tasks
        The columns' order; by default tasks that share much stand side by side.
    width
        Width of the figure in inches; by default 1.9 for each task.
    language
        Language of the words in it, ``"en"`` or ``"zh"``.

    Raises
    ------
    TypeError
        If `plan` is neither plan nor model, or `parameters` no table.
    ValueError
        If `tasks` are not those of the plan, or `parameters` those of another one.

    Examples
    --------
    >>> figure = sharing_diagram(SharingPlan.hard(["ner", "person"]))
    >>> [text.get_text() for text in figure.axes[0].texts][:3]
    ['ner', 'person', 'shared']
    """
    check_language(language)
    says = _DIAGRAM[language]
    if isinstance(getattr(plan, "plan", None), SharingPlan):  # a model
        parameters = plan.parameters() if parameters is None else parameters
        plan = plan.plan
    arguments.instance("plan", plan, SharingPlan)
    tasks = list(_side_by_side(plan) if tasks is None else arguments.names("tasks", tasks))
    if sorted(tasks) != sorted(plan.tasks):
        raise ValueError(f"tasks must be those of the plan, {list(plan.tasks)}, not {tasks}")
    column = {task: i for i, task in enumerate(tasks)}
    counts = _counts(plan, parameters)
    top = len(plan.levels)
    if width is None:
        width = max(1.9 * len(tasks) + 1.2, 4)
    width = arguments.number("width", width, above=0)
    figure = Chart(figsize=(width, min(0.75, 0.12 * width) * (top + 1.2)), dpi=110)
    axes = figure.add_axes((0, 0, 1, 1))
    column_width = width / (len(tasks) + 1.1)  # inches
    for task in tasks:
        color = task_color(task)
        axes.plot([column[task]] * 2, [0, top], color=color, linewidth=2, zorder=0)
        word = f"{task}: {says['reverse']}" if task in plan.reverse else task
        head = (word, counts.get(("head", (task,))))
        _box(axes, (column[task], column[task]), top, color, head, column_width)
    for height, level in enumerate(plan.levels):
        torn, lanes = 0, numbered(plan.copies(level))
        tall = 0.64 / (1 + max(lanes.values()))
        for copy, lane in lanes.items():
            group = copy[1]
            pieces = _pieces(sorted(column[task] for task in group))
            torn += len(pieces) > 1
            shared = says["shared"] if len(pieces) == 1 else says["copy"].format(torn)
            color, word = ("#4D4D4D", shared)
            if len(group) == 1:
                color, word = task_color(group[0]), says["own"]
            middle = height - 0.32 + (lane + 0.5) * tall
            for span in pieces:
                own = (word, counts.get((level, group)))
                _box(axes, span, middle, color, own, column_width, tall)
        _mixes(axes, plan, level, height, column, says)
        _feeds(axes, plan, level, height, column)
    for height, name in enumerate(legible([*plan.levels, says["head"]])):
        axes.text(-0.6, height, name, ha="right", va="center", color=INK)
    axes.set(xlim=(-1.6, len(tasks) - 0.5), ylim=(-0.6, top + 0.6))
    axes.axis("off")
    return use_fonts(figure)


def _counts(plan: SharingPlan, parameters: pd.DataFrame | None) -> dict[tuple, int]:
    """(level, group) → parameters; of a head the level is "head"."""
    if parameters is None:
        return {}
    check_parameters("parameters", parameters)
    counts: dict = {(row.level, row.tasks): row.parameters for row in parameters.itertuples()}
    boxes = {
        (f"{level} {what.kind}", what.tasks) if isinstance(what, Joint) else (level, what)
        for level, what, *_ in steps(plan)
    }
    boxes |= {("head", (task,)) for task in plan.tasks}
    if counts.keys() != boxes:
        odd = sorted(map(str, counts.keys() ^ boxes))
        raise ValueError(f"parameters are those of another plan: they differ in {listed(odd, 4)}")
    return counts


def _side_by_side(plan: SharingPlan) -> list[str]:
    """The tasks in an order that keeps those that share much next to each other."""

    def shared(a: str, b: str) -> int:
        return sum(a in group and b in group for _, groups in plan for group in groups)

    ordered, left = [plan.tasks[0]], list(plan.tasks[1:])
    while left:
        nearest = max(left, key=lambda task: shared(ordered[-1], task))
        left.remove(nearest)
        ordered.append(nearest)
    return ordered


def _pieces(columns: list[int]) -> list[tuple[int, int]]:
    """Runs of neighboring columns: [0, 1, 3] → [(0, 1), (3, 3)]."""
    pieces = [[columns[0], columns[0]]]
    for column in columns[1:]:
        if column == pieces[-1][1] + 1:
            pieces[-1][1] = column
        else:
            pieces.append([column, column])
    return [(left, right) for left, right in pieces]


def _mixes(
    axes: Axes,
    plan: SharingPlan,
    level: str,
    height: int,
    column: Mapping[str, int],
    says: Mapping[str, str],
) -> None:
    """Rings above a level, on the lines of the tasks for which its copies are mixed."""
    mixed = [task for task in plan.tasks if mixed_for(plan, level, task)]
    if not mixed:
        return
    columns = sorted(column[task] for task in mixed)
    kind, above = plan.mix[level], height + 0.45
    if kind == "stitch":
        axes.plot(columns, [above] * len(columns), color=INK, linewidth=1.2)
    axes.plot(
        columns, [above] * len(columns), "o", color=INK, markerfacecolor="white", markersize=6
    )
    word = legible([says[kind]])[0]
    for place in columns if kind != "stitch" else columns[-1:]:
        axes.text(place + 0.08, above, word, va="center", color=INK, fontsize=7)


def _feeds(
    axes: Axes, plan: SharingPlan, level: str, height: int, column: Mapping[str, int]
) -> None:
    """Arrows from the lines of tasks that have left to those that get their answers."""
    for task, lowers in plan.feeds.get(level, {}).items():
        for lower in lowers:
            start = (column[lower], height - 0.55)
            axes.annotate(
                "", (column[task], height - 0.38), start,
                arrowprops={"arrowstyle": "-|>", "color": task_color(lower), "linewidth": 2},
            )  # fmt: skip


def _box(
    axes: Axes,
    span: tuple[int, int],
    height: float,
    color: str,
    says: tuple[str, int | None],
    column_width: float,
    tall: float = 0.64,
) -> None:
    """A box over columns `span` that holds a word and, if it is known, a count."""
    left, right = span
    axes.add_patch(
        FancyBboxPatch(
            (left - 0.42, height - tall / 2), right - left + 0.84, tall,
            boxstyle="round,pad=0,rounding_size=0.08", facecolor=color, edgecolor="white",
        )
    )  # fmt: skip
    word, count = says
    lines = [word] if count is None else [word, f"{count:,}"]
    if tall < 0.4:
        lines = [" ".join(lines)]
    fits = 8.5 * column_width * (right - left + 1)  # characters at full size
    size = 9 * min(1, fits / max(map(len, lines)))
    axes.text(
        (left + right) / 2, height, "\n".join(lines), ha="center", va="center",
        color=ink_on(color), fontsize=size,
    )  # fmt: skip
