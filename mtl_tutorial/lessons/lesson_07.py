"""Lesson 07, balancing losses: the runs behind its table; exercises on loudness, equilibrium and the front."""

from collections.abc import Mapping
from itertools import chain, product
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.comparing import Difference, holm
from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiments import Experiment
from mtl_tutorial.lab.settings import TASKS
from mtl_tutorial.runs import Run

SEEDS = 5
LABELS = dict.fromkeys(TASKS, 2000) | {"person": 60}
HAND = "ner × 3, person × 0.1"
WEIGHTINGS = (
    "uncertainty", "random", "log_losses", "famo", "dwa", "gradnorm", "log_labels", "geometric",
)  # fmt: skip
SETTINGS: dict[str, dict[str, Any]] = {
    "sum": {},
    HAND: {"weights": {"ner": 3.0, "person": 0.1}},
    **{name: {"weigh": name} for name in WEIGHTINGS},
    "person × 0.1": {"weights": {"person": 0.1}},
    "ner × 10": {"weights": {"ner": 10.0}},
    "twice the steps": {"epochs": 10},
    "64 units": {"units": 64},
    "temperature": {"sampling": "temperature"},
    "round_robin": {"sampling": "round_robin"},
}
"""Setting → what sets it apart from the plain sum; five seeds each."""
BY_HAND = ("sum", "person × 0.1", HAND, "ner × 10")
USUAL, RATES = 0.003, (0.001, 0.01, 0.03)
"""The learning rate of all settings, and those that are tried beside it."""


def setting(name: str, seed: int, corpus: str = "zh", **changes: Any) -> Experiment:
    """A training of all four tasks on one trunk of 32 units.

    The first seed's gradients are recorded, those of the plain sum with every seed.
    """
    usual: dict[str, Any] = {"epochs": 5, "steps_per_epoch": 200, "learning_rate": USUAL}
    record = 20 if seed == 0 or changes == {} else None
    return Experiment(name, TASKS, corpus, LABELS, seed=seed, record=record, **{**usual, **changes})


def at_rates(name: str, **how: Any) -> list[Experiment]:
    """A setting at the other learning rates, five seeds each."""
    return [
        setting(f"{name}, rate {rate}", seed, **how, learning_rate=rate)
        for rate, seed in product(RATES, range(SEEDS))
    ]


def experiments() -> list[Experiment]:
    """The runs of ``data/runs/lesson_07.csv.gz``, what the lesson needs most first."""
    usual = [
        setting(name, seed, **how) for (name, how), seed in product(SETTINGS.items(), range(SEEDS))
    ]
    english = [
        setting(name, seed, "en", **SETTINGS[name])
        for name, seed in product(("sum", HAND, "uncertainty"), range(SEEDS))
    ]
    rates = [at_rates(name, **SETTINGS[name]) for name in ("sum", HAND, *WEIGHTINGS)]
    return [*usual, *english, *chain.from_iterable(rates)]


def at_each_rate(runs: Mapping[str, list[Run]], name: str) -> dict[float, list[Run]]:
    """A setting's runs at every learning rate, the lowest first."""
    found = {USUAL: runs[name]} | {rate: runs[f"{name}, rate {rate}"] for rate in RATES}
    return dict(sorted(found.items()))


def judged(table: Mapping[str, Mapping[str, Difference]]) -> dict[str, dict[str, Difference]]:
    """A table of differences, setting → task, each corrected (Holm) for all of them together."""
    cells = holm({f"{name}: {task}": d for name, row in table.items() for task, d in row.items()})
    return {name: {task: cells[f"{name}: {task}"] for task in row} for name, row in table.items()}


# -- voice


