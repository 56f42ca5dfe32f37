"""The Sharing Lab without a mouse: the same figure, table and sentence from one call."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from typing import Any

import pandas as pd

from mtl_tutorial.arguments import flag, one_of
from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.chart import chart
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
class Display:
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
    def of(cls, outcome: Outcome, language: str = "en", metric: str = "score") -> Display:
        figure = chart(outcome, language, metric)
        return cls(figure, table(outcome, language), sentence(outcome, language), outcome)

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table}"

    def _repr_html_(self) -> str:
        """Write picture, sentence and table as one piece of HTML that needs nothing else."""
        data = base64.b64encode(self.figure.png()).decode()
        words = html.escape(self.sentence)
        return (
            f'<img alt="{words}" style="max-width:100%" src="data:image/png;base64,{data}">'
            f"<p>{words}</p>{self.table.to_html(na_rep='–')}"
        )


def _trained(settings: Settings) -> Outcome:
    """Train in a worker, as the widget does: it stops a training elsewhere, and Ctrl-C stops it."""
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
) -> Display:
    """Show what the Sharing Lab would for these settings, without a widget.

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
        ``epochs``, ``learning_rate``, ``weights``, ``balancing``, ``sampling``, ``agreement``, ``wide``, ``seed``.

    Raises
    ------
    ValueError
        For an unknown preset, task, corpus or language.
    RuntimeError
        If another training of this process stopped this one at once; only one runs at a time.

    Examples
    --------
    >>> shown = sharing_lab("separate", language="en", labels={"person": 60})
    >>> list(shown.table.index)
    ['person', 'relation', 'sentiment', 'ner']
    """
    check_language(language)
    one_of("metric", metric, ("score", "loss"))
    if isinstance(plan, str):
        one_of("plan", plan, PRESETS)
        related = dials.get("relatedness") is not None
        plan = PRESETS[plan]((*TASKS, AUXILIARY) if related else TASKS)
    settings = Settings(plan, **{"corpus": language, **dials})
    outcome = None if flag("live", live) else look_up(settings)
    if outcome is None:
        outcome = _trained(settings)
    return Display.of(outcome, language, metric)
