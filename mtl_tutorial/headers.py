"""What a run's header says: how a model is built, compiled and trained."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.records import Training
from mtl_tutorial.startup import keras, tf


def header(
    model: MultiTaskModel, data: MultiTaskData, training: Training, steps: int, name: str | None
) -> dict[str, Any]:
    """The part of a run's header that is known before the first step, as JSON can hold it.

    Parameters
    ----------
    model
        Compiled.
    data, training
        What it is trained on, and how.
    steps
        Steps an epoch.
    name
        The run's name; made from the tasks and the seed if None.
    """
    recipe = model.get_config()
    optimizer, config = model.optimizer, model.optimizer.get_config()
    found = {
        "run": name or f"{'+'.join(model.tasks)}/seed {training.seed}",
        **{key: recipe[key] for key in recipe if key not in ("vocabulary", "tasks", "seed")},
        "model_seed": recipe["seed"],
        "scores": {task.name: task.score for task in model.tasks.values()},
        "parameters": model.count_params(),
        "weigh": _named(model.weigh),
        "combine": _named(model.combine),
        "over": None if model.combine is None else model.over,
        "optimizer": {"class_name": type(optimizer).__name__, "config": config},
        "versions": {module.__name__: module.__version__ for module in (keras, tf, np)},
        "labels": {task: int(data["train"].labeled(task).sum()) for task in model.tasks},
        **asdict(training),
        "steps_per_epoch": steps,
        "learning_rate": config["learning_rate"],
        "first_epoch": model.trained[0],
    }
    return json.loads(json.dumps(found, default=_plain))


def _named(plug_in: Any) -> str | dict[str, Any] | None:
    """A weighting or combiner by its name; one with parameters by its class and configuration."""
    if plug_in is None or not hasattr(plug_in, "get_config"):
        return getattr(plug_in, "__name__", None if plug_in is None else type(plug_in).__name__)
    return {"class_name": type(plug_in).__name__, "config": plug_in.get_config()}


def _plain(value: Any) -> Any:
    """What JSON does not know: NumPy's numbers as Python's, anything else as it shows itself."""
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else repr(value)
