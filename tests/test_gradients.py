import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.keras_model import OVER, MultiTaskModel
from mtl_tutorial.model import build_model
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras, tf
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
SMALL = {"units": 6, "embedding_dim": 5}
MIXED = SharingPlan.hard(TASKS).split("encoder_2", "ner")
EARLY = SharingPlan.hard(TASKS).leave("encoder_2", "ner")


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


def step(model: MultiTaskModel, data: MultiTaskData, steps: int = 1) -> None:
    train = data["train"]
    model.fit(train.inputs, train.targets, batch_size=16, epochs=steps, shuffle=False, verbose=0)


# -- one code path for baselines, sums and combiners


def trained_weights(
    data: MultiTaskData, plan: SharingPlan, steps: int = 3, encoder: str = "cnn", **options
) -> dict[str, np.ndarray]:
    model = build_model(data, plan, encoder=encoder, dropout=0.0, seed=5, **SMALL)
    model.compile(**options)
    step(model, data, steps)
    return {variable.path: variable.numpy() for variable in model.trainable_variables}


def test_the_separate_plan_is_the_single_task_models(data):
    together = trained_weights(data, SharingPlan.separate(TASKS))
    for task in TASKS:
        alone = trained_weights(data.only([task]), SharingPlan.separate([task]))
        for path, value in alone.items():
            np.testing.assert_allclose(together[path], value, atol=1e-6)


@pytest.mark.parametrize(
    "plan, options",
    [
        (SharingPlan.hard(TASKS), {"encoder": "bilstm"}),
        (MIXED, {"run_eagerly": True}),
        (EARLY, {"run_eagerly": True}),
    ],
)
def test_combining_equally_is_plain_summing_bit_for_bit(data, plan, options):
    few = data.with_labels({"mood": 6, "ner": 9})  # in many a batch one of them is absent
    summed = trained_weights(few, plan, **options)
    for over in OVER:
        combined = trained_weights(few, plan, combine="equal", over=over, **options)
        assert summed.keys() == combined.keys()
        for path, value in summed.items():
            np.testing.assert_array_equal(value, combined[path], err_msg=f"{over} {path}")


def test_stock_adam_gets_dense_gradients_in_every_mode(data):
    plan = SharingPlan.hard(TASKS)
    ours = trained_weights(data, plan)
    for combine in (None, "equal"):
        stock = trained_weights(data, plan, optimizer=keras.optimizers.Adam(), combine=combine)
        for path, value in ours.items():
            np.testing.assert_allclose(stock[path], value, atol=2e-6, err_msg=path)


def test_a_combiner_weighs_shared_gradients_and_leaves_heads_alone(data):
    seen = []

    def first_task_only(gramian):
        seen.append(gramian.shape)
        return tf.constant([1.0, 0.0, 0.0])

    sgd = {"optimizer": keras.optimizers.SGD(0.1)}
    plan = SharingPlan.hard(TASKS)
    model = build_model(data, plan, dropout=0.0, seed=5, **SMALL)
    start = {v.path: v.numpy() for v in model.trainable_variables}
    model.compile(combine=first_task_only, **sgd)
    train = data["train"].take(np.arange(16))
    model.train_on_batch(train.inputs, train.targets)
    moved = {v.path: v.numpy() - start[v.path] for v in model.trainable_variables}

    def gradients(task):
        twin = build_model(data, plan, dropout=0.0, seed=5, **SMALL)
        variables = twin.trainable_variables
        with tf.GradientTape() as tape:
            loss = twin.losses_by_task(train.targets, twin(train.inputs))[task]
        found = tape.gradient(loss, [v.value for v in variables])
        return {
            v.path: None if g is None else tf.convert_to_tensor(g).numpy()
            for v, g in zip(variables, found, strict=True)
        }

    by_task = {task: gradients(task) for task in TASKS}
    for path, step_taken in moved.items():
        own = [task for task in TASKS if f"{task}_head" in path]
        wanted = by_task[own[0] if own else "mood"][path]
        np.testing.assert_allclose(step_taken, -0.1 * wanted, atol=1e-6, err_msg=path)
    assert seen[0].rank == 2


def test_the_gramian_holds_the_inner_products_of_the_tasks_gradients(data):
    found = {}

    def keep(gramian):
        found["gramian"] = gramian
        return tf.ones(3)

    model = build_model(data, dropout=0.0, seed=5, **SMALL)
    model.compile(combine=keep, run_eagerly=True)
    train = data["train"].take(np.arange(8))
    twin = build_model(data, dropout=0.0, seed=5, **SMALL)
    shared = [v for v in twin.trainable_variables if "head" not in v.path]
    rows = []
    for task in TASKS:
        with tf.GradientTape() as tape:
            loss = twin.losses_by_task(train.targets, twin(train.inputs))[task]
        grads = tape.gradient(loss, [v.value for v in shared])
        rows.append(np.concatenate([tf.convert_to_tensor(g).numpy().ravel() for g in grads]))
    model.train_on_batch(train.inputs, train.targets)
    np.testing.assert_allclose(found["gramian"], np.array(rows) @ np.array(rows).T, rtol=1e-4)


