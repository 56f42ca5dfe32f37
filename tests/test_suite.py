"""What holds of the tests themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
TIMED = {"sleep", "monotonic", "perf_counter", "wait_for_timeout"}


def test_no_test_sleeps_or_is_timed_by_a_clock():
    """Benchmarks are, and nothing else: see `tests.waiting`."""
    found = [
        f"{path.relative_to(TESTS)}:{node.lineno}"
        for path in TESTS.rglob("*.py")
        if "benchmarks" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in TIMED
    ]
    assert not found


def test_a_run_names_each_test_that_it_skipped_and_says_why(tmp_path):
    settings = TESTS.parent / "pyproject.toml"
    (tmp_path / "test_two.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('n', (1, 2))\n"
        "def test_it(n):\n"
        "    pytest.skip('not here')\n"
    )
    command = [sys.executable, "-m", "pytest", "-c", settings, f"--rootdir={tmp_path}"]
    command += ["-n", "1", "-p", "no:cacheprovider", tmp_path]  # as in `make test`
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    for number in (1, 2):
        assert f"test_two.py::test_it[{number}] - Skipped: not here" in told


def test_what_mutants_are_made_of_and_tested_with_is_there():
    tomllib = pytest.importorskip("tomllib")  # from Python 3.11 on
    folder = TESTS.parent
    settings = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    wanted = [*settings["only_mutate"], *settings["pytest_add_cli_args_test_selection"]]
    wanted += [*settings["also_copy"], settings["preload_modules_file"]]
    assert not [pattern for pattern in wanted if not list(folder.glob(pattern))]
