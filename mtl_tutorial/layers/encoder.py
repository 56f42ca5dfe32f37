"""What all encoders have in common, and the two simplest: MLP and CNN."""

import zlib
from typing import Any

from mtl_tutorial.startup import keras

ops = keras.ops


def seeded(initializer: Any, seed: int | None, name: str) -> tuple[Any, int | None]:
    """Make an initializer and a seed that depend on `seed` and this name alone; without one, fresh."""
    own = None if seed is None else zlib.crc32(f"{seed}/{name}".encode()) % 2**31
    config = initializer.get_config()
    if "seed" in config:
        initializer = type(initializer).from_config({**config, "seed": own})
    return initializer, own


def silence_padding(x, mask):
    """`x` with zeros at padding, so that no convolution or sum reads what stands there."""
    return x if mask is None else x * ops.expand_dims(ops.cast(mask, x.dtype), -1)


class Encoder(keras.layers.Layer):
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
        Keras initializer of the weights.
    seed
        Seed for dropout.
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
class MLPEncoder(Encoder):
    """Each token by itself through a dense layer with ReLU: the same map at every position."""

    def build(self, input_shape: tuple) -> None:
        self.dense = keras.layers.Dense(
            self.units, activation="relu", kernel_initializer=self.initializer, name="dense"
        )
        self.dense.build(input_shape)

    def call(self, x, mask=None, training=None):
        return self.dropout(self.dense(x), training=training)


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class CNNEncoder(Encoder):
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
        return self.dropout(self.convolution(silence_padding(x, mask)), training=training)
