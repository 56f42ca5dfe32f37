r"""Combiners under which no task is louder than another: IMTL-G, Aligned-MTL, Nash-MTL."""

from typing import Any

from mtl_tutorial.combining.gramian import TINY, cosines, in_double, norms, spectrum
from mtl_tutorial.startup import keras, tf

NEWTON_STEPS = 20


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
@in_double
def imtl_g(gramian: Any) -> Any:
    r"""IMTL-G (Liu et al. 2021, "Towards Impartial Multi-task Learning"): equal projections.

    With :math:`u_t = g_t / \|g_t\|`, the weights with :math:`\sum_t w_t = 1` for which
    :math:`d = \sum_t w_t g_t` goes equally far along every gradient:

    .. math:: d \cdot u_1 = \dots = d \cdot u_T,
        \quad\text{that is}\quad w_t \propto \frac{(C^+ 1)_t}{\|g_t\|}

    where :math:`C` holds the cosines of the gradients. The paper inverts a matrix that has no
    inverse if gradients are linearly dependent; the pseudo-inverse :math:`C^+` then makes the
    projections as equal as they can be. Weights may be negative. Should all of them together be,
    the paper's step climbs on every task; here its sign is changed, and it descends. Weights that
    cancel to nothing, as of two opposite gradients, are 0.

    Examples
    --------
    Gradients (4, 0) and (0, 2): d = (4/3, 4/3).

    >>> imtl_g(tf.constant([[16.0, 0.0], [0.0, 4.0]])).numpy().round(3)
    array([0.333, 0.667], dtype=float32)
    """
    values, vectors = spectrum(cosines(gramian))
    turned = tf.math.divide_no_nan(tf.reduce_sum(vectors, axis=0), values)
    weights = tf.math.divide_no_nan(tf.linalg.matvec(vectors, turned), norms(gramian))
    total, size = tf.abs(tf.reduce_sum(weights)), tf.reduce_sum(tf.abs(weights))
    return tf.where(total > TINY * size, weights / total, 0.0)


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
@in_double
def aligned_mtl(gramian: Any) -> Any:
    r"""Aligned-MTL (Senushkin et al. 2023): gradients made orthogonal and equally long, at least change.

    With :math:`G = V \Lambda V^\top`, and :math:`\lambda_{\min}` the smallest eigenvalue above 0:

    .. math:: w = \sqrt{\lambda_{\min}}\; V \Lambda^{-1/2} V^\top \tfrac{1}{T} 1

    Directions without an eigenvalue are left out, as in the paper. The mean of the aligned
    gradients is taken; LibMTL takes their sum.

    Examples
    --------
    Gradients (4, 0) and (0, 2) are orthogonal already; both get the length of the shorter one.

    >>> aligned_mtl(tf.constant([[16.0, 0.0], [0.0, 4.0]])).numpy().round(3)
    array([0.25, 0.5 ], dtype=float32)
    """
    values, vectors = spectrum(gramian)
    smallest = tf.reduce_min(tf.where(values > 0, values, values[-1]))
    scales = tf.sqrt(tf.math.divide_no_nan(smallest, values))
    return tf.linalg.matvec(vectors, scales * tf.reduce_mean(vectors, axis=0))


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
@in_double
def nash_mtl(gramian: Any) -> Any:
    r"""Nash-MTL (Navon et al. 2022, "Multi-Task Learning as a Bargaining Game").

    The tasks bargain for the direction, and agree on the one with the largest product of gains
    :math:`\prod_t g_t \cdot d`; it solves

    .. math:: G w = 1 / w, \quad w > 0

    Over the cosines :math:`C`, with :math:`\beta_t = w_t \|g_t\|`, this is the minimum of
    :math:`\tfrac12 \beta^\top C \beta - \sum_t \log \beta_t`, found by Newton steps, each
    damped by one plus its own size (the Newton decrement); the paper's code solves a sequence of
    convex programs. However long the gradients are, :math:`\|d\| = \sqrt T`; the paper's code
    clips that to 1 and can keep the weights for several steps, here they are computed anew.

    Examples
    --------
    Gradients (4, 0) and (0, 2): d = (1, 1).

    >>> nash_mtl(tf.constant([[16.0, 0.0], [0.0, 4.0]])).numpy().round(3)
    array([0.25, 0.5 ], dtype=float32)
    """
    cosine = cosines(gramian)
    beta = tf.ones_like(norms(gramian))
    for _ in range(NEWTON_STEPS):
        slope = tf.linalg.matvec(cosine, beta) - 1 / beta
        curvature = cosine + tf.linalg.diag(1 / beta**2)
        step = tf.linalg.solve(curvature, slope[:, None])[:, 0]
        decrement = tf.sqrt(tf.nn.relu(tf.reduce_sum(slope * step)))
        beta -= step / (1 + decrement)
    return tf.math.divide_no_nan(beta, norms(gramian))
