"""Lesson 10: a stitch, a gate, equal size, a gradient that is turned."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def stitched(rng: Random) -> Question:
    own = rng.choice([0.6, 0.7, 0.8])
    alpha = [[own, round(1 - own, 1)], [rng.choice([0.1, 0.0]), 0.9]]
    copies = [[rng.randint(-2, 5) for _ in range(3)] for _ in range(2)]
    return Question(
        name="stitched",
        points=3,
        text={
            "en": "Two tasks, two copies of a layer, one token with three features: `copies[i]` is what copy i makes of it. Put into `stitched` the list of what the two tasks go on "
            "with behind the stitch `alpha` (a row for each task).",
            "zh": "两个任务、一个层级的两份副本、一个词元、三个特征：`copies[i]` 是副本 i 的输出。请在 `stitched` 里写下两个任务经过十字绣单元 `alpha`（每个任务一行）之后继续用的特征，写成列表。",
        },
        given=f"alpha = np.array({alpha})\ncopies = np.array({copies})",
        stub="stitched = ...",
        solution="stitched = (alpha @ copies).tolist()",
    )


def gated(rng: Random) -> Question:
    x = [rng.choice([-1, 1, 2]), rng.choice([0, 1])]
    kernel = [rng.choice([[1, 0], [-1, 1], [0, 1]]), rng.choice([[0, 0], [1, 1]])]
    return Question(
        name="gated",
        points=3,
        text={
            "en": "A gate of one task without bias, for one token `x`: put into `gated` the list of the shares that it gives the two copies.",
            "zh": "一个任务的门控（没有偏置），对一个词元 `x`：请在 `gated` 里写下它分给两份副本的比例，写成列表。",
        },
        given=f"x = np.array({x})\nkernel = np.array({kernel})",
        stub="gated = ...",
        solution="e = np.exp(x @ kernel)\ngated = (e / e.sum()).tolist()",
    )


def fitting(rng: Random) -> Question:
    a, b = rng.choice([3, 5]), rng.choice([40, 60])
    return Question(
        name="fitting",
        points=4,
        text={
            "en": "`count(units)` gives the parameters of a plan; more units, more parameters. Write `fitting(count, wanted)`: the largest number of units, from 1 to 500, whose count is *not above* "
            "`wanted`; 0 if even one unit is too much.",
            "zh": "`count(units)` 给出某方案的参数个数；单元越多，参数越多。写出 `fitting(count, wanted)`：从 1 到 500，参数个数**不超过** `wanted` 的最大单元数；一个单元也放不下时返回 0。",
        },
        stub="def fitting(count, wanted):\n    return ...",
        solution="def fitting(count, wanted):\n    return max((u for u in range(1, 501) if count(u) <= wanted), default=0)",
        asked=[
            f"fitting(lambda u: {b} * u, {b * 7})",
            f"fitting(lambda u: {a} * u * u + {b} * u, {a * 100 + b * 10 + 1})",
            f"fitting(lambda u: {b} + u, {b})",
            "fitting(lambda u: u, 10_000)",
        ],
    )


def turned(rng: Random) -> Question:
    task, enemy, weight = rng.choice([-2.0, 1.5]), rng.choice([0.5, 3.0]), rng.choice([0.1, 0.5])
    return Question(
        name="turned",
        points=2,
        text={
            "en": f"At a number of the trunk an ordinary task has the gradient {task}, and the loss of an adversary, weighed by {weight}, would have {enemy} · {weight} without reversal. Put into `turned` "
            "a list: the gradient that the trunk follows in all, and the factor by which reversal changes the gradient at the adversary's own head.",
            "zh": f"在主干的某个数上，普通任务的梯度为 {task}；对抗任务的损失以 {weight} 加权，若不反转，梯度为 {enemy} · {weight}。请在 `turned` 里写下一个列表：主干实际遵循的总梯度，"
            "以及反转使对抗任务自己的头上的梯度变为几倍。",
        },
        stub="turned = [..., ...]",
        solution=f"turned = [{task} - {enemy} * {weight}, 1]",
    )


QUESTIONS = (stitched, gated, fitting, turned)
