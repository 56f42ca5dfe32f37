"""How the tasks' gradients lie to one another, and what batches are made of, as means over an epoch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from mtl_tutorial.startup import keras, tf


class GradientMeans(keras.metrics.Metric):
    """Means of cosines, norms, weights and shares over the steps that were measured.

    Parameters
    ----------
    tasks
        Their names, in the order of Gramians and weights.
    levels
        The levels that several tasks share, from the words up.
    """

    def __init__(self, tasks: Sequence[str], levels: Sequence[str], **kwargs: Any):
        super().__init__(**kwargs)
        self.task_names, self.levels = list(tasks), list(levels)
        places, n = len(levels) + 1, len(tasks)  # the trunk as a whole is the first place
        # Sums and how many went into them.
        self.cosines = self.add_variable((2, places, n, n), "zeros", name="cosines")
        self.norms = self.add_variable((2, places, n), "zeros", name="norms")
        self.weights = self.add_variable((2, n), "zeros", name="weights")
        self.shares = self.add_variable((2, n), "zeros", name="shares")

    def update_state(self, gramians: Any, present: Any, weights: Any, shares: Any) -> None:
        """Take in a step.

        Parameters
        ----------
        gramians
            Level → inner products of the tasks' gradients there, float32 [tasks, tasks]; a level
            that is not trained may be left out.
        present
            Which tasks have a label in this batch, bool [tasks]; the others do not count.
        weights
            Weights of the tasks' losses or gradients, float32 [tasks].
        shares
            Which share of the batch's sentences has a label of each task, float32 [tasks]; 0 counts.
        """
        nothing = tf.zeros([len(self.task_names)] * 2)
        at_levels = [gramians.get(level, nothing) for level in self.levels]
        products = tf.stack([tf.add_n(at_levels), *at_levels])  # [places, tasks, tasks]
        norms = tf.sqrt(tf.linalg.diag_part(products))  # [places, tasks]
        there = present & (norms > 0)  # a task may not come by a level
        both = there[:, :, None] & there[:, None, :]
        cosines = tf.math.divide_no_nan(products, norms[:, :, None] * norms[:, None, :])
        for means, values, count in (
            (self.cosines, cosines, both),
            (self.norms, norms, there),
            (self.weights, weights, present),
            (self.shares, shares, tf.ones_like(present)),
        ):
            means.assign_add(tf.stack([tf.where(count, values, 0.0), tf.cast(count, tf.float32)]))

    def rows(self) -> list[tuple[str, str, float]]:
        """List the means since the last reset as (task, metric, mean), without what never occurred.

        ``("ner+person", "cosine", …)`` and ``("ner", "norm", …)`` over the whole shared trunk, the
        same with ``"cosine embedding"`` and ``"norm embedding"`` for each level, and
        ``("ner", "weight", …)``, ``("ner", "share", …)``.
        """
        sums = (self.cosines, self.norms, self.weights, self.shares)
        cosines, norms, weights, shares = (variable.numpy() for variable in sums)
        places = ["", *(f" {level}" for level in self.levels)]
        tasks = list(enumerate(self.task_names))
        found = [
            (f"{a}+{b}", f"cosine{place}", cosines[:, p, i, j])
            for (i, a), (j, b) in combinations(tasks, 2)
            for p, place in enumerate(places)
        ]
        for i, task in tasks:
            found += [(task, f"norm{place}", norms[:, p, i]) for p, place in enumerate(places)]
            found += [(task, "weight", weights[:, i]), (task, "share", shares[:, i])]
        return [(task, metric, float(np.divide(*both))) for task, metric, both in found if both[1]]

    def result(self) -> dict[str, Any]:
        return {}  # no part of Keras' logs, which would cost every step their means
