"""The grammar of the shipped corpus: a sentence that fills the slots of its frame (see `people`).

Filling a slot also fixes the labels that follow from it. Names, and what fills a slot with a role,
stand between invisible marks, which `people_annotation` reads.
"""

import bisect
import itertools
import random
import re
from collections.abc import Sequence
from types import ModuleType
from typing import Any

SENTIMENTS = ("negative", "neutral", "positive")
PERSONS = ("family", "friend", "work", "school", "neighbor", "service")
RELATIONS = ("none", *PERSONS)
ENTITIES = ("PER", "LOC", "ORG", "PROD")
ROLES = ("SPOKEN", "PAIR", "OTHER", "THING")

MARK = re.compile("\x01([A-Z]+)\x02|\x03")  # a span begins, and of which type; a span ends

OPPOSITE = {"negative": "positive", "positive": "negative"}


class Sentence(dict):
    """One sentence: fill the slots of its frame on demand and note what they mean.

    `held_out` is the share of a task's own slot given to expressions held out for that task,
    `agreement` the share of pairs who are to each other what the person spoken of is to the speaker.
    """

    def __init__(self, lexicon: ModuleType, rng: random.Random, held_out: float, agreement: float):
        super().__init__()
        self.words, self.rng, self.held_out = lexicon, rng, held_out
        self.sentiment = self.pick(SENTIMENTS)
        self.person_class = self.pick(PERSONS)
        # People talk about their own world: a colleague more often about people at work.
        self.pair_class = self.person_class if self.chance(agreement) else self.pick(PERSONS)
        self.relation = "none" if self.chance(0.25) else self.pair_class
        self.category = self.pick(tuple(lexicon.THINGS))

    # -- drawing: only `random()` is used, whose stream Python promises to keep

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def pick(self, options: Sequence[Any]) -> Any:
        return options[int(self.rng.random() * len(options))]

    def pick_word(self, words: Sequence[str], every: int, offset: int, shift: int = 0) -> str:
        """Draw a word, the earlier in the list the likelier.

        The weight of the word at a rank is 1 / (rank + shift): Zipf's law, which Mandelbrot's
        `shift` flattens. With probability `held_out` it is one of each `every`-th, counted from
        `offset`.
        """
        held_out = self.chance(self.held_out)
        kept = [w for i, w in enumerate(words) if (i % every == offset) == held_out]
        ranks = range(1 + shift, len(kept) + 1 + shift)
        weights = list(itertools.accumulate(1 / rank for rank in ranks))
        return kept[bisect.bisect(weights, self.rng.random() * weights[-1])]

    # -- text

    def text(self) -> str:
        """Say it in one way, marks and all; called again, in another way with the same labels."""
        self.clear()
        self.borne: set[str] = set()
        has_pair = self.relation != "none" or self.chance(0.45)
        has_opinion = self.sentiment != "neutral" or self.chance(0.7)
        frames = [*self.words.FRAMES["any"], *6 * self.words.FRAMES[self.category]]
        fitting = [
            frame
            for frame in frames
            if ("{pair}" in frame or "{bond}" in frame) == has_pair
            and ("{opinion}" in frame) == has_opinion
        ]
        self.frame = self.pick(fitting)
        return self.words.finish(self.frame.format_map(self))

    def __missing__(self, slot: str) -> str:
        self[slot] = getattr(self, f"fill_{slot}")()
        return self[slot]

    # -- people

    def name(self, gender: str) -> str:
        """Draw a full name that nobody else in the sentence bears."""
        while True:
            given, surname = self.pick(self.words.GIVEN[gender]), self.pick(self.words.SURNAMES)
            if not self.borne & {given, surname}:
                self.borne |= {given, surname}
                return _mark(
                    "PER", self.pick(self.words.NAMES).format(given=given, surname=surname)
                )

    def gendered(self, word: str) -> tuple[str, str]:
        """Take `"aunt:f"` apart, word and gender; words for both get one by chance."""
        word, _, gender = word.partition(":")
        return word, gender or self.pick(("f", "m"))

    def acquaintance(self, person_class: str, forms: Sequence[str]) -> tuple[str, str]:
        """Draw what the speaker calls somebody, and that person's gender."""
        if self.chance(0.1):
            gender = self.pick(("f", "m"))
            described = self.pick_word(self.words.DESCRIBED[person_class], 4, 1)
            return described.format(name=self.name(gender)), gender
        word, gender = self.gendered(self.pick_word(self.words.RELATIONS[person_class], 4, 1))
        return self.pick(forms).format(word=word, name=self.name(gender)), gender

    def fill_person(self) -> str:
        phrase, self.gender = self.acquaintance(self.person_class, self.words.PERSON_FORMS)
        return _mark("SPOKEN", phrase)

    def fill_other(self) -> str:
        others = [c for c in PERSONS if c != self.person_class]
        return _mark("OTHER", self.acquaintance(self.pick(others), self.words.PERSON_FORMS)[0])

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
        return _mark("PAIR", form.format(
            a=self.name(gender_a), b=self.name(gender), word=word,
            his=self.words.PRONOUNS[gender_a]["his"],
        ))  # fmt: skip

    def fill_pair(self) -> str:
        return self.two_people(self.words.PAIRS, self.words.UNRELATED_PAIRS)

    def fill_bond(self) -> str:
        return self.two_people(self.words.BONDS, self.words.UNRELATED_BONDS)

    # -- things, places, times

    def fill_thing(self) -> str:
        thing = self.words.THINGS[self.category]
        parts = {key: self.pick(options) for key, options in thing["parts"].items()}
        name = _mark(thing["entity"], self.pick(thing["names"]).format_map(parts))
        return _mark("THING", self.pick(thing["forms"]).format(name=name))

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
        """Draw a predicate whose overall verdict is `sentiment`: plain, denied or turned around."""
        if sentiment == "neutral" and self.chance(0.2):
            good, bad = self.judgment("positive"), self.judgment("negative")
            return self.pick(self.words.BALANCED).format(good=good, bad=bad)
        if sentiment != "neutral" and self.chance(0.15):
            first, final = self.judgment(OPPOSITE[sentiment]), self.judgment(sentiment)
            return self.pick(self.words.CONTRAST).format(first=first, final=final)
        if sentiment != "neutral" and self.chance(0.1):
            adjective = self.opinion_word(OPPOSITE[sentiment], "adjectives")
            return self.pick(self.words.DENY[OPPOSITE[sentiment]]).format(adjective=adjective)
        return self.judgment(sentiment)

    def judgment(self, sentiment: str) -> str:
        """Draw a predicate without a turn: a phrase or an adjective."""
        if sentiment != "neutral" and self.chance(0.45):
            return self.pick(self.words.AFFIRM).format(
                adjective=self.opinion_word(sentiment, "adjectives")
            )
        return self.opinion_word(sentiment, "phrases")

    def opinion_word(self, sentiment: str, form: str) -> str:
        kind = "any" if self.chance(0.5) else self.category
        return self.pick_word(self.words.OPINIONS[kind][sentiment][form], 3, 1, shift=10)


def _mark(kind: str, phrase: str) -> str:
    """Mark a name or a slot's filling; a comma that closes an apposition stays outside."""
    inside = phrase.rstrip(",")
    return f"\x01{kind}\x02{inside}\x03{phrase[len(inside) :]}"
