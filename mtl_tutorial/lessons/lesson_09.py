"""Lesson 09, when does it help: the runs behind its tables; exercises on pairs, power and many claims."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import grid
from mtl_tutorial.runs import COLUMNS, Run

SEEDS = 5
TASKS = ("person", "relation", "sentiment", "ner")
EQUAL = 200
"""Labels of every task where all are on the same footing: of the same sentences."""
STEPS = {60: 600, 200: 800, 600: 1200}
"""Labels of ``person`` where its companion has `MANY` → steps; they are those of the data card."""
MANY = 2000
RELATEDNESS = (0.0, 0.5, 0.8, 1.0)
"""Positions of the knob."""
SUBSETS = tuple(subset for size in range(1, len(TASKS) + 1) for subset in combinations(TASKS, size))
"""All ways to put some of the tasks into one model, the smaller ones first."""
MATRICES: dict[str, tuple[int, float | None]] = {"60 labels": (60, None), "600 labels": (600, None)}
MATRICES |= {f"{labels} labels, agreement 0": (labels, 0.0) for labels in (60, 200, 600)}
"""Further matrices of all pairs: model → labels of every task, and agreement if not the shipped one."""


@dataclass(frozen=True)
class Probed(Experiment):
    """The same training, with `Affinity` measured on the way: rows of the metric ``affinity``."""

    rate: float = field(default=0.01, kw_only=True)

    def run(self, **options: Any) -> Run:
        """As `Experiment.run`; task ``"ner→person"`` is what a step for ``ner`` does to ``person``."""
        from mtl_tutorial.affinity import Affinity

        affinity = Affinity(self.data()["train"], rate=self.rate, seed=self.seed)
        run = super().run(callbacks=[affinity], **options)
        steps = run.header["steps_per_epoch"]
        rows = [
            (run.name, self.seed, epoch, epoch * steps, f"{i}→{j}", "train", "affinity", value)
            for epoch, i, j, value in affinity.rows
        ]
        return Run(run.header, pd.concat([run.table, pd.DataFrame(rows, columns=COLUMNS)]))


def experiments() -> list[Experiment]:
    """The runs of ``data/runs/lesson_09.csv.gz``, those that the lesson needs most first."""
    seeds = range(SEEDS)
    base = Experiment("together", TASKS, learning_rate=3e-3)
    equal = [
        replace(
            base, tasks=subset, labels=dict.fromkeys(subset, EQUAL), steps_per_epoch=100, epochs=6
        )
        for subset in SUBSETS
    ]
    everyone = equal.pop()
    matrices = [  # of ones and pairs
        replace(few, model=name, labels=dict.fromkeys(few.tasks, labels), agreement=agreement)
        for name, (labels, agreement) in MATRICES.items() for few in equal[:10]
    ]  # fmt: skip
    probed = Probed(**{f.name: getattr(everyone, f.name) for f in fields(Experiment)})
    beside = [
        beside_many(labels, companion)
        for labels in STEPS
        for companion in (None, "relation", "sentiment")
    ]
    apart = [beside_many(60, companion, agreement=0.0) for companion in (None, "relation")]
    knob = Experiment(
        "alone", ("person",), labels={"person": 60}, epochs=4, steps_per_epoch=200,
        learning_rate=3e-3,
    )  # fmt: skip
    tasks = ("person", "auxiliary")
    turned = replace(knob, model="beside", tasks=tasks, labels={"person": 60, "auxiliary": MANY})
    related = [replace(turned, auxiliary=("person", share)) for share in RELATEDNESS]
    bases = [*equal, probed, *beside, *apart, knob, *related, *matrices]
    return [experiment for base in bases for experiment in grid(base, seed=seeds)]


def beside_many(labels: int, companion: str | None, agreement: float | None = None) -> Experiment:
    """``person`` with few labels, alone or beside a companion with `MANY`; as the data card has it."""
    tasks = ("person",) if companion is None else ("person", companion)
    return Experiment(
        model=(companion or "alone") + ("" if agreement is None else f", agreement {agreement:g}"),
        tasks=tasks,
        labels={"person": labels, **dict.fromkeys(tasks[1:], MANY)},
        agreement=agreement,
        epochs=8,
        steps_per_epoch=STEPS[labels] // 8,
        learning_rate=3e-3,
    )


def results() -> pd.DataFrame:
    """The finished runs, a row each: ``model, tasks, labels`` (of person), ``steps, related, seed, run``."""
    from mtl_tutorial.lessons.finished import load

    asked = {experiment.key: experiment for experiment in experiments()}
    rows = []
    for run in load("09", "zh"):
        e = asked[run.name]
        rows.append({
            "model": e.model, "tasks": e.tasks, "labels": e.labels.get("person"),
            "steps": e.epochs * (e.steps_per_epoch or 0),
            "related": e.auxiliary[1] if e.auxiliary else None, "seed": e.seed, "run": run,
        })  # fmt: skip
    return pd.DataFrame(rows)


# -- affinity

_BEFORE = np.array([1.0, 2.0, 0.5])
_AFTER = np.array([[0.5, 2.0, 0.5], [0.9, 1.0, 0.55], [1.0, 2.2, 0.25]])
_Z = 1 - _AFTER / _BEFORE


def _examine_affinity(answer: Any) -> None:
    shown = "np.array([1, 2, 0.5]), np.array([[0.5, 2, 0.5], [0.9, 1, 0.55], [1, 2.2, 0.25]])"
    found = as_numbers(ask(answer, _BEFORE.copy(), _AFTER.copy(), shown=shown))
    if found.shape != _Z.shape:
        raise Wrong(
            en=f"Three tasks take a step, three are looked at: a table of 3 × 3 is asked for, not one of shape {found.shape}.",
            zh=f"三个任务各走一步，每一步都看三个任务：这里要的是 3 × 3 的表，而你的形状是 {found.shape}。",
        )
    for wrong, because in (
        (
            -_Z,
            {
                "en": "The sign is turned: a loss that falls is help, and help is positive.",
                "zh": "正负号反了：损失下降才是帮助，帮助应为正。",
            },
        ),
        (
            _BEFORE - _AFTER,
            {
                "en": "These are differences in nats. A task with a large loss would seem to be helped more: divide by the loss before.",
                "zh": "这是以奈特计的差。这样一来，损失大的任务看上去总是得益更多：请除以走这一步之前的损失。",
            },
        ),
        (
            1 - _AFTER / _BEFORE[:, None],
            {
                "en": "You divide by the loss of the task that takes the step (the row). It is the loss that is looked at (the column) which has a before and an after.",
                "zh": "你除以了走这一步的任务（行）的损失。有“之前”和“之后”的，是被看的那个任务（列）的损失。",
            },
        ),
        (
            _Z.T,
            {
                "en": "Rows and columns are swapped: the row is the task that takes the step, the column the one that is looked at.",
                "zh": "行和列颠倒了：行是走这一步的任务，列是被看的任务。",
            },
        ),
    ):
        if np.allclose(found, wrong):
            raise Wrong(**because)
    if not np.allclose(found, _Z):
        raise Wrong(
            en="Take a step for the first task: its loss falls from 1 to 0.5, so its own entry is 1 - 0.5 / 1 = 0.5. "
            f"Yours is {found[0, 0]:.3g}.",
            zh=f"第一个任务走一步，自己的损失从 1 降到 0.5，所以它自己那一格是 1 - 0.5 / 1 = 0.5；你的结果是 {found[0, 0]:.3g}。",
        )


AFFINITY = Exercise(
    name="affinity",
    examine=_examine_affinity,
    right={
        "en": "The table is not symmetric, and nothing makes it so: who helps need not be helped.",
        "zh": "这张表不对称，也没有理由对称：帮了别人的，别人未必帮它。",
    },
    hints=[
        {
            "en": "`after[i, j]` belongs beside `before[j]`: the same task, before and after.",
            "zh": "和 `after[i, j]` 相比的是 `before[j]`：同一个任务，之前和之后。",
        },
        {
            "en": "NumPy divides an array [3, 3] by one of [3] column by column, which is what is wanted.",
            "zh": "NumPy 用形状 [3, 3] 的数组除以 [3] 的数组时，是按列除的，正合用。",
        },
        {"en": "One minus the quotient.", "zh": "1 减去商。"},
    ],
    code="""\
