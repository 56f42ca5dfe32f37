"""Several data joined: the tasks and sentences of all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mtl_tutorial.assembling import Assembled, Split, assemble
from mtl_tutorial.labeling import Finding
from mtl_tutorial.reading import DataError
from mtl_tutorial.sources import rows_in_memory
from mtl_tutorial.tasks import MISSING, Task
from mtl_tutorial.text import join_tokens

MERGED = "sentences that stood in two parts and are one now"
DISAGREED = "labels on which two parts disagree, left out"


def joined(
    parts: Sequence[Assembled], by: str | None, conflicts: str, options: Mapping[str, Any]
) -> Assembled:
    """The tasks, splits and sentences of all parts; a sentence with one id, or the same tokens, is one.

    `by` is ``"id"``, ``"tokens"``, or None to keep all apart; `options` are those of `assemble`.

    Raises
    ------
    ValueError
        If two tasks of one name differ.
    DataError
        If sentences with one id have different tokens, or a sentence two labels of one task.
    """
    tasks: dict[str, Task] = {}
    rows: dict[str, dict[Any, dict[str, Any]]] = {}
    merged: dict[str, list[str]] = {}
    torn: dict[tuple[str, str], list[str]] = {}
    for place, part in enumerate(parts):
        for name, task in part.tasks.items():
            if tasks.setdefault(name, task) != task:
                raise ValueError(
                    f"task {name!r} is {tasks[name]} in one part, {task} in another; declare one "
                    "Task with all its labels for all parts"
                )
        for name, split in part.splits.items():
            here = rows.setdefault(name, {})
            for key, row in _rows(part.tasks, split, by, place):
                if key not in here:
                    here[key] = row
                    continue
                text = join_tokens(row["tokens"])
                merged.setdefault(name, []).append(text)
                where = f"{name}, sentence {row['id']!r}"
                for disagreed in _add(where, here[key], row, part.tasks, conflicts):
                    torn.setdefault((name, disagreed), []).append(text)
    located = rows_in_memory({name: list(here.values()) for name, here in rows.items()}, tasks)
    whole = assemble(located, tasks, **{"ids": "unique" if by == "id" else "ignore", **options})
    found = [
        Finding(name, "", MERGED, len(texts), repr(texts[0])) for name, texts in merged.items()
    ]
    found += [
        Finding(name, task, DISAGREED, len(texts), repr(texts[0]))
        for (name, task), texts in torn.items()
    ]
    return whole._replace(
        schemes={task: scheme for part in parts for task, scheme in part.schemes.items()},
        findings=(*(one for part in parts for one in part.findings), *found),
    )


def _rows(
    tasks: Mapping[str, Task], split: Split, by: str | None, part: int
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Each sentence of a split as a row, with the key by which it is found again."""
    times: Counter[tuple[str, ...]] = Counter()
    for i, (name, tokens) in enumerate(zip(split.ids, split.tokens, strict=True)):
        times[tokens] += 1  # a sentence that stands twice in a part stands twice
        row: dict[str, Any] = {"id": name, "tokens": tokens}
        for task in tasks.values():
            if task.kind != "lm":
                row[task.name] = _labels(task, split.targets[task.name][i], len(tokens))
        yield {"id": name, "tokens": (tokens, times[tokens]), None: (part, i)}[by], row


def _labels(task: Task, target: Any, tokens: int) -> Any:
    """Label or labels in words; None where there is none."""
    if task.kind == "sequence":
        return None if target == MISSING else task.labels[target]
    found = [None if y == MISSING else task.labels[y] for y in target[:tokens]]
    return found if any(found) else None


def _add(
    where: str,
    row: dict[str, Any],
    more: Mapping[str, Any],
    tasks: Mapping[str, Task],
    conflicts: str,
) -> Iterator[str]:
    """Add what another part says of a sentence; gives the tasks on which the two disagree."""
    if row["tokens"] != more["tokens"]:
        raise DataError(
            f"{where}: its tokens are {' '.join(row['tokens'][:8])!r} in one part and "
            f"{' '.join(more['tokens'][:8])!r} in another; by='tokens' joins without ids, "
            "and by=None keeps all apart"
        )
    for name in tasks:
        here, there = row.get(name), more.get(name)
        if here is None:
            row[name] = there
        elif there not in (None, here):
            if conflicts == "error":
                raise DataError(
                    f"{where}: task {name!r} is {here!r} in one part and {there!r} in another; "
                    "conflicts='missing' leaves such labels out"
                )
            row[name] = None
            yield name
