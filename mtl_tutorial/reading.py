"""Rows out of files: lines, JSON Lines, CSV; each row with the place where it stands. Word vectors."""

import csv
import functools
import io
import json
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mtl_tutorial.arguments import instance, integer, listed
from mtl_tutorial.arguments import path as file_path
from mtl_tutorial.tasks import RESERVED
from mtl_tutorial.text import SPECIAL, UNK, Vocabulary

_SIMPLE, _TRADITIONAL = "的一是不了人我在有他这个们好很你", "的一是不了人我在有他這個們好很你"
_FREQUENT = {  # encoding → characters by which Chinese text is known
    "utf-8": _SIMPLE + _TRADITIONAL,
    "gb18030": _SIMPLE,
    "big5": _TRADITIONAL,
}


_FOREIGN = {  # first bytes → what such a file is, and the remedy
    b"PK\x03\x04": "a zip archive or an Excel workbook; unpack it, or save it as 'CSV UTF-8'",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save it as 'CSV UTF-8'",
    b"\x1f\x8b": "compressed by gzip; unpack it",
    b"BZh": "compressed by bzip2; unpack it",
    b"\xfd7zXZ": "compressed by xz; unpack it",
    b"PAR1": "a Parquet table; read it with pandas.read_parquet and give the frame to from_rows",
    b"%PDF-": "a PDF",
}


class DataError(ValueError):
    """Data that cannot be used; the message says where (file and line), what, and what would be right."""


class Place:
    """Where a row stands: its file and lines, in CoNLL one a token; or some words, for rows in memory."""

    __slots__ = ("lines", "source")

    def __init__(self, source: Path | str, *lines: int):
        self.source, self.lines = source, array("L", lines)

    def __str__(self) -> str:
        return self.at(0)

    def at(self, token: int) -> str:
        """Where one token of the row stands."""
        if not self.lines:
            return str(self.source)
        return f"{self.source}:{self.lines[token if len(self.lines) > 1 else 0]}"


Located = tuple[Place, dict[str, Any]]


def cells(line: str) -> list[str]:
    """What stands between blanks, tabs, and line ends; other white space separates nothing.

    Examples
    --------
    >>> cells(" New\\u00a0York  B-LOC\\t")
    ['New\\xa0York', 'B-LOC']
    """
    return re.findall(r"[^ \t\r\n]+", line)


def lines_of(path: Path, encoding: str | None = None) -> Iterator[tuple[int, str]]:
    """Line numbers and lines; LF, CR LF and CR end a line, byte order marks are passed over.

    The encoding is UTF-8 unless given. A `DataError` names the line that has another one, says
    which it seems to be and what to do.
    """
    raw = path.read_bytes()
    _refuse_foreign(path, raw[:8])
    unknown = ValueError(f"unknown encoding {encoding!r}; 'utf-8' and 'gb18030' are two")
    try:
        text = raw.decode("utf-8" if encoding is None else encoding)
    except LookupError:
        raise unknown from None
    except UnicodeDecodeError as error:
        place = f"{path}:{_count_lines(raw[: error.start].decode('latin-1'))}"
        raise DataError(
            f"{place}: not {(encoding or 'utf-8').upper()} ({error.reason}); {_remedy(raw)}"
        ) from error
    except UnicodeError:  # a codec that is no encoding of text, such as 'undefined'
        raise unknown from None
    if "\0" in text:
        first = 1 if not encoding and _seems(raw) else _count_lines(text[: text.index("\0")])
        kind = "UTF-8" if encoding is None else encoding.upper()
        raise DataError(f"{path}:{first}: not {kind} (it has zero bytes); {_remedy(raw)}")
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        yield number, line.removeprefix("\ufeff")


def _refuse_foreign(path: Path, head: bytes) -> None:
    """Refuse a file that is no text, known by its first bytes."""
    for first, kind in _FOREIGN.items():
        if head.startswith(first):
            raise DataError(f"{path}:1: no text but {kind}")


def _count_lines(text: str) -> int:
    return len(re.findall(r"\r\n|\n|\r", text)) + 1


def _remedy(raw: bytes) -> str:
    encoding = _seems(raw)
    named = (
        f"it seems to be {encoding.upper()}: give encoding={encoding!r}, or " if encoding else ""
    )
    return f"{named}save the file as UTF-8 (Excel: 'CSV UTF-8'; Notepad: encoding 'UTF-8')"


