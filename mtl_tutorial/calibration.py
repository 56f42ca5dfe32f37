"""How hard the shipped corpus is, and what sharing does on it: the table of its data card.

`TARGET` is trained with few labels alone and beside one other task with 2,000 labels, over seeds,
both for the same number of steps; beside them stands a tuned bag of words.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from mtl_tutorial.comparing import Difference, holm, paired_difference
from mtl_tutorial.corpora.people import folder
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import run_all
from mtl_tutorial.runs import rose

TARGET = "person"
STEPS = {
    60: 600,
    200: 800,
    600: 1200,
    6000: 1600,
}  # labels → steps, after which the curves are flat
COMPANIONS = {  # beside whom it is trained → the other task, and the knob of the corpus
    "alone": (None, None),
    "relation": ("relation", None),
    "sentiment": ("sentiment", None),
    "alone, agreement 0": (None, 0.0),
    "relation, agreement 0": ("relation", 0.0),
}
BAG = "bag of words"
FEW = (60, 200)  # labels with which the bag of words is tuned
COMPANION_LABELS = 2000
EPOCHS, SEEDS = 8, 5
RESULTS = "runs/calibration.csv"  # in the corpus' folder
COLUMNS = ["corpus", "target", "labels", "companion", "seed", "accuracy", "valid", "valid_before"]


def experiment(corpus: str, labels: int, companion: str, seed: int) -> Experiment:
    """One cell of the table, one seed; `companion` is one of `COMPANIONS`."""
    other, agreement = COMPANIONS[companion]
    tasks = (TARGET,) if other is None else (TARGET, other)
    return Experiment(
        model=companion,
        tasks=tasks,
        corpus=corpus,
        labels={TARGET: labels, **dict.fromkeys(tasks[1:], COMPANION_LABELS)},
        agreement=agreement,
        epochs=EPOCHS,
        steps_per_epoch=STEPS[labels] // EPOCHS,
        learning_rate=3e-3,
        seed=seed,
    )


def cells() -> list[tuple[int, str]]:
    """(labels, companion) of every cell with a network; without agreement, 60 labels alone."""
    return [
        (labels, companion)
        for labels in STEPS
        for companion, (_, agreement) in COMPANIONS.items()
        if agreement is None or labels == min(STEPS)
    ]


def calibrate(corpora: Sequence[str], kept: Path | str, workers: int = 1) -> pd.DataFrame:
    """Run what is missing in `kept`, and write the scores of all runs to `RESULTS`.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`: accuracy on test, and on validation at the end and before the last
        quarter of the steps (none for the bag of words, which has no steps).
    """
    grid = [(c, *cell, seed) for c in corpora for cell in cells() for seed in range(SEEDS)]
    runs = run_all([experiment(*place) for place in grid], kept, workers)
    rows = []
    for (corpus, *place), run in zip(grid, runs, strict=True):
        curve = run.curve(TARGET)
        ends = (run.final("test")[TARGET], curve[EPOCHS], curve[EPOCHS - EPOCHS // 4])
        rows.append((corpus, TARGET, *place, *(round(end, 4) for end in ends)))
    for corpus in corpora:
        rows.extend(_bags_of_words(corpus, Path(kept) / "bags"))
    path = folder() / RESULTS
    others = load_results()
    new = pd.DataFrame(rows, columns=COLUMNS)
    table = pd.concat([others[~others["corpus"].isin(corpora)], new], ignore_index=True)
    table = table.sort_values("corpus", kind="stable")
    path.parent.mkdir(exist_ok=True)
    table.to_csv(path, index=False, lineterminator="\n")
    return table


def _bags_of_words(corpus: str, kept: Path) -> Iterable[tuple]:
    """Tune a bag of words by validation for each number of labels, and score the setting chosen on test."""
    from mtl_tutorial.lessons import baselines

    for labels in FEW:
        tried = {
            setting: [
                baselines.Training(corpus, TARGET, labels, BAG, setting, seed)
                for seed in range(SEEDS)
            ]
            for setting in baselines.GRID[BAG]
        }
        valid = {
            setting: sum(baselines.scores(trainings, "valid", kept))
            for setting, trainings in tried.items()
        }
        best = tried[max(valid, key=valid.__getitem__)]
        for training, score in zip(best, baselines.scores(best, "test", kept), strict=True):
            yield corpus, TARGET, labels, BAG, training.seed, score, None, None


def load_results() -> pd.DataFrame:
    """The shipped scores; an empty table where there are none yet."""
    path = folder() / RESULTS
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=COLUMNS)


def gains(table: pd.DataFrame, corpus: str) -> dict[str, Difference]:
    """ "60 relation" (labels, companion) → what it gains over the network alone, seed by seed.

    All are judged together. What was trained without agreement is compared with what was alone
    without it.
    """
    scores = {
        (labels, companion): list(_cell(table, corpus, labels, companion)["accuracy"])
        for labels, companion in (*cells(), *((labels, BAG) for labels in FEW))
    }
    return holm(
        {
            f"{labels} {companion}": paired_difference(found, scores[labels, baseline])
            for (labels, companion), found in scores.items()
            if (baseline := _baseline(companion)) != companion
        }
    )


def _baseline(companion: str) -> str:
    return "alone, agreement 0" if companion.endswith("agreement 0") else "alone"


def climbing(table: pd.DataFrame, corpus: str) -> list[tuple[int, str]]:
    """The cells whose validation score `rose` in the last quarter of the steps."""
    rows = {cell: _cell(table, corpus, *cell) for cell in cells()}
    return [
        cell
        for cell, own in rows.items()
        if rose(own["valid"].to_list(), own["valid_before"].to_list())
    ]


def _cell(table: pd.DataFrame, corpus: str, labels: int, companion: str) -> pd.DataFrame:
    """The rows of one cell, one a seed."""
    place = {"corpus": corpus, "labels": labels, "companion": companion}
    return table[(table[list(place)] == list(place.values())).all(axis=1)]


def as_markdown(table: pd.DataFrame, corpus: str) -> str:
    """The data card's table of one language: per cent right, and gains in points with their intervals."""
    found, still = gains(table, corpus), climbing(table, corpus)
    means = table[table["corpus"] == corpus].groupby(["labels", "companion"])["accuracy"].mean()
    lines = [
        "| labels | steps | beside | per cent right | against alone |",
        "|---:|---:|---|---:|---|",
    ]
    for labels, count in STEPS.items():
        for companion in (*COMPANIONS, BAG):
            if (labels, companion) not in means:
                continue
            gain = found.get(f"{labels} {companion}")
            told = (
                ""
                if gain is None
                else f"{gain.verdict}: {gain.mean:+.1f} ({gain.low:+.1f} to {gain.high:+.1f})"
            )
            steps = "" if companion == BAG else f"{count:,}"
            name = companion + (", still climbing" if (labels, companion) in still else "")
            lines.append(
                f"| {labels:,} | {steps} | {name} | {100 * means[labels, companion]:.1f} | {told} |"
            )
    return "\n".join(lines) + "\n"
