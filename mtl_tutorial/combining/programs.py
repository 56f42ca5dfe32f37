r"""Combiners that are the answer of a small convex program: MGDA, CAGrad, UPGrad.

Each looks for weights of which some are bound from below. Were it known which are not at their
bound, linear equations would give them. With at most eight tasks there are at most
:math:`2^8 - 1 = 255` such sets: all are tried at once, and the best answer that keeps the bounds is
the exact one. The cost doubles with each further task.
"""

from dataclasses import dataclass
from typing import Any

from mtl_tutorial import arguments
from mtl_tutorial.combining.gramian import TINY, cosines, in_double, norms
from mtl_tutorial.startup import keras, tf


def subsets(tasks: Any) -> Any:
    """List every set of tasks, a row of ones and zeros each, float64 [2 ** tasks, tasks].

    Examples
    --------
    >>> subsets(2).numpy().tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    """
    numbers = tf.range(tf.bitwise.left_shift(1, tasks))[:, None]
    bits = tf.bitwise.bitwise_and(tf.bitwise.right_shift(numbers, tf.range(tasks)), 1)
    return tf.cast(bits, tf.float64)


def within(gramian: Any, sets: Any) -> Any:
    """Cut out the Gramian of each set's tasks alone, [sets, tasks, tasks]; ones on the diagonal elsewhere."""
    return gramian * sets * tf.linalg.matrix_transpose(sets) + tf.linalg.diag(1 - sets[:, :, 0])


def best(candidates: Any, values: Any, allowed: Any) -> Any:
    """Choose for every column the candidate of the smallest value among those allowed.

    `candidates` are [sets, tasks, columns], `values` and `allowed` [sets, columns]; the answer is
    [tasks, columns].
    """
    chosen = tf.argmin(tf.where(allowed, values, tf.float64.max), axis=0)
    return tf.transpose(tf.gather(tf.transpose(candidates, [2, 0, 1]), chosen, batch_dims=1))


def quadratic(gramian: Any, weights: Any) -> Any:
    r"""Compute :math:`w^\top G w` of every column :math:`w` of `weights`."""
    return tf.reduce_sum(weights * tf.matmul(gramian, weights), axis=-2)


def steadied(gramian: Any, ridge: float = TINY) -> Any:
    """Scale the Gramian to a mean of 1 on its diagonal, and add a ridge there.

    Rounding gives the Gramian of linearly dependent gradients small eigenvalues of any sign, and
    these would give very large weights that cancel. The ridge is a little larger.
    """
    tasks = tf.shape(gramian)[0]
    mean = tf.linalg.trace(gramian) / tf.cast(tasks, gramian.dtype)
    return tf.math.divide_no_nan(gramian, mean) + ridge * tf.eye(tasks, dtype=gramian.dtype)


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
@in_double
def mgda(gramian: Any) -> Any:
    r"""MGDA: the shortest of all averages of the gradients (Désidéri 2012; Sener & Koltun 2018).

    .. math:: \min_w\, w^\top G w \quad\text{with } w_t \ge 0,\ \sum_t w_t = 1

    Solved exactly, where the papers' code approaches the answer by Frank-Wolfe steps: for the tasks
    :math:`S` that have a weight at all, :math:`w_S \propto G_{SS}^{-1} 1`. The result conflicts
    with no task. It is never longer than the shortest gradient, so that a task which has learned
    all it can decides for the others.

    Examples
    --------
    Gradients (4, 0) and (0, 2): the point nearest to zero on the line between them.

    >>> mgda(tf.constant([[16.0, 0.0], [0.0, 4.0]])).numpy().round(3)
    array([0.2, 0.8], dtype=float32)
    """
    gramian = steadied(gramian, ridge=1e-9)  # averages have no large weights
    sets = subsets(tf.shape(gramian)[0])[1:, :, None]  # [sets, tasks, 1]
    solved = tf.linalg.solve(within(gramian, sets), sets)
    weights = tf.math.divide_no_nan(solved, tf.reduce_sum(solved, axis=1, keepdims=True))
    allowed = tf.reduce_all(weights >= 0, axis=1) & tf.reduce_any(weights > 0, axis=1)
    return best(weights, quadratic(gramian, weights), allowed)[:, 0]