def _seems(raw: bytes) -> str | None:
    """The encoding of a file that is not UTF-8, if it looks like UTF-16, Chinese or Western European."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = raw[:200]
    if 3 * head.count(0) > len(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    scores = {}
    for encoding, frequent in _FREQUENT.items():
        text = raw.decode(encoding, "replace")
        scores[encoding] = sum(map(text.count, frequent)) - text.count("\ufffd")
    best = max(scores, key=scores.__getitem__)
    if scores[best] > 0:
        return None if best == "utf-8" else best  # UTF-8 in which a few bytes are broken
    runs = re.findall(rb"[\x80-\xff]+", raw)  # letters with an accent stand alone among others
    return "cp1252" if max(map(len, runs), default=2) == 1 else None


def never_empty(reader: Callable[..., Iterator[Located]]) -> Callable[..., Iterator[Located]]:
    """The same reader, for which a file without a sentence is an error."""

    @functools.wraps(reader)
    def checked(path: Path, *arguments: Any, **options: Any) -> Iterator[Located]:
        empty = True
        for located in reader(path, *arguments, **options):
            empty = False
            yield located
        if empty:
            raise DataError(f"{path}:1: the file is empty; it must hold at least one sentence")

    return checked


@never_empty
def jsonl_rows(path: Path, encoding: str | None = None) -> Iterator[Located]:
    """A JSON object a line."""
    for number, line in lines_of(path, encoding):
        if not line.strip():
            continue
        place = Place(path, number)
        try:
            row = json.loads(line, object_pairs_hook=_without_repetition)
        except (ValueError, RecursionError) as error:
            whole = line.lstrip()[0] == "[" or line.strip() == "{"
            hint = "; write one object a line, each whole, without a list around" if whole else ""
            raise DataError(f"{place}: not JSON: {error}{hint}") from error
        if not isinstance(row, dict):
            raise DataError(f"{place}: each line must be a JSON object {{...}}, not {line[:40]!r}")
        yield place, row


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        names = Counter(name for name, _ in pairs)
        raise ValueError(f"{names.most_common(1)[0][0]!r} stands twice")
    return row


@never_empty
def csv_rows(
    path: Path, columns: Mapping[str, str], delimiter: str, encoding: str | None = None
) -> Iterator[Located]:
    """A row of cells a line below the header; `columns` says in which ``text`` and each task stand.

    Where there is a column ``tokens``, there need be none of ``text``.
    """
    content = "\n".join(line for _, line in lines_of(path, encoding))
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    start = 1
    try:
        for row in reader:
            place, start = Place(path, start), reader.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if not header:
                header = [cell.strip() for cell in row]
                _check_header(place, header, columns, delimiter)
                continue
            if len(row) != len(header):
                came = "1 cell" if len(row) == 1 else f"{len(row)} cells"
                raise DataError(f"{place}: {came}, but the header has {len(header)} columns")
            named = {name: cell or None for name, cell in zip(header, row, strict=True) if name}
            found = {name: named.get(column) for name, column in columns.items()}
            for name in found.keys() - {*RESERVED}:  # as pandas writes a column with empty cells
                found[name] = re.sub(r"^\s*(-?\d+)\.0\s*$", r"\1", found[name] or "") or None
            yield place, named | found
    except csv.Error as error:
        raise DataError(f"{Place(path, start)}: not CSV: {error}") from error


def _check_header(
    place: Place, header: Sequence[str], columns: Mapping[str, str], delimiter: str
) -> None:
    repeated = [name for name, n in Counter(filter(None, header)).items() if n > 1]
    if repeated:
        raise DataError(f"{place}: column {repeated[0]!r} stands twice in the header")
    for name, column in columns.items():
        if column not in header and (name != "text" or "tokens" not in header):
            other = next((d for d in ",;\t|" if d != delimiter and d in header[0]), None)
            hint = f"; columns={{{name!r}: ...}} says which one it is"
            if other and len(header) == 1:
                hint = f"; are cells separated by {other!r}? Then give delimiter={other!r}"
            raise DataError(f"{place}: no column {column!r}; the header has {listed(header)}{hint}")


# -- word vectors


def read_vectors(
    path: Path | str, vocabulary: Vocabulary, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Pre-trained vectors for the tokens of `vocabulary`, for `build_model`'s ``embedding_matrix``.

    Parameters
    ----------
    path
        A text file, a token a line with its numbers after it, separated by blanks or tabs: as GloVe
        writes it, or with a first line ``tokens width`` above as word2vec and fastText do.
        It is read line by line; only the vectors of known tokens are kept.
    vocabulary
        Whose tokens to look for, written as they are.
    seed
        Seed for the vectors of tokens that the file lacks: small ones, as an embedding starts
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
        If a line does not have as many numbers as the first, or anything else; if the file holds
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
    instance("vocabulary", vocabulary, Vocabulary)
    read: dict[int, np.ndarray] = {}
    width = 0
    for place, token, numbers in _vector_lines(file_path("path", path)):
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
    rng = np.random.default_rng(integer("seed", seed, least=0))
    vectors = rng.uniform(-0.05, 0.05, (len(vocabulary), width))
    vectors[list(read)] = list(read.values())
    return vectors.astype("float32"), np.isin(np.arange(len(vocabulary)), list(read))


def _vector_lines(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Place, token and numbers of each line; every line has as many numbers as the first."""
    width = promised = lines = 0
    with path.open("rb") as file:
        _refuse_foreign(path, file.read(8))
        file.seek(0)
        for number, raw in enumerate(file, start=1):
            place = f"{path}:{number}"
            try:
                line = raw.decode("utf-8").removeprefix("\ufeff" if number == 1 else "")
            except UnicodeDecodeError as error:
                raise DataError(f"{place}: not UTF-8 ({error.reason})") from error
            cells = line.replace("\t", " ").rstrip(" \r\n").split(" ")
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
