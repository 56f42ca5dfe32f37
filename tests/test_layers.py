"""Layers of the trunk: one harness that each of them goes through, then what each one is."""

import numpy as np
import pytest

from mtl_tutorial.crf import CRFHead
from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.layers import (
    LAYERS,
    BiLSTMEncoder,
    CNNEncoder,
    MaskedPooling,
    MLPEncoder,
    TransformerEncoder,
    WordEmbedding,
)
from mtl_tutorial.model import build_model
from mtl_tutorial.startup import keras, tf
from tests.tiny import tiny_data

LENGTHS = np.array([6, 1, 3, 5, 0])
PRESENT = np.arange(6) < LENGTHS[:, None]
SENTENCES = np.random.default_rng(0).normal(size=(5, 6, 4)).astype("float32")


@pytest.fixture(params=[(name, causal) for name in ENCODERS for causal in (False, True)], ids=str)
def make(request):
    """Call it for an encoder of one kind, always with the same starting values."""
    name, causal = request.param

    def make(units=8, **options):
        initializer = keras.initializers.GlorotUniform(seed=1)
        return LAYERS[name](units, causal=causal, initializer=initializer, seed=1, **options)

    return make


# -- the harness


def test_padding_changes_nothing(make):
    layer = make()
    short = layer(SENTENCES, mask=PRESENT).numpy()
    wider = np.pad(SENTENCES, [(0, 0), (0, 3), (0, 0)], constant_values=9.0)
    long = layer(wider, mask=np.pad(PRESENT, [(0, 0), (0, 3)])).numpy()
    noisy = layer(np.where(PRESENT[..., None], SENTENCES, 7.0), mask=PRESENT).numpy()
    np.testing.assert_allclose(long[:, :6][PRESENT], short[PRESENT], atol=1e-5)
    np.testing.assert_allclose(noisy[PRESENT], short[PRESENT], atol=1e-5)
    assert np.isfinite(long).all()


def test_a_sentence_is_read_alike_alone_and_among_others(make):
    layer = make()
    together = layer(SENTENCES, mask=PRESENT).numpy()
    for sentence, length, read in zip(SENTENCES, LENGTHS, together, strict=True):
        if length:
            alone = layer(sentence[None, :length]).numpy()[0]
            np.testing.assert_allclose(alone, read[:length], atol=1e-5)


def test_a_causal_layer_sees_no_token_ahead(make):
    layer = make()
    changed = SENTENCES.copy()
    changed[:, 3] += 1.0
    reach = np.abs(layer(SENTENCES).numpy() - layer(changed).numpy()).max(axis=(0, 2)) > 0
    assert reach[3]
    assert not layer.causal or not reach[:3].any()


def test_one_seed_gives_one_layer(make):
    one, other = make(dropout=0.5), make(dropout=0.5)
    for layer in (one, other):
        layer.build(SENTENCES.shape)
    for mine, theirs in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    np.testing.assert_array_equal(
        one(SENTENCES, training=True).numpy(), other(SENTENCES, training=True).numpy()
    )
    kernels = [w.ravel()[:8] for w in one.get_weights() if np.ptp(w) > 0]
    assert len({tuple(kernel) for kernel in kernels}) == len(kernels)  # none starts as another


def test_gradients_reach_every_weight_and_are_finite(make):
    layer = make(dropout=0.1)
    layer.build(SENTENCES.shape)
    x = tf.constant(SENTENCES)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x, mask=tf.constant(PRESENT), training=True)
        loss = tf.reduce_sum(tf.square(tf.boolean_mask(y, PRESENT)))
    back, *gradients = tape.gradient(loss, [x, *(v.value for v in layer.trainable_variables)])
    assert all(np.isfinite(g).all() and np.abs(g).max() > 0 for g in [back, *gradients])
    assert not np.abs(back.numpy()[~PRESENT]).max()


def test_it_gives_as_many_features_as_it_has_units(make):
    layer = make()
    assert layer(SENTENCES).shape == layer.compute_output_shape(SENTENCES.shape) == (5, 6, 8)
    for features in (4, 8):
        fresh = make()
        fresh.build((None, None, features))
        name = next(name for name, kind in LAYERS.items() if type(fresh) is kind)
        assert fresh.count_params() == ENCODERS[name].parameters(features, 8, fresh.causal)


