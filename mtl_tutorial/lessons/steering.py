"""Lesson 11's writers: language models whose weights are shipped, and what measures their sentences.

``python -m mtl_tutorial.lessons.steering`` trains them anew, two to three minutes of one core each,
and writes ``data/runs/lesson_11_writer_<language>.npz``, and beside it those of the writer that is
told of the label at every step, ``lesson_11_writer_<language>_every_step.npz``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from mtl_tutorial.corpora import people
from mtl_tutorial.corpora.people_recognition import verdicts
from mtl_tutorial.data import MultiTaskData, Split
from mtl_tutorial.generation import for_generation
from mtl_tutorial.model import MultiTaskModel, build_model
from mtl_tutorial.text import join_tokens
from mtl_tutorial.training import train

ROUNDS = 10
"""Rounds over the sentences behind the shipped weights."""
FRAGMENT = 8
"""Tokens in a row that may be copied from training."""
SIZE: dict[str, Any] = {"units": 64, "embedding_dim": 64, "dropout": 0.1}
PACE: dict[str, Any] = {
    "epochs": 1, "batch_size": 16, "learning_rate": 3e-3, "cosine": True, "by_length": True,
    "validation": None, "progress": False,
}  # fmt: skip


def untrained(language: str, every_step: bool = False) -> tuple[MultiTaskModel, MultiTaskData]:
    """Build a language model of sentiment and text, and give the data that it is for.

    With `every_step` each token is told of the label, not only by the mark in front.
    """
    data = for_generation(people.load(language, ["sentiment"]))
    model = build_model(data, encoder="transformer", carry_marks=every_step, **SIZE)
    return model, data


def weights(language: str, every_step: bool = False) -> Path:
    """Where the shipped weights of a language lie, as float16."""
    name = f"lesson_11_writer_{language}{'_every_step' if every_step else ''}.npz"
    return people.folder() / "runs" / name


def writer(language: str, every_step: bool = False) -> MultiTaskModel:
    """Load the language model that was trained for `ROUNDS` rounds."""
    model, _ = untrained(language, every_step)
    with np.load(weights(language, every_step)) as kept:
        model.set_weights([kept[name].astype("float32") for name in kept.files])
    return model


def write_weights(language: str, every_step: bool = False) -> None:
    """Train the writer of a language, and keep its weights."""
    model, data = untrained(language, every_step)
    train(model, data, **{**PACE, "epochs": ROUNDS})
    kept = [array.astype("float16") for array in model.get_weights()]
    np.savez_compressed(weights(language, every_step), *kept)


def fragments(tokens: Sequence[str], length: int = FRAGMENT) -> list[tuple[str, ...]]:
    """List all runs of `length` tokens.

    Examples
    --------
    >>> fragments(["a", "b", "c"], 2)
    [('a', 'b'), ('b', 'c')]
    """
    return [tuple(tokens[i : i + length]) for i in range(len(tokens) - length + 1)]


def measures(
    sentences: Iterable[Sequence[str]], wanted: str, training: Split, language: str
) -> dict[str, float]:
    """Judge sentences, as lists of tokens: each measure a share from 0 to 1, but ``tokens``.

    Returns
    -------
    dict
        ``grammatical``: the grammar can say it; ``meant``: and could mean `wanted`, of the
        grammatical ones; ``copied``: it stands in training as a whole; ``fragments``: of its runs of `FRAGMENT` tokens those that stand there; ``distinct``: of all
        runs of three tokens the different ones; ``tokens``: length on average.
    """
    sentences = [tuple(tokens) for tokens in sentences]
    whole = set(training.tokens)
    known = {run for tokens in training.tokens for run in fragments(tokens)}
    readings = [verdicts(join_tokens(tokens), language) for tokens in sentences]
    said = [found for found in readings if found]
    runs = [run for tokens in sentences for run in fragments(tokens)]
    threes = [run for tokens in sentences for run in fragments(tokens, 3)]
    return {
        "grammatical": len(said) / len(readings),
        "meant": float(np.mean([wanted in found for found in said])) if said else float("nan"),
        "copied": float(np.mean([tokens in whole for tokens in sentences])),
        "fragments": float(np.mean([run in known for run in runs])) if runs else 0.0,
        "distinct": len(set(threes)) / max(len(threes), 1),
        "tokens": float(np.mean([len(tokens) for tokens in sentences])),
    }


if __name__ == "__main__":
    for language, every_step in product(("zh", "en"), (False, True)):
        write_weights(language, every_step)
