"""Combiners that mend a gradient against each of the others in turn: PCGrad, GradVac."""

from typing import Any

from mtl_tutorial.arguments import number
from mtl_tutorial.combining.gramian import in_double
from mtl_tutorial.startup import keras, tf


def meetings(tasks: Any) -> Any:
    """Draw whom each task meets, in an order of its own: int32 [meetings, tasks]; itself as well."""
    return tf.transpose(tf.argsort(tf.random.uniform([tasks, tasks])))


@keras.saving.register_keras_serializable(package="mtl_tutorial.combining")
@in_double
def pcgrad(gramian: Any) -> Any:
    r"""PCGrad (Yu et al. 2020, "Gradient Surgery for Multi-Task Learning", Algorithm 1).

    Every task meets the others in an order of its own, drawn anew in each step. Where its gradient
    conflicts with :math:`g_j`, it gives up its part along :math:`g_j`:

    .. math:: g_i \leftarrow g_i - \frac{g_i \cdot g_j}{\|g_j\|^2} g_j
        \quad\text{if } g_i \cdot g_j < 0

    where :math:`g_j` is the other's gradient as it came. The mended gradients are added up. With
    two tasks nothing is left to chance, and the sum conflicts with neither; with three or more it
    depends on the orders, and may still conflict with a task.

    Examples
    --------
    Two gradients of length 1 with cosine -0.6: each loses its part against the other.

    >>> pcgrad(tf.constant([[1.0, -0.6], [-0.6, 1.0]])).numpy().round(3)
    array([1.6, 1.6], dtype=float32)
    """
    tasks = tf.shape(gramian)[0]

    def meet(mended: Any, others: Any) -> Any:
        """Row i of `mended` says how much of every task's gradient is in that of task i."""
        product = tf.reduce_sum(mended * tf.gather(gramian, others), axis=1)
        conflict = (product < 0) & (others != tf.range(tasks))
        squares = tf.gather(tf.linalg.diag_part(gramian), others)
        part = tf.where(conflict, tf.math.divide_no_nan(product, squares), 0.0)
        less = part[:, None] * tf.one_hot(others, tasks, dtype=gramian.dtype)
        return tf.ensure_shape(mended - less, mended.shape)

    unmended = tf.eye(tasks, dtype=gramian.dtype)
    return tf.reduce_sum(tf.foldl(meet, meetings(tasks), unmended), axis=0)


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class GradVac(keras.layers.Layer):
    r"""Gradient Vaccine (Wang et al. 2021): as PCGrad, but toward the usual cosine instead of 0.

    For every pair the layer remembers a target :math:`\hat\varphi_{ij}`, 0 at first. Where the
    cosine :math:`\varphi` of :math:`g_i`, as mended so far, and :math:`g_j` lies below it,

    .. math:: g_i \leftarrow g_i + \frac{\|g_i\| \bigl(\hat\varphi \sqrt{1 - \varphi^2}
        - \varphi \sqrt{1 - \hat\varphi^2}\bigr)}{\|g_j\| \sqrt{1 - \hat\varphi^2}}\, g_j

    which brings the cosine up to it. Then, in any case,
    :math:`\hat\varphi_{ij} \leftarrow (1 - \beta) \hat\varphi_{ij} + \beta \varphi`. The first
    step is that of PCGrad. Targets of tasks that are absent stay.

    Parameters
    ----------
    beta
        How much of a target the cosine of one step replaces, 0 to 1; 0.5 as in LibMTL and TorchJD.

    Examples
    --------
    >>> combine = GradVac()
    >>> combine.build(2)
    >>> both = tf.constant([0, 1])
    >>> for cosine in (0.8, -0.6):
    ...     weights = combine(tf.constant([[1.0, cosine], [cosine, 1.0]]), both)
    >>> weights.numpy().round(2)  # the first of them set the target to 0.4, the half of 0.8
    array([1.95, 1.95], dtype=float32)
    """

    def __init__(self, beta: float = 0.5, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.beta = number("beta", beta, least=0, most=1)

    def build(self, tasks: int) -> None:
        """Take the number of the model's tasks from ``compile``."""
        self.tasks = tasks
        self.targets = self.add_weight((tasks, tasks), "zeros", trainable=False, name="targets")

    def call(self, gramian: Any, which: Any) -> Any:
        """`which` tasks of the model the rows of the Gramian belong to, int [n]."""
        tasks = tf.shape(gramian)[0]
        pairs = tf.stack(tf.meshgrid(which, which, indexing="ij"), axis=-1)
        lengths = tf.sqrt(tf.linalg.diag_part(gramian))

        def meet(state: Any, others: Any) -> Any:
            mended, targets = state
            chosen = tf.one_hot(others, tasks)
            own = tf.sqrt(tf.nn.relu(tf.reduce_sum(mended * tf.matmul(mended, gramian), axis=1)))
            other, target = tf.gather(lengths, others), tf.reduce_sum(targets * chosen, axis=1)
            product = tf.reduce_sum(mended * tf.gather(gramian, others), axis=1)
            cosine = tf.clip_by_value(tf.math.divide_no_nan(product, own * other), -1, 1)
            sine, target_sine = tf.sqrt(1 - cosine**2), tf.sqrt(1 - target**2)
            lift = own * (target * sine - cosine * target_sine)
            lift = tf.math.divide_no_nan(lift, other * target_sine)
            another = tf.cast(others != tf.range(tasks), tf.float32)
            lift *= another * tf.cast(cosine < target, tf.float32)
            moved = another * self.beta * (cosine - target)
            return (
                tf.ensure_shape(mended + lift[:, None] * chosen, mended.shape),
                tf.ensure_shape(targets + moved[:, None] * chosen, targets.shape),
            )

        start = (tf.eye(tasks), tf.gather_nd(self.targets.value, pairs))
        mended, targets = tf.foldl(meet, meetings(tasks), start)
        self.targets.assign(tf.tensor_scatter_nd_update(self.targets.value, pairs, targets))
        return tf.reduce_sum(mended, axis=0)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "beta": self.beta}
