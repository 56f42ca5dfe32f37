"""Weightings that learn: from gradients, from how losses fall, from epoch to epoch."""

from collections.abc import Mapping
from typing import Any

from mtl_tutorial.arguments import number
from mtl_tutorial.balancing.balancer import Balancer, Seen
from mtl_tutorial.balancing.stateless import TINY, shared_out
from mtl_tutorial.startup import keras, tf


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class Uncertainty(Balancer):
    r"""Weights that are learned as the tasks' noise (Kendall, Gal & Cipolla 2018, arXiv:1705.07115).

    .. math:: \sum_t e^{-s_t} L_t + \tfrac12 s_t

    with a log-variance :math:`s_t = \log \sigma_t^2` a task, 0 at first, that is trained along;
    this is the paper's form for classification. Where the losses stand still the weights are
    :math:`e^{-s_t} = 1 / (2 L_t)`: each task's loss is divided by itself. The sum may well be
    negative. A task that is absent from a batch adds nothing, and its :math:`s_t` stays.

    Parameters
    ----------
    initial
        Where every :math:`s_t` begins.

    Examples
    --------
    >>> weigh = Uncertainty(initial=1.0)
    >>> weigh.build(["ner"])
    >>> round(float(weigh({"ner": tf.constant(2.0)}, {"ner": tf.constant(True)})), 4)  # 2/e + 1/2
    1.2358
    """

    def __init__(self, initial: float = 0.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.initial = number("initial", initial)

    def setup(self, tasks: tuple[str, ...]) -> None:
        self.log_variances = {
            task: self.variable(f"log_variance_{task}", self.initial, task=task) for task in tasks
        }

    def call(self, losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
        return tf.add_n(
            [
                tf.exp(-s) * losses[task] + tf.where(present[task], s / 2, 0.0)
                for task, s in ((task, s.value) for task, s in self.log_variances.items())
            ]
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "initial": self.initial}


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class DWA(Balancer):
    r"""Dynamic weight average (Liu, Johns & Davison 2019): more for tasks whose loss falls slowly.

    .. math:: \sum_t \lambda_t L_t, \quad \lambda = T \operatorname{softmax}(r / \tau),
        \quad r_t = \bar L_t(e-1) / \bar L_t(e-2)

    with :math:`\bar L_t(e)` the mean loss of epoch :math:`e`; in the first two epochs every weight
    is 1. Ratios lie near 1, so the weights do, too: losses that fall to 0.8 and 1.0 of what they
    were give 0.95 and 1.05. An epoch without labels of a task leaves its ratio as it was.

    Parameters
    ----------
    temperature
        :math:`\tau`, 2 in the paper; the larger, the more equal the weights.

    Examples
    --------
    >>> weigh = DWA()
    >>> weigh.build(["ner", "person"])
    >>> weigh.after_epoch({"ner": 1.0, "person": 2.0})
    >>> weigh.after_epoch({"ner": 0.8, "person": 2.0})
    >>> weigh.weights_by_task.numpy().round(2)
    array([0.95, 1.05], dtype=float32)
    """

    def __init__(self, temperature: float = 2.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.temperature = number("temperature", temperature, above=0)

    def setup(self, tasks: tuple[str, ...]) -> None:
        self.last = self.vector("last_losses", 0.0)
        self.ratios = self.vector("ratios", 1.0)
        self.weights_by_task = self.vector("weights", 1.0)

    def call(self, losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
        return tf.reduce_sum(self.weights_by_task.value * tf.stack(list(losses.values())))

    def after_epoch(self, losses: Mapping[str, float]) -> None:
        now, last = tf.constant([losses[task] for task in self.tasks]), self.last.value
        self.ratios.assign(tf.where((now > 0) & (last > 0), now / last, self.ratios.value))
        self.last.assign(tf.where(now > 0, now, last))
        scores = self.ratios.value / self.temperature
        self.weights_by_task.assign(shared_out(scores, tf.ones_like(scores, tf.bool)))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "temperature": self.temperature}


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class GradNorm(Balancer):
    r"""GradNorm (Chen et al. 2018): weights that bring the tasks' gradients to like lengths.

    .. math:: \sum_t w_t L_t, \quad
        \min_w \sum_t \bigl| w_t \|g_t\| - \bar G\, r_t^\alpha \bigr|, \quad
        r_t = \frac{L_t / L_t(0)}{\operatorname{mean}_k L_k / L_k(0)}

    with :math:`g_t` the gradient of :math:`L_t` on the last level on which all tasks share, and
    :math:`\bar G` the mean of all :math:`w_k \|g_k\|`, taken as a constant. After each step the
    weights take one along the slope, :math:`\|g_t\|` up or down, and are scaled to the sum that
    they had, which is the number of tasks. No second derivative is needed, since
    :math:`\|\nabla (w_t L_t)\| = w_t \|g_t\|`.

    The paper's :math:`L_t(0)` is the loss of the first step; here of the first that has a label of
    the task. Weights stay above 0 (the paper leaves that to the step size). A task that is absent,
    or shares nothing, keeps its weight and is not counted in the means.

    Parameters
    ----------
    alpha
        How much faster a task that lags behind is to learn; at 0 all gradients get one length.
        1.5 in the paper's experiments on scenes.
    learning_rate
        Of the weights.

    Examples
    --------
    >>> weigh = GradNorm(alpha=0.0, learning_rate=0.01)
    >>> weigh.build(["ner", "person"])
    >>> losses = dict.fromkeys(["ner", "person"], tf.constant(1.0))
    >>> here = dict.fromkeys(["ner", "person"], tf.constant(True))
    >>> loud_and_quiet = lambda: tf.constant([[4.0, 0.0], [0.0, 1.0]])
    >>> for _ in range(100):
    ...     weigh.after_step(Seen(losses, here, gramian=loud_and_quiet, again=lambda: losses))
    >>> weigh.weights_by_task.numpy().round(1)
    array([0.7, 1.3], dtype=float32)
    """

    LEAST = 1e-3

    def __init__(self, alpha: float = 1.5, learning_rate: float = 0.025, **kwargs: Any):
        super().__init__(**kwargs)
        self.alpha = number("alpha", alpha)
        self.learning_rate = number("learning_rate", learning_rate, above=0)

    def setup(self, tasks: tuple[str, ...]) -> None:
        self.first = self.vector("first_losses", 0.0)
        self.weights_by_task = self.vector("weights", 1.0)

    def call(self, losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
        return tf.reduce_sum(self.weights_by_task.value * tf.stack(list(losses.values())))

    def after_step(self, seen: Seen) -> None:
        losses, weights = tf.stack(list(seen.losses.values())), self.weights_by_task.value
        lengths = tf.sqrt(tf.linalg.diag_part(seen.gramian()))
        counted = tf.stack(list(seen.present.values())) & (lengths > 0)
        self.first.assign(tf.where(counted & (self.first.value == 0), losses, self.first.value))
        fallen = tf.math.divide_no_nan(losses, self.first.value)
        rates = tf.math.divide_no_nan(fallen, _mean(fallen, counted))
        targets = _mean(weights * lengths, counted) * rates**self.alpha
        slopes = tf.sign(weights * lengths - targets) * lengths
        moved = tf.maximum(weights - self.learning_rate * slopes, self.LEAST)
        moved *= tf.math.divide_no_nan(_mean(weights, counted), _mean(moved, counted))
        self.weights_by_task.assign(tf.where(counted, moved, weights))

    def get_config(self) -> dict[str, Any]:
        own = {"alpha": self.alpha, "learning_rate": self.learning_rate}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class FAMO(Balancer):
    r"""FAMO (Liu et al. 2023): all losses fall at the same rate, without any task's own gradient.

    .. math:: c \sum_t z_t \log L_t, \quad z = \operatorname{softmax}(\xi),
        \quad c = \Bigl(\sum_t z_t / L_t\Bigr)^{-1}

    with :math:`z` and :math:`c` constants of the step. After it the losses of the same batch are
    looked at again, and :math:`\xi` follows Adam down :math:`(\partial z / \partial \xi)^\top
    \delta + \gamma \xi`, where :math:`\delta_t` is by how much :math:`\log L_t` has fallen: a
    task that fell faster than the others loses weight. The second look costs a forward pass; with
    dropout its mask is another one, which makes :math:`\delta` noisier.

    In the paper the weights add up to 1; here to the number of tasks that are present, so that a
    step is as long as one of the plain sum. Adam is what the authors' code uses; their Algorithm 2
    takes plain steps. An absent task's :math:`\xi` stays, with Adam's memory of it.

    Parameters
    ----------
    learning_rate
        Of :math:`\xi`: 0.025 in the paper.
    gamma
        Decay of :math:`\xi`: 0.001 in the paper.

    Examples
    --------
    >>> weigh = FAMO()
    >>> weigh.build(["ner", "person"])
    >>> here = dict.fromkeys(["ner", "person"], tf.constant(True))
    >>> before = {"ner": tf.constant(1.0), "person": tf.constant(1.0)}
    >>> after = {"ner": tf.constant(0.5), "person": tf.constant(1.0)}
    >>> for _ in range(10):
    ...     weigh.after_step(Seen(before, here, gramian=lambda: None, again=lambda: after))
    >>> weigh.scores.numpy().round(2)
    array([-0.25,  0.25], dtype=float32)
    """

    def __init__(self, learning_rate: float = 0.025, gamma: float = 0.001, **kwargs: Any):
        super().__init__(**kwargs)
        self.learning_rate = number("learning_rate", learning_rate, above=0)
        self.gamma = number("gamma", gamma, least=0)

    def setup(self, tasks: tuple[str, ...]) -> None:
        self.scores = self.vector("scores", 0.0)
        self.steps, self.means, self.squares = (
            self.vector(f"adam_{name}", 0.0) for name in ("steps", "means", "squares")
        )

    def call(self, losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
        here = tf.stack(list(present.values()))
        weights = shared_out(self.scores.value, here)
        known = tf.where(here, tf.maximum(tf.stack(list(losses.values())), TINY), 1.0)
        scale = tf.math.divide_no_nan(tf.reduce_sum(weights), tf.reduce_sum(weights / known))
        return tf.stop_gradient(scale) * tf.reduce_sum(weights * tf.math.log(known))

    def after_step(self, seen: Seen) -> None:
        here = tf.stack(list(seen.present.values()))
        before, after = (
            tf.math.log(tf.maximum(tf.stack(list(losses.values())), TINY))
            for losses in (seen.losses, seen.again())
        )
        share = shared_out(self.scores.value, here)
        share = tf.math.divide_no_nan(share, tf.reduce_sum(share))
        fell = before - after
        slope = share * (fell - tf.reduce_sum(share * fell)) + self.gamma * self.scores.value
        self._descend(slope, here)

    def _descend(self, slope: Any, here: Any) -> None:
        """Take a step of Adam (Kingma & Ba 2015) for the tasks that are present."""
        steps = self.steps.value + 1
        means = 0.9 * self.means.value + 0.1 * slope
        squares = 0.999 * self.squares.value + 0.001 * slope**2
        step = means / (1 - 0.9**steps) / (tf.sqrt(squares / (1 - 0.999**steps)) + 1e-8)
        new = (steps, means, squares, self.scores.value - self.learning_rate * step)
        for variable, value in zip(
            (self.steps, self.means, self.squares, self.scores), new, strict=True
        ):
            variable.assign(tf.where(here, value, variable.value))

    def get_config(self) -> dict[str, Any]:
        own = {"learning_rate": self.learning_rate, "gamma": self.gamma}
        return {**super().get_config(), **own}


def _mean(values: Any, counted: Any) -> Any:
    """Average those that are counted; 0 if there are none."""
    counts = tf.cast(counted, values.dtype)
    return tf.math.divide_no_nan(tf.reduce_sum(values * counts), tf.reduce_sum(counts))
