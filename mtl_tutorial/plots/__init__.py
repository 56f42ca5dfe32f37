"""Figures of the course: each takes data and returns a `matplotlib.figure.Figure`."""

from mtl_tutorial.plots.curves import learning_curves
from mtl_tutorial.plots.diagram import sharing_diagram
from mtl_tutorial.plots.figure import COLORS, INK, PALE, Chart, ink_on, task_color
from mtl_tutorial.plots.fonts import legible, use_fonts
from mtl_tutorial.plots.forest import differences
from mtl_tutorial.plots.front import front
from mtl_tutorial.plots.gradients import gradient_map
from mtl_tutorial.plots.tables import confusion, confusion_of, parameter_bars
from mtl_tutorial.plots.transfer import transfer_matrix

__all__ = [
    "COLORS",
    "INK",
    "PALE",
    "Chart",
    "confusion",
    "confusion_of",
    "differences",
    "front",
    "gradient_map",
    "ink_on",
    "learning_curves",
    "legible",
    "parameter_bars",
    "sharing_diagram",
    "task_color",
    "transfer_matrix",
    "use_fonts",
]