def test_a_saved_layer_answers_alike(make, tmp_path):
    inputs = keras.Input((None, 4))
    model = keras.Model(inputs, make(dropout=0.2)(inputs))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(SENTENCES).numpy(), model(SENTENCES).numpy())


@pytest.mark.parametrize("name", ["bilstm", "transformer"])
def test_two_halves_cannot_share_an_odd_number_of_units(name):
    with pytest.raises(ValueError, match="even number of units, not 5"):
        build_model(tiny_data(), encoder=name, units=5)


# -- what each one is


def test_attention_is_a_share_of_what_may_be_seen():
    for causal in (False, True):
        layer = TransformerEncoder(8, causal=causal)
        shares = layer.attention(SENTENCES, mask=PRESENT).numpy()  # [sentence, head, from, to]
        np.testing.assert_allclose(shares[:4].sum(-1), 1, atol=1e-5)
        assert not shares[:4].transpose(0, 3, 1, 2)[~PRESENT[:4]].any()
        assert not causal or not np.triu(shares[0], 1).any()


def test_without_positions_a_transformer_would_not_know_order(monkeypatch):
    turned = SENTENCES[:1, ::-1]
    layer = TransformerEncoder(8)
    assert np.abs(layer(turned).numpy()[:, ::-1] - layer(SENTENCES[:1]).numpy()).max() > 0.01
    nowhere = lambda time, units: keras.ops.zeros((time, units))  # noqa: E731
    monkeypatch.setattr("mtl_tutorial.layers.transformer._positions", nowhere)
    np.testing.assert_allclose(
        layer(turned).numpy()[:, ::-1], layer(SENTENCES[:1]).numpy(), atol=1e-5
    )


def test_attention_is_keras_own():
    layer = TransformerEncoder(4)
    layer.build((None, None, 4))
    theirs = keras.layers.MultiHeadAttention(2, 2)
    read = layer.norms[0](SENTENCES)
    from mtl_tutorial.layers.transformer import _positions

    placed = read + _positions(6, 4)
    theirs.build(placed.shape, placed.shape)
    ours = [layer.to_queries, layer.to_keys, layer.to_values, layer.from_heads]
    values = [value for dense in ours for value in dense.get_weights()]
    theirs.set_weights(
        [v.reshape(w.shape) for v, w in zip(values, theirs.get_weights(), strict=True)]
    )
    wanted, shares = theirs(
        placed, read, placed, attention_mask=PRESENT[:, None, :], return_attention_scores=True
    )
    own = layer.attention(SENTENCES, mask=PRESENT).numpy()
    np.testing.assert_allclose(own[:4], shares.numpy()[:4], atol=1e-5)
    for dense in (layer.wide, layer.narrow):
        dense.set_weights([np.zeros_like(w) for w in dense.get_weights()])
    read_out = layer(SENTENCES, mask=PRESENT).numpy() - SENTENCES
    np.testing.assert_allclose(read_out[:4], wanted.numpy()[:4], atol=1e-5)


def test_masked_pooling_agrees_with_a_loop():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(6, 5, 3)).astype("float32") - 2
    lengths = np.array([5, 1, 2, 4, 3, 0])
    mask = np.arange(5) < lengths[:, None]
    for mode, function in (("max", np.max), ("mean", np.mean)):
        wanted = [
            function(row[:n], axis=0) if n else np.zeros(3)
            for row, n in zip(x, lengths, strict=True)
        ]
        np.testing.assert_allclose(MaskedPooling(mode)(x, mask=mask), wanted, atol=1e-6)


def test_carried_tokens_are_added_to_all_behind_them():
    ids = np.array([[3, 2, 1, 4, 2, 1, 0, 0], [1, 3, 1, 1, 1, 1, 1, 4]])
    layer = WordEmbedding(5, 3, mask_zero=True, carried=[2, 4])
    layer.build()
    (table,) = layer.get_weights()
    for row, found in zip(ids, layer(ids).numpy(), strict=True):
        before = np.zeros(3)
        for token, vector in zip(row, found, strict=True):
            np.testing.assert_allclose(vector, table[token] + before, atol=1e-6)
            before += table[token] * (token in (2, 4))
    np.testing.assert_array_equal(layer.compute_mask(ids), ids != 0)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(ids[:1]))
    gradient = tf.convert_to_tensor(tape.gradient(loss, layer.trainable_variables[0].value))
    counted = [2, 2, 1 + 6 + 1 + 3, 1, 1 + 4]  # each token as itself, carried ones once more behind
    np.testing.assert_allclose(gradient[:, 0], counted)