def _examine_voice(answer: Any) -> None:
    cases = [
        {"person": 2, "relation": 32},
        {"person": 0, "relation": 32, "ner": 200},
        {"person": 4, "relation": 4},
    ]
    for counts in cases:
        given = ask(answer, dict(counts))
        result = given.to_dict() if isinstance(given, pd.Series) else given
        if not isinstance(result, dict) or set(result) != set(counts):
            raise Wrong(
                en=f"A dictionary is asked for, with a number for each of {list(counts)}.",
                zh=f"这里要的是一个字典，{list(counts)} 每个任务一个数。",
            )
        ours = as_numbers([result[task] for task in counts])
        labels = np.array(list(counts.values()), float)
        known = np.divide(1, labels, out=np.zeros_like(labels), where=labels > 0)
        if ours.shape != known.shape:
            raise Wrong(en="One number for each task, please.", zh="请给每个任务一个数。")
        for found, because in (
            (
                labels / labels.sum(),
                {
                    "en": "This is the task's share of the labels: what a sum over *labels* would give. Here each task's loss is a mean "
                    "over its own labels, and only then are the tasks added up.",
                    "zh": "这是各任务的标签所占的比例，也就是把所有**标签**的损失相加时的情形。这里是每个任务先对自己的标签取平均，然后才把任务相加。",
                },
            ),
            (
                np.full_like(known, 1 / len(known)),
                {
                    "en": "This is the share of a whole task. Asked for is the share of a single label in it.",
                    "zh": "这是整个任务的分量。要的是其中一个标签的分量。",
                },
            ),
            (
                known / max(known.sum(), 1e-9),
                {
                    "en": "Proportions are right, but they need not add up to 1: give the factor itself that stands before the loss of one label.",
                    "zh": "比例对了，不过它们不必相加为 1：请直接给出一个标签的损失前面的系数。",
                },
            ),
        ):
            if np.allclose(ours, found) and not np.allclose(ours, known):
                raise Wrong(**because)
        if not np.allclose(ours, known):
            raise Wrong(
                en=f"For {counts} the factors are {known.round(4).tolist()}; yours are {ours.round(4).tolist()}. "
                "The loss of a task is the mean over its labels in the batch; without a label it is 0.",
                zh=f"对 {counts}，系数应是 {known.round(4).tolist()}；你的结果是 {ours.round(4).tolist()}。"
                "一个任务的损失是它在这个批次里各标签的平均；没有标签时是 0。",
            )


VOICE = Exercise(
    name="voice",
    examine=_examine_voice,
    right={
        "en": "In a batch with two labels of `person` and 32 of `relation`, one label of `person` pulls sixteen times as hard as one of "
        "`relation`. Nobody has decided that; it is what a mean over the labels present does.",
        "zh": "一个批次里有 2 个 `person` 标签、32 个 `relation` 标签时，一个 `person` 标签的拉力是一个 `relation` 标签的 16 倍。没有人这样规定过；"
        "对现有标签取平均，结果就是如此。",
    },
    hints=[
        {
            "en": "A mean over n labels is a sum in which each label has which factor?",
            "zh": "n 个标签的平均，写成求和，每个标签前面的系数是多少？",
        },
        {
            "en": "1 / n. And a task without a label in this batch says nothing: 0, not a division by zero.",
            "zh": "1 / n。这个批次里没有标签的任务什么也没说：是 0，不要除以零。",
        },
    ],
    code="""\
def voice(counts):
    return {task: 1 / n if n else 0.0 for task, n in counts.items()}""",
)


# -- rest


def _examine_rest(answer: Any) -> None:
    for loss in (0.2, 1.0, 3.0):
        value = as_numbers(ask(answer, loss))
        if value.size != 1:
            raise Wrong(en="Give back one number: a weight.", zh="请返回一个数：权重。")
        ours, known = float(value.item()), 1 / (2 * loss)
        for found, because in (
            (
                np.log(2 * loss),
                {
                    "en": "This is s. The loss is weighed by exp(-s).",
                    "zh": "这是 s。损失的权重是 exp(-s)。",
                },
            ),
            (
                2 * loss,
                {
                    "en": "This is exp(s). The weight is exp(-s): the larger the loss, the smaller the weight.",
                    "zh": "这是 exp(s)。权重是 exp(-s)：损失越大，权重越小。",
                },
            ),
            (
                1 / loss,
                {
                    "en": "Nearly: the term beside it is s / 2, not s. Take the derivative once more.",
                    "zh": "差一点：旁边那一项是 s / 2，不是 s。再求一次导。",
                },
            ),
        ):
            if np.isclose(ours, found) and not np.isclose(ours, known, rtol=1e-3):
                raise Wrong(**because)
        if not np.isclose(ours, known, rtol=1e-3):
            raise Wrong(
                en=f"For a loss of {loss} the objective exp(-s)·L + s/2 is lowest at a weight of {known:.3f}; yours is {ours:.3f}.",
                zh=f"损失为 {loss} 时，目标 exp(-s)·L + s/2 在权重为 {known:.3f} 处最小；你的结果是 {ours:.3f}。",
            )


