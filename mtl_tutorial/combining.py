r"""Gradient combiners: how the tasks' gradients on shared layers become one.

With :math:`J` the matrix whose row :math:`g_t` is the gradient of task :math:`t` on the shared
variables, a combiner is a callable ``combine(gramian) -> weights``: from :math:`G = JJ^\top`,
float [tasks, tasks], to :math:`w`, float [tasks]. The shared variables then follow
:math:`\sum_t w_t g_t`; a variable that one task alone reaches keeps its own gradient.
"""

from collections.abc import Callable
from typing import Any

from mtl_tutorial.startup import tf

Combiner = Callable[[Any], Any]


def equal(gramian: Any) -> Any:
    r"""Every weight 1: :math:`\sum_t g_t`, the gradient of the plain sum of losses.

    Examples
    --------
    >>> equal(tf.constant([[2.0, -1.0], [-1.0, 2.0]])).numpy()
    array([1., 1.], dtype=float32)
    """
    return tf.ones(tf.shape(gramian)[0], gramian.dtype)


COMBINERS: dict[str, Combiner] = {"equal": equal}


def combiner(choice: "str | Combiner | None") -> Combiner | None:
    """The combiner that a name or a callable stands for; None stays None: the losses are summed.

    Raises
    ------
    ValueError
        For a name that is not in `COMBINERS`.
    """
    if choice is None or callable(choice):
        return choice
    if choice not in COMBINERS:
        raise ValueError(f"unknown combiner {choice!r}; choose {sorted(COMBINERS)} or a callable")
    return COMBINERS[choice]
