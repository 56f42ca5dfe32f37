"""From token ids to vectors: the lowest level of the trunk."""

from collections.abc import Sequence
from typing import Any

from mtl_tutorial.startup import keras

ops = keras.ops


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class WordEmbedding(keras.layers.Embedding):
    """Keras' embedding, with dropout on the features of the tokens.

    Parameters
    ----------
    dropout
        Share of the features dropped in training.
    seed
        Seed for dropout.
    carried
        Ids of tokens whose vector is added to that of every token behind them, so that each step
        is told of them: xₜ = E(wₜ) + Σ E(wₛ) over the carried wₛ with s < t.
    args, kwargs
        As in `keras.layers.Embedding`.

    Examples
    --------
    >>> layer = WordEmbedding(4, 1, embeddings_initializer="ones", carried=[2])
    >>> layer(ops.array([[1, 2, 3, 3]]))[0, :, 0].numpy()
    array([1., 1., 2., 2.], dtype=float32)
    """

    def __init__(self, *args, dropout=0.0, seed=None, carried: Sequence[int] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.carried = tuple(carried)
        self.dropout = keras.layers.Dropout(dropout, seed=seed)

    def call(self, inputs, training=None):
        x = super().call(inputs)
        if self.carried:
            here = ops.any(ops.equal(ops.expand_dims(inputs, -1), self.carried), axis=-1)
            marks = ops.where(here[..., None], x, 0.0)
            x = x + ops.cumsum(marks, axis=1) - marks  # what stands before a token, not itself
        return self.dropout(x, training=training)

    def get_config(self) -> dict[str, Any]:
        own = {"dropout": self.dropout.rate, "seed": self.dropout.seed}
        return {**super().get_config(), **own, "carried": list(self.carried)}
