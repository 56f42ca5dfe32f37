"""Lesson 10, soft sharing: the runs behind its table; exercises on stitches, gates and equal size."""

from functools import cache
from typing import Any

import numpy as np

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment, shipped
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters

TASKS = ("person", "relation", "sentiment")
LABELS = {"person": 60, "relation": 2000, "sentiment": 2000}
SEEDS = 5
_APART, _UPPER = [[task] for task in TASKS], LEVELS[1:]


def _on_shared_words(groups: list, mix: str | None = None) -> SharingPlan:
    """Words that all share, and these groups on both encoders."""
    levels = {LEVELS[0]: [TASKS]} | dict.fromkeys(_UPPER, groups)
    return SharingPlan(levels, mix=dict.fromkeys(_UPPER, mix) if mix else None)


_BOTH = [TASKS, *_APART]
PLANS: dict[str, SharingPlan] = {
    "embedding only": _on_shared_words(_APART),
    "stitches": _on_shared_words(_APART, "stitch"),
    "gates": _on_shared_words(_BOTH, "gate"),
    "shared-private": _on_shared_words(_BOTH, "concat"),
    "orthogonal": _on_shared_words(_BOTH, "concat"),
    "wide": SharingPlan.hard(TASKS),
    "separate": SharingPlan.separate(TASKS),
}
"""Name → plan; all are made as large as *embedding only* with 32 units (`units_of`).

*Orthogonal* is *shared-private* with a penalty for copies that say the same (`ORTHOGONALITY`). In
*separate* the words are as wide as the layers above: three tables of 32 would be too large.
"""
ORTHOGONALITY = 0.01


def embedding_dim(name: str, units: int) -> int:
    """Features a word in a plan of this lesson with so many units above."""
    return units if name == "separate" else 32


def size(name: str, corpus: str, units: int) -> int:
    """Parameters of a plan of this lesson with so many units on every level above the words."""
    data, features = shipped(corpus), embedding_dim(name, units)
    words = len(data.vocabulary)
    table = count_parameters(PLANS[name], data.tasks, words, units=units, embedding_dim=features)
    return int(table["parameters"].sum())


@cache
def units_of(name: str, corpus: str) -> int:
    """The units with which a plan comes nearest to *embedding only* with 32."""
    wanted = size("embedding only", corpus, 32)
    return min(range(4, 120), key=lambda units: abs(size(name, corpus, units) - wanted))


def experiment(name: str, corpus: str, seed: int) -> Experiment:
    """One of the runs of ``data/runs/lesson_10.csv.gz``: 2,400 steps."""
    units = units_of(name, corpus)
    return Experiment(
        name,
        TASKS,
        corpus,
        LABELS,
        PLANS[name].as_dict(),
        units=units,
        embedding_dim=embedding_dim(name, units),
        orthogonality=ORTHOGONALITY if name == "orthogonal" else 0.0,
        epochs=16,
        steps_per_epoch=150,
        learning_rate=3e-3,
        seed=seed,
    )


def experiments() -> list[Experiment]:
    """The runs of the table, plan by plan."""
    return [
        experiment(name, corpus, seed)
        for corpus in ("zh", "en")
        for name in PLANS
        for seed in range(SEEDS)
    ]


# -- stitch

_ALPHA = np.array([[0.9, 0.1, 0.0], [0.2, 0.5, 0.3], [0.0, -0.4, 1.0]])
_COPIES = np.random.default_rng(10).normal(size=(3, 4, 2)).round(1)


def _array(answer: Any, *given: Any, shown: str, shape: tuple[int, ...]) -> np.ndarray:
    found = as_numbers(ask(answer, *given, shown=shown))
    if found.shape != shape:
        raise Wrong(
            en=f"An array of shape {shape} is asked for; yours has {found.shape}.",
            zh=f"应当得到形状为 {shape} 的数组；你的是 {found.shape}。",
        )
    return found


def _examine_stitch(answer: Any) -> None:
    ours = _array(answer, _ALPHA, _COPIES, shown="alpha, copies", shape=_COPIES.shape)
    expected = np.einsum("ai,itf->atf", _ALPHA, _COPIES)
    if np.allclose(ours, np.einsum("ia,itf->atf", _ALPHA, _COPIES)):
        raise Wrong(
            en="Rows and columns are exchanged: the numbers of row a say what task a takes of every copy.",
            zh="行和列弄反了：第 a 行的数，说的是任务 a 从每一份里各取多少。",
        )
    if np.allclose(ours, np.einsum("aa,atf->atf", _ALPHA, _COPIES)):
        raise Wrong(
            en="Each task takes of its own copy alone: the numbers off the diagonal are not used.",
            zh="每个任务只取了自己那一份：对角线以外的数没有用上。",
        )
    if not np.allclose(ours, expected):
        raise Wrong(
            en=f"For task 0 the first token should be {expected[0, 0].round(2)}: 0.9 times copy 0 and 0.1 times copy 1; "
            f"yours is {ours[0, 0].round(2)}.",
            zh=f"任务 0 的第一个词元应是 {expected[0, 0].round(2)}，即第 0 份的 0.9 倍加第 1 份的 0.1 倍；你的是 {ours[0, 0].round(2)}。",
        )


