"""Rows out of CoNLL files: a token a line with its tags, a blank line after each sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from mtl_tutorial.reading import DataError, Located, Place, cells, lines_of, never_empty

_META = re.compile(r"#(\s*)([^=:]*?)\s*[=:](\s*)(.*)")  # "# intent = play", "# intent: play"
_TAG = re.compile(r"O|[A-Z]-.+")
_NO_WORD = re.compile(r"\d+[-.]\d+")  # in CoNLL-U a range of words, or a word that is not there

_Line = tuple[int, str]  # number, text


class _Word(NamedTuple):
    number: int
    cells: list[str]


@never_empty
def conll_rows(
    path: Path,
    columns: Mapping[str, int],
    token: int | None = None,
    names: Collection[str] = (),
    encoding: str | None = None,
) -> Iterator[Located]:
    """Read the sentences of a file: tokens, tags, and what comments above them say.

    Parameters
    ----------
    path
        The file; all its lines have one number of columns.
    columns
        Token task → its column, counted from 0, or from -1 at the right.
    token
        The column of the tokens; by default the first, or the second if the first counts them, as
        in CoNLL-U.
    names
        What comments label, beside ``id`` and ``sent_id``.
    encoding
        That of the file, UTF-8 by default.
    """
    file = _File(path, columns, names, encoding)
    if token is None:
        token = 1 if file.counts_tokens() else 0
    for said, lines in map(file.sentence, file.blocks):
        words = lines
        if token:
            words = [line for line in lines if not _NO_WORD.fullmatch(line.cells[0])]
        if words:
            file.check_column(words[0].number, token, "the tokens")
            numbers, rows = zip(*words, strict=True)
            standing = [*map(list, zip(*rows, strict=True))]  # [columns][words]
            tags = {task: standing[at] for task, at in columns.items()}
            yield Place(path, *numbers), {**said, "tokens": standing[token], **tags}


class _File:
    """A file in blocks of lines, one a sentence, and what is true of all its lines."""

    def __init__(
        self,
        path: Path,
        columns: Mapping[str, int],
        names: Collection[str],
        encoding: str | None,
    ):
        self.path, self.columns, self.names = path, columns, {"id", "sent_id", *names}
        self.blocks: list[list[_Line]] = [[]]
        for line in lines_of(path, encoding):
            if not _is_between(line[1]):
                self.blocks[-1].append(line)
            elif self.blocks[-1]:
                self.blocks.append([])
        if not self.blocks[-1]:
            self.blocks.pop()
        whole = [line for block in self.blocks for line in block]
        self.sure = [line for line in whole if line[1][0] != "#"] or whole  # no comments
        self.tabbed = 2 * sum("\t" in text.rstrip() for _, text in self.sure) > len(self.sure)
        widths = Counter(map(self.width_of, (text for _, text in self.sure)))
        self.width = widths.most_common(1)[0][0] if widths else 0
        for task, column in columns.items() if whole else ():
            self.check_column(self.sure[0][0], column, f"task {task!r}")

    def cells(self, line: str) -> list[str]:
        """Cells between tabs; between blanks in a line that has no tab."""
        if "\t" in (line if self.tabbed else line.strip()):
            cut = line.split("\t")
            return [cell.strip(" ") for cell in cut] if " " in line else cut
        return [line] if self.tabbed and line[0] == "#" else cells(line)

    def width_of(self, line: str) -> int:
        """How many cells a line has."""
        tabs = line.count("\t")
        if tabs and (self.tabbed or "\t" in line.strip()):
            return tabs + 1
        return len(self.cells(line))

    def sentence(self, block: Sequence[_Line]) -> tuple[dict[str, str], list[_Word]]:
        """What the comments above a sentence say, and the lines of its tokens."""
        said: dict[str, str] = {}
        words: list[_Word] = []
        for number, line in block:
            here = self.cells(line)
            if words or line[0] != "#" or not self.is_comment(line, here):
                if len(here) != self.width:
                    here = self.fitted(number, here)
                words.append(_Word(number, here))
                continue
            meta = _META.fullmatch(line.strip())
            if meta:
                name = "id" if meta[2] == "sent_id" else meta[2]
                if name in self.names and name in said:
                    raise DataError(f"{self.path}:{number}: {name!r} is said twice of one sentence")
                said[name] = meta[4]
        return said, words

    def is_comment(self, line: str, here: Sequence[str]) -> bool:
        """Whether a line above a sentence that begins with ``#`` is a comment, not a token."""
        if len(here) != self.width:
            return True
        meta = _META.fullmatch(line.strip())
        if meta and meta[2]:
            before, after = bool(meta[1]), bool(meta[3] or not meta[4])  # blanks, unlike in "#a=b"
            if (before or after) if meta[2] in self.names else (before and after):
                return True
        if here[0] != "#":
            return False
        return not all(
            _TAG.fullmatch(here[column]) or here[column] in known or not known
            for column, known in self.tags.items()
        )

    @cached_property
    def tags(self) -> dict[int, set[str]]:
        """Column of a task → what stands there in lines that do not begin with ``#``."""
        rows = [self.cells(line) for _, line in self.sure if line[0] != "#"]
        fitting = [row for row in rows if len(row) == self.width]
        return {column: {row[column] for row in fitting} for column in self.columns.values()}

    def fitted(self, number: int, here: list[str]) -> list[str]:
        """As many cells as the file has columns; empty ones beyond them are dropped."""
        if len(here) < self.width or any(here[self.width :]):
            raise DataError(
                f"{self.path}:{number}: {_columns(len(here))}, "
                f"but the lines of this file have {_columns(self.width)}"
            )
        return here[: self.width]

    def counts_tokens(self) -> bool:
        """Whether the first column counts the tokens of every sentence from 1."""
        longest = 0
        for _, words in map(self.sentence, self.blocks) if self.width > 2 else ():
            firsts = [word.cells[0] for word in words]
            counted = [cell for cell in firsts if not _NO_WORD.fullmatch(cell)]
            if counted != [*map(str, range(1, len(counted) + 1))]:
                return False
            longest = max(longest, len(counted))
        return longest > 1 or (longest == 1 and self.width == 10)

    def check_column(self, number: int, column: int, wanted: str) -> None:
        """Raise a `DataError` that names a line unless the file has the column."""
        if not -self.width <= column < self.width:
            raise DataError(
                f"{self.path}:{number}: the lines of this file have {_columns(self.width)}, separated "
                f"by tabs or blanks and counted from 0, but column {column} is asked for {wanted}"
            )


def _is_between(line: str) -> bool:
    """Whether a line stands between sentences."""
    return not line.strip() or line.startswith("-DOCSTART")


def _columns(number: int) -> str:
    return "1 column" if number == 1 else f"{number} columns"
