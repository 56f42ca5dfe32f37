"""Weightings that look at nothing but the losses of one batch."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mtl_tutorial.arguments import mapping, number
from mtl_tutorial.startup import keras, tf

TINY = 1e-12
"""The smallest loss whose logarithm is taken; below, a task is as good as learned."""


@keras.saving.register_keras_serializable(package="mtl_tutorial.balancing")
def equal(losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
    r"""Add the losses up, :math:`\sum_t L_t` (unitary scalarization, Kurin et al. 2022).

    The sum, not the mean: another task does not make the steps of the others smaller.

    Examples
    --------
    >>> here = dict.fromkeys(["ner", "person"], tf.constant(True))
    >>> float(equal({"ner": tf.constant(3.0), "person": tf.constant(1.0)}, here))
    4.0
    """
    return tf.add_n(list(losses.values()))


@keras.saving.register_keras_serializable(package="mtl_tutorial")
@dataclass(frozen=True)
class HandSet:
    r"""Weights set by hand: :math:`\sum_t w_t L_t`; a task that is not named has weight 1.

    Raises
    ------
    ValueError
        For a negative weight, here; for a task that the model does not have, by `weighting`.
    TypeError
        For a weight that is no number.

    Examples
    --------
    >>> here = dict.fromkeys(["ner", "person"], tf.constant(True))
    >>> float(HandSet({"ner": 2.0})({"ner": 3.0, "person": 1.0}, here))
    7.0
    """

    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        weights = mapping("weigh", self.weights, "task → weight")
        checked = {t: number(f"weight of {t!r}", w, least=0) for t, w in weights.items()}
        object.__setattr__(self, "weights", checked)

    def __call__(self, losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
        return tf.add_n([self.weights.get(task, 1.0) * loss for task, loss in losses.items()])

    def get_config(self) -> dict[str, Any]:
        return {"weights": dict(self.weights)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "HandSet":
        return cls(**config)


def by_log_labels(labels: Mapping[str, int]) -> HandSet:
    r"""Divide every loss by that of guessing: :math:`\sum_t L_t / \log C_t` (Aghajanyan et al. 2021, Muppet).

    A model that gives each of a task's :math:`C_t` labels the same chance has the loss
    :math:`\log C_t`, so that all tasks begin near 1, however many labels they have.

    Parameters
    ----------
    labels
        Task → among how many labels it chooses. One label, about which there is nothing to learn,
        counts as two.

    Examples
    --------
    >>> {task: round(weight, 3) for task, weight in by_log_labels({"ner": 13, "mood": 2}).weights.items()}
    {'ner': 0.39, 'mood': 1.443}
    """
    return HandSet({task: 1 / math.log(max(n, 2)) for task, n in labels.items()})


@keras.saving.register_keras_serializable(package="mtl_tutorial.balancing")
def geometric(losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
    r"""Geometric loss strategy (Chennupati et al. 2019, MultiNet++): the geometric mean.

    .. math:: \Bigl(\prod_t L_t\Bigr)^{1/T}, \quad
        \frac{\partial}{\partial L_t} = \frac{1}{T L_t} \Bigl(\prod_t L_t\Bigr)^{1/T}

    over the :math:`T` tasks that are present: the weight of a task is inverse to its loss. Computed
    as :math:`\exp(\frac1T \sum_t \log L_t)`, which a product of many small losses does not
    underflow.

    Examples
    --------
    >>> here = {"ner": tf.constant(True), "person": tf.constant(True), "mood": tf.constant(False)}
    >>> losses = {"ner": tf.constant(4.0), "person": tf.constant(1.0), "mood": tf.constant(0.0)}
    >>> round(float(geometric(losses, here)), 4)
    2.0
    """
    tasks = tf.reduce_sum(tf.cast(tf.stack(list(present.values())), tf.float32))
    mean = tf.math.divide_no_nan(log_losses(losses, present), tasks)
    return tf.where(tasks > 0, tf.exp(mean), 0.0)


@keras.saving.register_keras_serializable(package="mtl_tutorial.balancing")
def log_losses(losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
    r"""Add the losses' logarithms up, :math:`\sum_t \log L_t` (a baseline of Navon et al. 2022, Nash-MTL).

    Every task's gradient is divided by its loss, :math:`\nabla L_t / L_t`, so the unit in which a
    loss is measured does not matter (hence their name for it, scale-invariant). It points where
    that of `geometric` does, and becomes no smaller as the losses fall.

    Examples
    --------
    >>> here = {"ner": tf.constant(True), "person": tf.constant(False)}
    >>> round(float(log_losses({"ner": tf.constant(2.0), "person": tf.constant(0.0)}, here)), 4)
    0.6931
    """
    # What is not present becomes log 1, before the logarithm: log 0 would make its gradient NaN.
    shown = {task: tf.where(present[task], loss, 1.0) for task, loss in losses.items()}
    return tf.add_n([tf.math.log(tf.maximum(loss, TINY)) for loss in shown.values()])


@keras.saving.register_keras_serializable(package="mtl_tutorial.balancing")
def random(losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
    r"""Random loss weighting (Lin et al. 2022): new weights in every step, and no method at all.

    .. math:: \sum_t w_t L_t, \quad w = T \operatorname{softmax}(z),\ z_t \sim N(0, 1)

    over the :math:`T` tasks that are present. What it reaches, every method has to beat. In the
    paper the weights add up to 1; here to :math:`T`, so that each is 1 on average and a step is as
    long as one of the plain sum.

    Examples
    --------
    >>> here = dict.fromkeys(["ner", "person"], tf.constant(True))
    >>> round(float(random({"ner": tf.constant(1.5), "person": tf.constant(1.5)}, here)), 4)
    3.0
    """
    here = tf.stack(list(present.values()))
    weights = shared_out(tf.random.normal(tf.shape(here)), here)
    return tf.reduce_sum(weights * tf.stack(list(losses.values())))


def shared_out(scores: Any, present: Any) -> Any:
    """Share out weights by softmax among the tasks that are present; they add up to their number.

    `scores` are float [tasks], `present` bool [tasks]; the weight of an absent task is 0.

    Examples
    --------
    >>> shared_out(tf.constant([0.0, 0.0, 9.0]), tf.constant([True, True, False])).numpy()
    array([1., 1., 0.], dtype=float32)
    """
    here = tf.cast(present, scores.dtype)
    return tf.reduce_sum(here) * here * tf.nn.softmax(tf.where(present, scores, scores.dtype.min))
