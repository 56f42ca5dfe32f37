"""Lesson 02's gallery: five trainings that all run to the end; four of them have a bug.

``python -m mtl_tutorial.lessons.silent_bugs`` writes their curves, ``data/runs/lesson_02_bugs.csv``,
anew. Reading on before you have looked at the curves spoils the riddle.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.corpora import people
from mtl_tutorial.data import MultiTaskData, Split
from mtl_tutorial.lessons.baselines import classifier
from mtl_tutorial.startup import keras

TABLE = people.folder() / "runs" / "lesson_02_bugs.csv"
SENTENCES, EPOCHS = 1000, 8
CROSS_ENTROPY = keras.losses.sparse_categorical_crossentropy


def arrays(split: Split, sentences: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and `person` labels of the first sentences of a part."""
    return split.inputs[:sentences], split.targets["person"][:sentences]


def healthy(data: MultiTaskData, seed: int) -> pd.DataFrame:
    train, valid = arrays(data["train"], SENTENCES), arrays(data["valid"])
    return curves(data, seed, train, valid)


def labels_of_the_test_file(data: MultiTaskData, seed: int) -> pd.DataFrame:
    train, valid = arrays(data["train"], SENTENCES), arrays(data["valid"])
    _, y_test = arrays(data["test"], SENTENCES)
    return curves(data, seed, (train[0], y_test), valid)


def loss_called_the_wrong_way_round(data: MultiTaskData, seed: int) -> pd.DataFrame:
    def loss(y: Any, p: Any) -> Any:
        return keras.losses.categorical_crossentropy(p, keras.ops.one_hot(y, p.shape[-1]))

    train, valid = arrays(data["train"], SENTENCES), arrays(data["valid"])
    return curves(data, seed, train, valid, loss)


def ids_without_padding(data: MultiTaskData, seed: int) -> pd.DataFrame:
    train, (x, y) = arrays(data["train"], SENTENCES), arrays(data["valid"])
    laid_end_to_end = x[x > 0]
    return curves(data, seed, train, (np.resize(laid_end_to_end, x.shape), y))


def validated_on_training_data(data: MultiTaskData, seed: int) -> pd.DataFrame:
    train = arrays(data["train"], SENTENCES)
    return curves(data, seed, train, train)


GALLERY: dict[str, Callable[[MultiTaskData, int], pd.DataFrame]] = {
    "healthy": healthy,
    "A": ids_without_padding,
    "B": validated_on_training_data,
    "C": loss_called_the_wrong_way_round,
    "D": labels_of_the_test_file,
}


def curves(
    data: MultiTaskData,
    seed: int,
    train: tuple[np.ndarray, np.ndarray],
    valid: tuple[np.ndarray, np.ndarray],
    loss: Callable = CROSS_ENTROPY,
) -> pd.DataFrame:
    """Train the classic classifier: columns ``loss, accuracy, val_loss, val_accuracy``, a row an epoch."""
    keras.utils.set_random_seed(seed)
    model = classifier(len(data.vocabulary), len(data.tasks["person"].labels))
    fast = {"jit_compile": False, "steps_per_execution": 8}
    model.compile(keras.optimizers.Adam(0.003), loss, metrics=["accuracy"], **fast)
    history = model.fit(
        *train, validation_data=valid, validation_batch_size=500, epochs=EPOCHS, verbose=0
    )
    return pd.DataFrame(history.history, index=range(1, EPOCHS + 1))


# -- the table


def make_table() -> pd.DataFrame:
    """Train all five in both languages: what `curves` gives, with columns ``corpus`` and ``training``."""
    return pd.concat(
        [
            train_it(people.load(corpus), 0).assign(corpus=corpus, training=name)
            for corpus in ("zh", "en")
            for name, train_it in GALLERY.items()
        ]
    )


def finished(corpus: str) -> dict[str, pd.DataFrame]:
    """The finished trainings on one corpus, in the order of `GALLERY`: what `curves` gave."""
    rows = pd.read_csv(TABLE, index_col="epoch").query("corpus == @corpus")
    return {name: rows[rows["training"] == name] for name in GALLERY}


if __name__ == "__main__":
    make_table().to_csv(TABLE, index_label="epoch", float_format="%.5f", lineterminator="\n")
