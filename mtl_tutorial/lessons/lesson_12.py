"""Lesson 12, real data: published figures, the runs that stand beside them, exercises on judging them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import run_all
from mtl_tutorial.runs import Run
from mtl_tutorial.scoring import with_spread
from mtl_tutorial.sharing import SharingPlan

SEEDS = 5
SNIPS = ("intent", "slots")
WEIBO = ("named", "nominal")
PUD = ("pos", "deprel", "ner", "genre", "mentions_person")
FEW, MANY = (50, 200, 1000), 2000
"""Training sentences that keep their label: of the poor task, and of the rich one."""

PUBLISHED = pd.DataFrame(
    [
        ("Attention BiRNN", 96.7, 87.8, 74.1, "Liu & Lane 2016, as cited by Zhang et al. 2019"),
        ("Slot-Gated", 97.0, 88.8, 75.5, "Goo et al. 2018, N18-2118"),
        ("Slot-Gated, run again", 97.6, 93.2, 85.1, "OpenSLU's table; pre-trained vectors allowed"),
        ("Joint BERT, pre-trained", 98.6, 97.0, 92.8, "Chen et al. 2019, arXiv:1902.10909"),
    ],
    columns=["model", "intent", "slots", "sentences", "source"],
).set_index("model")
"""SNIPS, test part, in per cent: intent accuracy, slot F1, whole-sentence accuracy."""
GOAL = "Slot-Gated, run again"

PUBLISHED_WEIBO = pd.DataFrame(
    [
        ("Peng & Dredze 2015", 51.96, 61.05, 56.05, "revised labels; model of D15-1064"),
        ("Peng & Dredze 2016, with word segmentation", 55.28, 62.97, 58.99, "revised labels; model of P16-2025"),
    ],
    columns=["model", "named", "nominal", "overall", "source"],
).set_index("model")  # fmt: skip
"""Weibo NER, test part: F1 in per cent, from the supplement to the corpus, not from the papers."""

_CNN = Experiment("joint", SNIPS, corpus="snips", units=64, embedding_dim=100)
BILSTM = replace(
    _CNN,
    model="BiLSTM joint",
    weights={"intent": 1.0, "slots": 2.0},
    encoder="bilstm",
    units=300,
    embedding_dim=150,
    dropout=0.5,
    embedding_dropout=0.5,
    crf=True,
    epochs=24,
    learning_rate=3e-3,
    word_dropout=1.0,
    by_length=True,
    cosine=True,
)
"""The model that is held against the published ones; everything in it was chosen on validation."""


def experiments() -> list[Experiment]:
    """The runs of the lesson's table: seed by seed, the long ones last."""
    seeds = range(SEEDS)
    short = [
        replace(e, seed=seed) for seed in seeds for e in _puzzle() + _few() + _weibo() + _pud()
    ]
    return short + [replace(e, seed=seed) for seed in seeds for e in _apart_and_joint(BILSTM)]


def _apart_and_joint(joint: Experiment) -> list[Experiment]:
    separate = SharingPlan.separate(joint.tasks).as_dict()
    return [replace(joint, model=joint.model.replace("joint", "separate"), plan=separate), joint]


def _puzzle() -> list[Experiment]:
    """SNIPS with a CNN: what may joint training cost?"""
    joint = replace(_CNN, epochs=12)
    return [
        *_apart_and_joint(joint),
        # A sentence has nine tokens: the sum of their losses is about ten times the mean.
        replace(joint, model="joint, losses summed", weights={"intent": 1.0, "slots": 10.0}),
        *_apart_and_joint(replace(joint, model="narrow joint", units=16, embedding_dim=32)),
    ]


def _few() -> list[Experiment]:
    """SNIPS with few labels of one task: alone, and beside many of the other, sharing nothing or all."""
    found = []
    for poor, rich in (SNIPS, SNIPS[::-1]):
        for count in FEW:
            joint = replace(
                _CNN, model="few joint", tasks=(poor, rich), labels={poor: count, rich: MANY},
                epochs=4, steps_per_epoch=300,
            )  # fmt: skip
            alone = replace(joint, model="few alone", tasks=(poor,), labels={poor: count})
            found += [alone, *_apart_and_joint(joint)]
    return found


