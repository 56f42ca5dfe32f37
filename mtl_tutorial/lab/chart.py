"""Small charts, one a task, that grow without flicker: artists are kept and given new data."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.image import imsave
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from mtl_tutorial import plots
from mtl_tutorial.lab.outcome import Outcome
from mtl_tutorial.lab.words import figure_words
from mtl_tutorial.runs import Run

_GRAY = "#6B6B6B"


def signed(points: float) -> str:
    """Points with their sign, as type has it: "+1.5", "−1.5"."""
    return f"{points:+.1f}".replace("-", "−")


class LiveChart:
    """Every task's validation curve, its baseline dashed, bands where there are several seeds.

    Parameters
    ----------
    tasks
        One chart each.
    language
        Of the labels, ``"en"`` or ``"zh"`` (where a font has the characters).
    metric
        ``"score"``: what each task is judged by; or ``"loss"``.
    """

    def __init__(self, tasks: Sequence[str], language: str = "en", metric: str = "score"):
        self.metric, self.words = metric, figure_words(language)
        self.figure = plots.Chart(figsize=(max(2.2 * len(tasks), 4.4), 2.35), dpi=100)
        self.figure.subplots_adjust(
            left=0.72 / self.figure.get_figwidth(), right=0.985, bottom=0.21, top=0.8, wspace=0.32
        )
        charts = self.figure.subplots(1, len(tasks), squeeze=False)[0]
        self.parts = {
            task: _Part(axes, task, self) for task, axes in zip(tasks, charts, strict=True)
        }
        charts[0].set_ylabel(self.words[metric])
        plots.use_fonts(self.figure)
        self.canvas = FigureCanvasAgg(self.figure)
        self.still: tuple | None = None  # what stands still, and the limits it was drawn for

    def show(self, outcome: Outcome | None, other: Outcome | None = None) -> plots.Chart:
        """Draw `outcome`, and `other` beside it for comparison; None clears the charts."""
        changes = outcome.changes() if outcome else None
        for part in self.parts.values():
            part.show(outcome, other, changes)
        return self.figure

    def png(self) -> bytes:
        """The picture as a PNG file's contents.

        Only what moves is drawn anew ("blitting"); axes, ticks and titles cost ten times as much,
        and stay as they are until a limit changes.
        """
        limits = [part.axes.viewLim.bounds for part in self.parts.values()]
        if self.still is None or self.still[1] != limits:
            self.canvas.draw()  # leaves out the animated artists
            self.still = self.canvas.copy_from_bbox(self.figure.bbox), limits
        self.canvas.restore_region(self.still[0])
        for part in self.parts.values():
            for artist in part.moving:
                part.axes.draw_artist(artist)
        buffer = io.BytesIO()
        picture = np.asarray(self.canvas.buffer_rgba())
        imsave(buffer, picture, format="png", pil_kwargs={"compress_level": 1})
        return buffer.getvalue()


class _Part:
    """The chart of one task."""

    def __init__(self, axes: Axes, task: str, chart: LiveChart):
        self.axes, self.task, self.chart = axes, task, chart
        color = plots.task_color(task)
        self.base = axes.plot([], [], color=_GRAY, linestyle="--", linewidth=1.6)[0]
        self.ours = axes.plot([], [], color=color, linewidth=2.4, marker="o", markersize=3.5)[0]
        self.other = axes.plot([], [], color=color, linewidth=1.6, linestyle=(0, (1, 1)))[0]
        self.bands = [
            axes.fill_between([], [], [], color=c, alpha=0.16, linewidth=0) for c in (_GRAY, color)
        ]
        axes.set_title(task, color=color, fontsize=12, loc="left")
        self.change = axes.set_title("", color=color, fontsize=11, loc="right")
        self.moving = [*self.bands, self.base, self.ours, self.other, self.change]
        for artist in self.moving:
            artist.set_animated(True)  # drawn by `LiveChart.png`, and whenever a figure is saved
        axes.set_xlabel(chart.words["epoch"], fontsize=9)
        axes.tick_params(labelsize=8)
        axes.grid(color=plots.PALE, linewidth=0.6)
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.set(xlim=(0, 6), ylim=(0, 1 if chart.metric == "score" else 2))
        if chart.metric == "score":
            axes.yaxis.set_major_formatter(PercentFormatter(1))

    def show(
        self, outcome: Outcome | None, other: Outcome | None, changes: pd.DataFrame | None
    ) -> None:
        having = [o for o in (outcome, other) if o and self.task in o.settings.tasks]
        ours = outcome if outcome in having else None
        base = list(ours.baselines.get(self.task, ())) if ours else []
        drawn = [
            self._line(self.base, self.bands[0], base),
            self._line(self.ours, self.bands[1], list(ours.runs) if ours else []),
            self._line(self.other, None, list(other.runs) if other in having and other else []),
        ]
        self.axes.set_xlim(0, max((o.settings.epochs for o in having), default=6))
        if self.chart.metric == "loss":
            highest = max((values.max() for values in drawn if values.size), default=2)
            self.axes.set_ylim(0, 1.05 * highest)
        points = float(changes["points"][self.task]) if ours and changes is not None else np.nan
        known = self.chart.metric == "score" and not np.isnan(points)
        self.change.set_text(signed(points) if known else "")

    def _line(
        self, line: Line2D, band: FillBetweenPolyCollection | None, runs: list[Run]
    ) -> np.ndarray:
        """Give a line the mean over runs and its band one standard deviation; all values drawn."""
        metric = "loss" if self.chart.metric == "loss" else None
        curves = {i: run.curve(self.task, metric) for i, run in enumerate(runs)}
        table = pd.DataFrame(curves, dtype=float)
        mean, spread = table.mean(axis=1), table.std(axis=1).fillna(0)
        epochs = table.index.to_numpy(float)
        line.set_data(epochs, mean.to_numpy())
        if band is not None:
            band.set_data(epochs, (mean - spread).to_numpy(), (mean + spread).to_numpy())
        values = table.to_numpy().ravel()
        return values[~np.isnan(values)]