def test_hand_set_weights_scale_a_tasks_gradient(data):
    plan = SharingPlan.separate(TASKS)
    start = build_model(data, plan, dropout=0.0, seed=5, **SMALL)
    start = {v.path: v.numpy() for v in start.trainable_variables}

    def first_step(**options):
        model = build_model(data, plan, dropout=0.0, seed=5, **SMALL)
        model.compile(optimizer=keras.optimizers.SGD(0.1), **options)
        part = data["train"].take(np.arange(16))
        model.train_on_batch(part.inputs, part.targets)
        return {v.path: v.numpy() - start[v.path] for v in model.trainable_variables}

    plain, weighed = first_step(), first_step(weigh={"ner": 3.0, "mood": 0.0})
    for path, move in plain.items():
        factor = 3.0 if "ner" in path else 0.0 if "mood" in path else 1.0
        np.testing.assert_allclose(weighed[path], factor * move, atol=1e-6)


def test_choices_that_do_not_fit_are_refused(data):
    model = build_model(data, **SMALL)
    for options, message in (
        ({"weigh": {"mood": 2.0}, "combine": "equal"}, "either weigh or combine"),
        ({"weigh": {"weather": 2.0}}, r"unknown task in weigh 'weather'"),
        ({"weigh": {"mood": -1.0}}, "weight of 'mood' must be at least 0"),
        ({"weigh": "loudest"}, "unknown weigh 'loudest'"),
        ({"combine": "loudest"}, "unknown combiner 'loudest'"),
        ({"loss": "mse"}, r"leave out \['loss'\]"),
    ):
        with pytest.raises(ValueError, match=message):
            model.compile(**options)


# -- who is absent from a batch


def kept(combine=None):
    """A combiner that keeps the Gramians it was given, and gives equal weights."""
    seen = []

    def keep(gramian):
        seen.append(gramian.numpy())
        return tf.ones(tf.shape(gramian)[0])

    return keep, seen


def one_step(data, plan, rows=16, encoder="cnn", **options) -> MultiTaskModel:
    model = build_model(data, plan, encoder=encoder, dropout=0.0, seed=5, **SMALL)
    model.compile(run_eagerly=True, **options)
    part = data["train"].take(np.arange(rows))
    model.train_on_batch(part.inputs, part.targets)
    return model


@pytest.mark.parametrize("over", OVER)
def test_a_combiner_sees_the_tasks_that_are_present_alone(data, over):
    plan = SharingPlan.hard(TASKS)
    whole, alone = kept(), kept()
    one_step(data.with_labels({"person": 0}), plan, combine=whole[0], over=over)
    both = data.only(["mood", "ner"])
    one_step(both, SharingPlan.hard(["mood", "ner"]), combine=alone[0], over=over)
    (found,), (wanted,) = whole[1], alone[1]
    assert found.shape == (2, 2)
    np.testing.assert_allclose(found, wanted, rtol=1e-5)


def test_a_task_that_shares_nothing_is_not_compared(data):
    plan = SharingPlan(
        {level: [["mood", "person"], ["ner"]] for level in ("embedding", "encoder_1")}
    )
    keep, seen = kept()
    moved = one_step(data, plan, combine=keep, optimizer=keras.optimizers.SGD(0.1))
    summed = one_step(data, plan, optimizer=keras.optimizers.SGD(0.1))
    assert seen[0].shape == (2, 2)
    for mine, theirs in zip(moved.get_weights(), summed.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_a_batch_without_any_label_asks_no_combiner(data):
    keep, seen = kept()
    one_step(data.with_labels(dict.fromkeys(TASKS, 0)), None, combine=keep)
    assert seen == []


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: None,
        lambda: keras.optimizers.SGD(0.1, momentum=0.9),
        lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
    ],
)
@pytest.mark.parametrize("combine", [None, "equal"])
def test_what_only_absent_tasks_read_stays_with_all_its_momentum(data, optimizer, combine):
    """In the graph, for one set of variables; Keras' own layers without a gradient stay as well."""
    plan = SharingPlan.hard(TASKS).split("encoder_2", "ner")
    model = build_model(data, plan, **SMALL)
    model.compile(optimizer(), combine=combine, steps_per_execution=1)
    part = data["train"].take(np.arange(16))
    absent = {**part.targets, "ner": np.full_like(part.targets["ner"], -1)}
    model.train_on_batch(part.inputs, part.targets)

    def state() -> dict[str, np.ndarray]:
        return {v.path: v.numpy() for v in (*model.variables, *model.optimizer.variables)}

    before = state()
    model.train_on_batch(part.inputs, absent)
    between = state()
    for path, value in between.items():
        if "seed" in path or "iteration" in path or "learning_rate" in path:
            continue
        ners = (
            "ner_head" in path
            or path.split("/")[-2].startswith("encoder_2-ner")
            or ("encoder_2-ner" in path)
        )
        assert np.array_equal(value, before[path]) == ners, path
    model.train_on_batch(part.inputs, part.targets)
    assert not np.array_equal(state()["ner_head/kernel"], between["ner_head/kernel"])


