"""Layers that bring copies and answers together: gate, stitch, label embedding, gradient reversal."""

from __future__ import annotations

from typing import Any

from mtl_tutorial.startup import keras, tf

ops = keras.ops


class _Joint(keras.layers.Layer):
    """A layer of several activations [batch, time, features]; the mask of the first goes on."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return next((one for one in mask or () if one is not None), None)


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class Gate(_Joint):
    """A weighed mean of copies: hₜ = Σᵢ gᵢ hᵢ, with g = softmax(W x + b) of what came from below.

    Each token has weights of its own. They start equal (Ma et al. 2018, MMoE; with copies of a
    task's own beside shared ones Tang et al. 2020, CGC).

    Examples
    --------
    >>> import numpy as np
    >>> x, low, high = np.ones((1, 1, 3)), np.zeros((1, 1, 2)), np.full((1, 1, 2), 4.0)
    >>> Gate()([x, low, high]).numpy()
    array([[[2., 2.]]], dtype=float32)
    """

    def build(self, input_shape: Any) -> None:
        below, *copies = input_shape
        self.kernel = self.add_weight((below[-1], len(copies)), "zeros", name="kernel")
        self.bias = self.add_weight((len(copies),), "zeros", name="bias")

    def shares(self, below: Any) -> Any:
        """How much of each copy goes into the mean, [batch, time, copies]."""
        return ops.softmax(ops.matmul(below, self.kernel) + self.bias)

    def call(self, inputs: Any) -> Any:
        below, *copies = inputs
        return ops.einsum("btc,btfc->btf", self.shares(below), ops.stack(copies, axis=-1))


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class Stitch(_Joint):
    """A learned combination of copies: h̃ₐ = Σᵢ αₐᵢ hᵢ (Misra et al. 2016, cross-stitch).

    Parameters
    ----------
    own
        Which of the copies starts with weight 0.9; the others divide 0.1.
    """

    def __init__(self, own: int, **kwargs: Any):
        super().__init__(**kwargs)
        self.own = own

    def build(self, input_shape: Any) -> None:
        copies = len(input_shape)
        start = [0.9 if i == self.own else 0.1 / (copies - 1) for i in range(copies)]
        self.alpha = self.add_weight(
            (copies,), lambda shape, dtype=None: ops.convert_to_tensor(start, dtype), name="alpha"
        )

    def call(self, inputs: Any) -> Any:
        return ops.matmul(ops.stack(inputs, axis=-1), self.alpha)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "own": self.own}


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class SideBySide(_Joint):
    """The features of all copies of a token, one after the other.

    Parameters
    ----------
    orthogonality
        γ of the penalty γ Σ ‖SᵀP‖² over each pair of copies S and P, [time, features] of a
        sentence, by the mean over sentences; it asks them to say different things (Bousmalis et
        al. 2016; Liu, Qiu & Huang 2017).
    """

    def __init__(self, orthogonality: float = 0.0, **kwargs: Any):
        super().__init__(**kwargs)
        self.orthogonality = orthogonality

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if self.orthogonality:
            here = next((m for m in mask or () if m is not None), None)
            self.add_loss(self.orthogonality * _overlap(inputs, here))
        return ops.concatenate(inputs, axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "orthogonality": self.orthogonality}


def _overlap(copies: Any, mask: Any) -> Any:
    """Σ ‖SᵀP‖² over the pairs of copies, the mean over sentences, per token; padding left out."""
    if mask is not None:
        copies = [x * ops.expand_dims(ops.cast(mask, x.dtype), -1) for x in copies]
    products = [
        ops.einsum("btf,btg->bfg", one, other)
        for i, one in enumerate(copies)
        for other in copies[i + 1 :]
    ]
    tokens = ops.shape(copies[0])[1] if mask is None else ops.sum(ops.cast(mask, "float32"), axis=1)
    square = sum(ops.sum(ops.square(product), axis=(1, 2)) for product in products)
    return ops.mean(square / ops.maximum(ops.cast(tokens, "float32") ** 2, 1.0))


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class LabelEmbedding(_Joint):
    """What came from below, and added to it what other tasks answered: x + Σₗ softmax(zₗ) Eₗ.

    Takes x [batch, time, features] and logits z, of tokens or of the whole sentence. The rows of
    each E, one a label, start at 0, so that a fed network starts as one that is not (Hashimoto et
    al. 2017, where they are not added but laid beside).
    """

    def build(self, input_shape: Any) -> None:
        below, *answers = input_shape
        self.tables = [
            self.add_weight((shape[-1], below[-1]), "zeros", name=f"labels_{place}")
            for place, shape in enumerate(answers)
        ]

    def call(self, inputs: Any) -> Any:
        x, *answers = inputs
        for logits, table in zip(answers, self.tables, strict=True):
            embedded = ops.matmul(ops.softmax(logits), table)
            x = x + (ops.expand_dims(embedded, 1) if len(embedded.shape) == 2 else embedded)
        return x


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class ReverseGradient(keras.layers.Layer):
    """Nothing on the way up; on the way down the gradient with its sign turned (Ganin & Lempitsky 2015).

    Examples
    --------
    >>> x = tf.constant(3.0)
    >>> with tf.GradientTape() as tape:
    ...     tape.watch(x)
    ...     y = ReverseGradient()(x) ** 2
    >>> float(y), float(tape.gradient(y, x))
    (9.0, -6.0)
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, x: Any) -> Any:
        return _reversed(x)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape


@tf.custom_gradient
def _reversed(x: Any) -> Any:
    return tf.identity(x), lambda upstream: -upstream