REST = Exercise(
    name="rest",
    examine=_examine_rest,
    right={
        "en": "Every task is weighed by 1/(2L): once at rest, the method of learned uncertainties divides each loss by itself. So its gradient is that of "
        "½ log L, and `log_losses` is the same without anything to learn.",
        "zh": "每个任务的权重都是 1/(2L)：静止以后，学出来的“不确定性”不过是让每个损失除以它自己。于是它的梯度就是 ½ log L 的梯度；`log_losses` 与它相同，却什么也不用学。",
    },
    hints=[
        {
            "en": "Where a function of s is lowest, its derivative is zero.",
            "zh": "关于 s 的函数在最小处，导数为零。",
        },
        {
            "en": "The derivative of exp(-s)·L + s/2 is -exp(-s)·L + 1/2.",
            "zh": "exp(-s)·L + s/2 的导数是 -exp(-s)·L + 1/2。",
        },
        {
            "en": "Solve it for exp(-s), which is the weight.",
            "zh": "解出 exp(-s)，它就是权重。",
        },
    ],
    code="""\
def rest(loss):
    return 1 / (2 * loss)""",
)


# -- unbeaten

_CASES: list[tuple[dict[str, tuple[float, float]], set[str]]] = [
    ({"a": (50, 60), "b": (40, 90), "c": (45, 55)}, {"a", "b"}),
    ({"a": (50, 60), "b": (50, 90), "c": (30, 90)}, {"b"}),
    ({"a": (10, 10), "b": (10, 10)}, {"a", "b"}),
    ({"a": (1, 5), "b": (2, 4), "c": (3, 3), "d": (2, 3)}, {"a", "b", "c"}),
]


def _examine_unbeaten(answer: Any) -> None:
    for points, known in _CASES:
        table = pd.DataFrame(points, index=["person", "ner"]).T
        result = ask(answer, table.copy(), shown=str(points))
        if isinstance(result, pd.Series) and pd.api.types.is_bool_dtype(result):
            result = result[result]
        if isinstance(result, pd.DataFrame | pd.Series):
            result = list(result.index)
        try:
            ours = set(result)
        except TypeError:
            ours = {None}
        if isinstance(result, str) or not ours <= set(points):
            raise Wrong(
                en=f"A list of names out of {list(points)} is asked for; you give back {result!r}.",
                zh=f"这里要的是名字的列表，从 {list(points)} 中选；你返回的是 {result!r}。",
            )
        extra, missing = sorted(ours - known), sorted(known - ours)
        if extra:
            raise Wrong(
                en=f"In {points}, {extra[0]!r} is beaten: another setting is at least as good in both tasks and better in one.",
                zh=f"在 {points} 里，{extra[0]!r} 被比下去了：另有一种设置，两个任务都不比它差，而且有一个更好。",
            )
        if missing:
            raise Wrong(
                en=f"In {points}, nobody beats {missing[0]!r}: whatever is better in one task is worse in the other, or the two are equal.",
                zh=f"在 {points} 里，{missing[0]!r} 没有被比下去：凡是一个任务更好的，另一个任务都更差；或者两者完全一样。",
            )


UNBEATEN = Exercise(
    name="unbeaten",
    examine=_examine_unbeaten,
    right={
        "en": "These settings are the front. Which of them is the best one no score can say: that depends on what a point of `ner` is worth to you in points of `person`.",
        "zh": "这些设置构成前沿。其中哪一个最好，得分说不出来：要看在你眼里，`ner` 的一个百分点抵得上 `person` 的几个百分点。",
    },
    hints=[
        {
            "en": "Go through the settings. For each one ask whether any row of the table is at least as good in both columns and better in one.",
            "zh": "逐个看每种设置：表里有没有哪一行，两列都不比它差，而且有一列更好？",
        },
        {
            "en": "`(table >= row).all(axis=1) & (table > row).any(axis=1)` marks the rows that beat `row`.",
            "zh": "`(table >= row).all(axis=1) & (table > row).any(axis=1)` 标出把 `row` 比下去的那些行。",
        },
    ],
    code="""\
def unbeaten(table):
    def beaten(row):
        return ((table >= row).all(axis=1) & (table > row).any(axis=1)).any()

    return [name for name, row in table.iterrows() if not beaten(row)]""",
)

EXERCISES = (VOICE, REST, UNBEATEN)
