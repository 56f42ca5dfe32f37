"""The models behind the sentence box on a page, shipped trained, for Keras and for the browser.

``python -m mtl_tutorial box-models`` trains them anew, about a minute of one core each, and writes
for each language into ``data/runs``:

- ``sentence_box_<language>.keras``, for `load_model`;
- ``sentence_box_<language>.onnx``, what it is `export`-ed to: token ids to logits, as a browser runs it;
- ``sentence_box_<language>.onnx.json``, what `handover.described` says, and the model's scores.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtl_tutorial.corpora import people
from mtl_tutorial.sharing import SharingPlan

if TYPE_CHECKING:
    from mtl_tutorial.data import MultiTaskData
    from mtl_tutorial.model import MultiTaskModel

GROUPS = [["sentiment"], ["person", "relation"], ["ner"]]
"""Who shares the encoders, as in lesson 00; all share the words."""
SIZE: dict[str, Any] = {"units": 32, "embedding_dim": 32, "seed": 0}
PACE: dict[str, Any] = {"epochs": 10, "batch_size": 64, "learning_rate": 0.003, "seed": 0}


def file(language: str, kind: str = "onnx") -> Path:
    """Where the shipped model of a language lies: its file of a ``kind`` named above."""
    return people.folder() / "runs" / f"sentence_box_{language}.{kind}"


def described(language: str) -> dict[str, Any]:
    """What goes with the shipped model: as `handover.described` has it, and ``scores``.

    The scores, task → score, are those on the test part.

    Examples
    --------
    >>> list(described("en")["tasks"])
    ['sentiment', 'person', 'relation', 'ner']
    """
    return json.loads(file(language, "onnx.json").read_text("utf-8"))


def make(language: str) -> Path:
    """Train the model of a language, and write its three files.

    Raises
    ------
    ModuleNotFoundError
        Without tf2onnx.
    """
    if not importlib.util.find_spec("tf2onnx"):
        raise ModuleNotFoundError("the models need tf2onnx: pip install 'mtl_tutorial[onnx]'")
    from mtl_tutorial.evaluation import evaluate
    from mtl_tutorial.training import train

    model, data = _untrained(language)
    train(model, data, **PACE, progress=False)
    table = evaluate(model, data)["value"]
    scores = {t.name: round(float(table[t.name, t.score]), 4) for t in model.tasks.values()}

    bare, _ = _untrained(language)  # of no use on a page: the optimizer's state
    bare.set_weights(model.get_weights())
    for kind in ("keras", "onnx", "onnx.json"):
        file(language, kind).unlink(missing_ok=True)
    bare.save(file(language, "keras"))
    bare.export(file(language), format="onnx", verbose=False)
    text = json.dumps({**described(language), "scores": scores}, ensure_ascii=False, indent=1)
    file(language, "onnx.json").write_text(text + "\n", "utf-8")
    return file(language)


def _untrained(language: str) -> tuple[MultiTaskModel, MultiTaskData]:
    """Build the model of a language, and give the data that it is for."""
    from mtl_tutorial.model import build_model

    tasks = [task for group in GROUPS for task in group]
    plan = SharingPlan({"embedding": [tasks], "encoder_1": GROUPS, "encoder_2": GROUPS})
    data = people.load(language)
    return build_model(data, plan, **SIZE), data
