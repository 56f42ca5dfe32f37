"""Builds the lessons: `source/NN_name.py` → `en/NN_name.ipynb`, `zh/NN_name.ipynb`, and `solutions/` in both.

Run it as `make notebooks`. A source is a script in jupytext's percent format:

- text cells come in pairs, `# %% [markdown] lang="en"` and, right after it, `lang="zh"`;
- code cells stand once and are the same in both languages;
- one cell is tagged `language` and holds `LANGUAGE = "en"`: the only code that differs in `zh/`;
- a cell tagged `exercise` holds a stub that runs, and the next cell, tagged `solution`, what goes
  in its place: `# %% tags=["exercise"] exercise="encode"`, `# %% tags=["solution"] exercise="encode"`.

The same source gives the same bytes: no outputs, no paths, and cell ids made from the contents.
"""

import ast
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import jupytext
import nbformat
from nbformat import v4

from mtl_tutorial.languages import LANGUAGES

HERE = Path(__file__).parent
LANGUAGE_CELL = 'LANGUAGE = "{}"'
TAGS = ("exercise", "language", "solution")


class SourceError(Exception):
    """A source that breaks the rules above; says where and which."""


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in a source; an English text cell holds its twin's text too."""

    where: str  # file:line
    text: str
    lang: str | None = None  # of a text cell
    tag: str | None = None  # of a code cell
    exercise: str | None = None
    chinese: str | None = None


def read_cells(source: Path) -> Iterator[Cell]:
    """The cells of a source in their order, each with the line it begins at."""
    content = source.read_text("utf-8")
    lines = [i for i, line in enumerate(content.splitlines(), 1) if line.startswith("# %%")]
    parsed = jupytext.reads(content, fmt="py:percent").cells
    if len(lines) != len(parsed):
        raise SourceError(f"{source}:1: there is text before the first cell, or '# %%' inside one")
    for line, cell in zip(lines, parsed, strict=True):
        where = f"{source}:{line}"
        lang, tags = cell.metadata.get("lang"), cell.metadata.get("tags", [])
        if cell.cell_type == "markdown" and lang not in LANGUAGES:
            raise SourceError(f'{where}: a text cell needs lang="en" or lang="zh", not {lang!r}')
        if cell.cell_type == "code" and lang:
            raise SourceError(f"{where}: a code cell is the same in both languages; it has no lang")
        if len(tags) > 1 or not set(tags) <= set(TAGS):
            raise SourceError(f"{where}: unknown tags {tags}; a cell may have one of {TAGS}")
        if not cell.source.strip():
            raise SourceError(f"{where}: the cell is empty")
        tag = tags[0] if tags else None
        yield Cell(where, cell.source, lang, tag, cell.metadata.get("exercise"))


def check_and_pair(source: Path) -> list[Cell]:
    """The cells, text cells joined with their twins; `SourceError` where a rule is broken."""
    cells, result = list(read_cells(source)), []
    for before, cell, after in zip([None, *cells], cells, [*cells[1:], None], strict=False):
        if cell.lang == "zh":
            if not before or before.lang != "en":
                raise SourceError(f"{cell.where}: this Chinese text has no English twin before it")
            continue
        if cell.lang == "en":
            if not after or after.lang != "zh":
                raise SourceError(f"{cell.where}: this English text has no Chinese twin after it")
            result.append(replace(cell, chinese=after.text))
            continue
        if cell.tag in ("exercise", "solution") and not cell.exercise:
            raise SourceError(f'{cell.where}: name the exercise, as in exercise="encode"')
        if cell.tag == "exercise":
            if not after or (after.tag, after.exercise) != ("solution", cell.exercise):
                raise SourceError(
                    f"{cell.where}: exercise {cell.exercise!r} has no solution after it"
                )
        elif cell.tag == "solution":
            if not result or (result[-1].tag, result[-1].exercise) != ("exercise", cell.exercise):
                raise SourceError(
                    f"{cell.where}: solution {cell.exercise!r} has no exercise before it"
                )
        elif cell.exercise:
            raise SourceError(f"{cell.where}: a cell with an exercise's name needs its tag")
        check_code(cell)
        result.append(cell)
    if [cell.tag for cell in result].count("language") != 1:
        raise SourceError(f'{source}:1: exactly one cell must be tagged "language"')
    return result


def check_code(cell: Cell) -> None:
    """Code must parse, in exercises' stubs too, and the language cell hold just the language."""
    try:
        ast.parse(cell.text)
    except SyntaxError as error:
        raise SourceError(f"{cell.where}: the code does not parse: {error}") from None
    expected = LANGUAGE_CELL.format("en")
    if cell.tag == "language" and cell.text != expected:
        raise SourceError(f"{cell.where}: the language cell must be {expected}")


def joined(chinese: str) -> str:
    """Chinese text without the line breaks inside its paragraphs: Markdown would show them as blanks."""
    return re.sub(r"(?<=[。，；：？！）])\n(?=[^\s#|>*\d-]|\*\*)", "", chinese)


def notebook(lesson: str, cells: list[Cell], language: str, leave_out: str) -> str:
    """A notebook file's text; cells with the tag `leave_out` (exercise or solution) are left out."""
    made, seen = [], Counter[str]()
    for cell in cells:
        if cell.tag == leave_out:
            continue
        seen[cell.text] += 1  # both languages' ids come from the English text
        name = f"{lesson}/{cell.lang}/{cell.text}/{seen[cell.text]}"
        cell_id = hashlib.sha256(name.encode()).hexdigest()[:12]
        if cell.lang:
            text = cell.text if language == "en" else joined(cell.chinese or "")
            made.append(v4.new_markdown_cell(text, id=cell_id))
        else:
            code = LANGUAGE_CELL.format(language) if cell.tag == "language" else cell.text
            metadata = {"tags": [cell.tag]} if cell.tag else {}
            made.append(v4.new_code_cell(code, id=cell_id, metadata=metadata))
    metadata = {
        "kernelspec": {
            "display_name": "Python 3 (ipykernel)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
        "mtl_tutorial": {"language": language},
    }
    result = v4.new_notebook(cells=made, metadata=metadata)
    nbformat.validate(result)
    return nbformat.writes(result).rstrip("\n") + "\n"


def build(sources: Path, target: Path) -> list[Path]:
    """Write the notebooks of every source in `sources` under `target`; returns their paths."""
    written = []
    for source in sorted(sources.glob("*.py")):
        cells = check_and_pair(source)
        for language in LANGUAGES:
            for folder, leave_out in ((".", "solution"), ("solutions", "exercise")):
                path = target / language / folder / f"{source.stem}.ipynb"
                path.parent.mkdir(parents=True, exist_ok=True)
                text = notebook(source.stem, cells, language, leave_out)
                path.write_text(text, encoding="utf-8", newline="\n")
                written.append(path)
    return written


if __name__ == "__main__":
    try:
        print(f"Wrote {len(build(HERE / 'source', HERE))} notebooks.")
    except SourceError as error:
        sys.exit(str(error))
