"""Learners' notebooks judged by a sheet's key: one CSV, a row a notebook, that survives being interrupted."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from mtl_tutorial.arguments import integer, path
from mtl_tutorial.grading import sandbox
from mtl_tutorial.grading.answers import same
from mtl_tutorial.grading.sheets import SECONDS
from mtl_tutorial.reading import DataError

MEGABYTES = 2048
GRADES = "grades.csv"


def verdict(question: Mapping[str, Any], answer: Mapping[str, Any] | None) -> str:
    """Judge one answer: ``"correct"``, ``"not yet"`` or ``"not attempted"``."""
    if answer is None or answer.get("untouched"):
        return "not attempted"
    if "values" not in answer:
        return "not yet"
    return "correct" if same(question["expected"], answer["values"]) else "not yet"


def read_key(file: Path) -> dict[str, Any]:
    """Read a teacher's key.

    Raises
    ------
    DataError
        If the file is none.
    """
    try:
        key = json.loads(file.read_text("utf-8"))
        names = [question["name"] for question in key["questions"]]
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file}: no key, such as `sheet` writes into teacher/ ({error})") from None
    if not names or "sheet" not in key:
        raise DataError(f"{file}: a key without questions")
    return key


def _cells(raw: bytes) -> tuple[list[str], dict[str, Any]]:
    """The code cells of a notebook, and what it says of its sheet."""
    content = json.loads(raw)
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    sources = ["".join(cell["source"]) for cell in code]
    return sources, content.get("metadata", {}).get("mtl_tutorial", {})


def judge(
    raw: bytes, key: Mapping[str, Any], seconds: int, megabytes: int, protect: bool
) -> dict[str, Any]:
    """Run a notebook's bytes in the sandbox and judge each question; give a row of the table."""
    questions = key["questions"]
    outcome = sandbox.Outcome("no notebook")
    try:
        cells, about = _cells(raw)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        outcome.errors.append(f"{type(error).__name__}: {error}"[:300])
    else:
        if about.get("sheet", key["sheet"]) != key["sheet"]:
            outcome.ended = "another sheet"
        else:
            asked = {question["name"]: question["asked"] for question in questions}
            outcome = sandbox.run(cells, asked, seconds, megabytes, protect)
    verdicts = {q["name"]: verdict(q, outcome.answers.get(q["name"])) for q in questions}
    points = sum(q["points"] for q in questions if verdicts[q["name"]] == "correct")
    said = [a["error"] for a in outcome.answers.values() if "error" in a]
    remarks = " · ".join(map(str, [*outcome.errors, *said]))
    return {
        "points": points,
        "of": sum(q["points"] for q in questions),
        "ended": outcome.ended,
        **verdicts,
        "remarks": remarks,
    }


def _keep(rows: Sequence[Mapping[str, Any]], table: Path) -> None:
    """Write the table aside, then put it into its place: it is whole at any time."""
    aside = table.with_suffix(".part")
    with aside.open("w", encoding="utf-8-sig", newline="") as file:  # with a mark for Excel
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(table)


def _kept(table: Path) -> dict[str, dict[str, str]]:
    """Rows of an earlier run, by the contents that they judge."""
    if not table.exists():
        return {}
    with table.open(encoding="utf-8-sig", newline="") as file:
        return {row["contents"]: row for row in csv.DictReader(file) if row.get("contents")}


def grade(
    folder: Path | str,
    key_file: Path | str,
    seconds: int = SECONDS,
    megabytes: int = MEGABYTES,
    protect: bool = True,
    tell: Callable[[str], object] = lambda _: None,
) -> list[dict[str, Any]]:
    """Judge all notebooks beneath a folder and keep the table in its ``grades.csv``.

    After each notebook the table is written anew. Who is interrupted calls it again: what has been
    judged by this key, byte by byte the same, is taken from the table.

    Parameters
    ----------
    folder
        Learners' notebooks, also in folders of their own; they are read, never changed.
    key_file
        The key that was written with their sheet.
    seconds, megabytes
        Limits of CPU time and of memory for each notebook.
    protect
        Whether files are guarded; see `sandbox.run`.
    tell
        Called with a line for each notebook.

    Returns
    -------
    The table's rows, in the order of the files.

    Raises
    ------
    TypeError, ValueError
        If a limit is no whole number of at least 1.
    DataError
        If the key is none, or there are no notebooks.
    NoSandboxError
        If this machine cannot guard files, and is to.
    """
    seconds = integer("seconds", seconds, least=1)
    megabytes = integer("megabytes", megabytes, least=1)
    folder, key_file = path("folder", folder), path("key_file", key_file)
    key = read_key(key_file)
    files = sorted(p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts)
    if not files:
        raise DataError(f"{folder}: no notebooks (*.ipynb) in it")
    table = folder / GRADES
    kept = _kept(table)
    waiting = dict(kept)  # rows of an earlier run whose notebooks have not come up yet
    judged_by = hashlib.sha256(key_file.read_bytes()).digest()
    rows: list[dict[str, Any]] = []
    for file in files:
        raw = file.read_bytes()
        contents = hashlib.sha256(judged_by + raw).hexdigest()[:16]
        name = file.relative_to(folder).as_posix()
        row = kept.get(contents) or judge(raw, key, seconds, megabytes, protect)
        rows.append({"notebook": name, **row} | {"notebook": name, "contents": contents})
        waiting.pop(contents, None)
        _keep([*rows, *waiting.values()], table)
        tell(f"{name}: {row['points']} of {row['of']} points, {row['ended']}")
    _keep(rows, table)
    return rows
