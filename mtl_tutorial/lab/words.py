"""What the lab says, in English and Chinese."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

import pandas as pd

from mtl_tutorial.lab.outcome import Outcome
from mtl_tutorial.plots import legible_words

Words = Mapping[str, str]

_FIGURE: dict[str, Words] = {
    "en": {"epoch": "epoch", "score": "validation score", "loss": "validation loss (nats)"},
    "zh": {"epoch": "轮次", "score": "验证集得分", "loss": "验证集损失（nats）"},
}

_SENTENCE: dict[str, Words] = {
    "en": {
        "gains": "{task} gains {points:.1f} points ({baseline:.1f} → {score:.1f}), {beyond}",
        "loses": "{task} loses {points:.1f} points ({baseline:.1f} → {score:.1f}), {beyond}",
        "known": "beyond twice the spread of ±{spread:.1f}",
        "unknown": "but one seed shows no spread",
        "same": "no change beyond the spread: {tasks}",
        "running": "{tasks}: the baseline is still to come",
        "untrained": "no epoch is over yet",
        "seeds": "Over {n} seeds: ",
        "seed": "With seed {n}: ",
        "stopped": "Stopped after epoch {epoch}, compared there. ",
        "broken": "The training ended by itself: {why}. ",
        "not a number": "the loss of task {task!r} is not a number any more, in epoch {epoch} (a smaller learning rate may help)",
        "and": ", ", "then": "; ", "end": ".",
    },
    "zh": {
        "gains": "{task} 提高 {points:.1f} 分（{baseline:.1f} → {score:.1f}），{beyond}",
        "loses": "{task} 下降 {points:.1f} 分（{baseline:.1f} → {score:.1f}），{beyond}",
        "known": "超过两倍的种子波动（±{spread:.1f}）",
        "unknown": "但只有一个种子，看不出波动",
        "same": "没有超出波动的变化：{tasks}",
        "running": "{tasks} 的基线还没有训练完",
        "untrained": "第一轮还没有结束",
        "seeds": "{n} 个种子的结果：",
        "seed": "种子 {n} 的结果：",
        "stopped": "训练在第 {epoch} 轮后停止，比较也在这一轮。",
        "broken": "训练自行中止：{why}。",
        "not a number": "{task} 的损失在第 {epoch} 轮不再是一个数（把学习率调小也许有用）",
        "and": "、", "then": "；", "end": "。",
    },
}  # fmt: skip

_TABLE: dict[str, Words] = {
    "en": {
        "labels": "labels", "baseline": "single task, %", "score": "this plan, %",
        "points": "Δ points", "spread": "spread", "seeds": "seeds", "verdict": "verdict",
        "gains": "gains", "loses": "loses", "same": "no change",
    },
    "zh": {
        "labels": "标签数", "baseline": "单任务，%", "score": "本方案，%",
        "points": "Δ（分）", "spread": "波动", "seeds": "种子数", "verdict": "结论",
        "gains": "提高", "loses": "下降", "same": "没有变化",
    },
}  # fmt: skip


def table(outcome: Outcome, language: str = "en") -> pd.DataFrame:
    """`Outcome.changes` for a reader: rounded, with headings and verdicts in words."""
    words, changes = _TABLE[language], outcome.changes()
    shown = changes[["labels", "baseline", "score", "points", "spread"]].round(1)
    shown["verdict"] = [words.get(verdict, "–") for verdict in changes["verdict"]]
    return shown.rename(columns=words).rename_axis(None)


def figure_words(language: str) -> Words:
    """The words in a figure; English ones where no font has the Chinese characters."""
    return legible_words(_FIGURE, language)


def sentence(outcome: Outcome, language: str = "en") -> str:
    """The outcome in one sentence: who gains, who loses, beside which spread."""
    words, changes = _SENTENCE[language], outcome.changes()
    if not outcome.epoch:
        return _opening(outcome, words) + words["untrained"] + words["end"]
    parts = []
    for verdict in ("gains", "loses"):
        for task, row in changes[changes["verdict"] == verdict].iterrows():
            known = "unknown" if math.isnan(row["spread"]) else "known"
            figures = {**row, "points": abs(row["points"])}
            beyond = words[known].format(**figures)
            parts.append(words[verdict].format(task=task, beyond=beyond, **figures))
    for verdict, tasks in (
        ("same", changes.index[changes["verdict"] == "same"]),
        ("running", changes.index[changes["verdict"].isna()]),
    ):
        if len(tasks):
            parts.append(words[verdict].format(tasks=words["and"].join(tasks)))
    return _opening(outcome, words) + words["then"].join(parts) + words["end"]


def _opening(outcome: Outcome, words: Words) -> str:
    seeds = [run.header["seed"] for run in outcome.runs]
    opening = words["seed"].format(n=seeds[0])
    if len(seeds) > 1:
        opening = words["seeds"].format(n=len(seeds))
    ended = {run.header["stopped"] for run in outcome.runs} - {None}
    if any(run.interrupted for run in outcome.runs):
        return words["stopped"].format(epoch=outcome.epoch) + opening
    reasons = [_reason(why, words) for why in ended]
    return "".join(words["broken"].format(why=why) for why in reasons) + opening


def _reason(stopped: str, words: Words) -> str:
    """Why a training ended by itself, as `train` has it in a run's header, in the reader's language."""
    told = re.fullmatch(
        r"the loss of task '(.+)' is not a number any more, in epoch (\d+)", stopped
    )
    return words["not a number"].format(task=told[1], epoch=told[2]) if told else stopped
