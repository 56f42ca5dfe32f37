from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.pipeline import batches, order
from mtl_tutorial.sampling import SAMPLINGS, chances
from mtl_tutorial.startup import tf
from mtl_tutorial.text import PAD, UNK
from tests.tiny import tiny_data


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


def test_batches_hold_the_labeled_sentences_once_an_epoch_and_no_more_padding_than_needed(data):
    few = data.with_labels({"mood": 10, "person": 10}, seed=3)
    found = list(batches(few["train"], ["mood", "person"], 4, seed=0))
    rows = np.flatnonzero(few["train"].labeled("mood") | few["train"].labeled("person"))
    assert sum(len(tokens) for tokens, _ in found) == len(rows)
    seen = sorted(tuple(t[t != 0]) for tokens, _ in found for t in tokens.numpy())
    assert seen == sorted(tuple(t[t != 0]) for t in few["train"].inputs[rows])
    for tokens, targets in found:
        assert (tokens.numpy()[:, -1] != 0).any()
        assert set(targets) == {"mood", "person"}


def test_arrays_may_lie_in_files(data, tmp_path):
    part = data["train"]

    def mapped(name: str, array: np.ndarray) -> np.ndarray:
        np.save(tmp_path / name, array)
        return np.load(tmp_path / f"{name}.npy", mmap_mode="r")

    targets = {task: mapped(task, ids) for task, ids in part.targets.items()}
    in_files = replace(part, inputs=mapped("inputs", part.inputs), targets=targets)
    assert isinstance(in_files.inputs, np.memmap)
    both = zip(
        batches(in_files, ["mood", "ner"], 4, seed=0),
        batches(part, ["mood", "ner"], 4, seed=0),
        strict=True,
    )
    for (tokens, labels), (others, their) in both:
        np.testing.assert_array_equal(tokens, others)
        for task in ("mood", "ner"):
            np.testing.assert_array_equal(labels[task], their[task])


def padding(found) -> int:
    return sum(int((tokens.numpy() == PAD).sum()) for tokens, _ in found)


@pytest.mark.parametrize("steps", [None, 5, 20])
def test_batches_by_length_hold_the_same_sentences_with_less_padding(data, steps):
    train_part = data["train"]

    def epoch(by_length: bool) -> list:
        pipeline = batches(train_part, ["mood", "ner"], 8, 0, steps, by_length=by_length)
        assert len(pipeline) == (steps or 8)
        return list(pipeline)

    found = epoch(True)
    assert len(found) == (steps or 8)
    assert padding(found) < padding(epoch(False)) / 2
    labels = {}
    targets = train_part.targets
    for ids, mood, tags in zip(train_part.inputs, targets["mood"], targets["ner"], strict=True):
        labels.setdefault(tuple(ids[ids != PAD]), set()).add((mood, tuple(tags[ids != PAD])))
    seen = Counter()
    for tokens, given in found:
        for ids, mood, tags in zip(tokens.numpy(), *map(np.array, given.values()), strict=True):
            key = tuple(ids[ids != PAD])
            seen[key] += 1
            assert (mood, tuple(tags[ids != PAD])) in labels[key]
    if steps is None:
        assert seen == Counter(tuple(ids[ids != PAD]) for ids in train_part.inputs)


def test_batches_by_length_come_in_another_order_each_epoch(data):
    pipeline = batches(data["train"], ["mood"], 8, seed=0, by_length=True)
    lengths = [[tokens.shape[1] for tokens, _ in pipeline] for _ in range(3)]
    assert lengths[0] != lengths[1] and lengths[0] != sorted(lengths[0])


def test_each_epoch_has_its_own_order(data):
    pipeline = batches(data["train"], ["mood"], 64, seed=0)
    (first, _), (second, _) = next(iter(pipeline)), next(iter(pipeline))
    assert not np.array_equal(first.numpy(), second.numpy())


def test_word_dropout_takes_rare_tokens_for_unknown_ones_anew_each_epoch(data):
    train_part = data["train"]

    def seen(seed: int) -> list[np.ndarray]:
        pipeline = batches(train_part, ["mood"], len(train_part), seed, word_dropout=8.0)
        return [next(iter(pipeline))[0].numpy() for _ in range(30)]

    epochs = np.array([np.bincount(tokens.ravel(), minlength=12) for tokens in seen(0)])
    plain = np.bincount(train_part.inputs.ravel(), minlength=12)
    kept = epochs.mean(axis=0)[2:] / np.maximum(plain[2:], 1)
    present = plain[2:] > 0
    np.testing.assert_allclose(kept[present], (plain / (plain + 8.0))[2:][present], atol=0.05)
    assert (epochs[:, PAD] == plain[PAD]).all()
    assert (epochs.sum(axis=1) == plain.sum()).all()
    assert len(np.unique(epochs[:, UNK])) > 3
    for one, again in zip(seen(1), seen(1), strict=True):
        np.testing.assert_array_equal(one, again)