@keras.saving.register_keras_serializable(package="mtl_tutorial")
@dataclass(frozen=True)
class CAGrad:
    r"""CAGrad (Liu et al. 2021): near the mean gradient, what helps the worst-off task most.

    With :math:`g_0` the mean of the gradients:

    .. math:: \max_d\, \min_t\, g_t \cdot d
        \quad\text{with } \|d - g_0\| \le c\,\|g_0\|

    Solved exactly, where the paper's code hands the dual to a numerical optimizer: for the tasks
    :math:`S` that are worst off, :math:`d = g_0 + \sum_{t \in S} x_t g_t` brings the same
    :math:`\lambda = g_t \cdot d` to each, and lies on the ball's surface. The paper divides the
    result by :math:`1 + c^2` in some experiments; here it is left as it is.

    Parameters
    ----------
    c
        Radius of the ball, in lengths of the mean gradient. 0 gives the mean gradient; the larger,
        the nearer to the direction of MGDA. 0.4 by default, as in the paper's experiments on
        scenes.

    Raises
    ------
    TypeError, ValueError
        If `c` is not a number of at least 0.

    Examples
    --------
    >>> CAGrad(0.4)(tf.constant([[16.0, 0.0], [0.0, 4.0]])).numpy().round(3)
    array([0.5  , 0.947], dtype=float32)
    """

    c: float = 0.4

    def __post_init__(self) -> None:
        object.__setattr__(self, "c", arguments.number("c", self.c, least=0))

    @in_double
    def __call__(self, gramian: Any) -> Any:
        gramian = steadied(gramian)
        tasks = tf.shape(gramian)[0]
        mean = tf.fill([tasks, 1], 1 / tf.cast(tasks, gramian.dtype))
        radius = self.c * tf.sqrt(quadratic(gramian, mean))  # [1]
        sets = subsets(tasks)[:, :, None]  # [sets, tasks, 1]
        # G_SS x = λ - G_S mean, so x is linear in λ, and the surface makes λ a root of a square.
        gains = sets * tf.matmul(gramian, mean)
        along, back = tf.split(
            tf.linalg.solve(within(gramian, sets), tf.concat([sets, gains], axis=2)), 2, axis=2
        )
        ones, mixed = tf.reduce_sum(along, axis=1), tf.reduce_sum(back, axis=1)  # [sets, 1]
        square = mixed**2 - ones * (tf.reduce_sum(gains * back, axis=1) - radius**2)
        level = tf.math.divide_no_nan(mixed + tf.sqrt(tf.nn.relu(square)), ones)
        weights = mean + level[:, None] * along - back
        worst = tf.reduce_min(tf.matmul(gramian, weights), axis=1)
        return best(weights, -worst, square >= 0)[:, 0]

    def get_config(self) -> dict[str, Any]:
        return {"c": self.c}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "CAGrad":
        return cls(**config)


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
@in_double
def upgrad(gramian: Any) -> Any:
    r"""UPGrad (Quinton & Rey 2024, "Jacobian Descent for Multi-Objective Optimization").

    Every gradient is replaced by the nearest one that conflicts with no task, and the mean of these
    is taken: :math:`d = \frac{1}{T} \sum_t J^\top v^{(t)}`, where with :math:`e_t` the unit vector

    .. math:: v^{(t)} = \arg\min_v\, v^\top G v \quad\text{with } v \ge e_t

    Solved exactly: for the tasks :math:`S` with :math:`v_S > e_S`, :math:`(Gv)_S = 0`. Solved over
    cosines, too, so that the ridge against linearly dependent gradients is the same for short and
    long ones. The result conflicts with no task, and grows with each gradient in proportion. With
    two tasks it is half of PCGrad's.

    Examples
    --------
    >>> upgrad(tf.constant([[1.0, -0.6], [-0.6, 1.0]])).numpy().round(3)
    array([0.8, 0.8], dtype=float32)
    """
    lengths, cosine = norms(gramian), steadied(cosines(gramian))
    sets = subsets(tf.shape(gramian)[0])[:, :, None]  # [sets, tasks, 1]
    raised = tf.linalg.solve(within(cosine, sets), -sets * cosine)  # [sets, tasks, projected]
    projected = tf.eye(tf.shape(gramian)[0], dtype=gramian.dtype) + raised
    allowed = tf.reduce_all(raised >= 0, axis=1)
    chosen = best(projected, quadratic(cosine, projected), allowed)
    return tf.math.divide_no_nan(tf.linalg.matvec(chosen, lengths), lengths) / tf.cast(
        tf.size(lengths), gramian.dtype
    )
