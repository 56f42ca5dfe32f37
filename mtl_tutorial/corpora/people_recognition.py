"""Can the grammar of the shipped corpus say a text, and which verdict would it mean? See `verdicts`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from string import Formatter
from types import ModuleType
from typing import Any, NamedTuple

from mtl_tutorial.arguments import text as string
from mtl_tutorial.corpora.people import LEXICONS
from mtl_tutorial.corpora.people_grammar import OPPOSITE, PERSONS, SENTIMENTS
from mtl_tutorial.languages import check_language
from mtl_tutorial.text import normalized

_GENDERS = ("f", "m")


def verdicts(text: str, language: str = "zh") -> set[str]:
    """Which verdicts the grammar could mean by a text; none if it cannot say it.

    The reverse of growing a sentence: it is read by the frames and word lists of `people_grammar`,
    with the agreement of thing, verb and opinion, of pronoun and person. Not looked at are blanks,
    commas, colons, quotation marks, capitals, *a* or *an*, and whether two people bear one name.

    Parameters
    ----------
    text
        The sentence.
    language
        ``"zh"`` or ``"en"``.

    Raises
    ------
    TypeError, ValueError
        For a text that is no string; for an unknown language.

    Examples
    --------
    >>> verdicts("我同事推荐的极雀手表，特别好用。"), verdicts("我同事推荐的，特别好用。")
    ({'positive'}, set())
    """
    check_language(language)
    reading = _Reading(LEXICONS[language], _plain(string("text", text)))
    return {state.sentiment for state in reading.whole() if state.at == len(reading.text)}


def _plain(text: str) -> str:
    """Without what `people_grammar` mends after a sentence is put together, and without blanks."""
    words = re.sub(r"\ban\b", "a", normalized(text).lower())
    return re.sub(r"[\s,，:：;；\"“”]", "", words)


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((_plain(words), slot) for words, slot, *_ in Formatter().parse(template))


@cache
def _by_first(templates: tuple[str, ...]) -> dict[str, list[str]]:
    """Templates by the character they begin with; under "" those that begin with a slot."""
    found: dict[str, list[str]] = {}
    for template in dict.fromkeys(templates):
        found.setdefault(_pieces(template)[0][0][:1], []).append(template)
    return found


class _State(NamedTuple):
    """How far a text has been read, and what has been fixed on the way; None is still open."""

    at: int
    category: str | None = None
    gender: str | None = None
    sentiment: Any = None


_States = set[_State]
_Slot = Callable[[_State], _States]


class _Reading:
    """All ways to read one text; slots are read by the methods named after them, once a state."""

    def __init__(self, words: ModuleType, text: str):
        self.words, self.text = words, text
        self.known: dict[tuple[str, _State], _States] = {}

    def whole(self) -> Iterator[_State]:
        frames = [(None, frame) for frame in self.words.FRAMES["any"]]
        frames += [(c, frame) for c in self.words.THINGS for frame in self.words.FRAMES[c]]
        for category, frame in frames:
            for state in self.follow(frame, {_State(0, category)}):
                yield state if state.sentiment else state._replace(sentiment="neutral")

    def follow(
        self, template: str, states: _States, own: Mapping[str, _Slot] | None = None
    ) -> _States:
        """States after a template whose slots are read by `own`, or by the method of that name."""
        for words, slot in _pieces(template):
            end = len(words)
            states = {
                s._replace(at=s.at + end) for s in states if self.text.startswith(words, s.at)
            }
            if slot is not None and states:
                read = own[slot] if own and slot in own else self.slot(slot)
                states = set().union(*map(read, states))
            if not states:
                break
        return states

    def slot(self, name: str) -> _Slot:
        read = getattr(self, f"read_{name}")

        def once(state: _State) -> _States:
            if (name, state) not in self.known:
                self.known[name, state] = read(state)
            return self.known[name, state]

        return once

    def one_of(self, options: Iterable[str], **own: _Slot) -> _Slot:
        """A slot that holds one of these words or templates."""
        index = _by_first(tuple(options))

        def read(state: _State) -> _States:
            likely = (*index.get(self.text[state.at : state.at + 1], ()), *index.get("", ()))
            return set().union(*(self.follow(option, {state}, own) for option in likely))

        return read

    # -- people

    def name(self, gender: str) -> _Slot:
        given, surname = self.one_of(self.words.GIVEN[gender]), self.one_of(self.words.SURNAMES)
        return self.one_of(self.words.NAMES, given=given, surname=surname)

    def relation_word(self, gender: str) -> _Slot:
        entries = (entry.partition(":") for p in PERSONS for entry in self.words.RELATIONS[p])
        return self.one_of(word for word, _, own in entries if own in ("", gender))

    def acquaintance(self, gender: str, state: _State) -> _States:
        name, word = self.slot(f"name_{gender}"), self.slot(f"word_{gender}")
        described = self.one_of((d for p in PERSONS for d in self.words.DESCRIBED[p]), name=name)
        return self.one_of(self.words.PERSON_FORMS, name=name, word=word)(state) | described(state)

    def read_name_f(self, state: _State) -> _States:
        return self.name("f")(state)

    def read_name_m(self, state: _State) -> _States:
        return self.name("m")(state)

    def read_word_f(self, state: _State) -> _States:
        return self.relation_word("f")(state)

    def read_word_m(self, state: _State) -> _States:
        return self.relation_word("m")(state)

    def read_person(self, state: _State) -> _States:
        genders = [state.gender] if state.gender else _GENDERS
        return set().union(*(self.acquaintance(g, state._replace(gender=g)) for g in genders))

    def read_other(self, state: _State) -> _States:
        return set().union(*(self.acquaintance(g, state) for g in _GENDERS))

    def pronoun(self, case: str, state: _State) -> _States:
        genders = [state.gender] if state.gender else _GENDERS
        return set().union(*(
            self.follow(self.words.PRONOUNS[g][case], {state._replace(gender=g)}) for g in genders
        ))  # fmt: skip

    def read_he(self, state: _State) -> _States:
        return self.pronoun("he", state)

    def read_him(self, state: _State) -> _States:
        return self.pronoun("him", state)

    def read_his(self, state: _State) -> _States:
        return self.pronoun("his", state)

    def two_people(self, forms: Iterable[str], state: _State) -> _States:
        found: _States = set()
        for a in _GENDERS:
            his = self.one_of([self.words.PRONOUNS[a]["his"]])
            for b in _GENDERS:
                word, first, second = map(self.slot, (f"word_{b}", f"name_{a}", f"name_{b}"))
                found |= self.one_of(forms, a=first, b=second, word=word, his=his)(state)
        return found

    def read_pair(self, state: _State) -> _States:
        return self.two_people((*self.words.PAIRS, *self.words.UNRELATED_PAIRS), state)

    def read_bond(self, state: _State) -> _States:
        return self.two_people((*self.words.BONDS, *self.words.UNRELATED_BONDS), state)

    # -- things, places, times

    def categories(self, state: _State) -> Iterator[tuple[_State, str]]:
        for category in [state.category] if state.category else self.words.THINGS:
            yield state._replace(category=category), category

    def read_thing(self, state: _State) -> _States:
        found: _States = set()
        for fixed, category in self.categories(state):
            thing = self.words.THINGS[category]
            parts = {key: self.one_of(options) for key, options in thing["parts"].items()}
            name = self.one_of(thing["names"], **parts)
            found |= self.one_of(thing["forms"], name=name)(fixed)
        return found

    def read_did(self, state: _State) -> _States:
        return set().union(*(
            self.one_of(self.words.THINGS[category]["did"])(fixed)
            for fixed, category in self.categories(state)
        ))  # fmt: skip

    def read_city(self, state: _State) -> _States:
        return self.one_of(self.words.CITIES)(state)

    def read_employer(self, state: _State) -> _States:
        return self.one_of(self.words.EMPLOYERS)(state)

    def read_time(self, state: _State) -> _States:
        return self.one_of(self.words.TIMES)(state)

    # -- opinions

    def read_opinion(self, state: _State) -> _States:
        found: _States = set()
        for fixed, category in self.categories(state):
            for sentiment in SENTIMENTS:
                after = self.verdict(sentiment, category)(fixed)
                found |= {s._replace(sentiment=sentiment) for s in after}
        return found

    def verdict(self, sentiment: str, category: str) -> _Slot:
        plain = self.judgment(sentiment, category)
        if sentiment == "neutral":
            good, bad = (self.judgment(s, category) for s in ("positive", "negative"))
            turned = self.one_of(self.words.BALANCED, good=good, bad=bad)
            return lambda state: plain(state) | turned(state)
        other = OPPOSITE[sentiment]
        first = self.judgment(other, category)
        turned = self.one_of(self.words.CONTRAST, first=first, final=plain)
        adjective = self.one_of(self.opinions(other, category, "adjectives"))
        denied = self.one_of(self.words.DENY[other], adjective=adjective)
        return lambda state: plain(state) | turned(state) | denied(state)

    def judgment(self, sentiment: str, category: str) -> _Slot:
        phrase = self.one_of(self.opinions(sentiment, category, "phrases"))
        if sentiment == "neutral":
            return phrase
        adjective = self.one_of(self.opinions(sentiment, category, "adjectives"))
        affirmed = self.one_of(self.words.AFFIRM, adjective=adjective)
        return lambda state: phrase(state) | affirmed(state)

    def opinions(self, sentiment: str, category: str, form: str) -> list[str]:
        return [
            word
            for kind in ("any", category)
            for word in self.words.OPINIONS[kind][sentiment][form]
        ]
