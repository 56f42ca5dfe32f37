"""Loss weightings, method by method: known values, and what each promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.balancing import (
    DWA,
    FAMO,
    WEIGHTINGS,
    Balancer,
    GradNorm,
    HandSet,
    Seen,
    Uncertainty,
    by_log_labels,
    equal,
    geometric,
    log_losses,
    random,
    weighting,
)
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.startup import keras, tf
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
LABELS = {"mood": 2, "person": 2, "ner": 3}
SMALL = {"units": 6, "embedding_dim": 5, "dropout": 0.0}

several = st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=8)


def tensors(losses, absent=()) -> tuple[dict, dict]:
    """Losses and presence as a weighting gets them; an absent task has the loss 0."""
    names = [f"task {i}" for i in range(len(losses))]
    values = [0.0 if i in absent else value for i, value in enumerate(losses)]
    present = [i not in absent for i in range(len(losses))]
    return (
        dict(zip(names, map(tf.constant, values), strict=True)),
        dict(zip(names, map(tf.constant, present), strict=True)),
    )


def built(weigh, tasks: int):
    weigh.build([f"task {i}" for i in range(tasks)])
    return weigh


def weights_of(weigh, losses, absent=()) -> np.ndarray:
    """The factor of each task's gradient: the derivative of the total along its loss."""
    losses, present = tensors(losses, absent)
    with tf.GradientTape() as tape:
        tape.watch(list(losses.values()))
        total = weigh(losses, present)
    slopes = tape.gradient(total, losses, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return np.array([float(slope) for slope in slopes.values()])


def step_of(weigh, losses, gramian=None, after=None, absent=()) -> None:
    losses, present = tensors(losses, absent)
    after = tensors(after if after is not None else [0.0] * len(losses), absent)[0]
    gramian = None if gramian is None else tf.constant(gramian, tf.float32)
    weigh.after_step(Seen(losses, present, gramian=lambda: gramian, again=lambda: after))


# -- without memory


def test_divided_by_log_labels_all_tasks_begin_at_1():
    weights = by_log_labels({"many": 100, "two": 2, "one": 1}).weights
    assert np.log(100) * weights["many"] == pytest.approx(1)
    assert np.log(2) * weights["two"] == pytest.approx(1)
    assert weights["one"] == weights["two"]


def test_a_model_tells_by_log_labels_how_many_labels_there_are():
    data = tiny_data(("mood", "ner", "lm"))
    model = build_model(data, **SMALL)
    model.compile(weigh="log_labels")
    labels = {"mood": 2, "ner": 3, "lm": len(data.vocabulary)}
    assert model.weigh == by_log_labels(labels)


@given(several)
def test_the_geometric_mean_and_its_gradient(losses):
    given_losses, present = tensors(losses)
    mean = float(np.exp(np.mean(np.log(losses))))
    assert float(geometric(given_losses, present)) == pytest.approx(mean, rel=1e-4)
    wanted = mean / (len(losses) * np.array(losses))
    assert weights_of(geometric, losses) == pytest.approx(wanted, rel=1e-4)


def test_the_geometric_mean_of_many_small_losses_does_not_underflow():
    losses, present = tensors([1e-10] * 8)
    assert float(geometric(losses, present)) == pytest.approx(1e-10, rel=1e-3)


@given(several)
def test_logarithms_divide_every_gradient_by_its_loss(losses):
    assert weights_of(log_losses, losses) == pytest.approx(1 / np.array(losses), rel=1e-5)


@pytest.mark.parametrize("weigh", [geometric, log_losses])
def test_a_loss_of_zero_breaks_no_logarithm(weigh):
    weights = weights_of(weigh, [0.0, 2.0])
    assert np.isfinite(weights).all()
    assert weights[0] == 0
    assert np.isfinite(float(weigh(*tensors([0.0, 2.0]))))


def test_random_weights_are_1_on_average_and_add_up_to_the_tasks_present():
    losses, present = tensors([1.0, 1.0, 1.0, 0.0], absent=[3])

    @tf.function(autograph=False)
    def weights() -> list:
        with tf.GradientTape() as tape:
            tape.watch(list(losses.values()))
            total = random(losses, present)
        return tf.stack(tape.gradient(total, list(losses.values())))

    tf.random.set_seed(0)
    drawn = np.array([weights().numpy() for _ in range(1500)])
    assert drawn.sum(axis=1) == pytest.approx(np.full(1500, 3.0), rel=1e-5)
    assert drawn[:, 3].max() == 0
    assert drawn.min(axis=0)[:3].min() > 0
    assert drawn.mean(axis=0)[:3] == pytest.approx([1, 1, 1], abs=0.06)
    # A softmax of three standard normal numbers, times three.
    scores = np.random.default_rng(0).normal(size=(100_000, 3))
    spread = (3 * np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)).std()
    assert drawn[:, :3].std() == pytest.approx(spread, rel=0.05)


