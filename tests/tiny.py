"""A handful of sentences whose labels follow from single words, for tests that train."""

import numpy as np

from mtl_tutorial.data import MultiTaskData
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
