r"""Loss weightings: how the losses of several tasks become the one number that is minimized.

A weighting is a callable ``weigh(losses, present) -> scalar``. `losses` is a dictionary task → mean
loss over the task's labels in this batch, a scalar tensor, exactly 0 where there is none; `present`
is task → whether there is one, a scalar bool tensor. A task that is not present says nothing: it
must not move the result, nor anything that the weighting keeps.

A weighting that keeps something from step to step is a `Balancer`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mtl_tutorial.arguments import function, listed, one_of, shown
from mtl_tutorial.balancing.balancer import Balancer, Seen
from mtl_tutorial.balancing.learning import DWA, FAMO, GradNorm, Uncertainty
from mtl_tutorial.balancing.stateless import (
    HandSet,
    by_log_labels,
    equal,
    geometric,
    log_losses,
    random,
)
from mtl_tutorial.startup import keras

__all__ = [
    "DWA",
    "FAMO",
    "WEIGHTINGS",
    "Balancer",
    "GradNorm",
    "HandSet",
    "Seen",
    "Uncertainty",
    "Weighting",
    "by_log_labels",
    "equal",
    "geometric",
    "log_losses",
    "random",
    "weighting",
]

Weighting = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]

WEIGHTINGS: dict[str, Any] = {
    "equal": equal,
    "log_labels": by_log_labels,
    "geometric": geometric,
    "log_losses": log_losses,
    "random": random,
    "uncertainty": Uncertainty,
    "dwa": DWA,
    "gradnorm": GradNorm,
    "famo": FAMO,
}
"""The weightings by name; `weighting` also takes the names as papers write them, ``"GradNorm"``."""


def weighting(
    choice: "str | Mapping[str, float] | Weighting", labels: Mapping[str, int]
) -> Weighting:
    """Look up the weighting that a name, a dictionary of weights, or a callable stands for.

    Parameters
    ----------
    choice
        A name in `WEIGHTINGS`, a dictionary task → weight, or ``weigh(losses, present) -> scalar``.
    labels
        The model's tasks, in their order, → among how many labels each chooses.

    Raises
    ------
    ValueError
        For a name that is not in `WEIGHTINGS`, a negative weight or one of an unknown task, or a
        `Balancer` that has been used for other tasks.
    TypeError
        For a callable that does not take ``(losses, present)``, and for anything else.

    Examples
    --------
    >>> weighting("log-labels", {"mood": 2, "ner": 13}) == by_log_labels({"mood": 2, "ner": 13})
    True
    """
    if isinstance(choice, Mapping):
        choice = HandSet(choice)
    elif isinstance(choice, str):
        named = WEIGHTINGS[one_of("weigh", choice.lower().replace("-", "_"), WEIGHTINGS)]
        if named is by_log_labels:
            choice = by_log_labels(labels)
        else:
            choice = named() if isinstance(named, type) else named
    if isinstance(choice, HandSet):
        for task in choice.weights:
            one_of("task in weigh", task, labels)
    if not callable(choice) or isinstance(choice, keras.Model):
        raise TypeError(
            f"weigh must be one of {listed(WEIGHTINGS)}, a dictionary task → weight, or a function "
            f"weigh(losses, present) -> scalar, not {shown(choice)}"
        )
    function("weigh", choice, "weigh(losses, present) -> scalar", takes=2)
    if isinstance(choice, Balancer):
        if not choice.built:
            choice.build(tuple(labels))
        elif choice.tasks != tuple(labels):
            raise ValueError(
                f"weigh={type(choice).__name__} has been weighing {listed(choice.tasks)}; the model has "
                f"{listed(labels)}: give it a new one"
            )
    return choice