# -- dynamic weight average


@pytest.mark.parametrize(
    ("before", "after", "weights"),
    [
        ([1.0, 2.0], [0.8, 2.0], [0.9500, 1.0500]),
        ([1.0, 2.0], [0.5, 2.0], [0.8756, 1.1244]),
        ([3.0, 0.1], [1.5, 0.05], [1.0, 1.0]),
    ],
)
def test_dwa_in_the_worked_cases(before, after, weights):
    weigh = built(DWA(), 2)
    told = [dict(zip(weigh.tasks, losses, strict=True)) for losses in (before, after)]
    assert weights_of(weigh, before) == pytest.approx([1, 1])  # two epochs without a ratio
    weigh.after_epoch(told[0])
    assert weights_of(weigh, before) == pytest.approx([1, 1])
    weigh.after_epoch(told[1])
    assert weights_of(weigh, after) == pytest.approx(weights, abs=1e-3)


def test_dwa_looks_at_the_last_two_epochs_and_a_high_temperature_levels():
    def after(temperature: float, *epochs) -> np.ndarray:
        weigh = built(DWA(temperature), 2)
        for losses in epochs:
            weigh.after_epoch(dict(zip(weigh.tasks, losses, strict=True)))
        return weights_of(weigh, [1.0, 1.0])

    late = after(2.0, (9.0, 1.0), (1.0, 2.0), (0.5, 2.0))
    assert late == pytest.approx(after(2.0, (1.0, 2.0), (0.5, 2.0)), rel=1e-5)
    assert np.ptp(after(100.0, (1.0, 2.0), (0.5, 2.0))) < np.ptp(late) / 20
    unlabeled = after(2.0, (1.0, 2.0), (0.5, 2.0), (0.0, 2.0))
    assert unlabeled == pytest.approx(late, rel=1e-5)
    again = after(2.0, (1.0, 2.0), (0.0, 2.0), (0.5, 2.0))
    assert again == pytest.approx(late, rel=1e-5)
    without_a_ratio = after(2.0, (1.0, 0.0), (0.5, 2.0))  # counts as one that stands still
    assert without_a_ratio == pytest.approx(late, rel=1e-5)


# -- GradNorm


@pytest.mark.parametrize("alpha", [0.0, 1.0])
@pytest.mark.parametrize("lengths", [[2.0, 0.5], [1.0, 3.0, 0.3, 1.0]], ids=str)
def test_gradnorm_draws_lengths_to_their_targets(lengths, alpha):
    """With gradients and losses that stay as they are the targets are known, and within reach.

    (They add up to the sum of the lengths for these two alphas; for others only nearly.)
    """
    fallen = np.linspace(0.6, 0.9, len(lengths))
    weigh = built(GradNorm(alpha, learning_rate=0.01), len(lengths))
    first, present = tensors([float(loss) for loss in np.linspace(1, 3, len(lengths))])
    now = {task: loss * fall for (task, loss), fall in zip(first.items(), fallen, strict=True)}
    gramian = tf.constant(np.diag(np.square(lengths)), tf.float32)

    @tf.function
    def steps() -> None:
        weigh.after_step(Seen(first, present, gramian=lambda: gramian, again=lambda: first))
        for _ in tf.range(1500):
            weigh.after_step(Seen(now, present, gramian=lambda: gramian, again=lambda: now))

    steps()
    weights = weigh.weights_by_task.numpy()
    assert weights.sum() == pytest.approx(len(lengths), rel=1e-3)
    loud = weights * lengths
    assert loud == pytest.approx(loud.mean() * (fallen / fallen.mean()) ** alpha, abs=0.1)


def test_gradnorm_scales_the_losses_by_its_weights():
    weigh = built(GradNorm(), 2)
    weigh.weights_by_task.assign([0.5, 1.5])
    assert weights_of(weigh, [2.0, 3.0]) == pytest.approx([0.5, 1.5])


def test_gradnorm_keeps_weights_above_zero_and_first_losses_once():
    weigh = built(GradNorm(learning_rate=10.0), 2)
    step_of(weigh, [2.0, 3.0], np.diag([100.0, 0.01]))
    assert weigh.weights_by_task.numpy().min() > 0
    step_of(weigh, [1.0, 1.0], np.diag([100.0, 0.01]))
    assert weigh.first.numpy() == pytest.approx([2.0, 3.0])


