"""Lesson 07: how loud a label is, where a learned weight rests, what DWA makes of losses, the front."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def loud(rng: Random) -> Question:
    counts = {
        "person": rng.choice([1, 2, 4]),
        "relation": rng.choice([16, 32]),
        "ner": rng.choice([200, 250, 400]),
    }
    weights = {"person": rng.choice([0.1, 0.5]), "relation": 1, "ner": rng.choice([3, 10])}
    return Question(
        name="loud",
        points=3,
        text={
            "en": "The joint loss is the sum of each task's mean over its labels in the batch, times the task's weight. Put into `loud` a "
            "dictionary: task → the factor that the loss of *one* of its labels has in the joint loss.",
            "zh": "联合损失是各任务对批次中自己的标签取平均，乘以任务的权重，再相加。请在 `loud` 里写下一个字典：任务 → 它的**一个**标签的损失在联合损失中的系数。",
        },
        given=f"counts = {counts}\nweights = {weights}",
        stub="loud = ...",
        solution="loud = {task: weights[task] / counts[task] for task in counts}",
    )


def dwa(rng: Random) -> Question:
    before = [round(rng.uniform(1, 2), 1) for _ in range(3)]
    now = [round(b * rng.choice([0.4, 0.6, 0.8, 1.0]), 2) for b in before]
    return Question(
        name="dwa",
        points=3,
        text={
            "en": "DWA weighs T tasks by T · softmax(r / 2), where r is each task's loss of the last epoch divided by that of the one before. Put into `dwa` "
            "the list of the three weights.",
            "zh": "DWA 给 T 个任务的权重是 T · softmax(r / 2)，其中 r 是每个任务上一轮的损失除以再前一轮的损失。请在 `dwa` 里写下三个权重的列表。",
        },
        given=f"before = np.array({before})\nlast = np.array({now})",
        stub="dwa = ...",
        solution="e = np.exp(last / before / 2)\ndwa = (3 * e / e.sum()).tolist()",
    )


def weight(rng: Random) -> Question:
    factor = rng.choice(["0.25", "1", "2"])
    return Question(
        name="weight",
        points=3,
        text={
            "en": f"A method learns a number s for each task; the task adds exp(-s) · L + {factor} · s to the objective, with a loss L > 0 that is held still. Write "
            "`weight(loss)`: the weight exp(-s) at which s comes to rest.",
            "zh": f"某方法为每个任务学一个数 s；任务在目标中加上 exp(-s) · L + {factor} · s，损失 L > 0 保持不变。写出 `weight(loss)`：s 静止时的权重 exp(-s)。",
        },
        stub="def weight(loss):\n    return ...",
        solution=f"def weight(loss):\n    return {factor} / loss",
        asked=[f"weight({loss})" for loss in (0.2, 1.0, 2.5)],
    )


def front(rng: Random) -> Question:
    points = {name: (rng.randint(40, 60), rng.randint(40, 60)) for name in "abcdef"}
    return Question(
        name="front",
        points=4,
        text={
            "en": "Each setting has scores in two tasks. A setting is beaten if another one is at least as good in both and better in one. Put into `front` the "
            "list of those that are not beaten, in alphabetical order.",
            "zh": "每种设置有两个任务的得分。若另一种设置两项都不比它差、且有一项更好，它就被比下去了。请在 `front` 里写下没有被比下去的设置，按字母顺序排列。",
        },
        given=f"points = {points}",
        stub="front = ...",
        solution="def beaten(p):\n"
        "    return any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in points.values())\n\n"
        "front = sorted(name for name, p in points.items() if not beaten(p))",
    )


QUESTIONS = (loud, dwa, weight, front)
