"""Every task's curve, measured while a model trains."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mtl_tutorial.data import Split
from mtl_tutorial.evaluation import measure
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.step import minimized
from mtl_tutorial.stopping import Ending
from mtl_tutorial.tasks import MISSING

CURVE_SENTENCES = 500
"""Labeled training sentences a task on which the training curve is measured; also those for penalties."""


class Curves(keras.callbacks.Callback):
    """Measures every task after each epoch, and takes over what the model records of gradients.

    Validation values go into Keras' ``logs``: ``val_loss``, the loss that is minimized;
    ``val_<task>_loss`` and ``val_<task>_<score>``; ``val_score``, the mean score of the tasks. To be
    in the ``logs`` of other callbacks it must stand before them. An epoch that `ending` broke off,
    or after which a loss is not a number, is not measured.

    Parameters
    ----------
    model
        What to measure.
    parts
        Name of a split → the sentences on which to measure.
    validation
        The split whose scores go into ``logs``, or None.
    steps
        Steps an epoch.
    ending
        Is told when a loss is not a number.
    """

    def __init__(
        self,
        model: Any,
        parts: Mapping[str, Split],
        validation: str | None,
        steps: int,
        ending: Ending,
    ):
        super().__init__()
        self.measured, self.parts, self.validation = model, parts, validation
        self.steps, self.ending = steps, ending
        self.rows: list[tuple] = []
        self.first, self.first_step = model.trained
        self.epoch = self.first

    def step_of(self, epoch: int) -> int:
        """How many steps the model has been trained after an epoch."""
        return self.first_step + (epoch - self.first) * self.steps

    def measure(self, epoch: int) -> None:
        """Add a row ``epoch, step, task, split, metric, value`` for every task, split and metric."""
        step = self.step_of(epoch)
        rows = [
            (epoch, step, task, split, metric, value)
            for split, part in self.parts.items()
            for task, metric, value in measure(self.measured, part)
        ]
        bad = [
            task
            for *_, task, split, metric, value in rows
            if metric == "loss"
            and not math.isfinite(value)
            and self.parts[split].labeled(task).any()
        ]
        if epoch > self.first and bad:  # it was the last step of the epoch
            self.ending.not_a_number(bad[0], epoch)
            return
        means = self.measured.gradient_means
        if means is not None:
            rows += [(epoch, step, task, "train", name, mean) for task, name, mean in means.rows()]
            means.reset_state()
        self.rows += rows
        self.epoch = epoch

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        if self.ending.why:
            return
        self.measure(epoch + 1)
        if logs is not None and self.validation is not None and not self.ending.why:
            logs.update(self._validation_logs())

    def latest(self, split: str) -> dict[tuple[str, str], float]:
        """(task, metric) → what was measured last on a split; gradients are no part of it."""
        judged = {(task.name, task.score) for task in self.measured.tasks.values()}
        return {
            (task, metric): value
            for epoch, _, task, part, metric, value in self.rows
            if (epoch, part) == (self.epoch, split)
            and (metric == "loss" or (task, metric) in judged)
        }

    def _validation_logs(self) -> dict[str, float]:
        values = self.latest(str(self.validation))
        losses = {task: value for (task, metric), value in values.items() if metric == "loss"}
        scores = [value for (_, metric), value in values.items() if metric != "loss"]
        present = {task: tf.constant(not math.isnan(loss)) for task, loss in losses.items()}
        given = {
            task: tf.constant(np.float32(np.nan_to_num(loss))) for task, loss in losses.items()
        }
        return {
            "val_loss": float(minimized(self.measured.weigh, given, present, self._penalties())),
            **{f"val_{task}_{metric}": value for (task, metric), value in values.items()},
            "val_score": float(np.nanmean(scores)) if not np.isnan(scores).all() else math.nan,
        }

    def _penalties(self) -> list[Any]:
        """What regularizers and layers add to the loss, on up to `CURVE_SENTENCES` sentences.

        A layer says it when it is called: what was said last belongs to a step of the training.
        """
        if self.measured.losses:
            inputs = self.parts[str(self.validation)].inputs[:CURVE_SENTENCES]
            self.measured(tf.constant(inputs), training=False)
        return self.measured.losses


def curve_sample(split: Split, tasks: Sequence[str], seed: int) -> Split:
    """Up to `CURVE_SENTENCES` labeled sentences of each task; labels beyond those are left out."""
    rng = np.random.default_rng(seed)
    chosen = {t: rng.permutation(np.flatnonzero(split.labeled(t)))[:CURVE_SENTENCES] for t in tasks}
    rows = np.unique(np.concatenate(list(chosen.values())))
    sample = split.take(rows)
    for task in tasks:
        target = sample.targets[task].copy()
        target[~np.isin(rows, chosen[task])] = MISSING
        sample.targets[task] = target
    return sample
