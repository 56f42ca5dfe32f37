"""Models of plans that mix, feed and reverse: what follows from how they are made."""

import numpy as np
import pytest

from mtl_tutorial.layers.mixing import SideBySide
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.plots import sharing_diagram
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.sizes import count_parameters
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.step import _places
from mtl_tutorial.training import train
from tests.tiny import quickly, tiny_data

ALL = ["mood", "person", "ner"]
APART = [[task] for task in ALL]
SMALL = {"units": 6, "embedding_dim": 5}
UPPER = {"embedding": [ALL], "encoder_1": [ALL], "encoder_2": [["mood", "person"]]}
PLANS = {
    "gate": SharingPlan(
        {"embedding": [ALL], "encoder_1": [ALL, ALL, ["ner"]], "encoder_2": APART},
        mix={"encoder_1": "gate"},
    ),
    "concat": SharingPlan(
        {"embedding": [ALL, *APART], "encoder_1": [ALL]}, mix={"embedding": "concat"}
    ),
    "stitch": SharingPlan(
        {"embedding": APART, "encoder_1": APART}, mix={"embedding": "stitch", "encoder_1": "stitch"}
    ),
    "feed": SharingPlan(UPPER, feeds={"encoder_2": {"person": ["ner"]}}, reverse=["mood"]),
}


@pytest.fixture(scope="module")
def data():
    return tiny_data()


@pytest.fixture(scope="module", params=PLANS)
def model(request, data):
    return build_model(data, PLANS[request.param], **SMALL)


def logits(model, inputs):
    return {task: y.numpy() for task, y in model(tf.constant(inputs), training=False).items()}


def assert_alike(ours, theirs, inputs, atol=1e-6):
    for task in ALL:
        real = (inputs != 0) if task == "ner" else slice(None)
        np.testing.assert_allclose(ours[task][real], theirs[task][real], atol=atol)


def test_padding_changes_no_answer(model, data):
    inputs = data["test"].inputs
    wide = logits(model, np.pad(inputs, [(0, 0), (0, 5)]))
    assert_alike(logits(model, inputs), {**wide, "ner": wide["ner"][:, : inputs.shape[1]]}, inputs)


def test_it_trains_is_saved_and_loaded(model, data, tmp_path):
    before = logits(model, data["test"].inputs)
    quickly(model, data, epochs=1)
    after = logits(model, data["test"].inputs)
    assert all(np.abs(after[task] - before[task]).max() > 0 for task in ALL)
    model.save(tmp_path / "model.keras")
    again = load_model(tmp_path / "model.keras")
    assert again.plan == model.plan
    assert_alike(logits(again, data["test"].inputs), after, data["test"].inputs, atol=0)


def test_it_is_counted_and_drawn(model, data):
    counted = count_parameters(model.plan, data.tasks, len(data.vocabulary), **SMALL)
    assert counted.to_dict() == model.parameters().to_dict()
    assert counted["parameters"].sum() == model.count_params()
    words = {text.get_text() for text in sharing_diagram(model).axes[0].texts}
    kinds = {*model.plan.mix.values()}
    assert kinds <= words
    assert any("adversary" in word for word in words) == bool(model.plan.reverse)


def test_a_gate_of_one_copy_is_the_copy_and_one_of_equal_copies_too(data):
    hard = SharingPlan.hard(ALL, ["embedding", "encoder_1"])
    gated = SharingPlan({"embedding": [ALL], "encoder_1": [ALL, ALL]}, mix={"encoder_1": "gate"})
    plain, two = (build_model(data, plan, **SMALL) for plan in (hard, gated))
    inputs = data["test"].inputs
    names = ["encoder_1-mood-person-ner", "encoder_1-mood-person-ner-2"]
    first, second = (two.get_layer(name) for name in names)
    assert np.abs(first.get_weights()[0] - second.get_weights()[0]).max() > 0.01
    second.set_weights(first.get_weights())
    assert_alike(logits(two, inputs), logits(plain, inputs), inputs)


