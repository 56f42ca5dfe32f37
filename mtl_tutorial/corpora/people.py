"""The shipped corpus: somebody talks about people and things, in Chinese or in English.

Every sentence is grown from a *frame* ("{person}推荐的{thing}{opinion}。") whose slots are filled on
demand from the word lists of `people_zh` or `people_en`; filling a slot also fixes the labels that
follow from it. The sentences carry six tasks:

=============  ==============================================================================
``sentiment``  the verdict the sentence ends in: negative, neutral, positive
``person``     what the person spoken of is to the speaker; whoever only passes the story on
               does not count
``relation``   what the two people named are to each other, or *none*
``ner``        names of people (PER), places (LOC), organizations (ORG), products (PROD), in BIO
``role``       who is who, in BIO: the person spoken of (SPOKEN), two people named together and
               what is said of them (PAIR), somebody else whom the speaker knows and who mostly
               passes the story on (OTHER), the thing spoken of (THING)
``lm``         the next token
=============  ==============================================================================

`person` and `relation` hang on the same relation words ("aunt", "landlord"). A quarter of those
words is *held out* for `person`, another quarter for `relation`, and a third of the opinion
expressions for `sentiment`: the task's own slot shows them seldom in training and often in
validation and test. What a model knows of them it has mostly learned under another task's labels.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from mtl_tutorial.arguments import integer, number, one_of, path, shown
from mtl_tutorial.arguments import names as task_names
from mtl_tutorial.corpora import people_en, people_zh
from mtl_tutorial.corpora.people_annotation import annotate, spoil, spoil_spans
from mtl_tutorial.corpora.people_grammar import (
    ENTITIES,
    PERSONS,
    RELATIONS,
    ROLES,
    SENTIMENTS,
    Sentence,
)
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.languages import check_language
from mtl_tutorial.reading import jsonl_rows
from mtl_tutorial.tasks import Task

SEED = 2026
SIZES = {"train": 6000, "valid": 1000, "test": 2000}
HELD_OUT = {"train": 0.08, "valid": 0.3, "test": 0.3}
NOISE = 0.03
AGREEMENT = 0.65
USUAL = ("sentiment", "person", "relation", "ner")
"""The tasks that are loaded where none are named."""

LEXICONS: dict[str, ModuleType] = {"en": people_en, "zh": people_zh}
"""Language → its word lists and frames."""
_SEQUENCE_LABELS = {"sentiment": SENTIMENTS, "person": PERSONS, "relation": RELATIONS}


def _grow(
    language: str, seed: str, noise: float, held_out: float, agreement: float
) -> Iterator[dict[str, Any]]:
    """Grow different sentences of one language without end."""
    rng, annotator, annotator_of_roles = (
        random.Random(f"{seed}/{stream}") for stream in ("text", "noise", "noise/role")
    )
    seen: set[str] = set()
    while True:
        sentence, row = Sentence(LEXICONS[language], rng, held_out, agreement), None
        while row is None or row["text"] in seen:
            row = annotate(sentence)
        seen.add(row["text"])
        spoil(row, annotator, noise)
        spoil_spans(row["role"], ROLES, annotator_of_roles, noise)
        yield row


def sample(
    n: int,
    language: str = "zh",
    seed: int = 0,
    *,
    noise: float = NOISE,
    held_out: float = HELD_OUT["test"],
    agreement: float = AGREEMENT,
    auxiliary: tuple[str, float] | None = None,
) -> list[dict[str, Any]]:
    """Grow fresh sentences with their labels, all different.

    Parameters
    ----------
    n
        How many.
    language
        `"zh"` or `"en"`.
    seed
        The same seed gives the same sentences; `noise` changes the labels only.
    noise
        Share of labels (for `ner` and `role`: of spans) that are wrong, as in human annotation.
    held_out
        Share of each task's own slot given to expressions held out for that task; the shipped
        training part has 0.08, validation and test 0.3.
    agreement
        Share of the pairs who are to each other, on purpose, what the person spoken of is to the
        speaker; the others are drawn by lot. So at 0 the pair's relation tells nothing about
        `person`, at 1 the two are equal wherever there is a relation.
    auxiliary
        `(target, relatedness)` adds a task named ``auxiliary`` whose labels ("a0", "a1", …) agree
        with a fixed renaming of the target's labels with probability `relatedness`, and are
        otherwise drawn from the target's label frequencies without looking at the sentence. So
        at 0 they tell nothing about the target, at 1 exactly as much as its own labels.

    Raises
    ------
    TypeError
        For a number that is none, or an `auxiliary` that is no pair.
    ValueError
        For an unknown language or target, or a share outside [0, 1].

    Examples
    --------
    >>> row = sample(1, "en", seed=1)[0]
    >>> sorted(row)
    ['ner', 'person', 'relation', 'role', 'sentiment', 'text']
    """
    check_language(language)
    seed = integer("seed", seed)
    grown = _grow(
        language,
        f"sample/{seed}",
        _share("noise", noise),
        _share("held_out", held_out),
        _share("agreement", agreement),
    )
    rows = [next(grown) for _ in range(integer("n", n, least=0))]
    if auxiliary is None:
        return rows
    target, relatedness = _auxiliary(auxiliary)
    return _with_auxiliary(rows, target, relatedness, f"sample/{seed}")


def _share(name: str, value: Any) -> float:
    return number(name, value, least=0, most=1)


def _auxiliary(wish: Any) -> tuple[str, float]:
    """Check a wish for an auxiliary task: its target and relatedness."""
    if not isinstance(wish, tuple | list) or len(wish) != 2:
        raise TypeError(
            f"auxiliary must be (target, relatedness), such as ('person', 0.5), not {shown(wish)}"
        )
    target = one_of("auxiliary target", wish[0], _SEQUENCE_LABELS)
    return target, _share("auxiliary relatedness", wish[1])


def _with_auxiliary(rows: list[dict], target: str, relatedness: float, seed: str) -> list[dict]:
    """Add the label of the auxiliary task to a copy of each row."""
    labels, rng = _SEQUENCE_LABELS[target], random.Random(f"{seed}/auxiliary")
    own = [labels.index(row[target]) for row in rows]
    drawn = (
        true if rng.random() < relatedness else own[int(rng.random() * len(own))] for true in own
    )
    return [
        {**row, "auxiliary": f"a{(label + 1) % len(labels)}"}
        for row, label in zip(rows, drawn, strict=True)
    ]


def _grow_parts(
    language: str,
    seed: int = SEED,
    noise: float = NOISE,
    held_out: float | None = None,
    agreement: float = AGREEMENT,
) -> dict[str, list[dict[str, Any]]]:
    """Grow the three parts; no sentence occurs twice, be it in one part or in two."""
    seen: set[str] = set()
    parts: dict[str, list[dict[str, Any]]] = {}
    for split, size in SIZES.items():
        share = HELD_OUT[split] if held_out is None else held_out
        grown = _grow(language, f"{seed}/{language}/{split}", noise, share, agreement)
        new = (row for row in grown if row["text"] not in seen)
        parts[split] = list(itertools.islice(new, size))
        seen |= {row["text"] for row in parts[split]}
    return parts


_grown_parts = lru_cache(maxsize=4)(_grow_parts)


def write(folder: Path | str, seed: int = SEED) -> None:
    """Write the shipped files: `<language>/<split>.jsonl` under `folder`, the same bytes each time."""
    root, seed = path("folder", folder), integer("seed", seed)
    for language in LEXICONS:
        target = root / language
        target.mkdir(parents=True, exist_ok=True)
        for split, rows in _grow_parts(language, seed).items():
            lines = [
                json.dumps(
                    {**row, **{task: " ".join(row[task]) for task in ("ner", "role")}},
                    ensure_ascii=False,
                )
                + "\n"
                for row in rows
            ]
            (target / f"{split}.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")


def tasks() -> list[Task]:
    """The corpus' tasks; `lm` comes last."""
    return [
        Task("sentiment", "sequence", SENTIMENTS),
        Task("person", "sequence", PERSONS),
        Task("relation", "sequence", RELATIONS),
        Task.bio("ner", ENTITIES),
        Task.bio("role", ROLES),
        Task("lm", "lm"),
    ]


