"""The course's words: one table of terms, and lessons that keep to it in both languages."""

import ast
import re
from pathlib import Path

import pytest

from tests.test_notebooks import FOLDER, build

ROOT = FOLDER.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (FOLDER / "TERMS.md").read_text("utf-8").splitlines()
    if re.match(r"\| [A-Za-z]", line) and not line.startswith("| English")
]
FIRST_USES = [(english, chinese, lesson) for english, chinese, lesson, _ in ROWS if lesson]
AVOIDED = [word for *_, words in ROWS for word in words.split("、") if word]
HAN = re.compile("[\u4e00-\u9fff]")
TYPOGRAPHY = {
    "a blank before %": r"\d %",
    "et al.": r"et al\.",
    "points": r"[\d几多] ?分(?![钟之类成])",
}


def lesson_text(source: Path, language: str) -> str:
    """The text of a lesson in one language, without the cell of title and objectives."""
    cells = [cell.text for cell in build.read_cells(source) if cell.lang == language]
    return "\n".join(cells[1:])


def chinese_words(module: Path) -> str:
    """The strings of a module that hold Chinese, each on a line of its own."""
    strings = (
        n.value
        for n in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(n, ast.Constant)
    )
    return "\n".join(s for s in strings if isinstance(s, str) and HAN.search(s))


SOURCES = sorted((FOLDER / "source").glob("*.py"))
CHINESE = (
    {source.stem: lesson_text(source, "zh") for source in SOURCES}
    | {
        path.name: path.read_text("utf-8")
        for path in (FOLDER / "TEACHING.zh.md", ROOT / "README.zh.md")
    }
    | {path.stem: chinese_words(path) for path in (ROOT / "mtl_tutorial" / "lessons").glob("*.py")}
)
ENGLISH = {source.stem: lesson_text(source, "en") for source in SOURCES} | {
    path.name: path.read_text("utf-8") for path in (FOLDER / "TEACHING.md", ROOT / "README.md")
}


def test_the_table_is_in_order_and_names_no_term_twice():
    english, chinese, lessons, _ = zip(*ROWS, strict=True)
    assert list(english) == sorted(english, key=str.lower) and len(set(english)) == len(ROWS) > 60
    assert len(set(chinese)) == len(ROWS) and all(HAN.search(term) for term in chinese)
    assert set(lessons) <= {source.name.split("_")[0] for source in SOURCES} | {""}


@pytest.mark.parametrize("name", [*CHINESE, *ENGLISH])
def test_words_to_avoid_are_avoided(name):
    texts = [text[name] for text in (CHINESE, ENGLISH) if name in text]
    own = [re.sub(r"(?<!\*)\*[^*\n]+\*(?!\*)", "", text) for text in texts]  # titles in italics
    assert not [word for word in AVOIDED for text in own if word in text]


@pytest.mark.parametrize("name", CHINESE)
def test_chinese_text_is_set_as_chinese_text(name):
    found = {why: re.findall(f".*{what}.*", CHINESE[name]) for why, what in TYPOGRAPHY.items()}
    assert not {why: lines for why, lines in found.items() if lines}


@pytest.mark.parametrize("english, chinese, lesson", FIRST_USES)
def test_a_term_has_its_english_in_brackets_at_first_use(english, chinese, lesson):
    (text,) = (text for name, text in CHINESE.items() if name.startswith(f"{lesson}_"))
    prose = re.sub(r"(?m)^#.*$", "", text)  # without headings
    first = prose.index(chinese)
    bracket = rf"{chinese}\**[（，][^）]*{english}"
    assert re.match(bracket, prose[first:]), prose[first - 20 : first + 30]
