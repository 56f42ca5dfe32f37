"""Who helps whom: differences as a matrix, a row a target, a column a companion."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes

from mtl_tutorial import arguments
from mtl_tutorial.comparing import Difference
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import GRAY, INK, Chart, new_figure
from mtl_tutorial.plots.fonts import legible, use_fonts

STRONGEST = 25.0
"""Points at which a color is at its deepest."""

_WORDS = {
    "en": {
        "companion": "learned beside", "target": "target",
        "points": "points; below, the 95 % interval. Gray figures: cannot tell",
    },
    "zh": {
        "companion": "一起学的任务", "target": "目标任务",
        "points": "百分点；下面是 95% 置信区间。灰色：无法判断",
    },
}  # fmt: skip


def transfer_matrix(
    matrices: Mapping[str, Mapping[str, Mapping[str, Difference]]], *, language: str = "en"
) -> Chart:
    """Heat maps of what each companion brings each target.

    Parameters
    ----------
    matrices
        Title → target → companion → `Difference` over the target alone. Pairs may be missing.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Returns
    -------
    matplotlib.figure.Figure
        A map a title. Violet gains, orange loses, the deeper the more; a figure is gray if one
        cannot tell.

    Raises
    ------
    TypeError
        If `matrices` is not such a dictionary.
    ValueError
        If there is no difference in it.

    Examples
    --------
    >>> from mtl_tutorial.comparing import paired_difference
    >>> clear = paired_difference([0.80, 0.82, 0.81], [0.70, 0.71, 0.72])
    >>> figure = transfer_matrix({"60 labels": {"person": {"relation": clear}}})
    >>> figure.axes[0].texts[0].get_text()
    '+10.0'
    """
    check_language(language)
    words, found = _WORDS[language], {}
    for title, rows in arguments.mapping("matrices", matrices, "title → target").items():
        name = f"matrices[{title!r}]"
        for target, row in arguments.mapping(name, rows, "target → companion").items():
            name_of_row = f"{name}[{target!r}]"
            for companion, cell in arguments.mapping(
                name_of_row, row, "companion → Difference"
            ).items():
                name_of_cell = f"{name_of_row}[{companion!r}]"
                found[title, target, companion] = arguments.instance(name_of_cell, cell, Difference)
    if not found:
        raise ValueError("matrices holds no difference to draw")
    targets = list(dict.fromkeys(target for _, target, _ in found))
    others = list(dict.fromkeys(companion for *_, companion in found))
    companions = [t for t in targets if t in others] + [c for c in others if c not in targets]
    width = (0.95 * len(companions) + 0.6) * len(matrices) + 1
    figure, grid = new_figure(width, 0.75 * len(targets) + 1.4, columns=len(matrices))
    for axes, title in zip(grid[0], matrices, strict=True):
        means = np.full((len(targets), len(companions)), np.nan)
        for (where, target, companion), cell in found.items():
            if where == title:
                row, column = targets.index(target), companions.index(companion)
                means[row, column] = cell.mean
                _write(axes, row, column, cell)
        axes.imshow(means, cmap="PuOr", vmin=-STRONGEST, vmax=STRONGEST, alpha=0.65, aspect="auto")
        axes.set_xticks(range(len(companions)), legible(companions), rotation=30, ha="right")
        axes.set_yticks(range(len(targets)), legible(targets) if axes is grid[0, 0] else [])
        axes.set_title(*legible([title]), fontsize=10, color=INK)
        axes.set_xlabel(words["companion"])
    grid[0, 0].set_ylabel(words["target"])
    figure.supxlabel(words["points"], fontsize=8, color=INK)
    return use_fonts(figure)


def _write(axes: Axes, row: int, column: int, cell: Difference) -> None:
    claimed = cell.verdict in ("gains", "loses")
    ink = "white" if abs(cell.mean) > 0.7 * STRONGEST else INK
    style = {"ha": "center", "color": ink if claimed else GRAY}
    mean, low, high = (f"{x:+.1f}".replace("-", "−") for x in (cell.mean, cell.low, cell.high))
    axes.text(column, row - 0.08, mean, fontsize=10, **style)
    if cell.verdict:
        axes.text(column, row + 0.27, f"{low} … {high}", fontsize=6.5, **style)
