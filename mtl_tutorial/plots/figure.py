"""What all figures share: the palette of tasks, and a figure that a notebook shows."""

from __future__ import annotations

import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like, to_rgb
from matplotlib.figure import Figure

from mtl_tutorial import arguments

# Okabe & Ito's colors, told apart by color-blind readers too. A task keeps its color in every lesson.
COLORS = {
    "sentiment": "#D55E00",
    "person": "#0072B2",
    "relation": "#009E73",
    "ner": "#CC79A7",
    "lm": "#E69F00",
}
_OTHERS = ("#56B4E9", "#7A5C00", "#5B4FA2", "#8C8C00", "#A0522D")
INK, PALE, GRAY = "#333333", "#DDDDDD", "#777777"


def task_color(task: str) -> str:
    """The task's color in every figure."""
    arguments.text("task", task)
    return COLORS.get(task) or _OTHERS[sum(map(ord, task)) % len(_OTHERS)]


def ink_on(color: str) -> str:
    """White or black, whichever is legible on `color`."""
    if not is_color_like(color):
        raise TypeError(f"color must be a color, such as '#0072B2', not {arguments.shown(color)}")
    return "white" if np.dot(to_rgb(color), (0.299, 0.587, 0.114)) < 0.5 else "black"


class Chart(Figure):
    """A figure that a notebook shows by itself, which Matplotlib's own does after pyplot's import only."""

    def png(self) -> bytes:
        """The picture as a PNG file's contents."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png")
        return buffer.getvalue()

    _repr_png_ = png


def new_figure(width: float, height: float, columns: int = 1) -> tuple[Chart, np.ndarray]:
    """An empty figure of this size in inches, with its charts [1, columns]."""
    figure = Chart(figsize=(width, height), layout="constrained", dpi=110)
    return figure, figure.subplots(1, columns, squeeze=False)


def bare(axes: Axes) -> None:
    """Without the frame's upper and right side."""
    axes.spines[["top", "right"]].set_visible(False)
