"""Lesson 02's two baselines, tuned equally hard, and the table of their scores.

``python -m mtl_tutorial.lessons.baselines`` writes ``data/runs/lesson_02.csv`` anew. It can be
interrupted: finished trainings are kept in ``results/baselines`` and not repeated.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.corpora import people
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.experiment import shipped
from mtl_tutorial.scoring import score
from mtl_tutorial.startup import keras
from mtl_tutorial.tasks import MISSING

TABLE = people.folder() / "runs" / "lesson_02.csv"
GRID = {  # what is tried: the strength C of logistic regression; Adam's learning rate
    "bag of words": (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
    "classic": (0.0003, 0.001, 0.003, 0.01),
}
LABELS = {"sentiment": (6000,), "person": (60, 600, 6000), "relation": (6000,), "ner": (6000,)}
TUNING_SEEDS, SEEDS = 3, 5
EPOCHS, PATIENCE = 30, 4
EPOCH_SENTENCES = 640  # an epoch is at least so many: fewer are repeated


def classifier(
    vocabulary_size: int, num_labels: int, units: int = 64, per_token: bool = False
) -> keras.Model:
    """The classic classifier, as lesson 02 builds it: token ids [batch, time] → probabilities.

    They are [batch, num_labels], or with `per_token` [batch, time, num_labels].
    """
    tokens = keras.Input((None,), dtype="int32")
    x = keras.layers.Embedding(vocabulary_size, 100)(tokens)  # [batch, time, 100]
    x = keras.layers.Dense(units, activation="relu")(x)  # [batch, time, units]
    if not per_token:
        real = keras.ops.cast(tokens != 0, "float32")  # [batch, time]
        x = keras.ops.max(x * real[..., None], axis=1)  # [batch, units]
    x = keras.layers.Dropout(0.2)(x)
    return keras.Model(tokens, keras.layers.Dense(num_labels, activation="softmax")(x))


def labels_and_weights(y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Labels for Keras and their weights: 1 where there is a label, 0 (and a label that counts for nothing) elsewhere.

    Examples
    --------
    >>> labels_and_weights(np.array([3, -1]))
    (array([3, 0]), array([1., 0.], dtype=float32))
    """
    present = y != MISSING
    return np.where(present, y, 0), present.astype("float32")


@dataclass(frozen=True)
class Training:
    """One training: `setting` is C or the learning rate, `labels` the number of labeled sentences."""

    corpus: str
    task: str
    labels: int
    model: str
    setting: float
    seed: int


def answers(training: Training) -> dict[str, Any]:
    """Train, and answer the validation and the test sentences; nothing is scored on test here."""
    data = shipped(training.corpus).with_labels({training.task: training.labels}, training.seed)
    if training.model == "classic":
        return _classic(training, data)
    return _token_by_token(data) if training.task == "ner" else _bag_of_words(training, data)


def _classic(training: Training, data: MultiTaskData) -> dict[str, Any]:
    task, train, valid = data.tasks[training.task], data["train"], data["valid"]
    rows = np.flatnonzero(train.labeled(task.name))
    rows = np.resize(rows, max(len(rows), EPOCH_SENTENCES))
    keras.utils.set_random_seed(training.seed)
    model = classifier(len(data.vocabulary), len(task.labels), per_token=task.kind == "token")
    model.compile(
        keras.optimizers.Adam(training.setting),
        keras.losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight"),
        weighted_metrics=["accuracy"],
        jit_compile=False,
        steps_per_execution=10,
    )
    stopping = keras.callbacks.EarlyStopping(
        "val_accuracy", patience=PATIENCE, mode="max", restore_best_weights=True
    )
    y, weights = labels_and_weights(train.targets[task.name][rows])
    history = model.fit(
        train.inputs[rows],
        y,
        sample_weight=weights,
        validation_data=(valid.inputs, *labels_and_weights(valid.targets[task.name])),
        batch_size=64,
        epochs=EPOCHS,
        callbacks=[stopping],
        verbose=0,
    )
    found = {
        part: model.predict(data[part].inputs, batch_size=256, verbose=0).argmax(-1)
        for part in ("valid", "test")
    }
    return {"epochs": int(np.argmax(history.history["val_accuracy"])) + 1, **found}


