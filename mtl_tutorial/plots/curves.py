"""Learning curves: what was measured, epoch by epoch."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mtl_tutorial import arguments
from mtl_tutorial.arguments import listed, shown
from mtl_tutorial.exports import tabulate
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import GRAY, INK, PALE, Chart, bare, new_figure, task_color
from mtl_tutorial.plots.fonts import legible, use_fonts
from mtl_tutorial.runs import Run

_STYLES = ("-", "-.", (0, (1, 1)), (0, (3, 1, 1, 1)))
_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "epoch": "epoch",
        "loss": "loss (nats a label)",
        "f1": "entity F1",
        "macro_f1": "macro-F1",
        "train": "training",
        "valid": "validation",
        "both": "thick: {thick}, thin: {thin}; {over}",
        "one": "{thick}; {over}",
        "seeds": "mean of {n} seeds, band: one standard deviation",
        "seed": "one seed",
        "and": ", ",
    },
    "zh": {
        "epoch": "轮",
        "loss": "损失（每个标签，nats）",
        "f1": "实体 F1",
        "macro_f1": "宏平均 F1",
        "accuracy": "准确率",
        "train": "训练",
        "valid": "验证",
        "test": "测试",
        "both": "粗线：{thick}，细线：{thin}；{over}",
        "one": "{thick}；{over}",
        "seeds": "{n} 个种子的平均，色带：一个标准差",
        "seed": "一个种子",
        "and": "、",
    },
}


def learning_curves(
    runs: Run | Mapping[str, Run | Sequence[Run]],
    metric: str | None = None,
    *,
    split: str | None = None,
    baseline: str | None = None,
    language: str = "en",
) -> Chart:
    """One chart a task: validation and training curves of several models, over seeds.

    Parameters
    ----------
    runs
        Name of a model → its runs, one a seed, or a single run. A chart shows the models that
        have its task.
    metric
        What to draw, such as ``"loss"``; by default the score each task is judged by. Anything
        that was recorded can be drawn.
    split
        The thick line's; by default the split that was validated on, or training where the metric
        was recorded there only.
    baseline
        The model drawn dashed and gray.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Returns
    -------
    matplotlib.figure.Figure
        Thick lines: the mean over seeds on validation; the band around them: one standard
        deviation; thin lines: training.

    Raises
    ------
    TypeError
        If `runs` holds something else than runs.
    ValueError
        If there is no run, or none with this metric and split; if `baseline` is not among the models.

    Examples
    --------
    >>> from mtl_tutorial.runs import COLUMNS
    >>> rows = [("hard", 0, epoch, 9 * epoch, "ner", "valid", "f1", epoch / 4) for epoch in range(3)]
    >>> header = {"run": "hard", "seed": 0, "scores": {"ner": "f1"}, "epoch": 2}
    >>> figure = learning_curves(Run(header, pd.DataFrame(rows, columns=COLUMNS)))
    >>> figure.axes[0].get_title(), figure.axes[0].get_ylabel()
    ('ner', 'entity F1')
    """
    check_language(language)
    words, models = _WORDS[language], _models(runs)
    if baseline is not None and arguments.text("baseline", baseline) not in models:
        raise ValueError(f"no model {baseline!r}; there are {listed(models)}")
    values = _values(models, metric, split)
    tasks = list(dict.fromkeys(values["task"]))
    figure, grid = new_figure(max(min(3.2 * len(tasks), 13), 5), 3.4, len(tasks))
    styles: dict = dict(zip([n for n in models if n != baseline], itertools.cycle(_STYLES)))
    styles |= {baseline: "--"}
    labels = dict(zip(models, legible(models), strict=True))
    for axes, task in zip(grid[0], tasks, strict=True):
        here = values[values["task"] == task]
        for name, rows in here.groupby("model", sort=False):
            color = GRAY if name == baseline else task_color(task)
            look = {"color": color, "linestyle": styles[name], "label": labels[name]}
            _line(axes, rows[~rows["thick"]], {**look, "linewidth": 0.8})
            band = _line(axes, rows[rows["thick"]], {**look, "linewidth": 2.2})
            if band is not None:
                axes.fill_between(*band, color=color, alpha=0.15, linewidth=0)
        measure = here["metric"].iloc[-1]
        axes.set(title=task, xlabel=words["epoch"], ylabel=words.get(measure, measure))
        _limit(axes, here)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(color=PALE, linewidth=0.6)
        bare(axes)
    handles = [
        Line2D([], [], color=GRAY if n == baseline else INK, linestyle=styles[n], linewidth=2.2)
        for n in models
    ]
    figure.legend(
        handles, list(labels.values()), loc="outside upper left", ncols=len(models), frameon=False,
        handlelength=3.5, fontsize=9,
    )  # fmt: skip
    figure.supxlabel(_caption(values, models, words), fontsize=8, color=INK)
    return use_fonts(figure)


def _models(runs: Any) -> dict[str, list[Run]]:
    """Name of a model → its runs, whatever way they were given."""
    if isinstance(runs, Run):
        return {runs.name: [runs]}
    if not isinstance(runs, Mapping):
        raise TypeError(
            f"runs must be a Run or a dictionary name of a model → its runs, not {shown(runs)}"
        )
    arguments.mapping("runs", runs, "name of a model → its runs")
    models = {
        name: arguments.instances(
            f"runs[{name!r}]", [group] if isinstance(group, Run) else group, Run
        )
        for name, group in runs.items()
    }
    if not any(models.values()):
        raise ValueError("there is no run to draw")
    return models


def _values(
    models: Mapping[str, Sequence[Run]], metric: str | None, split: str | None
) -> pd.DataFrame:
    """Gather what to draw: rows of the runs' tables, with ``model``, ``place`` and ``thick``."""
    for name, value in (("metric", metric), ("split", split)):
        if value is not None:
            arguments.text(name, value)
    parts = []
    for name, group in models.items():
        for place, run in enumerate(group):
            wanted = metric or run.table["task"].map(run.header["scores"])
            rows = run.table[run.table["metric"] == wanted]
            main = split or run.validation
            if split is None and main not in set(rows["split"]):
                main = "train"  # gradients, say, are measured there only
            rows = rows[rows["split"].isin(["train", main])]
            parts.append(rows.assign(model=name, place=place, thick=rows["split"] == main))
    values = pd.concat(parts, ignore_index=True)
    if not values["thick"].any():
        table = tabulate(run for group in models.values() for run in group)
        raise ValueError(
            f"no run has {metric or 'scores'}{f' on split {split!r}' if split else ''}; there are "
            f"the metrics {listed(table['metric'].unique())} on {listed(table['split'].unique())}"
        )
    return values


