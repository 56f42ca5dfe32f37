"""Text to tokens to ids: the tokenizer, `Vocabulary`, padding."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

PAD, UNK = 0, 1
SPECIAL = ("<pad>", "<unk>")

# One Chinese character, else a run of Latin letters and digits ("X3", "co-worker", "isn't"; an
# English "'s" is a token of its own), else one other visible character.
_CJK = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_WORD = rf"[^\W_{_CJK}]"
_LETTER = rf"[^\W\d_{_CJK}]"
_APART = re.compile(rf"{_WORD}{{2}}|[,;:!?.)&]{_LETTER}|{_WORD}[(&]|[,;:)]\(")
_TOKEN = re.compile(rf"[{_CJK}]|['’]s\b(?=\W|$)|{_WORD}+(?:[-.'’](?!s\b){_WORD}+)*|[^\s]")


def tokenize(text: str) -> list[str]:
    """Split a sentence, Chinese or English or mixed, into tokens.

    Chinese is split into characters; Latin words and numbers inside it stay whole. English is
    split into words and punctuation marks, the possessive *'s* apart. Case is kept.

    Examples
    --------
    >>> tokenize("我表姐买了X3耳机。")
    ['我', '表', '姐', '买', '了', 'X3', '耳', '机', '。']
    >>> tokenize("My aunt's co-worker isn't late.")
    ['My', 'aunt', "'s", 'co-worker', "isn't", 'late', '.']
    """
    return _TOKEN.findall(text)


def join_tokens(tokens: Sequence[str]) -> str:
    """Readable text of tokens: a space where Latin words meet, and beside their punctuation.

    Where the tokens had none ("3,000") or had some ("a . b") cannot be known.

    Examples
    --------
    >>> join_tokens(["张", "晨"]), join_tokens(["Ana", "Weber"]), join_tokens(["yes", ",", "Ana"])
    ('张晨', 'Ana Weber', 'yes, Ana')
    """
    text = ""
    for token in tokens:
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
        self.tokens: tuple[str, ...] = (*SPECIAL, *tokens)
        self._ids = {token: i for i, token in enumerate(self.tokens)}
        if len(self._ids) < len(self.tokens) or "" in self._ids:
            bad = sorted(token for token, n in Counter(self.tokens).items() if n > 1 or not token)
            raise ValueError(f"a vocabulary's tokens must be different and not empty: {bad[:5]}")

    @classmethod
    def build(cls, sentences: Iterable[Sequence[str]], min_count: int = 1) -> "Vocabulary":
        """The tokens that occur at least `min_count` times, most frequent first, ties by code point."""
        counts = Counter(token for sentence in sentences for token in sentence)
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
        """The token's id, `UNK` if it is not known."""
        return self._ids.get(token, UNK) if token not in SPECIAL else UNK

    def encode(self, sentences: Sequence[Sequence[str]], length: int | None = None) -> np.ndarray:
        """Ids of the sentences, int32 [sentences, length]; length is that of the longest unless given.

        Longer sentences are cut, shorter ones padded on the right.
        """
        return pad([[self.id_of(token) for token in s] for s in sentences], PAD, length)


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
