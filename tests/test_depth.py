"""One task supervised at two depths; a stack in which each layer solves one task."""

import numpy as np
import pytest

from mtl_tutorial import SharingPlan, also, build_model, evaluate, stack
from mtl_tutorial.climbing import readers
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.lessons.lesson_06 import UPPER, Told, fed
from mtl_tutorial.startup import tf
from tests.tiny import quickly, tiny_data


@pytest.fixture(scope="module")
def data():
    return tiny_data(n=16)


def test_a_further_task_has_the_same_labels_in_every_split(data):
    twice = also(data.with_labels({"ner": 5}), "ner_low", of="ner")
    assert list(twice.tasks) == [*data.tasks, "ner_low"]
    assert twice.tasks["ner_low"].labels == data.tasks["ner"].labels
    for split in twice.splits.values():
        np.testing.assert_array_equal(split.targets["ner_low"], split.targets["ner"])
    assert twice["train"].labeled("ner_low").sum() == 5
    assert "ner_low" not in data.tasks  # data are never changed


@pytest.mark.parametrize(
    ("name", "of", "says"),
    [
        ("low", "pos", "unknown task in of 'pos'"),
        ("ner", "mood", "name must be a new one"),
        ("ner low", "ner", "a task's name"),
    ],
)
def test_what_cannot_be_is_refused(data, name, of, says):
    with pytest.raises(ValueError, match=says):
        also(data, name, of)


def test_one_task_is_supervised_at_two_depths(data):
    twice = also(data.only(["ner"]), "ner_low", of="ner")
    plan = SharingPlan.hard(["ner", "ner_low"]).leave("encoder_1", "ner_low")
    model = build_model(twice, plan, units=6, embedding_dim=5)
    quickly(model, twice, epochs=1)
    assert evaluate(model, twice).loc[("ner_low", "loss"), "sentences"] == 32
    shapes = {task: model.get_layer(f"{task}_head").kernel.shape[0] for task in plan.tasks}
    assert shapes == {"ner": 6, "ner_low": 5}


def test_in_a_stack_every_task_stands_on_those_before_it():
    plan = stack(["a", "b", "c"])
    assert plan.levels == ("embedding", "encoder_1", "encoder_2", "encoder_3")
    assert {task: plan.path(task)[-1][0] for task in plan.tasks} == {
        "a": "encoder_1", "b": "encoder_2", "c": "encoder_3",
    }  # fmt: skip
    assert plan.feeds == {"encoder_2": {"b": ["a"], "c": ["a"]}, "encoder_3": {"c": ["b"]}}
    found = readers(plan)
    assert found["head", ("a",)] == ("a", "b", "c")
    assert found["head", ("c",)] == ("c",)
    assert stack(["a", "b", "c"], feed=False).is_partition
    assert stack(["a"]).levels == ("embedding", "encoder_1")


@pytest.mark.parametrize("tasks", [[], ["a", "a"]])
def test_a_stack_of_no_task_or_of_one_twice_is_refused(tasks):
    with pytest.raises(ValueError, match=r"empty|twice"):
        stack(tasks)


def test_the_loss_of_the_top_reaches_the_lowest_head_through_what_is_fed(data):
    plan = stack(["ner", "person", "mood"])
    model = build_model(data, plan, encoder="mlp", units=32, embedding_dim=8)
    for step in ("encoder_2.feed-person-mood", "encoder_3.feed-mood"):
        (table,) = model.get_layer(step).tables
        table.assign(0.1 * np.random.default_rng(0).normal(size=table.shape))
    targets = {task: tf.constant(y) for task, y in data["train"].targets.items()}
    head = model.get_layer("ner_head").kernel
    with tf.GradientTape() as tape:
        logits = model(tf.constant(data["train"].inputs), training=False)
        loss = model.losses_by_task(targets, logits)["mood"]
    assert np.abs(tape.gradient(loss, head.value)).max() > 0


def test_gold_labels_are_fed_where_the_answers_would_be_and_nothing_else_is_changed():
    facts = {
        "tasks": (*UPPER, "role"), "labels": {"role": 50}, "units": 6, "embedding_dim": 5,
        "plan": fed("encoder_1").as_dict(),
    }  # fmt: skip
    experiments = [kind("fed", **facts) for kind in (Told, Experiment)]
    told, plain = (experiment.data() for experiment in experiments)
    models = [one.untrained(data) for one, data in zip(experiments, (told, plain), strict=True)]
    table = np.random.default_rng(0).normal(size=(9, 6)).astype("float32")
    for model in models:
        model.get_layer("encoder_2.feed-person-relation").set_weights([table])
    tokens, gold = plain["train"].inputs[:4], plain["train"].targets["role"][:4]
    ours, theirs = models[0](told["train"].inputs[:4]), models[1](tokens)
    np.testing.assert_array_equal(ours["role"], theirs["role"])
    assert np.abs(ours["relation"] - theirs["relation"]).max() > 0.01

    labels = Experiment("all", facts["tasks"]).data()["train"].targets["role"][:4]
    assert (gold == -1).any() and not (labels[tokens != 0] == -1).any()  # hidden ones are told too
    mask, plainly = tokens != 0, models[1]
    low = plainly.get_layer("encoder_1-person-relation-role")(
        plainly.get_layer("embedding-person-relation-role")(tokens), mask=mask
    )
    top = low + table[np.maximum(labels, 0)]
    for level in ("encoder_2", "encoder_3"):
        top = plainly.get_layer(f"{level}-person-relation")(top, mask=mask)
    expected = plainly.get_layer("relation_head")(
        plainly.get_layer("person_pooling")(top, mask=mask)
    )
    np.testing.assert_allclose(ours["relation"], expected, atol=1e-5)
