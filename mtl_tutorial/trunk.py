"""From a recipe, which is plain data, to Keras layers: the trunk as the plan says, and the heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import takewhile
from typing import Any

import numpy as np

from mtl_tutorial.arguments import shown
from mtl_tutorial.climbing import readers, walk
from mtl_tutorial.crf import CRFHead
from mtl_tutorial.encoders import encoder_named
from mtl_tutorial.joints import Copy, Joint, numbered, steps
from mtl_tutorial.layers import LAYERS, MaskedPooling, WordEmbedding
from mtl_tutorial.layers.encoder import seeded
from mtl_tutorial.layers.mixing import (
    Gate,
    LabelEmbedding,
    ReverseGradient,
    SideBySide,
    Stitch,
)
from mtl_tutorial.marks import ids_of_labels
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import SPECIAL


def network(recipe: Mapping[str, Any]) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Lay out a Keras model as symbolic tensors: its input, its outputs, and features on the way.

    For one seed all copies of a level start from the same values, in every plan.

    Parameters
    ----------
    recipe
        What `MultiTaskModel.get_config` gives.

    Returns
    -------
    KerasTensor, dict, dict
        Token ids [batch, time]; task → logits; task → the activations at which its shared trunk
        ends, that is, the last before a layer of its own or its head; of tasks whose lowest level
        is shared.

    Raises
    ------
    ValueError
        If Keras is set to another precision than float32, or the recipe names an unknown encoder or
        initializer.
    """
    policy = keras.config.dtype_policy().name
    if policy != "float32":
        raise ValueError(
            f"models of the course compute in float32, not {policy}; call "
            'keras.config.set_dtype_policy("float32") first'
        )
    plan, tasks = SharingPlan.from_dict(recipe["plan"]), tasks_of(recipe)
    _refuse_what_lies_ahead(plan, tasks)
    read = readers(plan)
    inputs = keras.Input((None,), dtype="int32", name="tokens")
    layers: dict[Any, Any] = {}
    for step in steps(plan):
        if isinstance(step[1], Joint):
            layers[step] = _joint_layer(recipe, *step)
        else:
            causal = any(tasks[task].kind == "lm" for task in read[step])
            layers[step] = _trunk_layer(recipe, plan, step, causal)
    pool, logits = _pooling(recipe, plan, tasks), {}

    def head(name: str, x: Any) -> Any:
        if name not in logits:
            logits[name] = _head(recipe, tasks[name], pool(name, x), name in plan.reverse)
        return logits[name]

    layers |= {("head", (name,)): partial(head, name) for name in plan.tasks}
    reached = walk(plan, inputs, layers)
    shared = {task: tuple(takewhile(_is_shared, plan.path(task))) for task in plan.tasks}
    features = {task: reached[path] for task, path in shared.items() if path}
    return inputs, {name: head(name, reached[plan.path(name)]) for name in plan.tasks}, features


def _is_shared(step: tuple) -> bool:
    return not isinstance(step[1], Joint) and len(step[1]) > 1


def _refuse_what_lies_ahead(plan: SharingPlan, tasks: Mapping[str, Task]) -> None:
    for level, fed in plan.feeds.items():
        for task, lowers in fed.items():
            whole = [lower for lower in lowers if tasks[lower].kind == "sequence"]
            if tasks[task].kind == "lm" and whole:
                raise ValueError(
                    f"feeds at level {level!r}: {whole[0]!r} has read the whole sentence, so it "
                    f"cannot feed the language model {task!r}, which must not look ahead"
                )


def tasks_of(recipe: Mapping[str, Any]) -> dict[str, Task]:
    """Read the tasks of a recipe in its order: name → task."""
    return {task.name: task for task in map(Task.from_list, recipe["tasks"])}


def layer_name(level: str, what: tuple, again: int | None = None) -> str:
    """Name the Keras layer of a level: a copy, by its group, or a `Joint`."""
    if isinstance(what, Joint):
        return "-".join((f"{level}.{what.kind}", *what.tasks))
    return "-".join((level, *what, *([] if again is None else [str(again)])))


