"""Sentences of the shipped corpus in lessons, teachers' notes and cards: what is quoted is labeled rightly."""

from pathlib import Path

import numpy as np

from mtl_tutorial.corpora import people
from tests.people_sentences import both_languages, shipped

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    *ROOT.glob("notebooks/source/*.py"),
    *ROOT.glob("notebooks/*.md"),
    *ROOT.glob("*.md"),
    ROOT / "data" / "README.md",
]


def mislabeled(language: str) -> list[str]:
    """The shipped sentences with an error of annotation in any task."""
    names = [task.name for task in people.tasks() if task.labels]
    given, true = (people.load(language, names, noise=noise) for noise in (people.NOISE, 0))
    return [
        shipped(language, split)[i]["text"]
        for split in people.SIZES
        for i in np.flatnonzero([
            any((given[split].targets[name][i] != true[split].targets[name][i]).any() for name in names)
            for i in range(people.SIZES[split])
        ])
    ]  # fmt: skip


@both_languages
def test_no_quoted_sentence_is_labeled_wrongly(language):
    """Sentences that cells show are looked at by the lesson's own claims."""
    everything = "\n".join(document.read_text("utf-8") for document in DOCUMENTS)
    wrong = mislabeled(language)
    assert 0.1 < len(wrong) / sum(people.SIZES.values()) < 0.4
    assert [text for text in wrong if text in everything] == []
