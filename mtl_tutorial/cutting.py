"""Raw sentences cut into tokens as a vocabulary has them, each token with its place in the text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mtl_tutorial.arguments import names
from mtl_tutorial.text import SPECIAL, Vocabulary, join_tokens, normalized, token_places, tokenize


@dataclass(frozen=True)
class Sentence:
    """A sentence to be answered.

    Attributes
    ----------
    text
        As it was given; tokens are joined.
    tokens
        What the model reads.
    places
        Of each token its first character in `text`, and the one after its last.
    """

    text: str
    tokens: tuple[str, ...]
    places: tuple[tuple[int, int], ...]


def cut(
    sentence: str | Sequence[str], vocabulary: Vocabulary, called: str = "a sentence"
) -> Sentence:
    """Cut a sentence into tokens, as those of the vocabulary are cut and spelled.

    Text is cut by `tokenize`; but where pieces that stand together are one token of the vocabulary,
    such as a Chinese word or "don't" of a corpus with tokens of its own, they stay together, the
    longest first. If no token of the vocabulary has a capital letter, it was made of lower-cased
    text, and the sentence is lower-cased, too. A list of tokens is not cut.

    Parameters
    ----------
    sentence
        Text, or a list of tokens.
    vocabulary
        The model's.
    called
        What an error calls the sentence.

    Raises
    ------
    TypeError
        For what is neither.

    Examples
    --------
    >>> cut("我喜欢Ulm", Vocabulary(["我", "喜欢", "ulm"])).tokens
    ('我', '喜欢', 'ulm')
    >>> cut("The tea", Vocabulary(["the"])).places
    ((0, 3), (4, 7))
    """
    small, joined = habits(vocabulary)
    if isinstance(sentence, str):
        text, spelled = sentence, normalized(sentence)
        spell = str.lower if small else str
        pieces = _longest_first(spelled, token_places(spelled), joined, spell)
        tokens = [spelled[start:end] for start, end in pieces]
        places = pieces if spelled == text else _places_in(text, pieces)
    else:
        given = names(called, sentence, "tokens")
        text = join_tokens(given)
        ends = [len(join_tokens(given[: i + 1])) for i in range(len(given))]
        tokens = [normalized(token) for token in given]
        places = [(end - len(token), end) for token, end in zip(given, ends, strict=True)]
    return Sentence(text, tuple(t.lower() if small else t for t in tokens), tuple(places))


@lru_cache(maxsize=8)
def habits(vocabulary: Vocabulary) -> tuple[bool, frozenset[str]]:
    """Tell whether a vocabulary has small letters alone, and what `tokenize` cuts of it."""
    known = vocabulary.tokens[len(SPECIAL) :]
    letters = "".join(known)
    small = letters == letters.lower() != letters.upper()
    cut_up = (token for token in known if len(tokenize(token)) > 1)
    return small, frozenset(token for token in cut_up if "".join(tokenize(token)) == token)


def _longest_first(
    text: str,
    pieces: list[tuple[int, int]],
    joined: frozenset[str],
    spell: Callable[[str], str],
) -> list[tuple[int, int]]:
    """Pieces put together where they touch and are, spelled as the vocabulary is, one of `joined`.

    A small letter may be longer than its capital ("İ"), so what is spelled is each piece.
    """
    longest = max(map(len, joined), default=0)
    found, i = [], 0
    while i < len(pieces):
        start, end = pieces[i]
        beyond = i + 1
        for j in range(i + 1, len(pieces)):
            if pieces[j][0] > pieces[j - 1][1] or pieces[j][1] - start > longest:
                break
            if spell(text[start : pieces[j][1]]) in joined:
                beyond, end = j + 1, pieces[j][1]
        found.append((start, end))
        i = beyond
    return found


def _places_in(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in the normalized text as places in the text itself, where a letter may be longer."""
    reached = [len(normalized(text[:i])) for i in range(len(text) + 1)]
    return [
        (bisect_right(reached, start) - 1, bisect_right(reached, end) - 1) for start, end in places
    ]
