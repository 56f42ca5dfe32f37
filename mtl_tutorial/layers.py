"""Layers of the trunk: embedding, encoders and masked pooling.

Those above the embedding take ``[batch, time, features]`` and the mask ``[batch, time]`` that it
gives out (``mask_zero=True``), and none lets padding change the answer for a sentence.
"""

from typing import Any

from mtl_tutorial.startup import keras, tf

ops = keras.ops


def _silence_padding(x, mask):
    """`x` with zeros at padding, so that no convolution or sum reads what stands there."""
    return x if mask is None else x * ops.expand_dims(ops.cast(mask, x.dtype), -1)


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class WordEmbedding(keras.layers.Embedding):
    """Keras' embedding, with dropout on the features of the tokens.

    Parameters
    ----------
    dropout
        Share of the features dropped in training.
    seed
        Of the dropout.
    args, kwargs
        As in `keras.layers.Embedding`.
    """

    def __init__(self, *args, dropout=0.0, seed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout = keras.layers.Dropout(dropout, seed=seed)

    def call(self, inputs, training=None):
        return self.dropout(super().call(inputs), training=training)

    def get_config(self) -> dict[str, Any]:
        own = {"dropout": self.dropout.rate, "seed": self.dropout.seed}
        return {**super().get_config(), **own}


class _Encoder(keras.layers.Layer):
    """One level of the trunk: some transformation of the sentence, then dropout.

    Parameters
    ----------
    units
        Features of each token it gives out.
    causal
        Whether a token may look only at those before it (needed on a language model's path).
    dropout
        Share of the features dropped in training.
    initializer
        Of the weights, a Keras initializer.
    seed
        Of the dropout.
    """

    def __init__(
        self, units, causal=False, dropout=0.0, initializer="glorot_uniform", seed=None, **kwargs
    ):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.units, self.causal = units, causal
        self.initializer = keras.initializers.get(initializer)
        self.dropout = keras.layers.Dropout(dropout, seed=seed)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "causal": self.causal,
            "dropout": self.dropout.rate,
            "initializer": keras.initializers.serialize(self.initializer),
            "seed": self.dropout.seed,
        }


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class MLPEncoder(_Encoder):
    """Each token by itself through a dense layer with ReLU: the same map at every position."""

    def build(self, input_shape: tuple) -> None:
        self.dense = keras.layers.Dense(
            self.units, activation="relu", kernel_initializer=self.initializer, name="dense"
        )
        self.dense.build(input_shape)

    def call(self, x, mask=None, training=None):
        return self.dropout(self.dense(x), training=training)


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class CNNEncoder(_Encoder):
    """Each token with its neighbors through a convolution of width 3 with ReLU (Kim 2014).

    With ``causal=True`` the window is the token and the two before it.
    """

    width = 3

    def build(self, input_shape: tuple) -> None:
        self.convolution = keras.layers.Conv1D(
            self.units,
            self.width,
            padding="causal" if self.causal else "same",
            activation="relu",
            kernel_initializer=self.initializer,
            name="convolution",
        )
        self.convolution.build(input_shape)

    def call(self, x, mask=None, training=None):
        return self.dropout(self.convolution(_silence_padding(x, mask)), training=training)


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class BiLSTMEncoder(_Encoder):
    """Each token with all of the sentence: an LSTM from the left beside one from the right.

    Each direction (Graves & Schmidhuber 2005) gives half of the units; with ``causal=True`` the
    one from the left gives them all. A direction is one operation of TensorFlow's for the whole
    sentence (``BlockLSTM``), where `keras.layers.LSTM` takes a loop of a dozen a token. XLA does
    not know it: ``jit_compile`` must stay False.

    Raises
    ------
    ValueError
        If two directions are to share an odd number of units.
    """

    def build(self, input_shape: tuple) -> None:
        directions = 1 if self.causal else 2
        if self.units % directions:
            raise ValueError(f"a BiLSTM needs an even number of units, not {self.units}")
        cell = self.units // directions
        # The directions side by side; in each the gates: input, candidate, forget, output.
        gates = directions * 4 * cell
        self.kernel = self.add_weight((input_shape[-1], gates), self.initializer, name="kernel")
        self.recurrent_kernel = self.add_weight(
            (directions, cell, 4 * cell),
            keras.initializers.Orthogonal(seed=self.dropout.seed),
            name="recurrent_kernel",
        )
        self.bias = self.add_weight((gates,), "zeros", name="bias")

    def call(self, x, mask=None, training=None):
        if mask is None:
            mask = ops.ones(ops.shape(x)[:2], "bool")
        lengths = ops.sum(ops.cast(mask, "int32"), axis=1)

        def as_it_is(steps):
            return steps

        def reversed_(steps):  # the tokens of each sentence; its padding stays where it is
            return tf.reverse_sequence(steps, lengths, seq_axis=0, batch_axis=1)

        directions = [as_it_is] if self.causal else [as_it_is, reversed_]
        weights = zip(
            ops.split(self.kernel, len(directions), axis=1),
            ops.unstack(self.recurrent_kernel),
            ops.split(self.bias, len(directions)),
            strict=True,
        )
        steps = ops.transpose(x, (1, 0, 2))  # [time, batch, features]
        read = [
            turn(_lstm(turn(steps), *own)) for turn, own in zip(directions, weights, strict=True)
        ]
        together = ops.transpose(ops.concatenate(read, axis=-1), (1, 0, 2))  # [batch, time, units]
        return self.dropout(together, training=training)


