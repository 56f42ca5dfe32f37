"""From the vectors of the tokens to one of the sentence."""

from typing import Any

from mtl_tutorial.layers.encoder import silence_padding
from mtl_tutorial.startup import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class MaskedPooling(keras.layers.Layer):
    """One vector for a sentence: the maximum or mean over its tokens, padding left out.

    Keras' own max pooling ignores masks. A sentence without any token
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
            return ops.sum(silence_padding(x, mask), axis=1) / ops.maximum(
                counts, 1
            )  # [batch, features]
        # Finite, since exported graphs multiply what is left out by 0.
        lowest = ops.where(ops.expand_dims(mask, -1), x, ops.full_like(x, -1e30))
        return ops.where(counts > 0, ops.max(lowest, axis=1), 0.0)  # [batch, features]

    def compute_mask(self, x, mask=None) -> None:
        return None  # a vector has no time left to mask

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (input_shape[0], input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "mode": self.mode}
