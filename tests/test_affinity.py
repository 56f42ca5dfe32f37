"""Affinity: what a step for one task does to the loss of another, by hand; the training unchanged."""

import numpy as np
import pytest

from mtl_tutorial.affinity import Affinity
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import tf
from tests.tiny import quickly, small, tiny_data

DATA = tiny_data(("mood", "person"))


def means(affinity: Affinity, epoch: int = 1) -> dict[tuple[str, str], float]:
    return {(i, j): value for at, i, j, value in affinity.rows if at == epoch}


def test_it_is_one_minus_the_loss_after_a_step_over_the_loss_before():
    affinity = Affinity(DATA["train"], size=64, rate=0.05)  # all of them: one batch is the other
    model = small(DATA)
    model.compile()
    affinity.set_model(model)
    affinity.on_train_begin()
    affinity.on_train_batch_end(0)
    affinity.on_epoch_end(0)
    part = DATA["train"]
    targets = {task: part.targets[task] for task in model.tasks}

    def losses():
        return model.losses_by_task(targets, model(part.inputs, training=False))

    with tf.GradientTape() as tape:
        before = losses()
        mood = before["mood"]
    trunk = [v for v in model.trainable_variables if "head" not in v.path]
    gradients = tape.gradient(mood, [v.value for v in trunk])
    for variable, gradient in zip(trunk, gradients, strict=True):
        variable.assign(variable - 0.05 * tf.convert_to_tensor(gradient))
    after = losses()
    for task in ("mood", "person"):
        by_hand = 1 - float(after[task]) / float(before[task])
        assert np.isclose(means(affinity)["mood", task], by_hand, rtol=1e-3, atol=1e-7)
    assert means(affinity)["mood", "mood"] > 0


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_a_training_is_the_same_with_it_to_the_last_bit(dropout):
    tables = []
    for callbacks in ([], [Affinity(DATA["train"], size=16)]):
        tables.append(quickly(small(DATA, dropout=dropout), DATA, callbacks=callbacks).table)
    assert (tables[0]["value"].to_numpy() == tables[1]["value"].to_numpy()).all()


def test_tasks_that_share_nothing_move_nobody():
    model = small(DATA, plan=SharingPlan.separate(["mood", "person"]))
    affinity = Affinity(DATA["train"])
    quickly(model, DATA, callbacks=[affinity])
    assert set(means(affinity).values()) == {0.0}
    assert sorted({at for at, *_ in affinity.rows}) == [1, 2]


def test_only_sentences_with_all_labels_count():
    few = DATA.with_labels({"mood": 5, "person": 64})
    affinity = Affinity(few["train"])
    quickly(small(few), few, epochs=1, callbacks=[affinity])
    assert len(affinity.known) == 5
    none = DATA.with_labels({"mood": 0, "person": 64})
    with pytest.raises(ValueError, match="no sentence of part has a label of each of"):
        quickly(small(none), none, callbacks=[Affinity(none["train"])])


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"part": DATA}, "part must be a Split"),
        ({"size": 0}, "size must be at least 1"),
        ({"rate": 0}, "rate must be above 0"),
        ({"seed": None}, "seed must be a whole number"),
    ],
    ids=str,
)
def test_it_refuses_what_is_wrong_by_name(wrong, message):
    with pytest.raises((TypeError, ValueError), match=message):
        Affinity(**{"part": DATA["train"], **wrong})
