"""`Balancer`: a weighting that keeps something from step to step."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mtl_tutorial.fitting import callbacks_of
from mtl_tutorial.startup import keras


@dataclass(frozen=True)
class Seen:
    """What a `Balancer` may look at after a step. All of it is of one batch.

    Attributes
    ----------
    losses, present
        As the weighting was given them, from before the step.
    gramian
        Call it for the inner products of the tasks' own gradients, unweighted and from before the
        step, on the last level on which all that share anything share: float [tasks, tasks], in the order of
        `losses`; 0 in the rows and columns of absent tasks and of those that do not reach it. It
        costs each task's backward pass down to that level, and nothing if it is not called.
    again
        Call it for the losses of the same batch after the step: task → scalar, 0 where absent. It
        costs a forward pass, with dropout as in training and a mask of its own.
    """

    losses: Mapping[str, Any]
    present: Mapping[str, Any]
    gramian: Callable[[], Any]
    again: Callable[[], Mapping[str, Any]]


class Balancer(keras.layers.Layer):
    """A weighting that keeps something: a small Keras layer, saved and loaded with the model.

    Write ``call(losses, present) -> scalar`` as for any weighting, and override what it needs of
    the rest. `setup` makes its variables. Those it lets be trained are the optimizer's, beside the
    model's own, without weight decay. One made with ``task=`` is a task's own: it is left
    alone, together with the optimizer's memory of it, in steps without a label of that task.
    Everything else a balancer changes itself, in `after_step` and `after_epoch`; validation calls
    neither. Register a subclass with ``keras.saving.register_keras_serializable`` and give what its
    constructor takes in ``get_config``, as for any layer.

    Examples
    --------
    A weighting by how much each loss has fallen on average (the arithmetic, not a recommendation):

    >>> from mtl_tutorial.startup import tf
    >>> class Falling(Balancer):
    ...     def setup(self, tasks):
    ...         self.last = {t: self.variable(f"last_{t}", 1.0, trainable=False) for t in tasks}
    ...
    ...     def call(self, losses, present):
    ...         return tf.add_n([loss / self.last[task] for task, loss in losses.items()])
    ...
    ...     def after_epoch(self, losses):
    ...         for task, loss in losses.items():
    ...             self.last[task].assign(loss)
    >>> falling = Falling()
    >>> falling.build(["ner", "person"])
    >>> falling.after_epoch({"ner": 0.5, "person": 2.0})
    >>> here = dict.fromkeys(["ner", "person"], tf.constant(True))
    >>> float(falling({"ner": tf.constant(1.0), "person": tf.constant(1.0)}, here))
    2.5
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**{"dtype": "float32", **kwargs})
        self.own: dict[str, list[Any]] = {}
        """Task → the variables that are that task's alone."""

    def build(self, tasks: Collection[str]) -> None:
        """Take the names of the model's tasks, in their order, from ``compile``; call `setup`."""
        self.tasks = tuple(tasks)
        self.own = {task: [] for task in self.tasks}
        self.setup(self.tasks)

    def setup(self, tasks: tuple[str, ...]) -> None:
        """Make the variables, with `variable` or Keras' ``add_weight``."""

    def variable(
        self, name: str, initial: float, trainable: bool = True, task: str | None = None
    ) -> Any:
        """Make a scalar float32 variable; with `task` it is that task's alone."""
        start = keras.initializers.Constant(initial)
        made = self.add_weight(initializer=start, trainable=trainable, name=name)
        if task is not None:
            self.own[task].append(made)
        return made

    def vector(self, name: str, initial: float) -> Any:
        """Make a float32 variable [tasks] that the balancer changes itself."""
        start = keras.initializers.Constant(initial)
        return self.add_weight((len(self.tasks),), start, trainable=False, name=name)

    def readers(self, variable: Any) -> tuple[str, ...]:
        """Name the tasks in whose steps a variable is trained: one, or all."""
        own = [
            task for task, variables in self.own.items() if any(v is variable for v in variables)
        ]
        return tuple(own) or self.tasks

    def call(self, losses: Mapping[str, Any], present: Mapping[str, Any]) -> Any:
        """Give the scalar to minimize, as any weighting does."""
        raise NotImplementedError(f"{type(self).__name__} needs call(losses, present)")

    def after_step(self, seen: Seen) -> None:
        """Learn from a step, when the optimizer has taken it; part of the traced step: TensorFlow alone."""

    def after_epoch(self, losses: Mapping[str, float]) -> None:
        """Learn from an epoch of `fit`: task → mean training loss over its labels, 0.0 without any."""


class AfterEpoch(keras.callbacks.Callback):
    """Tells a balancer of each epoch's mean losses."""

    def __init__(self, weigh: Balancer):
        super().__init__()
        self.weigh = weigh

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self.weigh.after_epoch({task: (logs or {})[f"{task}_loss"] for task in self.weigh.tasks})


def with_after_epoch(callbacks: Any, weigh: Any) -> Any:
    """Add a callback that tells a balancer of each epoch to what `fit` takes as callbacks."""
    heard = [AfterEpoch(weigh)] if isinstance(weigh, Balancer) else []
    if not isinstance(callbacks, keras.callbacks.CallbackList):
        return [*callbacks_of(callbacks), *heard]
    callbacks.callbacks.extend(heard)
    return callbacks
