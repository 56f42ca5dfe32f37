import json
import zipfile

import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.encoders import ENCODERS, FORMATS
from mtl_tutorial.keras_model import MultiTaskModel
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.tasks import Task
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
SMALL = {"units": 6, "embedding_dim": 5}


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


@pytest.fixture
def part(data):
    return data["train"].take(np.arange(16))


def logits(model: MultiTaskModel, inputs: np.ndarray) -> dict[str, np.ndarray]:
    return {task: y.numpy() for task, y in model(tf.constant(inputs), training=False).items()}


def step(model: MultiTaskModel, data: MultiTaskData, steps: int = 1) -> None:
    train = data["train"]
    model.fit(train.inputs, train.targets, batch_size=16, epochs=steps, shuffle=False, verbose=0)


def small(data: MultiTaskData, plan: SharingPlan | None = None, **options) -> MultiTaskModel:
    """Compiled to run without a graph: quicker for a step or two."""
    model = build_model(data, plan, dropout=0.0, **SMALL, **options)
    model.compile(keras.optimizers.SGD(0.1), run_eagerly=True)
    return model


# -- losses over labels present


def test_losses_and_accuracy_count_labeled_examples_only(data):
    hidden = data.with_labels({"mood": 10, "ner": 20}, seed=1)
    model = build_model(hidden, **SMALL)
    model.compile()
    train = hidden["train"]
    measured = model.evaluate(
        train.inputs, train.targets, batch_size=64, verbose=0, return_dict=True
    )
    rows = np.flatnonzero(train.labeled("mood"))
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


def test_a_chosen_score_is_saved_with_the_model(tmp_path):
    rows = [{"tokens": "a b", "mood": "x", "ner": "O S-A"}, {"tokens": "b", "mood": "y"}]
    ner = Task("ner", "token", ("O", "B-A", "I-A", "E-A", "S-A"))
    data = MultiTaskData.from_rows(
        {"train": rows}, [Task("mood", "sequence", ("x", "y"), "f1 of y"), ner]
    )
    build_model(data, units=4, embedding_dim=4).save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    assert loaded.tasks == data.tasks
    assert [task.score for task in loaded.tasks.values()] == ["f1 of y", "f1"]


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


# -- targets


@pytest.mark.parametrize(
    "change, error, message",
    [
        ({"mood": lambda y: y.astype("float32")}, TypeError, "whole numbers, not float32"),
        ({"mood": lambda y: np.eye(2, dtype=int)[y]}, ValueError, r"\[sentences\].*shape \(.*2\)"),
        ({"mood": lambda y: y[:, None]}, ValueError, r"\[sentences\].*shape \(.*1\)"),
        (
            {"mood": lambda y: np.where(np.arange(16) == 3, -100, y)},
            ValueError,
            "from 0 to 1, or -1",
        ),
        ({"mood": lambda y: y + 1}, ValueError, "from 0 to 1, or -1"),
        ({"ner": lambda y: y[:, :3]}, ValueError, r"\[sentences, time\], here \(.*8\)"),
        ({"ner": lambda y: [[0], [0, 1]]}, TypeError, "as an array"),
    ],
)
@pytest.mark.parametrize("run_eagerly", [True, False])
def test_targets_that_do_not_fit_are_named(data, part, change, error, message, run_eagerly):
    model = small(data)
    model.compile(run_eagerly=run_eagerly, steps_per_execution=1)
    ((task, how),) = change.items()
    targets = {**part.targets, task: how(part.targets[task])}
    for call in (model.fit, model.evaluate):
        with pytest.raises(error, match=rf"task '{task}'.*{message}"):
            call(part.inputs, targets, verbose=0)


@pytest.mark.parametrize("targets", [lambda y: list(y.values()), lambda y: y["mood"]])
def test_targets_are_a_dictionary(data, part, targets):
    with pytest.raises(TypeError, match="a dictionary task → label ids, not"):
        small(data).fit(part.inputs, targets(part.targets), verbose=0)