def layers_by_level(model: keras.Model) -> list[tuple[str, tuple[str, ...], Any]]:
    """List (level or ``"head"``, its tasks, layer), from the words up.

    The level of what mixes or feeds bears its kind: ``"encoder_1 gate"``.
    """
    found = []
    for level, what, *again in steps(model.plan):
        layer = model.get_layer(layer_name(level, what, *again))
        mixes = isinstance(what, Joint)
        found.append((f"{level} {what.kind}", what.tasks, layer) if mixes else (level, what, layer))
    return found + [("head", (task,), model.get_layer(f"{task}_head")) for task in model.tasks]


def readers_by_layer(model: keras.Model) -> dict[str, tuple[str, ...]]:
    """List the readers of each layer of the trunk and each head: its name → tasks that depend on it."""
    return {
        f"{layer[1][0]}_head" if layer[0] == "head" else layer_name(*layer): tasks
        for layer, tasks in readers(model.plan).items()
    }


def shared_variables(model: keras.Model) -> list[keras.Variable]:
    """List what is trained and read by several tasks, of the trunk, of what mixes and feeds, of heads."""
    read = readers_by_layer(model)
    layers = (layer for _, _, layer in layers_by_level(model) if len(read[layer.name]) > 1)
    return [variable for layer in layers for variable in layer.trainable_variables]


def checked_vectors(vectors: Any, tokens: int) -> np.ndarray:
    """Check vectors to start an embedding of so many tokens from; float32 [tokens, features].

    Raises
    ------
    TypeError
        If they are no numbers.
    ValueError
        If they are of another shape, or not all finite.
    """
    try:
        found = np.asarray(vectors, "float32")
    except (TypeError, ValueError):
        raise TypeError(
            f"embedding_matrix must be an array of numbers, not {shown(vectors)}"
        ) from None
    if found.ndim != 2 or len(found) != tokens or not found.shape[1]:
        raise ValueError(
            f"embedding_matrix must have one row for each of the {tokens} tokens of the vocabulary; "
            f"its shape is {found.shape}"
        )
    if not np.isfinite(found).all():
        raise ValueError("embedding_matrix must hold finite numbers; there are others among them")
    return found


def take_over(model: keras.Model, level: str, source: keras.Model) -> None:
    """Give every copy of `level` the values of `source`'s copy for the same task, or of its only one.

    An embedding is taken over token by token; tokens that `source` does not know keep their values.

    Raises
    ------
    ValueError
        If a plan lacks the level, several copies could be meant, or shapes differ.
    """
    if level not in model.plan.levels or level not in source.plan.levels:
        raise ValueError(
            f"level {level!r} must be in both plans: {model.plan.levels}, {source.plan.levels}"
        )
    offered = source.plan.copies(level)
    for copy in model.plan.copies(level):
        wanted = [other for other in offered if set(other[1]) & set(copy[1])] or list(offered)
        if len(wanted) > 1:
            raise ValueError(
                f"level {level!r}: the copy for {copy[1]} could start from any of "
                f"{[other[1] for other in wanted]}; "
                "give a model whose plan has one copy for these tasks"
            )
        values = source.get_layer(layer_name(*wanted[0])).get_weights()
        layer = model.get_layer(layer_name(*copy))
        own = layer.get_weights()
        if level == model.plan.levels[0]:
            rows = [source.vocabulary.id_of(token) for token in model.vocabulary.tokens]
            if values[0].shape[1] == own[0].shape[1]:
                known = np.isin(model.vocabulary.tokens, source.vocabulary.tokens)[:, None]
                rows[: len(SPECIAL)] = range(len(SPECIAL))
                values = [np.where(known, values[0][rows], own[0])]
        if [v.shape for v in values] != [v.shape for v in own]:
            raise ValueError(
                f"level {level!r}: shapes {[v.shape for v in values]} to start from do not fit "
                f"{[v.shape for v in own]}"
            )
        layer.set_weights(values)


