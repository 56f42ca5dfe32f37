"""The outcome as a figure: small charts, one a task, for paper and for readers without a mouse."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from mtl_tutorial import plots
from mtl_tutorial.lab.outcome import Outcome
from mtl_tutorial.lab.words import figure_words, signed

_GRAY = "#6B6B6B"


def chart(outcome: Outcome, language: str = "en", metric: str = "score") -> plots.Chart:
    """Draw each task's validation curve, its baseline dashed, bands where there are several seeds.

    Parameters
    ----------
    outcome
        What a plan brought; one chart for each of its tasks.
    language
        Language of the labels, ``"en"`` or ``"zh"``.
    metric
        ``"score"``: what each task is judged by; or ``"loss"``.
    """
    words, tasks, changes = figure_words(language), outcome.settings.tasks, outcome.changes()
    figure = plots.Chart(figsize=(max(2.2 * len(tasks), 4.4), 2.35), dpi=100)
    figure.subplots_adjust(
        left=0.72 / figure.get_figwidth(), right=0.985, bottom=0.21, top=0.8, wspace=0.32
    )
    grid = figure.subplots(1, len(tasks), squeeze=False)[0]
    for axes, task in zip(grid, tasks, strict=True):
        color = plots.task_color(task)
        measured = None if metric == "score" else metric
        for runs, look in (
            (
                outcome.baselines.get(task, ()),
                {"color": _GRAY, "linestyle": "--", "linewidth": 1.6},
            ),
            (outcome.runs, {"color": color, "linewidth": 2.4, "marker": "o", "markersize": 3.5}),
        ):
            _curve(axes, [run.curve(task, measured) for run in runs], look)
        axes.set_title(task, color=color, fontsize=12, loc="left")
        points = changes["points"][task]
        if metric == "score" and pd.notna(points):
            axes.set_title(signed(points), color=color, fontsize=11, loc="right")
        axes.set_xlabel(words["epoch"], fontsize=9)
        axes.tick_params(labelsize=8)
        axes.grid(color=plots.PALE, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set_xlim(0, outcome.settings.epochs)
        if metric == "score":
            axes.set_ylim(0, 1)
            axes.yaxis.set_major_formatter(PercentFormatter(1))
        else:
            axes.set_ylim(bottom=0)
    grid[0].set_ylabel(words[metric])
    return plots.use_fonts(figure)


def _curve(axes: Axes, curves: Sequence[pd.Series], look: dict) -> None:
    """Draw the mean over runs, and around it a band of one standard deviation."""
    table = pd.DataFrame(dict(enumerate(curves)), dtype=float)
    mean, spread = table.mean(axis=1), table.std(axis=1)
    axes.plot(mean.index, mean, **look)
    if len(curves) > 1:
        low, high = mean - spread, mean + spread
        axes.fill_between(mean.index, low, high, color=look["color"], alpha=0.16, linewidth=0)