def _line(axes: Axes, rows: pd.DataFrame, look: dict) -> tuple | None:
    """Draw the mean over runs; gives the band of one deviation around it, if there are several."""
    if rows.empty:
        return None
    curves = rows.pivot(index="epoch", columns="place", values="value")
    mean, deviation = curves.mean(axis=1), curves.std(axis=1)
    marker = "o" if len(mean) == 1 else None  # a line of one point does not show
    axes.plot(mean.index, mean, marker=marker, **look)
    return (mean.index, mean - deviation, mean + deviation) if curves.shape[1] > 1 else None


def _limit(axes: Axes, rows: pd.DataFrame) -> None:
    """From 0, up to 1 where the metric is a share; a cosine from -1 to 1."""
    metric, values = rows["metric"].iloc[-1], rows["value"]
    if metric.startswith("cosine"):
        axes.set_ylim(-1, 1)
        axes.axhline(0, color=GRAY, linewidth=0.8, zorder=0)
    elif values.min() >= 0:
        loose = metric == "loss" or metric.startswith(("norm", "weight")) or values.max() > 1
        axes.set_ylim(bottom=0, top=None if loose else 1)


def _caption(values: pd.DataFrame, models: Mapping[str, Sequence[Run]], words: Mapping) -> str:
    seeds = len({run.header["seed"] for group in models.values() for run in group})
    over = words["seeds" if seeds > 1 else "seed"].format(n=seeds)
    thick, thin = (
        words["and"].join(words.get(s, s) for s in dict.fromkeys(rows["split"]))
        for rows in (values[values["thick"]], values[~values["thick"]])
    )
    return words["both" if thin else "one"].format(thick=thick, thin=thin, over=over)
