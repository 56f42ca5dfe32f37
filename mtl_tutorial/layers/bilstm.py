"""A BiLSTM that is one operation a direction; causal, an LSTM that reads forwards."""

from mtl_tutorial.layers.encoder import Encoder
from mtl_tutorial.startup import keras, tf

ops = keras.ops


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class BiLSTMEncoder(Encoder):
    """Each token with all of the sentence: an LSTM from the left beside one from the right.

    Each direction (Graves & Schmidhuber 2005) gives half of the units. With ``causal=True``, so on
    the path of a language model, it is an LSTM (Hochreiter & Schmidhuber 1997): the direction from
    the left alone, with all the units. A direction is one operation of TensorFlow's for the whole
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
