"""The exercises of lesson 01: encoding a sentence, the laziest model, a split without leakage."""

from typing import Any

import numpy as np

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask

# -- encode

_IDS = {"<pad>": 0, "<unk>": 1, "tea": 2, "hot": 3, "now": 4}


def _examine_encode(answer: Any) -> None:
    def encode(tokens: list[str], length: int) -> Any:
        shown = f"{tokens}, ids, {length}"
        return as_numbers(ask(answer, list(tokens), dict(_IDS), length, shown=shown)).tolist()

    if encode(["hot", "tea"], 2) != [3, 2]:
        raise Wrong(
            en="Start with a sentence that needs neither padding nor cutting: with 'hot' ↦ 3 and 'tea' ↦ 2, "
            "the tokens ['hot', 'tea'] become [3, 2].",
            zh="先看一个既不用补齐也不用截断的句子：若 'hot' ↦ 3、'tea' ↦ 2，那么 ['hot', 'tea'] 应变成 [3, 2]。",
        )
    padded = encode(["tea"], 3)
    if padded == [0, 0, 2]:
        raise Wrong(
            en="You pad on the left; this course pads on the right: [2, 0, 0].",
            zh="你补在了左边；本课程补在右边：[2, 0, 0]。",
        )
    if padded != [2, 0, 0]:
        raise Wrong(
            en=f"One token at length 3 should be its id and then two times 0 (padding); yours is {padded}.",
            zh=f"一个词元、长度 3，应是它的编号再加两个 0（补齐）；你的结果是 {padded}。",
        )
    try:
        unknown = encode(["coffee", "tea"], 2)
    except Wrong as wrong:
        if not isinstance(wrong.__cause__, KeyError):
            raise
        raise Wrong(
            en="A token that is not in `ids` stops your function with a `KeyError`. It should get id 1.",
            zh="遇到不在 `ids` 里的词元，你的函数以 `KeyError` 中断。它的编号应是 1。",
        ) from wrong
    if unknown != [1, 2]:
        raise Wrong(
            en=f"An unknown token should get id 1 and keep its place; instead of [1, 2] yours is {unknown}. "
            "Id 0 is for padding alone: a model may ignore padding, but not a word.",
            zh=f"未登录词元的编号是 1，位置不变；这里应是 [1, 2]，你的结果是 {unknown}。"
            "编号 0 只留给补齐：模型可以忽略补齐，却不可忽略一个词。",
        )
    if (cut := encode(["now", "hot", "tea"], 2)) != [4, 3]:
        raise Wrong(
            en=f"Three tokens at length 2 should be cut to the first two, [4, 3]; yours is {cut}.",
            zh=f"三个词元、长度 2，应截到前两个，即 [4, 3]；你的结果是 {cut}。",
        )


ENCODE = Exercise(
    name="encode",
    examine=_examine_encode,
    right={
        "en": "Known, unknown, too short, too long: every sentence becomes a row of the same length.",
        "zh": "认识的、不认识的、太短的、太长的：每个句子都变成了同样长的一行。",
    },
    hints=[
        {
            "en": "Three steps: ids, cut, pad. Do the first as above, for one sentence.",
            "zh": "分三步：编号、截断、补齐。第一步和上文处理单个句子时一样。",
        },
        {
            "en": "`ids.get(token, 1)` gives 1 for an unknown token; `row[:length]` cuts.",
            "zh": "`ids.get(token, 1)` 对未登录词元给出 1；`row[:length]` 用来截断。",
        },
        {
            "en": "Add `[0] * (length - len(row))`: a list times a number below 1 is empty.",
            "zh": "再接上 `[0] * (length - len(row))`：列表乘以小于 1 的数得到空列表。",
        },
    ],
    code="""\
def encode(tokens, ids, length):
    row = [ids.get(token, 1) for token in tokens[:length]]
    return row + [0] * (length - len(row))""",
)


# -- majority


def _examine_majority(answer: Any) -> None:
    def majority(y: list[int]) -> tuple[float, float]:
        result = as_numbers(ask(answer, np.array(y), shown=f"np.array({y})"))
        if result.shape != (2,):
            raise Wrong(
                en="Give back two numbers: the label's id and its share.",
                zh="请返回两个数：标签的编号和它所占的比例。",
            )
        return result[0], result[1]

    if not np.allclose(majority([0, 1, 1, 2]), (1, 0.5)):
        raise Wrong(
            en="Without missing labels: of `[0, 1, 1, 2]` the most frequent is 1, with a share of 0.5.",
            zh="先看没有缺失的情形：`[0, 1, 1, 2]` 中最多的是 1，占 0.5。",
        )
    label, share = majority([2, -1, 2, 0, -1, -1, 1])
    if label == -1:
        raise Wrong(
            en="You report -1 as the most frequent label. But -1 is no label; leave it out before you count.",
            zh="你报告最多的标签是 -1。可 -1 不是标签；请先去掉它再计数。",
        )
    if label == 2 and np.isclose(share, 2 / 7):
        raise Wrong(
            en="The label is right, the share is not: you divide by all sentences. "
            "Divide by those that have a label.",
            zh="标签对了，比例不对：你除以了全部句子数。应当除以有标签的句子数。",
        )
    if label != 2 or not np.isclose(share, 0.5):
        raise Wrong(
            en="Of `[2, -1, 2, 0, -1, -1, 1]` four are labels, and two of the four are 2: (2, 0.5).",
            zh="`[2, -1, 2, 0, -1, -1, 1]` 中有四个标签，其中两个是 2：(2, 0.5)。",
        )


