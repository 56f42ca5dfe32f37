import numpy as np
import pytest

from mtl_tutorial.model import build_model
from mtl_tutorial.recording import GradientMeans
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import tf
from mtl_tutorial.training import train
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
SMALL = {"units": 6, "embedding_dim": 5}


def gramian(*rows) -> tf.Tensor:
    jacobian = tf.constant(rows, tf.float32)
    return jacobian @ tf.transpose(jacobian)


def rows_of(means: GradientMeans) -> dict[tuple[str, str], float]:
    return {(task, metric): value for task, metric, value in means.rows()}


def test_means_are_over_the_steps_in_which_the_tasks_were_there():
    means = GradientMeans(["a", "b", "c"], ["embedding", "encoder_1"])
    # At encoder_1 nobody meets c; in the second step b has no label.
    first = {
        "embedding": gramian([3, 0], [0, 2], [1, 1]),
        "encoder_1": gramian([0, 4], [0, -1], [0, 0]),
    }
    second = {"embedding": gramian([1, 0], [0, 0], [1, 0]), "encoder_1": gramian(*[[0, 0]] * 3)}
    weights, shares = ([1.0, 2.0, 3.0], [0.0, 9.0, 1.0]), ([1.0, 0.5, 0.25], [1.0, 0.0, 0.25])
    means.update_state(first, tf.constant([True] * 3), weights[0], shares[0])
    means.update_state(second, tf.constant([True, False, True]), weights[1], shares[1])
    rows = rows_of(means)
    half = np.sqrt(0.5)
    wanted = {
        ("a+b", "cosine"): -4 / (5 * np.sqrt(5)),  # (3,0 | 0,4) and (0,2 | 0,-1), one step
        ("a+b", "cosine embedding"): 0.0,
        ("a+b", "cosine encoder_1"): -1.0,
        ("a+c", "cosine"): (3 / (5 * np.sqrt(2)) + 1) / 2,
        ("a+c", "cosine embedding"): (half + 1) / 2,
        ("b+c", "cosine"): 2 / np.sqrt(10),
        ("b+c", "cosine embedding"): half,
        ("a", "norm"): (5 + 1) / 2,
        ("a", "norm embedding"): 2.0,
        ("a", "norm encoder_1"): 4.0,
        ("a", "share"): 1.0,
        ("a", "weight"): 0.5,
        ("b", "norm"): np.sqrt(5),
        ("b", "norm embedding"): 2.0,
        ("b", "norm encoder_1"): 1.0,
        ("b", "share"): 0.25,
        ("b", "weight"): 2.0,
        ("c", "norm"): (np.sqrt(2) + 1) / 2,
        ("c", "norm embedding"): (np.sqrt(2) + 1) / 2,
        ("c", "share"): 0.25,
        ("c", "weight"): 2.0,
    }
    assert rows.keys() == wanted.keys()
    for key, value in wanted.items():
        assert rows[key] == pytest.approx(value, abs=1e-6), key
    means.reset_state()
    assert means.rows() == []


@pytest.mark.parametrize(
    "built, compiled",
    [({"encoder": "bilstm", "crf": True}, {"weigh": {"ner": 2.0}}), ({}, {"combine": "mgda"})],
)
def test_recording_changes_no_training_and_comes_into_the_run(built, compiled):
    data = tiny_data(TASKS)
    plan = SharingPlan.hard(TASKS).split("encoder_2", "ner")
    trained = []
    for record in (None, 2):
        model = build_model(data, plan, **built, **SMALL)
        model.compile(record=record, **compiled)
        run = train(model, data, epochs=2, batch_size=16, progress=False)
        trained.append(model.get_weights())
        table = run.table.query("metric not in ['loss', 'accuracy', 'f1']")
        if record is None:
            assert table.empty
    for plain, recorded in zip(*trained, strict=True):
        np.testing.assert_array_equal(plain, recorded)
    assert set(table["split"]) == {"train"}
    assert set(table["epoch"]) == {1, 2}
    assert set(table["step"]) == {4, 8}
    curves = table.set_index(["task", "metric", "epoch"])["value"]
    assert ("ner", "norm encoder_2", 1) not in curves  # it has that level for itself
    assert (
        curves["mood+person", "cosine encoder_2", 1] != curves["mood+person", "cosine encoder_2", 2]
    )
    assert curves[:, "cosine"].between(-1, 1).all()
    if "weigh" in compiled:
        assert curves["ner", "weight", 1] == 2.0
        assert curves["mood", "weight", 1] == 1.0
    else:
        assert curves[:, "weight", 1].sum() == pytest.approx(1)  # MGDA's weights add up to 1
    assert curves["mood", "share", 1] == pytest.approx(data["train"].labeled("mood").mean())
    norms = [curves["mood", f"norm{place}", 1] for place in ("", " embedding", " encoder_1")]
    assert norms[0] > max(norms[1:])


def test_what_cannot_be_recorded_is_refused_or_not_there():
    data = tiny_data(TASKS)
    model = build_model(data, **SMALL)
    with pytest.raises(ValueError, match="record must be at least 1, not 0"):
        model.compile(record=0)
    with pytest.raises(TypeError, match="record must be a whole number, not True"):
        model.compile(record=True)
    separate = build_model(data, SharingPlan.separate(TASKS), **SMALL)
    separate.compile(record=1)
    assert separate.gradient_means is None


def test_a_level_that_is_not_trained_has_no_gradients():
    data = tiny_data(TASKS)
    model = build_model(data, **SMALL)
    model.get_layer("embedding-mood-person-ner").trainable = False
    model.compile(record=1, run_eagerly=True)
    part = data["train"].take(np.arange(8))
    model.train_on_batch(part.inputs, part.targets)
    rows = rows_of(model.gradient_means)
    assert ("mood", "norm encoder_1") in rows
    assert ("mood", "norm embedding") not in rows
