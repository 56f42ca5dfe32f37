"""Which task helps which, measured while they train together: the callback `Affinity`."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from mtl_tutorial.arguments import instance, integer, number
from mtl_tutorial.data import Split
from mtl_tutorial.gradients import dense
from mtl_tutorial.keras_model import MultiTaskModel
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.trunk import layers_by_level


class Affinity(keras.callbacks.Callback):
    r"""Measure how much a step for one task would lower the loss of another (Fifty et al. 2021).

    On a batch of labeled sentences, :math:`Z_{i \to j} = 1 - L_j(\theta - \eta g_i) / L_j(\theta)`:
    the shared variables :math:`\theta` take a step along the gradient of task :math:`i`, the losses
    are looked at, and the step is taken back. Above zero, *i* helps *j* for the moment. The training
    itself is the same with and without it, to the last bit.

    Parameters
    ----------
    part
        Sentences from which the batches are drawn, such as ``data["train"]``; only those with a
        label of every task count.
    size
        Sentences a batch.
    rate
        :math:`\eta`, the length of the step that is looked at.
    seed
        Of the batches.

    Attributes
    ----------
    rows
        ``(epoch, i, j, Z)`` after each epoch: means over the batches of that epoch.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or not allowed; when the training begins, if no sentence
        has a label of every task.
    """

    def __init__(self, part: Split, size: int = 64, rate: float = 0.01, seed: int = 0):
        super().__init__()
        self.part = instance("part", part, Split)
        self.size = integer("size", size, least=1)
        self.rate = number("rate", rate, above=0)
        self.rng = np.random.default_rng(integer("seed", seed, least=0))
        self.rows: list[tuple[int, str, str, float]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        """Find the sentences that count, and what is shared."""
        model = instance("model", self.model, MultiTaskModel)
        self.tasks = list(model.tasks)
        labeled = np.all([self.part.labeled(task) for task in self.tasks], axis=0)
        self.known = np.flatnonzero(labeled)
        if not self.known.size:
            raise ValueError(f"no sentence of part has a label of each of {self.tasks}")
        self.shared = [
            variable
            for _, readers, layer in layers_by_level(model)
            if len(readers) > 1
            for variable in layer.trainable_variables
        ]
        self.look = tf.function(self._look, autograph=False)
        self.seen: list[np.ndarray] = []

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Look ahead once; Keras calls this as often as ``steps_per_execution`` says."""
        rows = self.rng.choice(self.known, min(self.size, self.known.size), replace=False)
        sentences = self.part.take(rows)
        targets = {task: sentences.targets[task] for task in self.tasks}
        self.seen.append(self.look(sentences.inputs, targets).numpy())

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Keep the means of the epoch."""
        means = np.mean(self.seen, axis=0)
        self.rows += [
            (epoch + 1, self.tasks[i], self.tasks[j], float(means[i, j]))
            for i, j in product(range(len(self.tasks)), repeat=2)
        ]
        self.seen = []

    def _look(self, inputs: Any, targets: Any) -> Any:
        """Z, float32 [tasks, tasks]: the row's task takes the step, the column's is looked at."""
        model, variables = self.model, self.shared

        def losses() -> list[Any]:
            found = model.losses_by_task(targets, model(inputs, training=False))
            return [found[task] for task in self.tasks]

        with tf.GradientTape(persistent=True) as tape:
            before = losses()
        places = [variable.value for variable in variables]
        steps = [tape.gradient(loss, places, unconnected_gradients="zero") for loss in before]
        kept = [tf.identity(place) for place in places]
        after = []
        for step in steps:
            for variable, start, gradient in zip(variables, kept, step, strict=True):
                variable.assign(start - self.rate * dense(gradient))
            after.append(tf.stack(losses()))
        for variable, start in zip(variables, kept, strict=True):
            variable.assign(start)
        return 1 - tf.stack(after) / tf.stack(before)
