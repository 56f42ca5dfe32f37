"""What a plan brought: every task beside its single-task baseline, in figures and in words."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import pandas as pd

from mtl_tutorial.experiments import Experiment
from mtl_tutorial.lab import finished
from mtl_tutorial.lab.settings import Settings
from mtl_tutorial.runs import Run
from mtl_tutorial.scoring import spread

Verdict = Literal["gains", "loses", "same"]

MARGIN = 2.0
"""Points below which a difference counts as none when no spread over seeds is known."""


@dataclass(frozen=True, eq=False)  # tables cannot be asked whether they are equal
class Outcome:
    """The runs of one setting, one a seed, and those of its baselines.

    Attributes
    ----------
    settings
        What was set; its seed is that of the first run.
    runs
        The plan's runs.
    baselines
        Task → single-task runs; a task whose baseline is still missing is absent.
    """

    settings: Settings
    runs: tuple[Run, ...]
    baselines: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)

    @property
    def epoch(self) -> int:
        """The epoch that every run has reached; what is compared is compared there."""
        return min((int(run.header["epoch"]) for run in self.runs), default=0)

    def score(self, run: Run, task: str) -> float:
        """Validation score (0 to 1) of a run at `epoch`; NaN where it did not come that far."""
        return float(run.curve(task).get(self.epoch, math.nan))

    def broken_by(self, error: BaseException) -> Outcome:
        """The outcome of a training that an error ended: its unfinished runs say so."""
        why = f"{type(error).__name__}: {error}"
        runs = tuple(
            run
            if run.header["epoch"] == self.settings.epochs
            else replace(run, header={**run.header, "stopped": why})
            for run in self.runs
        )
        return replace(self, runs=runs)

    def changes(self) -> pd.DataFrame:
        """One row a task: ``labels, baseline, score`` (per cent), ``points, spread, seeds, verdict``.

        ``baseline`` and ``points``, the mean difference, are over the seeds that plan and baseline
        have in common.
        ``spread`` is the standard deviation of the differences over these seeds; of a single seed
        it is that of two independent runs, √2 times the baseline's over its seeds; NaN if there is
        nothing to know it from. The verdict is ``"same"`` unless the difference is larger than
        twice the spread (without a spread: than `MARGIN` points).
        """
        return self._changes.copy()

    @cached_property
    def _changes(self) -> pd.DataFrame:
        rows = {}
        for task in self.settings.tasks:
            ours = {run.header["seed"]: 100 * self.score(run, task) for run in self.runs}
            base = {
                run.header["seed"]: 100 * self.score(run, task)
                for run in self.baselines.get(task, ())
                if not math.isnan(self.score(run, task))
            }
            common = [seed for seed in ours if seed in base]
            points, around = math.nan, math.nan
            if common:
                points, around = spread([ours[seed] - base[seed] for seed in common])
            if math.isnan(around) and len(base) > 1:
                around = math.sqrt(2) * spread(list(base.values()))[1]
            rows[task] = {
                "labels": self.settings.labels[task],
                "baseline": spread([base[seed] for seed in common or base])[0]
                if base
                else math.nan,
                "score": spread(list(ours.values()))[0] if ours else math.nan,
                "points": points,
                "spread": around,
                "seeds": len(common),
                "verdict": _verdict(points, around) if common else None,
            }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("task")


def _verdict(points: float, around: float) -> Verdict:
    if not abs(points) > (MARGIN if math.isnan(around) else 2 * around):
        return "same"
    return "gains" if points > 0 else "loses"


def look_up(settings: Settings) -> Outcome | None:
    """What the shipped table of finished runs knows of these settings, over its seeds; None if nothing."""
    known = finished.load()
    seeded = [settings.with_seed(seed) for seed in finished.SEEDS]
    having = [s for s in seeded if s.experiment.key in known]
    if not having:
        return None
    runs = tuple(known[s.experiment.key] for s in having)
    return Outcome(having[0], runs, _baselines(having, known))


def unknown_baselines(settings: Settings, remembered: Mapping[str, Run]) -> list[str]:
    """The tasks whose baseline is neither in the table nor remembered, and has to be trained."""
    known = {**finished.load(), **remembered}
    return [task for task, baseline in settings.baselines.items() if baseline.key not in known]


def carry_out(
    settings: Settings,
    remembered: MutableMapping[str, Run],
    report: Callable[[Outcome], object],
    stop: threading.Event,
) -> Outcome:
    """Train by the plan, then the baselines that neither the table nor `remembered` knows.

    Parameters
    ----------
    settings
        What to train.
    remembered
        Key of an experiment → run; what is trained to its end is added.
    report
        Called with the outcome so far, from the first measurement on.
    stop
        Set it to end early; what was learned until then is returned (without runs if nothing was).
    """
    seeds = [settings.with_seed(s) for s in sorted({settings.seed, *finished.SEEDS})]
    baselines = _baselines(seeds, {**finished.load(), **remembered})

    def train(experiment: Experiment, watch: Callable[[Run], object]) -> Run:
        run = experiment.run(test=False, stop=stop, watch=watch)
        if not run.header["stopped"]:
            remembered[experiment.key] = run
        return run

    run = remembered.get(settings.experiment.key)
    if run is None:
        from mtl_tutorial import training  # noqa: F401 (seconds, the first time: Stop may come meanwhile)

        if stop.is_set():
            return Outcome(settings, (), baselines)
        run = train(
            settings.experiment,
            lambda run: report(Outcome(settings, (run,), dict(baselines))),
        )
        if run.interrupted and not run.header["epoch"]:
            return Outcome(settings, (), baselines)
    for task in unknown_baselines(settings, remembered):
        if stop.is_set():
            break
        others = baselines.get(task, ())

        def grown(base: Run, task: str = task, others: tuple[Run, ...] = others) -> None:
            baselines[task] = (*others, base)
            report(Outcome(settings, (run,), dict(baselines)))

        grown(train(settings.baselines[task], grown))
    return Outcome(settings, (run,), baselines)


def _baselines(seeded: Sequence[Settings], known: Mapping[str, Run]) -> dict[str, tuple[Run, ...]]:
    """Task → the known baseline runs of these settings."""
    found = {
        task: tuple(known[s.baselines[task].key] for s in seeded if s.baselines[task].key in known)
        for task in seeded[0].tasks
    }
    return {task: runs for task, runs in found.items() if runs}
