"""Differences as a forest plot: a row each, a dot for the mean, a line for its interval."""

from __future__ import annotations

from collections.abc import Mapping

from mtl_tutorial import arguments
from mtl_tutorial.comparing import Difference
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import COLORS, GRAY, INK, PALE, Chart, bare, new_figure
from mtl_tutorial.plots.fonts import legible, use_fonts

_WORDS = {
    "en": {
        "points": "difference in points, with its 95 % interval",
        "dots": "filled: gains or loses; hollow: cannot tell; cross: no interval",
        "seeds": "seeds: {n}",
        "sentences": "test sentences: {n}",
        "claims": "Holm's correction over {n} claims",
        "and": "; ",
    },
    "zh": {
        "points": "与基线之差（分），横线为 95% 置信区间",
        "dots": "实心：提高或下降；空心：无法判断；叉：没有置信区间",
        "seeds": "种子数：{n}",
        "sentences": "测试句数：{n}",
        "claims": "{n} 个结论，经 Holm 校正",
        "and": "；",
    },
}


def differences(rows: Mapping[str, Difference], *, language: str = "en") -> Chart:
    """A forest plot: how much each task or plan gains or loses, and how far chance may go.

    Parameters
    ----------
    rows
        Name of a row, such as a task or a plan → `Difference` over its baseline. A task of the
        course has its color.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Returns
    -------
    matplotlib.figure.Figure
        A dot for the mean and a line for the 95 % interval, zero dashed. The dot is filled if the
        difference is claimed ("gains" or "loses"), hollow if not; without an interval it is a cross.

    Raises
    ------
    TypeError
        If `rows` is no dictionary of differences.
    ValueError
        If there is none.

    Examples
    --------
    >>> from mtl_tutorial.comparing import paired_difference
    >>> figure = differences({"ner": paired_difference([0.80, 0.82, 0.81], [0.70, 0.71, 0.72])})
    >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
    ['ner']
    """
    check_language(language)
    words = _WORDS[language]
    arguments.mapping("rows", rows, "name → Difference")
    for name, row in rows.items():
        arguments.instance(f"rows[{name!r}]", row, Difference)
    if not rows:
        raise ValueError("there is no difference to draw")
    figure, grid = new_figure(6.6, 0.42 * len(rows) + 1.3)
    axes = grid[0, 0]
    axes.axvline(0, color=GRAY, linestyle="--", linewidth=1, zorder=0)
    for place, (name, row) in enumerate(rows.items()):
        color = COLORS.get(name, INK)
        claimed = row.verdict in ("gains", "loses")
        axes.plot([row.low, row.high], [place, place], color=color, linewidth=2)
        axes.plot(
            row.mean, place, "o" if row.verdict else "X", color=color, markersize=8,
            markerfacecolor=color if claimed or not row.verdict else "white",
        )  # fmt: skip
        axes.text(
            1.02, place, f"{row.mean:+.1f}".replace("-", "−"), va="center", color=color,
            fontsize=9, transform=axes.get_yaxis_transform(),
        )  # fmt: skip
    axes.set_yticks(range(len(rows)), legible(rows))
    axes.set(xlabel=words["points"], ylim=(len(rows) - 0.5, -0.5))
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    bare(axes)
    figure.supxlabel(_caption(rows, words), fontsize=8, color=INK)
    return use_fonts(figure)


def _caption(rows: Mapping[str, Difference], words: Mapping[str, str]) -> str:
    parts = [words["dots"]]
    for over in dict.fromkeys(row.over for row in rows.values()):
        counts = sorted({row.count for row in rows.values() if row.over == over})
        ends = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,}–{counts[-1]:,}"
        parts.append(words[over].format(n=ends))
    claims = max(row.claims for row in rows.values())
    if claims > 1:
        parts.append(words["claims"].format(n=claims))
    return words["and"].join(parts)
