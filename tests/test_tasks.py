"""What a task is."""

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.tasks import Task, read_label


def test_ids_follow_the_order_of_the_labels():
    task = Task("mood", "sequence", ["good", "bad", "so so"])
    assert [task.id_of(label) for label in task.labels] == [0, 1, 2]
    assert task.labels == ("good", "bad", "so so")


def test_tasks_are_equal_by_value_and_cannot_be_changed():
    task = Task("mood", "sequence", ["good", "bad"])
    assert task == Task("mood", "sequence", ("good", "bad"))
    assert task != Task("mood", "sequence", ("bad", "good"))
    with pytest.raises(FrozenInstanceError):
        task.name = "temper"


def test_an_unknown_label_is_named_beside_the_known_ones():
    with pytest.raises(ValueError, match=r"'great'.*'mood'.*\['good', 'bad'\]"):
        Task("mood", "sequence", ("good", "bad")).id_of("great")


@pytest.mark.parametrize("name", ["", "my task", "1st", "情感", "a-b", "a/b"])
def test_a_name_that_keras_could_not_use_is_refused(name):
    with pytest.raises(ValueError, match=f"Latin letters.*{name!r}"):
        Task(name, "sequence", ("a",))


@pytest.mark.parametrize("name", ["id", "text", "tokens"])
def test_a_name_that_rows_need_for_themselves_is_refused(name):
    with pytest.raises(ValueError, match=f"a task cannot be called '{name}'"):
        Task(name, "sequence", ("a",))


@pytest.mark.parametrize(
    ("kind", "labels", "says"),
    [
        ("sentence", ("a",), "'sentence'; choose one of .*'sequence'"),
        ("sequence", (), "needs at least one label"),
        ("token", (), "needs at least one label"),
        ("lm", ("a",), "takes no labels"),
        ("token", ("a", "b", "a"), r"twice: \['a'\]"),
        ("sequence", ("1", 1.0), r"twice: \['1'\]"),
        ("sequence", ("a", " "), "label ' ' is empty"),
        ("sequence", ("a", float("nan")), "label nan is empty"),
        ("token", ("O", "B-A", "I-A", "0"), "label '0' is no tag of BIO.*score=\"accuracy\""),
        ("token", ("B-A", "I-A"), "none is 'O'"),
    ],
)
def test_a_bad_task_is_refused_by_name(kind, labels, says):
    with pytest.raises(ValueError, match=f"task 'mood'.*{says}"):
        Task("mood", kind, labels)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Task(None, "sequence", ("a",)),
        lambda: Task(3, "sequence", ("a",)),
        lambda: Task("y", None, ("a",)),
        lambda: Task("y", ["sequence"], ("a",)),
        lambda: Task("y", "sequence", "ab"),
        lambda: Task("y", "sequence", {"a", "b"}),
        lambda: Task("y", "sequence", frozenset("ab")),
        lambda: Task("y", "sequence", {"a": 0}),
        lambda: Task("y", "sequence", None),
        lambda: Task("y", "sequence", 2),
        lambda: Task("y", "sequence", [1.5]),
        lambda: Task("y", "sequence", [["a"]]),
        lambda: Task("y", "sequence", [b"a"]),
        lambda: Task("y", "sequence", ("a", "b"), score=0.5),
        lambda: Task("y", "sequence", ("a", "b"), score=np.array(["f1"])),
        lambda: Task("y", "sequence", ("a", "b"), score=pd.NA),
        lambda: Task("y", "sequence", pd.DataFrame({"a": [1]})),
        lambda: Task("y", "sequence", np.array([["a", "b"]])),
        lambda: Task.bio("ner", "PER"),
        lambda: Task.bio("ner", {"PER", "LOC"}),
        lambda: Task.bio("ner", [1]),
        lambda: Task.bio("ner", None),
    ],
)
def test_what_is_of_the_wrong_kind_is_a_type_error(make):
    with pytest.raises(TypeError, match=r"task|types|label"):
        make()


@pytest.mark.parametrize(
    "labels", [np.array(["b", "a"]), pd.Series(["b", "a"]), iter(["b", "a"]), [" b", np.str_("a")]]
)
def test_labels_come_in_any_list_with_an_order(labels):
    task = Task("mood", "sequence", labels)
    assert task.labels == ("b", "a")
    assert {type(label) for label in task.labels} == {str}


def test_types_of_spans_are_one_or_more():
    for types in ([], [""], ["PER", " "]):
        with pytest.raises(ValueError, match="types must be at least one type of spans"):
            Task.bio("ner", types)


def test_numbers_are_labels_by_their_digits():
    task = Task("stars", "sequence", np.arange(1, 4))
    assert task.labels == ("1", "2", "3")
    assert task.id_of(3) == task.id_of("3") == task.id_of(3.0) == 2


# -- labels as others write them


