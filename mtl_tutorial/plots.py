"""Figures of the course: each takes data and returns a `matplotlib.figure.Figure`."""

from __future__ import annotations

import io
import itertools
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch

from mtl_tutorial.runs import Run
from mtl_tutorial.sharing import SharingPlan

# Okabe & Ito's colors, told apart by color-blind readers too. A task keeps its color in every lesson.
COLORS = {
    "sentiment": "#D55E00",
    "person": "#0072B2",
    "relation": "#009E73",
    "ner": "#CC79A7",
    "lm": "#E69F00",
}
_OTHERS = ("#56B4E9", "#7A5C00", "#5B4FA2", "#8C8C00", "#A0522D")
INK, PALE, _GRAY = "#333333", "#DDDDDD", "#777777"
_STYLES = ("-", "-.", (0, (1, 1)), (0, (3, 1, 1, 1)))
_METRICS = {"loss": "loss (nats a label)", "f1": "entity F1"}
_CJK_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip


def task_color(task: str) -> str:
    """The task's color in every figure."""
    return COLORS.get(task) or _OTHERS[sum(map(ord, task)) % len(_OTHERS)]


# -- text in figures


@cache
def _fonts() -> tuple[str, ...]:
    """Font families for all text: Matplotlib's own, then a Chinese one where there is one."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return ("DejaVu Sans", *[name for name in _CJK_FONTS if name in known][:1])


@cache
def _glyphs() -> frozenset[int]:
    return frozenset().union(
        *(FT2Font(font_manager.findfont(family)).get_charmap() for family in _fonts())
    )


def legible(texts: Iterable[str]) -> list[str]:
    """The texts as a figure can show them, all different if they were.

    Where no font has a character, a text is replaced by what is left of it without accents or, if
    characters are still missing, by its place in the list ("#3"): never by empty boxes.

    Examples
    --------
    >>> legible(["family", "none"])
    ['family', 'none']
    """
    shown = []
    for place, text in enumerate(texts, start=1):
        latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        if all(ord(c) in _glyphs() for c in text):
            shown.append(text)
        elif len(latin.strip()) >= len(text.strip()):
            shown.append(latin)
        else:
            shown.append(f"#{place}")
        while shown[-1] in shown[:-1]:
            shown[-1] += "'"
    return shown


def legible_words(words: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """A figure's words in this language; the English ones where no font has its characters."""
    chosen = words[language]
    return chosen if legible(chosen.values()) == list(chosen.values()) else words["en"]


