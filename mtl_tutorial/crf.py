"""A conditional random field over the labels of a sentence: sequences are scored, not single tags.

The score of a sequence is the sum of its tokens' scores and of its transitions', that is, of each
label after the one before it; probabilities are a softmax over all sequences (Lafferty, McCallum &
Pereira 2001; on a BiLSTM: Huang, Xu & Yu 2015, arXiv:1508.01991).
"""

from collections.abc import Mapping
from typing import Any

from mtl_tutorial.decoding import NEVER
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.tasks import MISSING


@keras.saving.register_keras_serializable(package="mtl_tutorial")
class CRFHead(keras.layers.Layer):
    """A dense layer that scores every label of a token, and learned `transitions` between labels.

    `transitions` is float [labels + 1, labels]: the score of label b after label a, and in the last
    row at the beginning; 0 at the start of training.

    Parameters
    ----------
    units
        Number of labels.
    kernel_initializer
        Initializer of the dense layer's weights.
    """

    def __init__(self, units: int, kernel_initializer: Any = "glorot_uniform", **kwargs: Any):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.units = units
        self.dense = keras.layers.Dense(units, kernel_initializer=kernel_initializer, name="dense")

    def build(self, input_shape: tuple) -> None:
        self.dense.build(input_shape)
        self.transitions = self.add_weight(
            (self.units + 1, self.units), "zeros", name="transitions"
        )

    def call(self, x: Any) -> Any:
        return self.dense(x)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        initializer = keras.initializers.serialize(self.dense.kernel_initializer)
        return {**super().get_config(), "units": self.units, "kernel_initializer": initializer}


def log_partition(scores: Any, transitions: Any, mask: Any) -> Any:
    """Log of the summed exp(score) of all sequences of labels, float [sentences].

    The forward algorithm: token by token, the sum over all sequences that end in each label.

    Parameters
    ----------
    scores
        Score of each label of each token, float [sentences, time, labels].
    transitions
        As in `CRFHead`.
    mask
        True for tokens, False for padding after them, bool [sentences, time].
    """
    steps = tf.transpose(scores, [1, 0, 2])  # [time, sentences, labels]
    follow = tf.exp(transitions[:-1])  # [label before, label]

    def further(sums: Any, step: tuple) -> Any:
        token, counts = step
        most = tf.reduce_max(sums, axis=1, keepdims=True)  # taken out, so that no exp overflows
        longer = tf.math.log(tf.exp(sums - most) @ follow) + most + token
        return tf.where(counts[:, None], longer, sums)

    ends = tf.foldl(further, (steps[1:], tf.transpose(mask)[1:]), transitions[-1] + steps[0])
    return tf.reduce_logsumexp(ends, axis=1)


def sequence_loss(
    labels: Any, scores: Any, transitions: Any, weights: Any = None
) -> tuple[Any, Any]:
    """−log p(labels) summed over the sentences, in nats, and the number of labels; two scalars.

    Parameters
    ----------
    labels
        Ids, int32 [sentences, time]; where there is none, -1, all labels are summed over.
    scores, transitions
        As in `log_partition`.
    weights
        How much each sentence counts, with its labels, float [sentences]; 1 by default.
    """
    present = tf.not_equal(labels, MISSING)
    known = tf.one_hot(labels, tf.shape(scores)[-1], on_value=True, off_value=False)
    given = tf.where(known | ~present[..., None], scores, NEVER)
    upto_last = tf.cumsum(tf.cast(present, tf.int32), axis=1, reverse=True) > 0
    both = tf.concat([scores, given], axis=0)
    free, bound = tf.split(log_partition(both, transitions, tf.tile(upto_last, [2, 1])), 2)
    losses, counts = free - bound, tf.cast(present, tf.float32)
    if weights is not None:
        losses, counts = losses * weights, counts * weights[:, None]
    return tf.reduce_sum(losses), tf.reduce_sum(counts)


def marginals(scores: Any, transitions: Any, mask: Any) -> Any:
    """How probable each label of each token is, over all sequences: float [sentences, time, labels].

    This is the gradient of `log_partition` by the scores; 0 where the mask is False.
    """
    with tf.GradientTape() as tape:
        tape.watch(scores)
        total = log_partition(scores, transitions, mask)
    return tape.gradient(total, scores)


def label_scores(
    logits: Mapping[str, Any], transitions: Mapping[str, Any], mask: Any
) -> dict[str, Any]:
    """Task → what its labels are chosen by: its logits, or with `transitions` their `marginals`."""
    return {
        task: given if transitions[task] is None else marginals(given, transitions[task], mask)
        for task, given in logits.items()
    }


def label_shares(
    logits: Mapping[str, Any], transitions: Mapping[str, Any], mask: Any
) -> dict[str, Any]:
    """Task → how probable each label is: a softmax of its logits, or with `transitions` `marginals`."""
    return {
        task: tf.nn.softmax(likely) if transitions[task] is None else likely
        for task, likely in label_scores(logits, transitions, mask).items()
    }
