"""What stays of a widget where none can be drawn: a saved notebook, GitHub, a page of nbconvert."""

from __future__ import annotations

from typing import Any

import anywidget
from IPython.display import HTML, DisplayHandle, display


class WithStill(anywidget.AnyWidget):
    """A widget with a still picture below it, which `lab.css` hides where the widget is alive.

    However many cells show the widget, one handle keeps all their pictures up to date.
    """

    def __init__(self, **state: Any):
        self._still_shown: DisplayHandle | None = None
        self._drawn: object = None
        super().__init__(**state)

    def _still(self) -> str:
        """What the picture shows, as HTML without a script."""
        raise NotImplementedError

    def _shows(self) -> object:
        """What the picture hangs on: it is drawn anew when this is something else."""
        raise NotImplementedError

    def _ipython_display_(self, **_: Any) -> None:
        data, metadata = super()._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        self._still_shown = self._still_shown or DisplayHandle()
        self._drawn = self._shows()
        self._still_shown.display(self._picture())

    def _snapshot(self) -> None:
        """Draw the picture anew where it is shown, if what it shows has changed since."""
        now = self._shows()
        if self._still_shown is not None and self._drawn != now:
            self._drawn = now
            self._still_shown.update(self._picture())

    def _picture(self) -> HTML:
        return HTML(f"<div class='mtl-snapshot'>{self._still()}</div>")
