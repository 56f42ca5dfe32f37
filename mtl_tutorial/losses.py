"""Losses over the labels present, and their means over an epoch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mtl_tutorial.crf import sequence_loss
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.targets import Targets, spread
from mtl_tutorial.tasks import MISSING


def labeled_loss(targets: Targets, logits: Any, transitions: Any = None) -> tuple[Any, Any]:
    """Sum the cross entropy over the labels present, and count these; two scalars.

    Parameters
    ----------
    targets
        Labels, and how much each counts in both scalars.
    logits
        Float [..., labels].
    transitions
        Of a `CRFHead`: the loss is then that of whole sequences, `crf.sequence_loss`.
    """
    labels, weights = targets.ids, targets.weights
    if transitions is not None:
        return sequence_loss(labels, logits, transitions, weights)
    present = tf.not_equal(labels, MISSING)
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.where(present, labels, 0), logits)
    counts = tf.cast(present, tf.float32)
    if weights is not None:
        weights = spread(weights, labels)
        losses, counts = losses * weights, counts * weights
    return tf.reduce_sum(tf.where(present, losses, 0.0)), tf.reduce_sum(counts)


def mean_losses(
    targets: Mapping[str, Targets], logits: Mapping[str, Any], transitions: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Average losses over the labels present: task → mean, exactly 0 without any; task → whether any.

    Parameters are those of `labeled_loss`, by task.

    Raises
    ------
    ValueError
        If single labels of a task with a CRF are weighed.
    """
    sums = {}
    for task, own in targets.items():
        by_label = own.weights is not None and own.weights.shape.rank != 1
        if by_label and transitions[task] is not None:
            raise ValueError(
                f"task {task!r} has a CRF, whose loss is one of whole sentences: give sample_weight "
                "a number for each sentence, and leave out class_weight"
            )
        sums[task] = labeled_loss(own, logits[task], transitions[task])
    losses = {task: tf.math.divide_no_nan(*both) for task, both in sums.items()}
    return losses, {task: labels > 0 for task, (_, labels) in sums.items()}


class LabelMeans(keras.metrics.Metric):
    """Every task's loss and accuracy over the labels seen so far: ``<task>_loss``, ``<task>_accuracy``.

    The answers are the labels that stand highest in `likely`: logits, or with a CRF the marginal
    probabilities. In a training step these would cost as much as the loss; logits stand in. Weights
    of labels count in the loss; in the accuracy each label counts once.
    """

    def __init__(self, tasks: list[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.task_names = tasks
        self.sums = self.add_variable((5, len(tasks)), "zeros", name="sums")  # see update_state

    def update_state(
        self, losses: Mapping[str, Any], targets: Mapping[str, Targets], likely: Mapping[str, Any]
    ) -> None:
        columns = []
        for task in self.task_names:
            ids, weights = targets[task].ids, targets[task].weights
            present = tf.cast(tf.not_equal(ids, MISSING), tf.float32)
            answers = tf.argmax(likely[task], axis=-1, output_type=tf.int32)
            labels = tf.reduce_sum(present)
            mass = labels if weights is None else tf.reduce_sum(present * spread(weights, ids))
            hits = tf.cast(tf.equal(answers, ids), tf.float32)
            # Answers are never -1, so a missing label is never hit.
            finite = tf.cast(tf.math.is_finite(losses[task]), tf.float32)
            columns.append(
                tf.stack([losses[task] * mass, tf.reduce_sum(hits), mass, labels, finite])
            )
        self.sums.assign_add(tf.stack(columns, axis=1))

    def first_not_finite(self) -> str | None:
        """Find the task whose loss was the first that is not a number; None if all are numbers."""
        loss_sums, *_, finite_steps = self.sums.numpy()
        if np.isfinite(loss_sums).all():
            return None
        return self.task_names[int(finite_steps.argmin())]

    def result(self) -> dict[str, Any]:
        means = tf.math.divide_no_nan(self.sums.value[:2], self.sums.value[2:4])
        names = [f"{task}_{name}" for name in ("loss", "accuracy") for task in self.task_names]
        return dict(zip(names, tf.unstack(tf.reshape(means, [-1])), strict=True))
