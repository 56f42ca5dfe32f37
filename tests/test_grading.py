"""Graded sheets: a class of notebooks of every kind, judged without a loss; what the sandbox takes away."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from random import Random

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mtl_tutorial.grading import grade, landlock, sandbox, sheets, writing
from mtl_tutorial.grading.answers import plain, same
from mtl_tutorial.grading.within import ask
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.reading import DataError

LESSONS = sheets.lessons()
guarded = pytest.mark.skipif(
    "files" in sandbox.missing(), reason=f"no sandbox here: {sandbox.missing().get('files')}"
)


@pytest.fixture(scope="module")
def sheet(tmp_path_factory) -> Path:
    """The folder of lesson 01's sheet."""
    out = tmp_path_factory.mktemp("sheet")
    writing.write("01", out, seed=7)
    return out


def answered(notebook: Path, answers: dict[str, str], **changes: str) -> dict:
    """A learner's notebook with answers by question; `changes` puts other cells in place."""
    content = json.loads(notebook.read_text("utf-8"))
    for cell in content["cells"]:
        question = cell["metadata"].get("mtl_tutorial", {}).get("question")
        cell["source"] = answers.get(question, cell["source"])
        cell["source"] = changes.get(cell["id"].replace("-", "_"), cell["source"])
    return content


# -- sheets


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_variant_has_an_answer_and_the_stub_is_none(lesson):
    for seed in range(12):
        for question in sheets.draw(lesson, seed):
            assert question.expected()
            assert set(question.text) == set(LANGUAGES) and question.points > 0
            names: dict = {}
            exec(f"import numpy as np\n{question.given}\n{question.stub}", names)
            told = ask(question.name, question.asked or [question.name], names)
            assert told.get("untouched"), (question.name, told)


@pytest.mark.parametrize("lesson", LESSONS)
def test_seeds_draw_variants_and_no_answer_stands_in_the_learners_notebook(lesson):
    drawn = [sheets.draw(lesson, seed) for seed in range(8)]
    assert sheets.draw(lesson, 3) == drawn[3]
    assert len({sheets.name_of(lesson, questions) for questions in drawn}) > 4
    for questions in drawn[:2]:
        for language in LANGUAGES:
            written = json.dumps(sheets.as_notebook(lesson, questions, language))
            assert not [q for q in questions if json.dumps(q.solution)[1:-1] in written]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_is_a_notebook_by_the_schema(sheet, language):
    for kind in ("learners/sheet", "teacher/solved", "teacher/nbgrader/sheet"):
        nbformat.validate(nbformat.read(sheet / f"{kind}_01.{language}.ipynb", as_version=4))


def test_every_lesson_with_exercises_has_a_sheet():
    folder = Path(sheets.__file__).parents[1] / "lessons"
    numbers = {path.stem.removeprefix("lesson_") for path in folder.glob("lesson_*.py")}
    assert numbers <= set(LESSONS)


def test_a_lesson_without_a_sheet_is_refused():
    with pytest.raises(ValueError, match="lesson"):
        sheets.draw("99", 1)


# -- judging


@settings(max_examples=30)
@given(st.recursive(st.integers() | st.floats(-1e6, 1e6) | st.booleans(), st.lists))
def test_an_answer_is_the_same_as_itself(value):
    assert same(value, json.loads(json.dumps(plain(value))))


@pytest.mark.parametrize(
    ("expected", "given"),
    [(2, 3), (0.5, 0.51), (1, True), ([1, 2], [1]), ({"a": 1}, {"b": 1}), ("O", 0), (0.0, None)],
)
def test_what_differs_is_not_the_same(expected, given):
    assert not same(expected, given)


def test_rounding_to_three_digits_is_allowed():
    assert same([2 / 3, 5], [0.667, 5.0])


# -- the sandbox


@guarded
def test_files_outside_can_be_neither_read_nor_changed(tmp_path):
    secret = tmp_path / "key.json"
    secret.write_text("42")
    cells = [
        "from pathlib import Path; import os, shutil; secret = Path(" + repr(str(secret)) + ")",
        "def tried(work):\n    try:\n        work()\n    except OSError as e:\n        return e.errno\n    return 'done'",
        "found = [tried(work) for work in (secret.read_text, secret.unlink, lambda: os.truncate(secret, 0), "
        "lambda: secret.rename(secret.with_name('x')), lambda: secret.write_text('x'), lambda: shutil.rmtree(secret.parent), "
        "lambda: Path('mine').write_text('x'))]",
    ]
    outcome = sandbox.run(cells, {"found": ["found"]}, seconds=20, megabytes=2048)
    values = outcome.answers["found"]["values"][0]
    assert values[-1] == "done" and "done" not in values[:-1]
    assert secret.read_text() == "42"