def _bag_of_words(training: Training, data: MultiTaskData) -> dict[str, Any]:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from threadpoolctl import threadpool_limits

    train, y = data["train"], data["train"].targets[training.task]
    rows = np.flatnonzero(y != MISSING)
    model = make_pipeline(
        CountVectorizer(analyzer=list), LogisticRegression(C=training.setting, max_iter=1000)
    )
    with threadpool_limits(1):  # on tables this small, more threads only wait for each other
        model.fit([train.tokens[i] for i in rows], y[rows])
    return {part: model.predict(data[part].tokens) for part in ("valid", "test")}


def _token_by_token(data: MultiTaskData) -> dict[str, Any]:
    """The tag that each token has most often: for a token by itself nothing does better."""
    task, train = data.tasks["ner"], data["train"]
    counts = np.zeros((len(data.vocabulary), len(task.labels)))
    present = train.targets["ner"] != MISSING
    np.add.at(counts, (train.inputs[present], train.targets["ner"][present]), 1)
    counts[:, task.labels.index("O")] += 0.5  # for tokens that training does not show
    return {part: counts.argmax(axis=1)[data[part].inputs] for part in ("valid", "test")}


# -- the table


def grid(corpora: Iterable[str] = ("zh", "en")) -> list[Training]:
    """Every training by which a setting is chosen."""
    return [
        Training(corpus, task, labels, model, setting, seed)
        for corpus, (task, counts), (model, settings) in itertools.product(
            corpora, LABELS.items(), GRID.items()
        )
        for labels in counts
        for setting in (settings if (task, model) != ("ner", "bag of words") else (0.0,))
        for seed in range(TUNING_SEEDS if varies(model, labels) else 1)
    ]


def varies(model: str, labels: int) -> bool:
    """Whether seeds differ: logistic regression on all labels comes out the same each time."""
    return model == "classic" or labels < people.SIZES["train"]


def finished(trainings: Iterable[Training], kept: Path) -> Iterator[dict[str, Any]]:
    """What the trainings left behind, one after the other; what `kept` does not hold yet is trained."""
    kept.mkdir(parents=True, exist_ok=True)
    for training in trainings:
        file = kept / ("-".join(map(str, astuple(training))).replace(" ", "_") + ".npz")
        if not file.exists():
            aside = file.with_suffix(".part.npz")
            np.savez_compressed(aside, **answers(training))
            aside.replace(file)
        with np.load(file) as found:
            yield dict(found)


def make_table(kept: Path, corpora: Iterable[str] = ("zh", "en")) -> pd.DataFrame:
    """Tune by validation; then score the chosen settings, and no other, on test."""
    trainings = grid(corpora)
    cell = ["corpus", "task", "labels", "model"]
    tuned = pd.DataFrame(trainings)
    tuned["valid"] = [
        _score(t, found, "valid")
        for t, found in zip(trainings, finished(trainings, kept), strict=True)
    ]
    means = tuned.groupby([*cell, "setting"])["valid"].mean()
    best = means.groupby(cell).idxmax()
    chosen = [
        Training(corpus, task, labels, model, setting, seed)
        for corpus, task, labels, model, setting in best
        for seed in range(SEEDS if varies(model, labels) else 1)
    ]
    rows = []
    for training, found in zip(chosen, finished(chosen, kept), strict=True):
        scores = {part: _score(training, found, part) for part in ("valid", "test")}
        rows.append({**training.__dict__, "epochs": found.get("epochs"), **scores})
    table = pd.merge(tuned, pd.DataFrame(rows), how="outer")
    return table.sort_values([*cell, "setting", "seed"], ignore_index=True)


def scores(trainings: Iterable[Training], part: str, kept: Path) -> list[float]:
    """Score each training on one part; what `kept` does not hold yet is trained."""
    trainings = list(trainings)
    answered = zip(trainings, finished(trainings, kept), strict=True)
    return [_score(training, found, part) for training, found in answered]


def _score(training: Training, found: dict[str, Any], part: str) -> float:
    data = shipped(training.corpus)
    task = data.tasks[training.task]
    return round(score(task, data[part].targets[task.name], found[part]), 4)


if __name__ == "__main__":
    make_table(Path("results/baselines")).to_csv(TABLE, index=False, lineterminator="\n")