def test_encoders_are_what_they_say():
    x = np.random.default_rng(2).normal(size=(2, 6, 4)).astype("float32")
    changed = x.copy()
    changed[:, 3] += 1.0
    reach = {}
    for name, layer in {
        "mlp": MLPEncoder(5),
        "cnn": CNNEncoder(5),
        "causal": CNNEncoder(5, causal=True),
        "bilstm": BiLSTMEncoder(4),
        "onward": BiLSTMEncoder(5, causal=True),
    }.items():
        difference = np.abs(layer(x).numpy() - layer(changed).numpy()).max(axis=(0, 2))
        reach[name] = list(np.flatnonzero(difference))
    assert reach == {
        "mlp": [3],
        "cnn": [2, 3, 4],
        "causal": [3, 4, 5],
        "bilstm": [0, 1, 2, 3, 4, 5],
        "onward": [3, 4, 5],
    }


def in_keras_order(kernel, recurrent_kernel, bias, forget=0.0):
    """A BiLSTM's values as `keras.layers.Bidirectional` keeps them; `forget` added to that bias."""
    n = len(recurrent_kernel)  # directions
    for own in zip(np.split(kernel, n, axis=1), recurrent_kernel, np.split(bias, n), strict=True):
        for values, more in zip(own, (0.0, 0.0, forget), strict=True):
            i, candidate, f, o = np.split(values, 4, axis=-1)
            yield np.concatenate([i, f + more, candidate, o], axis=-1)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("masked", [True, False])
def test_the_bilstm_is_keras_own_in_answers_and_gradients(masked, causal):
    rng = np.random.default_rng(3)
    x = tf.constant(rng.normal(size=(5, 6, 4)).astype("float32"))
    present = np.arange(6) < np.array([6, 1, 3, 5, 0] if masked else [6] * 5)[:, None]
    ours = BiLSTMEncoder(6, causal=causal)
    theirs = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True))
    if causal:  # an LSTM of one direction, with all the units
        theirs = keras.layers.LSTM(6, return_sequences=True)
    for layer in (ours, theirs):
        layer.build(x.shape)
    ours.set_weights([rng.normal(size=w.shape) for w in ours.get_weights()])
    theirs.set_weights(list(in_keras_order(*ours.get_weights(), forget=1.0)))
    signal = (rng.normal(size=(5, 6, 6)) * present[..., None]).astype("float32")

    def answers_and_gradients(layer):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, mask=tf.constant(present) if masked else None)
            loss = tf.reduce_sum(y * signal)
        gradients = tape.gradient(loss, [x, *(v.value for v in layer.trainable_variables)])
        return y.numpy()[present], *(g.numpy() for g in gradients)

    y, back, *gradients = answers_and_gradients(ours)
    mine = [y, back, *in_keras_order(*gradients)]
    for own, wanted in zip(mine, answers_and_gradients(theirs), strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-4)


def test_the_two_directions_of_a_bilstm_start_from_different_values():
    layer = BiLSTMEncoder(8, initializer=keras.initializers.GlorotUniform(seed=1), seed=1)
    layer.build((None, None, 4))
    kernel, recurrent_kernel, _ = layer.get_weights()
    assert np.abs(kernel[:, :16] - kernel[:, 16:]).max() > 0.1
    assert np.abs(recurrent_kernel[0] - recurrent_kernel[1]).max() > 0.1
    np.testing.assert_allclose(recurrent_kernel[1] @ recurrent_kernel[1].T, np.eye(4), atol=1e-5)


@pytest.mark.parametrize(
    "layer",
    [
        MLPEncoder(3, dropout=0.1, seed=4),
        CNNEncoder(3, causal=True),
        BiLSTMEncoder(4, dropout=0.2),
        TransformerEncoder(4, dropout=0.2, seed=3),
        WordEmbedding(5, 3, mask_zero=True, dropout=0.3, seed=2),
        WordEmbedding(5, 3, carried=[2, 4]),
        CRFHead(3),
        MaskedPooling("mean"),
    ],
)
def test_layers_can_be_rebuilt_from_their_configuration(layer):
    config = keras.saving.serialize_keras_object(layer)
    assert keras.saving.deserialize_keras_object(config).get_config() == layer.get_config()