def affinity(before, after):
    return 1 - after / before""",
)


# -- from_pairs

_PAIRS = {
    ("a", "a"): 50.0, ("a", "b"): 60.0, ("a", "c"): 40.0, ("a", "d"): 56.0,
    ("b", "a"): 70.0, ("b", "b"): 80.0, ("b", "c"): 90.0, ("b", "d"): 20.0,
}  # fmt: skip


def _examine_from_pairs(answer: Any) -> None:
    def predicted(task: str, group: tuple[str, ...]) -> float:
        value = as_numbers(
            ask(answer, dict(_PAIRS), task, group, shown=f"pairs, {task!r}, {group}")
        )
        if value.size != 1:
            raise Wrong(en="Give back one number.", zh="请返回一个数。")
        return float(value.item())

    if not np.isclose(predicted("a", ("a", "b")), 60):
        raise Wrong(
            en='In the group ("a", "b"), `a` has one partner; the answer is `pairs["a", "b"]`, 60. '
            f"Yours is {predicted('a', ('a', 'b')):.3g}.",
            zh=f'在组 ("a", "b") 里，`a` 只有一个伙伴，答案就是 `pairs["a", "b"]`，即 60；你的结果是 {predicted("a", ("a", "b")):.3g}。',
        )
    three = predicted("a", ("a", "b", "c"))
    if np.isclose(three, 50) and not np.isclose(predicted("a", ("a", "b", "d")), 58):
        raise Wrong(
            en='For ("a", "b", "c") you are right, for ("a", "b", "d") not: the mean of 60 and 56 is 58. Does `a` itself count among its partners?',
            zh='("a", "b", "c") 对了，("a", "b", "d") 却不对：60 和 56 的平均是 58。是不是把 `a` 自己也算成了伙伴？',
        )
    if np.isclose(three, 60):
        raise Wrong(
            en="You take the best partner. The guess of Standley et al. is the mean over the partners: 60 and 40 make 50.",
            zh="你取了最好的伙伴。Standley 等人的猜法是对各个伙伴取平均：60 和 40，平均 50。",
        )
    if not np.isclose(three, 50):
        raise Wrong(
            en=f'In ("a", "b", "c"), `a` has 60 beside `b` and 40 beside `c`; the mean is 50, yours is {three:.3g}.',
            zh=f'在 ("a", "b", "c") 里，`a` 和 `b` 一起是 60，和 `c` 一起是 40，平均 50；你的结果是 {three:.3g}。',
        )
    if not np.isclose(predicted("b", ("d", "a", "b")), 45):
        raise Wrong(
            en='For `b` in ("d", "a", "b") the answer is the mean of 20 and 70, 45, wherever `b` stands in the group.',
            zh='`b` 在 ("d", "a", "b") 里的答案是 20 和 70 的平均，即 45，不管 `b` 排在第几。',
        )
    try:
        alone = predicted("a", ("a",))
    except Wrong as wrong:
        raise Wrong(
            en='And a task in a group of its own, ("a",)? Its score is known: it stands at `pairs["a", "a"]`. '
            + wrong.text["en"],
            zh='那么自成一组的 ("a",) 呢？它的得分是已知的，就在 `pairs["a", "a"]`。'
            + wrong.text["zh"],
        ) from wrong
    if not np.isclose(alone, 50):
        raise Wrong(
            en=f'A task alone, ("a",), has the score at `pairs["a", "a"]`, 50; yours is {alone:.3g}.',
            zh=f'单独一个任务 ("a",) 的得分在 `pairs["a", "a"]`，是 50；你的结果是 {alone:.3g}。',
        )


FROM_PAIRS = Exercise(
    name="from_pairs",
    examine=_examine_from_pairs,
    right={
        "en": "With n tasks there are n(n−1)/2 pairs to train and 2ⁿ−1 groups to choose from; for ten tasks 45 and 1,023. "
        "What the mean leaves out is everything that three tasks do to one another and two do not.",
        "zh": "n 个任务，要训练的两两组合有 n(n−1)/2 个，可选的组有 2ⁿ−1 个；十个任务就是 45 和 1023。"
        "取平均时漏掉的，是三个任务之间有、两个任务之间没有的一切。",
    },
    hints=[
        {"en": "First collect the partners: the tasks of the group but the task itself.", "zh": "先找出伙伴：组里除了这个任务以外的任务。"},
        {"en": "If there is no partner, look up `pairs[task, task]`.", "zh": "没有伙伴的时候，查 `pairs[task, task]`。"},
        {"en": "`np.mean([pairs[task, partner] for partner in ...])`", "zh": "`np.mean([pairs[task, partner] for partner in ...])`"},
    ],
    code="""\
