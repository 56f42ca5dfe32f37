import numpy as np
import pytest

from mtl_tutorial.crf import CRFHead
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.layers import (
    ENCODERS,
    BiLSTMEncoder,
    CNNEncoder,
    MaskedPooling,
    MLPEncoder,
    WordEmbedding,
)
from mtl_tutorial.model import MultiTaskModel, build_model, load_model, walk
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras, tf
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
SMALL = {"units": 6, "embedding_dim": 5}


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


def logits(model: MultiTaskModel, inputs: np.ndarray) -> dict[str, np.ndarray]:
    return {task: y.numpy() for task, y in model(tf.constant(inputs), training=False).items()}


def step(model: MultiTaskModel, data: MultiTaskData, steps: int = 1) -> None:
    train = data["train"]
    model.fit(train.inputs, train.targets, batch_size=16, epochs=steps, shuffle=False, verbose=0)


# -- the plan becomes layers


def test_a_shared_level_is_one_layer_and_a_split_level_several(data):
    plan = SharingPlan(
        {
            "embedding": [TASKS],
            "encoder_1": [["mood", "ner"], ["person"]],
            "encoder_2": [["mood"], ["person"]],
        }
    )
    model = build_model(data, plan, **SMALL)
    assert model.shared_layer("embedding", "mood") is model.shared_layer("embedding", "ner")
    assert model.shared_layer("encoder_1", "mood") is model.shared_layer("encoder_1", "ner")
    assert model.shared_layer("encoder_1", "mood") is not model.shared_layer("encoder_1", "person")
    with pytest.raises(ValueError, match="'ner' has left the trunk"):
        model.shared_layer("encoder_2", "ner")


def test_parameters_follow_from_the_plan(data):
    hard = build_model(data, SharingPlan.hard(TASKS), **SMALL)
    separate = build_model(data, SharingPlan.separate(TASKS), **SMALL)
    trunk = hard.parameters().query("level != 'head'")["parameters"].sum()
    embedding = len(data.vocabulary) * 5
    assert trunk == embedding + (3 * 5 * 6 + 6) + (3 * 6 * 6 + 6)
    assert separate.count_params() - hard.count_params() == 2 * trunk
    for model in (hard, separate):
        assert model.parameters()["parameters"].sum() == model.count_params()


def test_walk_calls_a_shared_layer_once_a_path():
    calls = []

    def layer(name):
        return lambda x: calls.append((name, x)) or f"{name}({x})"

    plan = SharingPlan({"embedding": [["a", "b"]], "one": [["a"], ["b"]], "two": [["a", "b"]]})
    layers = {(level, group): layer(level + "".join(group)) for level, gs in plan for group in gs}
    reached = walk(plan, "x", layers)
    assert reached == {
        "a": "twoab(onea(embeddingab(x)))",
        "b": "twoab(oneb(embeddingab(x)))",
    }
    assert len(calls) == 5  # the embedding once, "two" once on each of its two inputs


@pytest.mark.parametrize("plan", [SharingPlan.hard(TASKS), SharingPlan.separate(TASKS)])
@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_padding_changes_no_answer(data, plan, encoder, pooling):
    model = build_model(data, plan, encoder=encoder, pooling=pooling, **SMALL)
    inputs = data["test"].inputs
    wider = np.pad(inputs, [(0, 0), (0, 7)])
    short, long = logits(model, inputs), logits(model, wider)
    for task in TASKS:
        cut = long[task][:, : inputs.shape[1]] if task == "ner" else long[task]
        present = (inputs != 0) if task == "ner" else slice(None)
        np.testing.assert_allclose(short[task][present], cut[present], atol=1e-6)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_language_model_sees_no_token_ahead(encoder):
    data = tiny_data(("mood", "lm"))
    for plan in (SharingPlan.hard(["mood", "lm"]), SharingPlan.separate(["lm", "mood"])):
        model = build_model(data, plan, encoder=encoder, **SMALL)
        inputs = data["test"].inputs[:4].copy()
        before = logits(model, inputs)["lm"]
        inputs[:, 3] = 2 + (inputs[:, 3] - 1) % (len(data.vocabulary) - 2)
        after = logits(model, inputs)["lm"]
        np.testing.assert_array_equal(before[:, :3], after[:, :3])
        assert np.abs(before[:, 3] - after[:, 3]).max() > 0