class Chart(Figure):
    """A figure that a notebook shows by itself, which Matplotlib's own does after pyplot's import only."""

    def png(self) -> bytes:
        """The picture as a PNG file's contents."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png")
        return buffer.getvalue()

    _repr_png_ = png


def _figure(width: float, height: float, columns: int = 1) -> tuple[Chart, np.ndarray]:
    figure = Chart(figsize=(width, height), layout="constrained", dpi=110)
    return figure, figure.subplots(1, columns, squeeze=False)


def use_fonts(figure: Chart) -> Chart:
    """Give every text of the figure the course's fonts, a Chinese one after Matplotlib's own."""
    for text in figure.findobj(lambda artist: hasattr(artist, "set_fontfamily")):
        text.set_fontfamily(list(_fonts()))
    return figure


def _bare(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)


# -- curves


def learning_curves(
    runs: Mapping[str, Sequence[Run]], metric: str | None = None, *, baseline: str | None = None
) -> Chart:
    """One chart a task: validation and training curves of several models, over seeds.

    Parameters
    ----------
    runs
        Name of a model → its runs, one a seed. A chart shows the models that have its task.
    metric
        ``"loss"``; by default the score each task is judged by.
    baseline
        The model drawn dashed and gray.

    Returns
    -------
    matplotlib.figure.Figure
        Thick lines: the mean over seeds on validation; the band around them: one standard
        deviation; thin lines: training.

    Raises
    ------
    ValueError
        If there is no run, or `baseline` is not among the models.
    """
    tasks = list(
        dict.fromkeys(
            task for group in runs.values() for run in group for task in run.header["scores"]
        )
    )
    if not tasks:
        raise ValueError("there is no run to draw")
    if baseline is not None and baseline not in runs:
        raise ValueError(f"no model {baseline!r}; there are {list(runs)}")
    figure, grid = _figure(max(min(3.2 * len(tasks), 13), 5), 3.4, len(tasks))
    styles: dict = dict(zip([n for n in runs if n != baseline], itertools.cycle(_STYLES)))
    styles |= {baseline: "--"}
    shown = dict(zip(runs, legible(runs), strict=True))
    for axes, task in zip(grid[0], tasks, strict=True):
        for name, group in runs.items():
            having = [run for run in group if task in run.header["scores"]]
            if having:
                measure = metric or having[0].header["scores"][task]
                color = _GRAY if name == baseline else task_color(task)
                look = {"color": color, "linestyle": styles[name], "label": shown[name]}
                _curve(axes, having, (task, measure), look)
        axes.set(title=task, xlabel="epoch", ylabel=_METRICS.get(measure, measure))
        axes.set_ylim(bottom=0, top=None if measure == "loss" else 1)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(color=PALE, linewidth=0.6)
        _bare(axes)
    handles = [
        Line2D([], [], color=_GRAY if n == baseline else INK, linestyle=styles[n], linewidth=2.2)
        for n in runs
    ]
    figure.legend(
        handles, list(shown.values()), loc="outside upper left", ncols=len(runs), frameon=False,
        handlelength=3.5, fontsize=9,
    )  # fmt: skip
    seeds = len({run.header["seed"] for group in runs.values() for run in group})
    over = f"mean of {seeds} seeds, band: one standard deviation" if seeds > 1 else "one seed"
    figure.supxlabel(f"thick: validation, thin: training; {over}", fontsize=8, color=INK)
    return use_fonts(figure)


def _curve(axes: Axes, runs: Sequence[Run], what: tuple[str, str], look: dict) -> None:
    """Mean over runs of (task, metric): training thin, validation thick with a band."""
    for split, width in (("train", 0.8), ("valid", 2.2)):
        curves = pd.DataFrame({i: run.curve(*what, split) for i, run in enumerate(runs)})
        mean, deviation = curves.mean(axis=1), curves.std(axis=1)
        axes.plot(mean.index, mean, linewidth=width, **look)
        if split == "valid" and len(runs) > 1:
            low, high = mean - deviation, mean + deviation
            axes.fill_between(mean.index, low, high, color=look["color"], alpha=0.15, linewidth=0)


# -- plans and sizes


_DIAGRAM = {
    "en": {"shared": "shared", "copy": "copy {}", "own": "own", "head": "head"},
    "zh": {"shared": "共享", "copy": "副本 {}", "own": "独用", "head": "头"},
}


def sharing_diagram(
    plan: SharingPlan,
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

    Parameters
    ----------
    plan
        What to draw.
    parameters
        ``model.parameters()``; its counts are then written in the boxes.
    tasks
        The columns' order; by default tasks that share much stand side by side.
    width
        Of the figure, in inches; by default 1.9 for each task.
    language
        Of the words in it, ``"en"`` or ``"zh"`` (English ones where no font has the characters).
    """
    says = legible_words(_DIAGRAM, language)
    tasks = list(tasks or _side_by_side(plan))
    column = {task: i for i, task in enumerate(tasks)}
    counts: dict = {}
    if parameters is not None:
        counts = {(row.level, row.tasks): row.parameters for row in parameters.itertuples()}
    top = len(plan.levels)
    width = width or max(1.9 * len(tasks) + 1.2, 4)
    figure = Chart(figsize=(width, min(0.75, 0.12 * width) * (top + 1.2)), dpi=110)
    axes = figure.add_axes((0, 0, 1, 1))
    column_width = width / (len(tasks) + 1.1)  # inches
    for task in tasks:
        color = task_color(task)
        axes.plot([column[task]] * 2, [0, top], color=color, linewidth=2, zorder=0)
        head = (task, counts.get(("head", (task,))))
        _box(axes, (column[task], column[task]), top, color, head, column_width)
    for height, (level, groups) in enumerate(plan):
        torn = 0
        for group in groups:
            pieces = _pieces(sorted(column[task] for task in group))
            torn += len(pieces) > 1
            shared = says["shared"] if len(pieces) == 1 else says["copy"].format(torn)
            color, word = ("#4D4D4D", shared)
            if len(group) == 1:
                color, word = task_color(group[0]), says["own"]
            for span in pieces:
                _box(axes, span, height, color, (word, counts.get((level, group))), column_width)
    for height, name in enumerate(legible([*plan.levels, says["head"]])):
        axes.text(-0.6, height, name, ha="right", va="center", color=INK)
    axes.set(xlim=(-1.6, len(tasks) - 0.5), ylim=(-0.6, top + 0.6))
    axes.axis("off")
    return use_fonts(figure)


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


