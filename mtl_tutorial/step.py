"""One training step of a `MultiTaskModel`, from a batch to the optimizer and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from mtl_tutorial.arguments import shown
from mtl_tutorial.balancing import Balancer, Seen, Weighting
from mtl_tutorial.gradients import Place, TaskGradients, dense
from mtl_tutorial.optimizers import apply_sparing
from mtl_tutorial.recording import GradientMeans
from mtl_tutorial.refusals import asking, plug_in
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.targets import Targets, labeled_share
from mtl_tutorial.trunk import layers_by_level, readers_by_layer


def take_step(model: keras.Model, batch: Any) -> tuple[Any, dict, dict, dict]:
    """Take a step on a batch; give the scalar that was minimized, losses, targets and logits."""
    inputs, targets = model.read(batch, model.class_weights)
    along = _places(model)
    combine = model.combine if any(place.shared for place in along) else None
    with tf.GradientTape(persistent=True) as tape:
        if combine is not None and model.over == "features":
            logits, features = model.with_features(inputs)
        else:
            logits, features = model(inputs, training=True), {}
        losses, present = model.losses_and_presence(targets, logits)
        penalties = model.losses  # asked for once: what the tape did not see has no gradient
        if model.anchors is not None:
            penalties = [*penalties, model.anchors.penalty(present)]
        total = minimized(model.weigh, losses, present, penalties)
    _refuse_foreign(tape, model)
    each = TaskGradients(tape, losses, present)
    if combine is None:
        weights = None
        gradients = tape.gradient(total, [place.tensor for place in along])
    else:
        at = _compared(model, along, features)
        gradients, weights = each.combined(combine, at, along, penalties)
    if model.gradient_means is not None:
        _record(
            model.gradient_means,
            tf.equal(model.optimizer.iterations % model.record, 0),
            each,
            [place for place in along if place.shared],
            lambda: _slopes(tape, total, losses) if weights is None else weights,
            targets,
        )
    _apply(model, [dense(gradient) for gradient in gradients], along, present)
    if isinstance(model.weigh, Balancer):
        model.weigh.after_step(
            Seen(
                losses,
                present,
                gramian=lambda: each.gramian(_last_shared(model, along)),
                again=lambda: model.losses_and_presence(targets, model(inputs, training=True))[0],
            )
        )
    return total, losses, targets, logits


def forget(model: keras.Model, learned: Iterable[Any]) -> None:
    """Stop training the variables of a weighting and a combiner that are no longer the model's."""
    for old in learned:
        if isinstance(old, keras.layers.Layer):
            model._tracker.untrack(old)
            model._layers[:] = [kept for kept in model._layers if kept is not old]


def follow(model: keras.Model, learned: Iterable[Any]) -> None:
    """Train the variables of a weighting and a combiner with the model's own.

    Before Keras 3.14 a layer that is an attribute of a functional model was not among its layers.
    """
    for new in learned:
        known = any(layer is new for layer in model._layers)
        if isinstance(new, keras.layers.Layer) and not known:
            model._layers.append(new)


def minimized(
    weigh: Weighting, losses: Mapping[str, Any], present: Mapping[str, Any], penalties: list[Any]
) -> Any:
    """Weigh the losses and add the penalties of regularizers: the scalar to minimize.

    Raises
    ------
    TypeError
        If the weighting does not give a scalar.
    ValueError
        For whatever it raises itself; both name it.
    """
    name = plug_in("weigh", weigh)
    with asking(name):
        weighed = weigh(losses, present)
    if not tf.is_tensor(weighed) or weighed.shape.rank != 0:
        raise TypeError(f"{name} must give one number, a scalar tensor, not {shown(weighed)}")
    return tf.add_n([weighed, *penalties]) if penalties else weighed


def _places(model: keras.Model) -> list[Place]:
    """List what is trained, in the order of `trainable_variables`: its level and who reads it."""
    readers = readers_by_layer(model)
    read = {
        id(variable): (level, readers[layer.name])
        for level, _, layer in layers_by_level(model)
        for variable in layer.trainable_variables
    }
    if isinstance(model.weigh, Balancer):
        for variable in model.weigh.trainable_variables:
            read[id(variable)] = ("weighting", model.weigh.readers(variable))
    return [Place(v.value, *read[id(v)]) for v in model.trainable_variables]


def _refuse_foreign(tape: tf.GradientTape, model: keras.Model) -> None:
    """Raise if the total depends on a variable that nobody would train."""
    known = {id(variable.value) for variable in model.variables}
    foreign = [v.name.split(":")[0] for v in tape.watched_variables() if id(v) not in known]
    if foreign:
        raise ValueError(
            f"{plug_in('weigh', model.weigh)} reads variables of its own, {foreign}, which nothing "
            "would train; make it a balancing.Balancer, or its variables trainable=False"
        )


def _compared(model: keras.Model, along: list[Place], features: Mapping[str, Any]) -> list[Place]:
    """Find where the combiner's Gramian is taken, see `MultiTaskModel.compile`."""
    if model.over == "trunk":
        return [place for place in along if place.shared]
    if model.over == "last":
        return _last_shared(model, along)
    ends = {id(end): end for end in features.values()}
    return [
        Place(end, "features", tuple(task for task, own in features.items() if own is end))
        for end in ends.values()
    ]


def _last_shared(model: keras.Model, along: list[Place]) -> list[Place]:
    """Find the shared variables of the last level on which all tasks that share anything share."""
    shared = [place for place in along if place.shared]
    everyone = {task for place in shared for task in place.tasks}
    for level in reversed(model.plan.levels):
        here = [place for place in shared if place.level == level]
        if {task for place in here for task in place.tasks} == everyone:
            return here
    return shared  # some share below, others above


def _record(
    means: GradientMeans,
    now: Any,
    each: TaskGradients,
    shared: list[Place],
    weights: Callable[[], Any],
    targets: Mapping[str, Targets],
) -> None:
    """Measure the tasks' gradients on what they share, if it is this step's turn."""

    def measure() -> int:
        present = tf.stack(list(each.present.values()))
        shares = tf.stack([labeled_share(own) for own in targets.values()])
        means.update_state(each.gramians(shared), present, weights(), shares)
        return 0

    tf.cond(now, measure, lambda: 0)


def _slopes(tape: tf.GradientTape, total: Any, losses: Mapping[str, Any]) -> Any:
    """Differentiate the total by each loss: how much it weighs, [tasks]."""
    return tf.stack(tape.gradient(total, list(losses.values()), unconnected_gradients="zero"))


def _apply(
    model: keras.Model, gradients: list, along: list[Place], present: Mapping[str, Any]
) -> None:
    """Take the optimizer's step; what only absent tasks read stays as it is."""
    variables = model.trainable_variables
    places = {id(variable): place for variable, place in zip(variables, along, strict=True)}

    @cache
    def any_of(tasks: tuple[str, ...]) -> Any:
        if set(tasks) == set(model.tasks):
            return None
        here = [present[task] for task in tasks]
        return tf.reduce_any(here) if len(here) > 1 else here[0]

    apply_sparing(
        model.optimizer,
        gradients,
        variables,
        needed=lambda variable: any_of(places[id(variable)].tasks),
        decayed=lambda variable: places[id(variable)].level != "weighting",
    )
