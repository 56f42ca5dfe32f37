"""Scores, checked against independent references and against what chance must give."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score as seqeval_f1
from seqeval.scheme import IOB2
from sklearn.metrics import f1_score

from mtl_tutorial.scoring import (
    accuracy,
    entity_f1,
    macro_f1,
    overall_f1,
    score,
    sentences_right,
    spread,
)
from mtl_tutorial.tasks import Task

TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-PER.NAM", "I-PER.NAM")


def assert_same_as_seqeval(labels, answers) -> None:
    expected = seqeval_f1(labels, answers, mode="strict", scheme=IOB2, zero_division=0)
    assert entity_f1(labels, answers, "BIO") == pytest.approx(expected, abs=1e-12)


# -- entities


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
        assert entity_f1(labels, labels) == 1  # weibo's mentions that begin with I- are none at all
        for rate in (0.02, 0.1, 0.5):
            answers = [[rng.choice(tags) if rng.random() < rate else t for t in r] for r in labels]
            assert_same_as_seqeval(labels, answers)


def test_an_entity_counts_only_if_start_end_and_type_are_right():
    label = [["B-PER", "I-PER", "O", "B-LOC"]]
    assert entity_f1(label, [["B-PER", "O", "O", "B-LOC"]]) == 0.5
    assert entity_f1(label, [["B-LOC", "I-LOC", "O", "B-LOC"]]) == 0.5
    assert entity_f1(label, [["O"] * 4]) == 0
    assert entity_f1([["O"]], [["O"]]) == 0


def test_the_scheme_is_the_labels_own_however_the_answers_break_it():
    labels = [["B-A", "I-A"], *[["O", "O"]] * 3]
    answers = [["B-A", "I-A"], *[["I-A", "O"]] * 3]  # more would be right in IOB1 than in BIO
    assert entity_f1(labels, answers) == entity_f1(labels, answers, "BIO") == 1
    assert entity_f1(labels, answers, "IOB1") == pytest.approx(2 / 5)
    assert entity_f1([["B-A", "I-A"]], [["B-A", "I-A"]]) == 1  # nothing outside


def test_the_scheme_is_that_of_both_where_the_labels_do_not_tell_it():
    assert entity_f1([["O", "O"]], [["S-A", "O"]]) == 0
    labels, answers = [["S-A", "O", "O", "O"]], [["S-A", "B-A", "M-A", "E-A"]]
    assert entity_f1(labels, answers) == pytest.approx(2 / 3)


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


@given(
    pairs=st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 2)), min_size=1, max_size=30),
    token=st.booleans(),
)
def test_a_task_is_scored_by_what_was_chosen(pairs, token):
    labels, answers = np.array(pairs).T
    present = labels >= 0
    if token:
        labels, answers = labels[None], answers[None]
    choices = {
        "accuracy": accuracy(labels, answers),
        "macro_f1": macro_f1(labels, answers),
        "f1 of b": f1_score(
            labels.ravel()[present] == 1, answers.ravel()[present] == 1, zero_division=0
        )
        if present.any()
        else math.nan,
    }
    for chosen, expected in choices.items():
        task = Task("t", "token" if token else "sequence", ("a", "b", "c"), chosen)
        assert score(task, labels, answers) == pytest.approx(expected, nan_ok=True)


def test_tags_of_another_scheme_are_scored_by_their_spans():
    task = Task("ner", "token", ("O", "B-A", "I-A", "E-A", "S-A"))
    labels = np.array([[1, 3, 0, 4], [1, 2, 3, -1]])
    answers = np.array([[1, 3, 0, 0], [1, 3, 0, 0]])
    assert score(task, labels, answers) == 2 * 1 / (3 + 2)
    as_labels = Task("ner", "token", task.labels, "accuracy")
    assert score(as_labels, labels, answers) == 4 / 7
    assert overall_f1([task], {"ner": labels}, {"ner": answers}) == 2 * 1 / (3 + 2)


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


# -- spread


def test_entities_of_tags_that_mark_none_are_refused_by_their_names():
    with pytest.raises(ValueError, match=r"mark no spans have no entities: .*N.*V"):
        entity_f1([["V", "N"]], [["N", "N"]])
    with pytest.raises(ValueError, match=r"^tag 'X' is no tag of BIO, though most are"):
        entity_f1([["B-A", "I-A", "O", "B-B", "X"]], [["O"] * 5])


@pytest.mark.parametrize("measure", [accuracy, macro_f1])
def test_ids_of_another_shape_or_none_at_all_are_refused(measure):
    assert measure([1, 0, -1], [1, 0, 5]) == 1
    for wrong in ([1, 0], [[1, 0, 2]], np.ones((3, 1), int)):
        with pytest.raises(ValueError, match="labels and answers must have one shape, not"):
            measure([1, 0, 2], wrong)
    for wrong in (None, 1, "101", ["a", "b", "c"], [0.5, 1, 2], {"a": 1}):
        with pytest.raises(TypeError, match=r"^answers must be an array of label ids"):
            measure([1, 0, 2], wrong)
        with pytest.raises(TypeError, match=r"^labels must be an array of label ids"):
            measure(wrong, [1, 0, 2])


@pytest.mark.parametrize("wrong", [None, "0.5", 0.5, ["a"], [[0.5]], {"a": 0.5}, [None, 0.5]])
def test_a_spread_is_that_of_a_list_of_numbers(wrong):
    with pytest.raises(TypeError, match=r"^values must be a list of numbers"):
        spread(wrong)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=9), st.floats(-10, 10))
def test_the_spread_is_the_samples_and_moves_with_it(values, shift):
    mean, deviation = spread(values)
    assert mean == pytest.approx(sum(values) / len(values))
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    assert deviation == pytest.approx(math.sqrt(variance), abs=1e-9)
    assert spread([value + shift for value in values])[1] == pytest.approx(deviation, abs=1e-9)


@pytest.mark.filterwarnings("error")  # NumPy warns where it divides by zero
def test_one_seed_has_no_spread_and_none_no_mean():
    mean, deviation = spread([0.5])
    assert mean == 0.5
    assert math.isnan(deviation)
    with pytest.raises(ValueError, match="no value"):
        spread([])


@pytest.mark.parametrize("wrong", [None, 3, "O", ["O"], [None], [[1]], {"a": ["O"]}, np.array("O")])
def test_entity_f1_takes_lists_of_tags(wrong):
    says = r"( must be a list of sentences, each a list of tags|\[0\] must be a list of tags)"
    with pytest.raises(TypeError, match=f"^labels{says}"):
        entity_f1(wrong, [["O"]])
    with pytest.raises(TypeError, match=f"^answers{says}"):
        entity_f1([["O"]], wrong)
    with pytest.raises(ValueError, match="labels of 2 sentences but answers of 1"):
        entity_f1([["O"], ["O"]], [["O"]])


@pytest.mark.parametrize("wrong", [None, 3, "a", [1], np.array([1]), {3: [1]}])
def test_right_sentences_are_those_of_tasks_by_name(wrong):
    good = {"a": [1, 0]}
    assert sentences_right(good, {"a": [1, 1]}).tolist() == [True, False]
    with pytest.raises(TypeError, match=r"^labels must be a dictionary"):
        sentences_right(wrong, good)
    with pytest.raises(TypeError, match=r"^answers must be a dictionary"):
        sentences_right(good, wrong)
    with pytest.raises(ValueError, match=r"answers are of \['b'\]; those of \['a'\] are missing"):
        sentences_right(good, {"b": [1, 0]})
    with pytest.raises(ValueError, match="labels are empty"):
        sentences_right({}, good)
    with pytest.raises(ValueError, match="one shape"):
        sentences_right(good, {"a": [1]})
    with pytest.raises(ValueError, match="different numbers of sentences"):
        sentences_right({"a": [1, 0], "b": [1]}, {"a": [1, 0], "b": [1]})


@pytest.mark.parametrize("wrong", [None, "ner", 2.5, [1], {"a": 1}])
def test_a_score_is_of_a_task(wrong):
    ids = np.array([[1, 0]])
    with pytest.raises(TypeError, match=r"^task must be a Task"):
        score(wrong, ids, ids)
    with pytest.raises(TypeError, match=r"^tasks"):
        overall_f1(wrong, {"ner": ids}, {"ner": ids})


def test_an_overall_f1_names_whose_labels_are_missing():
    ner, ids = Task.bio("ner", ["PER"]), np.array([[1, 0]])
    with pytest.raises(
        ValueError, match=r"labels are of \['pos'\]; those of \['ner'\] are missing"
    ):
        overall_f1([ner], {"pos": ids}, {"ner": ids})
    with pytest.raises(ValueError, match="one shape"):
        overall_f1([ner], {"ner": ids}, {"ner": ids[:, :1]})
    with pytest.raises(ValueError, match="tag 'V' is none of BIO"):
        overall_f1([Task("pos", "token", ("N", "V"))], {"pos": ids}, {"pos": ids})
