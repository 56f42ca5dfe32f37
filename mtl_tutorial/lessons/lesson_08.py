"""Lesson 08, conflicting gradients: the runs behind its table; three combiners by hand, in two dimensions."""

from itertools import chain, product
from typing import Any

import numpy as np

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiments import Experiment
from mtl_tutorial.lessons.lesson_07 import SEEDS, at_rates, setting

COMBINERS = ("imtl_g", "pcgrad", "mgda", "gradvac", "cagrad", "aligned_mtl", "upgrad", "nash_mtl")
FEATURES = "imtl_g, features"


def experiments() -> list[Experiment]:
    """The runs of ``data/runs/lesson_08.csv.gz``, beside lesson 07's: every combiner over the trunk.

    Each is trained at the rates of lesson 07; IMTL-G also over the features, and on English with PCGrad.
    """
    usual = [setting(name, seed, combine=name) for name, seed in product(COMBINERS, range(SEEDS))]
    features = [setting(FEATURES, seed, combine="imtl_g", over="features") for seed in range(SEEDS)]
    english = [
        setting(name, seed, "en", combine=name)
        for name, seed in product(("imtl_g", "pcgrad"), range(SEEDS))
    ]
    rates = [at_rates(name, combine=name) for name in COMBINERS]
    return [*usual, *features, *english, *chain.from_iterable(rates)]


# -- three combiners in two dimensions

_PAIRS = [
    ((3.0, 0.0), (0.0, 1.0)),  # at right angles
    ((3.0, 0.0), (-1.0, 1.0)),  # in conflict
    ((1.0, 0.0), (2.0, 2.0)),  # in agreement, the second longer
    ((0.5, 1.5), (2.0, -1.0)),
]


def _vector(result: Any) -> np.ndarray:
    value = as_numbers(result)
    if value.shape != (2,):
        raise Wrong(
            en=f"A direction is asked for, two numbers; your answer has the shape {value.shape}.",
            zh=f"这里要的是一个方向，两个数；你的结果形状是 {value.shape}。",
        )
    return value