STITCH = Exercise(
    name="stitch",
    examine=_examine_stitch,
    right={
        "en": "Three copies, nine numbers. Gradient descent sets them like any other weight, and afterwards one can read them.",
        "zh": "三份副本，九个数。它们和别的权重一样由梯度下降来定，训练完还可以读出来。",
    },
    hints=[
        {
            "en": "Write down the result for one task first: a sum over the copies, each times one number.",
            "zh": "先写一个任务的结果：对各份求和，每份乘一个数。",
        },
        {
            "en": 'The sum runs over the copies. `np.einsum("ai,itf->atf", ...)` or `np.tensordot` says it in one line.',
            "zh": '求和是对各份进行的。用 `np.einsum("ai,itf->atf", ...)` 或 `np.tensordot` 一行就够。',
        },
    ],
    code="""\
def stitch(alpha, copies):
    return np.einsum("ai,itf->atf", alpha, copies)""",
)


# -- gate

_X = np.random.default_rng(11).normal(size=(4, 3)).round(1)
_KERNEL = np.random.default_rng(12).normal(size=(3, 3)).round(1)


def _gated(x: np.ndarray, kernel: np.ndarray, copies: np.ndarray) -> np.ndarray:
    weights = np.exp(x @ kernel)
    return np.einsum("ti,itf->tf", weights / weights.sum(axis=1, keepdims=True), copies)


def _examine_gate(answer: Any) -> None:
    shape = _COPIES.shape[1:]
    ours = _array(answer, _X, _KERNEL, _COPIES, shown="x, kernel, copies", shape=shape)
    scores = _X @ _KERNEL
    over_tokens = np.exp(scores) / np.exp(scores).sum(axis=0)
    for weights, because in (
        (
            scores,
            {
                "en": "The scores are used as they are. A softmax makes of them weights that are positive and sum to 1.",
                "zh": "分数直接拿来用了。要先用 softmax 把它们变成正的、加起来等于 1 的权重。",
            },
        ),
        (
            over_tokens,
            {
                "en": "Your weights sum to 1 over the tokens. For each token they should sum to 1 over the copies.",
                "zh": "你的权重是对词元求和等于 1。应当对每个词元，让各份的权重加起来等于 1。",
            },
        ),
        (
            np.exp(scores),
            {
                "en": "Positive, but not yet weights: divide by their sum over the copies.",
                "zh": "是正数了，但还不是权重：要除以它们对各份的和。",
            },
        ),
        (
            np.full_like(scores, 1 / 3),
            {
                "en": "This is the plain mean of the copies, as before training. `x` and `kernel` decide how much of each.",
                "zh": "这是各份的简单平均，也就是训练之前的样子。每份占多少，由 `x` 和 `kernel` 决定。",
            },
        ),
    ):
        if np.allclose(ours, np.einsum("ti,itf->tf", weights, _COPIES)):
            raise Wrong(**because)
    if not np.allclose(ours, _gated(_X, _KERNEL, _COPIES)):
        raise Wrong(
            en=f"For the first token {_gated(_X, _KERNEL, _COPIES)[0].round(2)} is right; yours is {ours[0].round(2)}.",
            zh=f"第一个词元应是 {_gated(_X, _KERNEL, _COPIES)[0].round(2)}；你的是 {ours[0].round(2)}。",
        )


GATE = Exercise(
    name="gate",
    examine=_examine_gate,
    right={
        "en": "Weights that sum to one: the gate can turn a copy down, but never all of them.",
        "zh": "权重加起来是 1：门控可以把某一份关小，却不能把所有的都关掉。",
    },
    hints=[
        {
            "en": "`x @ kernel` gives a score for each token and copy, [tokens, copies].",
            "zh": "`x @ kernel` 给每个词元、每一份一个分数，形状是 [词元, 份]。",
        },
        {
            "en": "Softmax over the last axis; then for each token the sum of the copies, each times its weight.",
            "zh": "对最后一个轴做 softmax；然后对每个词元，把各份乘以权重再相加。",
        },
    ],
    code="""\
def gate(x, kernel, copies):
    weights = np.exp(x @ kernel)  # [tokens, copies]
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.einsum("ti,itf->tf", weights, copies)""",
)


# -- same_size


def _examine_same_size(answer: Any) -> None:
    def made(units: int) -> int:
        return 1000 + 50 * units + 3 * units**2

    for wanted, right in ((made(20), 20), (made(20) + 100, 21), (made(20) + 60, 20), (made(7), 7)):
        found = as_numbers(ask(answer, made, wanted, shown=f"count, {wanted}"))
        if found.shape != () or found != int(found):
            raise Wrong(en="A whole number of units is asked for.", zh="要的是一个整数：单元数。")
        if int(found) == right:
            continue
        near = f"count({right}) = {made(right)}, count({int(found)}) = {made(int(found))}"
        raise Wrong(
            en=f"{wanted} parameters are wanted. {near}: the first comes nearer.",
            zh=f"目标是 {wanted} 个参数。{near}：前者更接近。",
        )


SAME_SIZE = Exercise(
    name="same_size",
    examine=_examine_same_size,
    right={
        "en": "A comparison at equal size needs no more than this, and most published ones do without.",
        "zh": "要在同样大小下比较，这几行就够了；可是多数发表的比较都没有做。",
    },
    hints=[
        {"en": "Try them all: units from 1 to 200.", "zh": "全部试一遍：单元数从 1 到 200。"},
        {
            "en": "`min(range(1, 200), key=...)` with the distance to `wanted`.",
            "zh": "用 `min(range(1, 200), key=...)`，按与 `wanted` 的距离来取。",
        },
    ],
    code="""\
def same_size(count, wanted):
    return min(range(1, 200), key=lambda units: abs(count(units) - wanted))""",
)


EXERCISES = (STITCH, GATE, SAME_SIZE)