def test_unknown_names_are_refused_by_name(data):
    with pytest.raises(ValueError, match=r"plan names \['weather'\]"):
        build_model(data, SharingPlan.hard(["mood", "weather"]))
    with pytest.raises(ValueError, match=r"unknown encoder 'gru'.*cnn"):
        build_model(data, encoder="gru")
    with pytest.raises(ValueError, match="pooling must be"):
        build_model(data, pooling="median")


# -- layers


def test_masked_pooling_agrees_with_a_loop():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(6, 5, 3)).astype("float32") - 2
    lengths = np.array([5, 1, 2, 4, 3, 0])
    mask = np.arange(5) < lengths[:, None]
    for mode, function in (("max", np.max), ("mean", np.mean)):
        wanted = [
            function(row[:n], axis=0) if n else np.zeros(3)
            for row, n in zip(x, lengths, strict=True)
        ]
        np.testing.assert_allclose(MaskedPooling(mode)(x, mask=mask), wanted, atol=1e-6)


def test_encoders_are_what_they_say():
    x = np.random.default_rng(2).normal(size=(2, 6, 4)).astype("float32")
    changed = x.copy()
    changed[:, 3] += 1.0
    reach = {}
    for name, layer in {
        "mlp": MLPEncoder(5),
        "cnn": CNNEncoder(5),
        "causal": CNNEncoder(5, causal=True),
        "bilstm": BiLSTMEncoder(4),
        "onward": BiLSTMEncoder(5, causal=True),
    }.items():
        difference = np.abs(layer(x).numpy() - layer(changed).numpy()).max(axis=(0, 2))
        reach[name] = list(np.flatnonzero(difference))
    assert reach == {
        "mlp": [3],
        "cnn": [2, 3, 4],
        "causal": [3, 4, 5],
        "bilstm": [0, 1, 2, 3, 4, 5],
        "onward": [3, 4, 5],
    }


def in_keras_order(kernel, recurrent_kernel, bias, forget=0.0):
    """A BiLSTM's values as `keras.layers.Bidirectional` keeps them; `forget` added to that bias."""
    for own in zip(np.split(kernel, 2, axis=1), recurrent_kernel, np.split(bias, 2), strict=True):
        for values, more in zip(own, (0.0, 0.0, forget), strict=True):
            i, candidate, f, o = np.split(values, 4, axis=-1)
            yield np.concatenate([i, f + more, candidate, o], axis=-1)


@pytest.mark.parametrize("masked", [True, False])
def test_the_bilstm_is_keras_own_in_answers_and_gradients(masked):
    rng = np.random.default_rng(3)
    x = tf.constant(rng.normal(size=(5, 6, 4)).astype("float32"))
    present = np.arange(6) < np.array([6, 1, 3, 5, 0] if masked else [6] * 5)[:, None]
    ours = BiLSTMEncoder(6)
    theirs = keras.layers.Bidirectional(keras.layers.LSTM(3, return_sequences=True))
    for layer in (ours, theirs):
        layer.build(x.shape)
    ours.set_weights([rng.normal(size=w.shape) for w in ours.get_weights()])
    theirs.set_weights(list(in_keras_order(*ours.get_weights(), forget=1.0)))
    signal = (rng.normal(size=(5, 6, 6)) * present[..., None]).astype("float32")

    def answers_and_gradients(layer):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x, mask=tf.constant(present) if masked else None)
            loss = tf.reduce_sum(y * signal)
        gradients = tape.gradient(loss, [x, *(v.value for v in layer.trainable_variables)])
        return y.numpy()[present], *(g.numpy() for g in gradients)

    y, back, *gradients = answers_and_gradients(ours)
    mine = [y, back, *in_keras_order(*gradients)]
    for own, wanted in zip(mine, answers_and_gradients(theirs), strict=True):
        np.testing.assert_allclose(own, wanted, atol=1e-4)


