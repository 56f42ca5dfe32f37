"""Lesson 01: tags, a mark for missing labels, rows of ids, test sentences that training has seen."""

from random import Random

from mtl_tutorial.grading.sheets import Question

_WORDS = ["we", "met", "old", "Ada", "Reed", "near", "Port", "Hill", "at", "noon"]


def tags(rng: Random) -> Question:
    first, second = (
        rng.sample([(0, 2), (1, 3), (3, 5), (3, 4)], 1)[0],
        rng.choice([(6, 8), (6, 9), (7, 8)]),
    )
    kinds = rng.sample(["PER", "LOC", "ORG"], 2)
    return Question(
        name="tags",
        points=3,
        text={
            "en": f"The tokens of a sentence are given. One {kinds[0]} reaches from position {first[0]} to {first[1] - 1}, "
            f"one {kinds[1]} from position {second[0]} to {second[1] - 1} (counted from 0, the last included). "
            "Put into `tags` the list of BIO tags.",
            "zh": f"给定一个句子的词元。一个 {kinds[0]} 从位置 {first[0]} 到 {first[1] - 1}，一个 {kinds[1]} 从位置 {second[0]} 到 "
            f"{second[1] - 1}（从 0 数起，含末位）。请在 `tags` 里写下 BIO 标记的列表。",
        },
        given=f"tokens = {_WORDS}",
        stub="tags = ...",
        solution="tags = ['O'] * len(tokens)\n"
        f"for kind, (start, end) in [({kinds[0]!r}, {first}), ({kinds[1]!r}, {second})]:\n"
        "    tags[start:end] = ['B-' + kind] + ['I-' + kind] * (end - start - 1)",
    )


def lazy(rng: Random) -> Question:
    labels = [2] * rng.randint(5, 7) + [0] * rng.randint(2, 4) + [1] * rng.randint(1, 3)
    y = labels + [-1] * rng.randint(8, 11)
    rng.shuffle(y)
    return Question(
        name="lazy",
        points=3,
        text={
            "en": "`y` holds label ids; -1 is *nobody looked*. Put into `lazy` a list: the id that the laziest "
            "model always answers, and the share of its answers that is right.",
            "zh": "`y` 是标签的编号；-1 表示**没有人看过**。请在 `lazy` 里写下一个列表：最懒的模型总是回答的那个编号，以及它答对的比例。",
        },
        given=f"y = np.array({y})",
        stub="lazy = [..., ...]",
        solution="known = y[y != -1]\nlabel = int(np.bincount(known).argmax())\n"
        "lazy = [label, float(np.mean(known == label))]",
    )


def row(rng: Random) -> Question:
    pad, unknown = rng.sample([0, 1, 7, 9], 2)
    start = rng.random() < 0.5
    kept = {"en": "the *last* ones are kept", "zh": "保留**后面**的"} if start else {
        "en": "the *first* ones are kept", "zh": "保留**前面**的"}  # fmt: skip
    cut = "tokens[-length:]" if start else "tokens[:length]"
    return Question(
        name="row",
        points=4,
        text={
            "en": f"Write `row(tokens, ids, length)`, which gives a list of exactly `length` ids: a token that is not in `ids` "
            f"gets {unknown}, a short sentence is filled up on the right with {pad}; of one that is too long {kept['en']}.",
            "zh": f"写出 `row(tokens, ids, length)`，返回恰好 `length` 个编号的列表：不在 `ids` 里的词元得 {unknown}，短句在右边用 {pad} 补齐；"
            f"太长的句子{kept['zh']}。",
        },
        stub="def row(tokens, ids, length):\n    return ...",
        solution="def row(tokens, ids, length):\n"
        f"    known = [ids.get(token, {unknown}) for token in {cut}]\n"
        f"    return known + [{pad}] * (length - len(known))",
        asked=[
            "row(['tea', 'hot'], {'tea': 2, 'hot': 3}, 2)",
            "row(['tea'], {'tea': 2, 'hot': 3}, 4)",
            "row(['cold', 'tea'], {'tea': 2, 'hot': 3}, 3)",
            "row(['tea', 'hot', 'now', 'tea'], {'tea': 2, 'hot': 3, 'now': 4}, 3)",
        ],
    )


def leak(rng: Random) -> Question:
    train = [f"s{i}" for i in rng.sample(range(20), 9)]
    test = [f"s{i}" for i in rng.sample(range(20), 8)]
    return Question(
        name="leak",
        points=2,
        text={
            "en": "Put into `leak` the share of the test sentences that training has as well.",
            "zh": "请在 `leak` 里写下：测试句子中有多大比例也在训练集里。",
        },
        given=f"train = {train}\ntest = {test}",
        stub="leak = ...",
        solution="leak = float(np.mean([sentence in train for sentence in test]))",
    )


QUESTIONS = (tags, lazy, row, leak)
