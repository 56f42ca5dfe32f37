"""Sentences of the shipped corpus for tests: with true labels, or as they were shipped."""

import functools
import json

import pytest

from mtl_tutorial.corpora import people, people_en, people_zh
from mtl_tutorial.schemes import spans
from mtl_tutorial.text import tokenize

LEXICONS = {"zh": people_zh, "en": people_en}
LABELS = {
    "sentiment": people.SENTIMENTS,
    "person": people.PERSONS,
    "relation": people.RELATIONS,
}

both_languages = pytest.mark.parametrize("language", sorted(LEXICONS))


@functools.cache
def clean(language: str) -> list[dict]:
    """Sentences with true labels; not to be changed."""
    return people.sample(600, language, seed=3, noise=0)


@functools.cache
def shipped(language: str, split: str) -> list[dict]:
    """The lines of a shipped file, token tasks as lists; not to be changed."""
    file = people.folder() / language / f"{split}.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [{**row, "ner": row["ner"].split(), "role": row["role"].split()} for row in rows]


def phrases(row: dict, task: str) -> list[tuple[str, tuple[str, ...]]]:
    """Type and tokens of each span that a BIO task marks in a row."""
    tokens = tokenize(row["text"])
    return [(kind, tuple(tokens[start:end])) for start, end, kind in spans(row[task])]
