"""Builds the lessons: `source/NN_name.py` → `en/NN_name.ipynb`, `zh/NN_name.ipynb`, and `solutions/` in both.

Run it as `make notebooks`. A source is a script in jupytext's percent format:

- text cells come in pairs, `# %% [markdown] lang="en"` and, right after it, `lang="zh"`;
- code cells stand once, and what they do is the same in both languages;
- one cell is tagged `language` and holds `LANGUAGE = "en"`, in `zh/` `LANGUAGE = "zh"`;
- words in code are said in both languages with a bar between, in comments, docstrings and other
  strings: `x = 1  # one | 一`, `ylabel="loss | 损失"`. Where a line has no room, the Chinese of a
  comment follows in a line of its own, `# | 一`, and that of a docstring in its next line, `| 一`.
  Docstrings must have their Chinese, and so must comments, unless they are Python themselves, as
  `# [batch, time]` is;
- the first code cell, which installs the course on Colab and Kaggle, is put in by the build;
- a cell tagged `exercise` holds a stub that runs: `# %% tags=["exercise"] exercise="encode"`. What
  goes in its place in `solutions/` is the exercise's `code`, from `mtl_tutorial/lessons/lesson_NN.py`.

The same source gives the same bytes: no outputs, no paths, and cell ids made from the contents.
"""

import ast
import hashlib
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import accumulate
from pathlib import Path

import jupytext
import nbformat
from nbformat import v4

from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.links import wheel

HERE = Path(__file__).parent
LANGUAGE_CELL = 'LANGUAGE = "{}"'
TAGS = ("exercise", "language")
HAN = re.compile("[\u4e00-\u9fff]")
LITERAL = re.compile(r"""(?s)([a-zA-Z]*(?:"{3}|'{3}|"|'))(.*?)("{3}|'{3}|"|')""")


class SourceError(Exception):
    """A source that breaks the rules above; says where and which."""


def shipped(lesson: str) -> Mapping[str, str]:
    """Exercise → its solution, as the package has them for the lesson ``NN_name``."""
    module = import_module(f"mtl_tutorial.lessons.lesson_{lesson[:2]}")
    return {exercise.name: exercise.code for exercise in module.EXERCISES}


INSTALL = """\
# On Colab and Kaggle this cell installs the course; elsewhere it does nothing.
# | 在 Colab 和 Kaggle 上，这个单元格安装课程；在别处它什么也不做。
import os

if {"COLAB_RELEASE_TAG", "KAGGLE_KERNEL_RUN_TYPE"} & set(os.environ):
"""
WHEEL = """\
    import subprocess
    import sys

    wheel = "{}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", wheel], check=True)
"""
NO_WHEEL = """\
    raise RuntimeError("the course has no release yet: open it on Binder | 课程还没有发布版，请在 Binder 上打开")
"""


def install_cell(pyproject: str) -> str:
    """The code that installs the released wheel; `pyproject` is the text of pyproject.toml."""
    address = wheel(pyproject)
    return (INSTALL + (WHEEL.format(address) if address else NO_WHEEL)).strip()


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in a source; an English text cell holds its twin's text too."""

    where: str  # file:line
    text: str
    lang: str | None = None  # of a text cell
    tag: str | None = None  # of a code cell
    exercise: str | None = None
    chinese: str | None = None


@dataclass(frozen=True)
class Words:
    """A comment, docstring or other string in code: where it stands, and what it says."""

    kind: str
    start: int
    end: int
    opening: str  # "# ", or the quotes with their prefix
    text: str
    closing: str = ""

    @property
    def pair(self) -> tuple[str, str] | None:
        """English and Chinese, if the text is of the form `one | 一`."""
        found = re.fullmatch(r"(?s)\s*(.*?)\s+\|\s+(.*?)\s*", self.text)
        paired = found and not HAN.search(found[1]) and HAN.search(found[2])
        return (found[1], found[2]) if paired else None