@pytest.mark.parametrize("inputs", [lambda x: x.astype("float32"), lambda x: x[:, 0]])
def test_inputs_are_token_ids(data, part, inputs):
    with pytest.raises(TypeError, match=r"token ids, whole numbers \[sentences, time\]"):
        small(data).fit(inputs(part.inputs), part.targets, verbose=0)


@pytest.mark.parametrize("wrong", [-1, 10, 10**6, 2**31])
@pytest.mark.parametrize("run_eagerly", [True, False])
def test_ids_that_no_token_has_are_refused(data, part, wrong, run_eagerly):
    """Keras counts negative ones from the end."""
    model = small(data)
    model.compile(run_eagerly=run_eagerly, steps_per_execution=1)
    inputs = part.inputs.astype("int64")
    inputs[3, 0] = wrong
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match="inputs must be token ids from 0 to 9; others are"):
            call(inputs, part.targets, verbose=0)
    inputs[3, 0] = 9
    model.fit(inputs, part.targets, verbose=0)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"epochs": "3"}, TypeError, "epochs must be a whole number, not '3'"),
        ({"epochs": 0}, ValueError, "epochs must be at least 1, not 0"),
        ({"batch_size": 2.5}, TypeError, "batch_size must be a whole number, not 2.5"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"steps_per_epoch": 0}, ValueError, "steps_per_epoch must be at least 1"),
        ({"initial_epoch": -1}, ValueError, "initial_epoch must be at least 0"),
        ({"callbacks": "EarlyStopping"}, TypeError, "callbacks must be a list of Keras callbacks"),
        ({"callbacks": [print]}, TypeError, "a builtin_function_or_method is none"),
        ({"callbacks": keras.callbacks.EarlyStopping}, TypeError, "must be a list of Keras"),
    ],
)
def test_counts_and_callbacks_pass_the_gate(data, part, options, error, message):
    with pytest.raises(error, match=message):
        small(data).fit(part.inputs, part.targets, verbose=0, **options)


def test_numpys_counts_and_a_single_callback_are_fine(data, part):
    stop = keras.callbacks.TerminateOnNaN()
    fitted = small(data).fit(
        part.inputs, part.targets, verbose=0, epochs=np.int64(2), batch_size=8.0, callbacks=stop
    )
    assert fitted.epoch == [0, 1]


def test_a_model_that_is_not_compiled_is_refused(data, part):
    model = build_model(data, **SMALL)
    for call in (model.fit, model.evaluate):
        with pytest.raises(ValueError, match=r"call `compile\(\)`"):
            call(part.inputs, part.targets, verbose=0)


@pytest.mark.parametrize("kind", ["uint8", "int64", list])
def test_ids_may_be_of_any_whole_kind(data, part, kind):
    as_given = (lambda y: y.tolist()) if kind is list else (lambda y: y.astype(kind))
    trained = []
    for mood in (part.targets["mood"], as_given(part.targets["mood"])):
        model = small(data, seed=3)
        model.fit(part.inputs, {**part.targets, "mood": mood}, shuffle=False, verbose=0)
        trained.append(model.get_weights())
    for mine, theirs in zip(*trained, strict=True):
        np.testing.assert_array_equal(mine, theirs)


# -- weights of sentences, labels and classes


def moved(
    data, part, plan=None, built=None, **options
) -> tuple[list[np.ndarray], dict[str, float]]:
    model = small(data, plan, seed=3, **(built or {}))
    history = model.fit(part.inputs, part.targets, verbose=0, **options).history
    return model.get_weights(), {name: values[0] for name, values in history.items()}


