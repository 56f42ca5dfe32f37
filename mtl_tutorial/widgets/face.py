"""The rooms of the faces in one module: no bundler, plain text put together.

The rooms `lab/*.js` are ES modules of their own, and are tested as such. A notebook's widget and a
page opened from a folder take one module, so their imports of each other are left out here.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "lab"
LAB = ("plan", "color", "dom", "host", "words", "diagram", "charts", "book", "controls", "lab")
LAB_PAGE = ("state", "page")
BOX = ("color", "dom", "host", "words", "box")
MIXING = ("plan", "color", "dom", "host", "words", "mixing")
BOX_PAGE = ("state", "cut", "engine", "answers", "box_page")
"""The rooms of each face, each after those that it imports; the pages' go after the widgets'."""


def script(*names: str) -> str:
    """These rooms as one script, without imports and exports."""
    rooms = [(FOLDER / f"{name}.js").read_text("utf-8") for name in names]
    inside = re.sub(r'^import \{[^}]*\} from "\./[^"]*";\n', "", "".join(rooms), flags=re.MULTILINE)
    return re.sub(r"^export (?=(?:async )?function |const |class )", "", inside, flags=re.MULTILINE)


def module(*names: str) -> str:
    """These rooms as the module that anywidget takes."""
    return script(*names) + "\nexport default { render };\n"


def style(*names: str) -> str:
    """The face's style sheet, or those named."""
    return "".join((FOLDER / f"{name}.css").read_text("utf-8") for name in names or ("lab",))
