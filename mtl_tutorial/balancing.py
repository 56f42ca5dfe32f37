"""Loss weightings: how the losses of several tasks become the one number that is minimized.

A weighting is a callable ``weigh(losses) -> scalar`` on a dictionary task → loss (scalar tensor).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mtl_tutorial.startup import keras, tf

Weighting = Callable[[Mapping[str, Any]], Any]


def equal(losses: Mapping[str, Any]) -> Any:
    r"""The plain sum :math:`\sum_t L_t` (unitary scalarization, Kurin et al. 2022).

    The sum, not the mean: another task does not make the steps of the others smaller.

    Examples
    --------
    >>> float(equal({"ner": tf.constant(3.0), "person": tf.constant(1.0)}))
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
        For a negative weight, here; for a task that the model does not have, when it is compiled.

    Examples
    --------
    >>> float(HandSet({"ner": 2.0})({"ner": 3.0, "person": 1.0}))
    7.0
    """

    weights: Mapping[str, float]

    def __post_init__(self) -> None:
        negative = {task: weight for task, weight in self.weights.items() if weight < 0}
        if negative:
            raise ValueError(f"loss weights must not be negative: {negative}")

    def __call__(self, losses: Mapping[str, Any]) -> Any:
        return tf.add_n([self.weights.get(task, 1.0) * loss for task, loss in losses.items()])

    def get_config(self) -> dict[str, Any]:
        return {"weights": dict(self.weights)}


WEIGHTINGS: dict[str, Weighting] = {"equal": equal}


def weighting(choice: "str | Mapping[str, float] | Weighting") -> Weighting:
    """The weighting that a name, a dictionary of weights, or a callable stands for.

    Raises
    ------
    ValueError
        For a name that is not in `WEIGHTINGS`, or a negative weight.
    """
    if isinstance(choice, Mapping):
        return HandSet(choice)
    if callable(choice):
        return choice
    if choice not in WEIGHTINGS:
        raise ValueError(
            f"unknown weighting {choice!r}; choose {sorted(WEIGHTINGS)}, a dict or a callable"
        )
    return WEIGHTINGS[choice]