def test_an_open_gate_is_the_copy_it_is_open_for(data):
    plan = SharingPlan({"embedding": [ALL], "encoder_1": [ALL, *APART]}, mix={"encoder_1": "gate"})
    apart = SharingPlan({"embedding": [ALL], "encoder_1": APART})
    gated, plain = (build_model(data, p, **SMALL) for p in (plan, apart))
    for task in ALL:
        own = [copy[1] for copy in plan.copies("encoder_1", task)].index((task,))
        gate = gated.get_layer(f"encoder_1.gate-{task}")
        gate.bias.assign(100.0 * np.eye(2)[own])
        gated.get_layer(f"encoder_1-{task}").set_weights(
            plain.get_layer(f"encoder_1-{task}").get_weights()
        )
    inputs = data["test"].inputs
    assert_alike(logits(gated, inputs), logits(plain, inputs), inputs)


def test_stitches_at_identity_are_separate(data):
    levels = ["embedding", "encoder_1"]
    separate = SharingPlan.separate(ALL, levels)
    stitched = SharingPlan(separate.as_dict(), mix=dict.fromkeys(levels, "stitch"))
    model, plain = (build_model(data, plan, **SMALL) for plan in (stitched, separate))
    for level in levels:
        for place, task in enumerate(ALL):
            alpha = model.get_layer(f"{level}.stitch-{task}").alpha
            assert alpha.numpy().sum() == pytest.approx(1) and alpha.numpy()[
                place
            ] == pytest.approx(0.9)
            alpha.assign(np.eye(3)[place])
    inputs = data["test"].inputs
    assert_alike(logits(model, inputs), logits(plain, inputs), inputs)


def test_a_feed_of_zeros_is_no_feed_and_another_one_is(data):
    fed, plain = (
        build_model(data, SharingPlan(UPPER, feeds=feeds), **SMALL)
        for feeds in ({"encoder_2": {"person": ["ner"]}}, None)
    )
    inputs = data["test"].inputs
    assert_alike(logits(fed, inputs), logits(plain, inputs), inputs, atol=0)
    (table,) = fed.get_layer("encoder_2.feed-person").tables
    table.assign(np.ones(table.shape))
    ours, theirs = logits(fed, inputs), logits(plain, inputs)
    assert np.abs(ours["person"] - theirs["person"]).max() > 0.01
    assert_alike({**ours, "person": theirs["person"]}, theirs, inputs, atol=0)


def test_what_is_fed_is_the_probability_of_labels(data):
    plan = SharingPlan({"embedding": [ALL], "encoder_1": [["person"]]},
                       feeds={"encoder_1": {"person": ["mood", "ner"]}})  # fmt: skip
    model = build_model(data, plan, **SMALL)
    feed = model.get_layer("encoder_1.feed-person")
    rng = np.random.default_rng(0)
    tables = [rng.normal(size=table.shape).astype("float32") for table in feed.tables]
    feed.set_weights(tables)
    x = rng.normal(size=(2, 4, 5)).astype("float32")
    mood = np.log([[0.2, 0.8], [1, 1e-9]]).astype("float32")
    ner = rng.normal(size=(2, 4, 3)).astype("float32")
    likely = np.exp(ner) / np.exp(ner).sum(-1, keepdims=True)
    expected = x + (np.exp(mood) @ tables[0])[:, None] + likely @ tables[1]
    np.testing.assert_allclose(feed([x, mood, ner]), expected, rtol=1e-5, atol=1e-6)


def test_an_adversary_pushes_the_trunk_the_other_way_and_its_head_as_ever(data):
    levels = SharingPlan.hard(ALL, ["embedding", "encoder_1"])
    turned = SharingPlan(levels.as_dict(), reverse=["mood"])
    found = {}
    inputs = tf.constant(data["train"].inputs[:16])
    targets = {task: tf.constant(y[:16]) for task, y in data["train"].targets.items()}
    for name, plan in (("plain", levels), ("turned", turned)):
        model = build_model(data, plan, dropout=0.0, **SMALL)
        with tf.GradientTape() as tape:
            loss = model.losses_by_task(targets, model(inputs, training=True))["mood"]
        layers = [model.shared_layer("encoder_1", "mood"), model.get_layer("mood_head")]
        found[name] = tape.gradient(loss, [layer.trainable_variables[0] for layer in layers])
    np.testing.assert_allclose(found["turned"][0], -found["plain"][0], atol=1e-7)
    np.testing.assert_allclose(found["turned"][1], found["plain"][1], atol=1e-7)
    assert np.abs(found["plain"][0]).max() > 1e-4


