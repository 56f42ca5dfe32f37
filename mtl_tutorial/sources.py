"""The rows of every split, out of memory or files."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from mtl_tutorial.arguments import integer, listed, mapping, path, shown, text
from mtl_tutorial.conll import conll_rows
from mtl_tutorial.labeling import kind_of
from mtl_tutorial.reading import DataError, Located, Place, csv_rows, jsonl_rows
from mtl_tutorial.tasks import RESERVED, Kind, Task

Paths = Mapping[str, Path | str | Sequence[Path | str]]
Splits = dict[str, Iterable[Located]]
Columns = Mapping[str, str] | None


def _named(columns: Any, wanted: Mapping[str, Kind | Task]) -> dict[str, str]:
    """What a row is asked for, a task or its sentence → the column in which it stands instead."""
    if columns is None:
        return {}
    known = [*(name for name, given in wanted.items() if kind_of(given) != "lm"), *RESERVED]
    example = "task (or 'text', 'tokens', 'id') → column, such as {'mood': 'Stimmung'}"
    for name, column in mapping("columns", columns, example).items():
        if name not in known:
            raise ValueError(f"columns: {name!r} is no task here; choose among {listed(known)}")
        text(f"columns[{name!r}]", column)
    return dict(columns)


def _called(columns: Mapping[str, str], rows: Iterable[Located]) -> Iterator[Located]:
    """The rows in which everything has the name by which it is asked for."""
    for place, row in rows:
        rest = {name: value for name, value in row.items() if name not in columns}
        yield place, rest | {name: row[of] for name, of in columns.items() if of in row}


def rows_in_memory(splits: Any, wanted: Mapping[str, Kind | Task], columns: Any = None) -> Splits:
    """Split → its rows with their numbers, out of lists of dictionaries, data frames or columns."""
    named = _named(columns, wanted)
    mapping("splits", splits, "split → rows, such as {'train': rows}")
    return {split: _called(named, _numbered(split, rows)) for split, rows in splits.items()}


def _numbered(split: str, rows: Any) -> Iterator[Located]:
    if isinstance(rows, pd.DataFrame):
        if not rows.columns.is_unique:
            twice = rows.columns[rows.columns.duplicated()][0]
            raise DataError(f"split {split!r}: column {twice!r} stands twice in the data frame")
        rows = rows.to_dict("records")
    if isinstance(rows, Mapping):
        rows = _of_columns(split, rows)
    if isinstance(rows, str | bytes) or not isinstance(rows, Iterable):
        raise TypeError(
            f"split {split!r} must be a list of rows, a DataFrame or columns, not {shown(rows)}"
        )
    for i, row in enumerate(rows):
        if not isinstance(row, Mapping):
            raise DataError(
                f"{split}, row {i}: must be a dictionary, such as {{'text': ..., 'mood': ...}}, "
                f"not {shown(row)}"
            )
        yield Place(f"{split}, row {i}"), dict(row)


def _of_columns(split: str, columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a dictionary of columns, as Hugging Face's data sets give them."""
    lengths = {}
    for name, column in columns.items():
        if (
            isinstance(column, str | bytes | Mapping)
            or not hasattr(column, "__len__")
            or getattr(column, "ndim", 1) == 0
        ):
            raise TypeError(
                f"split {split!r} must be a list of rows, a DataFrame or columns (name → list); "
                f"{name!r} is {shown(column)}"
            )
        lengths[name] = len(column)
    if len({*lengths.values()}) > 1:
        raise DataError(f"split {split!r}: its columns differ in length: {lengths}")
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def rows_in_jsonl(
    paths: Any, wanted: Mapping[str, Kind | Task], encoding: str | None, columns: Any
) -> Splits:
    """Split → the rows of its JSON Lines files."""
    named = _named(columns, wanted)
    found = _in_files(paths, encoding, jsonl_rows)
    return {split: _called(named, rows) for split, rows in found.items()}


def rows_in_csv(
    paths: Any, wanted: Mapping[str, Kind | Task], column: Any, delimiter: Any,
    encoding: str | None, columns: Any,
) -> Splits:  # fmt: skip
    """Split → the rows of its CSV files; the sentence stands in `column`."""
    named = _named(columns, wanted)
    if text("text", column) in wanted and named.get(column, column) == column:
        raise ValueError(f"text={column!r} is the name of a task; name the column of the sentence")
    if len(text("delimiter", delimiter)) != 1 or delimiter in '"\r\n':
        raise ValueError(f"delimiter must be one character, such as ',', not {delimiter!r}")
    labeled = {name: name for name, given in wanted.items() if kind_of(given) != "lm"}
    return _in_files(paths, encoding, csv_rows, {"text": column, **labeled, **named}, delimiter)


def rows_in_conll(
    paths: Any, wanted: Mapping[str, Kind | Task], columns: Any, token: Any, encoding: str | None
) -> Splits:
    """Split → the sentences of its CoNLL files."""
    kinds = {name: kind_of(given) for name, given in wanted.items()}
    mapping("columns", columns, "token task → column, such as {'ner': 1}")
    places = {name: integer(f"column of {name!r}", at) for name, at in columns.items()}
    needed = [name for name, kind in kinds.items() if kind == "token"]
    missing = [name for name in needed if name not in places]
    unknown = [name for name in places if name not in needed]
    if missing or unknown:
        raise DataError(
            f"columns must name each token task, {needed}, and nothing else; "
            f"missing: {missing}, unknown: {unknown}"
        )
    said = [name for name, kind in kinds.items() if kind == "sequence"]
    first = None if token is None else integer("token", token)
    return _in_files(paths, encoding, conll_rows, places, first, said)


def _in_files(
    paths: Any, encoding: Any, reader: Callable[..., Iterator[Located]], *arguments: Any
) -> Splits:
    """Split → the rows of its file, or of its files one after the other."""
    if encoding is not None:
        text("encoding", encoding)
    located: Splits = {}
    for split, given in mapping("paths", paths, "split → file, such as {'train': 'a.csv'}").items():
        if isinstance(given, pd.DataFrame):
            raise TypeError(f"split {split!r} must be a file; a DataFrame goes into from_rows")
        files = given if isinstance(given, list | tuple) else [given]
        if not files:
            raise ValueError(f"split {split!r} must be a file or several; it has none")
        opened = [path(f"split {split!r}", file) for file in files]
        located[split] = chain.from_iterable(
            reader(file, *arguments, encoding=encoding) for file in opened
        )
    return located
