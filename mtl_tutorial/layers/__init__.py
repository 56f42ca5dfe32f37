"""Layers of the trunk: embedding, encoders and masked pooling.

Those above the embedding take ``[batch, time, features]`` and the mask ``[batch, time]`` that it
gives out (``mask_zero=True``), and none lets padding change the answer for a sentence.
"""

from mtl_tutorial.layers.bilstm import BiLSTMEncoder
from mtl_tutorial.layers.embedding import WordEmbedding
from mtl_tutorial.layers.encoder import CNNEncoder, Encoder, MLPEncoder
from mtl_tutorial.layers.pooling import MaskedPooling
from mtl_tutorial.layers.transformer import TransformerEncoder

LAYERS: dict[str, type[Encoder]] = {
    "mlp": MLPEncoder,
    "cnn": CNNEncoder,
    "bilstm": BiLSTMEncoder,
    "transformer": TransformerEncoder,
}
"""Name in `encoders.ENCODERS` → its layer."""

__all__ = [
    "LAYERS",
    "BiLSTMEncoder",
    "CNNEncoder",
    "Encoder",
    "MLPEncoder",
    "MaskedPooling",
    "TransformerEncoder",
    "WordEmbedding",
]
