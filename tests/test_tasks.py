"""What a task is."""

from dataclasses import FrozenInstanceError

import pytest

from mtl_tutorial.tasks import Task


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


@pytest.mark.parametrize("name", ["", "my task", "1st", "情感", "a-b", "a/b", None])
def test_a_name_that_keras_could_not_use_is_refused(name):
    with pytest.raises(ValueError, match=f"Latin letters.*{name!r}"):
        Task(name, "sequence", ("a",))


@pytest.mark.parametrize(
    ("kind", "labels", "says"),
    [
        ("sentence", ("a",), "kind must be one of .*'sequence'.*'sentence'"),
        ("sequence", (), "needs at least one label"),
        ("token", (), "needs at least one label"),
        ("lm", ("a",), "takes no labels"),
        ("token", ("a", "b", "a"), r"twice: \['a'\]"),
        ("sequence", (1, 2), "labels must be strings"),
    ],
)
def test_a_bad_task_is_refused_by_name(kind, labels, says):
    with pytest.raises(ValueError, match=f"task 'mood'.*{says}"):
        Task("mood", kind, labels)


@pytest.mark.parametrize(
    ("task", "score"),
    [
        (Task("ner", "token", ("O", "B-PER", "I-PER")), "f1"),
        (Task("ner", "token", ("B-PER", "I-PER", "O")), "f1"),
        (Task("ner", "token", ("O", "I-PER", "B-LOC")), "f1"),
        (Task("ner", "token", ("O",)), "f1"),
        (Task("pos", "token", ("NOUN", "VERB")), "accuracy"),
        (Task("pos", "token", ("O", "NOUN")), "accuracy"),
        (Task("style", "token", ("O", "Bold", "Italic")), "accuracy"),
        (Task("bare", "token", ("B-PER", "I-PER")), "accuracy"),
        (Task("grade", "sequence", ("O", "B-", "B-plus")), "accuracy"),
        (Task("lm", "lm"), "accuracy"),
    ],
)
def test_only_token_tasks_with_spans_are_judged_by_f1(task, score):
    assert task.score == score
    assert task.is_bio == (score == "f1")
