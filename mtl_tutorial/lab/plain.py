"""The Sharing Lab without a mouse: the same figure, table and sentence from one call."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.chart import LiveChart
from mtl_tutorial.lab.outcome import Outcome, carry_out, look_up
from mtl_tutorial.lab.settings import AUXILIARY, TASKS, Settings
from mtl_tutorial.lab.words import sentence, table
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots import Chart
from mtl_tutorial.runs import Run
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.worker import Worker

remembered: dict[str, Run] = {}  # what was trained in this process, so that it is trained once


@dataclass(frozen=True)
class Answer:
    """What the lab shows of an outcome; a notebook renders all of it.

    Attributes
    ----------
    figure
        Every task's curve beside its baseline.
    table
        One row a task.
    sentence
        The same in words.
    outcome
        The runs behind it.
    """

    figure: Chart
    table: pd.DataFrame
    sentence: str
    outcome: Outcome

    @classmethod
    def of(cls, outcome: Outcome, language: str = "en", metric: str = "score") -> Answer:
        chart = LiveChart(outcome.settings.tasks, language, metric)
        shown = (table(outcome, language), sentence(outcome, language))
        return cls(chart.show(outcome), *shown, outcome)

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table}"

    def _repr_html_(self) -> str:
        return as_html(self.figure.png(), self.sentence, self.table)


def as_html(picture: bytes, said: str, rows: pd.DataFrame) -> str:
    """Picture, sentence and table in one piece of HTML that needs nothing else."""
    data = base64.b64encode(picture).decode()
    words = html.escape(said)
    return (
        f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'
        f"<p>{words}</p>{rows.to_html(na_rep='–')}"
    )


def _trained(settings: Settings) -> Outcome:
    """In a worker, as the widget trains: a training that runs elsewhere is stopped, and Ctrl-C stops this one."""
    worker = Worker()
    worker.start(lambda report, stop: carry_out(settings, remembered, report, stop))
    try:
        *_, end = worker.follow()
    finally:
        worker.stop()
    if end.kind == "failed":
        raise end.value
    if not end.value.runs:
        raise RuntimeError("another training was started before this one had begun: call it again")
    return end.value


def sharing_lab(
    plan: SharingPlan | str = "all shared",
    *,
    live: bool = False,
    language: str = "en",
    metric: str = "score",
    **dials: Any,
) -> Answer:
    """What the Sharing Lab would show for these settings, without a widget.

    Parameters
    ----------
    plan
        Who shares which level; or the name of a preset: ``"separate"``, ``"embedding only"``,
        ``"lower half"``, ``"all shared"``, ``"ner low"``.
    live
        Train even where the shipped table of finished runs has the answer (over its seeds).
    language
        Of the words, ``"en"`` or ``"zh"``; also the corpus, unless `dials` names one.
    metric
        What the figure shows: ``"score"`` or ``"loss"``.
    dials
        The other attributes of `Settings`: ``corpus``, ``encoder``, ``labels``, ``relatedness``,
        ``epochs``, ``learning_rate``, ``weights``, ``seed``.

    Raises
    ------
    ValueError
        For an unknown preset, task, corpus or language.
    RuntimeError
        If another training of this process stopped this one at once; only one runs at a time.

    Examples
    --------
    >>> answer = sharing_lab("separate", language="en", labels={"person": 60})
    >>> list(answer.table.index)
    ['person', 'relation', 'sentiment', 'ner']
    """
    check_language(language)
    if isinstance(plan, str):
        if plan not in PRESETS:
            raise ValueError(f"unknown preset {plan!r}; choose one of {list(PRESETS)}")
        related = dials.get("relatedness") is not None
        plan = PRESETS[plan]((*TASKS, AUXILIARY) if related else TASKS)
    settings = Settings(plan, **{"corpus": language, **dials})
    outcome = None if live else look_up(settings)
    if outcome is None:
        outcome = _trained(settings)
    return Answer.of(outcome, language, metric)