def folder() -> Path:
    """Where the shipped files lie: ``data/`` of the checkout, or inside the installed package."""
    package = Path(__file__).parents[1]
    installed = package / "data_files"
    return installed if installed.is_dir() else package.parent / "data"


def load(
    language: str = "zh",
    names: Sequence[str] = USUAL,
    *,
    noise: float = NOISE,
    held_out: float | None = None,
    agreement: float = AGREEMENT,
    auxiliary: tuple[str, float] | None = None,
) -> MultiTaskData:
    """Load the corpus of one language: train 6,000, valid 1,000, test 2,000 sentences.

    As it is shipped, it is read from its files. With another `noise`, `held_out` or `agreement`
    the sentences are grown anew: always the same ones for the same values, as many, none in two
    parts. That takes about a second more; the last four corpora grown are kept for the next load.

    Tokens that occur once in training are unknown, so that a model meets unknown tokens before the
    test shows it some.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``.
    names
        The tasks wanted, among ``sentiment``, ``person``, ``relation``, ``ner``, ``role``, ``lm``.
    noise
        Share of labels that are wrong, as in `sample`. It changes the labels only: at 0 the
        shipped sentences carry the truth.
    held_out
        Share of held-out expressions, as in `sample`, the same in every part; by default 0.08 in
        training, 0.3 in validation and test.
    agreement
        Share of pairs who are to each other what the person spoken of is to the speaker, as in
        `sample`.
    auxiliary
        `(target, relatedness)` adds the task ``auxiliary``, as in `sample`.

    Raises
    ------
    TypeError
        For names that are no list, a number that is none, or an `auxiliary` that is no pair.
    ValueError
        For an unknown language, task or target, or a share outside [0, 1].

    Examples
    --------
    >>> len(load("zh")["test"])
    2000
    """
    check_language(language)
    known = {task.name: task for task in tasks()}
    wanted = task_names("names", names)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise ValueError(f"unknown tasks {unknown}; the corpus has {list(known)}")
    declared = [known[name] for name in wanted]
    noise, agreement = _share("noise", noise), _share("agreement", agreement)
    held_out = None if held_out is None else _share("held_out", held_out)
    if (noise, held_out, agreement) == (NOISE, None, AGREEMENT):
        files = {split: folder() / language / f"{split}.jsonl" for split in SIZES}
        parts = {split: [row for _, row in jsonl_rows(file)] for split, file in files.items()}
    else:
        parts = _grown_parts(language, SEED, noise, held_out, agreement)
    if auxiliary is not None:
        target, relatedness = _auxiliary(auxiliary)
        parts = {
            split: _with_auxiliary(rows, target, relatedness, f"load/{language}/{split}")
            for split, rows in parts.items()
        }
        labels = tuple(f"a{i}" for i in range(len(known[target].labels)))
        declared.append(Task("auxiliary", "sequence", labels))
    return MultiTaskData.from_rows(parts, declared, min_count=2)