def _weibo() -> list[Experiment]:
    alone = replace(
        BILSTM, model="mentions", tasks=WEIBO, corpus="weibo", weights={}, units=128,
        embedding_dim=100, dropout=0.3, epochs=40, batch_size=16,
    )  # fmt: skip
    return [alone, replace(alone, model="mentions + words", tasks=(*WEIBO, "words"))]


def _pud() -> list[Experiment]:
    return [
        experiment
        for corpus in ("pud-en", "pud-zh")
        for experiment in _apart_and_joint(
            replace(_CNN, tasks=PUD, corpus=corpus, epochs=24, batch_size=16)
        )
    ]


def snips_scores(runs: Sequence[Run], split: str = "test") -> pd.DataFrame:
    """The three figures of SNIPS in per cent: a row a run, indexed by model and seed."""
    rows = {
        (run.header["model"], run.header["seed"]): {
            **run.final(split),
            "sentences": run.curve("+".join(SNIPS), "sentences", split).item(),
        }
        for run in runs
    }
    table = 100 * pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(rows))
    return table.rename_axis(["model", "seed"])


def beside_published(scores: pd.DataFrame) -> pd.DataFrame:
    """Published rows of SNIPS and, below, one for each model of `snips_scores`: mean ± spread.

    A single seed has no spread, and none is shown.
    """
    own = {
        model: [with_spread(list(rows[column])) for column in rows]
        for model, rows in scores.groupby("model", sort=False)
    }
    measured = pd.DataFrame.from_dict(own, orient="index", columns=list(scores.columns))
    published = PUBLISHED[list(scores.columns)].map("{:.1f}".format)
    return pd.concat([published, measured])


def measure(seeds: int, kept: Path | str) -> str:
    """Train `BILSTM` on SNIPS with so many seeds (finished runs in `kept` count): a table in words.

    Raises
    ------
    DownloadError
        If SNIPS is neither in the cache nor to be had.
    """
    runs = run_all([replace(BILSTM, seed=seed) for seed in range(seeds)], kept)
    scores = snips_scores(runs)
    minutes = sum(run.header["seconds"] for run in runs) / len(runs) / 60
    short = PUBLISHED.loc[GOAL, list(scores.columns)] - scores.mean()
    verdict = ", ".join(
        f"{name} {'reached' if missing <= 0 else f'missed by {missing:.1f}'}"
        for name, missing in short.items()
    )
    return (
        f"{beside_published(scores).to_string()}\n"
        f"{minutes:.1f} minutes a training; {runs[0].header['parameters']:,} parameters\n"
        f"beside {GOAL!r}, mean of {len(runs)} seed{'s' * (len(runs) > 1)}: {verdict}"
    )


# -- whole


