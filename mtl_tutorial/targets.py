"""What `fit` and `evaluate` are given to learn from and to compare with: checked, and weighed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mtl_tutorial.arguments import mapping, number, one_of, shown
from mtl_tutorial.refusals import demand
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import MISSING, Task


@dataclass(frozen=True)
class Targets:
    """A task's labels in a batch.

    Attributes
    ----------
    ids
        int32 [sentences] or [sentences, time], -1 where there is none.
    weights
        How much each counts in the loss, float32 [sentences] or like `ids`; None where all count
        alike.
    """

    ids: Any
    weights: Any = None


def spread(weights: Any, ids: Any) -> Any:
    """Turn weights of sentences into weights of their labels, if they are not so already."""
    return weights[:, None] if weights.shape.rank < ids.shape.rank else weights


def labeled_share(targets: Targets) -> Any:
    """Measure the share of a batch's sentences that have a label, a scalar.

    Examples
    --------
    >>> float(labeled_share(Targets(tf.constant([[-1, 2], [-1, -1]]))))
    0.5
    """
    there = targets.ids != MISSING
    by_sentence = there if there.shape.rank == 1 else tf.reduce_any(there, axis=1)
    return tf.reduce_mean(tf.cast(by_sentence, tf.float32))


def as_arrays(targets: Any, samples: Any) -> tuple[Any, Any]:
    """Bring Keras' ``y`` and ``sample_weight`` into one form: dictionaries of arrays by task.

    Lists become arrays; a task without weights gets 1 everywhere. What comes in a data set instead
    (`targets` None) stays.

    Raises
    ------
    TypeError
        If `targets` is no dictionary, one of its lists no array, or a weight no number.
    """
    if targets is None:
        return targets, samples
    if not isinstance(targets, Mapping):
        raise TypeError(f"targets must be a dictionary task → label ids, not {shown(targets)}")
    arrays = {}
    for name, labels in targets.items():
        try:
            arrays[name] = np.asarray(labels) if isinstance(labels, list | tuple) else labels
        except ValueError:  # rows of different lengths
            raise TypeError(
                f"targets of task {name!r} must be label ids as an array, not {shown(labels)}"
            ) from None
    if isinstance(samples, Mapping):
        for name in samples:
            one_of("task in sample_weight", name, arrays)
        ones = {name: np.ones(len(labels), "float32") for name, labels in arrays.items()}
        samples = {**ones, **{name: np.asarray(weights) for name, weights in samples.items()}}
        for name, weights in samples.items():
            if weights.dtype.kind not in "fiub":
                raise TypeError(
                    f"sample_weight of task {name!r} must be numbers, not {shown(weights[0])}"
                )
    return arrays, samples


def read_inputs(given: Any, tokens: int) -> Any:
    """Check the inputs that Keras hands to a step: token ids [sentences, time] below `tokens`.

    Raises
    ------
    TypeError
        For anything else. Of ids that no token has the running graph tells, see `refusals.demand`.
    """
    inputs = _tensor(given)
    if not tf.is_tensor(inputs) or not inputs.dtype.is_integer or inputs.shape.rank != 2:
        raise TypeError("inputs must be token ids, whole numbers [sentences, time]")
    wide = tf.cast(inputs, tf.int64)
    return demand(
        inputs,
        tf.reduce_all((wide >= 0) & (wide < tokens)),
        f"inputs must be token ids from 0 to {tokens - 1}; others are among them",
    )


def read_targets(
    tasks: Mapping[str, Task],
    sizes: Mapping[str, int],
    inputs: Any,
    given: Any,
    samples: Any = None,
    classes: Mapping[str, Any] | None = None,
) -> dict[str, Targets]:
    """Check what Keras hands to a step, and weigh it: task → its labels in the batch.

    Parameters
    ----------
    tasks
        Those of the model.
    sizes
        Task → how many labels it has.
    inputs
        Token ids [sentences, time], as `read_inputs` gives them.
    given
        Task → label ids.
    samples
        Keras' ``sample_weight``: a number for each sentence, or task → a number for each sentence
        or label.
    classes
        Task → weight of each of its labels, see `class_weights`.

    Raises
    ------
    TypeError, ValueError
        For anything else; the message names the task. Of ids that the task does not have the
        running graph tells, see `refusals.demand`.
    """
    if not isinstance(given, Mapping):
        raise TypeError(f"targets must be a dictionary task → label ids, not {shown(given)}")
    absent = [name for name in tasks if name not in given]
    if absent:
        raise ValueError(
            f"no targets for {absent}; give every task's, with -1 where a label is missing"
        )
    found = {}
    for name, task in tasks.items():
        ids = _checked(task, _tensor(given[name]), inputs.shape, sizes[name])
        own = _tensor(samples.get(name) if isinstance(samples, Mapping) else samples)
        weights = None if own is None else _sample_weights(name, own, ids)
        if classes and name in classes:
            of_labels = tf.gather(tf.constant(classes[name], tf.float32), tf.maximum(ids, 0))
            weights = of_labels if weights is None else spread(weights, ids) * of_labels
        found[name] = Targets(ids, weights)
    return found


def _tensor(value: Any) -> Any:
    """Turn arrays, which Keras hands on as they are without a graph, into tensors."""
    return tf.convert_to_tensor(value) if isinstance(value, np.ndarray) else value


def _checked(task: Task, labels: Any, shape: Any, size: int) -> Any:
    who = f"targets of task {task.name!r} must be label ids"
    if not tf.is_tensor(labels) or not labels.dtype.is_integer:
        came = f"{labels.dtype.name} numbers" if tf.is_tensor(labels) else shown(labels)
        raise TypeError(f"{who}, whole numbers, not {came}")
    wanted = shape[:1] if task.kind == "sequence" else shape
    if not labels.shape.is_compatible_with(wanted):
        said = "[sentences]" if task.kind == "sequence" else "[sentences, time]"
        raise ValueError(f"{who} {said}, here {wanted}, not of shape {labels.shape}")
    ids = tf.cast(labels, tf.int32)
    return demand(
        ids,
        tf.reduce_all((ids >= MISSING) & (ids < size)),
        f"{who} from 0 to {size - 1}, or {MISSING} where there is no label; others are among them",
    )


def _sample_weights(name: str, weights: Any, ids: Any) -> Any:
    if not any(weights.shape.is_compatible_with(shape) for shape in (ids.shape[:1], ids.shape)):
        raise ValueError(
            f"sample_weight of task {name!r} must be a number for each sentence or each label, "
            f"here {ids.shape}, not of shape {weights.shape}"
        )
    weights = tf.cast(weights, tf.float32)
    return demand(
        weights,
        tf.reduce_all(tf.math.is_finite(weights) & (weights >= 0)),
        f"sample_weight of task {name!r} must be numbers of at least 0; others are among them",
    )


def class_weights(given: Any, tasks: Mapping[str, Task]) -> dict[str, np.ndarray]:
    """Look up each label's weight: task → float32 [labels], 1 for those not named.

    Parameters
    ----------
    given
        Task → label → weight.
    tasks
        Those of the model.

    Raises
    ------
    TypeError, ValueError
        For anything else, an unknown task or label, or a negative weight.

    Examples
    --------
    >>> mood = Task("mood", "sequence", ("bad", "good"))
    >>> class_weights({"mood": {"good": 2.0}}, {"mood": mood})["mood"]
    array([1., 2.], dtype=float32)
    """
    found = {}
    for name, of_labels in mapping("class_weight", given, "task → label → weight").items():
        task = tasks[one_of("task in class_weight", name, tasks)]
        weights = np.ones(len(task.labels), "float32")
        for label, weight in mapping(
            f"class_weight[{name!r}]", of_labels, "label → weight"
        ).items():
            place = task.labels.index(
                one_of(f"label in class_weight[{name!r}]", label, task.labels)
            )
            weights[place] = number(f"class_weight[{name!r}][{label!r}]", weight, least=0)
        found[name] = weights
    return found