# -- plug-ins that do not fit


def broken(gramian):
    return tf.ones(tf.shape(gramian)[0]) / 0.0


@pytest.mark.parametrize("run_eagerly", [True, False])
@pytest.mark.parametrize(
    "options, message",
    [
        ({"combine": lambda gramian: np.ones(4, "float32")}, "one weight for each row"),
        ({"combine": lambda gramian: tf.constant(1.0)}, "one weight for each row"),
        ({"combine": broken}, "combine=broken gave a weight that is no number"),
        ({"combine": lambda gramian: None}, r"combine=<lambda> failed with ValueError"),
        ({"weigh": lambda losses, present: None}, "weigh=<lambda> must give one number.*not None"),
        ({"weigh": lambda losses, present: tf.ones(2)}, "must give one number"),
        ({"weigh": lambda losses, present: losses["weather"]}, "failed with KeyError: 'weather'"),
    ],
)
def test_plug_ins_that_give_nonsense_are_named(data, options, message, run_eagerly):
    model = build_model(data, **SMALL)
    model.compile(run_eagerly=run_eagerly, steps_per_execution=1, **options)
    part = data["train"].take(np.arange(8))
    with pytest.raises((ValueError, TypeError), match=message):
        model.train_on_batch(part.inputs, part.targets)


def test_a_combiner_in_numpy_is_told_that_it_is_a_part_of_the_graph(data):
    model = build_model(data, **SMALL)
    model.compile(combine=lambda gramian: np.linalg.inv(gramian).sum(axis=1))
    part = data["train"].take(np.arange(8))
    with pytest.raises(ValueError, match="must compute with TensorFlow, not NumPy"):
        model.train_on_batch(part.inputs, part.targets)


def test_a_broken_loss_is_not_laid_at_the_combiners_door(data):
    model = build_model(data, **SMALL)
    model.compile(combine="mgda", run_eagerly=True)
    model.get_layer("mood_head").set_weights(
        [w * np.nan for w in model.get_layer("mood_head").get_weights()]
    )
    part = data["train"].take(np.arange(8))
    model.train_on_batch(part.inputs, part.targets)
    assert model.label_means.first_not_finite() == "mood"


def test_a_variable_that_nobody_would_train_is_refused(data):
    s = keras.Variable(0.5, name="s")
    model = build_model(data, **SMALL)
    model.compile(weigh=lambda losses, present: s * tf.add_n(list(losses.values())))
    part = data["train"].take(np.arange(8))
    with pytest.raises(ValueError, match=r"reads variables of its own, \['s'\].*Balancer"):
        model.train_on_batch(part.inputs, part.targets)


# -- regularizers


@pytest.mark.parametrize(
    "options", [{}, {"combine": "equal"}, {"combine": "equal", "over": "features"}]
)
def test_the_penalty_of_a_regularizer_counts_in_training_and_testing(data, options):
    def model(penalty: float) -> MultiTaskModel:
        made = build_model(data, dropout=0.0, seed=5, **SMALL)
        layer = made.get_layer("embedding-mood-person-ner")
        layer.embeddings_regularizer = keras.regularizers.L2(penalty)
        layer.embeddings.regularizer = layer.embeddings_regularizer  # after building, by hand
        made.compile(keras.optimizers.SGD(0.1), run_eagerly=True, **options)
        return made

    part = data["train"].take(np.arange(8))
    free, bound = model(0.0), model(2.0)
    vectors = bound.get_layer("embedding-mood-person-ner").get_weights()[0]
    tested = [
        m.test_on_batch(part.inputs, part.targets, return_dict=True)["loss"] for m in (free, bound)
    ]
    assert tested[1] - tested[0] == pytest.approx(2 * (vectors**2).sum(), rel=1e-4)
    trained = [
        m.train_on_batch(part.inputs, part.targets, return_dict=True)["loss"] for m in (free, bound)
    ]
    assert trained[1] - trained[0] == pytest.approx(2 * (vectors**2).sum(), rel=1e-4)
    apart = [m.get_layer("embedding-mood-person-ner").get_weights()[0] for m in (free, bound)]
    np.testing.assert_allclose(apart[1] - apart[0], -0.1 * 2 * 2 * vectors, atol=1e-6)
