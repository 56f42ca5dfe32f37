"""A handful of sentences whose labels follow from single words, and what trains on them in a second."""

import numpy as np

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.runs import Run
from mtl_tutorial.tasks import Task

WORDS = ["good", "bad", "aunt", "boss", "tea", "book", "and", "the"]
TASKS = [
    Task("mood", "sequence", ("bad", "good")),
    Task("person", "sequence", ("aunt", "boss")),
    Task("ner", "token", ("O", "B-PROD", "I-PROD")),
    Task("lm", "lm"),
]


def row(rng: np.random.Generator) -> dict:
    mood, person = rng.choice(["bad", "good"]), rng.choice(["aunt", "boss"])
    tokens = [str(word) for word in rng.choice(["and", "the"], size=rng.integers(0, 5))]
    tokens += ["the", str(person), str(mood), str(rng.choice(["tea", "book"]))]
    tags = ["O"] * (len(tokens) - 1) + ["B-PROD"]
    return {"tokens": tokens, "mood": str(mood), "person": str(person), "ner": tags}


def tiny_data(tasks: tuple[str, ...] = ("mood", "person", "ner"), n: int = 64) -> MultiTaskData:
    rng = np.random.default_rng(0)
    splits = {"train": n, "valid": 32, "test": 32}
    rows = {split: [row(rng) for _ in range(size)] for split, size in splits.items()}
    return MultiTaskData.from_rows(rows, [task for task in TASKS if task.name in tasks])


def small(data: MultiTaskData, **options):
    """A model of few parameters."""
    from mtl_tutorial.model import build_model

    return build_model(data, **{"units": 8, "embedding_dim": 8, **options})


def quickly(model, data: MultiTaskData, **options) -> Run:
    """A short training of it."""
    from mtl_tutorial.training import train

    return train(model, data, **{"epochs": 2, "progress": False, "learning_rate": 0.02, **options})
