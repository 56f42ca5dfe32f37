"""`build_model`: from data and a `SharingPlan` to a `MultiTaskModel`; `load_model`: from a file."""

from __future__ import annotations

import json
import re
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from mtl_tutorial import arguments
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.keras_model import MultiTaskModel
from mtl_tutorial.records import Architecture, chosen, options_of
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras
from mtl_tutorial.text import SPECIAL
from mtl_tutorial.trunk import checked_vectors, layer_name, take_over

MANY_LABELS = 500
"""Labels of a token task above which a CRF is warned of."""


@options_of(Architecture)
def build_model(
    data: MultiTaskData,
    plan: SharingPlan | None = None,
    architecture: Architecture | None = None,
    *,
    embedding_matrix: np.ndarray | None = None,
    initialize_from: Mapping[str, MultiTaskModel] | None = None,
    **options: Any,
) -> MultiTaskModel:
    """Build a model for the tasks of `plan`, sharing what the plan says.

    The lowest level of the plan is the embedding; each level above it is one encoder. A sequence
    task's head pools the tokens of its last level and classifies the sentence; the head of a token
    task or language model classifies every token. For one seed all copies of a level start from
    the same values, in every plan: what differs between two plans is the sharing alone.

    To answer by a CRF takes a second pass over the sentence, which the training steps of `fit`
    spare: their ``<task>_accuracy`` counts each token's best label by itself. In validation and
    ``evaluate`` it counts the model's answers.

    Parameters
    ----------
    data
        Gives the tasks and the vocabulary.
    plan
        Who shares which level; hard sharing of all tasks of `data` by default.
    architecture
        Encoder, sizes, dropout, seed; by default `Architecture()`.
    embedding_matrix
        Vectors to start the embedding from, float [len(data.vocabulary), embedding_dim]; their
        length is then the embedding's.
    initialize_from
        Level → trained model whose copy of that level to start from. An embedding is taken over
        token by token, so the vocabularies may differ.
    options
        Fields of `Architecture` by name, such as ``encoder="mlp", units=32``, in place of those of
        `architecture`.

    Raises
    ------
    ValueError
        If the plan names a task that `data` does not have or a level after which Keras cannot name
        a layer; for an unknown encoder, pooling or initializer, or an odd number of units for the
        two directions of a BiLSTM; or if vectors or layers to start from do not fit.
    TypeError
        If an argument is of the wrong kind.

    Examples
    --------
    >>> rows = [{"text": "Good tea!", "mood": "good", "product": "O B-TEA O"}]
    >>> tasks = {"mood": "sequence", "product": "token"}
    >>> data = MultiTaskData.from_rows({"train": rows}, tasks)
    >>> plan = SharingPlan.hard(["mood", "product"]).leave("encoder_2", "product")
    >>> model = build_model(data, plan, units=4, embedding_dim=4)
    >>> list(model.parameters()["level"])
    ['embedding', 'encoder_1', 'encoder_2', 'head', 'head']
    """
    data = arguments.instance("data", data, MultiTaskData)
    if plan is None:
        plan = SharingPlan.hard(list(data.tasks))
    plan = arguments.instance("plan", plan, SharingPlan)
    architecture = chosen(Architecture, architecture, options)
    unknown = [task for task in plan.tasks if task not in data.tasks]
    if unknown:
        raise ValueError(
            f"the plan names {unknown}, but the data have the tasks {list(data.tasks)}"
        )
    odd = [level for level in plan.levels if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", level, re.A)]
    if odd:
        raise ValueError(
            f"Keras names layers after levels, so these must be of Latin letters, digits, '_', '.' "
            f"and '-', not {odd}"
        )
    if architecture.crf:
        _warn_of_many_labels(data, plan)
    if embedding_matrix is not None:
        vectors = checked_vectors(embedding_matrix, len(data.vocabulary))
        architecture = replace(architecture, embedding_dim=vectors.shape[1])
    given = {} if initialize_from is None else initialize_from
    sources = arguments.mapping("initialize_from", given, "level → model")
    for level, source in sources.items():
        arguments.instance(f"initialize_from[{level!r}]", source, MultiTaskModel)
    model = MultiTaskModel(
        {
            "tasks": [data.tasks[name].as_list() for name in plan.tasks],
            "plan": plan.as_dict(),
            "vocabulary": list(data.vocabulary.tokens[len(SPECIAL) :]),
            **asdict(architecture),
        }
    )
    if embedding_matrix is not None:
        for copy in plan.copies(plan.levels[0]):
            model.get_layer(layer_name(*copy)).set_weights([vectors])
    for level, source in sources.items():
        take_over(model, level, source)
    return model


def _warn_of_many_labels(data: MultiTaskData, plan: SharingPlan) -> None:
    for task in (data.tasks[name] for name in plan.tasks):
        n = len(task.labels)
        if task.kind == "token" and n > MANY_LABELS:
            warnings.warn(
                f"a CRF over the {n:,} labels of task {task.name!r} looks at {n * n:,} transitions a "
                "token: steps take seconds and gigabytes; crf=False, or fewer labels, does not",
                stacklevel=4,
            )


def load_model(
    path: Path | str,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> MultiTaskModel:
    """A model that ``model.save("name.keras")`` wrote, with its optimizer's and weighting's state.

    `keras.models.load_model` does the same once `mtl_tutorial.model` has been imported.

    Parameters
    ----------
    path
        The file.
    custom_objects
        Name → function or class of your own that the model was compiled with, unless it has been
        registered with ``keras.saving.register_keras_serializable``.
    compile
        Whether to restore how it was trained, and the states.
    safe_mode
        Whether to refuse functions that are kept as code, such as lambdas.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not one that `save` wrote, or not whole, or holds another kind of model.

    Examples
    --------
    >>> import tempfile
    >>> rows = [{"text": "Good tea!", "mood": "good"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    >>> file = Path(tempfile.mkdtemp(), "model.keras")
    >>> build_model(data, units=4, embedding_dim=4).save(file)
    >>> load_model(file).vocabulary == data.vocabulary
    True
    """
    file = arguments.path("path", path)
    if not file.exists():
        raise FileNotFoundError(f"{file}: there is no such file")
    try:
        with zipfile.ZipFile(file) as archive:
            kind = json.loads(archive.read("config.json"))["class_name"]
            whole = archive.testzip() is None
    except (OSError, zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError):
        whole = False
    if not whole or file.suffix != ".keras":
        raise ValueError(f"{file}: not a whole file that model.save('name.keras') wrote")
    if kind != MultiTaskModel.__name__:
        raise ValueError(
            f"{file}: holds a Keras model of the kind {kind}, not a {MultiTaskModel.__name__}; "
            "keras.models.load_model reads it"
        )
    return keras.models.load_model(file, custom_objects, compile, safe_mode)
