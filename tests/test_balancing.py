import numpy as np
import pytest

from mtl_tutorial.balancing import WEIGHTINGS, Balancer, Uncertainty, equal, weighting
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.training import train
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
LABELS = {"mood": 2, "person": 2, "ner": 3}
SMALL = {"units": 6, "embedding_dim": 5, "dropout": 0.0}


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


@keras.saving.register_keras_serializable(package="tests")
class Watching(Balancer):
    """The plain sum; it keeps what it was shown."""

    def setup(self, tasks):
        self.steps = self.add_weight(shape=(), initializer="zeros", trainable=False, name="steps")
        self.gramian = self.add_weight(
            shape=(len(tasks),) * 2, initializer="zeros", trainable=False, name="gramian"
        )
        self.fell = {task: self.variable(f"fell_{task}", 0.0, trainable=False) for task in tasks}
        self.epochs = []

    def call(self, losses, present):
        return equal(losses, present)

    def after_step(self, seen):
        self.steps.assign_add(1.0)
        self.gramian.assign(seen.gramian())
        for task, loss in seen.again().items():
            self.fell[task].assign(seen.losses[task] - loss)

    def after_epoch(self, losses):
        self.epochs.append(losses)


def fit(model, data, epochs=1, rows=16, **options):
    part = data["train"].take(np.arange(rows))
    options = {"batch_size": rows, "epochs": epochs, "shuffle": False, "verbose": 0, **options}
    return model.fit(part.inputs, part.targets, **options)


def test_a_balancer_looks_at_the_step_that_was_taken(data):
    plan = SharingPlan.hard(TASKS).split("encoder_2", "ner")
    model = build_model(data, plan, seed=5, **SMALL)
    twin = build_model(data, plan, seed=5, **SMALL)
    watching = Watching()
    model.compile(weigh=watching, run_eagerly=True)
    history = fit(model, data).history
    part = data["train"].take(np.arange(16))
    with tf.GradientTape(persistent=True) as tape:
        before = twin.losses_by_task(part.targets, twin(part.inputs))
    values = [v.value for v in twin.shared_layer("encoder_1", "ner").trainable_variables]
    rows = [
        np.concatenate([g.numpy().ravel() for g in tape.gradient(before[task], values)])
        for task in TASKS
    ]
    np.testing.assert_allclose(watching.gramian, np.array(rows) @ np.array(rows).T, rtol=1e-4)
    after = model.losses_by_task(part.targets, model(part.inputs))
    for task in TASKS:
        wanted = float(before[task] - after[task])
        assert float(watching.fell[task].value) == pytest.approx(wanted, abs=1e-6)
        assert watching.epochs[0][task] == history[f"{task}_loss"][0]
    assert float(watching.steps.value) == 1


def test_validation_moves_no_state_and_a_plan_without_sharing_has_no_gramian(data):
    model = build_model(data, SharingPlan.separate(TASKS), **SMALL)
    watching = Watching()
    model.compile(weigh=watching, run_eagerly=True)
    part = data["valid"].take(np.arange(8))
    fit(model, data, validation_data=(part.inputs, part.targets))
    model.evaluate(part.inputs, part.targets, verbose=0)
    assert float(watching.steps.value) == 1
    assert len(watching.epochs) == 1
    assert not watching.gramian.numpy().any()


