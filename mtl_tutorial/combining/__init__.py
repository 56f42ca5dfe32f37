r"""Gradient combiners: how the tasks' gradients on shared layers become one.

With :math:`J` the matrix whose row :math:`g_t` is the gradient of task :math:`t` on the shared
variables, a combiner is a callable ``combine(gramian) -> weights``: from :math:`G = JJ^\top`,
float [n, n], to :math:`w`, float [n], for the n ≥ 1 tasks that share something and have a label in
this batch; how many these are, only the running graph knows. The shared variables then follow
:math:`d = \sum_t w_t g_t`; a variable that one task alone reaches keeps its own gradient.

A combiner that keeps something from step to step is a Keras layer such as `GradVac`, saved and
loaded with the model: ``combine(gramian, which) -> weights``, with the places of the n tasks among
the model's.

The methods differ in how long :math:`d` is, apart from where it points. `equal`, `pcgrad` and
`GradVac` add gradients up; `mgda`, `CAGrad`, `imtl_g`, `aligned_mtl` and `upgrad` average them; `nash_mtl` gives
:math:`d` the same length in every step. Compare them at a learning rate tuned for each.
"""

from collections.abc import Callable
from typing import Any

from mtl_tutorial import arguments
from mtl_tutorial.combining.impartial import aligned_mtl, imtl_g, nash_mtl
from mtl_tutorial.combining.programs import CAGrad, mgda, upgrad
from mtl_tutorial.combining.projecting import GradVac, pcgrad
from mtl_tutorial.startup import keras, tf

Combiner = Callable[..., Any]


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
def equal(gramian: Any) -> Any:
    r"""Every weight 1: :math:`\sum_t g_t`, the gradient of the plain sum of losses.

    Examples
    --------
    >>> equal(tf.constant([[2.0, -1.0], [-1.0, 2.0]])).numpy()
    array([1., 1.], dtype=float32)
    """
    return tf.ones(tf.shape(gramian)[0], gramian.dtype)


COMBINERS: dict[str, Combiner] = {
    "equal": equal,
    "pcgrad": pcgrad,
    "gradvac": GradVac,
    "mgda": mgda,
    "cagrad": CAGrad(),
    "imtl_g": imtl_g,
    "aligned_mtl": aligned_mtl,
    "upgrad": upgrad,
    "nash_mtl": nash_mtl,
}
"""The combiners by name; `combiner` also takes the names as papers write them, ``"IMTL-G"``."""


def combiner(choice: "str | Combiner | None", tasks: int) -> Combiner | None:
    """Look up the combiner that a name or a callable stands for; None stays None: the losses are summed.

    Parameters
    ----------
    choice
        A name in `COMBINERS`, or ``combine(gramian) -> weights``.
    tasks
        How many the model has.

    Raises
    ------
    TypeError
        For what is neither a name nor a callable of one argument.
    ValueError
        For a name that is not in `COMBINERS`, or a layer that has been used for other tasks.

    Examples
    --------
    >>> combiner("IMTL-G", tasks=3) is combiner("imtl_g", tasks=3) is imtl_g
    True
    """
    if choice is None:
        return None
    if isinstance(choice, str):
        name = choice.lower().replace("-", "_")
        if name not in COMBINERS:
            raise ValueError(
                f"unknown combiner {choice!r}; choose {sorted(COMBINERS)} or a callable"
            )
        named = COMBINERS[name]
        choice = named() if isinstance(named, type) else named
    if isinstance(choice, keras.layers.Layer) and not isinstance(choice, keras.Model):
        if not choice.built:
            choice.build(tasks)
        elif choice.tasks != tasks:
            raise ValueError(
                f"combine={type(choice).__name__} has been combining {choice.tasks} tasks; the model "
                f"has {tasks}: give it a new one"
            )
        return choice
    if callable(choice) and not isinstance(choice, type | keras.Model):
        return arguments.function("combine", choice, "combine(gramian) -> weights", takes=1)
    raise TypeError(
        f"combine must be a name, one of {list(COMBINERS)}, or a function "
        f"combine(gramian) -> weights, not {arguments.shown(choice)}"
    )