def test_copies_that_say_the_same_are_penalized_and_padding_is_not():
    layer = SideBySide(orthogonality=0.5)
    one, other = np.zeros((2, 3, 2), "float32"), np.zeros((2, 3, 2), "float32")
    one[:, 0, 0] = other[:, 0, 0] = 2.0  # the first token alone: S'P has one entry, 4
    layer([one, other])
    assert float(layer.losses[0]) == pytest.approx(0.5 * 16 / 9)  # over 3 tokens, squared
    masked = np.array([[True, True, False]] * 2)
    other[:, 2] = one[:, 2] = 9.0
    loud = SideBySide(orthogonality=0.5)
    loud([one, other], mask=[masked, masked])
    assert float(loud.losses[0]) == pytest.approx(0.5 * 16 / 4)
    apart = SideBySide(orthogonality=0.5)
    apart([one * [[[1, 0]]], other * 0])
    assert float(apart.losses[0]) == 0


def test_a_model_minimizes_the_overlap_if_it_is_asked_to(data):
    model = build_model(data, PLANS["concat"], orthogonality=0.1, **SMALL)
    model(tf.constant(data["train"].inputs[:4]), training=True)
    assert len(model.losses) == 3  # a pair of copies for each task
    assert all(float(loss) > 0 for loss in model.losses)
    assert not build_model(data, PLANS["concat"], **SMALL).losses


def test_the_overlap_of_validation_sentences_is_part_of_the_validation_loss(data):
    """Under a training step, too, where layers speak in a graph that is gone when the epoch ends."""
    logs = {}
    note = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, given: logs.update(given))
    model = build_model(data, PLANS["concat"], orthogonality=0.1, **SMALL)
    train(model, data, epochs=1, steps_per_epoch=3, callbacks=[note], progress=False)
    model(tf.constant(data["valid"].inputs), training=False)
    overlap = sum(float(loss) for loss in model.losses)
    losses = [logs[f"val_{task}_loss"] for task in model.tasks]
    assert overlap > 0 and logs["val_loss"] == pytest.approx(sum(losses) + overlap, rel=1e-4)


def test_a_variable_belongs_to_all_whose_answers_depend_on_it(data):
    model, stitched = (build_model(data, PLANS[name], **SMALL) for name in ("feed", "stitch"))
    model.compile()
    stitched.compile()
    read = dict(zip([v.path for v in model.trainable_variables], _places(model), strict=True))
    head = next(place for path, place in read.items() if path.startswith("ner_head"))
    assert head.tasks == ("person", "ner")
    read = dict(zip([v.path for v in stitched.trainable_variables], _places(stitched), strict=True))
    assert all(place.tasks == tuple(ALL) for path, place in read.items() if path.startswith("emb"))


def test_a_language_model_is_fed_by_nobody_who_looks_ahead():
    data = tiny_data(("mood", "lm"))
    plan = SharingPlan({"embedding": [["mood", "lm"]], "encoder_1": [["lm"]]},
                       feeds={"encoder_1": {"lm": ["mood"]}})  # fmt: skip
    with pytest.raises(ValueError, match=r"'mood' has read the whole sentence.*'lm'"):
        build_model(data, plan, **SMALL)


def test_a_language_model_sees_no_token_ahead_through_stitches():
    data = tiny_data(("mood", "lm"))
    plan = SharingPlan.separate(["mood", "lm"])
    plan = SharingPlan(plan.as_dict(), mix={"encoder_1": "stitch"})
    model = build_model(data, plan, **SMALL)
    inputs = data["test"].inputs[:4].copy()
    before = logits(model, inputs)["lm"]
    inputs[:, 3] = 2 + (inputs[:, 3] - 1) % (len(data.vocabulary) - 2)
    np.testing.assert_array_equal(before[:, :3], logits(model, inputs)["lm"][:, :3])
