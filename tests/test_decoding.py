"""Sequences of tags: the best one, and none that BIO does not allow."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.decoding import rules, viterbi
from mtl_tutorial.scoring import spans
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


def test_only_bio_tags_have_rules():
    for b, tag in enumerate(NER.labels):
        for a, last in enumerate(NER.labels):
            begun = ["B-" + last[2:], last] if last.startswith("I-") else [last]
            assert (rules(NER)[a, b] == 0) == allowed([*begun, tag])
        assert (rules(NER)[-1, b] == 0) == allowed([tag])
    assert not rules(Task("pos", "token", ("N", "V", "I-N"))).any()
