"""Lesson 03: means over the labels present, gradients that add up, what sharing saves, a joint loss."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def masked(rng: Random) -> Question:
    losses = [round(rng.uniform(0.1, 3), 1) for _ in range(8)]
    labels = [rng.choice([0, 1, 2]) if i < 3 else -1 for i in range(8)]
    rng.shuffle(labels)
    return Question(
        name="masked",
        points=3,
        text={
            "en": "The losses of a batch and its labels; -1 is missing. Put into `masked` a list: the mean over the labels present, and "
            "the wrong number that comes out if the losses at missing labels are set to 0 and all are averaged.",
            "zh": "一个批次的损失和标签；-1 表示缺失。请在 `masked` 里写下一个列表：对现有标签取的平均；以及把缺失处的损失设为 0 再对全部取平均时得到的那个错误的数。",
        },
        given=f"losses = np.array({losses})\nlabels = np.array({labels})",
        stub="masked = [..., ...]",
        solution="present = labels != -1\nmasked = [float(losses[present].mean()), float((losses * present).mean())]",
    )


def pull(rng: Random) -> Question:
    first, second, at = rng.randint(-3, 1), rng.randint(3, 6), rng.choice([0, 1, 2])
    weight = rng.choice([0.1, 0.5, 2, 3])
    return Question(
        name="pull",
        points=3,
        text={
            "en": f"One number `w` is shared by two tasks with the losses (w − ({first}))² and (w − {second})², the second weighed by {weight}. Put into `pull` "
            f"a list: the gradient of the joint loss at w = {at}, and the w at which the joint loss is smallest.",
            "zh": f"两个任务共享一个数 `w`，损失分别为 (w − ({first}))² 和 (w − {second})²，第二个的权重为 {weight}。请在 `pull` 里写下一个列表："
            f"w = {at} 处联合损失的梯度，以及使联合损失最小的 w。",
        },
        stub="pull = [..., ...]",
        solution=f"pull = [2.0 * ({at} - ({first})) + 2.0 * {weight} * ({at} - {second}), "
        f"(({first}) + {weight} * {second}) / (1 + {weight})]",
    )


def saved(rng: Random) -> Question:
    tasks, words, encoder, head = (
        rng.choice([3, 4, 5]),
        rng.choice([60, 80]),
        rng.choice([10, 20]),
        rng.choice([1, 2]),
    )
    return Question(
        name="saved",
        points=2,
        text={
            "en": f"{tasks} tasks; the embedding has {words} thousand parameters, each of two encoders {encoder} thousand, each head {head} thousand. "
            "Put into `saved` a list: the parameters (in thousands) if everything but the heads is shared, and if the embedding alone is.",
            "zh": f"{tasks} 个任务；嵌入有 {words} 千个参数，两个编码器各 {encoder} 千，每个头 {head} 千。请在 `saved` 里写下一个列表："
            "除头以外全部共享时，以及只共享嵌入时的参数个数（以千计）。",
        },
        stub="saved = [..., ...]",
        solution=f"saved = [{words} + 2 * {encoder} + {tasks} * {head}, {words} + {tasks} * (2 * {encoder} + {head})]",
    )


def joint(rng: Random) -> Question:
    a, b = (round(rng.uniform(0.2, 2), 2) for _ in range(2))
    quiet = rng.choice([0.1, 0.25, 0.5])
    return Question(
        name="joint",
        points=4,
        text={
            "en": "Write `joint(losses, labels, weights)`. Each is a dictionary by task: arrays of losses, arrays of label ids (-1 is missing), numbers. "
            "It gives the joint loss: the weighed sum of each task's mean over its labels present; a task without one adds 0.",
            "zh": "写出 `joint(losses, labels, weights)`。三者都是以任务为键的字典：损失的数组、标签编号的数组（-1 表示缺失）、数。返回联合损失："
            "每个任务先对现有标签取平均，再加权求和；没有标签的任务加 0。",
        },
        stub="def joint(losses, labels, weights):\n    return ...",
        solution="def joint(losses, labels, weights):\n    total = 0.0\n    for task, loss in losses.items():\n"
        "        present = labels[task] != -1\n        if present.any():\n"
        "            total += weights[task] * float(loss[present].mean())\n    return total",
        asked=[
            f"joint({{'p': np.array([{a}, 9.0, {b}])}}, {{'p': np.array([0, -1, 2])}}, {{'p': 1.0}})",
            f"joint({{'p': np.array([{a}, np.nan]), 'r': np.array([{b}, 1.0])}}, "
            f"{{'p': np.array([0, -1]), 'r': np.array([1, 1])}}, {{'p': {quiet}, 'r': 1.0}})",
            f"joint({{'p': np.array([5.0, 5.0]), 'r': np.array([{b}, 1.0])}}, "
            f"{{'p': np.array([-1, -1]), 'r': np.array([1, 0])}}, {{'p': 1.0, 'r': {quiet}}})",
        ],
    )


QUESTIONS = (masked, pull, saved, joint)
