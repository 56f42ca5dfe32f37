"""Rows out of files: JSON Lines, CSV, CoNLL; each row with the place where it stands. Word vectors."""

import csv
import functools
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mtl_tutorial.text import SPECIAL, UNK, Vocabulary

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


# -- word vectors


def read_vectors(
    path: Path | str, vocabulary: Vocabulary, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Pre-trained vectors for the tokens of `vocabulary`, for `build_model`'s ``embedding_matrix``.

    Parameters
    ----------
    path
        A text file, a token a line with its numbers after it, separated by blanks: as GloVe
        writes it, or with a first line ``tokens width`` above as word2vec and fastText do.
        It is read line by line; only the vectors of known tokens are kept.
    vocabulary
        Whose tokens to look for, written as they are.
    seed
        Of the vectors of tokens that the file does not have: small ones, as an embedding starts
        with by default.

    Returns
    -------
    vectors
        float32 [len(vocabulary), width].
    found
        Which tokens the file has, bool [len(vocabulary)].

    Raises
    ------
    DataError
        If a line has not as many numbers as the first, or something that is none; if the file holds
        no token of the vocabulary, or fewer than its first line says. The message names file and
        line.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "vectors.txt")
    >>> _ = file.write_text("the 0.5 -1\\ntea 2 0.25\\n")
    >>> vectors, found = read_vectors(file, Vocabulary(["tea", "aunt"]))
    >>> vectors[2], found
    (array([2.  , 0.25], dtype=float32), array([False, False,  True, False]))
    """
    read: dict[int, np.ndarray] = {}
    width = 0
    for place, token, numbers in _vector_lines(Path(path)):
        width = len(numbers)
        row = vocabulary.id_of(token)
        if row != UNK and row not in read:
            try:
                read[row] = np.array(numbers, dtype="float32")
            except ValueError as error:
                raise DataError(f"{place}: {error}") from error
            if not np.isfinite(read[row]).all():
                raise DataError(f"{place}: the numbers of {token!r} must be finite")
    if not read:
        raise DataError(
            f"{path}: none of the {len(vocabulary) - len(SPECIAL)} tokens of the vocabulary is there"
        )
    vectors = np.random.default_rng(seed).uniform(-0.05, 0.05, (len(vocabulary), width))
    vectors[list(read)] = list(read.values())
    return vectors.astype("float32"), np.isin(np.arange(len(vocabulary)), list(read))


def _vector_lines(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Place, token and numbers of each line; every line has as many numbers as the first."""
    width = promised = lines = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            place = f"{path}:{number}"
            try:
                cells = raw.decode("utf-8").rstrip(" \t\r\n").split(" ")
            except UnicodeDecodeError as error:
                raise DataError(f"{place}: not UTF-8 ({error.reason})") from error
            if number == 1 and len(cells) == 2 and all(cell.isdecimal() for cell in cells):
                promised, width = map(int, cells)
                continue
            if cells == [""]:
                continue
            width = width or len(cells) - 1
            extra = len(cells) - 1 - width  # a token of GloVe's may hold blanks: ". . ."
            if width < 1 or extra < 0 or (extra and _is_number(cells[1])):
                raise DataError(
                    f"{place}: {len(cells) - 1} numbers after {cells[0]!r}, not {width or 'some'}"
                )
            lines += 1
            yield place, " ".join(cells[:-width]), cells[-width:]
    if lines < promised:
        raise DataError(
            f"{path}:1: promises {promised} vectors, but {lines} follow: the file is cut off "
            "(if that was you, delete its first line)"
        )


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
