"""Labels of rows: read, in BIO where they mark spans, and the tasks that have them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple, cast

from mtl_tutorial.arguments import listed, one_of, short, shown
from mtl_tutorial.reading import DataError, Place, cells
from mtl_tutorial.schemes import BIO, OUTSIDE, TagError, bio_labels, malformed, recognize, to_bio
from mtl_tutorial.tasks import KINDS, MISSING, Kind, Task, check_name, read_label

Tasks = Iterable[Task] | Mapping[str, Kind | Task]
OUT_OF_SCHEME = "spans not written as their scheme asks"
LEFT_OUT = "labels that the task does not have, left out"

_ELEMENT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|None|null|nan")
_PRINTED = re.compile(rf"\s*\[\s*(?:{_ELEMENT.pattern})(?:[\s,]+(?:{_ELEMENT.pattern}))*\s*\]\s*")

Labels = list[str | None]  # of a sentence's tokens; of the sentence, if it is one


class Sentence(NamedTuple):
    """A row that has been read: its tokens, and the labels of every task but language models."""

    place: Place
    name: str
    tokens: list[str]
    labels: dict[str, Labels]
    columns: Sequence[str]  # of the row
    group: Hashable = None  # what stays together when a part is held out


class Finding(NamedTuple):
    """Something about the data that their user should know, how often it occurs, and where first."""

    split: str
    task: str
    what: str
    number: int
    example: str


# -- tasks as they are asked for


def wanted_tasks(tasks: Any) -> dict[str, Kind | Task]:
    """Task name → kind, or the task itself where its labels are declared.

    Raises
    ------
    TypeError
        For anything but tasks, or a dictionary of names and kinds.
    ValueError
        For a bad name or kind, no task, or one name twice.
    """
    wanted = (
        "tasks must be a dictionary name → kind, such as {'mood': 'sequence'}, or a list of Task"
    )
    if isinstance(tasks, Mapping):
        for name, given in tasks.items():
            if not isinstance(given, Task):
                one_of(f"kind of task {check_name(name)!r}:", given, KINDS)
            elif given.name != name:
                raise ValueError(f"task {given.name!r} stands under the name {name!r}")
        found: dict[str, Kind | Task] = dict(tasks)
    else:
        if isinstance(tasks, str | Task) or not isinstance(tasks, Iterable):
            raise TypeError(f"{wanted}, not {shown(tasks)}")
        listed_tasks = list(tasks)
        for task in listed_tasks:
            if not isinstance(task, Task):
                raise TypeError(f"{wanted}; {shown(task)} among them is none")
        found = {task.name: task for task in listed_tasks}
        if len(found) < len(listed_tasks):
            raise ValueError(
                f"give each task's name once; got {[task.name for task in listed_tasks]}"
            )
    if not found:
        raise ValueError("give at least one task, such as {'mood': 'sequence'}")
    return found


def kind_of(given: Kind | Task) -> Kind:
    """The kind of a task as `wanted_tasks` has it."""
    return given.kind if isinstance(given, Task) else given


# -- labels of a row


def labels_of(place: Place, name: str, kind: Kind, value: Any, tokens: int) -> Labels:
    """What a row gives a task: the label of the sentence, or those of its tokens; None if missing."""
    if kind == "sequence":
        return [_label(place, 0, name, value)]
    given = as_list(place, value)
    if given is None or (isinstance(value, str) and not given):
        if not isinstance(value, str) and _label(place, 0, name, value) is not None:
            raise DataError(
                f"{place}: token task {name!r} wants a list of labels, not {shown(value)}"
            )
        return [None] * tokens
    if len(given) != tokens:
        raise DataError(f"{place}: {tokens} tokens but {len(given)} labels of task {name!r}")
    if {*map(type, given)} == {str}:
        return [*map(_written, given)]
    return [_label(place, i, name, label) for i, label in enumerate(given)]


def as_list(place: Place, value: Any) -> list[Any] | None:
    """What a list holds, a tuple, a column of NumPy's or pandas', or a string; None for anything else.

    In a string, blanks separate; but one that pandas made of a list, ``"['a', 'b']"``, is that list.
    """
    if isinstance(value, list | tuple) or getattr(value, "ndim", None) == 1:
        return list(value)
    if not isinstance(value, str):
        return None
    if not _PRINTED.fullmatch(value):
        return cells(value)
    written = None
    for read in (json.loads, ast.literal_eval):
        with suppress(ValueError, SyntaxError):
            written = written or read(value.strip())
    if not isinstance(written, list) or len(written) != len(_ELEMENT.findall(value)):
        raise DataError(
            f"{place}: {value[:40]!r} looks like a list that was printed; put blanks between elements"
        )
    return written


def _label(place: Place, token: int, name: str, value: Any) -> str | None:
    if type(value) is str:
        return _written(value)
    try:
        return read_label(value)
    except TypeError as error:
        raise DataError(f"{place.at(token)}: task {name!r}: {error}") from None


_written = lru_cache(maxsize=65_536)(read_label)  # the same few strings again and again


# -- the tasks that labels make


class Declared(NamedTuple):
    """The tasks of the data, the scheme in which the tags of each were found, and what was odd."""

    tasks: dict[str, Task]
    schemes: dict[str, str]
    findings: list[Finding]


def declare(
    wanted: Mapping[str, Kind | Task], read: Mapping[str, Sequence[Sentence]], every_split: bool
) -> Declared:
    """The tasks of the sentences; tags that mark spans are turned into BIO where they stand.

    Labels that are not declared are those of the training part or of `every_split`, sorted.
    """
    declared = Declared({}, {}, [])
    for name, given in wanted.items():
        kind, task = kind_of(given), given if isinstance(given, Task) else None
        if kind == "lm":
            declared.tasks[name] = Task(name, kind)
            continue
        scheme = None
        if kind == "token" and (task is None or task.scheme):
            scheme = _recognized(name, read, [[OUTSIDE]] if task else [])
        if scheme:
            declared.schemes[name] = scheme
            declared.findings.extend(_into_bio(name, scheme, read))
        found = _found(name, read, every_split or task is not None)
        if task:
            labels = bio_labels(task.labels) if scheme else task.labels
            declared.tasks[name] = replace(task, labels=labels)
        else:
            labels = tuple(sorted(bio_labels(found) if scheme else found))
            declared.tasks[name] = Task(name, kind, labels, "f1" if scheme else "accuracy")
    return declared


def _found(name: str, read: Mapping[str, Sequence[Sentence]], every_split: bool) -> list[str]:
    """The labels of a task that occur, sorted."""
    parts = read.values() if every_split else [read["train"]]
    found = {label for part in parts for sentence in part for label in sentence.labels[name]}
    found.discard(None)
    if not found:
        first = read["train"][0]
        raise DataError(
            f"{first.place}: no label of task {name!r} in "
            f"{'any split' if every_split else 'the whole training part'}; "
            f"the first row has {listed(sorted(map(str, first.columns)))}"
        )
    return sorted(cast("set[str]", found))


def _recognized(
    name: str, read: Mapping[str, Sequence[Sentence]], known: Sequence[Labels]
) -> str | None:
    """The scheme of a task's tags in all splits, with the tags that are `known` beside."""
    sentences = [sentence for part in read.values() for sentence in part]
    try:
        return recognize([*(sentence.labels[name] for sentence in sentences), *known])
    except TagError as error:
        if error.tag is None:
            raise DataError(
                f"{sentences[0].place}: the tags of task {name!r} {error}; if every token belongs "
                f"to a span, declare the task: Task.bio({name!r}, [...])"
            ) from None
        places = [
            sentence.place.at(i)
            for sentence in sentences
            for i, tag in enumerate(sentence.labels[name])
            if tag == error.tag
        ]
        raise DataError(
            f"{places[0]}: tag {error.tag!r} of task {name!r} {error}; it occurs {len(places)} "
            f"time{'s' if len(places) > 1 else ''}. Mend it; if each file has a scheme of its own, "
            "read one by one and join them: data.joined(other, by=None); or, if these labels mark no spans, "
            f"declare Task({name!r}, 'token', [...], score='accuracy')"
        ) from None


