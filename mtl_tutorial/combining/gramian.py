r"""What the combiners read off a Gramian :math:`G = JJ^\top` of the tasks' gradients.

Its diagonal holds the squared lengths of the gradients, the rest their scalar products. Combiners
compute in double precision: the Gramian's condition number is the square of the gradients' own.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from mtl_tutorial.startup import tf

TINY = 1e-6
"""What counts as zero beside 1 in a Gramian that was summed up in single precision."""


def in_double(combine: Callable[..., Any]) -> Callable[..., Any]:
    """`combine` computed in double precision, its weights given in the Gramian's own.

    TensorFlow's solvers stop with an error on a Gramian that is not finite. The weights are NaN
    then, as the gradients are, so that training can end and name the task.
    """

    @wraps(combine)
    def combined(*arguments: Any) -> Any:
        *owner, gramian = arguments  # the owner is a combiner with parameters
        finite = tf.reduce_all(tf.math.is_finite(gramian))
        harmless = tf.eye(tf.shape(gramian)[0], dtype=tf.float64)
        sound = tf.where(finite, tf.cast(gramian, tf.float64), harmless)
        weights = tf.cast(combine(*owner, sound), gramian.dtype)
        return tf.where(finite, weights, float("nan"))

    return combined


def norms(gramian: Any) -> Any:
    """Measure the tasks' gradients: their lengths, [tasks]."""
    return tf.sqrt(tf.linalg.diag_part(gramian))


def cosines(gramian: Any) -> Any:
    """Compute the cosines of the angles between the gradients; a zero gradient is orthogonal to all others.

    Examples
    --------
    >>> cosines(tf.constant([[4.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])).numpy()
    array([[ 1. , -0.5,  0. ],
           [-0.5,  1. ,  0. ],
           [ 0. ,  0. ,  1. ]], dtype=float32)
    """
    lengths = norms(gramian)
    cosine = tf.math.divide_no_nan(gramian, lengths[:, None] * lengths[None, :])
    return tf.linalg.set_diag(cosine, tf.ones_like(lengths))


def spectrum(matrix: Any) -> tuple[Any, Any]:
    """Eigenvalues, smallest first, and eigenvectors in columns; values of mere rounding are 0.

    Examples
    --------
    >>> values, _ = spectrum(tf.constant([[1.0, 1.0], [1.0, 1.0]]))
    >>> values.numpy().round(3)
    array([0., 2.], dtype=float32)
    """
    values, vectors = tf.linalg.eigh(matrix)
    return tf.where(values > TINY * values[-1], values, 0.0), vectors
