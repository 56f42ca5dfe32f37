"""`WritingBox`: type a beginning, choose a label, and let a language model go on; `generate` without a mouse."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd

from mtl_tutorial.languages import check_language

if TYPE_CHECKING:
    from mtl_tutorial.model import MultiTaskModel

SENTENCES = 5
_WORDS = {
    "en": {
        "start": "Beginning", "type": "may stay empty", "temperature": "Temperature",
        "write": "Write", "any": "any", "trouble": "Nothing was written:",
        "first": "Type a beginning or none, choose a label, and press Write.",
        "unfinished": "…",
    },
    "zh": {
        "start": "开头", "type": "可以不填", "temperature": "温度",
        "write": "写", "any": "不限", "trouble": "没能写出来：",
        "first": "输入开头（也可以不填），选一个标签，再点“写”。",
        "unfinished": "……",
    },
}  # fmt: skip


class WritingBox(widgets.VBox):
    """A beginning, a label of each task that the marks name, a temperature; five sentences below.

    In a notebook that was saved, what stood there when it was shown stays as HTML.

    Parameters
    ----------
    model
        Trained on what `for_generation` gave.
    language
        Of the words around, ``"en"`` or ``"zh"``.
    seed
        Of the first five sentences; each press takes the next.

    Attributes
    ----------
    table
        What `generate` gave last; None if nothing was written.
    error
        The text of the last error; empty if there is none.
    """

    def __init__(self, model: MultiTaskModel, *, language: str = "en", seed: int = 0):
        from mtl_tutorial.generation import labels_of

        check_language(language)
        self.words, self.model, self.seed = _WORDS[language], model, seed
        self.table: pd.DataFrame | None = None
        self.error = ""
        self.start = widgets.Text(description=self.words["start"], placeholder=self.words["type"])
        self.wanted = {
            task: widgets.Dropdown(
                options=[(self.words["any"], None), *((label, label) for label in labels)],
                description=task,
            )
            for task, labels in labels_of(model).items()
        }
        self.temperature = widgets.FloatSlider(
            0.7, min=0.1, max=1.5, step=0.1, description=self.words["temperature"]
        )
        self.button = widgets.Button(description=self.words["write"], button_style="primary")
        self.button.on_click(lambda _: self.write())
        self.said = widgets.HTML(self.words["first"])
        above = widgets.HBox([self.start, *self.wanted.values()])
        super().__init__([above, widgets.HBox([self.temperature, self.button]), self.said])

    def write(self) -> None:
        """Let the model write, and show it; an error goes into the box, where it can be read."""
        from mtl_tutorial.generation import generate

        chosen = {task: menu.value for task, menu in self.wanted.items() if menu.value is not None}
        try:
            written = generate(
                self.model, chosen, SENTENCES, start=self.start.value.strip(),
                temperature=self.temperature.value, seed=self.seed,
            )  # fmt: skip
            self.table, self.error = written, ""
            self.seed += 1
            self.said.value = self._listed(written)
        except Exception as error:
            self.table, self.error = None, str(error)
            self.said.value = f"{self.words['trouble']} {html.escape(self.error)}"

    def _listed(self, written: pd.DataFrame) -> str:
        lines = []
        for _, row in written.iterrows():
            labels = ", ".join(row[task] for task in self.wanted)
            end = "" if row["ended"] else self.words["unfinished"]
            lines.append(
                f"<li>{html.escape(row['text'] + end)} <small>{html.escape(labels)}</small></li>"
            )
        return f"<ol>{''.join(lines)}</ol>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """What a notebook shows: the widget, and its words where no widget can be drawn."""
        shown = super()._repr_mimebundle_(**options)
        return shown if shown is None else {**shown, "text/html": self.said.value}
