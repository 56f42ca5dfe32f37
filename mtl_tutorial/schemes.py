"""Tag schemes: how tags mark spans. A scheme is recognized, turned into BIO, read; or refused.

======  ========================================================================================
BIO     ``B-`` begins a span, ``I-`` continues it, ``O`` is outside (also called IOB2)
IOB1    ``I-`` marks a span; ``B-`` only the first token of one right after another of its type
IOE2    ``E-`` ends a span, ``I-`` marks the tokens before
IOE1    ``I-`` marks a span; ``E-`` only the last token of one right before another of its type
BIOES   ``B-`` begins a span, ``E-`` ends it, ``I-`` marks the tokens between, ``S-`` is one alone
BMES    BIOES with ``M-`` between; in BMEWO, ``W-`` is one alone
BILOU   BIOES with ``L-`` at the end; ``U-`` is one alone
======  ========================================================================================

Tags may be bare (``B``, ``I``, ``O``); the type of their spans is ``""``.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from mtl_tutorial.arguments import names, one_of

Span = tuple[int, int, str]

BIO = "B- begins a span, I- continues it, O is outside"
OUTSIDE = "O"

# Scheme → its prefixes, and a span of it among the prefixes of neighbors of one type, where M is
# written as I, L as E, and U and W as S. Of schemes with the same prefixes the usual one is first.
_SCHEMES = {
    "BIO": ("BI", r"BI*"),
    "IOB1": ("BI", r"(?!^)BI*|I+"),
    "IOE2": ("IE", r"I*E"),
    "IOE1": ("IE", r"I*E(?!$)|I+$"),
    "BIOES": ("BIES", r"BI*E|S"),
    "BMES": ("BMES", r"BI*E|S"),
    "BILOU": ("BILU", r"BI*E|S"),
    "BMEWO": ("BMEW", r"BI*E|S"),
}
_ANY = r"S|[BI]I*E?|E"  # a span as the CoNLL evaluation reads it, whatever the scheme
_OUTSIDE = {OUTSIDE, "o", "0"}
_LETTERS = frozenset("BIEMSLUW")
_SAME = str.maketrans("MLUW", "IESS")
_TYPED = re.compile(r"[A-Z]-.+")
_NEARLY = re.compile(
    r"([A-Za-z])[-_:./](.*)|(.+)[-_:./]([A-Za-z])|([BIEMSLUW])([A-Z]{2,}|[A-Z][a-z]+)"
)
_DASHES = str.maketrans("‐‑‒–—−", "------")


class TagError(ValueError):
    """Tags that look as if they marked spans, but for `tag` (None if a tag is lacking)."""

    def __init__(self, tag: str | None, reason: str):
        super().__init__(reason)
        self.tag = tag


def spans(tags: Sequence[str], scheme: str = "BIO") -> list[Span]:
    """Read the (start, end, type) of the spans that tags mark; end is exclusive.

    Strict, as seqeval's strict mode: what the scheme does not allow is no span, such as an ``I-X``
    in BIO that does not continue an X.

    Parameters
    ----------
    tags
        The tags of one sentence.
    scheme
        One of those at the head of this module.

    Raises
    ------
    ValueError
        For an unknown scheme, or a tag that is none of its tags.

    Examples
    --------
    >>> spans(["B-PER", "I-PER", "O", "I-LOC", "B-LOC"])
    [(0, 2, 'PER'), (4, 5, 'LOC')]
    >>> spans(["B-PER", "E-PER", "O", "S-LOC"], "BIOES")
    [(0, 2, 'PER'), (3, 4, 'LOC')]
    """
    prefixes, pattern = _SCHEMES[one_of("tag scheme", scheme, _SCHEMES)]
    tags = names("tags", tags, "tags")
    for tag in tags:
        if tag != OUTSIDE and (_parts(tag)[1] is None or tag[0] not in prefixes):
            raise ValueError(f"tag {tag!r} is none of {scheme}, whose prefixes are {[*prefixes]}")
    return list(_found(tags, pattern))


def to_bio(tags: Sequence[str | None]) -> list[Any]:
    """Write the same spans in BIO, whatever the scheme; missing tags (None) stay missing.

    Lenient, as the CoNLL evaluation: an ``I-X`` that continues nothing begins a span, one that
    nothing ends is over where the next begins.

    Raises
    ------
    ValueError
        For a tag of no scheme.

    Examples
    --------
    >>> to_bio(["I-PER", "I-PER", "B-PER", "O", "S-LOC"])
    ['B-PER', 'I-PER', 'B-PER', 'O', 'B-LOC']
    """
    for tag in tags:
        if tag not in (None, OUTSIDE) and _parts(tag)[1] is None:
            raise ValueError(f"tag {tag!r} is none of {list(_SCHEMES)}")
    bio: list[str | None] = [None if tag is None else OUTSIDE for tag in tags]
    for start, end, kind in _found(tags, _ANY):
        suffix = kind and f"-{kind}"
        bio[start:end] = [f"B{suffix}", *[f"I{suffix}"] * (end - start - 1)]
    return bio


def malformed(tags: Sequence[str | None], scheme: str) -> int:
    """How many spans are not written as the scheme asks; `to_bio` has to guess at them.

    Examples
    --------
    >>> malformed(["I-PER", "O", "B-PER"], "BIO"), malformed(["I-PER", "O", "B-PER"], "IOB1")
    (1, 1)
    """
    pattern = _SCHEMES[scheme][1]
    return sum(_broken(letters, pattern) for _, kind, letters in _runs(tags) if kind is not None)


def recognize(sentences: Iterable[Sequence[str | None]]) -> str | None:
    """Recognize the scheme of sentences' tags; None if they mark no spans. Missing tags are None.

    Of schemes that have all the prefixes, it is the one that the sentences break least.

    Raises
    ------
    TagError
        As `scheme_of`.

    Examples
    --------
    >>> recognize([["I-PER", "O", "I-PER"]]), recognize([["NOUN", "VERB"]])
    ('IOB1', None)
    """
    different = Counter(map(tuple, sentences))
    counts: dict[str, int] = {}
    for tags, n in different.items():
        for tag in tags:
            if tag is not None:
                counts[tag] = counts.get(tag, 0) + n
    best, least = None, math.inf
    for scheme in _candidates(counts):
        broken = sum(n * malformed(tags, scheme) for tags, n in different.items()) if least else 1
        if broken < least:
            best, least = scheme, broken
    if best and 2 * least > sum(n * len(list(_found(tags, _ANY))) for tags, n in different.items()):
        _refuse_strays(different, counts, int(least))
    return best


def scheme_of(labels: Iterable[str]) -> str | None:
    """Recognize the scheme of a task's labels, the usual of several; None if they mark no spans.

    Raises
    ------
    TagError
        If most labels are tags of a scheme but one is not, or ``O`` is lacking.

    Examples
    --------
    >>> scheme_of(["O", "I-PER", "B-PER"]), scheme_of("BMES"), scheme_of(["NOUN", "O"])
    ('BIO', 'BMES', None)
    >>> scheme_of(["O", "B-PER", "I-PER", "0"])
    Traceback (most recent call last):
    mtl_tutorial.schemes.TagError: is no tag of BIO, though most are, such as 'B-PER'
    """
    return next(iter(_candidates(dict.fromkeys(labels, 1))), None)


def bio_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """Labels in BIO for the spans of labels in any scheme; those of BIO stay in their order.

    Examples
    --------
    >>> bio_labels(["O", "S-PER", "E-PER"]), bio_labels(["B", "I"])
    (('O', 'B-PER', 'I-PER'), ('B', 'I'))
    """
    kinds = dict.fromkeys(label[1:] for label in labels if label != OUTSIDE)
    if all(label[0] in "BIO" for label in labels):
        lacking = [f"B{kind}" for kind in kinds]
    else:
        lacking = [f"{letter}{kind}" for kind in kinds for letter in "BI"]
        labels = [label for label in labels if label == OUTSIDE]
    if any(kinds):
        lacking = [OUTSIDE, *lacking]
    return tuple(dict.fromkeys([*labels, *lacking]))


def _candidates(counts: Mapping[str, int]) -> list[str]:
    """The schemes that have all these tags (tag → how often it occurs); none if they mark no spans."""
    typed = [tag for tag in counts if _TYPED.fullmatch(tag)]
    alike = dict.fromkeys(typed or [tag for tag in counts if tag in _LETTERS])
    others = [tag for tag in counts if tag not in alike and tag != OUTSIDE]
    if not alike:
        _refuse_nearly(others)
        return ["BIO"] if OUTSIDE in counts and not others else []
    if not (_typed_mark_spans if typed else _bare_mark_spans)(counts, list(alike), others):
        return []

    def fit(scheme: str) -> int:
        return sum(counts[tag] for tag in alike if tag[0] in _SCHEMES[scheme][0])

    best = max(_SCHEMES, key=fit)  # the first of several
    prefixes = _SCHEMES[best][0]
    stray = [tag for tag in counts if tag != OUTSIDE and not (tag in alike and tag[0] in prefixes)]
    if stray and not fit(best):
        raise TagError(stray[0], f"begins a tag of no scheme; {list(_SCHEMES)} are known")
    if stray:
        raise _stray(stray[0], best, next(tag for tag in alike if tag[0] in prefixes))
    if typed and OUTSIDE not in counts:
        raise TagError(None, f"are tags of {best}, such as {typed[0]!r}, but none is {OUTSIDE!r}")
    return [scheme for scheme, (same, _) in _SCHEMES.items() if same == prefixes]


def _stray(tag: str, scheme: str, good: str) -> TagError:
    return TagError(tag, f"is no tag of {scheme}, though most are, such as {good!r}")


def _typed_mark_spans(
    counts: Mapping[str, int], alike: Sequence[str], others: Sequence[str]
) -> bool:
    """Whether tags are meant as those of a scheme: `alike` are as "B-PER", `others` are not."""
    letters = {tag[0] for tag in alike}
    kinds = [tag[1:] for tag in alike if tag[0] in _LETTERS]
    paired = len(set(kinds)) < len(kinds)  # B-PER and I-PER, unlike A-plus and B-minus
    outside = not counts.keys().isdisjoint(_OUTSIDE)
    if others and letters.isdisjoint("BI"):
        return False  # "E-mail", "Phone"
    return (outside and paired) or ((outside or paired) and _most(counts, alike, others))


def _bare_mark_spans(
    counts: Mapping[str, int], alike: Sequence[str], others: Sequence[str]
) -> bool:
    """The same, where `alike` are as "B"."""
    letters = set(alike)
    if others:
        outside = not counts.keys().isdisjoint(_OUTSIDE)
        return outside and letters >= {"B", "I"} and _most(counts, alike, others)
    if OUTSIDE in counts:
        return not letters.isdisjoint("BI")
    return "B" in letters and not letters.isdisjoint("IMEL")  # words; not "B(uy)" and "S(ell)"


def _most(counts: Mapping[str, int], alike: Sequence[str], others: Sequence[str]) -> bool:
    """Whether `alike` occur more often than `others`, or are more."""
    often = sum(counts[tag] for tag in alike) >= sum(counts[tag] for tag in others)
    return often or len(alike) >= len(others)


def _refuse_strays(
    different: Mapping[tuple[str | None, ...], int], counts: Mapping[str, int], broken: int
) -> None:
    """Refuse tags without which another scheme is broken less: one ``E-`` does not make BIOES of BIO."""
    error = None
    for rival, (prefixes, _) in _SCHEMES.items():
        tags = [tag for tag in counts if tag != OUTSIDE]
        strays = [tag for tag in tags if tag[0] not in prefixes]
        cost = sum(counts[tag] for tag in strays)
        if 0 < cost < broken:
            for sentence, n in different.items():
                left = [None if tag in strays else tag for tag in sentence]
                cost += n * malformed(left, rival)
        if 0 < cost < broken:
            broken, good = cost, next(tag for tag in tags if tag[0] in prefixes)
            error = _stray(strays[0], rival, good)
    if error:
        raise error


def _refuse_nearly(tags: Sequence[str]) -> None:
    """Refuse tags such as "b-PER", "B_PER", "PER-B", "BPER", "B-", if they are so all over."""
    rightly = {}
    for tag in tags:
        plain = unicodedata.normalize("NFKC", tag).translate(_DASHES)
        nearly = _NEARLY.fullmatch(plain)
        if nearly:
            letter, kind = nearly[1] or nearly[4] or nearly[5], nearly[2] or nearly[3] or nearly[6]
            rightly[tag] = f"{letter.upper()}-{kind}" if kind else letter.upper()
        elif plain.upper() in _LETTERS:
            rightly[tag] = plain.upper()
    letters = {tag[0] for tag in rightly.values()}
    kinds = {tag[1:] for tag in rightly.values()}
    if {"B", "I"} <= letters <= _LETTERS and len(kinds) < len(rightly) >= len(tags) / 2:
        tag, right = next(iter(rightly.items()))
        raise TagError(tag, f"is no tag of BIO, but nearly: write it as {right!r}")


def _found(tags: Sequence[str | None], pattern: str) -> Iterator[Span]:
    """Spans by the pattern of a scheme; prefixes of neighbors of one type are matched together."""
    for first, kind, letters in _runs(tags):
        if kind is not None:
            for start, end in _matches(letters, pattern):
                yield first + start, first + end, kind


def _runs(tags: Sequence[str | None]) -> Iterator[tuple[int, str | None, str]]:
    """Neighbors of one type: where they begin, the type, their prefixes."""
    first = 0
    for kind, run in groupby(map(_parts, tags), key=itemgetter(1)):
        letters = "".join(map(itemgetter(0), run))
        yield first, kind, letters
        first += len(letters)


@lru_cache(maxsize=65_536)
def _matches(letters: str, pattern: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in re.finditer(pattern, letters))


@lru_cache(maxsize=65_536)
def _broken(letters: str, pattern: str) -> int:
    return len({*_matches(letters, _ANY)} - {*_matches(letters, pattern)})


@cache
def _parts(tag: str | None) -> tuple[str, str | None]:
    """A tag's prefix, one of B, I, E, S, and its type; type None if it marks no span."""
    if not tag or tag[0] not in _LETTERS or tag[1:2] not in ("", "-"):
        return " ", None
    return tag[0].translate(_SAME), tag[2:]
