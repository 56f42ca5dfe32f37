"""Rows to arrays: sentences and labels checked, vocabulary, inputs and targets built."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from mtl_tutorial.arguments import (
    integer,
    listed,
    names,
    one_of,
    shown,
)
from mtl_tutorial.arguments import text as string
from mtl_tutorial.dividing import grouping, held_out
from mtl_tutorial.labeling import (
    Finding,
    Sentence,
    Tasks,
    as_list,
    declare,
    kind_of,
    label_ids,
    labels_of,
    wanted_tasks,
)
from mtl_tutorial.reading import DataError, Located, Place
from mtl_tutorial.tasks import MISSING, Kind, Task, is_missing, read_label
from mtl_tutorial.text import PAD, UNK, Vocabulary, normalized, pad, tokenize


@dataclass(frozen=True, eq=False)
class Split:
    """One part of the data.

    Attributes
    ----------
    ids, tokens
        Each sentence's name, and its tokens.
    inputs
        Token ids, int32 [sentences, longest], padded on the right with 0.
    targets
        Task name → label ids, int32: [sentences] for a sequence task, [sentences, longest] for a
        token task or language model; -1 where there is no label.
    """

    ids: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    inputs: np.ndarray
    targets: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        return f"Split({len(self)} sentences, tasks {list(self.targets)})"

    def labeled(self, task: str) -> np.ndarray:
        """Which sentences carry a label of `task`, bool [sentences]."""
        if string("task", task) not in self.targets:
            raise ValueError(f"unknown task {task!r}; this split has {list(self.targets)}")
        present = self.targets[task] != MISSING
        return present if present.ndim == 1 else present.any(axis=1)

    def labeled_for_any(self, tasks: Iterable[str]) -> np.ndarray:
        """Which sentences carry a label of at least one of `tasks`, bool [sentences]."""
        found = [self.labeled(task) for task in names("tasks", tasks)]
        return np.any([np.zeros(len(self), bool), *found], axis=0)

    def with_labels(self, task: str, count: int, seed: int) -> Split:
        """The split in which only so many sentences keep their label of `task`, drawn by `seed`."""
        candidates = np.flatnonzero(self.labeled(task))
        if not 0 <= count <= len(candidates):
            raise ValueError(
                f"task {task!r} has {len(candidates)} labeled training sentences; cannot keep {count}"
            )
        hidden = np.random.default_rng(seed).permutation(candidates)[count:]
        target = self.targets[task].copy()
        target[hidden] = MISSING
        return replace(self, targets={**self.targets, task: target})

    def take(self, rows: np.ndarray) -> Split:
        """The sentences at the positions `rows`, in that order; or those for which a bool is True."""
        chosen = np.asarray(rows)
        if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iub"):
            raise TypeError(f"rows must be a list of whole numbers or of bools, not {shown(rows)}")
        rows = np.arange(len(self))[chosen.astype(chosen.dtype if chosen.size else int)]
        return Split(
            tuple(self.ids[i] for i in rows),
            tuple(self.tokens[i] for i in rows),
            self.inputs[rows],
            {task: target[rows] for task, target in self.targets.items()},
        )


class Assembled(NamedTuple):
    """What `MultiTaskData` holds."""

    tasks: dict[str, Task]
    vocabulary: Vocabulary
    splits: dict[str, Split]
    schemes: dict[str, str]
    findings: tuple[Finding, ...]

    def only(self, tasks: Sequence[str]) -> Assembled:
        """The same sentences with the labels of just these tasks."""
        return Assembled(
            {task: self.tasks[task] for task in tasks},
            self.vocabulary,
            {
                name: replace(split, targets={task: split.targets[task] for task in tasks})
                for name, split in self.splits.items()
            },
            {task: scheme for task, scheme in self.schemes.items() if task in tasks},
            tuple(found for found in self.findings if found.task in tasks),
        )


def assemble(
    located: Mapping[str, Iterable[Located]],
    tasks: Tasks,
    *,
    min_count: int = 1,
    max_length: int | None = None,
    labels: str = "train",
    unseen: str = "error",
    ids: str = "unique",
    hold_out: Mapping[str, float] | None = None,
    stratify: str | Sequence[str] | None = None,
    group: str | Callable[[Mapping[str, Any]], Hashable] | None = None,
    seed: int = 0,
    **unknown: Any,
) -> Assembled:
    """Check every row, then build what `MultiTaskData` holds; options as in `MultiTaskData.from_rows`."""
    if unknown:
        raise TypeError(f"there is no option {next(iter(unknown))!r}; there are {_OPTIONS}")
    wanted = wanted_tasks(tasks)
    min_count = integer("min_count", min_count, least=1)
    if max_length is not None:
        max_length = integer("max_length", max_length, least=1)
    every_split = one_of("labels", labels, ("train", "all splits")) == "all splits"
    one_of("unseen", unseen, ("error", "missing"))
    one_of("ids", ids, ("unique", "by split", "ignore"))
    if "train" not in located:
        raise DataError(
            f"one split must be named 'train'; got {listed(located)}, not {{'train': ...}}"
        )
    kinds = {name: kind_of(given) for name, given in wanted.items()}
    several = () if stratify is None else stratify
    spread = names("stratify", [several] if isinstance(several, str) else several)
    if unfit := [name for name in spread if kinds.get(name, "lm") == "lm"]:
        raise ValueError(f"stratify must be a task with labels, not {unfit[0]!r}; tasks: {kinds}")
    if hold_out is None and (stratify is not None or group is not None):
        raise ValueError("stratify and group are for hold_out, such as hold_out={'valid': 0.1}")
    grouped, seen = grouping(group), dict[str, Place]()
    with _nothing_thrown_away():
        read = {
            split: _read(split, rows, kinds, ids, seen, grouped) for split, rows in located.items()
        }
    uneven: list[Finding] = []
    if hold_out is not None:
        parts, uneven = held_out(read, hold_out, spread, integer("seed", seed, least=0))
        read |= parts
    declared = declare(wanted, read, every_split)
    tokens = {
        split: [s.tokens[:max_length] for s in sentences] for split, sentences in read.items()
    }
    vocabulary = Vocabulary.build(tokens["train"], min_count)

    splits: dict[str, Split] = {}
    findings = uneven + declared.findings
    for split, sentences in read.items():
        inputs = vocabulary.encode(tokens[split])
        targets = {}
        for name, task in declared.tasks.items():
            if task.kind == "lm":
                targets[name] = next_tokens(inputs)
                continue
            found, odd = label_ids(task, split, sentences, unseen, isinstance(wanted[name], Task))
            findings += odd
            targets[name] = (
                pad(found, MISSING, inputs.shape[1])
                if task.kind == "token"
                else np.array(found, np.int32)[:, 0]
            )
        called = tuple(sentence.name for sentence in sentences)
        splits[split] = Split(called, tuple(map(tuple, tokens[split])), inputs, targets)
    return Assembled(declared.tasks, vocabulary, splits, declared.schemes, tuple(findings))


_OPTIONS = sorted((assemble.__kwdefaults__ or {}).keys())


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Rows are made by the million and kept: to search them for garbage takes a fifth of the time."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()


def _read(
    split: str,
    located: Iterable[Located],
    kinds: Mapping[str, Kind],
    ids: str,
    seen: dict[str, Place],
    grouped: Callable[[Place, Mapping[str, Any]], Hashable],
) -> list[Sentence]:
    """The sentences of a split; `seen` are the names of all before, and where they stand."""
    sentences: list[Sentence] = []
    columns: list[str] = []
    for i, (place, row) in enumerate(located):
        if columns != [*row]:
            columns = [*row]  # one list for many rows
        given = None if ids == "ignore" else _id(place, row.get("id"))
        name = given or f"{split}-{i}"
        if given and ids == "by split":
            name = f"{split}/{given}"
        if name in seen:
            anew = any(name == sentence.name for sentence in sentences)
            remedy = (
                "if they begin anew in each file, give ids='ignore'"
                if anew
                else "give ids='by split' if they begin anew in each split, or ids='ignore' for none"
            )
            raise DataError(
                f"{place}: id {name!r} occurs before, at {seen[name]}; ids must differ: {remedy}"
            )
        seen[name] = place
        tokens = _tokens(place, row)
        labels = {
            task: labels_of(place, task, kind, row.get(task), len(tokens))
            for task, kind in kinds.items()
            if kind != "lm"
        }
        sentences.append(Sentence(place, name, tokens, labels, columns, grouped(place, row)))
    if not sentences:
        raise DataError(f"split {split!r} is empty; it must hold at least one sentence")
    return sentences


def _id(place: Place, value: Any) -> str | None:
    try:
        return read_label(value)
    except TypeError:
        raise DataError(
            f"{place}: an id must be a string or a whole number, not {shown(value)}"
        ) from None


def _tokens(place: Place, row: Mapping[str, Any]) -> list[str]:
    """The tokens of a row, given as such or cut out of its text."""
    given, text = row.get("tokens"), row.get("text")
    if is_missing(given) and isinstance(text, str):
        tokens: list[Any] | None = list(tokenize(text))
    else:
        tokens = as_list(place, given)
    if tokens is None:
        came = shown(text if is_missing(given) else given)
        raise DataError(
            f"{place}: no sentence; give 'text' (a string) or 'tokens' (a list), not {came}; "
            f"the row has {listed(sorted(map(str, row)))}; columns={{'text': ...}} says which one it is"
        )
    if not tokens:
        raise DataError(f"{place}: the sentence is empty")
    read = [_spelled(token) if isinstance(token, str) else "" for token in tokens]
    if "" in read:
        i = read.index("")
        raise DataError(f"{place.at(i)}: a token must be a piece of text, not {shown(tokens[i])}")
    return read


@lru_cache(maxsize=65_536)
def _spelled(token: str) -> str:
    """Spell a token as the vocabulary does, one object for all its occurrences; "" if it is no text."""
    readable = not any("\ud800" <= character <= "\udfff" for character in token)
    return sys.intern(normalized(token.strip())) if readable else ""


def next_tokens(inputs: np.ndarray) -> np.ndarray:
    """For each token the id of the next; missing at the end and where the next one is unknown."""
    targets = np.full_like(inputs, MISSING)
    targets[:, :-1] = np.where(np.isin(inputs[:, 1:], (PAD, UNK)), MISSING, inputs[:, 1:])
    return targets
