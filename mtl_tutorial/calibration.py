"""How hard the shipped corpus is, and what sharing does on it: the table of its data card.

Each target task is trained with few labels alone and beside one other task with 2,000 labels, over
seeds, with the same number of steps for all.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mtl_tutorial.corpora.people import folder
from mtl_tutorial.experiments import Experiment, run_all
from mtl_tutorial.scoring import with_spread

TARGETS = ("person", "relation", "sentiment")
COMPANIONS = ("relation", "person", "ner", "sentiment")
LABELS = (60, 200, 600, 6000)
COMPANION_LABELS = 2000
SEEDS = 5
RESULTS = "runs/calibration.csv"  # in the corpus' folder


def experiment(corpus: str, target: str, labels: int, companion: str, seed: int) -> Experiment:
    """One cell of the table, one seed; `companion` is ``"alone"`` or another task."""
    tasks = (target,) if companion == "alone" else (target, companion)
    return Experiment(
        model=companion if companion == "alone" else f"+ {companion}",
        tasks=tasks,
        corpus=corpus,
        labels={target: labels, **dict.fromkeys(tasks[1:], COMPANION_LABELS)},
        epochs=4,
        steps_per_epoch=250,
        learning_rate=3e-3,
        seed=seed,
    )


def cells() -> list[tuple[str, int, str]]:
    """(target, labels, companion) of every cell."""
    return [
        (target, labels, companion)
        for target in TARGETS
        for labels in LABELS
        for companion in ("alone", *COMPANIONS)
        if companion != target
    ]


def calibrate(corpora: Sequence[str], kept: Path | str, workers: int = 1) -> pd.DataFrame:
    """Run what is missing in `kept`, and write the test scores of all runs to `RESULTS`.

    Returns
    -------
    pandas.DataFrame
        Columns ``corpus, target, labels, companion, seed, accuracy``.
    """
    grid = [(c, *cell, seed) for c in corpora for cell in cells() for seed in range(SEEDS)]
    runs = run_all([experiment(*place) for place in grid], kept, workers)
    columns = ["corpus", "target", "labels", "companion", "seed"]
    table = pd.DataFrame(grid, columns=columns)
    table["accuracy"] = [
        round(run.final("test")[target], 4)
        for run, target in zip(runs, table["target"], strict=True)
    ]
    path = folder() / RESULTS
    others = load_results()
    others = others[~others["corpus"].isin(corpora)]
    table = pd.concat([others, table], ignore_index=True).sort_values("corpus", kind="stable")
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
    return table


def load_results() -> pd.DataFrame:
    """The shipped scores; an empty table where there are none yet."""
    path = folder() / RESULTS
    columns = ["corpus", "target", "labels", "companion", "seed", "accuracy"]
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=columns)


def as_markdown(table: pd.DataFrame, corpus: str) -> str:
    """The data card's table of one language: per cent right, mean ± standard deviation over seeds."""
    own = table[table["corpus"] == corpus]
    columns = ("alone", *COMPANIONS)
    lines = [
        "| target, labels | " + " | ".join(c if c == "alone" else f"+ {c}" for c in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for (target, labels), rows in own.groupby(["target", "labels"], sort=False):
        line = [f"{target}, {labels:,}"]
        for companion in columns:
            scores = rows.loc[rows["companion"] == companion, "accuracy"]
            line.append(with_spread(list(100 * scores)) if len(scores) else "")
        lines.append(f"| {' | '.join(line)} |")
    return "\n".join(lines) + "\n"
