"""A block of a Transformer, whose attention can be read out."""

from mtl_tutorial.layers.encoder import Encoder, seeded
from mtl_tutorial.startup import keras, tf

ops = keras.ops


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class TransformerEncoder(Encoder):
    """Each token with those it attends to: one block of a Transformer (Vaswani et al. 2017).

    Attention of two heads, then a dense layer of twice the units with ReLU and one back; each is
    added to what came in, and reads it normalized (pre-norm, Xiong et al. 2020). The sinusoidal
    positions enter queries and keys of every level, not what is handed on (as in Carion et al.
    2020), so that a level needs not know whether it is the lowest. Where as many features come in
    as go out they are taken as they are, otherwise through a linear map.

    Raises
    ------
    ValueError
        If the two heads are to share an odd number of units.

    Examples
    --------
    >>> x = ops.ones((1, 4, 8))
    >>> layer = TransformerEncoder(8)
    >>> layer(x).shape
    TensorShape([1, 4, 8])
    >>> layer.attention(x, mask=ops.array([[True, True, False, False]]))[0, 0, 0, 2:].numpy()
    array([0., 0.], dtype=float32)
    """

    heads = 2

    def build(self, input_shape: tuple) -> None:
        if self.units % self.heads:
            raise ValueError(
                f"a Transformer's {self.heads} heads need an even number of units, not {self.units}"
            )
        features, units = input_shape[-1], self.units
        self.linear = None if features == units else self._dense("linear", features, units)
        self.norms = [keras.layers.LayerNormalization(name=f"norm_{n}") for n in (1, 2)]
        for norm in self.norms:
            norm.build((None, None, units))
        self.to_queries = self._dense("to_queries", units, units)
        self.to_keys = self._dense("to_keys", units, units)
        self.to_values = self._dense("to_values", units, units)
        self.from_heads = self._dense("from_heads", units, units)
        self.wide = self._dense("wide", units, 2 * units, "relu")
        self.narrow = self._dense("narrow", 2 * units, units)

    def _dense(self, name: str, features: int, units: int, activation=None):
        """A dense layer whose first values are not those of its neighbors."""
        seed = self.initializer.get_config().get("seed")
        initializer, _ = seeded(self.initializer, seed, name)
        layer = keras.layers.Dense(units, activation, kernel_initializer=initializer, name=name)
        layer.build((None, None, features))
        return layer

    def call(self, x, mask=None, training=None):
        x = x if self.linear is None else self.linear(x)
        read = self.norms[0](x)
        heads = ops.matmul(self._attention(read, mask), self._split(self.to_values(read)))
        joined = ops.reshape(ops.transpose(heads, (0, 2, 1, 3)), ops.shape(x))
        x = x + self.dropout(self.from_heads(joined), training=training)
        read = self.norms[1](x)
        return x + self.dropout(self.narrow(self.wide(read)), training=training)

    def attention(self, x, mask=None):
        """How much each token attends to each: [batch, heads, from, to], summing to 1 over the last.

        Parameters
        ----------
        x
            What the layer is called on, [batch, time, features].
        mask
            True at tokens, False at padding, [batch, time].
        """
        if not self.built:
            self.build(x.shape)
        return self._attention(self.norms[0](x if self.linear is None else self.linear(x)), mask)

    def _attention(self, read, mask):
        placed = read + _positions(ops.shape(read)[1], self.units)
        queries, keys = self._split(self.to_queries(placed)), self._split(self.to_keys(placed))
        scores = ops.matmul(queries, ops.transpose(keys, (0, 1, 3, 2)))  # [batch, heads, from, to]
        scores = scores / (self.units // self.heads) ** 0.5
        time = ops.arange(ops.shape(read)[1])
        seen = ops.ones_like(scores, "bool")
        if self.causal:
            seen = seen & (time[None, :] <= time[:, None])
        if mask is not None:
            seen = seen & ops.cast(mask, "bool")[:, None, None, :]
        return tf.nn.softmax(ops.where(seen, scores, -1e9))

    def _split(self, x):
        """[batch, time, units] as [batch, heads, time, units a head]."""
        batch, time, _ = ops.shape(x)
        x = ops.reshape(x, (batch, time, self.heads, self.units // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))


def _positions(time, units: int):
    """Sines and cosines of each position [time, units], of wavelengths from 2π to 20,000π."""
    rates = 10_000.0 ** (-ops.arange(0, units, 2, dtype="float32") / units)
    angles = ops.cast(ops.arange(time), "float32")[:, None] * rates
    return ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)
