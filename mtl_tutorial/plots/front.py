"""One task's score against another's: what can be had at the same time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from mtl_tutorial import arguments
from mtl_tutorial.arguments import instances, one_of
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import GRAY, INK, PALE, Chart, bare, new_figure, task_color
from mtl_tutorial.plots.fonts import legible, use_fonts
from mtl_tutorial.runs import Run

_WORDS = {
    "en": {
        "score": "{task}, score in %",
        "line": "shaded: something on the line is at least as good in both; large: mean over seeds, small: a seed",
    },
    "zh": {
        "score": "{task}，得分（%）",
        "line": "阴影：线上总有一种，两个任务都不比它差；大点：各种子的平均，小点：一个种子",
    },
}


def front(
    runs: Mapping[str, Run | Sequence[Run]],
    across: str,
    up: str,
    *,
    line: Sequence[str] | None = None,
    split: str | None = None,
    language: str = "en",
) -> Chart:
    """One task's score against another's, a point a setting, and the line of the best ones.

    Parameters
    ----------
    runs
        Name of a setting → its runs, one a seed, or a single run.
    across, up
        The two tasks.
    line
        The settings among which the best are sought, such as the weights that were set by hand;
        all by default. They are dark, the others have the color of `up`.
    split
        Whose scores; by default of the split that was validated on.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Returns
    -------
    matplotlib.figure.Figure
        Numbered points at the means over seeds, a small one a seed, and the names beside them. The
        line goes along the settings of `line` of which none is beaten in both tasks by another;
        what lies in its shade is.

    Raises
    ------
    TypeError
        If `runs` holds something else than runs.
    ValueError
        If there is no run, a run lacks one of the tasks, or `line` names an unknown setting.

    Examples
    --------
    >>> from mtl_tutorial.runs import COLUMNS
    >>> def trained(person, ner):
    ...     rows = [("x", 0, 1, 9, t, "valid", "f1", v) for t, v in {"person": person, "ner": ner}.items()]
    ...     header = {"run": "x", "seed": 0, "scores": {"ner": "f1", "person": "f1"}, "epoch": 1}
    ...     return Run(header, pd.DataFrame(rows, columns=COLUMNS))
    >>> figure = front({"sum": trained(0.5, 0.6), "ner × 3": trained(0.4, 0.9)}, "person", "ner")
    >>> figure.axes[0].get_ylabel()
    'ner, score in %'
    """
    check_language(language)
    words = _WORDS[language]
    across, up = arguments.text("across", across), arguments.text("up", up)
    scores = {
        name: _scores(name, given, (across, up), split)
        for name, given in arguments.mapping("runs", runs, "name of a setting → its runs").items()
    }
    if not scores:
        raise ValueError("there is no run to draw")
    sought = list(scores) if line is None else [
        one_of("setting in line", name, scores) for name in arguments.names("line", line)
    ]  # fmt: skip
    means = pd.DataFrame({name: values.mean() for name, values in scores.items()}).T
    figure, grid = new_figure(8.4, 5.2)
    axes = grid[0, 0]
    low = pd.concat(scores.values()).min() - 2
    best = undominated(means.loc[sought])
    corners = [
        (low[across], best[up].iloc[0]),
        *best.to_numpy().tolist(),
        (best[across].iloc[-1], low[up]),
    ]
    x, y = zip(*corners, strict=True)
    axes.fill_between(x, y, low[up], step="pre", color=PALE, alpha=0.5, linewidth=0)
    axes.step(x, y, where="pre", color=GRAY, linewidth=1.2)
    for number, (name, label) in enumerate(zip(scores, legible(scores), strict=True), start=1):
        color, values = INK if name in sought else task_color(up), scores[name]
        axes.plot(values[across], values[up], ".", color=color, markersize=4, alpha=0.35)
        axes.plot(*means.loc[name], "o", color=color, markersize=13, label=f"{number}  {label}")
        axes.text(
            *means.loc[name], str(number), color="white", fontsize=7.5, ha="center", va="center"
        )
    axes.set(xlabel=words["score"].format(task=across), ylabel=words["score"].format(task=up))
    axes.set(xlim=(low[across], None), ylim=(low[up], None))
    axes.grid(color=PALE, linewidth=0.6)
    bare(axes)
    figure.legend(loc="outside right center", frameon=False, fontsize=8, markerscale=0.5)
    figure.supxlabel(words["line"], fontsize=8, color=INK)
    return use_fonts(figure)


def undominated(points: pd.DataFrame) -> pd.DataFrame:
    """The rows that no other row matches in every column and beats in one, by the first column.

    Examples
    --------
    >>> points = pd.DataFrame({"person": [50, 40, 45], "ner": [60, 90, 55]}, ["sum", "loud", "worse"])
    >>> list(undominated(points).index)
    ['loud', 'sum']
    """
    beaten = [
        bool(((points >= row).all(axis=1) & (points > row).any(axis=1)).any())
        for _, row in points.iterrows()
    ]
    kept = points[[not one for one in beaten]]
    return kept.sort_values(
        list(points.columns), ascending=[True] + [False] * (points.shape[1] - 1)
    )


def _scores(
    name: str, given: Run | Sequence[Run], tasks: tuple[str, str], split: str | None
) -> pd.DataFrame:
    """Scores in per cent, a row a run and a column for either task."""
    group = instances(f"runs[{name!r}]", [given] if isinstance(given, Run) else given, Run)
    if not group:
        raise ValueError(f"setting {name!r} has no run")
    rows = [run.final(split) for run in group]
    for task in tasks:
        one_of(f"task of {name!r}", task, rows[0].index)
    return 100 * pd.DataFrame([row[list(tasks)] for row in rows]).reset_index(drop=True)
