"""What the lab says, in English and Chinese."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from mtl_tutorial.lab.outcome import Outcome
from mtl_tutorial.languages import check_language

Words = Mapping[str, str]

_FIGURE: dict[str, Words] = {
    "en": {"epoch": "epoch", "score": "validation score", "loss": "validation loss (nats)"},
    "zh": {"epoch": "轮", "score": "验证集得分", "loss": "验证集损失（nats）"},
}

_SENTENCE: dict[str, Words] = {
    "en": {
        "gains": "{task} gains {size} points ({baseline:.1f} → {score:.1f}; 95 % interval {near} to {far})",
        "loses": "{task} loses {size} points ({baseline:.1f} → {score:.1f}; 95 % interval {near} to {far})",
        "cannot tell": "cannot tell: {tasks}",
        "alone": "no interval, so no verdict: {tasks}",
        "change": "{task} {points}",
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
        "gains": "{task} 提高 {size} 分（{baseline:.1f} → {score:.1f}；95% 置信区间 {near} 至 {far}）",
        "loses": "{task} 下降 {size} 分（{baseline:.1f} → {score:.1f}；95% 置信区间 {near} 至 {far}）",
        "cannot tell": "无法判断：{tasks}",
        "alone": "没有区间，无从判断：{tasks}",
        "change": "{task} {points}",
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
        "points": "Δ points", "interval": "95 % interval", "spread": "spread", "verdict": "verdict",
        "gains": "gains", "loses": "loses", "cannot tell": "cannot tell",
    },
    "zh": {
        "labels": "标签数", "baseline": "单任务，%", "score": "本方案，%",
        "points": "Δ（分）", "interval": "95% 置信区间", "spread": "波动", "verdict": "结论",
        "gains": "提高", "loses": "下降", "cannot tell": "无法判断",
    },
}  # fmt: skip


def signed(points: float) -> str:
    """Write points with their sign, as type has it: "+1.5", "−1.5"."""
    return f"{points:+.1f}".replace("-", "−")


def table(outcome: Outcome, language: str = "en") -> pd.DataFrame:
    """Write `Outcome.changes` for a reader: rounded, with headings and verdicts in words."""
    words, changes = _TABLE[language], outcome.changes()
    shown = changes[["labels", "baseline", "score", "points", "spread"]].round(1)
    ends = zip(changes["low"], changes["high"], strict=True)
    between = ["–" if math.isnan(low) else f"{signed(low)} … {signed(high)}" for low, high in ends]
    shown.insert(4, "interval", between)
    shown["verdict"] = [words.get(verdict, "–") for verdict in changes["verdict"]]
    return shown.rename(columns=words).rename_axis(None)


def figure_words(language: str) -> Words:
    """Look up the words in a figure."""
    check_language(language)
    return _FIGURE[language]


def sentence(outcome: Outcome, language: str = "en") -> str:
    """Say in a sentence who gains, who loses, with which interval, and where it cannot tell."""
    words, changes = _SENTENCE[language], outcome.changes()
    if not outcome.epoch:
        return _opening(outcome, words) + words["untrained"] + words["end"]
    parts = []
    for verdict in ("gains", "loses"):
        for task, row in changes[changes["verdict"] == verdict].iterrows():
            near, far = sorted(abs(row[end]) for end in ("low", "high"))
            figures = {"size": abs(row["points"]), "near": near, "far": far}
            rounded = {name: f"{value:.1f}" for name, value in figures.items()}
            parts.append(words[verdict].format(task=task, **{**row, **rounded}))
    known = changes["points"].notna()
    for key, chosen in (
        ("cannot tell", changes["verdict"] == "cannot tell"),
        ("alone", known & changes["verdict"].isna()),
        ("running", ~known),
    ):
        if chosen.any():
            each = words["change"] if key != "running" else "{task}"
            tasks = [
                each.format(task=task, points=signed(row["points"]))
                for task, row in changes[chosen].iterrows()
            ]
            parts.append(words[key].format(tasks=words["and"].join(tasks)))
    return _opening(outcome, words) + words["then"].join(parts) + words["end"]


def _opening(outcome: Outcome, words: Words) -> str:
    seeds = [run.header["seed"] for run in outcome.runs]
    opening = words["seed"].format(n=seeds[0])
    if len(seeds) > 1:
        opening = words["seeds"].format(n=len(seeds))
    if any(run.interrupted for run in outcome.runs):
        return words["stopped"].format(epoch=outcome.epoch) + opening
    ended = (run.header["stopped"] for run in outcome.runs if run.header["stopped"])
    reasons = dict.fromkeys(_reason(stopped, words) for stopped in ended)
    return "".join(words["broken"].format(why=why) for why in reasons) + opening


def _reason(stopped: Mapping[str, Any], words: Words) -> str:
    """Say why a training ended by itself (``run.header["stopped"]``) in the reader's language."""
    if stopped["why"] == "not a number":
        return words["not a number"].format(**stopped)
    return stopped["said"]
