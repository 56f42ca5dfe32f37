"""Scores, checked against independent references and against what chance must give."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score as seqeval_f1

from mtl_tutorial.scoring import (
    accuracy,
    entity_f1,
    gain,
    in_words,
    macro_f1,
    overall_f1,
    paired_bootstrap,
    score,
    sentences_right,
    spans,
    spread,
)
from mtl_tutorial.tasks import Task

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-PER.NAM", "I-PER.NAM")


def assert_same_as_seqeval(labels, answers) -> None:
    expected = seqeval_f1(labels, answers, zero_division=0)
    assert entity_f1(labels, answers) == pytest.approx(expected, abs=1e-12)


# -- entities


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        ([], []),
        (["O", "O"], []),
        (["B-PER", "I-PER"], [(0, 2, "PER")]),
        (["B-PER", "B-PER"], [(0, 1, "PER"), (1, 2, "PER")]),
        (["O", "I-PER", "I-PER", "O"], [(1, 3, "PER")]),
        (["I-PER", "I-LOC"], [(0, 1, "PER"), (1, 2, "LOC")]),
        (["B-PER", "I-LOC", "I-PER"], [(0, 1, "PER"), (1, 2, "LOC"), (2, 3, "PER")]),
        (["B-a-b", "I-a-b", "O", "B-a"], [(0, 2, "a-b"), (3, 4, "a")]),
    ],
)
def test_spans_by_hand(tags, found):
    assert spans(tags) == found


@given(st.lists(st.sampled_from(TAGS), max_size=12))
def test_spans_are_in_order_apart_and_of_one_type(tags):
    found = spans(tags)
    inside = [i for start, end, _ in found for i in range(start, end)]
    assert inside == [i for i, tag in enumerate(tags) if tag != "O"]
    assert all({tag[2:] for tag in tags[start:end]} == {kind} for start, end, kind in found)


def test_entity_f1_is_seqevals_on_thousands_of_random_tags():
    rng = np.random.default_rng(0)
    for _ in range(2000):
        few = rng.choice(len(TAGS), size=rng.integers(1, len(TAGS) + 1), replace=False)
        lengths = rng.integers(1, 9, size=rng.integers(1, 4))
        labels = [[TAGS[i] for i in rng.choice(few, n)] for n in lengths]
        keep = rng.random()
        answers = [
            [tag if rng.random() < keep else TAGS[rng.choice(few)] for tag in row] for row in labels
        ]
        assert_same_as_seqeval(labels, answers)


def test_entity_f1_is_seqevals_on_real_tags_with_errors(real_data):
    weibo = (real_data / "weibo_ner" / "weiboNER_2nd_conll.test").read_text("utf-8")
    snips = (real_data / "snips" / "test" / "seq.out").read_text("utf-8")
    corpora = [
        [[line.split("\t")[1] for line in s.split("\n")] for s in weibo.strip().split("\n\n")],
        [line.split() for line in snips.strip().split("\n")],
    ]
    rng = np.random.default_rng(0)
    for labels in corpora:
        tags = sorted({tag for row in labels for tag in row})
        assert entity_f1(labels, labels) == 1
        for rate in (0.02, 0.1, 0.5):
            answers = [[rng.choice(tags) if rng.random() < rate else t for t in r] for r in labels]
            assert_same_as_seqeval(labels, answers)


def test_an_entity_counts_only_if_start_end_and_type_are_right():
    label = [["B-PER", "I-PER", "O", "B-LOC"]]
    assert entity_f1(label, [["B-PER", "O", "O", "B-LOC"]]) == 0.5
    assert entity_f1(label, [["B-LOC", "I-LOC", "O", "B-LOC"]]) == 0.5
    assert entity_f1(label, [["O"] * 4]) == 0
    assert entity_f1([["O"]], [["O"]]) == 0


def test_answers_of_another_length_are_refused():
    with pytest.raises(ValueError, match="sentence 1: 2 labels but 1 answers"):
        entity_f1([["O"], ["O", "O"]], [["O"], ["O"]])
    with pytest.raises(ValueError):
        entity_f1([["O"], ["O"]], [["O"]])


# -- other scores


def test_missing_labels_do_not_count():
    labels, answers = np.array([[0, 1, -1], [2, -1, -1]]), np.array([[0, 0, 5], [2, 1, -1]])
    assert accuracy(labels, answers) == pytest.approx(2 / 3)
    assert macro_f1(labels, answers) == pytest.approx((2 / 3 + 0 + 1) / 3)


def test_macro_f1_gives_a_rare_class_the_same_weight():
    labels = np.array([0] * 98 + [1] * 2)
    assert macro_f1(labels, np.zeros(100, int)) == pytest.approx((2 * 0.98 / 1.98) / 2)
    assert macro_f1(labels, labels) == 1


@pytest.mark.parametrize(
    "task", [Task("x", "sequence", ("a", "b")), Task("x", "token", ("O", "B-a", "I-a"))]
)
def test_without_labels_there_is_no_score(task):
    shape = 3 if task.kind == "sequence" else (2, 3)
    missing, answers = np.full(shape, -1), np.zeros(shape, int)
    assert math.isnan(score(task, missing, answers))
    assert math.isnan(accuracy(missing, answers))
    assert math.isnan(macro_f1(missing, answers))


def test_a_bio_task_is_scored_by_entities_and_others_by_accuracy():
    labels, answers = np.array([[1, 2, 0, -1], [-1] * 4]), np.array([[1, 0, 0, 1], [1] * 4])
    assert score(Task("ner", "token", ("O", "B-a", "I-a")), labels, answers) == 0
    assert score(Task("pos", "token", ("N", "V", "A")), labels, answers) == pytest.approx(2 / 3)
    assert score(Task("ner", "token", ("O", "B-a", "I-a")), labels, labels) == 1


def test_answers_beyond_a_sentences_labels_are_no_entities():
    task = Task("ner", "token", ("O", "B-a"))
    assert score(task, np.array([[1, -1, -1]]), np.array([[1, 1, 1]])) == 1


def test_a_sentence_is_right_if_all_tasks_are_right_at_all_tokens():
    rng = np.random.default_rng(0)
    labels = {"intent": rng.integers(-1, 3, 200), "slots": rng.integers(-1, 2, (200, 3))}
    found = {"intent": rng.integers(0, 3, 200), "slots": rng.integers(0, 2, (200, 3))}
    wanted = [
        labels["intent"][i] in (-1, found["intent"][i])
        and all(y in (-1, a) for y, a in zip(labels["slots"][i], found["slots"][i], strict=True))
        for i in range(200)
    ]
    assert 0 < sum(wanted) < 200
    assert sentences_right(labels, found).tolist() == wanted
    assert sentences_right(labels, labels).all()


def test_the_f1_of_two_tasks_together_counts_the_entities_of_both():
    one, other = Task.bio("one", ["A"]), Task.bio("other", ["A", "B"])
    labels = {
        "one": np.array([[1, 2, 0], [1, -1, -1]]),
        "other": np.array([[3, 0, 1], [0, -1, -1]]),
    }
    found = {"one": np.array([[1, 2, 1], [0, 1, 1]]), "other": np.array([[3, 0, 3], [0, 3, 3]])}
    # one: 1 right of 2 true and 2 found; other: 1 right of 2 true and 2 found, in other sentences
    assert overall_f1([one, other], labels, found) == pytest.approx(2 / 4)
    found["other"] = labels["other"]
    assert overall_f1([one, other], labels, found) == pytest.approx(2 * 3 / 8)
    assert overall_f1([one], labels, found) == score(one, labels["one"], found["one"])


# -- gain and spread


def test_the_gain_by_hand():
    table = gain({"a": 0.9, "b": 0.5, "c": 1.0}, {"b": 0.6, "a": 0.8, "c": 1.0})
    assert table["points"].to_dict() == pytest.approx({"a": 10, "b": -10, "c": 0})
    assert table.loc["a", "error_cut"] == pytest.approx(0.5)
    assert table.loc["b", "error_cut"] == pytest.approx(-0.25)
    assert math.isnan(table.loc["c", "error_cut"])
    assert table.attrs["delta"] == pytest.approx(100 / 3 * (0.1 / 0.8 - 0.1 / 0.6))


def test_gain_takes_what_a_run_gives_and_leaves_out_baselines_of_zero():
    scores, baselines = pd.Series({"a": 0.9, "b": 0.2}), pd.Series({"b": 0.0, "a": 0.8})
    table = gain(scores, baselines)
    assert table["points"].to_dict() == pytest.approx({"a": 10, "b": 20})
    assert table.attrs["delta"] == pytest.approx(12.5)


def test_gain_refuses_scores_of_other_tasks():
    with pytest.raises(ValueError, match=r"\['a'\].*\['a', 'b'\]"):
        gain({"a": 1.0}, {"a": 1.0, "b": 1.0})


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9), st.floats(-10, 10))
def test_the_spread_is_the_samples_and_moves_with_it(values, shift):
    mean, deviation = spread(values)
    assert mean == pytest.approx(sum(values) / len(values))
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    assert deviation == pytest.approx(math.sqrt(variance), abs=1e-9)
    assert spread([value + shift for value in values])[1] == pytest.approx(deviation, abs=1e-9)


def test_one_seed_has_no_spread_and_none_no_mean():
    mean, deviation = spread([0.5])
    assert mean == 0.5
    assert math.isnan(deviation)
    with pytest.raises(ValueError, match="no value"):
        spread([])
    with pytest.raises(ValueError, match="no value"):
        in_words([], [])


@pytest.mark.parametrize(
    ("scores", "baselines", "says"),
    [
        ([0.8, 0.82, 0.81], [0.7, 0.71, 0.72], "gains 10.0 ± 1.0 points, beyond the spread"),
        ([0.7, 0.71, 0.72], [0.8, 0.82, 0.81], "loses 10.0 ± 1.0 points, beyond the spread"),
        ([0.9, 0.6, 0.8], [0.7, 0.5, 0.78], "no difference beyond the spread (+10.7 ± 9.0 points)"),
        (
            [0.9, 0.9, 0.7],
            [0.7, 0.7, 0.71],
            "no difference beyond the spread (+13.0 ± 12.1 points)",
        ),
        ([*[0.6] * 6, 0.499], [0.5] * 7, "no difference beyond the spread (+8.6 ± 3.8 points)"),
        ([0.7, 0.7], [0.7, 0.7], "no difference beyond the spread (+0.0 ± 0.0 points)"),
        ([0.8], [0.75], "+5.0 points with one seed, which shows no spread"),
    ],
)
def test_a_difference_is_told_in_words(scores, baselines, says):
    assert in_words(scores, baselines) == says


@pytest.mark.parametrize(
    ("scores", "baselines", "says"),
    [
        ([0.8, 0.82, 0.81], [0.7, 0.71, 0.72], "提高 10.0 ± 1.0 分，超出波动"),
        ([0.7, 0.71, 0.72], [0.8, 0.82, 0.81], "下降 10.0 ± 1.0 分，超出波动"),
        ([0.7, 0.7], [0.7, 0.7], "差别没有超出波动（+0.0 ± 0.0 分）"),
        ([0.8], [0.75], "只有一个种子：+5.0 分，看不出波动"),
    ],
)
def test_a_difference_is_told_in_chinese_too(scores, baselines, says):
    assert in_words(scores, baselines, "zh") == says


@pytest.mark.parametrize("scores", [[0.8], [[0.8, 0.7, 0.6]], 0.8])
def test_a_difference_needs_a_score_a_seed_of_both(scores):
    with pytest.raises(ValueError, match="one score a seed for both models; shapes are"):
        in_words(scores, [0.7, 0.71, 0.72])


def test_a_difference_is_told_in_no_other_language():
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        in_words([0.8, 0.7], [0.7, 0.6], "fr")


# -- chance


def right_answers(rng: np.random.Generator, share: float, n: int = 80) -> np.ndarray:
    return (rng.random(n) < share).astype(float)


def test_equal_models_differ_significantly_in_one_case_of_twenty():
    rng = np.random.default_rng(0)
    alarms = [
        paired_bootstrap(right_answers(rng, 0.7), right_answers(rng, 0.7), 200, seed)["p"] < 0.05
        for seed in range(400)
    ]
    assert 0.02 < np.mean(alarms) < 0.09  # 0.05 and about three standard errors of 400 draws


def test_a_clear_difference_is_found():
    rng = np.random.default_rng(0)
    found = [
        paired_bootstrap(right_answers(rng, 0.95), right_answers(rng, 0.5), 200, seed)["p"] < 0.05
        for seed in range(20)
    ]
    assert np.mean(found) > 0.9


def test_the_interval_covers_the_true_difference():
    rng = np.random.default_rng(1)
    covered = []
    for seed in range(300):
        result = paired_bootstrap(right_answers(rng, 0.8), right_answers(rng, 0.7), 200, seed)
        covered.append(result["low"] <= 0.1 <= result["high"])
    assert 0.9 < np.mean(covered) < 0.99


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_the_bootstrap_is_symmetric_and_the_same_for_one_seed(pairs):
    ours, baseline = np.array(pairs).T
    there, back = paired_bootstrap(ours, baseline, 100), paired_bootstrap(baseline, ours, 100)
    assert back["difference"] == pytest.approx(-there["difference"])
    assert back["low"] == pytest.approx(-there["high"])
    assert back["high"] == pytest.approx(-there["low"])
    assert back["p"] == there["p"] <= 1
    assert paired_bootstrap(ours, baseline, 100) == there


def test_the_bootstrap_is_paired_and_sees_its_seed():
    rng = np.random.default_rng(0)
    baseline = rng.random(100)
    ours = baseline + 0.01  # always a little better, far less than the sentences differ
    assert paired_bootstrap(ours, baseline)["p"] == 0
    assert paired_bootstrap(ours, baseline[rng.permutation(100)])["p"] > 0.05
    other = rng.random(100)
    assert paired_bootstrap(ours, other, seed=1) != paired_bootstrap(ours, other, seed=2)


def test_p_is_that_of_a_two_sided_test():
    rng = np.random.default_rng(0)
    for shift in (0.0, 0.05, 0.1, 0.15):
        ours = rng.normal(shift, 1, 400)
        z = abs(ours.mean()) / (ours.std(ddof=1) / 20)
        p = paired_bootstrap(ours, np.zeros(400))["p"]
        assert p == pytest.approx(math.erfc(z / math.sqrt(2)), abs=0.05)


def test_no_difference_has_p_1():
    assert paired_bootstrap(np.ones(9), np.ones(9))["p"] == 1


@pytest.mark.parametrize("shapes", [(3, 4), (3, 1), ((2, 2), (2, 2)), (0, 0)])
def test_scores_that_are_not_paired_are_refused(shapes):
    with pytest.raises(ValueError, match="one score a sentence"):
        paired_bootstrap(*map(np.ones, shapes))
