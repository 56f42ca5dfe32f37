"""Lesson 11, generation: the runs behind its table; exercises on sampling, perplexity and the chain rule."""

from itertools import product
from typing import Any

import numpy as np
from scipy.special import softmax

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.sharing import LEVELS, SharingPlan

SEEDS = 5
LABELS = {"person": 60}
BOTH = ("person", "lm")
WORDS = SharingPlan({LEVELS[0]: [BOTH], **{level: [["person"], ["lm"]] for level in LEVELS[1:]}})
"""The two tasks share the words alone; so ``person`` goes on reading in both directions."""


def experiment(name: str, seed: int, corpus: str = "zh") -> Experiment:
    """One of the runs of ``data/runs/lesson_11.csv.gz``.

    In each of them ``person`` has 500 batches of its 60 sentences; ``lm`` has as many between them.
    """
    beside: dict[str, Any] = {"steps_per_epoch": 200, "sampling": "round_robin"}
    muted, plan = {"weights": {"person": 1.0, "lm": 0.0}}, {"plan": WORDS.as_dict()}
    how: dict[str, Any] = {
        "alone": {"steps_per_epoch": 100},
        "muted lm": {**muted, **beside},
        "lm": beside,
        "muted lm, words only": {**plan, **muted, **beside},
        "lm, words only": {**plan, **beside},
    }[name]
    tasks = BOTH[:1] if name == "alone" else BOTH
    return Experiment(name, tasks, corpus, LABELS, epochs=5, learning_rate=3e-3, seed=seed, **how)


NAMES = ("alone", "muted lm", "lm", "muted lm, words only", "lm, words only")


def experiments() -> list[Experiment]:
    """The runs of the table: language by language, seed by seed."""
    choices = product(("zh", "en"), range(SEEDS), NAMES)
    return [experiment(name, seed, corpus) for corpus, seed, name in choices]


# -- soften

_P = np.array([0.5, 0.25, 0.15, 0.1, 0.0])


def _chances(answer: Any, p: np.ndarray, temperature: float) -> np.ndarray:
    shown = f"np.array({p.round(3).tolist()}), {temperature}"
    found = as_numbers(ask(answer, p.copy(), temperature, shown=shown))
    if found.shape != p.shape:
        raise Wrong(
            en=f"One chance for each of the {len(p)} tokens is asked for; your answer has the shape {found.shape}.",
            zh=f"{len(p)} 个词元各要一个概率；你的结果形状是 {found.shape}。",
        )
    return found


def _examine_soften(answer: Any) -> None:
    for p in (_P, np.array([0.7, 0.2, 0.1])):
        for temperature in (1.0, 0.5, 2.0):
            ours, known = _chances(answer, p, temperature), p ** (1 / temperature)
            if np.allclose(ours, known / known.sum(), atol=1e-3):
                continue
            if np.allclose(ours, known):
                raise Wrong(
                    en=f"Raised to the right power, but at temperature {temperature} they sum to {known.sum():.2f}: divide by the sum.",
                    zh=f"乘方对了，可是温度为 {temperature} 时它们加起来是 {known.sum():.2f}：还要除以总和。",
                )
            if np.allclose(ours, p**temperature / (p**temperature).sum(), atol=1e-3):
                raise Wrong(
                    en="Upside down: a low temperature should make the probable more probable. The power is 1 / temperature.",
                    zh="反了：温度低时，概率大的应当更大。指数是 1 / temperature。",
                )
            if np.allclose(ours, softmax(p / temperature), atol=1e-3):
                raise Wrong(
                    en="A softmax of p / temperature takes the chances for logits. It would be right with np.log(p) in place of p.",
                    zh="对 p / temperature 做 softmax，是把概率当成了对数几率。把 p 换成 np.log(p) 才对。",
                )
            right = known / known.sum()
            raise Wrong(
                en=f"At temperature {temperature}, {p.tolist()} becomes {right.round(3).tolist()}; yours is {ours.round(3).tolist()}.",
                zh=f"温度为 {temperature} 时，{p.tolist()} 应变成 {right.round(3).tolist()}；你的是 {ours.round(3).tolist()}。",
            )


SOFTEN = Exercise(
    name="soften",
    examine=_examine_soften,
    right={
        "en": "At 1 nothing changes, towards 0 the most probable token takes all, and with great heat all tokens are alike.",
        "zh": "温度为 1 时什么都不变；越接近 0，最可能的词元越是独占；温度很高时，所有词元都差不多。",
    },
    hints=[
        {
            "en": "`p ** (1 / temperature)` gives what the chances are in proportion to.",
            "zh": "`p ** (1 / temperature)` 给出的数，和所求的概率成比例。",
        },
        {
            "en": "Chances sum to 1: divide by the sum of all.",
            "zh": "概率加起来是 1：要除以全部的和。",
        },
    ],
    code="""\
def soften(p, temperature):
    power = p ** (1 / temperature)
    return power / power.sum()""",
)


# -- surprise

_SENTENCES = [[0.5, 0.25], [0.1, 0.5, 0.5, 0.2, 0.4, 0.5]]