def _examine_whole(answer: Any) -> None:
    def share(gold: list, found: list) -> float:
        """Of sentences given as (intent, tags)."""
        columns = [[sentence[i] for sentence in side] for i in (0, 1) for side in (gold, found)]
        value = as_numbers(ask(answer, *columns, shown=", ".join(map(str, columns))))
        if value.size != 1:
            raise Wrong(en="Give back one number.", zh="请返回一个数。")
        return float(value.item())

    gold = [("play", ["O", "B-artist"]), ("rate", ["O"]), ("play", ["B-year", "O", "O"]), ("book", ["O"])]  # fmt: skip
    everything = share(gold, gold)
    if np.isclose(everything, 4):
        raise Wrong(
            en="A share is asked for: divide by the sentences.", zh="要的是比例：请除以句子数。"
        )
    if not np.isclose(everything, 1):
        raise Wrong(
            en=f"Four sentences, everything right: the share is 1; yours is {everything:.3g}.",
            zh=f"四个句子全对，比例是 1；你的结果是 {everything:.3g}。",
        )
    tags = [gold[0], gold[1], ("play", ["B-year", "O", "B-year"]), gold[3]]
    if np.isclose(value := share(gold, tags), 1):
        raise Wrong(
            en="One tag of the third sentence is wrong, and yours still counts it as right. Look at the tags, too.",
            zh="第三句有一个标记错了，你仍然算它对。标记也要看。",
        )
    if not np.isclose(value, 3 / 4):
        raise Wrong(
            en=f"One wrong tag of seven, in one sentence of four: 3/4 of the sentences are right; yours is {value:.3g}. "
            "Count sentences, not tags.",
            zh=f"七个标记里错一个，四句里错一句：3/4 的句子全对；你的结果是 {value:.3g}。数的是句子，不是标记。",
        )
    swapped = [*gold[:2], ("play", ["O", "B-year", "O"]), gold[3]]
    if not np.isclose(value := share(gold, swapped), 3 / 4):
        raise Wrong(
            en=f"The third sentence has the right tags at the wrong tokens, so it is wrong: 3/4; yours is {value:.3g}. "
            "Compare token by token, and all of them.",
            zh=f"第三句的标记放错了词元，就不算对：应当是 3/4；你的结果是 {value:.3g}。要逐个词元比较，而且每个都要比。",
        )
    intent = [("rate", gold[0][1]), *gold[1:]]
    if not np.isclose(value := share(gold, intent), 3 / 4):
        raise Wrong(
            en=f"The first sentence's tags are right, its intent is wrong: 3/4; yours is {value:.3g}. Both must be right.",
            zh=f"第一句标记全对，意图错了：应当是 3/4；你的结果是 {value:.3g}。两样都要对。",
        )
    both = [("rate", gold[0][1]), gold[1], tags[2], gold[3]]
    if not np.isclose(value := share(gold, both), 1 / 2):
        raise Wrong(
            en=f"One sentence has a wrong intent, *another* one a wrong tag: 2/4 are right; yours is {value:.3g}. "
            "The product of two shares does not know whether the errors fall together.",
            zh=f"一句意图错，**另一句**标记错：对的有 2/4；你的结果是 {value:.3g}。把两个比例相乘，并不知道错误是不是落在同一句上。",
        )
    same = [gold[0], gold[1], ("rate", tags[2][1]), gold[3]]
    if not np.isclose(value := share(gold, same), 3 / 4):
        raise Wrong(
            en=f"Intent and a tag are wrong in the *same* sentence: 3/4 are right; yours is {value:.3g}.",
            zh=f"意图和标记错在**同一句**：对的有 3/4；你的结果是 {value:.3g}。",
        )


WHOLE = Exercise(
    name="whole",
    examine=_examine_whole,
    right={
        "en": "A sentence is right or it is not. So two models with the same intent accuracy and the same slot F1 can "
        "differ in this figure: it asks whether their errors fall into the same sentences.",
        "zh": "一句话，要么全对，要么不算对。所以，即使两个模型的意图准确率和槽位 F1 都一样，这个数字也可能不同：它问的是，错误是不是落在同样的句子里。",
    },
    hints=[
        {
            "en": "Walk through the sentences, all four lists side by side: `zip(gold_intents, intents, gold_tags, tags)`.",
            "zh": "把四个列表并排走一遍：`zip(gold_intents, intents, gold_tags, tags)`。",
        },
        {
            "en": "Two lists are equal if all of their items are: `g == t` compares whole lists of tags.",
            "zh": "所有元素都相等，两个列表就相等：`g == t` 比较的就是整句的标记。",
        },
        {
            "en": "The mean of a list of True and False is the share of True: `np.mean([...])`.",
            "zh": "一串 True、False 的平均值，就是 True 的比例：`np.mean([...])`。",
        },
    ],
    code="""\
def whole(gold_intents, intents, gold_tags, tags):
    sentences = zip(gold_intents, intents, gold_tags, tags, strict=True)
    return np.mean([i == j and s == t for i, j, s, t in sentences])""",
)

# -- one_stop