@pytest.mark.parametrize("crf", [False, True])
def test_a_sentence_of_weight_0_is_as_good_as_not_there(data, part, crf):
    weights = np.array([1.0, 0.0] * 8)
    every_second = part.take(np.arange(0, 16, 2))
    built = {"crf": crf}
    weighed, measured = moved(data, part, built=built, sample_weight=weights)
    without, wanted = moved(data, every_second, built=built)
    for mine, theirs in zip(weighed, without, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    for task in TASKS:
        assert measured[f"{task}_loss"] == pytest.approx(wanted[f"{task}_loss"], rel=1e-5)


def test_weights_that_are_all_0_make_a_task_absent(data, part):
    plan = SharingPlan.separate(TASKS)
    before = [w.copy() for w in small(data, plan, seed=3).get_weights()]
    after, measured = moved(data, part, plan, sample_weight=np.zeros(16))
    for was, now in zip(before, after, strict=True):
        np.testing.assert_array_equal(was, now)
    assert measured["loss"] == 0


def test_each_label_may_have_a_weight_and_tasks_not_named_have_1(data, part):
    ner = np.where(np.arange(part.inputs.shape[1]) == 0, 0.0, 1.0) * np.ones((16, 1))
    weighed, measured = moved(data, part, sample_weight={"ner": ner})
    hidden = {**part.targets, "ner": np.where(ner == 0, -1, part.targets["ner"])}
    model = small(data, seed=3)
    wanted = model.fit(part.inputs, hidden, verbose=0).history
    for mine, theirs in zip(weighed, model.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    for name in ("mood_loss", "person_loss", "ner_loss"):
        assert measured[name] == pytest.approx(wanted[name][0], rel=1e-5)


def test_classes_weigh_what_their_labels_would_one_by_one(data, part):
    moods = data.tasks["mood"].labels
    by_label = np.where(part.targets["mood"] == moods.index("good"), 3.0, 1.0)
    by_class, measured = moved(data, part, class_weight={"mood": {"good": 3.0}})
    one_by_one, wanted = moved(data, part, sample_weight={"mood": by_label})
    for mine, theirs in zip(by_class, one_by_one, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)
    assert measured["mood_loss"] == pytest.approx(wanted["mood_loss"], rel=1e-5)
    both, _ = moved(
        data, part, class_weight={"mood": {"good": 3.0}}, sample_weight={"mood": 1 / by_label}
    )
    plain, _ = moved(data, part)
    for mine, theirs in zip(both, plain, strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-6)


def test_class_weights_are_of_one_fit_alone_and_not_of_validation(data, part):
    weights = {"mood": {"good": 50.0}}
    model = build_model(data, dropout=0.0, **SMALL)
    model.compile(keras.optimizers.SGD(0.0), steps_per_execution=1)

    def fitted(**options) -> dict[str, list[float]]:
        return model.fit(part.inputs, part.targets, verbose=0, **options).history

    plain = fitted()["mood_loss"]
    weighed = fitted(class_weight=weights, validation_data=(part.inputs, part.targets))
    assert weighed["mood_loss"] != pytest.approx(plain, rel=1e-3)
    assert weighed["val_mood_loss"] == pytest.approx(plain, rel=1e-5)
    assert fitted()["mood_loss"] == pytest.approx(plain, rel=1e-5)


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"class_weight": {0: 2.0}}, TypeError, "dictionary task → label → weight"),
        ({"class_weight": {"weather": {"good": 2.0}}}, ValueError, "unknown task in class_weight"),
        ({"class_weight": {"mood": {"fair": 2.0}}}, ValueError, "unknown label in .*'fair'"),
        ({"class_weight": {"mood": {"good": -2.0}}}, ValueError, "must be at least 0, not -2.0"),
        (
            {"class_weight": {"mood": 2.0}},
            TypeError,
            r"class_weight\['mood'\] must be a dictionary",
        ),
        ({"sample_weight": {"weather": np.ones(16)}}, ValueError, "unknown task in sample_weight"),
        ({"sample_weight": {"ner": np.ones((16, 3))}}, ValueError, "sample_weight of task 'ner'"),
        ({"sample_weight": {"ner": -np.ones(16)}}, ValueError, "'ner' must be .* at least 0"),
        ({"sample_weight": np.full(16, np.nan)}, ValueError, "'mood' must be .* at least 0"),
        ({"sample_weight": np.full(16, np.inf)}, ValueError, "'mood' must be .* at least 0"),
        ({"sample_weight": {"mood": ["much"] * 16}}, TypeError, "'mood' must be numbers, not"),
    ],
)
def test_weights_that_do_not_fit_are_refused(data, part, options, error, message):
    with pytest.raises(error, match=message):
        small(data).fit(part.inputs, part.targets, verbose=0, **options)


