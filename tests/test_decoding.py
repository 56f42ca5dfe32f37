"""Sequences of tags: the best one, and none that BIO does not allow."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.decoding import NEVER, transitions, viterbi
from mtl_tutorial.scoring import spans
from mtl_tutorial.tasks import Task

NER = Task.bio("ner", ["PER", "LOC"])
NOTHING = np.zeros((0, 1), dtype="int32")


def allowed(tags: list[str]) -> bool:
    return all(
        tag[:2] != "I-" or last[2:] == tag[2:] for last, tag in itertools.pairwise(["O", *tags])
    )


@given(st.integers(1, 4), st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 2.0]))
def test_viterbi_finds_the_best_of_all_sequences(time, seed, weight):
    rng = np.random.default_rng(seed)
    log_p = np.log(rng.dirichlet(np.ones(5), size=time))
    scores = transitions(NER, rng.integers(0, 5, size=(6, 4)), weight)

    def total(path):
        return sum(log_p[t, b] + scores[path[t - 1] if t else 5, b] for t, b in enumerate(path))

    best = max(itertools.product(range(5), repeat=time), key=total)
    found = viterbi(log_p, scores)
    assert found.tolist() == list(best)
    tags = [NER.labels[i] for i in found]
    assert allowed(tags)
    assert sum(tag.startswith("B-") for tag in tags) == len(spans(tags))


def test_the_best_tags_stay_where_bio_allows_them():
    rng = np.random.default_rng(0)
    log_p = np.log(rng.dirichlet(np.ones(5), size=(200, 3)))
    scores = transitions(NER, NOTHING)
    best = log_p.argmax(axis=-1)
    fine = [allowed([NER.labels[i] for i in path]) for path in best]
    assert 0 < sum(fine) < 200
    for path, sentence, ok in zip(best, log_p, fine, strict=True):
        assert (viterbi(sentence, scores).tolist() == path.tolist()) == ok
    assert viterbi(np.zeros((0, 5)), scores).shape == (0,)


def test_transitions_are_log_odds_of_what_was_counted():
    targets = np.array([[0, 1, 0, -1], [0, 1, 2, -1], [1, -1, -1, -1]])
    scores = transitions(Task.bio("ner", ["PER"]), targets, weight=2.0)
    # Pairs with one added to each: O→O 1, O→B 3, O→I 1; B→O 2, B→B 1, B→I 2; I: 1 each; begin: 3, 2, 1.
    pairs = np.array([[1, 3, 1], [2, 1, 2], [1, 1, 1], [3, 2, 1]])
    assert scores[0, 1] == pytest.approx(2 * np.log((3 / 5) / (7 / pairs.sum())))
    assert scores[3, 0] == pytest.approx(2 * np.log((3 / 6) / (7 / pairs.sum())))
    assert scores[1, 2] == pytest.approx(2 * np.log((2 / 5) / (5 / pairs.sum())))
    assert (scores == NEVER).sum() == 2


def test_a_task_without_bio_tags_is_refused():
    with pytest.raises(ValueError, match="'pos' has no BIO tags"):
        transitions(Task("pos", "token", ("N", "V")), NOTHING)
