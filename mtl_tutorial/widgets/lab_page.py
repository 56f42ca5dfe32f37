"""The Sharing Lab as a page that needs no kernel: a folder for any static server, or to open as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mtl_tutorial.binder import launch_link, origin
from mtl_tutorial.lab import grid, shown
from mtl_tutorial.lab.catalogue import texts
from mtl_tutorial.lab.outcome import look_up
from mtl_tutorial.lab.settings import TASKS, Settings
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.widgets import face

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sharing Lab</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="lab.css">
</head>
<body>
<main id="lab"></main>
<script src="data.js"></script>
<script src="lab.js"></script>
</body>
</html>
"""


def write(folder: Path | str, *, box: bool = False) -> Path:
    """Write the page, its script, its style and all finished runs; gives the page's path.

    ``box``: whether it leads to the sentence box, which `box_page.write` puts beside it.
    The script is no module: browsers load none from a folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    start = 'openPage(document.getElementById("lab"), LAB_DATA);'
    data = json.dumps(
        {**contents(), "box": box}, ensure_ascii=False, separators=(",", ":"), sort_keys=False
    )
    files = {
        "data.js": f"const LAB_DATA = {data};\n",
        "lab.js": f"(() => {{\n{face.script(*face.LAB, *face.LAB_PAGE)}\n{start}\n}})();\n",
        "lab.css": face.style("lab", "page"),
        "index.html": _PAGE,
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder / "index.html"


def contents() -> dict[str, Any]:
    """What the page knows: texts, sizes, and every answer of the table of finished runs."""
    known = [*grid.settings()]
    first = Settings(SharingPlan.hard(TASKS))
    facts = shown.facts(first, LANGUAGES[0], files=False, trains=False)
    facts["tasks"] = [*TASKS]
    for name, values in {
        "labels": sorted({n for setting in known for n in setting.labels.values()}),
        "encoder": dict.fromkeys(setting.encoder for setting in known),
        "balancing": dict.fromkeys(setting.balancing for setting in known),
        "wide": dict.fromkeys(setting.wide for setting in known),
    }.items():
        facts["dials"][name] = [*values]
    facts["dials"]["weights"] = None
    facts["folded"] = [
        name for name in ("corpus", "balancing", "wide") if len(facts["dials"][name]) > 1
    ]
    found = (look_up(setting) for setting in known)
    return {
        "facts": facts,
        "words": {language: texts(language) for language in LANGUAGES},
        "sizes": {corpus: shown.sizes(corpus) for corpus in grid.CORPORA},
        "chosen": shown.positions(first),
        "answers": [shown.shown(outcome) for outcome in found if outcome],
        "links": _links(),
    }


def _links() -> list[dict[str, str]]:
    """Where a plan can be trained: on Binder, if this is a checkout with a public remote."""
    try:
        remote, ref = origin(Path(__file__).parents[2])
        links = {
            language: launch_link(remote, ref, language, "04_what_to_share")
            for language in LANGUAGES
        }
    except ValueError:
        return []
    return [{"key": "on binder", **links}]
