"""The tasks' own gradients in one step: their inner products, and the one that is followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mtl_tutorial.combining import Combiner
from mtl_tutorial.refusals import asking, demand, plug_in
from mtl_tutorial.startup import keras, tf


@dataclass(frozen=True)
class Place:
    """Something that losses are differentiated along.

    Attributes
    ----------
    tensor
        The value of a variable, or activations.
    level
        Where it is: a level of the plan, ``"head"``, ``"weighting"``, or ``"features"``.
    tasks
        Those whose losses depend on it.
    """

    tensor: Any
    level: str
    tasks: tuple[str, ...]

    @property
    def shared(self) -> bool:
        """Whether several tasks read it in the trunk."""
        return len(self.tasks) > 1 and self.level != "weighting"


@dataclass(frozen=True)
class TaskGradients:
    """Every task's gradient, asked of the tape of one step when it is needed.

    Attributes
    ----------
    tape
        A persistent one, on which the losses were computed.
    losses
        Task → loss, a scalar.
    present
        Task → whether the batch has a label of it, a scalar bool.
    """

    tape: tf.GradientTape
    losses: Mapping[str, Any]
    present: Mapping[str, Any]

    def rows(self, places: Sequence[Place]) -> list[list[Any]]:
        """Give each task's gradient at each place, dense or sparse; None where it does not reach."""
        found = []
        for task, loss in self.losses.items():
            own = [place.tensor for place in places if task in place.tasks]
            along = iter(self.tape.gradient(loss, own) if own else ())
            found.append([next(along) if task in place.tasks else None for place in places])
        return found

    def gramians(self, places: Sequence[Place]) -> dict[str, Any]:
        """Multiply the tasks' gradients: level → inner products at its places, float32 [tasks, tasks]."""
        rows = self.rows(places)
        products: dict[str, list[Any]] = {}
        for place, *column in zip(places, *rows, strict=True):
            products.setdefault(place.level, []).append(_products(column))
        return {level: tf.add_n(parts) for level, parts in products.items()}

    def gramian(self, places: Sequence[Place]) -> Any:
        """Multiply the tasks' gradients over all these places together, float32 [tasks, tasks]."""
        parts = list(self.gramians(places).values())
        return tf.add_n(parts) if parts else tf.zeros([len(self.losses)] * 2)

    def combined(
        self,
        combine: Combiner,
        at: Sequence[Place],
        along: Sequence[Place],
        besides: Sequence[Any] = (),
    ) -> tuple[list[Any], Any]:
        """Combine the tasks' gradients: Σ wₜ gₜ where several share a variable, its own elsewhere.

        Parameters
        ----------
        combine
            From a Gramian to weights w.
        at
            The places whose Gramian of the tasks that are present it gets.
        along
            The variables.
        besides
            Scalars that are minimized with weight 1, beside the tasks' losses.

        Returns
        -------
        list, Tensor
            A gradient a variable, and the weights, float32 [tasks]; 1 of a task that is not compared.
        """
        weights = self._weights(combine, at)
        # One backward pass of Σ wₜ Lₜ rather than a sum of rows: with every weight 1 it is,
        # bit for bit, the gradient of the summed loss.
        losses = [*self.losses.values(), *besides]
        ones = [tf.ones_like(scalar) for scalar in besides]
        shared = self.tape.gradient(
            losses,
            [place.tensor for place in along if place.shared],
            output_gradients=[*tf.unstack(weights, num=len(self.losses)), *ones],
        )
        own = self.tape.gradient(losses, [place.tensor for place in along if not place.shared])
        both = {True: iter(shared), False: iter(own)}
        return [next(both[place.shared]) for place in along], weights

    def _weights(self, combine: Combiner, at: Sequence[Place]) -> Any:
        """Ask `combine` about the Gramian of the tasks that are present and share something."""
        name = plug_in("combine", combine)
        shares = [any(task in place.tasks for place in at) for task in self.losses]
        says = tf.stack(list(self.present.values())) & tf.constant(shares)
        chosen = tf.where(says)  # [n, 1]
        gramian = self.gramian(at)
        gramian = tf.gather(tf.gather(gramian, chosen[:, 0]), chosen[:, 0], axis=1)  # [n, n]

        def asked() -> Any:
            with asking(name):
                kept = isinstance(combine, keras.layers.Layer)  # for each task something of its own
                weights = combine(gramian, chosen[:, 0]) if kept else combine(gramian)
                weights = tf.convert_to_tensor(weights, gramian.dtype)
            n = tf.shape(gramian)[:1]
            fits = tf.reduce_all(tf.shape(weights) == n) if weights.shape.rank == 1 else False
            weights = demand(
                weights, fits, f"{name} must give one weight for each row of the Gramian"
            )
            # A loss that is not a number comes with its own message.
            numbers = [tf.reduce_all(tf.math.is_finite(x)) for x in (weights, gramian)]
            return demand(
                weights, numbers[0] | ~numbers[1], f"{name} gave a weight that is no number"
            )

        weights = tf.cond(tf.shape(gramian)[0] > 0, asked, lambda: tf.zeros([0]))
        return tf.tensor_scatter_nd_update(tf.ones([len(shares)]), chosen, weights)


def dense(gradient: Any) -> Any:
    """Make a gradient one dense tensor: Keras applies `IndexedSlices` wrongly. None stays None."""
    return None if gradient is None else tf.convert_to_tensor(gradient)


def _products(gradients: list[Any]) -> Any:
    """Multiply the tasks' gradients at one place, [tasks, tasks]; None counts as 0."""
    some = next(gradient for gradient in gradients if gradient is not None)
    if isinstance(some, tf.IndexedSlices):
        # An embedding is read once a step, so all of them speak of the same tokens in one order.
        tokens, which = tf.unique(some.indices)
        gradients = [
            None if g is None else tf.math.unsorted_segment_sum(g.values, which, tf.size(tokens))
            for g in gradients
        ]
        some = next(gradient for gradient in gradients if gradient is not None)
    rows = tf.stack([tf.reshape(tf.zeros_like(some) if g is None else g, [-1]) for g in gradients])
    return tf.matmul(rows, rows, transpose_b=True)
