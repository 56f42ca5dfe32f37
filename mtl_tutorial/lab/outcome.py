"""What a plan brought: every task beside its single-task baseline, in figures and in words."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from mtl_tutorial.comparing import LEVEL, paired_difference
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.lab import grid
from mtl_tutorial.lab.settings import Settings
from mtl_tutorial.reasons import reason
from mtl_tutorial.runs import Run
from mtl_tutorial.scoring import spread

RECORD = 10
"""Every so many steps the tasks' gradients are compared, where several are trained."""


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
        """Look up a run's validation score (0 to 1) at `epoch`; NaN if it did not come that far."""
        return float(run.curve(task).get(self.epoch, math.nan))

    def broken_by(self, error: BaseException) -> Outcome:
        """Note that an error ended the training: its unfinished runs say so."""
        why = reason("error", said=f"{type(error).__name__}: {error}")
        runs = tuple(
            run
            if run.header["epoch"] == self.settings.epochs
            else replace(run, header={**run.header, "stopped": why})
            for run in self.runs
        )
        return replace(self, runs=runs)

    def changes(self) -> pd.DataFrame:
        """Compare by task: ``labels, baseline, score, points, low, high, spread, seeds, verdict``.

        Scores in per cent, differences in points. ``baseline`` and ``points``, the mean difference,
        are over the seeds that plan and baseline have in common; ``low`` and ``high`` are the ends
        of its 95 % interval (see `paired_difference`), ``spread`` is the standard deviation of the
        differences. Of a single seed they come from the baseline's other seeds, where it has some:
        two independent runs differ by √2 times what one of them varies. The verdict is
        ``"cannot tell"`` if the interval holds 0, and None if there is no interval.
        """
        return self._changes.copy()

    @cached_property
    def _changes(self) -> pd.DataFrame:
        rows = {}
        for task in self.settings.tasks:
            ours = self._scores(self.runs, task)
            base = self._scores(self.baselines.get(task, ()), task)
            common = [seed for seed in ours if seed in base]
            rows[task] = {
                "labels": self.settings.labels[task],
                "baseline": _mean([base[seed] for seed in common or base]),
                "score": _mean([*ours.values()]),
                **_compared([ours[s] for s in common], [base[s] for s in common], [*base.values()]),
            }
        table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("task")
        verdicts = [row["verdict"] for row in rows.values()]
        return table.assign(verdict=pd.Series(verdicts, table.index, dtype=object))  # None stays

    def _scores(self, runs: Sequence[Run], task: str) -> dict[int, float]:
        """Score the runs: seed → per cent, of those that have a score."""
        scores = {run.header["seed"]: 100 * self.score(run, task) for run in runs}
        return {seed: score for seed, score in scores.items() if not math.isnan(score)}


def _compared(ours: list[float], base: list[float], all_base: list[float]) -> dict[str, object]:
    """Compare a plan with its baseline, from scores in per cent."""
    found: dict[str, object] = dict.fromkeys(("points", "low", "high", "spread"), math.nan)
    found |= {"seeds": len(ours), "verdict": None}
    if not ours:
        return found
    one = paired_difference([x / 100 for x in ours], [x / 100 for x in base])
    low, high, around, verdict = one.low, one.high, one.deviation, one.verdict
    if len(ours) == 1 and len(all_base) > 1:
        low, high, around = _of_one_seed(one.mean, all_base)
        verdict = "gains" if low > 0 else "loses" if high < 0 else "cannot tell"
    elif one.mean == 0 == one.deviation:  # the same to the last digit
        low, high, verdict = 0.0, 0.0, "cannot tell"
    return found | {
        "points": one.mean, "low": low, "high": high, "spread": around, "verdict": verdict,
    }  # fmt: skip


def _of_one_seed(points: float, base: list[float]) -> tuple[float, float, float]:
    """Estimate low, high and spread of a difference seen once from the baseline's other seeds."""
    from scipy.special import stdtrit

    around = math.sqrt(2) * spread(base)[1]
    reach = float(stdtrit(len(base) - 1, 1 - LEVEL / 2)) * around
    return points - reach, points + reach, around


def _mean(values: list[float]) -> float:
    return spread(values)[0] if values else math.nan


def look_up(settings: Settings) -> Outcome | None:
    """Look these settings up in the shipped table, over its seeds; None if nothing is known."""
    seeded = [settings.with_seed(seed) for seed in grid.SEEDS]
    found = [(s, run) for s in seeded if (run := grid.find(s.experiment))]
    if not found:
        return None
    having, runs = zip(*found, strict=True)
    return Outcome(having[0], runs, _baselines(having, {}))


def unknown_baselines(settings: Settings, remembered: Mapping[str, Run]) -> list[str]:
    """List the tasks whose baseline has to be trained: neither in the table nor remembered."""
    baselines = settings.baselines.items()
    return [task for task, baseline in baselines if not _find(baseline, remembered)]


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
    seeds = [settings.with_seed(s) for s in sorted({settings.seed, *grid.SEEDS})]
    baselines = _baselines(seeds, remembered)

    def train(experiment: Experiment, watch: Callable[[Run], object]) -> Run:
        record = RECORD if len(experiment.tasks) > 1 else None
        run = experiment.run(test=False, stop=stop, watch=watch, record=record)
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


def _find(experiment: Experiment, remembered: Mapping[str, Run]) -> Run | None:
    """Find a run in the table or among those `remembered`."""
    return remembered.get(experiment.key) or grid.find(experiment)


def _baselines(
    seeded: Sequence[Settings], remembered: Mapping[str, Run]
) -> dict[str, tuple[Run, ...]]:
    """Collect the known baseline runs of these settings: task → runs."""
    found = {
        task: tuple(run for s in seeded if (run := _find(s.baselines[task], remembered)))
        for task in seeded[0].tasks
    }
    return {task: runs for task, runs in found.items() if runs}
