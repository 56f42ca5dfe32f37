"""Why a training ended before its last epoch, as plain data; and the same in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

Why = Literal["interrupted", "not a number", "error"]

_OLD = {
    "interrupted": r"interrupted in epoch (?P<epoch>\d+)",
    "not a number": r"the loss of task '(?P<task>.+)' is not a number any more, in epoch (?P<epoch>\d+)",
}


def reason(
    why: Why, *, task: str | None = None, epoch: int | None = None, said: str | None = None
) -> dict[str, Any]:
    """What ``run.header["stopped"]`` holds; only the keys that apply are there.

    Parameters
    ----------
    why
        ``"interrupted"``: by Ctrl-C or a stop flag; ``"not a number"``: a loss became NaN or
        infinite; ``"error"``: something was raised.
    task
        The task whose loss is not a number.
    epoch
        The epoch under way, from 1.
    said
        An error's kind and message.

    Examples
    --------
    >>> reason("not a number", task="ner", epoch=3)
    {'why': 'not a number', 'task': 'ner', 'epoch': 3}
    """
    details = {"task": task, "epoch": epoch, "said": said}
    return {"why": why, **{key: value for key, value in details.items() if value is not None}}


def reason_in_words(stopped: Mapping[str, Any]) -> str:
    """Half an English sentence.

    Examples
    --------
    >>> reason_in_words(reason("interrupted", epoch=2))
    'interrupted in epoch 2'
    """
    if stopped["why"] == "interrupted":
        return f"interrupted in epoch {stopped['epoch']}"
    if stopped["why"] == "not a number":
        return (
            f"the loss of task {stopped['task']!r} is not a number any more, "
            f"in epoch {stopped['epoch']}"
        )
    return str(stopped["said"])


def read_reason(stopped: Any) -> dict[str, Any] | None:
    """A reason as files of runs hold it, also older ones, which hold the words.

    Examples
    --------
    >>> read_reason("interrupted in epoch 2")
    {'why': 'interrupted', 'epoch': 2}
    """
    if not isinstance(stopped, str):
        return stopped
    for why, words in _OLD.items():
        if told := re.fullmatch(words, stopped):
            found = told.groupdict()
            return reason(why, task=found.get("task"), epoch=int(found["epoch"]))  # type: ignore[arg-type]
    return reason("error", said=stopped)