def words_in(code: str) -> list[Words]:
    """The comments and strings of code; f-strings as wholes, a comment with its line of Chinese."""
    lines = code.splitlines(keepends=True)
    begins = [0, *accumulate(map(len, lines))]
    defined = (
        n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.FunctionDef | ast.ClassDef)
    )
    documented = {node.body[0].lineno for node in defined if ast.get_docstring(node)}
    found: list[Words] = []
    open_strings = []  # the starts of f-strings, which Python 3.12 cuts into several tokens
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        name, line = tokenize.tok_name[token.type], token.start[0]
        start, end = (begins[row - 1] + column for row, column in (token.start, token.end))
        if name == "FSTRING_START":
            open_strings.append(start)
        elif name == "FSTRING_END":
            start = open_strings.pop()
        if open_strings:
            continue
        if name == "COMMENT":
            before = found[-1] if found else None
            if token.string.startswith("# |") and before and before.kind == "comment":
                text = f"{before.text} {token.string[2:]}"
                found[-1] = replace(before, end=end, text=text)
            else:
                found.append(Words("comment", start, end, "# ", token.string.lstrip("# ")))
        elif name in ("STRING", "FSTRING_END"):
            opening, text, closing = LITERAL.fullmatch(code[start:end]).groups()
            kind = "docstring" if line in documented else "string"
            found.append(Words(kind, start, end, opening, text, closing))
    return found


def in_language(code: str, language: str) -> str:
    """The code with its words in one language."""
    for words in reversed(words_in(code)):
        if words.pair:
            said = words.opening + words.pair[LANGUAGES.index(language)] + words.closing
            code = code[: words.start] + said + code[words.end :]
    return code


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


def check_and_complete(source: Path, solutions: Callable[[str], Mapping[str, str]]) -> list[Cell]:
    """The cells, text cells joined with their twins, each exercise followed by its solution.

    `SourceError` where a rule is broken.
    """
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
        if bool(cell.exercise) != (cell.tag == "exercise"):
            raise SourceError(
                f'{cell.where}: an exercise has its tag and its name, exercise="encode"'
            )
        check_code(cell)
        result.append(cell)
        if cell.exercise:
            known = solutions(source.stem)
            if cell.exercise not in known:
                raise SourceError(
                    f"{cell.where}: no exercise {cell.exercise!r}; the lesson has {list(known)}"
                )
            solution = replace(cell, text=known[cell.exercise], tag="solution")
            check_code(solution)
            result.append(solution)
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
    for words in words_in(cell.text):
        if words.kind != "string" and not words.pair and not is_python(words):
            raise SourceError(f"{cell.where}: this {words.kind} has no Chinese: {words.text!r}")


def is_python(words: Words) -> bool:
    """Whether a comment is Python, such as a call to try or a shape."""
    try:
        ast.parse(words.text)
    except SyntaxError:
        return False
    return words.kind == "comment"


def joined(chinese: str) -> str:
    """Chinese text without the line breaks inside its paragraphs: Markdown would show them as blanks."""
    return re.sub(r"(?<=[。，；：？！）])\n(?=[^\s#|>*\d-]|\*\*)", "", chinese)


def notebook(lesson: str, cells: list[Cell], language: str, leave_out: str) -> str:
    """A notebook file's text; cells with the tag `leave_out` (exercise or solution) are left out."""
    made, seen = [], Counter[str]()
    for cell in cells:
        if cell.tag == leave_out:
            continue
        english = cell.text if cell.lang else in_language(cell.text, "en")
        seen[english] += 1  # both languages' ids come from the English text
        name = f"{lesson}/{cell.lang}/{english}/{seen[english]}"
        cell_id = hashlib.sha256(name.encode()).hexdigest()[:12]
        if cell.lang:
            text = cell.text if language == "en" else joined(cell.chinese or "")
            made.append(v4.new_markdown_cell(text, id=cell_id))
        else:
            code = in_language(cell.text, language)
            if cell.tag == "language":
                code = LANGUAGE_CELL.format(language)
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


def build(
    sources: Path, target: Path, solutions: Callable[[str], Mapping[str, str]] = shipped
) -> list[Path]:
    """Write the notebooks of every source in `sources` under `target`; returns their paths.

    `solutions` gives, for a lesson's ``NN_name``, each exercise's solution.
    """
    install = install_cell((HERE.parent / "pyproject.toml").read_text("utf-8"))
    written = []
    for source in sorted(sources.glob("*.py")):
        cells = check_and_complete(source, solutions)
        first = [cell.tag for cell in cells].index("language")
        cells.insert(first, Cell("pyproject.toml", install, tag="install"))
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