# -- which sentences come how often

LABELED = {
    "ner": np.arange(200) < 150,
    "person": (np.arange(200) >= 140) & (np.arange(200) < 160),
    "mood": np.arange(200) >= 150,
    "none": np.zeros(200, bool),
}


def epoch_of(pipeline: tf.data.Dataset) -> list[np.ndarray]:
    return [rows.numpy() for rows in pipeline]


def test_mixed_is_the_plain_shuffle_that_finished_runs_had():
    plain = tf.data.Dataset.range(200).shuffle(200, seed=5).batch(32)
    for ours, theirs in zip(epoch_of(order(LABELED, 32, seed=5)), epoch_of(plain), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("sampling", ["proportional", "temperature", 8.0])
def test_sentences_come_with_their_tasks_chances(sampling):
    rows = np.concatenate(epoch_of(order(LABELED, 50, 0, steps=400, sampling=sampling)))
    often = chances({task: int(mask.sum()) for task, mask in LABELED.items()}, sampling)
    # Sentences that have the label of one task alone: 140 of ner's 150, 40 of mood's 50.
    assert (rows < 140).mean() == pytest.approx(often["ner"] * 140 / 150, abs=0.02)
    assert (rows >= 160).mean() == pytest.approx(often["mood"] * 40 / 50, abs=0.02)


def test_tasks_take_turns_batch_by_batch():
    found = epoch_of(order(LABELED, 8, seed=0, steps=9, sampling="round_robin"))
    for rows, task in zip(found, ["ner", "person", "mood"] * 3, strict=True):
        assert len(rows) == 8
        assert LABELED[task][rows].all()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_no_sentence_of_a_task_comes_again_before_all_have_come(sampling):
    own = {"ner": np.ones(12, bool)}
    rows = np.concatenate(epoch_of(order(own, 6, seed=3, steps=6, sampling=sampling)))
    for start in (0, 12, 24):
        assert sorted(rows[start : start + 12]) == list(range(12))


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_an_order_is_another_each_epoch_and_the_same_for_the_same_seed(sampling):
    orders = [order(LABELED, 16, seed, sampling=sampling) for seed in (1, 1, 2)]
    (first, again, other), (second, *_) = (
        [np.concatenate(epoch_of(each)).tolist() for each in orders] for _ in range(2)
    )
    assert first == again
    assert first != other
    assert first != second


def test_the_tasks_are_drawn_anew_each_epoch():
    halves = {"ner": np.arange(40) < 20, "mood": np.arange(40) >= 20}
    pipeline = order(halves, 40, seed=0, sampling="proportional")
    first, second = ((np.concatenate(epoch_of(pipeline)) < 20).tolist() for _ in range(2))
    assert first != second


def test_tasks_with_the_same_sentences_each_have_an_order_of_their_own():
    twice = {"ner": np.ones(40, bool), "mood": np.ones(40, bool)}
    first, second = epoch_of(order(twice, 40, seed=0, steps=2, sampling="round_robin"))
    assert first.tolist() != second.tolist()


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("steps", [None, 7])
def test_an_epoch_has_as_many_batches_as_it_says(sampling, steps):
    pipeline = order(LABELED, 32, 0, steps, sampling=sampling)
    assert len(pipeline) == len(epoch_of(pipeline)) == (steps or 7)


def test_sentences_of_like_length_go_together_within_a_task_too():
    lengths = np.random.default_rng(0).integers(1, 40, size=200)
    for sampling in ("temperature", "round_robin"):
        near, far = (
            np.mean([np.ptp(lengths[rows]) for rows in epoch_of(pipeline)])
            for pipeline in (order(LABELED, 8, 0, 60, given, sampling) for given in (lengths, None))
        )
        assert near < far / 3


def test_batches_bring_all_labels_of_a_sentence_along(data):
    few = data.with_labels({"mood": 10}, seed=0)["train"]
    pipeline = batches(few, ["mood", "ner"], 8, 0, 2, sampling="round_robin")
    (_, of_mood), (_, of_ner) = list(pipeline)
    assert (of_mood["mood"].numpy() >= 0).all()
    assert (of_mood["ner"].numpy() >= 0).any(axis=1).all()
    assert (of_ner["ner"].numpy() >= 0).any(axis=1).all()