def test_gradnorm_leaves_a_task_alone_that_shares_nothing():
    two, three = (built(GradNorm(learning_rate=0.1), tasks) for tasks in (2, 3))
    for losses in ([1.0, 2.0], [0.9, 1.0]):
        step_of(two, losses, np.diag([1.0, 4.0]))
        step_of(three, [*losses, 5.0], np.diag([1.0, 4.0, 0.0]))
    assert np.ptp(two.weights_by_task) > 0.1
    assert three.weights_by_task.numpy() == pytest.approx([*two.weights_by_task.numpy(), 1.0])


# -- FAMO


def test_famo_weighs_by_share_over_loss():
    weigh = built(FAMO(), 2)
    weigh.scores.assign(np.log([0.75, 0.25]))
    by_loss = np.array([0.75 / 4.0, 0.25 / 0.5])
    assert weights_of(weigh, [4.0, 0.5]) == pytest.approx(2 * by_loss / by_loss.sum(), rel=1e-5)


def test_famo_follows_its_slope_by_adam():
    """Against Keras' Adam on the slope worked out by hand."""
    weigh = built(FAMO(learning_rate=0.1, gamma=0.01), 2)
    scores, optimizer = keras.Variable([0.0, 0.0]), keras.optimizers.Adam(0.1, epsilon=1e-8)
    rng = np.random.default_rng(0)
    for _ in range(5):
        before, after = rng.uniform(0.5, 2.0, size=(2, 2))
        shares = np.exp(scores.numpy()) / np.exp(scores.numpy()).sum()
        fell = np.log(before / after)
        jacobian = np.diag(shares) - np.outer(shares, shares)
        slope = jacobian @ fell + 0.01 * scores.numpy()
        optimizer.apply([tf.constant(slope, tf.float32)], [scores])
        step_of(weigh, list(map(float, before)), after=list(map(float, after)))
        assert weigh.scores.numpy() == pytest.approx(scores.numpy(), abs=1e-4)


def descended(weigh, steps: int = 100) -> np.ndarray:
    """By how much the logarithm of each of two losses falls, along the total of `weigh`.

    Two valleys that share a parameter each with the other; one is four times as steep.
    """
    x = tf.Variable([3.0, -3.0])

    def losses() -> dict:
        return {
            "task 0": 4.0 * tf.reduce_sum((x - [1.0, 0.0]) ** 2) + 0.5,
            "task 1": 0.25 * tf.reduce_sum((x - [0.0, 1.0]) ** 2) + 0.5,
        }

    here = dict.fromkeys(["task 0", "task 1"], tf.constant(True))
    first = losses()
    for _ in range(steps):
        with tf.GradientTape() as tape:
            before = losses()
            total = weigh(before, here)
        x.assign_sub(0.02 * tape.gradient(total, x))
        if isinstance(weigh, FAMO):
            weigh.after_step(Seen(before, here, gramian=lambda: None, again=losses))
    last = losses()
    return np.array([float(tf.math.log(first[task] / last[task])) for task in first])


def test_famo_brings_all_losses_down_and_at_more_equal_rates_than_their_sum():
    by_famo = descended(built(FAMO(), 2))
    by_sum = descended(lambda losses, present: tf.add_n(list(losses.values())))
    assert by_famo.min() > 0
    assert by_famo.min() > by_sum.min()
    assert np.ptp(by_famo) < np.ptp(by_sum)


# -- absent tasks


@pytest.mark.parametrize(
    "weigh",
    [geometric, log_losses, random, Uncertainty(0.3), GradNorm(), FAMO()],
    ids=lambda weigh: getattr(weigh, "__name__", type(weigh).__name__),
)
def test_a_total_is_that_of_the_tasks_that_are_present(weigh):
    if not callable(getattr(weigh, "build", None)):
        alone, among = weigh, weigh
    else:
        alone, among = (built(type(weigh).from_config(weigh.get_config()), n) for n in (2, 3))
    tf.random.set_seed(0)
    wanted = float(alone(*tensors([0.7, 1.9])))
    tf.random.set_seed(0)
    assert float(among(*tensors([0.7, 1.9, 5.0], absent=[2]))) == pytest.approx(wanted, rel=1e-5)