@guarded
def test_a_notebook_sees_nothing_of_the_teachers_environment(monkeypatch):
    monkeypatch.setenv("MY_TOKEN", "secret")
    cells = ["import os\nseen = 'MY_TOKEN' in os.environ, os.environ['HOME'] == os.getcwd()"]
    outcome = sandbox.run(cells, {"seen": ["seen"]}, seconds=20, megabytes=2048)
    assert outcome.answers["seen"]["values"] == [[False, True]]


@guarded
@pytest.mark.skipif("processes" in sandbox.missing(), reason="no namespaces here")
def test_there_is_no_network():
    cells = [
        "import socket\ntry:\n    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))\n"
        "    net = 'sent'\nexcept OSError:\n    net = 'none'"
    ]
    outcome = sandbox.run(cells, {"net": ["net"]}, seconds=20, megabytes=2048)
    assert outcome.answers["net"]["values"] == ["none"]


def test_without_a_guard_nothing_is_run_unless_it_is_said(monkeypatch):
    monkeypatch.setattr(sandbox, "missing", lambda: {"files": "no Landlock"})
    with pytest.raises(sandbox.NoSandboxError, match="no Landlock"):
        sandbox.run(["x = 1"], {"x": ["x"]}, seconds=20, megabytes=2048)
    outcome = sandbox.run(["x = 1"], {"x": ["x"]}, seconds=20, megabytes=2048, protect=False)
    assert outcome.answers["x"]["values"] == [1]


def test_an_old_kernel_is_said(monkeypatch):
    monkeypatch.setattr(sandbox, "version", lambda: landlock.LEAST - 1)
    assert "Linux 6.2" in sandbox.missing()["files"]


# -- a class


def a_class(sheet: Path, folder: Path, outside: Path) -> dict[str, tuple[int | None, str]]:
    """Write 25 notebooks; give for each file its points (None: whatever) and how it ends."""
    key = json.loads((sheet / "teacher/key_01.json").read_text("utf-8"))
    right = {q["name"]: q["solution"] for q in key["questions"]}
    points = {q["name"]: q["points"] for q in key["questions"]}
    names, total = list(right), sum(points.values())
    first = points[names[0]]
    attacks = {
        "loop": "while True: pass",
        "memory": "x = bytearray(1 << 40)",
        "delete": f"import shutil; shutil.rmtree({str(outside)!r})",
        "exit": "import os; os._exit(0)",
        "kill": "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
        "forge": "import os\nfor fd in range(3, 20):\n    try: os.write(fd, b'nonsense\\n')\n    except OSError: pass",
        "asks": "x = input()",
        "error": "1 / 0",
    }
    made: dict[str, tuple[int | None, str]] = {}

    def put(name: str, content: dict | str, expected: int | None, ended: str = "ran through"):
        text = content if isinstance(content, str) else json.dumps(content)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        made[name] = (expected, ended)

    blank = {language: sheet / f"learners/sheet_01.{language}.ipynb" for language in LANGUAGES}
    for number in range(6):
        language = LANGUAGES[number % 2]
        put(f"right_{number}/sheet.ipynb", answered(blank[language], right), total)
    for number in range(5):
        half = dict(list(right.items())[:2])
        put(f"half_{number}.ipynb", answered(blank["zh"], half), sum(points[q] for q in half))
    for number in range(3):
        put(f"empty_{number}.ipynb", blank["en"].read_text("utf-8"), 0)
    put("broken_json.ipynb", '{"cells": [', 0, "no notebook")
    put("broken_list.ipynb", "[1, 2]", 0, "no notebook")
    put("broken_bytes.ipynb", "", 0, "no notebook")
    for name, code in attacks.items():
        answers = right | {names[1]: code}
        ended = {"loop": "out of time", "exit": "stopped"}.get(name, "ran through")
        through = total - points[names[1]] if ended == "ran through" else first
        put(f"attack_{name}.ipynb", answered(blank["en"], answers), through, ended)
    return made


