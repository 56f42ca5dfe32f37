"""The shipped corpus: somebody talks about people and things, in Chinese or in English.

Every sentence is grown from a *frame* ("{person}推荐的{thing}{opinion}。") whose slots are filled on
demand from the word lists of `people_zh` or `people_en`; filling a slot also fixes the labels that
follow from it. The sentences carry five tasks:

=============  ==============================================================================
``sentiment``  the verdict the sentence ends in: negative, neutral, positive
``person``     what the person spoken of is to the speaker; whoever only passes the story on
               does not count
``relation``   what the two people named are to each other, or *none*
``ner``        names of people (PER), places (LOC), organizations (ORG), products (PROD), in BIO
``lm``         the next token
=============  ==============================================================================

`person` and `relation` hang on the same relation words ("aunt", "landlord"). A quarter of those
words is *held out* for `person`, another quarter for `relation`, and a third of the opinion
expressions for `sentiment`: the task's own slot shows them seldom in training and often in
validation and test. What a model knows of them it has mostly learned under another task's labels.
"""

import bisect
import itertools
import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from mtl_tutorial.corpora import people_en, people_zh
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.languages import check_language
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import tokenize

SENTIMENTS = ("negative", "neutral", "positive")
PERSONS = ("family", "friend", "work", "school", "neighbor", "service")
RELATIONS = ("none", *PERSONS)
ENTITIES = ("PER", "LOC", "ORG", "PROD")

SEED = 2026
SIZES = {"train": 6000, "valid": 1000, "test": 2000}
HELD_OUT = {"train": 0.08, "valid": 0.3, "test": 0.3}
NOISE = 0.03
LIKE_MINDED = 0.65  # share of pairs named in one breath with somebody of their own relation
MAX_TOKENS = 44

_LEXICONS: dict[str, ModuleType] = {"en": people_en, "zh": people_zh}
_OPPOSITE = {"negative": "positive", "positive": "negative"}
_NAME = re.compile("\x01([A-Z]+)\x02([^\x03]*)\x03")


