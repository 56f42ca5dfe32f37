"""Lesson 08: what a step does to each task, PCGrad, MGDA, cosines out of a Gramian."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def _conflict(rng: Random) -> tuple[list[int], list[int]]:
    return [rng.randint(2, 5), 0], [-rng.randint(1, 2), rng.randint(1, 3)]


def step(rng: Random) -> Question:
    a, b = _conflict(rng)
    return Question(
        name="step",
        points=2,
        text={
            "en": "Both gradients are turned downhill already. A step goes along d = a + b. Put into `step` a list: by how much it brings down the loss of each task, to the "
            "first order (d · a and d · b).",
            "zh": "两个梯度都已朝下。沿 d = a + b 走一步。请在 `step` 里写下一个列表：按一阶近似，它使两个任务的损失各下降多少（d · a 和 d · b）。",
        },
        given=f"a, b = np.array({a}), np.array({b})",
        stub="step = [..., ...]",
        solution="step = [int((a + b) @ a), int((a + b) @ b)]",
    )


def surgery(rng: Random) -> Question:
    a, b = _conflict(rng)
    return Question(
        name="surgery",
        points=3,
        text={
            "en": "Put into `surgery` the direction of PCGrad for these two gradients, as a list of two numbers.",
            "zh": "请在 `surgery` 里写下 PCGrad 对这两个梯度给出的方向，写成两个数的列表。",
        },
        given=f"a, b = np.array({a}), np.array({b})",
        stub="surgery = ...",
        solution="inner = a @ b\nsurgery = (a - inner / (b @ b) * b + b - inner / (a @ a) * a).tolist()",
    )


def share(rng: Random) -> Question:
    scale = rng.choice([2, 3])
    return Question(
        name="share",
        points=4,
        text={
            "en": "Write `share(a, b)`: the w between 0 and 1 for which the average w·a + (1 − w)·b is shortest (MGDA). The two are never equal.",
            "zh": "写出 `share(a, b)`：0 到 1 之间使平均 w·a + (1 − w)·b 最短的 w（MGDA）。两者不会相等。",
        },
        stub="def share(a, b):\n    return ...",
        solution="def share(a, b):\n    w = float((b - a) @ b / ((b - a) @ (b - a)))\n    return min(max(w, 0.0), 1.0)",
        asked=[
            f"share(np.array([{scale}.0, 0.0]), np.array([0.0, 1.0]))",
            f"share(np.array([1.0, 0.0]), np.array([{scale}.0, 0.5]))",
            f"share(np.array([{scale}.0, 1.0]), np.array([1.0, 0.0]))",
            f"share(np.array([-1.0, {scale}.0, 0.5]), np.array([1.0, 1.0, 0.0]))",
        ],
    )


def cosines(rng: Random) -> Question:
    a, b, c = ([rng.randint(-3, 3) or 1 for _ in range(3)] for _ in range(3))
    gramian = [
        [sum(x * y for x, y in zip(p, q, strict=True)) for q in (a, b, c)] for p in (a, b, c)
    ]
    return Question(
        name="cosines",
        points=3,
        text={
            "en": "`gramian` holds the scalar products of three tasks' gradients. Put into `cosines` a list of the three cosines: of tasks 0 and 1, of 0 and 2, of 1 and 2.",
            "zh": "`gramian` 是三个任务梯度两两的内积。请在 `cosines` 里写下三个余弦的列表：任务 0 和 1、0 和 2、1 和 2。",
        },
        given=f"gramian = np.array({gramian})",
        stub="cosines = ...",
        solution="length = np.sqrt(np.diag(gramian))\nc = gramian / np.outer(length, length)\n"
        "cosines = [float(c[0, 1]), float(c[0, 2]), float(c[1, 2])]",
    )


QUESTIONS = (step, surgery, share, cosines)
