"""Marks: the tokens that `for_generation` writes into a sentence beside its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mtl_tutorial.text import SPECIAL

BEGIN, END = "<begin>", "<end>"
_OF_LABEL = re.compile(r"<([A-Za-z_]\w*)=(.+)>", re.ASCII | re.DOTALL)


def label_in(token: str) -> tuple[str, str] | None:
    """Read a label's mark: its task and label; None of any other token.

    Examples
    --------
    >>> label_in("<mood=good>"), label_in("good")
    (('mood', 'good'), None)
    """
    found = _OF_LABEL.fullmatch(token)
    return (found[1], found[2]) if found else None


def is_mark(token: str) -> bool:
    """Whether it is a mark of begin, end or a label.

    Examples
    --------
    >>> is_mark(BEGIN), is_mark("<mood=good>"), is_mark("good")
    (True, True, False)
    """
    return token in (BEGIN, END) or label_in(token) is not None


def ids_of_labels(known: Sequence[str]) -> list[int]:
    """Find the ids of the labels' marks, in a vocabulary given without its special tokens.

    Examples
    --------
    >>> ids_of_labels([BEGIN, END, "<mood=bad>", "<mood=good>", "tea"])
    [4, 5]
    """
    return [i for i, token in enumerate(known, len(SPECIAL)) if label_in(token)]