def _pcgrad(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    inner = a @ b
    return a + b if inner >= 0 else a - inner / (b @ b) * b + b - inner / (a @ a) * a


def _shortest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    share = np.clip((b - a) @ b / ((a - b) @ (a - b)), 0, 1)
    return share * a + (1 - share) * b


def _impartial(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    one, other = np.linalg.norm(a), np.linalg.norm(b)
    return (other * a + one * b) / (one + other)


def _compare(answer: Any, known: Any, wrong: Any) -> None:
    """Compare an answer with the known direction on every pair; `wrong` lists known mistakes."""
    for first, second in _PAIRS:
        a, b = np.array(first), np.array(second)
        ours = _vector(ask(answer, a.copy(), b.copy(), shown=f"{first}, {second}"))
        right = known(a, b)
        if np.allclose(ours, right, atol=1e-3):
            continue
        for mistake, because in wrong:
            if np.allclose(ours, mistake(a, b), atol=1e-6):
                raise Wrong(**because)
        raise Wrong(
            en=f"For {first} and {second} the direction is {right.round(3).tolist()}; yours is {ours.round(3).tolist()}.",
            zh=f"对 {first} 和 {second}，方向应是 {right.round(3).tolist()}；你的结果是 {ours.round(3).tolist()}。",
        )


def _in_turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The common mistake: the second is projected on what the first has become."""
    inner = a @ b
    if inner >= 0:
        return a + b
    first = a - inner / (b @ b) * b
    inner = first @ b
    return first + (b - min(inner, 0) / (first @ first) * first)


def _examine_project(answer: Any) -> None:
    _compare(
        answer,
        _pcgrad,
        [
            (
                _in_turn,
                {
                    "en": "You project the second gradient onto what the first has *become*. Both are projected onto the other's original; "
                    "otherwise the answer depends on who comes first.",
                    "zh": "你把第二个梯度投影到了**改过的**第一个梯度上。两者都要对另一个原来的梯度投影，否则结果取决于谁先谁后。",
                },
            ),
            (
                lambda a, b: a + b,
                {
                    "en": "This is the plain sum. If a · b is below zero, take from each the part that goes against the other.",
                    "zh": "这是简单相加。a · b 小于零时，要从每个梯度里去掉与另一个作对的那一部分。",
                },
            ),
            (
                lambda a, b: a - (a @ b) / (b @ b) * b + b - (a @ b) / (a @ a) * a,
                {
                    "en": "Only where the two are in conflict. Where a · b is positive, nothing is taken away.",
                    "zh": "只在两者冲突时才这样做。a · b 为正时，什么也不去掉。",
                },
            ),
            (
                lambda a, b: _pcgrad(a, b) / 2,
                {
                    "en": "The direction is right, and half as long: PCGrad adds the two up, it does not average them.",
                    "zh": "方向对了，长度只有一半：PCGrad 是把两者相加，不是取平均。",
                },
            ),
        ],
    )


PROJECT = Exercise(
    name="project",
    examine=_examine_project,
    right={
        "en": "What is left of either gradient is at right angles to the other or better, so a small step makes neither loss larger. "
        "With three tasks this promise no longer holds, and the answer depends on the order.",
        "zh": "两个梯度剩下的部分，都不再与对方作对；所以走一小步，谁的损失也不会变大。有了三个任务，这个保证就不再成立，结果还取决于先后次序。",
    },
    hints=[
        {
            "en": "The part of a along b is (a · b) / (b · b) times b.",
            "zh": "a 沿着 b 的那一部分，是 (a · b) / (b · b) 乘以 b。",
        },
        {
            "en": "If a · b is negative, subtract that part from a; and from b, in the same way, its part along the *original* a.",
            "zh": "如果 a · b 为负，就从 a 里减去那一部分；再同样从 b 里减去它沿着**原来的** a 的那一部分。",
        },
    ],
    code="""\
def project(a, b):
    inner = a @ b
    if inner >= 0:
        return a + b
    return a - inner / (b @ b) * b + b - inner / (a @ a) * a""",
)


def _examine_shortest(answer: Any) -> None:
    _compare(
        answer,
        _shortest,
        [
            (
                lambda a, b: (a + b) / 2,
                {
                    "en": "This is the middle of the line between the two. Asked for is its point nearest to zero.",
                    "zh": "这是两者连线的中点。要的是连线上离零最近的点。",
                },
            ),
            (
                lambda a, b: (s := (b - a) @ b / ((a - b) @ (a - b))) * a + (1 - s) * b,
                {
                    "en": "The nearest point of the whole *line* lies beyond one of the two here. The weights must stay between 0 and 1.",
                    "zh": "这里，整条**直线**上最近的点落到了其中一端之外。权重必须在 0 和 1 之间。",
                },
            ),
            (
                lambda a, b: (
                    (s := np.clip((b - a) @ b / ((a - b) @ (a - b)), 0, 1)) * b + (1 - s) * a
                ),
                {
                    "en": "The two weights are exchanged.",
                    "zh": "两个权重弄反了。",
                },
            ),
        ],
    )


SHORTEST = Exercise(
    name="shortest",
    examine=_examine_shortest,
    right={
        "en": "If one gradient is short, the shortest average is hardly longer. A task that has learned all it can has a short gradient: it decides.",
        "zh": "只要有一个梯度很短，最短的平均也长不了多少。一个任务学得差不多了，梯度就短：于是由它说了算。",
    },
    hints=[
        {
            "en": "Write d = w a + (1 - w) b, and look for the w at which d · d is smallest.",
            "zh": "写成 d = w a + (1 - w) b，求使 d · d 最小的 w。",
        },
        {
            "en": "w = (b - a) · b / ((a - b) · (a - b)), kept between 0 and 1 (`np.clip`).",
            "zh": "w = (b - a) · b / ((a - b) · (a - b))，并限制在 0 和 1 之间（`np.clip`）。",
        },
    ],
    code="""\
def shortest(a, b):
    w = np.clip((b - a) @ b / ((a - b) @ (a - b)), 0, 1)
    return w * a + (1 - w) * b""",
)


def _examine_impartial(answer: Any) -> None:
    _compare(
        answer,
        _impartial,
        [
            (
                lambda a, b: a / np.linalg.norm(a) + b / np.linalg.norm(b),
                {
                    "en": "The direction is right. The weights must add up to 1; yours are one over each length.",
                    "zh": "方向对了。权重相加应为 1；你的权重是各自长度的倒数。",
                },
            ),
            (
                lambda a, b: (a / np.linalg.norm(a) + b / np.linalg.norm(b)) / 2,
                {
                    "en": "The direction is right. The weights must add up to 1: the weights of a and b, not of what has been made of length one.",
                    "zh": "方向对了。相加为 1 的应是 a 和 b 的权重，而不是归一化以后的权重。",
                },
            ),
            (
                lambda a, b: (
                    (np.linalg.norm(a) * a + np.linalg.norm(b) * b)
                    / (np.linalg.norm(a) + np.linalg.norm(b))
                ),
                {
                    "en": "This makes the longer one still louder. Each must be weighed by the length of the *other*.",
                    "zh": "这样，长的反而更响。每个梯度应乘以**另一个**的长度。",
                },
            ),
        ],
    )


IMPARTIAL = Exercise(
    name="impartial",
    examine=_examine_impartial,
    right={
        "en": "d goes equally far along both gradients, however long they are. Nobody is loud any more, and nobody can be quiet either.",
        "zh": "不管两个梯度有多长，d 沿着它们走得一样远。谁也不再嗓门大，可是谁也不能再安静。",
    },
    hints=[
        {
            "en": "Two vectors of length one: their sum lies in the middle of the angle, so it goes equally far along both.",
            "zh": "两个长度为 1 的向量，和在夹角正中，所以沿两者走得一样远。",
        },
        {
            "en": "So the weights are in proportion to 1/|a| and 1/|b|, scaled so that they add up to 1.",
            "zh": "所以权重与 1/|a|、1/|b| 成正比，再缩放到相加为 1。",
        },
    ],
    code="""\
def impartial(a, b):
    weights = 1 / np.array([np.linalg.norm(a), np.linalg.norm(b)])
    weights /= weights.sum()
    return weights[0] * a + weights[1] * b""",
)

EXERCISES = (PROJECT, SHORTEST, IMPARTIAL)