class _Sentence(dict):
    """One sentence: fills the slots of its frame on demand and notes what they mean.

    `held_out` is the share of a task's own slot given to expressions held out for that task.
    """

    def __init__(self, lexicon: ModuleType, rng: random.Random, held_out: float):
        super().__init__()
        self.words, self.rng, self.held_out = lexicon, rng, held_out
        self.sentiment = self.pick(SENTIMENTS)
        self.person_class = self.pick(PERSONS)
        # People talk about their own world: a colleague more often about people at work.
        self.pair_class = self.person_class if self.chance(LIKE_MINDED) else self.pick(PERSONS)
        self.relation = "none" if self.chance(0.25) else self.pair_class
        self.category = self.pick(tuple(lexicon.THINGS))

    # -- drawing: only `random()` is used, whose stream Python promises to keep

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.random() * len(options))]

    def pick_word(self, words: Sequence[str], every: int, offset: int) -> str:
        """A word, the earlier in the list the likelier (Zipf's law).

        With probability `held_out` one of each `every`-th, counted from `offset`.
        """
        held_out = self.chance(self.held_out)
        kept = [w for i, w in enumerate(words) if (i % every == offset) == held_out]
        weights = list(itertools.accumulate(1 / rank for rank in range(1, len(kept) + 1)))
        return kept[bisect.bisect(weights, self.rng.random() * weights[-1])]

    # -- text

    def text(self) -> str:
        """One way to say it, its names still marked; called again, another way with the same labels."""
        self.clear()
        self.borne: set[str] = set()
        has_pair = self.relation != "none" or self.chance(0.45)
        has_opinion = self.sentiment != "neutral" or self.chance(0.7)
        frames = [*self.words.FRAMES["any"], *3 * self.words.FRAMES[self.category]]
        fitting = [
            frame
            for frame in frames
            if ("{pair}" in frame or "{bond}" in frame) == has_pair
            and ("{opinion}" in frame) == has_opinion
        ]
        return self.words.finish(self.pick(fitting).format_map(self))

    def __missing__(self, slot: str) -> str:
        self[slot] = getattr(self, f"fill_{slot}")()
        return self[slot]

    # -- people

    def name(self, gender: str) -> str:
        """A full name that nobody else in the sentence bears."""
        while True:
            given, surname = self.pick(self.words.GIVEN[gender]), self.pick(self.words.SURNAMES)
            if not self.borne & {given, surname}:
                self.borne |= {given, surname}
                return _mark(
                    "PER", self.pick(self.words.NAMES).format(given=given, surname=surname)
                )

    def gendered(self, word: str) -> tuple[str, str]:
        """`"aunt:f"` → the word and a gender; words for both get one by chance."""
        word, _, gender = word.partition(":")
        return word, gender or self.pick(("f", "m"))

    def acquaintance(self, person_class: str, forms: Sequence[str]) -> tuple[str, str]:
        """What the speaker calls somebody, and that person's gender."""
        if self.chance(0.1):
            gender = self.pick(("f", "m"))
            described = self.pick_word(self.words.DESCRIBED[person_class], 4, 1)
            return described.format(name=self.name(gender)), gender
        word, gender = self.gendered(self.pick_word(self.words.RELATIONS[person_class], 4, 1))
        return self.pick(forms).format(word=word, name=self.name(gender)), gender

    def fill_person(self) -> str:
        phrase, self.gender = self.acquaintance(self.person_class, self.words.PERSON_FORMS)
        return phrase

    def fill_other(self) -> str:
        others = [c for c in PERSONS if c != self.person_class]
        return self.acquaintance(self.pick(others), self.words.PERSON_FORMS)[0]

    def pronoun(self, case: str) -> str:
        self["person"]  # fixes the gender
        return self.words.PRONOUNS[self.gender][case]

    def fill_he(self) -> str:
        return self.pronoun("he")

    def fill_him(self) -> str:
        return self.pronoun("him")

    def fill_his(self) -> str:
        return self.pronoun("his")

    def two_people(self, related: Sequence[str], unrelated: Sequence[str]) -> str:
        word, gender = self.gendered(self.pick_word(self.words.RELATIONS[self.pair_class], 4, 3))
        gender_a = self.pick(("f", "m"))
        form = self.pick(related if self.relation != "none" else unrelated)
        return form.format(
            a=self.name(gender_a), b=self.name(gender), word=word,
            his=self.words.PRONOUNS[gender_a]["his"],
        )  # fmt: skip

    def fill_pair(self) -> str:
        return self.two_people(self.words.PAIRS, self.words.UNRELATED_PAIRS)

    def fill_bond(self) -> str:
        return self.two_people(self.words.BONDS, self.words.UNRELATED_BONDS)

    # -- things, places, times

    def fill_thing(self) -> str:
        thing = self.words.THINGS[self.category]
        parts = {key: self.pick(options) for key, options in thing["parts"].items()}
        name = _mark(thing["entity"], self.pick(thing["names"]).format_map(parts))
        return self.pick(thing["forms"]).format(name=name)

    def fill_did(self) -> str:
        return self.pick(self.words.THINGS[self.category]["did"])

    def fill_city(self) -> str:
        return _mark("LOC", self.pick(self.words.CITIES))

    def fill_employer(self) -> str:
        return _mark("ORG", self.pick(self.words.EMPLOYERS))

    def fill_time(self) -> str:
        return self.pick(self.words.TIMES)

    # -- opinions

    def fill_opinion(self) -> str:
        return self.verdict(self.sentiment)

    def verdict(self, sentiment: str) -> str:
        """A predicate whose overall verdict is `sentiment`, plain or turned around."""
        if sentiment == "neutral" and self.chance(0.2):
            good, bad = self.judgment("positive"), self.judgment("negative")
            return self.pick(self.words.BALANCED).format(good=good, bad=bad)
        if sentiment != "neutral" and self.chance(0.15):
            first = self.judgment(_OPPOSITE[sentiment])
            return self.pick(self.words.CONTRAST).format(
                first=first, final=self.judgment(sentiment)
            )
        return self.judgment(sentiment)

    def judgment(self, sentiment: str) -> str:
        """A predicate without a turn: a phrase, an adjective, or a denied adjective."""
        if sentiment in _OPPOSITE and self.chance(0.1):
            adjective = self.opinion_word(_OPPOSITE[sentiment], "adjectives")
            return self.pick(self.words.DENY[_OPPOSITE[sentiment]]).format(adjective=adjective)
        if sentiment in _OPPOSITE and self.chance(0.45):
            return self.pick(self.words.AFFIRM).format(
                adjective=self.opinion_word(sentiment, "adjectives")
            )
        return self.opinion_word(sentiment, "phrases")

    def opinion_word(self, sentiment: str, form: str) -> str:
        kind = "any" if self.chance(0.75) else self.category
        return self.pick_word(self.words.OPINIONS[kind][sentiment][form], 3, 1)