@guarded
def test_a_class_of_25_is_graded_in_one_run_and_nothing_is_lost(sheet, tmp_path):
    folder, outside = tmp_path / "class", tmp_path / "thesis"
    outside.mkdir()
    (outside / "chapter.txt").write_text("years of work")
    made = a_class(sheet, folder, outside)
    assert len(made) == 25
    before = {name: (folder / name).read_bytes() for name in made}
    key = sheet / "teacher/key_01.json"
    rows = grade.grade(folder, key, seconds=3)
    found = {row["notebook"]: (row["points"], row["ended"]) for row in rows}
    assert found == made
    assert (outside / "chapter.txt").read_text() == "years of work"
    assert {name: (folder / name).read_bytes() for name in made} == before
    with (folder / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    assert [row["notebook"] for row in table] == sorted(made)
    verdicts = {row["notebook"]: row for row in table}
    assert "ZeroDivisionError" in verdicts["attack_error.ipynb"]["remarks"]
    assert "MemoryError" in verdicts["attack_memory.ipynb"]["remarks"]
    assert set(verdicts["empty_0.ipynb"].values()) >= {"not attempted"}


@guarded
def test_grading_goes_on_where_it_was_killed(sheet, tmp_path, monkeypatch):
    for number in range(4):
        text = (sheet / "learners/sheet_01.en.ipynb").read_text("utf-8")
        (tmp_path / f"{number}.ipynb").write_text(text.replace("name:", f"name: {number}"))
    key = sheet / "teacher/key_01.json"
    ran: list[int] = []

    def judge(*_: object) -> dict:
        ran.append(1)
        if len(ran) == 3:
            raise KeyboardInterrupt
        return {"points": 1, "of": 2, "ended": "ran through", "remarks": ""}

    monkeypatch.setattr(grade, "judge", judge)
    with pytest.raises(KeyboardInterrupt):
        grade.grade(tmp_path, key)
    assert len((tmp_path / "grades.csv").read_text("utf-8-sig").splitlines()) == 3
    grade.grade(tmp_path, key)
    assert len(ran) == 5  # two, the one that was interrupted, then the two that were missing
    grade.grade(tmp_path, key)
    assert len(ran) == 5


@guarded
def test_interrupted_again_it_still_has_what_it_had(sheet, tmp_path, monkeypatch):
    for number in range(3):
        (tmp_path / f"{number}.ipynb").write_text(
            f'{{"cells": [], "metadata": {{}}, "n": {number}}}'
        )
    key = sheet / "teacher/key_01.json"
    grade.grade(tmp_path, key)
    with pytest.raises(KeyboardInterrupt):
        grade.grade(tmp_path, key, tell=lambda line: (_ for _ in ()).throw(KeyboardInterrupt))
    assert len((tmp_path / "grades.csv").read_text("utf-8-sig").splitlines()) == 4


def test_another_sheet_is_not_judged(sheet, tmp_path):
    writing.write("01", tmp_path / "other", seed=8)
    (tmp_path / "other/learners/sheet_01.zh.ipynb").unlink()
    (row,) = grade.grade(tmp_path / "other/learners", sheet / "teacher/key_01.json")
    assert (row["points"], row["ended"]) == (0, "another sheet")


def test_no_notebooks_and_no_key_are_said(sheet, tmp_path):
    with pytest.raises(DataError, match="no notebooks"):
        grade.grade(tmp_path, sheet / "teacher/key_01.json")
    (tmp_path / "key.json").write_text("{}")
    with pytest.raises(DataError, match=r"key\.json: no key"):
        grade.grade(tmp_path, tmp_path / "key.json")


# -- other graders' formats


def run_code(notebook: Path, without: str = "") -> dict:
    """Names after a notebook's cells, in an empty module."""
    names: dict = {}
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code" and not (without and without in cell["id"]):
            exec(cell["source"], names)
    return names


def test_nbgraders_cells_have_its_metadata_and_the_solution_passes_its_tests(sheet):
    """Schema version 3: which keys are required, which combinations it takes."""
    path = sheet / "teacher/nbgrader/sheet_01.en.ipynb"
    run_code(path)
    marked = [
        cell
        for cell in json.loads(path.read_text("utf-8"))["cells"]
        if "nbgrader" in cell["metadata"]
    ]
    key = json.loads((sheet / "teacher/key_01.json").read_text("utf-8"))
    assert len(marked) == 2 * len(key["questions"])
    for cell in marked:
        mark = cell["metadata"]["nbgrader"]
        assert {"schema_version", "grade", "locked", "solution", "grade_id"} <= set(mark)
        assert mark["schema_version"] == 3 and (mark["grade"] == ("points" in mark))
        assert mark["grade"] != mark["solution"]
        begin = "### BEGIN SOLUTION" if mark["solution"] else "### BEGIN HIDDEN TESTS"
        assert cell["source"].startswith(begin)
        assert cell["source"].endswith(begin.replace("BEGIN", "END"))
    assert len({cell["metadata"]["nbgrader"]["grade_id"] for cell in marked}) == len(marked)


def test_otters_files_pass_the_solution_and_fail_the_stub(sheet, monkeypatch):
    """The exception-based format: a name, points, and test cases that take the environment."""
    otter = type(sys)("otter.test_files")
    otter.test_case = lambda points, hidden: lambda function: function
    monkeypatch.setitem(sys.modules, "otter", type(sys)("otter"))
    monkeypatch.setitem(sys.modules, "otter.test_files", otter)
    right = run_code(sheet / "teacher/solved_01.en.ipynb")
    stub = run_code(sheet / "learners/sheet_01.en.ipynb")
    files = sorted((sheet / "teacher/otter/tests").glob("*.py"))
    for file in files:
        names: dict = {}
        exec(file.read_text("utf-8"), names)
        assert names["OK_FORMAT"] is False and names["name"] == file.stem and names["points"] > 0
        test = names[f"test_{file.stem}"]
        test(right)
        with pytest.raises((AssertionError, TypeError)):
            test(stub)


# -- the commands


def command(*arguments: object) -> subprocess.CompletedProcess:
    call = [sys.executable, "-m", "mtl_tutorial", *map(str, arguments)]
    return subprocess.run(call, check=False, capture_output=True, text=True)


@guarded
def test_a_sheet_is_written_and_graded_from_the_command_line(tmp_path):
    done = command("sheet", "08", "--out", tmp_path)
    assert done.returncode == 0 and "learners" in done.stdout
    key = tmp_path / "teacher/key_08.json"
    for language in LANGUAGES:
        source = (tmp_path / f"teacher/solved_08.{language}.ipynb").read_text("utf-8")
        (tmp_path / f"learners/solved.{language}.ipynb").write_text(source, "utf-8")
    done = command("grade", tmp_path / "learners", "--key", key)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("12 of 12 points, ran through") == 2
    assert command("sheet", "99", "--out", tmp_path).returncode == 1
    told = command("grade", tmp_path / "nowhere", "--key", key)
    assert told.returncode == 1 and "Traceback" not in told.stderr


def test_seeds_by_lot_differ(tmp_path):
    for name in ("a", "b"):
        writing.write("09", tmp_path / name)
    seeds = [
        json.loads((tmp_path / name / "teacher/key_09.json").read_text())["seed"] for name in "ab"
    ]
    assert seeds[0] != seeds[1]


def test_a_key_is_not_replaced_by_that_of_another_sheet(tmp_path):
    key, *_ = writing.write("09", tmp_path, seed="monday")
    kept = key.read_bytes()
    with pytest.raises(FileExistsError, match=r"key_09\.json is there already"):
        writing.write("09", tmp_path)
    assert key.read_bytes() == kept
    assert writing.write("09", tmp_path, seed="monday")[0].read_bytes() == kept
    writing.write("08", tmp_path)  # another lesson's key has another name


def test_what_a_question_draws_hangs_on_its_generator_alone():
    import runpy

    for lesson in LESSONS:
        for make in runpy.run_path(str(sheets.SHEETS / f"sheet_{lesson}.py"))["QUESTIONS"]:
            assert make(Random(5)) == make(Random(5))


@pytest.mark.parametrize("limit", ["seconds", "megabytes"])
@pytest.mark.parametrize(
    ("value", "error", "says"),
    [
        (0, ValueError, "at least 1"),
        (-3, ValueError, "at least 1"),
        ("9", TypeError, "whole number"),
    ],
)
def test_a_limit_that_limits_nothing_is_refused(sheet, limit, value, error, says):
    with pytest.raises(error, match=f"{limit} must be .*{says}"):
        grade.grade(sheet / "learners", sheet / "teacher" / "key_01.json", **{limit: value})
    assert not (sheet / "learners" / grade.GRADES).exists()
