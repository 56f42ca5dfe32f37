"""From token ids to vectors: the lowest level of the trunk."""

from typing import Any

from mtl_tutorial.startup import keras


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class WordEmbedding(keras.layers.Embedding):
    """Keras' embedding, with dropout on the features of the tokens.

    Parameters
    ----------
    dropout
        Share of the features dropped in training.
    seed
        Seed for dropout.
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