def from_pairs(pairs, task, group):
    partners = [other for other in group if other != task] or [task]
    return np.mean([pairs[task, partner] for partner in partners])""",
)  # fmt: skip


# -- seeds_needed


def _reach(deviation: float, n: int) -> float:
    from scipy import stats

    return float(stats.t.ppf(0.975, n - 1) * deviation / np.sqrt(n))


def _needed(deviation: float, effect: float) -> int:
    return next(n for n in range(2, 10_000) if _reach(deviation, n) < effect)


def _examine_seeds_needed(answer: Any) -> None:
    def needed(deviation: float, effect: float) -> float:
        value = as_numbers(ask(answer, deviation, effect))
        if value.size != 1:
            raise Wrong(en="Give back one number, of seeds.", zh="请返回一个数：种子数。")
        return float(value.item())

    for deviation, effect in ((4.0, 5.0), (4.0, 2.0), (1.0, 30.0), (8.0, 1.0)):
        found, right = needed(deviation, effect), _needed(deviation, effect)
        normal = next(n for n in range(1, 10_000) if 1.96 * deviation / np.sqrt(n) < effect)
        if found == right:
            continue
        if found in (normal, max(2, normal)):
            raise Wrong(
                en=f"With deviation {deviation:g} and effect {effect:g} you say {found:g}. That is what 1.96 standard errors give; "
                f"for so few seeds Student's t is wider, and it takes {right}.",
                zh=f"标准差 {deviation:g}、效应 {effect:g} 时，你的答案是 {found:g}。这是按 1.96 个标准误算的；种子这么少，t 分布要宽一些，需要 {right} 个。",
            )
        if found < 2:
            raise Wrong(
                en=f"{found:g} seeds have no deviation, so no interval: two is the least.",
                zh=f"{found:g} 个种子算不出标准差，也就没有置信区间：至少要两个。",
            )
        if found == right - 1 or found == right + 1:
            raise Wrong(
                en=f"Off by one. The smallest n at which the interval is shorter than the effect: with {deviation:g} and {effect:g} "
                f"it reaches {_reach(deviation, right):.2f} at {right} seeds and {_reach(deviation, max(2, right - 1)):.2f} at {max(2, right - 1)}.",
                zh=f"差了一个。要的是使区间半宽小于效应的最小的 n：{deviation:g} 和 {effect:g} 时，{right} 个种子的半宽是 "
                f"{_reach(deviation, right):.2f}，{max(2, right - 1)} 个是 {_reach(deviation, max(2, right - 1)):.2f}。",
            )
        raise Wrong(
            en=f"With deviation {deviation:g} and effect {effect:g} it takes {right} seeds; yours are {found:g}. "
            "The interval reaches t · s / √n to either side.",
            zh=f"标准差 {deviation:g}、效应 {effect:g} 时，需要 {right} 个种子；你的答案是 {found:g}。区间向两边各伸出 t · s / √n。",
        )


SEEDS_NEEDED = Exercise(
    name="seeds_needed",
    examine=_examine_seeds_needed,
    right={
        "en": "Half the effect costs about four times the seeds. And with exactly so many you still have a chance of about one half: "
        "whether the mean falls above or below the effect is a toss of a coin.",
        "zh": "效应减半，种子大约要四倍。而且恰好用这么多种子，也只有约一半的把握：平均值落在效应之上还是之下，就像抛硬币。",
    },
    hints=[
        {"en": "Half the width of the interval is t · s / √n; `scipy.stats.t.ppf(0.975, n - 1)` is t.", "zh": "置信区间的半宽是 t · s / √n；t 就是 `scipy.stats.t.ppf(0.975, n - 1)`。"},
        {"en": "t depends on n, so do not solve for n: try n = 2, 3, 4, …", "zh": "t 取决于 n，所以不要解方程，从 n = 2、3、4…… 逐个试。"},
        {"en": "Give back the first n whose half width is smaller than the effect.", "zh": "返回半宽小于效应的第一个 n。"},
    ],
    code="""\
def seeds_needed(deviation, effect):
    n = 2
    while stats.t.ppf(0.975, n - 1) * deviation / np.sqrt(n) >= effect:
        n += 1
    return n""",
)  # fmt: skip


# -- whole

EXERCISES = [AFFINITY, FROM_PAIRS, SEEDS_NEEDED]