def _mark(entity: str, name: str) -> str:
    return f"\x01{entity}\x02{name}\x03"


def _row(sentence: _Sentence) -> dict[str, Any] | None:
    """The finished sentence and its true labels; None if it is too long or a name ends in mid-token."""
    marked = sentence.text()
    spans, text, last = [], "", 0
    for match in _NAME.finditer(marked):
        text += marked[last : match.start()]
        spans.append((len(text), len(text) + len(match[2]), match[1]))
        text, last = text + match[2], match.end()
    text += marked[last:]

    tags, position = [], 0
    starts = {start: (end, entity) for start, end, entity in spans}
    inside: tuple[int, str] | None = None
    for token in tokenize(text):
        position = text.index(token, position)
        if position in starts:
            inside = starts.pop(position)
            tags.append(f"B-{inside[1]}")
        else:
            tags.append(f"I-{inside[1]}" if inside else "O")
        position += len(token)
        if inside and position >= inside[0]:
            if position > inside[0]:
                return None
            inside = None
    return None if starts or inside or len(tags) > MAX_TOKENS else {
        "text": text,
        "sentiment": sentence.sentiment,
        "person": sentence.person_class,
        "relation": sentence.relation,
        "ner": tags,
    }  # fmt: skip


def _spoil(row: dict[str, Any], rng: random.Random, noise: float) -> None:
    """Annotation errors: each label is replaced, each entity forgotten or mistyped, at rate `noise`."""
    for task, labels in (("sentiment", SENTIMENTS), ("person", PERSONS), ("relation", RELATIONS)):
        if rng.random() < noise:
            wrong = [label for label in labels if label != row[task]]
            row[task] = wrong[int(rng.random() * len(wrong))]
    for start, tag in enumerate(row["ner"]):
        if tag.startswith("B-") and rng.random() < noise:
            other = ("O", *(e for e in ENTITIES if e != tag[2:]))[int(rng.random() * len(ENTITIES))]
            end = start + 1
            while end < len(row["ner"]) and row["ner"][end].startswith("I-"):
                end += 1
            row["ner"][start:end] = (
                ["O"] * (end - start)
                if other == "O"
                else [f"B-{other}"] + [f"I-{other}"] * (end - start - 1)
            )


def _grow(language: str, seed: str, held_out: float, noise: float) -> Iterator[dict[str, Any]]:
    """Endless different sentences of one language."""
    rng, annotator = random.Random(f"{seed}/text"), random.Random(f"{seed}/noise")
    seen: set[str] = set()
    while True:
        sentence, row = _Sentence(_LEXICONS[language], rng, held_out), None
        while row is None or row["text"] in seen:
            row = _row(sentence)
        seen.add(row["text"])
        _spoil(row, annotator, noise)
        yield row


def sample(
    n: int,
    language: str = "zh",
    seed: int = 0,
    *,
    noise: float = NOISE,
    held_out: float = HELD_OUT["test"],
    auxiliary: tuple[str, float] | None = None,
) -> list[dict[str, Any]]:
    """Fresh sentences with their labels, all different.

    Parameters
    ----------
    n
        How many.
    language
        `"zh"` or `"en"`.
    seed
        The same seed gives the same sentences; `noise` changes the labels only.
    noise
        Share of labels (for `ner`: of entities) that are wrong, as in human annotation.
    held_out
        Share of each task's own slot given to expressions held out for that task; the shipped
        training part has 0.08, validation and test 0.3.
    auxiliary
        `(target, relatedness)` adds a task named ``auxiliary`` whose labels ("a0", "a1", …) agree
        with a fixed renaming of the target's labels with probability `relatedness`, and are
        otherwise drawn from the target's label frequencies without looking at the sentence. So
        at 0 they tell nothing about the target, at 1 exactly as much as its own labels.

    Raises
    ------
    ValueError
        For an unknown language or target, or a share outside [0, 1].

    Examples
    --------
    >>> row = sample(1, "en", seed=1)[0]
    >>> sorted(row)
    ['ner', 'person', 'relation', 'sentiment', 'text']
    """
    check_language(language)
    for name, share in (("noise", noise), ("held_out", held_out)):
        if not 0 <= share <= 1:
            raise ValueError(f"{name} must lie between 0 and 1, not {share}")
    grown = _grow(language, f"sample/{seed}", held_out, noise)
    rows = [next(grown) for _ in range(n)]
    if auxiliary:
        _add_auxiliary(rows, *auxiliary, rng=random.Random(f"sample/{seed}/auxiliary"))
    return rows


