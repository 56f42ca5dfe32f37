"""Gradient combiners: known values, and the properties that each method promises."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mtl_tutorial.combining import (
    COMBINERS,
    CAGrad,
    GradVac,
    aligned_mtl,
    combiner,
    equal,
    imtl_g,
    mgda,
    nash_mtl,
    pcgrad,
    upgrad,
)
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.startup import keras, tf
from tests.tiny import tiny_data

STATELESS = [equal, pcgrad, mgda, CAGrad(0.4), imtl_g, aligned_mtl, upgrad, nash_mtl]
J0 = np.array([[-4.0, 1.0, 1.0], [6.0, 1.0, 1.0]])


def named(combine) -> str:
    return getattr(combine, "__name__", None) or repr(combine)


every_combiner = pytest.mark.parametrize("combine", STATELESS, ids=named)


_traced: dict = {}


def weights_of(combine, jacobian) -> np.ndarray:
    """What `combine` makes of the gradients in the rows of `jacobian`, in a graph as in training."""
    if combine not in _traced:
        signature = [tf.TensorSpec([None, None], tf.float32)]
        _traced[combine] = tf.function(combine, input_signature=signature, autograph=False)
    jacobian = tf.constant(jacobian, tf.float32)
    return _traced[combine](tf.matmul(jacobian, jacobian, transpose_b=True)).numpy().astype(float)


def gradients(seed: int, tasks: int, rank: int | None = None, size: int = 12) -> np.ndarray:
    """Random gradients, one a row, of length 1 and of the given rank."""
    rng = np.random.default_rng(seed)
    rank = tasks if rank is None else rank
    rows = rng.normal(size=(tasks, rank)) @ rng.normal(size=(rank, size))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


seeds = st.integers(0, 10_000)


@st.composite
def jacobians(draw, dependent: bool = True) -> np.ndarray:
    """Gradients of two to eight tasks, of different lengths, linearly dependent or not."""
    tasks = draw(st.integers(2, 8))
    rank = draw(st.integers(1, tasks)) if dependent else tasks
    rows = gradients(draw(seeds), tasks, rank)
    # What is nearer to dependent than this is dependent in a Gramian of single precision.
    assume(dependent or np.linalg.cond(rows) < 300)
    lengths = draw(st.lists(st.floats(0.1, 10.0), min_size=tasks, max_size=tasks))
    return rows * np.array(lengths)[:, None]


# -- known values


@pytest.mark.parametrize(
    ("combine", "weights", "direction"),
    [
        (equal, [1, 1], [2, 2, 2]),
        (pcgrad, [2.2222, 1.5789], [0.5848, 3.8012, 3.8012]),
        (mgda, [0.6, 0.4], [0, 1, 1]),
        (imtl_g, [0.5923, 0.4077], [0.0767, 1, 1]),
        (aligned_mtl, [0.5591, 0.4083], [0.2133, 0.9673, 0.9673]),
        (upgrad, [1.1111, 0.7895], [0.2924, 1.9006, 1.9006]),
        (CAGrad(0.4), [0.6633, 0.5], [0.3468, 1.1633, 1.1633]),
        (CAGrad(0.5), [0.7041, 0.5], [0.1835, 1.2041, 1.2041]),
        (nash_mtl, [0.5915, 0.4071], [0.0766, 0.9985, 0.9985]),
    ],
    ids=named,
)
def test_the_values_that_other_implementations_agree_on(combine, weights, direction):
    found = weights_of(combine, J0)
    assert found == pytest.approx(weights, abs=1e-3)
    assert found @ J0 == pytest.approx(direction, abs=1e-3)


@every_combiner
def test_the_number_of_tasks_may_be_known_beforehand(combine):
    signature = [tf.TensorSpec([2, 2], tf.float32)]
    traced = tf.function(combine, input_signature=signature, autograph=False)
    gramian = (J0 @ J0.T).astype(np.float32)
    assert traced(gramian).numpy() == pytest.approx(weights_of(combine, J0), rel=1e-5)


def test_pcgrad_of_three_tasks_step_by_step():
    """Worked by hand: with these cosines every order gives the same, since only one pair conflicts."""
    rows = np.array([[1.0, 0.0, 0.0], [-0.6, 0.8, 0.0], [0.0, 0.0, 2.0]])
    assert weights_of(pcgrad, rows) == pytest.approx([1.6, 1.6, 1.0], abs=1e-5)


# -- what each method promises


@given(jacobians())
def test_mgda_is_the_shortest_average(jacobian):
    """By its optimality condition: no gradient is nearer to zero along d than d itself."""
    weights = weights_of(mgda, jacobian)
    shortest = weights @ jacobian
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1, abs=1e-5)
    scale = (jacobian**2).sum(axis=1).max()
    assert (jacobian @ shortest).min() >= shortest @ shortest - 1e-4 * scale


@given(jacobians())
def test_mgda_and_upgrad_conflict_with_no_task(jacobian):
    lengths = np.linalg.norm(jacobian, axis=1)
    for combine in (mgda, upgrad):
        gains = jacobian @ (weights_of(combine, jacobian) @ jacobian)
        assert (gains / lengths).min() >= -1e-4 * lengths.max()


@given(jacobians(dependent=False))
def test_upgrad_projects_every_gradient_onto_the_cone_without_conflict(jacobian):
    """By its optimality conditions: v ≥ e, Gv ≥ 0, and one of the two is tight for every task."""
    tasks = len(jacobian)
    gramian, mean = jacobian @ jacobian.T, np.zeros(tasks)
    for task in range(tasks):
        v = _projection(gramian, np.eye(tasks)[task])
        mean += v / tasks
    lengths = np.linalg.norm(jacobian, axis=1)
    difference = (weights_of(upgrad, jacobian) - mean) @ jacobian
    assert np.abs(difference).max() <= 1e-3 * lengths.max()


def _projection(gramian: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """The v ≥ unit with the smallest vᵀGv, by cyclic minimization over one element at a time."""
    v = unit.copy()
    for _ in range(20_000):
        before = v.copy()
        for i in range(len(v)):
            v[i] = max(unit[i], v[i] - gramian[i] @ v / gramian[i, i])
        if np.abs(v - before).max() < 1e-9:
            break
    return v


@given(jacobians(), st.sampled_from([0.1, 0.4, 0.9]))
def test_cagrad_is_the_best_for_the_worst_off_in_its_ball(jacobian, c):
    """No point of the ball that is tried at random helps the worst-off task more."""
    direction, mean = weights_of(CAGrad(c), jacobian) @ jacobian, jacobian.mean(axis=0)
    radius = c * np.linalg.norm(mean)
    scale = (jacobian**2).sum(axis=1).max()
    assert np.linalg.norm(direction - mean) <= radius * 1.001 + 1e-4
    rng = np.random.default_rng(0)
    others = rng.normal(size=(500, len(jacobian))) @ jacobian
    others *= radius / np.linalg.norm(others, axis=1, keepdims=True)
    others = np.concatenate([mean + others, 0.95 * direction + 0.05 * (mean + others)])
    best_of_others = (others @ jacobian.T).min(axis=1).max()
    assert (jacobian @ direction).min() >= best_of_others - 1e-3 * scale


def test_cagrad_lies_between_the_mean_gradient_and_mgda():
    jacobian = gradients(3, tasks=4)
    assert weights_of(CAGrad(0.0), jacobian) == pytest.approx([0.25] * 4, abs=1e-6)
    far = weights_of(CAGrad(1e4), jacobian) @ jacobian
    shortest = weights_of(mgda, jacobian) @ jacobian
    cosine = far @ shortest / np.linalg.norm(far) / np.linalg.norm(shortest)
    assert cosine == pytest.approx(1, abs=1e-4)


@given(jacobians(dependent=False))
def test_imtl_g_goes_equally_far_along_every_gradient(jacobian):
    weights = weights_of(imtl_g, jacobian)
    along = jacobian @ (weights @ jacobian) / np.linalg.norm(jacobian, axis=1)
    size = np.abs(weights).sum() * np.linalg.norm(jacobian, axis=1).max()
    assert np.ptp(along) <= 1e-3 * size
    assert along.min() > -1e-3 * size  # never uphill, not even where the paper's formula is
    assert abs(weights.sum()) == pytest.approx(1, abs=1e-4)


def test_imtl_g_descends_where_the_papers_formula_climbs():
    """A short gradient between two long ones: its weight is the only negative one, and large."""
    jacobian = np.array([[0.1, 0.0, 0.02], [1.0, 0.5, 0.0], [1.0, -0.5, 0.0]])
    gramian = jacobian @ jacobian.T
    by_the_paper = np.linalg.solve(gramian, np.sqrt(gramian.diagonal()))
    by_the_paper /= by_the_paper.sum()
    assert (gramian @ by_the_paper).max() < 0
    assert weights_of(imtl_g, jacobian) == pytest.approx(-by_the_paper, abs=1e-3)


def test_imtl_g_stands_still_where_the_weights_cancel():
    """The length of the gradient in the middle at which the formula divides by zero."""
    unit = np.array([[1.0, 0.0, 0.2], [1.0, 0.5, 0.0], [1.0, -0.5, 0.0]])
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    middle, *outer = np.linalg.solve(unit @ unit.T, np.ones(3))
    jacobian = unit * [[-middle / sum(outer)], [1.0], [1.0]]
    assert weights_of(imtl_g, jacobian) == pytest.approx([0, 0, 0])


@pytest.mark.parametrize("rank", [4, 2, 1])
def test_aligned_gradients_are_orthogonal_and_as_long_as_the_weakest_direction(rank):
    jacobian = gradients(5, tasks=4, rank=rank) * [[1.0], [2.0], [0.5], [3.0]]
    left, values, right = np.linalg.svd(jacobian)
    # All singular values but zeros made the smallest one.
    aligned = values[rank - 1] * left[:, :rank] @ right[:rank]
    assert weights_of(aligned_mtl, jacobian) @ jacobian == pytest.approx(
        aligned.mean(axis=0), abs=1e-4
    )


@given(jacobians(dependent=False))
def test_nash_mtl_solves_its_equation(jacobian):
    weights = weights_of(nash_mtl, jacobian)
    assert weights.min() > 0
    gramian = jacobian @ jacobian.T
    if np.linalg.cond(gramian / np.sqrt(np.outer(gramian.diagonal(), gramian.diagonal()))) < 1e4:
        assert weights * (gramian @ weights) == pytest.approx(np.ones(len(weights)), abs=1e-2)


@given(seeds, st.floats(-0.99, 0.99), st.floats(0.1, 10.0))
def test_pcgrad_of_two_tasks_is_twice_upgrad_and_conflicts_with_neither(seed, cosine, length):
    jacobian = np.array([[1.0, 0.0], [length * cosine, length * np.sqrt(1 - cosine**2)]])
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(2, 2)))[0]
    weights = weights_of(pcgrad, jacobian @ turn)
    assert weights == pytest.approx(2 * weights_of(upgrad, jacobian @ turn), rel=1e-3)
    assert (jacobian @ (weights @ jacobian)).min() >= -1e-4


def test_pcgrad_of_more_tasks_gives_the_answer_of_some_orders():
    """Against the algorithm in loops; here a task that met itself, too, would change the sum."""
    jacobian = np.array([[-2.0, 1.0], [1.0, -1.0], [2.0, 0.0]])
    gramian = jacobian @ jacobian.T

    def mended(i: int, order: tuple[int, ...]) -> np.ndarray:
        weights = np.eye(3)[i]
        for j in order:
            product = weights @ gramian[j]
            if product < 0 and j != i:
                weights[j] -= product / gramian[j, j]
        return weights

    orders = itertools.product(itertools.permutations(range(3)), repeat=3)
    possible = {
        tuple(sum(mended(i, order) for i, order in enumerate(chosen)).round(3)) for chosen in orders
    }
    found = {tuple(weights_of(pcgrad, jacobian).round(3)) for _ in range(100)}
    assert found <= possible
    assert len(found) > 1


def test_pcgrad_of_more_tasks_depends_on_the_orders_and_is_seeded():
    jacobian = np.array([[1.3, 0.1], [-0.6, 1.0], [-0.5, -0.8]])

    def several(seed: int) -> np.ndarray:
        tf.random.set_seed(seed)
        _traced.clear()
        return np.array([weights_of(pcgrad, jacobian) for _ in range(50)])

    first = several(1)
    assert len(np.unique(first.round(4), axis=0)) > 1
    assert np.array_equal(first, several(1))
    assert not np.array_equal(first, several(2))


# -- order, scale, one task


@pytest.mark.parametrize("combine", [c for c in STATELESS if c is not pcgrad], ids=named)
@given(jacobian=jacobians(dependent=False), seed=seeds)
def test_the_order_of_the_tasks_does_not_matter(combine, jacobian, seed):
    order = np.random.default_rng(seed).permutation(len(jacobian))
    here, there = weights_of(combine, jacobian) @ jacobian, weights_of(combine, jacobian[order])
    size = np.linalg.norm(jacobian, axis=1).max() * (1 + np.abs(there).sum())
    assert np.abs(there @ jacobian[order] - here).max() <= 1e-3 * size


def test_pcgrad_does_not_prefer_a_place_in_the_order():
    jacobian = gradients(8, tasks=4, size=4)
    order = [2, 0, 3, 1]
    tf.random.set_seed(0)
    means = [
        np.mean([weights_of(pcgrad, rows) for _ in range(400)], axis=0)
        for rows in (jacobian, jacobian[order])
    ]
    assert means[1] == pytest.approx(means[0][order], abs=0.1)
    assert np.ptp(means[0]) > 0.3


@pytest.mark.parametrize(
    ("combine", "power"),
    [(c, 1) for c in STATELESS if c is not nash_mtl] + [(nash_mtl, 0)],
    ids=named,
)
@given(jacobian=jacobians(dependent=False), scale=st.floats(1e-3, 1e3))
def test_gradients_in_another_unit_give_the_same_direction(combine, power, jacobian, scale):
    """d grows with all gradients together; with Nash-MTL its length is always √T."""
    if combine is pcgrad:
        jacobian = jacobian[:2]
    here = weights_of(combine, jacobian) @ jacobian
    there = weights_of(combine, scale * jacobian) @ (scale * jacobian)
    size = np.abs(weights_of(combine, jacobian)).sum() * np.linalg.norm(jacobian, axis=1).max()
    assert np.abs(there / scale**power - here).max() <= 2e-3 * size


@given(jacobian=jacobians(dependent=False), scale=st.floats(0.1, 10.0))
def test_a_louder_task_is_turned_down_by_imtl_g_and_nash_mtl_alone(jacobian, scale):
    """Their direction does not depend on the length of any one gradient, up to its own length."""
    louder = jacobian.copy()
    louder[0] *= scale
    for combine in (imtl_g, nash_mtl):
        directions = [weights_of(combine, rows) @ rows for rows in (jacobian, louder)]
        weights = [weights_of(combine, rows) for rows in (jacobian, louder)]
        if min(np.abs(w.sum()) / np.abs(w).sum() for w in weights) > 1e-2:
            one, other = (d / np.linalg.norm(d) for d in directions)
            assert one @ other == pytest.approx(1, abs=1e-2)


def test_upgrad_grows_with_each_gradient_in_proportion():
    jacobian = gradients(11, tasks=3)
    scales = np.array([[3.0], [1.0], [0.2]])

    def parts(rows: np.ndarray) -> np.ndarray:
        return weights_of(upgrad, rows) @ rows

    alone = [
        parts(np.where(np.arange(3)[:, None] == t, jacobian, 1e-6 * jacobian)) for t in range(3)
    ]
    assert parts(scales * jacobian) == pytest.approx((scales * alone).sum(axis=0), abs=1e-3)


@every_combiner
def test_one_task_goes_its_own_way(combine):
    length = 3.0
    expected = {CAGrad(0.4): 1.4, nash_mtl: 1 / length}.get(combine, 1.0)
    assert weights_of(combine, [[length, 0.0]]) == pytest.approx([expected], rel=1e-4)


# -- zero, collinear, broken


@every_combiner
@pytest.mark.parametrize(
    "rows",
    [
        [[0.0, 0.0], [0.0, 0.0]],
        [[0.0, 0.0], [1.0, 2.0]],
        [[1.0, 2.0], [0.0, 0.0], [-1.0, 1.0]],
        [[1.0, 2.0], [1.0, 2.0]],
        [[1.0, 2.0], [-1.0, -2.0]],
        [[1.0, 2.0], [-3.0, -6.0], [2.0, 4.0]],
        [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0]],
        [[1e-12, 0.0], [0.0, 1e12]],
    ],
    ids=str,
)
def test_no_gradient_however_odd_breaks_a_combiner(combine, rows):
    weights = weights_of(combine, rows)
    assert np.isfinite(weights).all()
    assert weights.shape == (len(rows),)


@every_combiner
def test_a_task_with_a_zero_gradient_leaves_the_others_their_direction(combine):
    """MGDA stands still, since zero is the shortest of all averages; the others go on."""
    with_zero = np.concatenate([J0, np.zeros((1, 3))])
    here, there = weights_of(combine, J0) @ J0, weights_of(combine, with_zero) @ with_zero
    if combine is mgda:
        assert there == pytest.approx([0, 0, 0], abs=1e-3)
    elif isinstance(combine, CAGrad):
        mean = J0.sum(axis=0) / 3  # its ball lies around the mean gradient, which is shorter now
        assert np.linalg.norm(there - mean) <= 0.4 * np.linalg.norm(mean) + 1e-3
    else:
        cosine = here @ there / np.linalg.norm(here) / np.linalg.norm(there)
        assert cosine == pytest.approx(1, abs=1e-5)


def test_nash_mtl_takes_no_longer_beside_tasks_that_are_learned():
    """Its steps are damped by all tasks together: zero gradients must not hold the others up."""
    learned = np.concatenate([J0, np.zeros((6, 3))])
    assert weights_of(nash_mtl, learned)[:2] == pytest.approx(weights_of(nash_mtl, J0), abs=1e-4)


@every_combiner
@given(jacobian=jacobians())
def test_dependent_gradients_get_no_huge_weights(combine, jacobian):
    weights = weights_of(combine, jacobian)
    assert np.isfinite(weights).all()
    lengths = np.linalg.norm(jacobian, axis=1)
    unit = 1 if combine is nash_mtl else lengths.max()
    assert np.abs(weights * lengths).max() <= 2e3 * unit


@pytest.mark.parametrize("combine", [c for c in STATELESS if c is not equal], ids=named)
@pytest.mark.parametrize("broken", [np.nan, np.inf])
def test_gradients_that_are_no_numbers_give_weights_that_are_none(combine, broken):
    assert np.isnan(weights_of(combine, [[broken, 1.0], [1.0, 1.0]])).all()


# -- what GradVac keeps


def loops(gramian: np.ndarray, targets: np.ndarray, beta: float) -> np.ndarray:
    """GradVac of two tasks as its paper has it, in loops; `targets` change."""
    weights = np.eye(2)
    for i, j in ((0, 1), (1, 0)):
        own = np.sqrt(weights[i] @ gramian @ weights[i])
        other = np.sqrt(gramian[j, j])
        cosine, target = weights[i] @ gramian[j] / own / other, targets[i, j]
        if cosine < target:
            lift = own * (target * np.sqrt(1 - cosine**2) - cosine * np.sqrt(1 - target**2))
            weights[i, j] += lift / (other * np.sqrt(1 - target**2))
        targets[i, j] += beta * (cosine - target)
    return weights.sum(axis=0)


def gradvac(beta: float = 0.5, tasks: int = 2) -> GradVac:
    layer = GradVac(beta)
    layer.build(tasks)
    return layer


def gramian_of(jacobian) -> tf.Tensor:
    jacobian = tf.constant(jacobian, tf.float32)
    return tf.matmul(jacobian, jacobian, transpose_b=True)


@given(seeds, st.sampled_from([0.0, 0.1, 0.5, 1.0]))
def test_gradvac_is_that_of_the_paper(seed, beta):
    rng = np.random.default_rng(seed)
    layer, targets = gradvac(beta), np.zeros((2, 2))
    for _ in range(4):
        jacobian = rng.normal(size=(2, 3)) + rng.normal(size=3)
        wanted = loops(jacobian @ jacobian.T, targets, beta)
        found = layer(gramian_of(jacobian), tf.constant([0, 1])).numpy()
        assert found == pytest.approx(wanted, rel=1e-3, abs=1e-3)
        assert layer.targets.numpy() == pytest.approx(targets, abs=1e-4)


def test_gradvac_brings_the_cosine_up_to_its_target():
    layer = gradvac()
    layer.targets.assign([[0.0, 0.7], [-1.0, 0.0]])
    jacobian = np.array([[1.0, 0.0], [0.0, 2.0]])
    weights = layer(gramian_of(jacobian), tf.constant([0, 1])).numpy()
    assert weights[0] == 1  # the second is content with any cosine
    mended = jacobian[0] + (weights[1] - 1) * jacobian[1]
    assert mended @ [0, 1] / np.linalg.norm(mended) == pytest.approx(0.7, abs=1e-4)


def test_the_first_step_of_gradvac_is_that_of_pcgrad():
    assert gradvac()(gramian_of(J0), tf.constant([0, 1])).numpy() == pytest.approx(
        weights_of(pcgrad, J0), rel=1e-4
    )
    jacobian = np.array([[1.0, 0.0, 0.0], [-0.6, 0.8, 0.0], [0.0, 0.0, 2.0]])  # one pair conflicts
    weights = gradvac(tasks=3)(gramian_of(jacobian), tf.constant([0, 1, 2])).numpy()
    assert weights == pytest.approx([1.6, 1.6, 1.0], abs=1e-5)


def test_gradvac_keeps_the_targets_of_absent_tasks():
    layer = gradvac(tasks=4)
    start = np.random.default_rng(0).uniform(-0.5, 0.5, size=(4, 4))
    layer.targets.assign(start)
    traced = tf.function(layer, autograph=False, reduce_retracing=True)
    weights = traced(gramian_of(J0), tf.constant([1, 3], tf.int64))
    assert weights.shape == (2,)
    changed = ~np.isclose(layer.targets.numpy(), start)
    assert set(zip(*map(list, np.nonzero(changed)), strict=True)) == {(1, 3), (3, 1)}
    wanted = start[np.ix_([1, 3], [1, 3])].copy()
    assert weights.numpy() == pytest.approx(loops(J0 @ J0.T, wanted, 0.5), rel=1e-3)
    assert layer.targets.numpy()[1, 3] == pytest.approx(wanted[0, 1], abs=1e-5)


@pytest.mark.parametrize("rows", [[[0.0, 0.0], [1.0, 2.0]], [[1.0, 2.0]] * 2, [[1.0], [-1.0]]])
def test_gradvac_survives_zero_and_collinear_gradients(rows):
    layer = gradvac(beta=1.0)
    for _ in range(3):
        weights = layer(gramian_of(rows), tf.constant([0, 1])).numpy()
    assert np.isfinite(weights).all()
    assert np.isfinite(layer.targets.numpy()).all()


def test_gradvac_trains_with_absent_tasks_and_is_taken_up_with_its_targets(tmp_path):
    data = tiny_data()
    part = data.with_labels({"person": 6})["train"]
    model = build_model(data, units=6, embedding_dim=5, dropout=0.0)
    for _ in range(2):  # the first one's layer is forgotten
        model.compile(keras.optimizers.SGD(0.1), combine="gradvac")
        assert sum(v is model.combine.targets for v in model.variables) == 1
    options = {"epochs": 2, "batch_size": 8, "shuffle": False, "verbose": 0}
    history = model.fit(part.inputs, part.targets, **options).history
    assert np.isfinite(history["loss"]).all()
    targets = model.combine.targets.numpy()
    assert (targets[~np.eye(3, dtype=bool)] != 0).all()
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.combine.targets, targets)
    loaded.fit(part.inputs, part.targets, **options)
    assert not np.array_equal(loaded.combine.targets, targets)
    with pytest.raises(ValueError, match="GradVac has been combining 3 tasks; the model has 2"):
        combiner(loaded.combine, 2)


@pytest.mark.parametrize(("beta", "error"), [(1.5, ValueError), ("0.5", TypeError)])
def test_gradvac_replaces_a_part_of_its_targets(beta, error):
    with pytest.raises(error, match="beta must be"):
        GradVac(beta)


@every_combiner
def test_combiners_are_saved_with_their_parameters(combine):
    config = keras.saving.serialize_keras_object(combine)
    assert keras.saving.deserialize_keras_object(config) == combine


# -- names


def test_names_as_in_the_table_and_as_in_the_papers():
    plain = {name: combine for name, combine in COMBINERS.items() if combine is not GradVac}
    assert {name: combiner(name, 3) for name in plain} == plain
    papers = ["PCGrad", "MGDA", "CAGrad", "IMTL-G", "Aligned-MTL", "UPGrad", "Nash-MTL"]
    assert [combiner(name, 3) for name in papers] == list(plain.values())[1:]
    assert combiner(None, 3) is None
    assert combiner(mgda, 3) is mgda
    assert COMBINERS["cagrad"] == CAGrad(0.4)


@pytest.mark.parametrize(
    ("choice", "error", "message"),
    [
        ("sum", ValueError, "unknown combiner 'sum'; choose .*'aligned_mtl'.* or a callable"),
        (3, TypeError, "combine must be a name, one of .*, not 3 "),
        (CAGrad, TypeError, "combine must be a name"),
        (lambda: 1.0, TypeError, r"combine\(gramian\) -> weights; this one cannot"),
    ],
)
def test_what_is_no_combiner_is_refused(choice, error, message):
    with pytest.raises(error, match=message):
        combiner(choice, 3)


@pytest.mark.parametrize(("c", "error"), [(-0.1, ValueError), ("0.4", TypeError)])
def test_the_ball_of_cagrad_has_a_radius(c, error):
    with pytest.raises(error, match="c must be"):
        CAGrad(c)


def test_whatever_number_the_radius_is_it_can_be_saved():
    assert json.dumps(CAGrad(np.float32(0.5)).get_config()) == '{"c": 0.5}'


# -- another implementation


def test_torchjd_gives_the_same_directions(record_property):
    """200 random Gramians of given rank. TorchJD's MGDA is approximate, by as much as it says."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    theirs = pytest.importorskip("torchjd.aggregation", reason="torchjd is not installed")
    for solver in ("quadprog", "qpsolvers", "cvxpy"):  # torchjd[quadprog_projector,cagrad]
        pytest.importorskip(solver, reason=f"{solver} of torchjd is not installed")
    linalg = pytest.importorskip("torchjd.linalg")
    largest = dict.fromkeys(["pcgrad", "mgda", "cagrad", "imtl_g", "aligned_mtl", "upgrad"], 0.0)
    for seed in range(200):
        tasks = seed % 7 + 2
        rank = seed // 7 % tasks + 1
        unit = gradients(seed, tasks, rank)
        loud = unit * np.exp(np.random.default_rng(seed).normal(0, 0.5, size=(tasks, 1)))
        # TorchJD adds its ridge after division by the trace, and inverts G, not the cosines.
        projector = linalg.QuadprogProjector(norm_eps=0, reg_eps=1e-6 / tasks)
        pairs = {
            "mgda": (loud, theirs.MGDAWeighting(epsilon=1e-6, max_iters=1000)),
            "cagrad": (loud, theirs.CAGradWeighting(0.4, norm_eps=1e-9)),
            "imtl_g": (unit, theirs.IMTLGWeighting()),
            "aligned_mtl": (loud, theirs.AlignedMTLWeighting()),
            "upgrad": (unit, theirs.UPGradWeighting(projector=projector)),
        }
        if tasks == 2:
            pairs["pcgrad"] = (loud, theirs.PCGradWeighting())
        for name, (rows, weighting) in pairs.items():
            gramian = rows @ rows.T
            given = torch.from_numpy(gramian)  # Aligned-MTL's rank depends on the precision
            other = weighting(given.float() if name == "aligned_mtl" else given).numpy()
            difference = np.abs((weights_of(combiner(name, tasks), rows) - other) @ rows).max()
            if name == "mgda":
                difference -= np.sqrt(max(other @ gramian @ other - (gramian @ other).min(), 0))
            largest[name] = max(largest[name], difference)
    differences = ", ".join(f"{name} {largest[name]:.0e}" for name in largest)
    record_property("measured", f"largest differences from TorchJD: {differences}")
    assert max(largest.values()) <= 1e-3, differences


def test_torchjd_keeps_the_same_targets_for_gradvac():
    """Two tasks, for which nothing is left to chance, over 50 steps."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    theirs = pytest.importorskip("torchjd.aggregation", reason="torchjd is not installed")
    ours, other = gradvac(), theirs.GradVacWeighting()
    for seed in range(50):
        rows = gradients(seed, tasks=2) * [[1.0], [1.0 + seed / 10]] + 0.3
        wanted = other(torch.from_numpy(rows @ rows.T)).numpy()
        found = ours(gramian_of(rows), tf.constant([0, 1])).numpy()
        assert (found - wanted) @ rows == pytest.approx(np.zeros(12), abs=1e-3)