def _examine_surprise(answer: Any) -> None:
    for sentences in (_SENTENCES, [[0.25, 0.25], [0.25]], [[0.1], [0.9, 0.9, 0.9]]):
        shown = str(sentences)
        found = as_numbers(ask(answer, [list(one) for one in sentences], shown=shown))
        if found.shape != ():
            raise Wrong(
                en="One number is asked for, over all sentences.",
                zh="要的是一个数，把所有句子合在一起算。",
            )
        logs = np.log(np.concatenate(sentences))
        known = np.exp(-logs.mean())
        if np.isclose(found, known, rtol=1e-3):
            continue
        means = [np.exp(-np.log(one).mean()) for one in sentences]
        if np.isclose(found, np.mean(means)) or np.isclose(
            found, np.exp(np.mean([-np.log(one).mean() for one in sentences]))
        ):
            raise Wrong(
                en="A mean of sentences: a token of a short sentence then counts more than one of a long sentence. Put all tokens into one mean.",
                zh="这是先按句子再平均：短句子里的词元，分量就比长句子里的重。请把所有词元放在一起求平均。",
            )
        if np.isclose(found, -logs.mean()):
            raise Wrong(
                en="These are the nats a token, the loss. The perplexity is exp of it.",
                zh="这是每个词元的损失（以奈特计）。困惑度是它的 exp。",
            )
        if np.isclose(found, 1 / known):
            raise Wrong(
                en="This is the mean chance of a token (the geometric mean). The perplexity is one over it.",
                zh="这是每个词元概率的几何平均。困惑度是它的倒数。",
            )
        raise Wrong(
            en=f"For {shown} the perplexity is {known:.3f}; yours is {float(found):.3f}.",
            zh=f"{shown} 的困惑度是 {known:.3f}；你的是 {float(found):.3f}。",
        )


SURPRISE = Exercise(
    name="surprise",
    examine=_examine_surprise,
    right={
        "en": "A perplexity of 4 says: as unsure as with four tokens of equal chance. It can be compared only between models with the same tokens.",
        "zh": "困惑度为 4，意思是：和在四个同样可能的词元里猜一个一样没有把握。只有词元相同的模型，困惑度才能相比。",
    },
    hints=[
        {
            "en": "First the loss: the mean of −log p over all tokens of all sentences.",
            "zh": "先算损失：所有句子的所有词元，取 −log p 的平均。",
        },
        {
            "en": "Then exp of it. `np.concatenate` makes one list of all.",
            "zh": "再取 exp。`np.concatenate` 可以把它们连成一串。",
        },
    ],
    code="""\
def surprise(sentences):
    return np.exp(-np.log(np.concatenate(sentences)).mean())""",
)


# -- bayes

_JOINT = np.array([[-101.0, -100.0, -103.0], [-900.0, -905.0, -900.0], [-60.0, -61.0, -62.0]])


def _examine_bayes(answer: Any) -> None:
    ours = as_numbers(ask(answer, _JOINT.copy(), shown=str(_JOINT.tolist())))
    if ours.shape != _JOINT.shape:
        raise Wrong(
            en=f"A chance for each sentence and label is asked for, shape {_JOINT.shape}; yours has {ours.shape}.",
            zh=f"每个句子、每个标签各要一个概率，形状是 {_JOINT.shape}；你的是 {ours.shape}。",
        )
    if np.isnan(ours).any() or np.isinf(ours).any():
        raise Wrong(
            en="Some of your chances are no numbers: exp(-900) is 0, and 0 / 0 is nothing. Subtract each row's largest value first; it cancels.",
            zh="你的概率里有的不是数：exp(-900) 等于 0，而 0 / 0 没有意义。先减去每行的最大值，它会约掉。",
        )
    known = softmax(_JOINT, 1)
    if np.allclose(ours, softmax(_JOINT, 0), atol=1e-6):
        raise Wrong(
            en="Yours sum to 1 over the sentences. For each sentence the labels' chances should.",
            zh="你的概率沿句子的方向加起来等于 1。应当让每个句子各标签的概率加起来等于 1。",
        )
    if np.allclose(ours, known / known.max(axis=1, keepdims=True)):
        raise Wrong(
            en="Proportions are right; divide each row by its sum.",
            zh="比例对了；每行再除以这一行的和。",
        )
    if np.allclose(ours, _JOINT / _JOINT.sum(axis=1, keepdims=True)):
        raise Wrong(
            en="These are logarithms. Take exp before you add them up.",
            zh="这些是对数。先取 exp，再相加。",
        )
    if not np.allclose(ours, known, atol=1e-4):
        raise Wrong(
            en=f"For the first sentence {known[0].round(3).tolist()} is right; yours is {ours[0].round(3).tolist()}.",
            zh=f"第一个句子应是 {known[0].round(3).tolist()}；你的是 {ours[0].round(3).tolist()}。",
        )


BAYES = Exercise(
    name="bayes",
    examine=_examine_bayes,
    right={
        "en": "A softmax over the labels, no more: whoever can say how probable each pair is holds a classifier already.",
        "zh": "不过是对标签做一次 softmax：谁能说出每一对有多可能，谁就已经有了一个分类器。",
    },
    hints=[
        {
            "en": "p(label | text) = p(label, text) / p(text), and p(text) is the sum of p(label, text) over the labels.",
            "zh": "p(标签 | 句子) = p(标签, 句子) / p(句子)，而 p(句子) 是 p(标签, 句子) 对标签求和。",
        },
        {
            "en": "Subtract each row's maximum (keepdims=True) before np.exp; then divide by the row's sum.",
            "zh": "先减去每行的最大值（keepdims=True），再用 np.exp；然后除以这一行的和。",
        },
    ],
    code="""\
def bayes(log_joint):
    share = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    return share / share.sum(axis=1, keepdims=True)""",
)


EXERCISES = (SOFTEN, SURPRISE, BAYES)
