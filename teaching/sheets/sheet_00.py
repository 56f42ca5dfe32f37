"""Lesson 00: what guessing is worth, labels that are wrong, which word an answer hangs on."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def guessing(rng: Random) -> Question:
    labels, sentences = rng.choice([4, 5, 8, 10]), rng.choice([400, 800, 1200, 2000])
    return Question(
        name="guessing",
        points=2,
        text={
            "en": f"A task has {labels} labels, all equally frequent. Somebody answers {sentences} sentences by "
            "drawing a label by lot each time. Put into `guessing` a list of two numbers: how many answers will "
            "be right on average, and what share of the answers that is.",
            "zh": f"一个任务有 {labels} 个标签，出现次数相同。有人对 {sentences} 个句子逐一抽签作答。请在 `guessing` 里写下两个数组成的列表："
            "平均会答对几句，占全部回答的比例是多少。",
        },
        stub="guessing = [..., ...]",
        solution=f"guessing = [{sentences} / {labels}, 1 / {labels}]",
    )


def score(rng: Random) -> Question:
    wrong, missed = rng.choice([2, 3, 4, 5]), rng.choice([6, 8, 10, 12])
    return Question(
        name="score",
        points=3,
        text={
            "en": f"Of every 100 labels {wrong} are wrong. A model errs, in truth, on {missed} of 100 sentences, and "
            "never on one whose label is wrong. Put into `score` the share of its answers that agree with the "
            "*labels* (between 0 and 1).",
            "zh": f"每 100 个标签里有 {wrong} 个是错的。某模型实际上每 100 句答错 {missed} 句，但从不错在标签有误的句子上。"
            "请在 `score` 里写下它的回答与**标签**一致的比例（0 到 1 之间）。",
        },
        stub="score = ...",
        solution=f"score = 1 - {wrong + missed} / 100",
    )


def influence(rng: Random) -> Question:
    blank = rng.choice(["<unk>", "<blank>", "___"])
    word = rng.choice(["good", "kind", "warm"])
    return Question(
        name="influence",
        points=5,
        text={
            "en": "Write `influence(tokens, probability)`. For each token it gives by how much the probability "
            f'*falls* when this token, at this place alone, is replaced by "{blank}"; the result is a list of '
            "numbers, and the list that is handed over must stay as it is.",
            "zh": f'写出 `influence(tokens, probability)`：对每个词元，把这个位置上的它（只有这一个）换成 "{blank}"，概率**下降**多少；'
            "返回由数组成的列表，传入的列表不得改动。",
        },
        stub="def influence(tokens, probability):\n    return ...",
        solution="def influence(tokens, probability):\n"
        "    whole = probability(tokens)\n"
        f'    changed = [tokens[:i] + ["{blank}"] + tokens[i + 1 :] for i in range(len(tokens))]\n'
        "    return [whole - probability(one) for one in changed]",
        asked=[
            f"influence(['so', '{word}', '!'], lambda t: 0.9 if '{word}' in t else 0.25)",
            f"influence(['{word}', 'and', '{word}'], lambda t: 0.1 + 0.3 * t.count('{word}'))",
            f"influence(['not', '{word}'], lambda t: 0.2 if 'not' in t else 0.8)",
            f"(lambda t: (influence(t, lambda u: 0.5 if '{blank}' in u else 0.75), t))(['a', 'b'])",
        ],
    )


QUESTIONS = (guessing, score, influence)
