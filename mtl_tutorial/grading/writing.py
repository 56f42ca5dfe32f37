"""A sheet's files: what learners get, and what is the teacher's alone."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mtl_tutorial.grading.formats import for_nbgrader, for_otter
from mtl_tutorial.grading.sheets import Question, as_notebook, draw, name_of
from mtl_tutorial.languages import LANGUAGES


def as_key(lesson: str, questions: Sequence[Question], seed: int | str) -> dict[str, Any]:
    """Everything that judging takes, and what a teacher wants to read: for nobody else's eyes."""
    entries = [
        asdict(one) | {"asked": one.asked or [one.name], "expected": one.expected()}
        for one in questions
    ]
    return {"sheet": name_of(lesson, questions), "seed": seed, "questions": entries}


def _spare(key: Path, sheet: str) -> None:
    if key.exists() and sheet not in key.read_text("utf-8", "replace"):
        raise FileExistsError(
            f"{key} is there already, the key of another sheet; that sheet could no longer be "
            "graded. Choose another folder, or the seed that stands in the key"
        )


def write(lesson: str, out: Path, seed: int | str | None = None) -> list[Path]:
    """Draw a sheet and write it: ``learners/`` in both languages, ``teacher/`` with key and solutions.

    Parameters
    ----------
    lesson
        Its number, such as ``"03"``.
    out
        Folder for the two folders.
    seed
        Whoever knows it can draw the key; by default one that nobody can guess, kept in the key.

    Returns
    -------
    The files written; the first is the key.

    Raises
    ------
    FileExistsError
        If the key of another sheet lies there: by no other can what has been handed out be graded.
    """
    seed = secrets.randbits(64) if seed is None else seed
    questions = draw(lesson, seed)
    _spare(out / f"teacher/key_{lesson}.json", name_of(lesson, questions))
    written: list[Path] = []

    def put(name: str, content: dict[str, Any] | str) -> None:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str):
            content = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        path.write_text(content, "utf-8")
        written.append(path)

    put(f"teacher/key_{lesson}.json", as_key(lesson, questions, seed))
    for language in LANGUAGES:
        put(f"learners/sheet_{lesson}.{language}.ipynb", as_notebook(lesson, questions, language))
        solved = as_notebook(lesson, questions, language, solved=True)
        put(f"teacher/solved_{lesson}.{language}.ipynb", solved)
        marked = for_nbgrader(lesson, questions, language)
        put(f"teacher/nbgrader/sheet_{lesson}.{language}.ipynb", marked)
    for question in questions:
        put(f"teacher/otter/tests/{question.name}.py", for_otter(question))
    return written