def _box(
    axes: Axes,
    span: tuple[int, int],
    height: int,
    color: str,
    says: tuple[str, int | None],
    column_width: float,
) -> None:
    """A box over columns `span` that holds a word and, if it is known, a count."""
    left, right = span
    axes.add_patch(
        FancyBboxPatch(
            (left - 0.42, height - 0.32), right - left + 0.84, 0.64,
            boxstyle="round,pad=0,rounding_size=0.08", facecolor=color, edgecolor="white",
        )
    )  # fmt: skip
    word, count = says
    lines = [word] if count is None else [word, f"{count:,}"]
    fits = 8.5 * column_width * (right - left + 1)  # characters at full size
    size = 9 * min(1, fits / max(map(len, lines)))
    axes.text(
        (left + right) / 2, height, "\n".join(lines), ha="center", va="center",
        color=ink_on(color), fontsize=size,
    )  # fmt: skip


def ink_on(color: str) -> str:
    """White or black, whichever is legible on `color`."""
    return "white" if np.dot(to_rgb(color), (0.299, 0.587, 0.114)) < 0.5 else "black"


def parameter_bars(tables: Mapping[str, pd.DataFrame]) -> Chart:
    """Parameters of several models as bars, stacked by level.

    Parameters
    ----------
    tables
        Name of a model → its ``model.parameters()``.
    """
    if not tables:
        raise ValueError("there is no model to draw")
    sums = pd.DataFrame(
        {name: t.groupby("level", sort=False)["parameters"].sum() for name, t in tables.items()}
    )
    sums = sums.fillna(0)
    figure, grid = _figure(7, 0.55 * len(tables) + 1.1)
    axes = grid[0, 0]
    left = np.zeros(len(tables))
    shades = ["#1F2D3D", "#44617B", "#7A9CB8", "#B4CBDD", "#D9E4EC"]
    names = legible(tables)
    for i, (level, row) in enumerate(zip(legible(sums.index), sums.to_numpy(), strict=True)):
        axes.barh(names, row, left=left, color=shades[i % len(shades)], label=level, height=0.6)
        left += row
    for place, total in enumerate(left):
        axes.text(total, place, f" {total:,.0f}", va="center", fontsize=9, color=INK)
    axes.invert_yaxis()
    axes.set(xlabel="parameters", xlim=(0, left.max() * 1.18))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.get_major_locator().set_params(nbins=5)
    axes.legend(frameon=False, fontsize=8, ncols=len(sums), loc="lower left", bbox_to_anchor=(0, 1))
    _bare(axes)
    return use_fonts(figure)


def confusion(labels: np.ndarray, answers: np.ndarray, names: Sequence[str]) -> Chart:
    """What was answered for which label: counts, shaded by their share of the label's row.

    Parameters
    ----------
    labels, answers
        Label ids of one shape; labels of -1 do not count.
    names
        The labels in the order of their ids.
    """
    labels, answers = np.asarray(labels).ravel(), np.asarray(answers).ravel()
    present = labels >= 0
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (labels[present], answers[present]), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shown = legible(names)
    size = 0.55 * len(names) + 0.08 * max(map(len, shown)) + 1.2
    figure, grid = _figure(size, size)
    axes = grid[0, 0]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            color = "white" if shares[row, column] > 0.55 else INK
            axes.text(
                column, row, counts[row, column], ha="center", va="center", color=color, fontsize=8
            )
    axes.set_xticks(range(len(names)), shown, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), shown)
    axes.set(xlabel="answer", ylabel="label")
    return use_fonts(figure)