@pytest.mark.parametrize(
    "options",
    [{"class_weight": {"ner": {"O": 0.1}}}, {"sample_weight": {"ner": np.ones((16, 8))}}],
)
def test_single_labels_of_a_crf_have_no_weight(data, part, options):
    with pytest.raises(
        ValueError, match="task 'ner' has a CRF, whose loss is one of whole sentences"
    ):
        small(data, crf=True).fit(part.inputs, part.targets, verbose=0, **options)


# -- what Keras users do


def test_a_frozen_layer_stays(data, part):
    model = small(data)
    layer = model.get_layer("encoder_1-mood-person-ner")
    layer.trainable = False
    model.compile(combine="equal", run_eagerly=True)
    before = model.get_weights()
    frozen = [w.copy() for w in layer.get_weights()]
    model.fit(part.inputs, part.targets, verbose=0)
    for was, now in zip(frozen, layer.get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)
    assert any((a != b).any() for a, b in zip(before, model.get_weights(), strict=True))


def test_a_copy_is_made_from_the_configuration(data):
    model = small(data, seed=3)
    copy = MultiTaskModel.from_config(model.get_config())
    for mine, theirs in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    with pytest.raises(TypeError, match=r"MultiTaskModel.from_config\(model.get_config\(\)\)"):
        keras.models.clone_model(model)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float16", "float64"])
def test_another_precision_is_refused(data, policy):
    keras.config.set_dtype_policy(policy)
    try:
        with pytest.raises(ValueError, match=f"compute in float32, not {policy}"):
            build_model(data, **SMALL)
    finally:
        keras.config.set_dtype_policy("float32")


def test_keras_callbacks_see_validation_values(data, part, tmp_path):
    model = small(data)
    history = model.fit(
        part.inputs,
        part.targets,
        validation_data=(part.inputs, part.targets),
        epochs=5,
        callbacks=[
            keras.callbacks.EarlyStopping("val_loss", mode="max", patience=1),  # never better
            keras.callbacks.ModelCheckpoint(
                tmp_path / "best.keras", "val_loss", mode="max", save_best_only=True
            ),
            keras.callbacks.CSVLogger(tmp_path / "log.csv"),
        ],
        verbose=0,
    ).history
    assert len(history["loss"]) == 2
    best = load_model(tmp_path / "best.keras")
    measured = best.evaluate(part.inputs, part.targets, verbose=0, return_dict=True)
    assert measured["loss"] == pytest.approx(max(history["val_loss"]), rel=1e-5)
    assert (tmp_path / "log.csv").read_text().count("\n") == 3
    assert "val_ner_accuracy" in (tmp_path / "log.csv").read_text()


@pytest.mark.parametrize("name", ["model.h5", "model", "model.weights.h5"])
def test_a_model_is_saved_as_keras_or_not_at_all(data, tmp_path, name):
    with pytest.raises(ValueError, match=r"must end in \.keras"):
        small(data).save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def twice(losses, present):
    return 2 * tf.add_n(list(losses.values()))


def test_a_model_with_a_function_of_ones_own_is_loaded(data, part, tmp_path):
    model = build_model(data, **SMALL)
    model.compile(weigh=twice, combine=None)
    model.save(tmp_path / "own.keras")
    assert load_model(tmp_path / "own.keras", custom_objects={"twice": twice}).weigh is twice
    assert not load_model(tmp_path / "own.keras", compile=False).compiled
    with pytest.raises(TypeError, match="twice"):
        load_model(tmp_path / "own.keras")
    model.compile(weigh=lambda losses, present: losses["mood"])
    model.save(tmp_path / "lambda.keras")
    with pytest.raises(ValueError, match="lambda"):
        load_model(tmp_path / "lambda.keras")
    assert load_model(tmp_path / "lambda.keras", safe_mode=False).compiled