def _examine_one_stop(answer: Any) -> None:
    def losses(curves: dict) -> pd.Series:
        table = pd.DataFrame(
            curves, index=pd.RangeIndex(len(next(iter(curves.values()))), name="epoch")
        )
        before = table.copy()
        result = ask(answer, table, shown=f"pd.DataFrame({curves})")
        if not table.equals(before):
            raise Wrong(
                en="Leave the table that you were given as it is.", zh="请不要改动传进来的表。"
            )
        named = isinstance(result, dict | pd.Series) and set(result.keys()) == set(curves)
        found = as_numbers([result[task] for task in curves] if named else [])
        if found.shape != (len(curves),):
            raise Wrong(
                en=f"Give back one number a task, as a Series or dictionary with the names {list(curves)}.",
                zh=f"请为每个任务返回一个数，放在 Series 或字典里，名字是 {list(curves)}。",
            )
        return pd.Series(found, list(curves))

    curves = {"a": [0.0, 0.9, 0.8, 0.7], "b": [0.0, 0.2, 0.5, 0.8]}
    found = losses(curves)
    if np.allclose(found, [0.2, 0.0]):
        raise Wrong(
            en="The size is right, but what is lost should be negative: the score at the common epoch minus the best one.",
            zh="大小对了，但丢掉的分应当是负数：共同那一轮的得分，减去自己最好的得分。",
        )
    if np.allclose(found, [0.7, 0.8]):
        raise Wrong(
            en="These are the scores at the common epoch. Asked for is their distance to each task's own best.",
            zh="这是共同那一轮的得分。要的是每个任务离自己最好的得分还差多少。",
        )
    if np.allclose(found, [0.0, 0.0]):
        raise Wrong(
            en="Each task at its own best epoch loses nothing, of course. But one model is kept, of *one* epoch.",
            zh="各自停在自己最好的一轮，当然一分也不丢。可留下的模型只有一个，只能停在**同一**轮。",
        )
    if not np.allclose(found, [-0.2, 0.0]):
        raise Wrong(
            en=f"Means of the two tasks by epoch: 0, 0.55, 0.65, 0.75, so epoch 3 is kept. There a has 0.7 (its best: 0.9) "
            f"and b 0.8 (its best): -0.2 and 0. Yours: {found.round(3).to_dict()}.",
            zh=f"两个任务的平均分，逐轮是 0、0.55、0.65、0.75，所以留下第 3 轮。那时 a 是 0.7（最好是 0.9），b 是 0.8（正是最好）："
            f"应为 -0.2 和 0。你的结果：{found.round(3).to_dict()}。",
        )
    three = {
        "a": [0.5, 0.6, 0.1],
        "b": [0.1, 0.55, 0.6],
        "c": [0.9, 0.2, 0.3],
    }  # the best mean is that of epoch 1, the best median that of epoch 2
    three = {task: [0.0, *scores] for task, scores in three.items()}
    if not np.allclose(found := losses(three), [-0.1, -0.5, 0.0]):
        raise Wrong(
            en=f"With three tasks and the best mean at epoch 1, -0.1, -0.5 and 0 are lost; yours: {found.round(3).to_dict()}. "
            "The last epoch need not be the best one.",
            zh=f"三个任务，平均分最好的是第 1 轮，应为 -0.1、-0.5、0；你的结果：{found.round(3).to_dict()}。最后一轮不一定最好。",
        )


ONE_STOP = Exercise(
    name="one_stop",
    examine=_examine_one_stop,
    right={
        "en": "One model, one epoch. Where the tasks are ready at different times, somebody is served too early or too "
        "late. And mind that the best of many noisy epochs is a lucky one: some of what seems lost was never there.",
        "zh": "一个模型，只能停在一轮。各任务学好的时间不同，就总有一个停得太早或太晚。也要当心：许多带噪声的轮里最好的那一轮，总有一些运气；看似丢掉的，有一部分本来就没有。",
    },
    hints=[
        {
            "en": "First the epoch: which row has the largest mean over the tasks? `curves.mean(axis=1)`.",
            "zh": "先找那一轮：哪一行各任务的平均分最高？`curves.mean(axis=1)`。",
        },
        {"en": "`.idxmax()` gives the epoch itself, `.max()` only the value.", "zh": "`.idxmax()` 给出的是哪一轮，`.max()` 只给出数值。"},
        {"en": "`curves.loc[epoch] - curves.max()`.", "zh": "`curves.loc[epoch] - curves.max()`。"},
    ],
    code="""\
def one_stop(curves):
    epoch = curves.mean(axis=1).idxmax()
    return curves.loc[epoch] - curves.max()""",
)  # fmt: skip

