"""A sheet as other graders have it: a source notebook for nbgrader, test files for Otter-Grader.

Both files hold what is expected, and belong to the teacher. Formats: nbgrader's cell metadata,
schema version 3 (nbgrader 0.9), and Otter-Grader's exception-based test files (otter-grader 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mtl_tutorial.grading import answers
from mtl_tutorial.grading.sheets import Question, as_notebook, cell


def _assertion(question: Question) -> str:
    """Code that passes where the names of a learner's notebook give what is expected."""
    asked = question.asked or [question.name]
    source = Path(answers.__file__).read_text("utf-8")
    return (
        f"judge = {{}}\nexec({source!r}, judge)\n"
        f"given = [judge['plain'](answer) for answer in ({', '.join(asked)},)]\n"
        f"assert judge['same']({question.expected()!r}, given)"
    )


def for_nbgrader(lesson: str, questions: Sequence[Question], language: str) -> dict[str, Any]:
    """Write the sheet as nbgrader's source notebook, from which it makes the learners' one.

    Solutions stand between its marks; after each answer comes a locked cell whose test is hidden.
    """
    made = as_notebook(lesson, questions, language)
    by_name = {question.name: question for question in questions}
    cells = []
    for one in made["cells"]:
        cells.append(one)
        name = one["metadata"].get("mtl_tutorial", {}).get("question")
        if name is None:
            continue
        solution = by_name[name].solution
        one["source"] = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        one["metadata"]["nbgrader"] = _mark(f"{name}-answer", solution=True)
        test = f"### BEGIN HIDDEN TESTS\n{_assertion(by_name[name])}\n### END HIDDEN TESTS"
        graded = _mark(f"{name}-test", grade=True, locked=True, points=by_name[name].points)
        cells.append(cell("code", test, f"{one['id']}-test", nbgrader=graded))
    return {**made, "cells": cells}


def _mark(identity: str, **changes: Any) -> dict[str, Any]:
    usual = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
    return {**usual, "grade_id": identity, **changes}


def for_otter(question: Question) -> str:
    """Write one question's test file for Otter-Grader's ``tests`` folder."""
    return (
        "from otter.test_files import test_case\n\n"
        "OK_FORMAT = False\n"
        f"name = {question.name!r}\n"
        f"points = {question.points}\n"
        f"TEST = {_assertion(question)!r}\n\n\n"
        f"@test_case(points={question.points}, hidden=True)\n"
        f"def test_{question.name}(env):\n    exec(TEST, dict(env))\n"
    )