def test_files_that_are_no_whole_model_are_refused_by_name(data, tmp_path):
    whole = tmp_path / "whole.keras"
    small(data).save(whole)
    content = whole.read_bytes()
    middle = len(content) // 2
    bad = {
        "empty.keras": b"",
        "cut.keras": content[:middle],
        "other.keras": content[:middle] + bytes([255 - content[middle]]) + content[middle + 1 :],
        "foreign.keras": b"a text",
        "whole.zip": content,
    }
    for name, held in bad.items():
        (tmp_path / name).write_bytes(held)
        with pytest.raises(ValueError, match=rf"{name}: not a whole file that model.save"):
            load_model(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "list.keras", "w") as archive:
        archive.writestr("config.json", json.dumps([1]))
    with pytest.raises(ValueError, match=r"list\.keras: not a whole file"):
        load_model(tmp_path / "list.keras")
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(tmp_path / "plain.keras")
    with pytest.raises(
        ValueError, match="a Keras model of the kind Sequential, not a MultiTaskModel"
    ):
        load_model(tmp_path / "plain.keras")
    with pytest.raises(FileNotFoundError, match=r"none\.keras: there is no such file"):
        load_model(tmp_path / "none.keras")
    with pytest.raises(TypeError, match="path must be a path"):
        load_model(None)


# -- other programs


@pytest.mark.parametrize("encoder", ["cnn", "bilstm"])
def test_a_loaded_model_can_be_exported(data, part, tmp_path, encoder):
    model = small(data, encoder=encoder, crf=True)
    model.save(tmp_path / "model.keras")
    load_model(tmp_path / "model.keras").export(tmp_path / "saved", verbose=False)
    served = tf.saved_model.load(tmp_path / "saved")
    found = served.serve(tf.constant(part.inputs))
    for task, wanted in logits(model, part.inputs).items():
        np.testing.assert_allclose(found[task], wanted, atol=1e-6)


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_an_exported_model_answers_alike_in_lite_rt(data, part, tmp_path, pooling):
    model = small(data, pooling=pooling)
    model.export(tmp_path / "model.tflite", format="litert", verbose=False)
    assert json.loads((tmp_path / "model.tflite.json").read_text("utf-8"))["tasks"].keys() == {
        *TASKS
    }
    lite = tf.lite.Interpreter(str(tmp_path / "model.tflite"))
    found = lite.get_signature_runner("serving_default")(tokens=part.inputs)
    for task, wanted in logits(model, part.inputs).items():
        np.testing.assert_allclose(found[task], wanted, atol=1e-5)


@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_an_exported_model_answers_alike_in_onnx(data, part, tmp_path, pooling):
    pytest.importorskip("tf2onnx")
    runtime = pytest.importorskip("onnxruntime")
    model = small(data, pooling=pooling)
    model.export(tmp_path / "model.onnx", format="onnx", verbose=False)
    session = runtime.InferenceSession(tmp_path / "model.onnx")
    names = [output.name for output in session.get_outputs()]
    found = dict(zip(names, session.run(None, {"tokens": part.inputs}), strict=True))
    for task, wanted in logits(model, part.inputs).items():
        np.testing.assert_allclose(found[task], wanted, atol=1e-5)


def test_what_a_format_needs_is_said_before_anything_is_written(data, tmp_path, monkeypatch):
    monkeypatch.setitem(FORMATS, "onnx", ("json", "tf2onyx", "onyx"))
    with pytest.raises(ImportError, match=r"format 'onnx' needs .*: pip install tf2onyx onyx$"):
        small(data).export(tmp_path / "model.onnx", format="onnx")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("format", ["onnx", "litert"])
def test_a_format_that_does_not_know_the_bilstm_is_refused(data, tmp_path, format):
    with pytest.raises(ValueError, match=f"{format} does not know the BiLSTM's operation"):
        small(data, encoder="bilstm").export(tmp_path / "model", format=format)