# -- unseen


def _examine_unseen(answer: Any) -> None:
    def kept(test: list, train: list) -> list:
        result = ask(answer, test, train)
        marks = (
            list(result) if isinstance(result, Iterable) and getattr(result, "ndim", True) else []
        )
        if len(marks) != len(test) or not all(isinstance(m, bool | np.bool_) for m in marks):
            raise Wrong(
                en=f"Give back True or False for each of the {len(test)} test sentences.",
                zh=f"请对 {len(test)} 个测试句各返回一个 True 或 False。",
            )
        return [bool(m) for m in marks]

    test = [["a", "b"], ["c"], ["a"], ["b", "a"]]
    found = kept(test, [["x"], ["a", "b"], ["y", "c"]])
    if found == [True, False, False, False]:
        raise Wrong(
            en="The other way round: True for those that training does *not* have.",
            zh="反了：训练集里**没有**的才是 True。",
        )
    if not found[3]:
        raise Wrong(
            en="`['b', 'a']` is not the sentence `['a', 'b']`: the order of the tokens counts.",
            zh="`['b', 'a']` 和 `['a', 'b']` 不是同一句：词元的次序也算数。",
        )
    if not (found[1] and found[2]):
        raise Wrong(
            en="`['c']` and `['a']` occur in training only as parts of longer sentences. Compare whole sentences.",
            zh="`['c']` 和 `['a']` 只是训练集里较长句子的一部分。要比较整句。",
        )
    if found[0]:
        raise Wrong(
            en=f"`['a', 'b']` occurs in training, the other three do not: [False, True, True, True]; yours: {found}.",
            zh=f"`['a', 'b']` 在训练集里出现过，另外三句没有：[False, True, True, True]；你的结果：{found}。",
        )
    if kept([["ab"]], [["a", "b"]]) != [True]:
        raise Wrong(
            en="`['ab']` is one token, `['a', 'b']` are two: not the same sentence.",
            zh="`['ab']` 是一个词元，`['a', 'b']` 是两个：不是同一句。",
        )
    if kept([["a"], ["a"]], [["b"]]) != [True, True]:
        raise Wrong(
            en="A sentence that stands twice in *test* is new all the same, both times.",
            zh="在**测试集**里出现两次的句子，只要训练集没有，两次都算新的。",
        )


UNSEEN = Exercise(
    name="unseen",
    examine=_examine_unseen,
    right={
        "en": "Three lines, and they belong before every test of yours. Keep the official figure, since others report it, "
        "and put this one beside it.",
        "zh": "就这么三行，每次测试之前都值得先跑一遍。官方的数字照报，因为别人报的是它；再把这个数字放在旁边。",
    },
    hints=[
        {
            "en": "Lists cannot be put into a set, tuples can: `tuple(sentence)`.",
            "zh": "列表不能放进集合，元组可以：`tuple(sentence)`。",
        },
        {"en": "`seen = set(map(tuple, train))`.", "zh": "`seen = set(map(tuple, train))`。"},
        {
            "en": "`np.array([tuple(sentence) not in seen for sentence in test])`.",
            "zh": "`np.array([tuple(sentence) not in seen for sentence in test])`。",
        },
    ],
    code="""\
def unseen(test, train):
    seen = set(map(tuple, train))
    return np.array([tuple(sentence) not in seen for sentence in test])""",
)

EXERCISES = (WHOLE, ONE_STOP, UNSEEN)
