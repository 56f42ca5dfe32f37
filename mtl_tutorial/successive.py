"""Successive regularization: the task in turn holds what is shared near what the turn before has left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mtl_tutorial.startup import keras, tf
from mtl_tutorial.trunk import shared_variables


class Anchors:
    r"""What the shared variables were when the turn began, and the penalty for moving away from it.

    While one task is trained, its loss is

    .. math:: L_t + \delta \sum_i \lVert \theta_i - \theta'_i \rVert^2

    over the shared variables :math:`\theta_i`: those that several tasks read, of the trunk and of
    what mixes and feeds; heads are free, but for one whose answers are fed to another task.
    :math:`\theta'_i` is the value that it had at the end of the turn before, be it of this epoch
    or of the last; in the first turn of a training, the value that the training began with. A turn
    ends where the next batch has labels of another task.

    Hashimoto, K., Xiong, C., Tsuruoka, Y., & Socher, R. (2017). A Joint Many-Task Model: Growing a
    Neural Network for Multiple NLP Tasks. EMNLP, section 3. There each task has the penalty on the
    layers below its own alone, and δ is smaller for embeddings and layers than for heads.

    Parameters
    ----------
    delta
        δ, at least 0.
    variables
        The shared ones.

    Examples
    --------
    >>> shared = keras.Variable([1.0, 2.0])
    >>> anchors = Anchors(0.5, [shared])
    >>> float(anchors.penalty({"role": tf.constant(True), "person": tf.constant(False)}))
    0.0
    >>> _ = shared.assign([1.0, 4.0])
    >>> float(anchors.penalty({"role": tf.constant(True), "person": tf.constant(False)}))
    2.0
    >>> float(anchors.penalty({"role": tf.constant(False), "person": tf.constant(True)}))
    0.0
    """

    def __init__(self, delta: float, variables: Sequence[keras.Variable]):
        self.delta = delta
        self.variables = tuple(variables)
        self.values = [tf.Variable(variable.value, trainable=False) for variable in self.variables]
        self.turn = tf.Variable(-1, trainable=False)

    def penalty(self, present: Mapping[str, Any]) -> Any:
        """Penalize how far the variables are from their anchors, a scalar; a new turn moves these first.

        Parameters
        ----------
        present
            Task → whether the batch has a label of it, a scalar bool.
        """
        now = tf.argmax(tf.stack(list(present.values())), output_type=tf.int32)
        tf.cond(tf.equal(now, self.turn), lambda: 0, lambda: self._move(now))
        return self.delta * tf.add_n(
            [
                tf.reduce_sum(tf.square(variable.value - value))
                for variable, value in zip(self.variables, self.values, strict=True)
            ]
        )

    def _move(self, now: Any) -> int:
        for variable, value in zip(self.variables, self.values, strict=True):
            value.assign(variable.value)
        self.turn.assign(now)
        return 0


@contextmanager
def holding(model: keras.Model, delta: float) -> Iterator[None]:
    """Within it, the model's training steps have the penalty of `Anchors`; with δ of 0, nothing new.

    Raises
    ------
    ValueError
        If its plan shares nothing.
    """
    if not delta:
        yield
        return
    shared = shared_variables(model)
    if not shared:
        raise ValueError(
            "successive_regularization holds what tasks share, but the plan of this model shares nothing"
        )
    model.anchors, model.train_function = Anchors(delta, shared), None  # traced with them
    try:
        yield
    finally:
        model.anchors = model.train_function = None