def _seeded(recipe: Mapping[str, Any], name: str) -> tuple[Any, int | None]:
    """Make the recipe's initializer, and a seed, for the layer of this name."""
    try:
        initializer = keras.initializers.get(recipe["initializer"])
    except ValueError:
        raise ValueError(
            f"unknown initializer {recipe['initializer']!r}; name one of Keras' own, such as "
            "'glorot_uniform' or 'he_normal'"
        ) from None
    return seeded(initializer, recipe["seed"], name)


def _trunk_layer(
    recipe: Mapping[str, Any], plan: SharingPlan, copy: Copy, causal: bool
) -> keras.layers.Layer:
    level, number = copy[0], numbered(plan.copies(copy[0]))[copy]
    initializer, seed = _seeded(recipe, f"{level}/{number}" if number else level)
    if level == plan.levels[0]:
        return WordEmbedding(
            len(recipe["vocabulary"]) + len(SPECIAL),
            recipe["embedding_dim"],
            embeddings_initializer=keras.initializers.RandomUniform(-0.05, 0.05, seed=seed),
            mask_zero=True,
            dropout=recipe["embedding_dropout"],
            carried=_carried(recipe),
            seed=seed,
            name=layer_name(*copy),
        )
    encoder_named(recipe["encoder"])
    return LAYERS[recipe["encoder"]](
        recipe["units"],
        causal=causal,
        dropout=recipe["dropout"],
        initializer=initializer,
        seed=seed,
        name=layer_name(*copy),
    )


def _carried(recipe: Mapping[str, Any]) -> list[int]:
    """Ids of the marks that every token behind them is told of."""
    if not recipe.get("carry_marks"):
        return []
    found = ids_of_labels(recipe["vocabulary"])
    if not found:
        raise ValueError(
            "carry_marks: the data have no labels' marks to carry; build the model of what "
            "for_generation gives"
        )
    return found


def _joint_layer(recipe: Mapping[str, Any], level: str, joint: Joint) -> keras.layers.Layer:
    name = layer_name(level, joint)
    if joint.kind == "stitch":
        return Stitch([copy[1] for copy in joint.of].index(joint.tasks), name=name)
    if joint.kind == "concat":
        return SideBySide(recipe.get("orthogonality", 0.0), name=name)
    return {"gate": Gate, "feed": LabelEmbedding}[joint.kind](name=name)


def _pooling(
    recipe: Mapping[str, Any], plan: SharingPlan, tasks: Mapping[str, Task]
) -> Callable[[str, Any], Any]:
    """From a task and its top to what its head reads: of sequence tasks, one vector a sentence.

    Sequence tasks that end on the same activations are pooled once.
    """
    pooled: dict[tuple, Any] = {}

    def pool(name: str, x: Any) -> Any:
        if tasks[name].kind != "sequence":
            return x
        path = plan.path(name)
        if path not in pooled:
            ending = (task for task in plan.tasks if plan.path(task) == path)
            first = next(task for task in ending if tasks[task].kind == "sequence")
            pooled[path] = MaskedPooling(recipe["pooling"], name=f"{first}_pooling")(x)
        return pooled[path]

    return pool


def _head(recipe: Mapping[str, Any], task: Task, x: Any, reverse: bool) -> Any:
    """Logits of a task from its activations [batch, features] or [batch, time, features]."""
    initializer, seed = _seeded(recipe, f"{task.name}_head")
    if reverse:
        x = ReverseGradient(name=f"{task.name}_reverse")(x)
    x = keras.layers.Dropout(recipe["dropout"], seed=seed, name=f"{task.name}_dropout")(x)
    classes = len(recipe["vocabulary"]) + len(SPECIAL) if task.kind == "lm" else len(task.labels)
    head = CRFHead if recipe["crf"] and task.kind == "token" else keras.layers.Dense
    return head(classes, kernel_initializer=initializer, name=f"{task.name}_head")(x)
