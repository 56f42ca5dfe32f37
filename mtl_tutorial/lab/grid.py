"""The grid of settings whose runs the course ships, finished: they answer the presets at once.

Five seeds of 2,400 steps in both languages, and all their single-task baselines: few settings, but
trained until most curves are flat. ``python -m mtl_tutorial lab-table`` makes it; what is finished is
kept when it is killed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from mtl_tutorial.corpora.people import folder
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import run_all
from mtl_tutorial.lab.board import row_wise
from mtl_tutorial.lab.settings import TARGET, TASKS, Settings
from mtl_tutorial.runs import Run, load_runs, save_runs
from mtl_tutorial.sharing import LEVELS

CORPORA, SEEDS = ("zh", "en"), range(5)
FEW, MANY = {TARGET: 60}, {TARGET: 2000}
"""Labels of ``person``."""
EPOCHS = 24
"""Epochs of every run."""
PLANS = {
    shared: row_wise(TASKS, shared)
    for count in range(len(LEVELS) + 1)
    for shared in itertools.combinations(LEVELS, count)
}
"""Levels that all tasks share → plan: each level shared by all or by none, eight plans."""
NESTED = tuple(PLANS[LEVELS[:count]] for count in range(len(LEVELS) + 1))
"""Those of them that share from below: *separate*, *embedding only*, *lower half*, *all shared*."""

METHODS = ("log_labels", "uncertainty", "imtl_g", "pcgrad")
"""Weightings and combiners in place of the plain sum, in every nested plan that shares something."""


def settings() -> Iterator[Settings]:
    """List every setting of the table, with its first seed."""
    everything = NESTED[-1]
    for corpus in CORPORA:
        for plan in PLANS.values():
            yield Settings(plan, corpus, labels=FEW, epochs=EPOCHS)
        yield Settings(everything, corpus, labels=FEW, epochs=EPOCHS, wide=True)
        for plan, method in itertools.product(NESTED[1:], METHODS):
            yield Settings(plan, corpus, labels=FEW, epochs=EPOCHS, balancing=method)
        for plan in NESTED:
            yield Settings(plan, corpus, labels=MANY, epochs=EPOCHS)


def experiments() -> list[Experiment]:
    """List every training of the table, baselines included; none twice."""
    found = {}
    for setting, seed in itertools.product(settings(), SEEDS):
        seeded = replace(setting, seed=seed)
        for experiment in (seeded.experiment, *seeded.baselines.values()):
            found[experiment.key] = experiment
    return list(found.values())


def make(kept: Path | str, workers: int = 1) -> Path:
    """Run what is missing in the folder `kept`, and write the table; give its path."""
    runs = run_all(experiments(), kept, workers)
    path = table()
    save_runs(runs, path)
    load.cache_clear()
    return path


def table() -> Path:
    """Find the table: where it lies, or is to lie."""
    return folder() / "runs" / "sharing_lab.csv.gz"


@cache
def load() -> dict[str, Run]:
    """Read the table: key of an experiment → its run; empty where there is none."""
    return {run.name: run for run in load_runs(table())} if table().exists() else {}


def find(experiment: Experiment) -> Run | None:
    """Find a training in the table; one with fewer epochs is the beginning of a longer one.

    No learning rate falls with the epochs, so that the beginning does not depend on the end.
    """
    if experiment.epochs > EPOCHS:
        return None
    whole = load().get(replace(experiment, epochs=EPOCHS).key)
    return whole and whole.until(experiment.epochs)
