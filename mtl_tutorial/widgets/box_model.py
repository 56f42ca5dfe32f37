"""The models behind the sentence box on a page: packed as JSON, computed in the browser, shipped trained.

``python -m mtl_tutorial box-models`` trains them anew, about a minute of one core each, and writes
``data/runs/sentence_box_<language>.json``. `lab/network.js` computes what they say.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtl_tutorial.corpora import people
from mtl_tutorial.handover import described
from mtl_tutorial.sharing import SharingPlan

if TYPE_CHECKING:
    from mtl_tutorial.data import MultiTaskData
    from mtl_tutorial.model import MultiTaskModel

GROUPS = [["sentiment"], ["person", "relation"], ["ner"]]
"""Who shares the encoders, as in lesson 00; all share the words."""
SIZE: dict[str, Any] = {"units": 32, "embedding_dim": 32, "seed": 0}
PACE: dict[str, Any] = {"epochs": 10, "batch_size": 64, "learning_rate": 0.003, "seed": 0}


def packed(model: MultiTaskModel) -> dict[str, Any]:
    """All that a page needs to answer sentences with a model, fit for JSON.

    Parameters
    ----------
    model
        Of convolutions with max pooling, on a plan in which every task climbs copies of levels;
        sequence tasks, and token tasks with BIO tags and without a CRF.

    Returns
    -------
    dict
        What `handover.described` gives; ``paths``: task → its layers from the words up; ``arrays``:
        name → shape, such as ``"ner_head/kernel"``: [features, labels]; ``weights``: the arrays'
        values one after another, little-endian float32 in base64.

    Raises
    ------
    ValueError
        For a model of another kind.

    Examples
    --------
    >>> from mtl_tutorial import MultiTaskData, build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea.", "mood": "bad"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    >>> found = packed(build_model(data, units=4, embedding_dim=3))
    >>> found["paths"], found["arrays"]["mood_head/kernel"]
    ({'mood': ['embedding-mood', 'encoder_1-mood', 'encoder_2-mood']}, [4, 2])
    """
    _refuse_what_pages_cannot(model)
    paths = {
        task: [model.shared_layer(level, task).name for level in _levels(model.plan, task)]
        for task in model.tasks
    }
    names = [*dict.fromkeys(name for path in paths.values() for name in path)]
    names += [f"{task}_head" for task in model.tasks]
    arrays = {
        f"{name}/{weight.path.rpartition('/')[2]}": weight.numpy()
        for name in names
        for weight in model.get_layer(name).trainable_variables
    }
    values = b"".join(array.astype("<f4").tobytes() for array in arrays.values())
    return {
        **described(model.tasks, model.vocabulary, dict.fromkeys(model.tasks)),
        "paths": paths,
        "arrays": {name: list(array.shape) for name, array in arrays.items()},
        "weights": base64.b64encode(values).decode(),
    }


def _levels(plan: SharingPlan, task: str) -> list[str]:
    return [level for level in plan.levels if plan.group(level, task) is not None]


def _refuse_what_pages_cannot(model: MultiTaskModel) -> None:
    recipe, plan = model.get_config(), model.plan
    for name, wanted in {"encoder": "cnn", "pooling": "max", "crf": False}.items():
        if recipe[name] != wanted:
            raise ValueError(f"a page computes {name}={wanted!r}, not {recipe[name]!r}")
    if not plan.is_partition:
        raise ValueError("a page computes plans of groups alone, without mix=, feeds=, reverse=")
    odd = [t.name for t in model.tasks.values() if t.kind != "sequence" and not t.is_bio]
    if odd:
        raise ValueError(f"a page answers sequence tasks and those with BIO tags, not {odd}")


def untrained(language: str) -> tuple[MultiTaskModel, MultiTaskData]:
    """Build the model of a language, and give the data that it is for."""
    from mtl_tutorial.model import build_model

    tasks = [task for group in GROUPS for task in group]
    plan = SharingPlan({"embedding": [tasks], "encoder_1": GROUPS, "encoder_2": GROUPS})
    data = people.load(language)
    return build_model(data, plan, **SIZE), data


def file(language: str) -> Path:
    """Where the shipped model of a language lies."""
    return people.folder() / "runs" / f"sentence_box_{language}.json"


def shipped(language: str) -> dict[str, Any]:
    """Read the shipped model: what `packed` gives, and ``scores``, task → score on the test part."""
    return json.loads(file(language).read_text("utf-8"))


def make(language: str) -> Path:
    """Train the model of a language, and write it with its scores on the test part."""
    from mtl_tutorial.evaluation import evaluate
    from mtl_tutorial.training import train

    model, data = untrained(language)
    train(model, data, **PACE, progress=False)
    table = evaluate(model, data)["value"]
    scores = {t.name: round(float(table[t.name, t.score]), 4) for t in model.tasks.values()}
    text = json.dumps({**packed(model), "scores": scores}, ensure_ascii=False, indent=None)
    file(language).write_text(text + "\n", "utf-8")
    return file(language)
