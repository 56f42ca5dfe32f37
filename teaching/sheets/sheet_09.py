"""Lesson 09: affinity, groups from pairs, how many trainings, how many seeds."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def affinity(rng: Random) -> Question:
    before = [round(rng.uniform(0.8, 2), 1) for _ in range(2)]
    after = [[round(b * rng.choice([0.8, 0.9, 1.1, 1.2]), 2) for b in before] for _ in range(2)]
    return Question(
        name="affinity",
        points=3,
        text={
            "en": "`before[j]` is the loss of task j, `after[i][j]` its loss after a step for task i. Put into `affinity` the two by two list of Z(i → j), a row for each i.",
            "zh": "`before[j]` 是任务 j 的损失，`after[i][j]` 是为任务 i 走一步之后任务 j 的损失。请在 `affinity` 里写下 Z(i → j) 的 2×2 列表，每个 i 一行。",
        },
        given=f"before = {before}\nafter = {after}",
        stub="affinity = ...",
        solution="affinity = (1 - np.array(after) / np.array(before)).tolist()",
    )


def forecast(rng: Random) -> Question:
    scores = {pair: rng.randint(60, 90) for pair in ("aa", "ab", "ac", "ad")}
    return Question(
        name="forecast",
        points=2,
        text={
            "en": f"Task a scores {scores['aa']} alone, {scores['ab']} beside b, {scores['ac']} beside c, {scores['ad']} beside d. Put into `forecast` a list: what the method "
            "*groups from pairs* foresees for a in the group {a, b, c}, and in {a, b, c, d}.",
            "zh": f"任务 a 单独得 {scores['aa']}，与 b 一起得 {scores['ab']}，与 c 一起得 {scores['ac']}，与 d 一起得 {scores['ad']}。请在 `forecast` 里写下一个列表："
            "“由两两推知分组”的方法预计 a 在 {a, b, c} 组里、在 {a, b, c, d} 组里各得多少。",
        },
        stub="forecast = [..., ...]",
        solution=f"forecast = [({scores['ab']} + {scores['ac']}) / 2, ({scores['ab']} + {scores['ac']} + {scores['ad']}) / 3]",
    )


def trainings(rng: Random) -> Question:
    tasks, seeds = rng.choice([5, 6, 8]), rng.choice([3, 5])
    return Question(
        name="trainings",
        points=2,
        text={
            "en": f"{tasks} tasks, {seeds} seeds. Put into `trainings` a list: how many trainings all pairs take, and how many all groups of any size (from one task up).",
            "zh": f"{tasks} 个任务、{seeds} 个种子。请在 `trainings` 里写下一个列表：训练所有的两两组合要多少次，训练所有大小的组（从一个任务起）要多少次。",
        },
        stub="trainings = [..., ...]",
        solution=f"trainings = [{seeds} * {tasks} * ({tasks} - 1) // 2, {seeds} * (2**{tasks} - 1)]",
    )


def seeds(rng: Random) -> Question:
    share = rng.choice([1, 2])
    return Question(
        name="seeds",
        points=4,
        text={
            "en": f"Student's interval of n differences with standard deviation s reaches t[n] · s / √n to either side; `t` is given. Write `seeds(deviation, effect)`: the smallest n, from 2 to 30, at which "
            f"it reaches less far than the effect divided by {share}; 31 if there is none.",
            "zh": f"n 个差、标准差为 s 时，学生氏区间向两边各伸出 t[n] · s / √n；`t` 已给出。写出 `seeds(deviation, effect)`：从 2 到 30，使它伸出的距离小于效应除以 {share} 的最小的 n；"
            "没有则返回 31。",
        },
        given="t = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}\n"
        "t |= {n: 2.26 - 0.02 * (n - 10) if n < 19 else 2.09 for n in range(11, 31)}",
        stub="def seeds(deviation, effect):\n    return ...",
        solution="def seeds(deviation, effect):\n    for n in range(2, 31):\n"
        f"        if t[n] * deviation / n**0.5 < effect / {share}:\n            return n\n    return 31",
        asked=[f"seeds({s}, {e})" for s, e in ((1.0, 8.0), (2.0, 4.0), (3.0, 4.0), (5.0, 1.0))],
    )


QUESTIONS = (affinity, forecast, trainings, seeds)