def test_the_two_directions_of_a_bilstm_start_from_different_values():
    layer = BiLSTMEncoder(8, initializer=keras.initializers.GlorotUniform(seed=1), seed=1)
    layer.build((None, None, 4))
    kernel, recurrent_kernel, _ = layer.get_weights()
    assert np.abs(kernel[:, :16] - kernel[:, 16:]).max() > 0.1
    assert np.abs(recurrent_kernel[0] - recurrent_kernel[1]).max() > 0.1
    np.testing.assert_allclose(recurrent_kernel[1] @ recurrent_kernel[1].T, np.eye(4), atol=1e-5)


def test_two_directions_cannot_share_an_odd_number_of_units(data):
    with pytest.raises(ValueError, match="even number of units, not 5"):
        build_model(data, encoder="bilstm", units=5)


@pytest.mark.parametrize(
    "layer",
    [
        MLPEncoder(3, dropout=0.1, seed=4),
        CNNEncoder(3, causal=True),
        BiLSTMEncoder(4, dropout=0.2),
        WordEmbedding(5, 3, mask_zero=True, dropout=0.3, seed=2),
        CRFHead(3),
        MaskedPooling("mean"),
    ],
)
def test_layers_can_be_rebuilt_from_their_configuration(layer):
    config = keras.saving.serialize_keras_object(layer)
    assert keras.saving.deserialize_keras_object(config).get_config() == layer.get_config()


# -- starting values


@pytest.mark.parametrize("encoder", ENCODERS)
def test_one_seed_gives_all_copies_and_all_plans_the_same_start(data, encoder):
    hard, separate, other = (
        build_model(data, plan, encoder=encoder, seed=seed, **SMALL)
        for plan, seed in [
            (SharingPlan.hard(TASKS), 3), (SharingPlan.separate(TASKS), 3), (SharingPlan.hard(TASKS), 4)
        ]
    )  # fmt: skip
    for level in hard.plan.levels:
        for task in TASKS:
            for mine, theirs in zip(
                hard.shared_layer(level, task).get_weights(),
                separate.shared_layer(level, task).get_weights(),
                strict=True,
            ):
                np.testing.assert_array_equal(mine, theirs)
        assert not np.array_equal(
            hard.shared_layer(level, "mood").get_weights()[0],
            other.shared_layer(level, "mood").get_weights()[0],
        )


@pytest.mark.parametrize("initializer", ["he_normal", "orthogonal", "random_normal", "zeros"])
def test_every_keras_initializer_can_be_named(data, initializer):
    model = build_model(data, initializer=initializer, **SMALL)
    kernel = model.shared_layer("encoder_1", "mood").get_weights()[0]
    assert (np.abs(kernel).max() == 0) == (initializer == "zeros")


def test_given_vectors_start_every_copy_of_the_embedding(data):
    vectors = np.random.default_rng(0).normal(size=(len(data.vocabulary), 7)).astype("float32")
    model = build_model(data, SharingPlan.separate(TASKS), embedding_matrix=vectors, units=6)
    for task in TASKS:
        np.testing.assert_array_equal(
            model.shared_layer("embedding", task).get_weights()[0], vectors
        )
    with pytest.raises(ValueError, match=rf"one row for each of the {len(data.vocabulary)} tokens"):
        build_model(data, embedding_matrix=vectors[1:])


def test_a_level_can_start_from_another_model(data):
    source = build_model(data.only(["mood"]), seed=9, **SMALL)
    model = build_model(data, initialize_from={"encoder_1": source}, seed=1, **SMALL)
    np.testing.assert_array_equal(
        model.shared_layer("encoder_1", "ner").get_weights()[0],
        source.shared_layer("encoder_1", "mood").get_weights()[0],
    )
    plain = build_model(data, seed=1, **SMALL)
    np.testing.assert_array_equal(
        model.shared_layer("encoder_2", "ner").get_weights()[0],
        plain.shared_layer("encoder_2", "ner").get_weights()[0],
    )


