"""Labels of a sentence of the shipped corpus: the true ones, and an annotator's errors."""

import random
from collections.abc import Collection, Sequence
from typing import Any

from mtl_tutorial.corpora.people_grammar import (
    ENTITIES,
    MARK,
    PERSONS,
    RELATIONS,
    ROLES,
    SENTIMENTS,
    Sentence,
)
from mtl_tutorial.text import token_places

MAX_TOKENS = 44

_Span = tuple[int, int, str]  # first character, the one behind the last, type


def annotate(sentence: Sentence) -> dict[str, Any] | None:
    """Note a sentence's text and true labels; None if it is too long or a span ends in mid-token."""
    text, spans = _unmark(sentence.text())
    borders = token_places(text)
    cuts = {cut for border in borders for cut in border}
    if len(borders) > MAX_TOKENS or any(not {start, end} <= cuts for start, end, _ in spans):
        return None
    return {
        "text": text,
        "sentiment": sentence.sentiment,
        "person": sentence.person_class,
        "relation": sentence.relation,
        "ner": _tags(borders, [span for span in spans if span[2] in ENTITIES]),
        "role": _tags(borders, [span for span in spans if span[2] in ROLES]),
    }


def _unmark(marked: str) -> tuple[str, list[_Span]]:
    """Take the marks out of a text; give the spans that they marked as well."""
    text, spans, opened, last = "", [], [], 0
    for mark in MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if mark[1]:
            opened.append((len(text), mark[1]))
        else:
            start, kind = opened.pop()
            spans.append((start, len(text), kind))
    return text + marked[last:], spans


def _tags(borders: Sequence[tuple[int, int]], spans: Sequence[_Span]) -> list[str]:
    """Write spans that do not overlap as BIO tags, one a token."""
    tags = ["O"] * len(borders)
    for first, last, kind in spans:
        for i, (start, end) in enumerate(borders):
            if first <= start and end <= last:
                tags[i] = f"{'B' if start == first else 'I'}-{kind}"
    return tags


def spoil(row: dict[str, Any], rng: random.Random, noise: float) -> None:
    """Make annotation errors: replace each label, forget or mistype each entity, at rate `noise`."""
    for task, labels in (("sentiment", SENTIMENTS), ("person", PERSONS), ("relation", RELATIONS)):
        if rng.random() < noise:
            wrong = [label for label in labels if label != row[task]]
            row[task] = wrong[int(rng.random() * len(wrong))]
    spoil_spans(row["ner"], ENTITIES, rng, noise)


def spoil_spans(tags: list[str], types: Collection[str], rng: random.Random, noise: float) -> None:
    """Make annotation errors in BIO tags: forget or mistype each span at rate `noise`."""
    for start, tag in enumerate(tags):
        if tag.startswith("B-") and rng.random() < noise:
            other = ("O", *(kind for kind in types if kind != tag[2:]))[
                int(rng.random() * len(types))
            ]
            end = start + 1
            while end < len(tags) and tags[end].startswith("I-"):
                end += 1
            tags[start:end] = (
                ["O"] * (end - start)
                if other == "O"
                else [f"B-{other}"] + [f"I-{other}"] * (end - start - 1)
            )
