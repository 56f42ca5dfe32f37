"""Sheets of exercises: questions drawn by a seed, written as learners' notebooks and a teacher's key.

The questions stand in ``teaching/sheets/sheet_NN.py`` of the course's repository, one file a
lesson, and not in the package. Such a file has ``QUESTIONS``: functions that take a random generator
and give a `Question`, each time another variant. Its answers are worked out when a sheet is drawn.
"""

from __future__ import annotations

import hashlib
import json
import random
import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtl_tutorial.arguments import one_of
from mtl_tutorial.grading.within import ask

SHEETS = Path(__file__).parents[2] / "teaching" / "sheets"
_HEAD = {
    "en": "# Graded sheet {lesson}\n\nYour name:\n\n"
    "Put your answers where `...` stands; change no other cell. Each question tells what its answer "
    "must be called. Numbers are judged to three digits, whole numbers exactly. Give in the notebook; "
    "it is run again from top to bottom, without network, within {seconds} seconds.",
    "zh": "# 第 {lesson} 课 · 评分练习\n\n姓名：\n\n"
    "请把答案写在 `...` 处，不要改动别的单元格。每道题都写明了答案的名字。小数按三位有效数字评判，整数须完全一致。"
    "请提交整个笔记本；评分时会在没有网络的环境里从头到尾重新运行，限时 {seconds} 秒。",
}
_QUESTION = {
    "en": "## Question {number} · `{name}` ({points} points)\n\n",
    "zh": "## 第 {number} 题 · `{name}`（{points} 分）\n\n",
}
SECONDS = 60
"""Time for one learner's notebook, unless the teacher says otherwise."""


@dataclass(frozen=True)
class Question:
    """One variant of a question.

    Attributes
    ----------
    name
        What the answer must be called.
    points
        What a right answer brings.
    text
        The question, in each language.
    stub
        The learner's cell, with ``...`` where the answer belongs.
    solution
        Code of one right answer.
    given
        Code of a cell before it, such as the data asked about.
    asked
        Expressions whose values are judged; by default the name alone.
    """

    name: str
    points: int
    text: dict[str, str]
    stub: str
    solution: str
    given: str = ""
    asked: list[str] = field(default_factory=list)

    def expected(self) -> list[Any]:
        """Work out the values that a right answer gives."""
        names: dict[str, Any] = {}
        exec(f"import numpy as np\n{self.given}\n{self.solution}", names)
        answer = ask(self.name, self.asked or [self.name], names)
        if "values" not in answer:
            raise ValueError(f"the solution of {self.name!r} does not answer: {answer}")
        return answer["values"]


def lessons() -> list[str]:
    """Numbers of the lessons that have a sheet; none where only the package is installed."""
    return sorted(path.stem.removeprefix("sheet_") for path in SHEETS.glob("sheet_*.py"))


def draw(lesson: str, seed: int | str) -> list[Question]:
    """Draw a variant of each question of a lesson's sheet; the same seed draws the same.

    Raises
    ------
    ValueError
        If the lesson has no sheet.
    """
    one_of("lesson", lesson, lessons())
    makers: Sequence[Callable[[random.Random], Question]]
    makers = runpy.run_path(str(SHEETS / f"sheet_{lesson}.py"))["QUESTIONS"]
    return [make(random.Random(f"{lesson} {seed} {make.__name__}")) for make in makers]


def cell(kind: str, source: str, identity: str, **metadata: Any) -> dict[str, Any]:
    """Make a notebook's cell as nbformat 4.5 has it."""
    made = {"cell_type": kind, "id": identity, "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def notebook(cells: list[dict[str, Any]], **metadata: Any) -> dict[str, Any]:
    """Make a notebook out of cells, for Python 3."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}, **metadata}
    return {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def name_of(lesson: str, questions: Sequence[Question]) -> str:
    """Name a sheet by its contents, so that it is judged by its own key only."""
    drawn = json.dumps([question.given + question.text["en"] for question in questions])
    return f"{lesson}-{hashlib.sha256(drawn.encode()).hexdigest()[:12]}"


def as_notebook(
    lesson: str, questions: Sequence[Question], language: str, solved: bool = False
) -> dict[str, Any]:
    """Write a sheet as a notebook in one language; `solved`, with the solutions in place."""
    head = _HEAD[language].format(lesson=lesson, seconds=SECONDS)
    cells = [
        cell("markdown", head, "head"),
        cell("code", "import numpy as np", "imports"),
    ]
    for number, one in enumerate(questions, 1):
        title = _QUESTION[language].format(number=number, name=one.name, points=one.points)
        cells.append(cell("markdown", title + one.text[language], f"q{number}-text"))
        if one.given:
            cells.append(cell("code", one.given, f"q{number}-given"))
        source = one.solution if solved else one.stub
        mark = {"mtl_tutorial": {"question": one.name}}
        cells.append(cell("code", source, f"q{number}-answer", **mark))
    sheet = {"sheet": name_of(lesson, questions), "language": language}
    return notebook(cells, mtl_tutorial=sheet)
