"""Successive regularization: one task after the other, each held near what the one before has left."""

import numpy as np
import pytest

from mtl_tutorial.model import build_model
from mtl_tutorial.pipeline import batches
from mtl_tutorial.records import Training
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.successive import Anchors, holding
from mtl_tutorial.trunk import shared_variables
from tests.tiny import quickly, small, tiny_data

TASKS = ["ner", "mood", "person"]
PLAN = SharingPlan.hard(TASKS, ["embedding", "encoder_1"])


@pytest.fixture(scope="module")
def data():
    return tiny_data()


def present(task: str) -> dict:
    return {name: tf.constant(name == task) for name in TASKS}


def names(variables) -> set[str]:
    return {variable.path for variable in variables}


def moved(model, before) -> list[str]:
    pairs = zip(model.trainable_variables, before, strict=True)
    return [v.path for v, was in pairs if not np.array_equal(v.numpy(), was)]


def values(model) -> list[np.ndarray]:
    return [variable.numpy() for variable in model.trainable_variables]


# -- one task after the other


def test_a_turn_has_one_task_alone_in_the_order_of_the_plan(data):
    pipeline = batches(data["train"], TASKS, 8, seed=0, steps=8, sampling="in_turn")
    for _ in range(2):  # each epoch anew
        shown = [[t for t, y in given.items() if (y.numpy() >= 0).any()] for _, given in pipeline]
        assert shown == [["ner"]] * 3 + [["mood"]] * 3 + [["person"]] * 2


def test_a_task_without_labels_has_no_turn(data):
    few = data.with_labels({"mood": 0}, seed=0)["train"]
    pipeline = batches(few, TASKS, 8, seed=0, steps=4, sampling="in_turn")
    shown = [[t for t, y in given.items() if (y.numpy() >= 0).any()] for _, given in pipeline]
    assert shown == [["ner"]] * 2 + [["person"]] * 2


# -- the penalty


def test_its_gradient_is_twice_delta_times_the_way_gone():
    rng = np.random.default_rng(0)
    shared = [keras.Variable(rng.normal(size=shape)) for shape in ((3, 2), (2,))]
    anchors = Anchors(0.3, shared)
    assert float(anchors.penalty(present("ner"))) == 0
    ways = [rng.normal(size=variable.shape).astype("float32") for variable in shared]
    for variable, way in zip(shared, ways, strict=True):
        variable.assign_add(way)
    with tf.GradientTape() as tape:
        penalty = anchors.penalty(present("ner"))
    assert float(penalty) == pytest.approx(0.3 * sum((way**2).sum() for way in ways), rel=1e-5)
    found = tape.gradient(penalty, [variable.value for variable in shared])
    for gradient, way in zip(found, ways, strict=True):
        np.testing.assert_allclose(gradient, 0.6 * way, rtol=1e-4)


def test_anchors_move_when_the_turn_changes_and_only_then():
    shared = keras.Variable([0.0])
    anchors = Anchors(1.0, [shared])
    found = []
    for task in ("ner", "ner", "mood", "mood", "ner"):
        found.append(float(anchors.penalty(present(task))))
        shared.assign_add([1.0])
    assert found == [0.0, 1.0, 0.0, 1.0, 0.0]


def test_what_is_held_is_what_several_tasks_read(data):
    plan = PLAN.split("encoder_1", "person")
    model = build_model(data, plan, units=4, embedding_dim=4)
    held = names(shared_variables(model))
    assert {path.split("/")[0] for path in held} == {
        "embedding-ner-mood-person",
        "encoder_1-ner-mood",
    }
    fed = SharingPlan(
        {"embedding": [TASKS], "encoder_1": [["mood", "person"]]},
        feeds={"encoder_1": {"mood": ["ner"]}},
    )
    model = build_model(data, fed, units=4, embedding_dim=4)
    heads = {path for path in names(shared_variables(model)) if "_head" in path}
    assert heads == {"ner_head/kernel", "ner_head/bias"}


# -- in a training


def test_delta_of_0_is_no_option_bit_by_bit(data):
    runs, weights = [], []
    for options in ({}, {"successive_regularization": 0.0}):
        model = small(data, plan=PLAN)
        runs.append(quickly(model, data, sampling="in_turn", steps_per_epoch=9, **options))
        weights.append(values(model))
    assert runs[0].table.equals(runs[1].table)
    assert all(np.array_equal(a, b) for a, b in zip(*weights, strict=True))


def test_a_large_delta_freezes_what_is_shared_and_leaves_the_heads_alone(data):
    def trained(delta):
        model = small(data, plan=PLAN)
        before = values(model)
        rate = {"learning_rate": None}
        model.compile("sgd")
        run = quickly(model, data, epochs=1, sampling="in_turn", steps_per_epoch=30,
                      successive_regularization=delta, **rate)  # fmt: skip
        assert run.header["successive_regularization"] == delta
        assert model.anchors is None
        held, way = names(shared_variables(model)), {True: 0.0, False: 0.0}
        for variable, was in zip(model.trainable_variables, before, strict=True):
            way[variable.path in held] += float(np.square(variable.numpy() - was).sum())
        return way

    free, held = trained(0.0), trained(40.0)
    assert held[True] < free[True] / 20
    assert held[False] > free[False] / 2


@pytest.mark.parametrize("combine", [None, "pcgrad"])
def test_the_first_step_of_a_turn_is_as_without_and_the_second_is_not(data, combine):
    def after(steps, delta):
        model = small(data, plan=PLAN, dropout=0.0)
        model.compile(keras.optimizers.SGD(0.1), combine=combine)
        options = {"sampling": "in_turn", "steps_per_epoch": steps, "learning_rate": None}
        quickly(model, data, epochs=1, validation=None, successive_regularization=delta, **options)
        return values(model)

    for steps, same in ((3, True), (6, False)):  # a step a turn: nobody has moved; two: they have
        pairs = zip(after(steps, 0.0), after(steps, 1.0), strict=True)
        close = [np.allclose(free, held, atol=1e-7) for free, held in pairs]
        assert all(close) is same


def test_a_training_without_follows_as_if_there_had_been_none(data):
    model = small(data, plan=PLAN)
    with holding(model, 1.0):
        assert model.anchors is not None
    assert model.anchors is None and model.train_function is None
    quickly(model, data, epochs=1, steps_per_epoch=3)


# -- what is refused


def test_what_does_not_fit_is_refused_by_name(data):
    with pytest.raises(ValueError, match="successive_regularization must be at least 0"):
        Training(successive_regularization=-1, sampling="in_turn")
    with pytest.raises(TypeError, match="successive_regularization must be a number"):
        Training(successive_regularization="much", sampling="in_turn")
    with pytest.raises(
        ValueError, match=r"successive_regularization needs .*'in_turn', not 'mixed'"
    ):
        Training(successive_regularization=0.1)
    alone = small(data, plan=SharingPlan.separate(TASKS, ["embedding", "encoder_1"]))
    with pytest.raises(ValueError, match=r"successive_regularization .* shares nothing"):
        quickly(alone, data, sampling="in_turn", successive_regularization=0.1)
