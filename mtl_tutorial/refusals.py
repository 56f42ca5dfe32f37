"""Errors that show only while TensorFlow traces or runs a step, in the course's own words."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from mtl_tutorial.startup import tf

_DEMANDS: dict[str, str] = {}
"""Code → message: TensorFlow hands text on in escapes, and only what is a constant for free."""


def demand(value: Any, condition: Any, message: str) -> Any:
    """Give back `value`; if the running graph finds `condition` false, the step ends.

    A function that is `said_plainly` then raises a `ValueError` with the message.
    """
    code = f"mtl_tutorial demands {zlib.crc32(message.encode())}."
    _DEMANDS[code] = message
    with tf.control_dependencies([tf.debugging.Assert(condition, [code])]):
        return tf.identity(value)


def said_plainly(function: Callable) -> Callable:
    """Wrap a function that runs graphs: what they `demand` is raised as `ValueError`.

    Examples
    --------
    >>> said_plainly(lambda x: demand(x, x > 0, "x must be above 0"))(tf.constant(-2))
    Traceback (most recent call last):
    ValueError: x must be above 0
    """

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except tf.errors.InvalidArgumentError as error:
            found = re.search(r"mtl_tutorial demands \d+\.", error.message)
            if found is None:
                raise
            message = _DEMANDS[found.group()]
        raise ValueError(message)

    return called


def plug_in(argument: str, value: Any) -> str:
    """Name a function that was given as an argument for messages, as in ``weigh=loudest``."""
    return f"{argument}={getattr(value, '__name__', type(value).__name__)}"


@contextmanager
def asking(name: str) -> Iterator[None]:
    """Say of whatever is raised inside that the plug-in of this name raised it."""
    try:
        yield
    except Exception as error:
        numpy = "; it is a part of the graph, so it must compute with TensorFlow, not NumPy"
        hint = numpy if isinstance(error, NotImplementedError) else ""
        raise ValueError(f"{name} failed with {type(error).__name__}: {error}{hint}") from error