def test_an_embedding_is_taken_over_token_by_token(data):
    rows = {
        "train": [
            {"tokens": ["new", "aunt", "aunt"], "mood": "good"},
            {"tokens": ["aunt"], "mood": "bad"},
        ]
    }
    small = MultiTaskData.from_rows(rows, [data.tasks["mood"]])
    source = build_model(small, seed=9, **SMALL)
    fresh, model = (
        build_model(data, initialize_from=given, **SMALL) for given in ({}, {"embedding": source})
    )
    given, own, got = (
        m.shared_layer("embedding", "mood").get_weights()[0] for m in (source, fresh, model)
    )
    aunt = data.vocabulary.id_of("aunt")
    np.testing.assert_array_equal(got[aunt], given[small.vocabulary.id_of("aunt")])
    others = [i for i in range(2, len(data.vocabulary)) if i != aunt]
    np.testing.assert_array_equal(got[others], own[others])


def test_layers_that_do_not_fit_are_refused(data):
    with pytest.raises(ValueError, match=r"level 'encoder_1': shapes"):
        build_model(
            data,
            initialize_from={"encoder_1": build_model(data, units=9, embedding_dim=5)},
            **SMALL,
        )
    with pytest.raises(ValueError, match="level 'attic' must be in both plans"):
        build_model(data, initialize_from={"attic": build_model(data, **SMALL)}, **SMALL)
    separate = build_model(data, SharingPlan.separate(TASKS), **SMALL)
    with pytest.raises(ValueError, match="could start from any of"):
        build_model(data, initialize_from={"encoder_1": separate}, **SMALL)


# -- losses over labels present


def test_losses_and_accuracy_count_labelled_examples_only(data):
    hidden = data.with_labels({"mood": 10, "ner": 20}, seed=1)
    model = build_model(hidden, **SMALL)
    model.compile()
    train = hidden["train"]
    measured = model.evaluate(
        train.inputs, train.targets, batch_size=64, verbose=0, return_dict=True
    )
    rows = np.flatnonzero(train.labelled("mood"))
    scores = logits(model, train.inputs[rows])["mood"]
    labels = train.targets["mood"][rows]
    p = keras.ops.convert_to_numpy(keras.ops.softmax(scores))[np.arange(len(rows)), labels]
    assert measured["mood_loss"] == pytest.approx(-np.log(p).mean(), rel=1e-5)
    assert measured["mood_accuracy"] == pytest.approx((scores.argmax(-1) == labels).mean())
    assert measured["loss"] == pytest.approx(sum(measured[f"{t}_loss"] for t in TASKS), rel=1e-5)


def test_metrics_do_not_depend_on_the_batches(data):
    hidden = data.with_labels({"mood": 10}, seed=1)
    model = build_model(hidden, **SMALL)
    model.compile()
    train = hidden["train"]
    big, small = (
        model.evaluate(train.inputs, train.targets, batch_size=n, verbose=0, return_dict=True)
        for n in (64, 5)
    )
    for task in TASKS:
        assert big[f"{task}_loss"] == pytest.approx(small[f"{task}_loss"], rel=1e-5)
        assert big[f"{task}_accuracy"] == pytest.approx(small[f"{task}_accuracy"])


def test_a_task_without_labels_contributes_nothing_and_breaks_nothing(data):
    hidden = data.with_labels({"mood": 0})
    model = build_model(hidden, SharingPlan.separate(TASKS), **SMALL)
    model.compile()
    before = model.get_layer("mood_head").get_weights()
    step(model, hidden)
    for was, now in zip(before, model.get_layer("mood_head").get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_targets_of_every_task_are_asked_for(data):
    model = build_model(data, **SMALL)
    model.compile()
    with pytest.raises(ValueError, match=r"no targets for \['ner'\]"):
        model.fit(
            data["train"].inputs,
            {task: data["train"].targets[task] for task in ("mood", "person")},
            verbose=0,
        )


# -- one code path for baselines, sums and combiners


def trained_weights(
    data: MultiTaskData, plan: SharingPlan, steps: int = 3, **options
) -> dict[str, np.ndarray]:
    model = build_model(data, plan, dropout=0.0, seed=5, **SMALL)
    model.compile(**options)
    step(model, data, steps)
    return {variable.path: variable.numpy() for variable in model.trainable_variables}


def test_the_separate_plan_is_the_single_task_models(data):
    together = trained_weights(data, SharingPlan.separate(TASKS))
    for task in TASKS:
        alone = trained_weights(data.only([task]), SharingPlan.separate([task]))
        for path, value in alone.items():
            np.testing.assert_allclose(together[path], value, atol=1e-6)


def test_combining_equally_is_plain_summing_bit_for_bit(data):
    plan = SharingPlan.hard(TASKS).split("encoder_2", "ner")
    summed = trained_weights(data, plan)
    combined = trained_weights(data, plan, combine="equal")
    assert summed.keys() == combined.keys()
    for path, value in summed.items():
        np.testing.assert_array_equal(value, combined[path], err_msg=path)


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
    assert seen[0] == (3, 3)


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
        ({"weigh": {"weather": 2.0}}, r"unknown tasks \['weather'\]"),
        ({"weigh": {"mood": -1.0}}, "must not be negative"),
        ({"weigh": "loudest"}, "unknown weighting 'loudest'"),
        ({"combine": "loudest"}, "unknown combiner 'loudest'"),
        ({"loss": "mse"}, r"leave out \['loss'\]"),
    ):
        with pytest.raises(ValueError, match=message):
            model.compile(**options)


