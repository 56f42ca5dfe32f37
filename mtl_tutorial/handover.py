"""What goes beside an exported model, as JSON: how text becomes ids, and what its logits mean.

``export("folder")`` writes ``folder/mtl_tutorial.json``, ``export("model.onnx", "onnx")`` writes
``model.onnx.json``. `docs/own_data.md` goes from there to labels without this package.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mtl_tutorial.arguments import path
from mtl_tutorial.cutting import habits
from mtl_tutorial.decoding import NEVER, rules
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import HALF_WIDTH, TOKEN, Vocabulary

FOLDER = "tf_saved_model"
"""The format that is a folder; the others are files."""


def place_beside(filepath: Path | str, format: str) -> Path:
    """Where the JSON of an export belongs.

    Raises
    ------
    FileExistsError
        If something is there, or where the model belongs.

    Examples
    --------
    >>> place_beside("model.onnx", "onnx").name
    'model.onnx.json'
    """
    file = path("filepath", filepath)
    beside = file / "mtl_tutorial.json" if format == FOLDER else file.with_name(f"{file.name}.json")
    for taken in (file, beside):
        if taken.is_file() or (taken.is_dir() and any(taken.iterdir())):
            raise FileExistsError(f"{taken} is there already; delete it, or choose another name")
    return beside


def described(
    tasks: Mapping[str, Task], vocabulary: Vocabulary, learned: Mapping[str, Any]
) -> dict[str, Any]:
    """What leads from text to token ids, and from logits to labels, fit for JSON.

    Parameters
    ----------
    tasks, vocabulary
        The model's.
    learned
        Task → scores of a label after another, float [labels + 1, labels], as a CRF learns them;
        None for none.

    Returns
    -------
    dict
        ``text``: the form of Unicode (``normalize``), characters to ``replace``, the regular
        expression (``pattern``) whose matches are the tokens; tokens of the vocabulary to which such
        matches are ``joined``, the longest first; and whether all is in ``lower_case``. ``vocabulary``: tokens in the
        order of their ids, after padding and the unknown token. ``tasks``: of each its ``kind``,
        its ``labels`` in the order of their ids, the ``scheme`` in which they mark spans,
        ``only_after`` (label → the labels that it may follow; the others are free), and
        ``transitions``, what a CRF learned, added to the logits of a sequence.

    Examples
    --------
    >>> task = Task.bio("ner", ["PER"])
    >>> described({"ner": task}, Vocabulary(["Ana"]), {"ner": None})["tasks"]["ner"]["only_after"]
    {'I-PER': ['B-PER', 'I-PER']}
    """
    small, joined = habits(vocabulary)
    return {
        "text": {
            "normalize": "NFC",
            "replace": {chr(wide): chr(half) for wide, half in HALF_WIDTH.items()},
            "pattern": TOKEN.pattern,
            "joined": sorted(joined),
            "lower_case": small,
        },
        "vocabulary": list(vocabulary.tokens),
        "tasks": {
            name: {
                "kind": task.kind,
                "labels": list(task.labels),
                "scheme": task.scheme,
                "only_after": _only_after(task),
                "transitions": None
                if learned[name] is None
                else np.asarray(learned[name]).tolist(),
            }
            for name, task in tasks.items()
        },
    }


def write_beside(place: Path, *model: Any) -> None:
    """Write what `described` makes of a model's tasks, vocabulary and transitions."""
    text = json.dumps(described(*model), ensure_ascii=False, indent=1)
    place.write_text(text, encoding="utf-8", errors="backslashreplace")


def _only_after(task: Task) -> dict[str, list[str]]:
    """Label → the labels it may follow, of those that may not follow every one."""
    if not task.is_bio:
        return {}
    allowed = rules(task)[:-1] != NEVER  # [label before, label]
    return {
        label: [before for before, may in zip(task.labels, column, strict=True) if may]
        for label, column in zip(task.labels, allowed.T, strict=True)
        if not column.all()
    }
