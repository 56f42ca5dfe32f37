"""Weibo NER: Chinese microblog messages, character by character; who and what is spoken of.

===================  ===========================================================================
``named``            names of people (PER), places (LOC), organizations (ORG) and states, regions
                     or cities (GPE), in BIO
``nominal``          the same mentioned by a common noun, such as 女人
``words``            where words begin and end, as jieba cut them: B(egin), M(iddle), E(nd), S(ingle)
``mentions_person``  whether the message mentions a person, by name or by noun
===================  ===========================================================================

These are the revised labels ("2nd"), on which all papers since 2016 stand.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from mtl_tutorial.conll import conll_rows
from mtl_tutorial.corpora.card import Card
from mtl_tutorial.corpora.download import fetch, pins
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.tasks import Task

ENTITIES = ("PER", "LOC", "ORG", "GPE")

CARD = Card(
    name="Weibo NER",
    about="Chinese microblog messages with named and nominal mentions and word boundaries",
    languages=("zh",),
    source="github.com/hltcoe/golden-horse at 7a73c08, the revised labels (weiboNER_2nd_conll)",
    license="labels CC BY-SA 3.0; the messages follow Weibo's terms of service, so they are "
    "downloaded and never passed on",
    citation="Peng and Dredze 2015, D15-1064; for the revision He and Sun 2016, arXiv:1611.04234",
    counts={"train": 1_350, "valid": 270, "test": 270},
    problems=(
        "42 validation and 40 test messages occur in training word for word, 11 of these 40 with "
        "other labels than there: report test scores with and without them.",
        "14 mentions begin with I- (10 in training, 4 in test); here they begin with B-.",
        "44 characters are broken emoji, two U+FFFD; each is kept as one token.",
        "33 digits and letters of full width are read as those of half width.",
        "In training one word lacks a character between its first and its third.",
    ),
    files=pins(
        "https://raw.githubusercontent.com/hltcoe/golden-horse/"
        "7a73c08e45ed94312af4ef2d97cc35a47d029e99/data",
        "weibo_ner",
        {
            "weiboNER_2nd_conll.train": (536_039, "4e8954c54ab33b0afc9a8abb85715c47422645cc6d1b49fdb24540f4a427e997"),
            "weiboNER_2nd_conll.dev": (105_881, "e72730d83aac680505280b6301c879b3ba470d29ac308979d48cdc58ee4907cc"),
            "weiboNER_2nd_conll.test": (108_767, "faaf6c0ebde5348b935cfd5c89f0f22c9e0779d60667d8b5efbc647b6707d50e"),
        },
    ),
)  # fmt: skip


def tasks() -> list[Task]:
    """The corpus' tasks."""
    return [
        Task.bio("named", ENTITIES),
        Task.bio("nominal", ENTITIES),
        Task("words", "token", ("B", "M", "E", "S"), score="accuracy"),
        Task("mentions_person", "sequence", ("no", "yes")),
    ]


def load(*, min_count: int = 2) -> MultiTaskData:
    """Weibo NER in its split; downloaded the first time. Parameters and errors as in `snips.load`."""
    files = zip(CARD.counts, fetch(*CARD.files.values()), strict=True)
    rows = {
        split: [
            _labeled(row["tokens"], row["mention"])
            for _, row in conll_rows(path, {"mention": 1}, 0)
        ]
        for split, path in files
    }
    return MultiTaskData.from_rows(rows, tasks(), min_count=min_count)


def _labeled(fields: Sequence[str], tags: Sequence[str]) -> dict[str, object]:
    """A row from fields like "科0" (a character, its position in the word) and tags like "B-PER.NOM"."""
    parts = [re.findall(r"^(.+?)(\d+)$", field)[0] for field in fields]
    begins = [position == "0" for _, position in parts]
    return {
        "tokens": [character for character, _ in parts],
        "named": _only(tags, ".NAM"),
        "nominal": _only(tags, ".NOM"),
        "words": ["MEBS"[2 * here + after] for here, after in pairwise([*begins, True])],
        "mentions_person": "yes" if any("-PER." in tag for tag in tags) else "no",
    }


def _only(tags: Sequence[str], kind: str) -> list[str]:
    """The mentions of one kind."""
    return [tag.removesuffix(kind) if tag.endswith(kind) else "O" for tag in tags]
