"""What hand-outs take from a lesson's notebook: its question, goals, predictions, exercises, summary, terms."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_PREDICT = re.compile(r"\*\*(?:Predict|先预测|预测)(?!ion)[^*]*\*\*(?! nothing|（)")
_FIVE = ("In five lines", "五句话小结")
_TERMS = ("New terms", "新术语")
_READING = ("Further reading", "延伸阅读")


@dataclass(frozen=True)
class Section:
    """A section: its heading, its blocks of text, and its exercises: heading, text and stub of each."""

    heading: str
    blocks: list[str]
    exercises: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Lesson:
    """What a notebook says, in one language; texts are Markdown."""

    number: str
    title: str
    question: str
    goals: str
    sections: list[Section]
    five: str
    terms: str

    def predictions(self) -> list[str]:
        """List what learners are asked to predict, in order."""
        asked = []
        for section in self.sections:
            for block in section.blocks:
                if not block.startswith("|") and (found := _PREDICT.search(block)):
                    text = block[found.end() :].lstrip("：:，,。. \n")
                    asked.append(text[0].upper() + text[1:])
        return asked


def numbers() -> list[str]:
    """Numbers of the lessons there are; none where only the package is installed."""
    return sorted(path.name[:2] for path in (NOTEBOOKS / "en").glob("[0-9]*.ipynb"))


def read(number: str, language: str) -> Lesson:
    """Read a lesson's notebook in one language."""
    (path,) = (NOTEBOOKS / language).glob(f"{number}_*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    head, question, _, goals, *_ = _blocks("".join(cells[0]["source"]))
    sections = [Section("", [], [])]
    exercise, told = "", ""
    for cell in cells[1:]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            if "exercise" in cell["metadata"].get("tags", []):
                sections[-1].exercises.append((exercise, told, source))
            continue
        for block in _blocks(source):
            if block.startswith("## "):
                heading, _, rest = block[3:].partition("\n")
                sections.append(Section(heading.strip(), [rest] if rest else [], []))
            elif block.startswith("### "):
                exercise, told = block[4:].strip(), ""
                sections[-1].blocks.append(block)
            else:
                sections[-1].blocks.append(block)
                told = f"{told}\n\n{block}" if told else block
    by_heading = {section.heading: section for section in sections}
    five = next(by_heading[name].blocks for name in _FIVE if name in by_heading)
    terms = next((by_heading[name].blocks for name in _TERMS if name in by_heading), five[1:2])
    ends = (*_FIVE, *_TERMS, *_READING, "")
    return Lesson(
        number,
        head.removeprefix("# ").strip(),
        question.strip("*"),
        goals,
        [section for section in sections if section.heading not in ends],
        five[0],
        terms[0],
    )


def _blocks(text: str) -> list[str]:
    """Paragraphs, lists, tables and formulas, as blank lines part them."""
    return [block.strip("\n") for block in re.split(r"\n\s*\n", text) if block.strip()]
