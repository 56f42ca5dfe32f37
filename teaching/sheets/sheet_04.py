"""Lesson 04: counting plans, effects and interactions, the winner's curse."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def plans(rng: Random) -> Question:
    tasks, levels = rng.choice([(3, 2), (3, 3), (3, 4), (4, 2), (5, 2)])
    return Question(
        name="plans",
        points=2,
        text={
            "en": f"{tasks} tasks and {levels} levels: at each level the tasks are divided into groups, and each group shares one copy. "
            "Put into `plans` in how many ways that can be done (no task leaves the trunk early).",
            "zh": f"{tasks} 个任务、{levels} 个层级：每个层级都把任务分成若干组，每组共享一份。请在 `plans` 里写下一共有多少种分法（没有任务提前离开主干）。",
        },
        stub="plans = ...",
        solution=f"plans = {{3: 5, 4: 15, 5: 52}}[{tasks}] ** {levels}",
    )


def effects(rng: Random) -> Question:
    neither, words, encoder, both = (rng.randint(40, 70) for _ in range(4))
    return Question(
        name="effects",
        points=4,
        text={
            "en": f"Scores of four plans: nothing shared {neither}, words shared {words}, encoder shared {encoder}, both shared {both}. Put into "
            "`effects` a list: the effect of the words, the effect of the encoder (each the mean over what else is shared), and by how much the effect of the words is larger "
            "where the encoder is shared too than where it is not.",
            "zh": f"四种方案的得分：什么也不共享 {neither}，共享词 {words}，共享编码器 {encoder}，两者都共享 {both}。请在 `effects` 里写下一个列表："
            "词的效应、编码器的效应（都对另一层级的两种情形取平均），以及编码器也共享时词的效应比不共享时大多少。",
        },
        stub="effects = [..., ..., ...]",
        solution=f"n, w, e, b = {neither}, {words}, {encoder}, {both}\n"
        "effects = [(w + b - n - e) / 2, (e + b - n - w) / 2, (b - e) - (w - n)]",
    )


def curse(rng: Random) -> Question:
    tables = [[[rng.randint(50, 80) for _ in range(3)] for _ in range(4)] for _ in range(3)]
    return Question(
        name="curse",
        points=5,
        text={
            "en": "Write `curse(scores)`. `scores` is an array [plans, seeds] in which no seed has two best plans. For each seed take the plan that is best with it, and its score there minus "
            "the mean of *the same plan's* scores with the other seeds; give back the mean of these differences.",
            "zh": "写出 `curse(scores)`。`scores` 是数组 [方案, 种子]，没有哪个种子有两个并列最好的方案。对每个种子，取用它时最好的方案，用它在这里的得分减去**同一方案**在其余种子上的平均分；"
            "返回这些差的平均。",
        },
        stub="def curse(scores):\n    return ...",
        solution="def curse(scores):\n    gaps = []\n    for seed in range(scores.shape[1]):\n"
        "        winner = scores[:, seed].argmax()\n        others = np.delete(scores[winner], seed)\n"
        "        gaps.append(scores[winner, seed] - others.mean())\n    return float(np.mean(gaps))",
        asked=[f"curse(np.array({_untied(table)}))" for table in tables],
    )


def _untied(table: list[list[int]]) -> list[list[float]]:
    """The table with a little added to each plan, so that no two are equal."""
    return [[round(score + plan / 10, 1) for score in row] for plan, row in enumerate(table)]


QUESTIONS = (plans, effects, curse)
