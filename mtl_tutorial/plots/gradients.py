"""How the tasks' gradients lie to one another on the shared levels, over training."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from mtl_tutorial import arguments
from mtl_tutorial.exports import tabulate
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import INK, Chart, ink_on, new_figure
from mtl_tutorial.plots.fonts import legible, use_fonts
from mtl_tutorial.runs import Run

_SHADES = LinearSegmentedColormap.from_list("conflict", ["#B34700", "#FFFFFF", "#00558C"])
_LIMITS = {"cosine": 1.0, "norm": 4.0}
_WORDS = {
    "en": {
        "epoch": "epoch",
        "cosine": "cosine of the two gradients: below 0 they pull apart",
        "norm": "how much longer the first gradient is than the second, in powers of 2: at 3, eight times",
        "seeds": "mean of {n} runs",
        "seed": "one run",
        "and": "; ",
    },
    "zh": {
        "epoch": "轮",
        "cosine": "两个梯度的余弦：小于 0 就是互相拉扯",
        "norm": "前一个梯度是后一个的几倍长，以 2 的幂计：3 就是 8 倍",
        "seeds": "{n} 次训练的平均",
        "seed": "一次训练",
        "and": "；",
    },
}


def gradient_map(
    runs: Run | Sequence[Run], measure: str = "cosine", *, language: str = "en"
) -> Chart:
    r"""A heat map a level: how the gradients of every two tasks lie to one another, epoch by epoch.

    Parameters
    ----------
    runs
        Runs that were recorded (``compile(record=k)``), one a seed, or a single one.
    measure
        ``"cosine"``, from -1 (opposite) to 1; or ``"norm"``,
        :math:`\log_2 (\|g_a\| / \|g_b\|)` of the tasks "a + b": how much louder the first is.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Returns
    -------
    matplotlib.figure.Figure
        A chart for each shared level, from the words up; a row a pair, a column an epoch, and the
        mean over runs written into each cell if there is room for it. Empty where two tasks do
        not meet.

    Raises
    ------
    TypeError
        If `runs` holds something else than runs.
    ValueError
        If there is no run, or none in which gradients were recorded; for another measure.

    Examples
    --------
    >>> from mtl_tutorial.runs import COLUMNS
    >>> rows = [("hard", 0, 1, 9, "ner+person", "train", "cosine embedding", -0.2)]
    >>> header = {"run": "hard", "seed": 0, "scores": {"ner": "f1", "person": "accuracy"}, "epoch": 1}
    >>> figure = gradient_map(Run(header, pd.DataFrame(rows, columns=COLUMNS)))
    >>> figure.axes[0].get_title(), [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ('embedding', ['ner + person'])
    """
    check_language(language)
    words, limit = _WORDS[language], _LIMITS[arguments.one_of("measure", measure, _LIMITS)]
    several = arguments.instances("runs", [runs] if isinstance(runs, Run) else runs, Run)
    if not several:
        raise ValueError("there is no run to draw")
    maps = _maps(several, measure)
    figure, grid = new_figure(
        max(3.1 * len(maps) + 1.4, 5), 0.36 * max(map(len, maps.values())) + 1.5, len(maps)
    )
    for place, (axes, (level, values)) in enumerate(zip(grid[0], maps.items(), strict=True)):
        image = axes.imshow(values, cmap=_SHADES, vmin=-limit, vmax=limit, aspect="auto")
        axes.set(title=legible([level])[0], xlabel=words["epoch"])
        axes.set_xticks(range(values.shape[1]), values.columns)
        axes.set_yticks(range(len(values)), legible(values.index) if place == 0 else [])
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0)
        _write(axes, values, limit)
    figure.colorbar(image, ax=list(grid[0]), shrink=0.9)
    over = words["seeds" if len(several) > 1 else "seed"].format(n=len(several))
    figure.supxlabel(f"{words[measure]}{words['and']}{over}", fontsize=8, color=INK)
    return use_fonts(figure)


def _maps(runs: Sequence[Run], measure: str) -> dict[str, pd.DataFrame]:
    """Level → means over runs, a row a pair and a column an epoch."""
    table = tabulate(runs)
    kind, _, level = (table["metric"].str.partition(" ")[i] for i in range(3))
    table = table.assign(level=level)[(kind == measure) & (level != "")]
    if table.empty:
        raise ValueError(
            f"no run has {measure}s of gradients; train with compile(record=10), or record=10 of an Experiment"
        )
    found = {}
    for name, rows in table.groupby("level", sort=False):
        means = rows.groupby(["task", "epoch"], sort=False)["value"].mean().unstack("epoch")
        found[str(name)] = _ratios(means) if measure == "norm" else _named(means)
    pairs = list(dict.fromkeys(pair for means in found.values() for pair in means.index))
    return {name: means.reindex(pairs) for name, means in found.items()}


def _named(cosines: pd.DataFrame) -> pd.DataFrame:
    return cosines.set_axis([pair.replace("+", " + ") for pair in cosines.index])


def _ratios(norms: pd.DataFrame) -> pd.DataFrame:
    """Factors of 2 between the lengths of every two tasks' gradients."""
    pairs = {
        f"{a} + {b}": np.log2(norms.loc[a] / norms.loc[b]) for a, b in combinations(norms.index, 2)
    }
    return pd.DataFrame(pairs).T


def _write(axes: Axes, values: pd.DataFrame, limit: float) -> None:
    """The numbers into their cells, if there are few enough of them."""
    if values.shape[1] > 8:
        return
    for (row, column), value in np.ndenumerate(values.to_numpy()):
        if np.isfinite(value):
            color: Any = _SHADES((value / limit + 1) / 2)
            axes.text(
                column, row, f"{round(value, 2) + 0.0:.2f}".replace("-", "−"), ha="center", va="center",
                fontsize=7, color=ink_on(color),
            )  # fmt: skip
