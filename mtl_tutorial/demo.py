"""The course in one command: single-task baselines, one shared model, a table and the curves."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mtl_tutorial import plots
from mtl_tutorial.experiments import Experiment, run_all
from mtl_tutorial.runs import Run, save_runs
from mtl_tutorial.scoring import in_words, with_spread

TASKS = ("person", "relation", "sentiment", "ner")
LABELS = {"person": 60, "relation": 2000, "sentiment": 2000, "ner": 2000}
GROUPS = [["person", "relation"], ["sentiment"], ["ner"]]  # who shares the encoders
PLAN = {"embedding": [list(TASKS)], "encoder_1": GROUPS, "encoder_2": GROUPS}
EPOCHS, STEPS, SEEDS = 6, 100, (0, 1, 2)
SINGLE, SHARED = "single-task", "shared"


def experiments(corpus: str) -> list[Experiment]:
    """A single-task model for each task and one model of all four, over seeds.

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


def table(runs: Sequence[Run]) -> pd.DataFrame:
    """One row a task: labels, test scores of both models over seeds in per cent, the difference."""
    rows = []
    for task in TASKS:
        scores = {
            model: [
                run.final("test")[task]
                for run in runs
                if run.header["model"] == model and task in run.header["scores"]
            ]
            for model in (SINGLE, SHARED)
        }
        rows.append({
            "task": task,
            "metric": runs[-1].header["scores"][task],
            "labels": LABELS[task],
            **{model: with_spread([100 * s for s in values]) for model, values in scores.items()},
            "sharing": in_words(scores[SHARED], scores[SINGLE]),
        })  # fmt: skip
    return pd.DataFrame(rows).set_index("task")


def run_demo(corpus: str, out: Path) -> None:
    """Train, print the table, and leave ``table.csv``, ``runs.csv`` and ``learning_curves.png``.

    Finished runs of a demo that was interrupted are taken up again.
    """
    out = Path(out) / corpus
    unfinished = out / "unfinished"
    todo = experiments(corpus)
    print(
        f"Training {len(todo)} models on the shipped corpus ({corpus}): "
        f"{len(TASKS)} tasks, single and shared, {len(SEEDS)} seeds."
    )
    runs = run_all(todo, unfinished, workers=min(2, os.cpu_count() or 1))
    shown = table(runs)
    single = [run for run in runs if run.header["model"] == SINGLE]
    shared = [run for run in runs if run.header["model"] == SHARED]
    print(
        f"\nTest scores in per cent, mean ± standard deviation over seeds {SEEDS}:\n\n{shown.to_string()}\n"
    )
    for name, group in (("single-task models", single), ("shared model", shared)):
        first = [run for run in group if run.header["seed"] == SEEDS[0]]
        seconds = sum(run.header["seconds"] for run in group) / len(SEEDS)
        parameters = sum(run.header["parameters"] for run in first)
        print(f"{len(first)} {name}: {parameters:,} parameters, {seconds:.0f} s of training a seed")

    figure = plots.learning_curves({SINGLE: single, SHARED: shared}, baseline=SINGLE)
    figure.savefig(out / "learning_curves.png", dpi=150)
    shown.to_csv(out / "table.csv")
    save_runs(runs, out / "runs.csv")
    shutil.rmtree(unfinished)
    print(f"\nThe curves are in {out / 'learning_curves.png'}, the table and all runs beside them.")