def test_what_learns_from_steps_does_not_learn_of_absent_tasks():
    for weigh in (built(GradNorm(), 3), built(FAMO(), 3)):
        gramian = np.diag([1.0, 4.0, 9.0])
        step_of(weigh, [1.0, 2.0, 3.0], gramian, after=[0.9, 1.9, 1.0])
        before = [variable.numpy().copy() for variable in weigh.variables]
        gramian[2, 2] = 0.0
        step_of(weigh, [0.5, 0.9, 7.0], gramian, after=[0.1, 0.8, 7.0], absent=[2])
        for old, variable in zip(before, weigh.variables, strict=True):
            assert variable.numpy()[2] == old[2], variable.name
        moved = [not np.array_equal(a, b) for a, b in zip(before, weigh.variables, strict=True)]
        assert any(moved)


@pytest.mark.parametrize("kind", [GradNorm, FAMO])
def test_what_learns_from_steps_learns_as_if_absent_tasks_did_not_exist(kind):
    two, three = built(kind(learning_rate=0.1), 2), built(kind(learning_rate=0.1), 3)
    for before, after in (([1.0, 2.0], [0.9, 1.0]), ([0.9, 1.0], [0.8, 0.9])):
        step_of(two, before, np.diag([1.0, 4.0]), after)
        step_of(three, [*before, 5.0], np.diag([1.0, 4.0, 0.0]), [*after, 9.0], absent=[2])
    for alone, among in zip(two.variables, three.variables, strict=True):
        assert among.numpy()[:2] == pytest.approx(alone.numpy(), rel=1e-5), alone.name


def test_a_batch_without_any_label_weighs_nothing():
    for weigh in (geometric, log_losses, random, built(Uncertainty(), 2), built(FAMO(), 2)):
        assert float(weigh(*tensors([1.0, 2.0], absent=[0, 1]))) == 0


def test_steps_without_any_label_move_nothing():
    for weigh in (built(GradNorm(), 2), built(FAMO(), 2)):
        step_of(weigh, [1.0, 2.0], np.eye(2), after=[0.9, 1.5])
        before = [variable.numpy().copy() for variable in weigh.variables]
        step_of(weigh, [1.0, 2.0], np.zeros((2, 2)), absent=[0, 1])
        for old, variable in zip(before, weigh.variables, strict=True):
            np.testing.assert_array_equal(old, variable)


# -- in a model


@pytest.mark.parametrize("name", WEIGHTINGS)
def test_every_weighting_trains_with_missing_labels_and_is_saved_and_taken_up(name, tmp_path):
    part = tiny_data().with_labels({"person": 6})["train"]
    model = build_model(tiny_data(), **SMALL)
    model.compile(keras.optimizers.SGD(0.1), weigh=name)
    options = {"epochs": 3, "batch_size": 8, "shuffle": False, "verbose": 0}
    history = model.fit(part.inputs, part.targets, **options).history
    assert np.isfinite(history["loss"]).all()
    assert history["mood_loss"][-1] < history["mood_loss"][0]
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    kept = [variable.numpy() for variable in loaded.variables]
    for mine, theirs in zip(model.variables, kept, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    if not isinstance(model.weigh, Balancer):
        return
    both = [m.fit(part.inputs, part.targets, **options).history["loss"] for m in (model, loaded)]
    assert both[0] == pytest.approx(both[1], rel=1e-5)


@pytest.mark.parametrize(
    "weigh",
    [HandSet({"ner": 2.0}), DWA(3.0), GradNorm(0.5, 0.1), FAMO(0.1, 0.5), Uncertainty(0.1)],
    ids=repr,
)
def test_weightings_are_saved_with_their_parameters(weigh):
    config = keras.saving.serialize_keras_object(weigh)
    loaded = keras.saving.deserialize_keras_object(config)
    assert type(loaded) is type(weigh)
    assert loaded.get_config() == weigh.get_config()


@pytest.mark.parametrize("weigh", [equal, geometric, log_losses, random])
def test_functions_are_saved_by_their_names(weigh):
    config = keras.saving.serialize_keras_object(weigh)
    assert keras.saving.deserialize_keras_object(config) is weigh


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: DWA(0), ValueError, "temperature must be above 0"),
        (lambda: GradNorm(learning_rate=-1), ValueError, "learning_rate must be above 0"),
        (lambda: GradNorm(alpha="1"), TypeError, "alpha must be a number"),
        (lambda: HandSet([1.0]), TypeError, "weigh must be a dictionary"),
        (lambda: FAMO(learning_rate=0), ValueError, "learning_rate must be above 0"),
        (lambda: FAMO(gamma=-1), ValueError, "gamma must be at least 0"),
        (lambda: Uncertainty("0"), TypeError, "initial must be a number"),
    ],
)
def test_parameters_pass_the_gate(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_names_may_be_written_as_in_papers():
    for name in ("DWA", "GradNorm", "FAMO", "log-labels"):
        assert callable(weighting(name, LABELS))