def test_the_state_is_saved_and_loaded_with_the_model_and_goes_on(data, tmp_path):
    model = build_model(data, **SMALL)
    model.compile(weigh=Watching())
    fit(model, data, 2)
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    assert type(loaded.weigh) is Watching
    for mine, theirs in zip(model.weigh.variables, loaded.weigh.variables, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    fit(loaded, data)
    assert float(loaded.weigh.steps.value) == 3


def test_an_old_weighting_is_forgotten_when_another_is_chosen(data):
    model = build_model(data, **SMALL)
    plain = len(model.variables)
    for _ in range(2):
        model.compile(weigh="uncertainty")
        assert len(model.trainable_variables) == plain + len(TASKS)
    model.compile()
    assert len(model.variables) == plain


def test_another_optimizer_keeps_the_weighting_and_what_it_knows(data):
    model = build_model(data, **SMALL)
    model.compile(weigh="uncertainty")
    weigh = model.weigh
    model.recompile(keras.optimizers.SGD(0.1))
    assert model.weigh is weigh


def test_a_weighting_serves_models_of_the_same_tasks_alone(data):
    weigh = weighting("uncertainty", LABELS)
    assert weighting(weigh, LABELS) is weigh
    with pytest.raises(ValueError, match=r"weigh=Uncertainty has been weighing .*'ner'.*new one"):
        weighting(weigh, {"mood": 2})


@pytest.mark.parametrize("optimizer", [None, keras.optimizers.AdamW(0.01, weight_decay=0.5)])
def test_uncertainty_learns_of_the_tasks_that_are_present(data, optimizer):
    """Adam remembers two steps with `mood` when it takes two without; decay does not drag s to 0."""
    model = build_model(data, **SMALL)
    model.compile(optimizer, weigh=Uncertainty(initial=0.3))
    fit(model, data, 2)
    s = {task: float(v.value) for task, v in model.weigh.log_variances.items()}
    assert all(value != pytest.approx(0.3, abs=1e-4) for value in s.values())
    fit(model, data.with_labels({"mood": 0}), 2)
    after = {task: float(v.value) for task, v in model.weigh.log_variances.items()}
    assert after["mood"] == s["mood"]
    assert after["ner"] != s["ner"]


def test_train_tells_a_balancer_of_each_epoch(data):
    model = build_model(data, **SMALL)
    model.compile(weigh=Watching())
    train(model, data, epochs=2, progress=False)
    assert [set(losses) for losses in model.weigh.epochs] == 2 * [set(TASKS)]


def test_uncertainty_comes_to_rest_at_weights_of_one_half_over_the_loss():
    weigh = Uncertainty()
    weigh.build(["a", "b"])
    losses = {"a": tf.constant(0.2), "b": tf.constant(3.0)}
    here = {"a": tf.constant(True), "b": tf.constant(True)}
    optimizer = keras.optimizers.SGD(0.2)
    variables = weigh.trainable_variables
    for _ in range(200):
        with tf.GradientTape() as tape:
            total = weigh(losses, here)
        optimizer.apply(tape.gradient(total, [v.value for v in variables]), variables)
    for task, loss in losses.items():
        weight = np.exp(-float(weigh.log_variances[task].value))
        assert weight == pytest.approx(1 / (2 * float(loss)), rel=1e-3)


def test_decay_leaves_what_a_weighting_learned_alone(data):
    """A learning rate of 1 and no gradient: whatever moves s is the decay."""
    model = build_model(data, **SMALL)
    weigh = Uncertainty(initial=-30.0)  # 1e13 times a loss; clipped to nothing
    model.compile(keras.optimizers.SGD(0.1, weight_decay=0.5, clipvalue=1e-9), weigh=weigh)
    fit(model, data)
    for variable in weigh.trainable_variables:
        assert float(variable.value) == pytest.approx(-30.0, abs=1e-6)


@pytest.mark.parametrize(
    "choice, error, message",
    [
        (
            "loudest",
            ValueError,
            r"unknown weigh 'loudest'; choose one of \['equal', .*'uncertainty'",
        ),
        ({"weather": 1.0}, ValueError, "unknown task in weigh 'weather'"),
        ({"mood": -1.0}, ValueError, "weight of 'mood' must be at least 0"),
        ({"mood": "2"}, TypeError, "weight of 'mood' must be a number"),
        (None, TypeError, "weigh must be one of .* not None"),
        (2.0, TypeError, r"not 2.0 \(a float\)"),
        (Uncertainty, TypeError, "weigh must be a function"),
        (lambda losses: losses, TypeError, r"weigh\(losses, present\) -> scalar; this one cannot"),
    ],
)
def test_what_is_no_weighting_is_refused(choice, error, message):
    with pytest.raises(error, match=message):
        weighting(choice, LABELS)


def test_every_name_stands_for_a_weighting():
    for name in WEIGHTINGS:
        assert callable(weighting(name, LABELS))
