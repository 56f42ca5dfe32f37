"""Text to tokens to ids: the tokenizer, `Vocabulary`, padding."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from mtl_tutorial.arguments import integer, names, shown
from mtl_tutorial.arguments import text as string

PAD, UNK = 0, 1
SPECIAL = ("<pad>", "<unk>")

# One emoji with all that is joined to it, else one Chinese character, else a run of Latin letters
# and digits ("X3", "co-worker", "isn't"; an English "'s" is a token of its own), else one other
# visible character. What has no width of its own (accents, variation selectors) stays with what
# it stands on.
_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_ON = "\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_KEYCAP = "[0-9#*]\ufe0f?\u20e3"
_FLAG = "[\U0001f1e6-\U0001f1ff]{2}"
_TONE = "\U0001f3fb-\U0001f3ff"
_SYMBOL = rf"[^\s\w][{_ON}{_TONE}\u20e3\U000e0020-\U000e007f]*"
_EMOJI = rf"{_KEYCAP}|\w\ufe0f|{_FLAG}|{_SYMBOL}(?:\u200d{_SYMBOL})*"
_WORD = rf"[^\W_{_CJK}](?![\ufe0f\u20e3])[{_ON}]*"
_LETTER = rf"[^\W\d_{_CJK}]"
_APART = re.compile(rf"[^\W_{_CJK}]{{2}}|[,;:!?.)&]{_LETTER}|[^\W_{_CJK}][(&]|[,;:)]\(")
TOKEN = re.compile(
    rf"['’]s\b(?=\W|$)|{_EMOJI}|[{_CJK}][{_ON}]*|(?:{_WORD})+(?:[-.'’](?!s\b)(?:{_WORD})+)*|[^\s]"
)
HALF_WIDTH = {
    wide: wide - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for wide in range(ord(first), ord(last) + 1)
}


def normalized(text: str) -> str:
    """Spell text in one way: characters composed (NFC), full-width letters and digits half.

    Chinese punctuation stays as it is.

    Examples
    --------
    >>> normalized("Ｘ３，ＯＫ！"), len(normalized("Zoe\u0308"))
    ('X3，OK！', 3)
    """
    return (
        text
        if string("text", text).isascii()
        else unicodedata.normalize("NFC", text).translate(HALF_WIDTH)
    )


def tokenize(text: str) -> list[str]:
    """Split a sentence, Chinese or English or mixed, into tokens.

    Chinese is split into characters; Latin words and numbers inside it stay whole. English is
    split into words and punctuation marks, the possessive *'s* apart. An emoji is one token, be it
    joined of several. Case is kept; the text is `normalized`.

    Raises
    ------
    TypeError
        For anything but a string.

    Examples
    --------
    >>> tokenize("我表姐买了X3耳机。")
    ['我', '表', '姐', '买', '了', 'X3', '耳', '机', '。']
    >>> tokenize("My aunt's co-worker isn't late.")
    ['My', 'aunt', "'s", 'co-worker', "isn't", 'late', '.']
    """
    return TOKEN.findall(normalized(string("text", text)))


def token_places(text: str) -> list[tuple[int, int]]:
    """Find where each token of a text that is `normalized` begins and ends; the end is exclusive.

    Examples
    --------
    >>> token_places("买了 X3。")
    [(0, 1), (1, 2), (3, 5), (5, 6)]
    """
    return [token.span() for token in TOKEN.finditer(text)]


def join_tokens(tokens: Sequence[str]) -> str:
    """Join tokens to readable text: a space where Latin words meet, and beside their punctuation.

    Where the tokens had none ("3,000") or had some ("a . b") cannot be known.

    Examples
    --------
    >>> join_tokens(["张", "晨"]), join_tokens(["Ana", "Weber"]), join_tokens(["yes", ",", "Ana"])
    ('张晨', 'Ana Weber', 'yes, Ana')
    """
    text = ""
    for token in names("tokens", tokens, "tokens"):
        text += f" {token}" if _APART.fullmatch(text[-1:] + token[:1]) else token
    return text


class Vocabulary:
    """Tokens and their ids; id 0 is padding, id 1 every unknown token.

    Parameters
    ----------
    tokens
        The known tokens in the order of their ids, without the two special ones.

    Raises
    ------
    TypeError
        For tokens that are no strings, or a string instead of several.
    ValueError
        If a token occurs twice, is empty, or is one of the special ones.

    Examples
    --------
    >>> vocabulary = Vocabulary.build([["a", "b"], ["a"]])
    >>> vocabulary.encode([["a", "c"], ["b"]])
    array([[2, 1],
           [3, 0]], dtype=int32)
    """

    def __init__(self, tokens: Iterable[str]):
        self.tokens: tuple[str, ...] = (*SPECIAL, *names("tokens", tokens, "tokens"))
        self._ids = {token: i for i, token in enumerate(self.tokens) if i >= len(SPECIAL)}
        if len({*SPECIAL, *self._ids}) < len(self.tokens) or "" in self._ids:
            bad = sorted(token for token, n in Counter(self.tokens).items() if n > 1 or not token)
            raise ValueError(f"a vocabulary's tokens must be different and not empty: {bad[:5]}")

    @classmethod
    def build(cls, sentences: Iterable[Sequence[str]], min_count: int = 1) -> "Vocabulary":
        """Collect tokens seen at least `min_count` times, most frequent first, ties by code point.

        Raises
        ------
        TypeError
            If a sentence is a string, not a list of tokens.
        """
        min_count = integer("min_count", min_count, least=0)
        counts = Counter(chain.from_iterable(_sentences(sentences)))
        known = [token for token, n in counts.items() if n >= min_count and token not in SPECIAL]
        return cls(sorted(known, key=lambda token: (-counts[token], token)))

    def __len__(self) -> int:
        return len(self.tokens)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.tokens == other.tokens

    def __hash__(self) -> int:
        return hash(self.tokens)

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} tokens)"

    def id_of(self, token: str) -> int:
        """Look up the token's id, `UNK` if it is not known."""
        return self._ids.get(string("token", token), UNK)

    def encode(self, sentences: Sequence[Sequence[str]], length: int | None = None) -> np.ndarray:
        """Ids of the sentences, int32 [sentences, length]; length is that of the longest unless given.

        Longer sentences are cut, shorter ones padded on the right.
        """
        if length is not None:
            length = integer("length", length, least=0)
        id_of = self._ids.get
        ids = [[id_of(token, UNK) for token in sentence] for sentence in _sentences(sentences)]
        return pad(ids, PAD, length)


def _sentences(sentences: Any) -> Iterator[Any]:
    """Lists of tokens, one by one; a string in place of a list is refused."""
    if isinstance(sentences, str) or not isinstance(sentences, Iterable):
        raise TypeError(f"sentences must be lists of tokens, not {shown(sentences)}")
    for sentence in sentences:
        if isinstance(sentence, str):
            raise TypeError(
                f"sentences must be lists of tokens, as tokenize gives, not {shown(sentence)}"
            )
        clean = isinstance(sentence, list | tuple) and {*map(type, sentence)} <= {str}
        yield sentence if clean else names("each of the sentences", sentence, "tokens")


def pad(
    rows: Sequence[Sequence[int] | np.ndarray], value: int, length: int | None = None
) -> np.ndarray:
    """Rows of different lengths as one int32 array [rows, length], filled up with `value` on the right.

    Examples
    --------
    >>> pad([[5], [6, 7]], value=0)
    array([[5, 0],
           [6, 7]], dtype=int32)
    """
    width = max((len(row) for row in rows), default=0) if length is None else length
    padded = np.full((len(rows), width), value, dtype=np.int32)
    for line, row in zip(padded, rows, strict=True):
        line[: len(row)] = row[:width]
    return padded
