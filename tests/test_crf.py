"""The conditional random field, held against counting all sequences one by one."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.crf import CRFHead, log_partition, marginals, sequence_loss
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.decoding import rules, viterbi
from mtl_tutorial.evaluation import answers, evaluate
from mtl_tutorial.model import MANY_LABELS, build_model, load_model
from mtl_tutorial.prediction import predict, probabilities
from mtl_tutorial.startup import tf
from mtl_tutorial.training import train
from tests.tiny import tiny_data

LABELS = 3


def drawn(seed: int, sentences: int, time: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Scores, transitions, lengths from 1 to `time`."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(scale=2, size=(sentences, time, LABELS)).astype("float32")
    transitions = rng.normal(scale=2, size=(LABELS + 1, LABELS)).astype("float32")
    return scores, transitions, rng.integers(1, time + 1, size=sentences)


def by_counting(scores: np.ndarray, transitions: np.ndarray) -> dict[tuple[int, ...], float]:
    """Each sequence of labels of one sentence → its score."""
    return {
        path: sum(
            scores[t, b] + transitions[path[t - 1] if t else LABELS, b] for t, b in enumerate(path)
        )
        for path in itertools.product(range(LABELS), repeat=len(scores))
    }


def log_sum(values: list[float]) -> float:
    return float(np.logaddexp.reduce(values))


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_the_forward_algorithm_sums_over_all_sequences(seed, time):
    scores, transitions, lengths = drawn(seed, 3, time)
    mask = np.arange(time) < lengths[:, None]
    found = log_partition(tf.constant(scores), tf.constant(transitions), tf.constant(mask)).numpy()
    shares = marginals(tf.constant(scores), tf.constant(transitions), tf.constant(mask)).numpy()
    for i, length in enumerate(lengths):
        paths = by_counting(scores[i, :length], transitions)
        total = log_sum(list(paths.values()))
        assert found[i] == pytest.approx(total, abs=1e-4)
        wanted = np.zeros((time, LABELS))
        for path, value in paths.items():
            for t, label in enumerate(path):
                wanted[t, label] += np.exp(value - total)
        np.testing.assert_allclose(shares[i], wanted, atol=1e-4)


@given(st.integers(0, 10**6), st.integers(1, 4))
def test_the_loss_is_minus_the_log_of_the_labels_share(seed, time):
    """A missing label stands for any; what comes after the last label does not count."""
    scores, transitions, lengths = drawn(seed, 4, time)
    labels = np.random.default_rng(seed).integers(-1, LABELS, size=(4, time), dtype=np.int32)
    labels[np.arange(time) >= lengths[:, None]] = -1
    loss, count = sequence_loss(tf.constant(labels), tf.constant(scores), tf.constant(transitions))
    wanted = 0.0
    for row, own in zip(labels, scores, strict=True):
        last = max(np.flatnonzero(row != -1), default=-1) + 1
        if last:
            paths = by_counting(own[:last], transitions)
            fitting = [
                value
                for path, value in paths.items()
                if all(label in (-1, own) for label, own in zip(row, path, strict=False))
            ]
            wanted += log_sum(list(paths.values())) - log_sum(fitting)
    assert loss.numpy() == pytest.approx(wanted, abs=1e-3)
    assert count.numpy() == (labels != -1).sum()


def test_without_transitions_it_is_cross_entropy():
    scores, transitions, _ = drawn(0, 5, 6)
    labels = np.random.default_rng(0).integers(0, LABELS, size=(5, 6), dtype=np.int32)
    loss, count = sequence_loss(labels, tf.constant(scores), tf.zeros_like(transitions))
    plain = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, scores)
    assert loss.numpy() == pytest.approx(tf.reduce_sum(plain).numpy(), rel=1e-5)
    assert count.numpy() == 30


def test_long_sentences_and_large_scores_stay_finite():
    scores = tf.constant(
        np.random.default_rng(0).normal(scale=50, size=(2, 120, LABELS)), "float32"
    )
    transitions = tf.random.stateless_normal((LABELS + 1, LABELS), [0, 1], stddev=5.0)
    labels = tf.zeros((2, 120), tf.int32)
    with tf.GradientTape() as tape:
        tape.watch((scores, transitions))
        loss, _ = sequence_loss(labels, scores, transitions)
    assert np.isfinite(loss.numpy()) and loss.numpy() > 0
    assert all(np.isfinite(g.numpy()).all() for g in tape.gradient(loss, (scores, transitions)))
    shares = marginals(scores, transitions, labels == 0).numpy()
    np.testing.assert_allclose(shares.sum(axis=-1), 1, atol=1e-3)


@pytest.fixture(scope="module")
def data():
    return tiny_data()


@pytest.fixture(scope="module")
def trained(data):
    model = build_model(data, crf=True, units=8, embedding_dim=8, dropout=0.0)
    train(model, data, epochs=30, batch_size=16, learning_rate=0.01, progress=False)
    return model


def test_only_token_tasks_get_a_crf(trained, data):
    assert isinstance(trained.get_layer("ner_head"), CRFHead)
    assert trained.transitions("mood") is None
    assert trained.transitions("ner").shape == (4, 3)
    assert trained.parameters()["parameters"].sum() == trained.count_params()
    plain = build_model(data, units=8, embedding_dim=8)
    assert trained.count_params() - plain.count_params() == 12
    assert plain.transitions("ner") is None


def test_transitions_are_learned(trained, data):
    """A product stands at the end, after O; never after another, and never at the beginning."""
    learned = trained.transitions("ner").numpy()
    assert np.abs(learned).max() > 0.1
    assert learned[0, 1] > learned[1, 1]
    scores = evaluate(trained, data)["value"]
    assert scores["ner", "f1"] == 1 and scores["mood", "accuracy"] == 1


def test_curves_measure_the_sequence_loss(trained, data):
    part = data["test"]
    logits = trained(tf.constant(part.inputs), training=False)["ner"]
    loss, count = sequence_loss(part.targets["ner"], logits, trained.transitions("ner"))
    assert evaluate(trained, data).loc[("ner", "loss"), "value"] == pytest.approx(
        float(loss / count), rel=1e-4
    )


def test_answers_are_the_best_sequence(data):
    model, part = build_model(data, crf=True, units=8, embedding_dim=8), data["test"]
    strong = np.random.default_rng(0).normal(scale=3, size=(4, 3))
    model.get_layer("ner_head").transitions.assign(strong)
    shares = probabilities(model, part.tokens)["ner"]
    single, best = shares.argmax(axis=-1), answers(model, part)["ner"]
    logits = model(tf.constant(part.inputs), training=False)["ner"].numpy()
    ruled = rules(data.tasks["ner"]) + strong.astype("float32")
    for i, tokens in enumerate(part.tokens):
        n = len(tokens)
        np.testing.assert_allclose(shares[i, :n].sum(axis=-1), 1, atol=1e-4)
        np.testing.assert_array_equal(best[i, :n], viterbi(logits[i, :n], ruled))
    present = part.inputs != 0
    assert (single[present] != logits.argmax(axis=-1)[present]).any()
    assert (single[present] != best[present]).any()


def test_keras_accuracy_without_training_counts_the_most_probable_labels(data):
    model, part = build_model(data, crf=True, units=8, embedding_dim=8), data["test"]
    model.compile()
    strong = np.random.default_rng(0).normal(scale=3, size=(4, 3))
    model.get_layer("ner_head").transitions.assign(strong)
    measured = model.evaluate(part.inputs, part.targets, verbose=0, return_dict=True)
    labels, logits = part.targets["ner"], model.predict(part.inputs, verbose=0)["ner"]
    likely = model.probabilities(part.inputs)["ner"].numpy()
    by_itself, right = logits.argmax(axis=-1) == labels, likely.argmax(axis=-1) == labels
    assert measured["ner_accuracy"] == pytest.approx(right[labels != -1].mean())
    assert by_itself.sum() != right.sum()


def test_a_saved_crf_answers_as_before(trained, data, tmp_path):
    trained.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.transitions("ner"), trained.transitions("ner"))
    text = "the aunt good tea"
    assert predict(loaded, text).equals(predict(trained, text))
    assert predict(trained, text)["ner"].tolist() == ["tea/PROD"]


def test_word_features_are_dropped_in_training_alone(data):
    model = build_model(data, embedding_dropout=0.5, dropout=0.0, units=8, embedding_dim=50)
    inputs = data["test"].inputs
    layer = model.shared_layer("embedding", "mood")
    still, moving = layer(inputs).numpy(), layer(inputs, training=True).numpy()
    np.testing.assert_allclose(still, layer.get_weights()[0][inputs])
    kept = moving != 0
    assert 0.4 < kept.mean() < 0.6
    np.testing.assert_allclose(moving[kept], 2 * still[kept], rtol=1e-5)
    assert layer.compute_mask(inputs).numpy().tolist() == (inputs != 0).tolist()


def test_a_crf_over_thousands_of_labels_is_warned_of_before_it_starts():
    labels = [f"y{i}" for i in range(MANY_LABELS + 1)]
    rows = [{"text": "tea", "y": label} for label in labels]
    data = MultiTaskData.from_rows({"train": rows}, {"y": "token"})
    with pytest.warns(UserWarning, match=r"501 labels of task 'y' looks at 251,001 transitions"):
        build_model(data, crf=True, units=2, embedding_dim=2)