MAJORITY = Exercise(
    name="majority",
    examine=_examine_majority,
    right={
        "en": "Every score of this course stands beside this one: a model that does not beat the laziest has learned nothing.",
        "zh": "本课程的每个分数都要和它比一比：赢不了最懒的模型，就等于什么也没学到。",
    },
    hints=[
        {
            "en": "First keep what is a label: `present = y[y != -1]`.",
            "zh": "先留下真正的标签：`present = y[y != -1]`。",
        },
        {
            "en": "`np.bincount(present)` counts each id; `argmax()` tells which is the most frequent.",
            "zh": "`np.bincount(present)` 统计每个编号的次数；`argmax()` 指出哪个最多。",
        },
        {
            "en": "The share is `counts.max() / len(present)`, not `/ len(y)`.",
            "zh": "比例是 `counts.max() / len(present)`，而不是 `/ len(y)`。",
        },
    ],
    code="""\
def majority(y):
    counts = np.bincount(y[y != -1])
    return counts.argmax(), counts.max() / counts.sum()""",
)


# -- balanced_split


def _examine_balanced_split(answer: Any) -> None:
    y = np.repeat([0, 1, 2], [60, 30, 10])

    def split(seed: int) -> tuple[np.ndarray, np.ndarray]:
        result = ask(answer, y.copy(), seed, shown=f"y, seed={seed}")
        parts = [as_numbers(p) for p in result] if isinstance(result, tuple | list) else []
        if len(parts) != 2 or not all(
            p.ndim == 1 and p.size and np.isin(p, range(len(y))).all() for p in parts
        ):
            raise Wrong(
                en="Give back two arrays, `train, test`, each with positions of sentences in `y`.",
                zh="请返回两个数组 `train, test`，里面是句子在 `y` 中的位置。",
            )
        return parts[0].astype(int), parts[1].astype(int)

    train, test = split(seed=0)
    if both := len(set(train) & set(test)):
        raise Wrong(
            en=f"{both} sentences are in train and in test: the test asks what the model has seen. "
            "Split first; repeat sentences afterwards, in the training part alone. (If you did: are these "
            "positions in `y`, or positions within a part, or labels?)",
            zh=f"有 {both} 个句子既在训练集又在测试集里：考的正是模型见过的。先划分，再只在训练集里重复句子。"
            "（如果已经是这样：你给出的是句子在 `y` 中的位置，还是在某一部分中的位置，或者是标签？）",
        )
    if len(set(test)) < len(test):
        raise Wrong(
            en="Sentences are repeated in test. The test is the world as it is: leave it unbalanced.",
            zh="测试集里有重复的句子。测试集代表真实的世界：不要去平衡它。",
        )
    if len(test) != 20:
        raise Wrong(
            en=f"Of 100 sentences a fifth, 20, belongs in test; you have {len(test)}.",
            zh=f"100 个句子中，五分之一即 20 个归测试集；你有 {len(test)} 个。",
        )
    if len(set(y[test])) == 1:
        raise Wrong(
            en="Every test sentence has the same label. The sentences may come sorted: shuffle before you split.",
            zh="测试句子的标签全都相同。句子可能是排好序的：划分之前请先打乱。",
        )
    counts = np.bincount(y[train], minlength=3)
    if len(set(counts)) > 1:
        raise Wrong(
            en=f"In train the labels occur {counts.tolist()} times. Repeat the rarer ones until all are equally frequent "
            "(or leave out some of the others).",
            zh=f"训练集中各标签出现 {counts.tolist()} 次。请重复较少的标签（或者删去一些较多的），直到一样多。",
        )
    used = np.bincount(y[np.unique(train)], minlength=3)
    there = np.bincount(np.delete(y, test), minlength=3)
    if used.min() < there.min():
        raise Wrong(
            en=f"Outside of test the labels have {there.tolist()} sentences, and train uses only {used.tolist()} different ones. "
            f"Whoever leaves out can keep {there.min()} of each label, whoever repeats all of them.",
            zh=f"测试集之外，各标签有 {there.tolist()} 个句子，而训练集只用了 {used.tolist()} 个不同的句子。"
            f"若用删去的办法，每个标签都能留下 {there.min()} 个；若用重复的办法，一个也不会丢。",
        )
    again, other = split(seed=0)[1], split(seed=1)[1]
    if set(again) != set(test) or set(other) == set(test):
        raise Wrong(
            en="The same `seed` must give the same split, another seed another one. Is `seed` used, once?",
            zh="同一个 `seed` 应给出同样的划分，不同的 `seed` 则不同。`seed` 用上了吗？",
        )


BALANCED_SPLIT = Exercise(
    name="balanced_split",
    examine=_examine_balanced_split,
    right={
        "en": "Train is balanced, test is untouched, and no sentence is in both. The order of two lines made the difference.",
        "zh": "训练集平衡了，测试集原封不动，没有句子两边都在。差别只在两行代码的先后。",
    },
    hints=[
        {
            "en": "Which of the two, splitting or repeating, has to come first, so that no copy can cross over?",
            "zh": "划分和重复，哪个在前，副本才不会跑到另一边？",
        },
        {
            "en": "Shuffle all positions with `rng.permutation(len(y))` and cut after 80 %.",
            "zh": "用 `rng.permutation(len(y))` 打乱所有位置，在 80% 处切开。",
        },
        {
            "en": "Then call `oversample(y, ..., rng)` from above on the first part alone.",
            "zh": "然后只对前一部分调用上文的 `oversample(y, ..., rng)`。",
        },
    ],
    code="""\
def balanced_split(y, seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(y))
    cut = len(y) * 8 // 10
    return oversample(y, order[:cut], rng), order[cut:]""",
)

EXERCISES = (ENCODE, MAJORITY, BALANCED_SPLIT)