def _add_auxiliary(rows: list[dict], target: str, relatedness: float, rng: random.Random) -> None:
    labels = {"sentiment": SENTIMENTS, "person": PERSONS, "relation": RELATIONS}.get(target)
    if labels is None:
        raise ValueError(
            f"auxiliary target must be 'sentiment', 'person' or 'relation', not {target!r}"
        )
    if not 0 <= relatedness <= 1:
        raise ValueError(f"auxiliary relatedness must lie between 0 and 1, not {relatedness}")
    own = [labels.index(row[target]) for row in rows]
    for row, true in zip(rows, own, strict=True):
        label = true if rng.random() < relatedness else own[int(rng.random() * len(own))]
        row["auxiliary"] = f"a{(label + 1) % len(labels)}"


def write(folder: Path | str, seed: int = SEED) -> None:
    """Write the shipped files: `<language>/<split>.jsonl` under `folder`, the same bytes each time.

    No sentence occurs twice in a language, be it in one split or in two.
    """
    for language in _LEXICONS:
        target = Path(folder) / language
        target.mkdir(parents=True, exist_ok=True)
        seen: set[str] = set()
        for split, size in SIZES.items():
            lines: list[str] = []
            for row in _grow(language, f"{seed}/{language}/{split}", HELD_OUT[split], NOISE):
                if row["text"] in seen:
                    continue
                seen.add(row["text"])
                row["ner"] = " ".join(row["ner"])
                lines.append(json.dumps(row, ensure_ascii=False) + "\n")
                if len(lines) == size:
                    break
            (target / f"{split}.jsonl").write_text("".join(lines), encoding="utf-8", newline="\n")


def tasks() -> list[Task]:
    """The corpus' tasks; `lm` comes last."""
    return [
        Task("sentiment", "sequence", SENTIMENTS),
        Task("person", "sequence", PERSONS),
        Task("relation", "sequence", RELATIONS),
        Task.bio("ner", ENTITIES),
        Task("lm", "lm"),
    ]


def folder() -> Path:
    """Where the shipped files lie: ``data/`` of the checkout, or inside the installed package."""
    package = Path(__file__).parents[1]
    installed = package / "data_files"
    return installed if installed.is_dir() else package.parent / "data"


def load(
    language: str = "zh",
    names: Sequence[str] = ("sentiment", "person", "relation", "ner"),
    *,
    auxiliary: tuple[str, float] | None = None,
) -> MultiTaskData:
    """The shipped corpus of one language: train 6,000, valid 1,000, test 2,000 sentences.

    Tokens that occur once in training are unknown, so that a model meets unknown tokens before the
    test shows it some.

    Parameters
    ----------
    language
        ``"zh"`` or ``"en"``.
    names
        The tasks wanted, among ``sentiment``, ``person``, ``relation``, ``ner``, ``lm``.
    auxiliary
        `(target, relatedness)` adds the task ``auxiliary``, as in `sample`.

    Raises
    ------
    ValueError
        For an unknown language, task or target, or a relatedness outside [0, 1].

    Examples
    --------
    >>> len(load("zh")["test"])
    2000
    """
    check_language(language)
    wanted = {task.name: task for task in tasks()}
    unknown = [name for name in names if name not in wanted]
    if unknown:
        raise ValueError(f"unknown tasks {unknown}; the corpus has {list(wanted)}")
    files = {split: folder() / language / f"{split}.jsonl" for split in SIZES}
    if not auxiliary:
        return MultiTaskData.from_jsonl(files, [wanted[name] for name in names], min_count=2)
    parts = {}
    for split, file in files.items():
        parts[split] = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        rng = random.Random(f"load/{language}/{split}/auxiliary")
        _add_auxiliary(parts[split], *auxiliary, rng=rng)
    labels = tuple(f"a{i}" for i in range(len(wanted[auxiliary[0]].labels)))
    declared = [*(wanted[name] for name in names), Task("auxiliary", "sequence", labels)]
    return MultiTaskData.from_rows(parts, declared, min_count=2)
