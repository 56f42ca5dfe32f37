"""What `fit` and `train` are told beside data: callbacks, and how often; checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mtl_tutorial.arguments import integer, sequence, shown
from mtl_tutorial.startup import keras

COUNTS = {"epochs": 1, "batch_size": 1, "steps_per_epoch": 1, "initial_epoch": 0}
"""What Keras counts → the least that makes sense."""


def callbacks_of(given: Any) -> list[keras.callbacks.Callback]:
    """List callbacks, one or several.

    Raises
    ------
    TypeError
        For anything that is no callback.

    Examples
    --------
    >>> callbacks_of(None), len(callbacks_of(keras.callbacks.TerminateOnNaN()))
    ([], 1)
    >>> callbacks_of(["progress"])
    Traceback (most recent call last):
    TypeError: callbacks must be a list of Keras callbacks; 'progress' (a string) is none
    """
    kind = keras.callbacks.Callback
    several = [given] if isinstance(given, kind) else () if given is None else given
    several = list(sequence("callbacks", several, "Keras callbacks"))
    for callback in several:
        if not isinstance(callback, kind):
            raise TypeError(
                f"callbacks must be a list of Keras callbacks; {shown(callback)} is none"
            )
    return several


def counted(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the same options of `fit`, its counts as Python's whole numbers.

    Raises
    ------
    TypeError, ValueError
        For a count that is none, or below 1.

    Examples
    --------
    >>> counted({"epochs": 2.0, "verbose": 0})
    {'epochs': 2, 'verbose': 0}
    """
    return {
        name: integer(name, value, least=COUNTS[name])
        if name in COUNTS and value is not None
        else value
        for name, value in options.items()
    }
