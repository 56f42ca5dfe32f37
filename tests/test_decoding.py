"""Sequences of tags: the best one, and none that BIO does not allow."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial import decoding
from mtl_tutorial.decoding import best_sequences, decode, decoded, rules, viterbi
from mtl_tutorial.schemes import spans
from mtl_tutorial.tasks import Task

NER = Task.bio("ner", ["PER", "LOC"])


def allowed(tags: list[str]) -> bool:
    return all(
        tag[:2] != "I-" or last[2:] == tag[2:] for last, tag in itertools.pairwise(["O", *tags])
    )


@given(st.integers(1, 4), st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 2.0]))
def test_viterbi_finds_the_best_of_all_sequences(time, seed, spread):
    rng = np.random.default_rng(seed)
    log_p = np.log(rng.dirichlet(np.ones(5), size=time))
    scores = rules(NER) + rng.normal(scale=spread, size=(6, 5))

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
    scores = rules(NER)
    best = log_p.argmax(axis=-1)
    fine = [allowed([NER.labels[i] for i in path]) for path in best]
    assert 0 < sum(fine) < 200
    for path, sentence, ok in zip(best, log_p, fine, strict=True):
        assert (viterbi(sentence, scores).tolist() == path.tolist()) == ok
    assert viterbi(np.zeros((0, 5)), scores).shape == (0,)


@given(
    st.integers(0, 10**6),
    st.lists(st.integers(0, 7), min_size=1, max_size=12),
    st.sampled_from([0.0, 0.5, 2.0]),
    st.booleans(),
)
def test_many_sentences_at_once_get_the_sequences_of_each_alone(seed, lengths, spread, few):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(len(lengths), 7, 5)).astype("float32")
    transitions = rules(NER) + rng.normal(scale=spread, size=(6, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(decoding, "_AT_ONCE", 60 if few else 2**18)  # two sentences at once, or all
        paths = best_sequences(scores, transitions, np.array(lengths))
    assert paths.dtype == np.int32 and paths.shape == (len(lengths), 7)
    for path, sentence, length in zip(paths, scores, lengths, strict=True):
        np.testing.assert_array_equal(path[:length], viterbi(sentence[:length], transitions))
        assert not path[length:].any()


@given(st.integers(0, 10**6), st.booleans())
def test_decoding_is_viterbi_under_the_rules_of_the_task(seed, crf):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 6, size=20)
    scores = rng.normal(size=(20, 5, 5)).astype("float32")
    learned = rng.normal(size=(6, 5)).astype("float32") if crf else None
    for task in (NER, Task("pos", "token", ("N", "V", "A", "P", "D"))):
        found = decode(task, scores, learned, lengths)
        transitions = rules(task) + (0 if learned is None else learned)
        for path, sentence, length in zip(found, scores, lengths, strict=True):
            np.testing.assert_array_equal(path[:length], viterbi(sentence[:length], transitions))


def test_only_bio_tags_have_rules():
    for b, tag in enumerate(NER.labels):
        for a, last in enumerate(NER.labels):
            begun = ["B-" + last[2:], last] if last.startswith("I-") else [last]
            assert (rules(NER)[a, b] == 0) == allowed([*begun, tag])
        assert (rules(NER)[-1, b] == 0) == allowed([tag])
    assert not rules(Task("pos", "token", ("N", "V", "I-N"))).any()
    assert decoded(NER) and not decoded(Task("pos", "token", ("N", "V")))


def test_bare_tags_have_the_same_rules():
    bare = rules(Task("names", "token", ("O", "B", "I")))
    assert (bare == rules(Task.bio("names", ["PER"]))).all()


def test_tags_that_are_judged_as_labels_have_no_rules():
    assert not rules(Task("ner", "token", NER.labels, score="accuracy")).any()
    assert not rules(Task("words", "token", ("B", "M", "E", "S"), score="accuracy")).any()


@pytest.mark.parametrize("task", [None, "ner", ("O", "B-PER"), {"ner": "token"}])
def test_what_is_no_task_is_refused(task):
    with pytest.raises(TypeError, match="task must be a Task, not"):
        rules(task)


@pytest.mark.parametrize(
    ("scores", "transitions"),
    [
        (np.zeros(5), rules(NER)),
        (np.zeros((2, 4)), rules(NER)),
        (np.zeros((2, 5)), rules(NER)[:-1]),
        (np.zeros((1, 2, 5)), rules(NER)),
        (None, rules(NER)),
        (np.zeros((2, 5)), None),
        ("ab", rules(NER)),
    ],
)
def test_scores_of_another_shape_are_refused(scores, transitions):
    with pytest.raises(ValueError, match=r"scores must be \[time, labels\]"):
        viterbi(scores, transitions)
