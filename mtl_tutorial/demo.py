"""The course in one command: single-task baselines, one shared model, what it gained, and the curves."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from mtl_tutorial import plots
from mtl_tutorial.comparing import Difference, holm, paired_difference
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import run_all
from mtl_tutorial.runs import Run, save_runs, still_climbing

TASKS = ("person", "relation", "sentiment", "ner")
LABELS = {"person": 60, "relation": 2000, "sentiment": 2000, "ner": 2000}
GROUPS = [["person", "relation"], ["sentiment"], ["ner"]]  # who shares the encoders
PLAN = {"embedding": [list(TASKS)], "encoder_1": GROUPS, "encoder_2": GROUPS}
EPOCHS, STEPS, SEEDS = 5, 200, range(5)
SINGLE, SHARED = "single-task", "shared"


def experiments(corpus: str) -> list[Experiment]:
    """Train a single-task model for each task and one model of all four, over seeds.

    The shared model's tasks share the embedding; `person` and `relation` also share both encoders.
    Every model takes the same number of steps.
    """
    models = [(SINGLE, (task,), None) for task in TASKS] + [(SHARED, TASKS, PLAN)]
    return [
        Experiment(
            model=model,
            tasks=tasks,
            corpus=corpus,
            plan=plan,
            labels={task: LABELS[task] for task in tasks},
            epochs=EPOCHS,
            steps_per_epoch=STEPS,
            learning_rate=3e-3,
            seed=seed,
        )
        for model, tasks, plan in models
        for seed in SEEDS
    ]


def gains(runs: Sequence[Run]) -> dict[str, Difference]:
    """Task → what the shared model gains over the single-task one on test, seed by seed; judged together."""
    return holm(
        {
            task: paired_difference(_scores(runs, SHARED, task), _scores(runs, SINGLE, task))
            for task in TASKS
        }
    )


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """One row a task: test scores of both models in per cent, the gain with its interval, how long.

    ``still climbing`` names the models whose validation score rose to the end (`still_climbing`):
    their comparison is one of speed too.
    """
    found = gains(runs)
    rows = [
        {
            "task": task,
            "labels": LABELS[task],
            **{
                model: round(100 * float(np.mean(_scores(runs, model, task))), 1)
                for model in (SINGLE, SHARED)
            },
            "gain": round(found[task].mean, 1),
            "95 % interval": f"{found[task].low:+.1f} to {found[task].high:+.1f}",
            "verdict": found[task].verdict,
            "steps": EPOCHS * STEPS,
            "still climbing": " and ".join(
                model
                for model in (SINGLE, SHARED)
                if still_climbing(_having(runs, model, task), task)
            )
            or "no",
        }
        for task in TASKS
    ]
    return pd.DataFrame(rows).set_index("task")


def _having(runs: Sequence[Run], model: str, task: str) -> list[Run]:
    return [run for run in runs if run.header["model"] == model and task in run.header["scores"]]


def _scores(runs: Sequence[Run], model: str, task: str) -> list[float]:
    return [float(run.final("test")[task]) for run in _having(runs, model, task)]


def run_demo(corpus: str, out: Path) -> None:
    """Train, print the table, and leave it, all runs and two figures: curves and gains.

    A demo that was interrupted continues: its finished runs are kept.
    """
    out = Path(out) / corpus
    unfinished = out / "unfinished"
    todo = experiments(corpus)
    print(
        f"Training {len(todo)} models on the shipped corpus ({corpus}): "
        f"{len(TASKS)} tasks, single and shared, {len(SEEDS)} seeds."
    )
    runs = run_all(todo, unfinished, workers=os.cpu_count() or 1)
    shown = table(runs)
    single = [run for run in runs if run.header["model"] == SINGLE]
    shared = [run for run in runs if run.header["model"] == SHARED]
    print(
        f"\nTest scores in per cent, mean over {len(SEEDS)} seeds; gain: shared minus single-task, "
        f"paired by seed,\nin points; verdict: with Holm's correction over {len(TASKS)} claims.\n\n"
        f"{shown.to_string()}\n"
    )
    for name, group in (("single-task models", single), ("shared model", shared)):
        first = [run for run in group if run.header["seed"] == SEEDS[0]]
        seconds = sum(run.header["seconds"] for run in group) / len(SEEDS)
        parameters = sum(run.header["parameters"] for run in first)
        print(f"{len(first)} {name}: {parameters:,} parameters, {seconds:.0f} s of training a seed")

    curves = plots.learning_curves(
        {SINGLE: single, SHARED: shared}, baseline=SINGLE, language=corpus
    )
    curves.savefig(out / "learning_curves.png", dpi=150)
    plots.differences(gains(runs), language=corpus).savefig(out / "gains.png", dpi=150)
    shown.to_csv(out / "table.csv")
    save_runs(runs, out / "runs.csv")
    shutil.rmtree(unfinished)
    print(f"\nCurves, gains, the table and all runs are in {out}.")
