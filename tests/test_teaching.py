"""The teacher's kit: what its pages say of the corpus is so, and both languages say the same."""

import re
from pathlib import Path

import numpy as np
import pytest

from mtl_tutorial import people
from mtl_tutorial.corpora import people_en, people_zh
from mtl_tutorial.schemes import spans

TEACHING = Path(__file__).parents[1] / "teaching"
LEXICONS = {"zh": people_zh, "en": people_en}
PAGES = ("README", "corpus", "syllabi", "rubric", "exam_a", "exam_b")


def phrases(split, task, kind: str) -> list[tuple[str, ...]]:
    """The tokens of all spans of one type."""
    labels = task.labels
    found = []
    for tokens, ids in zip(split.tokens, split.targets[task.name], strict=True):
        tags = [labels[i] for i in ids[: len(tokens)]]
        found += [tuple(tokens[a:b]) for a, b, k in spans(tags) if k == kind]
    return found


def held_out(lexicon, said: list[tuple[str, ...]], language: str) -> float:
    """Of the phrases with a relation word, the share whose word is held out for `person`."""
    place = {
        entry.partition(":")[0]: i % 4 == 1
        for words in lexicon.RELATIONS.values()
        for i, entry in enumerate(words)
    }
    edge = r"\b" if language == "en" else ""
    joint = " " if language == "en" else ""
    longest = "|".join(map(re.escape, sorted(place, key=len, reverse=True)))
    found = [re.search(f"{edge}({longest}){edge}", joint.join(one)) for one in said]
    return float(np.mean([place[match[1]] for match in found if match]))


def measured(language: str) -> list[float]:
    """The column of one language, in the order of the page's table."""
    lexicon = LEXICONS[language]
    names = ("sentiment", "person", "relation", "ner", "role")
    data, truth = people.load(language, names), people.load(language, names, noise=0)
    train, test = data["train"], data["test"]
    person, relation = (
        np.array([data.tasks[task].labels[i] for i in train.targets[task]])
        for task in ("person", "relation")
    )
    pair = np.array([bool(p) for p in _pairs(train, data.tasks["role"])])
    wrong = np.mean([test.targets[t] != truth["test"].targets[t] for t in names[:3]])
    words = [word for entries in lexicon.RELATIONS.values() for word in entries]
    full = [
        {name for name in phrases(part, data.tasks["ner"], "PER") if len(name) > 1}
        for part in (train, test)
    ]
    said = [phrases(part, data.tasks["role"], "SPOKEN") for part in (train, test)]
    return [
        sum(map(len, lexicon.FRAMES.values())),
        len(words),
        100 * np.mean(person[relation != "none"] == relation[relation != "none"]),
        100 * np.mean(relation == "none"),
        100 * np.mean(pair[relation == "none"]),
        *(100 * held_out(lexicon, part, language) for part in said),
        100 * wrong,
        100 * len(full[1] - full[0]) / len(full[1]),
    ]


def _pairs(split, task) -> list[bool]:
    begin = task.labels.index("B-PAIR")
    return [begin in ids for ids in split.targets["role"]]


@pytest.mark.parametrize("column", ["zh", "en"])
def test_the_sheet_about_the_corpus_has_the_figures_measured(column):
    expected = [f"{value:.0f}" for value in measured(column)]
    place = list(LEXICONS).index(column) + 1
    for page in ("corpus.md", "corpus.zh.md"):
        text = (TEACHING / page).read_text("utf-8")
        rows = re.findall(r"^\|[^|]+\| *(\d+) *\| *(\d+) *\|$", text, re.MULTILINE)
        assert [row[place - 1] for row in rows] == expected, page


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_say_the_same(page):
    """As many headings and rows, the same figures in code, links to one another that lead somewhere."""
    texts = [(TEACHING / f"{page}{end}").read_text("utf-8") for end in (".md", ".zh.md")]
    for pattern in (r"^#+ ", r"^\|", r"^\*\*\d"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in texts]
        assert counts[0] == counts[1], pattern
    code = [re.findall(r"`[^`\n]+`", text) for text in texts]
    assert sorted(code[0]) == sorted(code[1])
    for text in texts:
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            assert link.startswith("http") or (TEACHING / link).exists(), link


@pytest.mark.parametrize("page", ["exam_a.md", "exam_a.zh.md", "exam_b.md", "exam_b.zh.md"])
def test_what_the_solutions_compute_is_right_and_points_add_up(page):
    text = (TEACHING / page).read_text("utf-8")
    questions, _, solutions = text.partition("\n---\n")
    sums = re.findall(r"`([-\d .+*/()]+) = (-?[\d.]+)`", solutions)
    assert len(sums) > 8
    for formula, result in sums:
        assert eval(formula) == pytest.approx(float(result), abs=6e-4), formula
    asked = re.findall(r"^\*\*\d[^\d\n]*?[ （(]*(\d+)(?: points| 分)", questions, re.MULTILINE)
    assert sum(map(int, asked)) == 60 and len(asked) == 6
    for number, points in enumerate(asked, 1):
        (one,) = re.findall(rf"^\*\*{number}\.\*\*(.*)$", solutions, re.MULTILINE)
        given = re.findall(r" \((\d)\)|（(\d) 分）", one)
        assert sum(int(a or b) for a, b in given) == int(points), (number, points)


def test_the_plans_name_lessons_that_are_there():
    for page in ("syllabi.md", "syllabi.zh.md"):
        text = (TEACHING / page).read_text("utf-8")
        named = set(re.findall(r"(?:[Ll]essons?|第) (\d\d)", text))
        built = {path.name[:2] for path in (TEACHING.parent / "notebooks" / "source").glob("*.py")}
        assert named <= built and {"00", "03", "09", "14"} <= named