def _lstm(steps, kernel, recurrent_kernel, bias):
    """An LSTM's hidden states [time, batch, cell] from its steps [time, batch, features].

    A forget gate starts open: 1 is added to what goes into it. (``BlockLSTMV2`` would do the same,
    but TensorFlow 2.21 takes its gates in another order on the way back.)
    """
    nothing = tf.zeros_like(bias[: recurrent_kernel.shape[0]])
    start = tf.zeros([tf.shape(steps)[1], recurrent_kernel.shape[0]], steps.dtype)
    return tf.raw_ops.BlockLSTM(
        seq_len_max=tf.shape(steps, tf.int64)[0],
        x=steps,
        cs_prev=start,
        h_prev=start,
        w=ops.concatenate([kernel, recurrent_kernel]),
        wci=nothing,
        wcf=nothing,
        wco=nothing,
        b=bias,
        forget_bias=1.0,
        cell_clip=-1.0,
        use_peephole=False,
    ).h


ENCODERS: dict[str, type[_Encoder]] = {
    "mlp": MLPEncoder,
    "cnn": CNNEncoder,
    "bilstm": BiLSTMEncoder,
}


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class MaskedPooling(keras.layers.Layer):
    """One vector for a sentence: the maximum or mean over its tokens, padding left out.

    Keras' own pooling layers of the maximum take no notice of masks. A sentence without any token
    becomes a vector of zeros.

    Parameters
    ----------
    mode
        ``"max"`` or ``"mean"``.

    Raises
    ------
    ValueError
        For any other mode.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([[[-3.0], [-1.0], [9.0]]])
    >>> MaskedPooling("max")(x, mask=np.array([[True, True, False]])).numpy()
    array([[-1.]], dtype=float32)
    """

    def __init__(self, mode: str = "max", **kwargs: Any):
        super().__init__(**kwargs)
        if mode not in ("max", "mean"):
            raise ValueError(f"pooling must be 'max' or 'mean', not {mode!r}")
        self.supports_masking = True
        self.mode = mode

    def call(self, x, mask=None):
        if mask is None:
            mask = ops.ones(ops.shape(x)[:2], "bool")
        counts = ops.expand_dims(ops.sum(ops.cast(mask, x.dtype), axis=1), -1)  # [batch, 1]
        if self.mode == "mean":
            return ops.sum(_silence_padding(x, mask), axis=1) / ops.maximum(
                counts, 1
            )  # [batch, features]
        lowest = ops.where(ops.expand_dims(mask, -1), x, ops.full_like(x, float("-inf")))
        return ops.where(counts > 0, ops.max(lowest, axis=1), 0.0)  # [batch, features]

    def compute_mask(self, x, mask=None) -> None:
        return None  # a vector has no time left to mask

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (input_shape[0], input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mode": self.mode}