@pytest.mark.parametrize(
    ("value", "label"),
    [
        ("good", "good"), (" good\n", "good"), (np.str_("good"), "good"), ("Cafe\u0301", "Café"),
        ("\ufeffgood", "good"), ("good\u200b", "good"), ("\u3000好\u2060", "好"), ("a\u200db", "a\u200db"),
        (2.0**52, "4503599627370496"), (2**80, "1208925819614629174706176"),
        ("\u200b\xa0", None), ("\ufeff", None), ("\0", None), (np.datetime64("NaT"), None),
        (1, "1"), (1.0, "1"), (-0.0, "0"), (np.int64(1), "1"), (np.float32(2), "2"),
        (np.uint8(3), "3"), (True, "True"), (np.False_, "False"),
        ("", None), (" \t", None), (None, None), (float("nan"), None), (np.nan, None),
        (np.float32("nan"), None), (pd.NA, None), (pd.NaT, None),
    ],
)  # fmt: skip
def test_a_label_is_read_as_pandas_and_numpy_give_it(value, label):
    read = read_label(value)
    assert read == label
    assert type(read) in (str, type(None))


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        1e300,
        float(2**53),
        float("inf"),
        ["a"],
        ("a",),
        {"a"},
        {"a": 1},
        b"a",
        np.array(["a"]),
        object(),
    ],
)
def test_what_is_no_label_is_refused(value):
    with pytest.raises(TypeError, match="must be a string or a whole number, not"):
        read_label(value)


@given(st.text() | st.integers() | st.floats() | st.booleans() | st.none())
def test_a_label_read_again_is_the_same(value):
    try:
        label = read_label(value)
    except TypeError:
        return
    assert label is None or read_label(label) == label != ""


# -- scores


@pytest.mark.parametrize(
    ("task", "score"),
    [
        (Task("ner", "token", ("O", "B-PER", "I-PER")), "f1"),
        (Task("ner", "token", ("B-PER", "I-PER", "O")), "f1"),
        (Task("ner", "token", ("O", "I-PER", "B-LOC")), "f1"),
        (Task("ner", "token", ("O",)), "f1"),
        (Task("ner", "token", ("B", "I", "O")), "f1"),
        (Task("ner", "token", ("O", "B-PER", "I-PER"), score="accuracy"), "accuracy"),
        (Task("pos", "token", ("NOUN", "VERB")), "accuracy"),
        (Task("pos", "token", ("O", "NOUN")), "accuracy"),
        (Task("style", "token", ("O", "Bold", "Italic")), "accuracy"),
        (Task("bare", "token", ("B-PER", "I-PER"), score="macro_f1"), "macro_f1"),
        (Task("grade", "sequence", ("O", "B-", "B-plus")), "accuracy"),
        (Task("grade", "sequence", ("O", "B-A", "I-A")), "accuracy"),
        (Task("mood", "sequence", ("bad", "good"), score="f1 of good"), "f1 of good"),
        (Task("lm", "lm"), "accuracy"),
    ],
)
def test_tasks_that_mark_spans_are_judged_by_f1_unless_another_score_is_chosen(task, score):
    assert task.score == score
    assert task.is_bio == (score == "f1")


def test_labels_in_another_scheme_mark_spans_too():
    task = Task("ner", "token", ("O", "B-A", "I-A", "E-A", "S-A"))
    assert (task.scheme, task.score, task.is_bio) == ("BIOES", "f1", False)


@pytest.mark.parametrize(
    ("kind", "labels", "score", "says"),
    [
        ("sequence", ("a", "b"), "f1", "its labels mark no spans; choose one of \\['accuracy'"),
        ("token", ("NOUN", "VERB"), "f1", "its labels mark no spans"),
        ("token", ("NOUN", "VERB"), "entity_f1", "'entity_f1'; choose one of"),
        ("sequence", ("a", "b"), "f1 of c", "'f1 of a', 'f1 of b'"),
        ("lm", (), "macro_f1", r"choose one of \['accuracy'\]"),
        ("sequence", ("a", "b"), "", "choose one of"),
    ],
)
def test_a_score_that_the_task_cannot_have_is_refused(kind, labels, score, says):
    with pytest.raises(ValueError, match=f"task 'y' cannot be judged by .*{says}"):
        Task("y", kind, labels, score)


@pytest.mark.parametrize("score", ["accuracy", "macro_f1", "f1 of good"])
def test_a_task_survives_json(score):
    task = Task("mood", "sequence", ("bad", "good"), score)
    assert Task.from_list(json.loads(json.dumps(task.as_list()))) == task


def test_tasks_kept_before_a_score_could_be_chosen_mean_what_they_meant():
    def read(*labels: str) -> Task:
        return Task.from_list(["t", "token", list(labels)])

    assert read("O", "B-A", "I-A").score == "f1"
    for labels in (("O", "B-A", "E-A"), ("B", "I", "O"), ("O", "B-A", "I-A", "0"), ("N", "V")):
        assert (read(*labels).score, read(*labels).scheme) == ("accuracy", None)
    assert Task.from_list(["lm", "lm", []]) == Task("lm", "lm")
