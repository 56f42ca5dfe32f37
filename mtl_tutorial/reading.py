"""Rows out of files: JSON Lines, CSV, CoNLL; each row with the place where it stands."""

import csv
import functools
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Located = tuple[str, dict[str, Any]]  # where a row stands ("train.csv:7"), and the row

_COMMENT = re.compile(r"#\s*([^=]*?)\s*=\s*(.*)")


class DataError(ValueError):
    """Data that cannot be used; the message says where (file and line), what, and what would be right."""


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and lines of a UTF-8 file; a byte order mark is passed over."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{path}:{line}: not UTF-8 ({error.reason}); save the file as UTF-8"
        ) from error
    yield from enumerate(text.replace("\r\n", "\n").split("\n"), start=1)


def _never_empty(reader: Callable[..., Iterator[Located]]) -> Callable[..., Iterator[Located]]:
    """The same reader, for which a file without a sentence is an error."""

    @functools.wraps(reader)
    def checked(path: Path, *arguments: Any) -> Iterator[Located]:
        empty = True
        for located in reader(path, *arguments):
            empty = False
            yield located
        if empty:
            raise DataError(f"{path}:1: the file is empty; it must hold at least one sentence")

    return checked


@_never_empty
def jsonl_rows(path: Path) -> Iterator[Located]:
    for number, line in _lines(path):
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise DataError(f"{path}:{number}: not JSON: {error}") from error
            if not isinstance(row, dict):
                raise DataError(
                    f"{path}:{number}: each line must be a JSON object {{...}}, not {line[:40]!r}"
                )
            yield f"{path}:{number}", row


@_never_empty
def csv_rows(path: Path, text: str, tasks: Sequence[str], delimiter: str) -> Iterator[Located]:
    content = "\n".join(line for _, line in _lines(path))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    start = 1
    try:
        for cells in reader:
            if header is None:
                header = cells
                sentence = "tokens" if "tokens" in header else text
                missing = [name for name in (sentence, *tasks) if name not in header]
                if missing:
                    raise DataError(f"{path}:1: no column {missing[0]!r}; the header has {header}")
            elif cells:
                if len(cells) != len(header):
                    raise DataError(
                        f"{path}:{start}: {len(cells)} cells, but the header has {len(header)} columns"
                    )
                row = {name: cell or None for name, cell in zip(header, cells, strict=True)}
                if sentence != "tokens":
                    row["text"] = row[sentence]
                yield f"{path}:{start}", row
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{path}:{start}: not CSV: {error}") from error


@_never_empty
def conll_rows(path: Path, columns: Mapping[str, int], token: int) -> Iterator[Located]:
    row: dict[str, Any] = {}
    start = 1
    needed = max(i + 1 if i >= 0 else -i for i in (token, *columns.values()))
    lines = [*_lines(path), (0, "")]
    tabbed = any("\t" in line for _, line in lines)
    for number, line in lines:
        cells = line.split("\t") if "\t" in line else line.split()
        comment = line.startswith("#") and "tokens" not in row and _COMMENT.fullmatch(line.strip())
        if not cells:
            if "tokens" in row:
                yield f"{path}:{start}", row
            row = {}
        elif comment:
            if comment[1] != "tokens":
                row["id" if comment[1] == "sent_id" else comment[1]] = comment[2]
        elif (
            line.startswith("#")
            and "tokens" not in row
            and (len(cells) < needed or tabbed > ("\t" in line))
        ):
            continue  # a remark
        elif token != 0 and re.fullmatch(r"\d+[-.]\d+", cells[0]):
            continue  # CoNLL-U: a range of words, or a word that is not there
        elif len(cells) < needed:
            raise DataError(
                f"{path}:{number}: {len(cells)} columns, but column {needed - 1} is asked for"
            )
        else:
            if "tokens" not in row:
                start = number
                row |= {"tokens": [], **{task: [] for task in columns}}
            row["tokens"].append(cells[token])
            for task, column in columns.items():
                row[task].append(cells[column])