def _into_bio(name: str, scheme: str, read: Mapping[str, Sequence[Sentence]]) -> Iterator[Finding]:
    """Turn the tags of a task into BIO where they stand; what is not as the scheme asks is counted."""
    for split, sentences in read.items():
        count, example = 0, ""
        for sentence in sentences:
            tags = sentence.labels[name]
            broken = malformed(tags, scheme)
            if broken or scheme != "BIO":
                sentence.labels[name] = to_bio(tags)
            example = example or (str(sentence.place) if broken else "")
            count += broken
        if count:
            yield Finding(split, name, OUT_OF_SCHEME, count, example)


def label_ids(
    task: Task, split: str, sentences: Sequence[Sentence], unseen: str, declared: bool
) -> tuple[list[list[int]], list[Finding]]:
    """Each sentence's label ids, and what was left out because the task has no such label.

    Raises
    ------
    DataError
        For such a label, unless `unseen` is ``"missing"``.
    """
    ids: dict[str | None, int] = {label: i for i, label in enumerate(task.labels)}
    ids[None] = MISSING
    with suppress(KeyError):  # most often, all are known
        return [[*map(ids.__getitem__, s.labels[task.name])] for s in sentences], []
    unknown: list[tuple[str, str]] = []  # label, where
    for sentence in sentences:
        for i, label in enumerate(sentence.labels[task.name]):
            if label not in ids:
                unknown.append((str(label), sentence.place.at(i)))
    found = [[ids.get(y, MISSING) for y in s.labels[task.name]] for s in sentences]
    label, where = unknown[0]
    different = list(dict.fromkeys(label for label, _ in unknown))
    if unseen == "missing":
        what = f"{listed(different)}, first at {where}"
        return found, [Finding(split, task.name, LEFT_OUT, len(unknown), what)]
    bio = f" ({BIO})" if task.is_bio else ""
    remedy = "declare it" if declared else "give labels='all splits' to have it all the same"
    raise DataError(
        f"{where}: label {short(repr(label))} is not among the labels of task {task.name!r}"
        f"{'' if declared else ' in training'}: {listed(task.labels)}{bio}; {remedy}, "
        f"or unseen='missing' to leave such labels out (here {listed(different)})"
    )