# -- a Keras model like any other


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("options", [{}, {"weigh": {"ner": 2.0}}, {"combine": "equal"}])
def test_a_saved_model_answers_and_trains_on_as_before(data, tmp_path, encoder, options):
    plan = SharingPlan.hard(TASKS).split("encoder_1", "ner")
    model = build_model(data, plan, encoder=encoder, dropout=0.0, **SMALL)
    model.compile(**options)
    step(model, data, 2)
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    assert (loaded.plan, loaded.tasks, loaded.vocabulary) == (
        model.plan,
        model.tasks,
        model.vocabulary,
    )
    inputs = data["test"].inputs
    for task, wanted in logits(model, inputs).items():
        np.testing.assert_array_equal(logits(loaded, inputs)[task], wanted)
    step(model, data)
    step(loaded, data)
    for mine, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_a_model_that_never_trained_can_be_saved(data, tmp_path):
    model = build_model(data, **SMALL)
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    assert not loaded.compiled
    for mine, theirs in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_recompiling_changes_the_optimizer_alone(data):
    model, step_size = build_model(data, **SMALL), keras.optimizers.SGD(0.5)
    model.compile(combine="equal", steps_per_execution=3, run_eagerly=True)
    combine = model.combine
    model.recompile(step_size)
    assert model.optimizer is step_size
    assert model.combine is combine
    assert (model.steps_per_execution, model.run_eagerly, model.jit_compile) == (3, True, False)


def test_fit_feeds_keras_callbacks_by_task(data):
    model = build_model(data, **SMALL)
    model.compile()
    train, valid = data["train"], data["valid"]
    stop = keras.callbacks.EarlyStopping("val_person_accuracy", mode="max", patience=1)
    history = model.fit(
        train.inputs,
        train.targets,
        validation_data=(valid.inputs, valid.targets),
        epochs=2,
        callbacks=[stop],
        verbose=0,
    )
    assert {"loss", "mood_loss", "ner_accuracy", "val_person_accuracy"} <= set(history.history)


def test_predict_gives_logits_by_task(data):
    model = build_model(data, **SMALL)
    found = model.predict(data["test"].inputs, verbose=0)
    assert found["mood"].shape == (32, 2)
    assert found["ner"].shape == (*data["test"].inputs.shape, 3)


@pytest.mark.parametrize("level", ["词嵌入", "my embedding", "emb/x"])
def test_a_level_that_keras_could_not_name_a_layer_after_is_refused(data, level):
    plan = SharingPlan.hard(list(data.tasks), [level])
    with pytest.raises(ValueError, match=f"Keras names layers after levels.*{level}"):
        build_model(data, plan)


def test_a_layer_may_be_set_free_after_compiling(data):
    model = build_model(data.only(["mood"]), **SMALL)
    embedding = model.get_layer("embedding-mood")
    embedding.trainable = False
    model.compile()
    embedding.trainable = True
    before = [w.copy() for w in embedding.get_weights()]
    split = data["train"]
    model.fit(split.inputs, {"mood": split.targets["mood"]}, epochs=1, verbose=0)
    assert any((a != b).any() for a, b in zip(before, embedding.get_weights(), strict=True))
