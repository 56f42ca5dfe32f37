"""The locks of `make test-colab` and `make test-oldest`, and what the course needs."""

import runpy
from pathlib import Path

import pytest
from packaging.version import Version

from mtl_tutorial.environment import declared

CI = Path(__file__).parents[1] / ".ci"
lock = runpy.run_path(str(CI / "lock.py"))


def locked(name: str) -> dict[str, str]:
    lines = (CI / f"{name}.txt").read_text("utf-8").splitlines(keepends=True)
    assert lines[0] == lock["HEADER"].format(name)
    pairs = [line.strip().split("==") for line in lines[1:]]
    assert pairs == sorted(pairs)
    return dict(pairs)


@pytest.mark.parametrize("name", ["colab", "oldest"])
def test_a_lock_has_what_the_course_allows_and_the_tests_tools(name):
    versions = locked(name)
    assert set(lock["TOOLS"]) <= versions.keys()
    for needed in declared()[1]:
        found = versions.get(needed.name) or versions[f"{needed.name}-cpu"]
        assert found in needed.specifier, f"run make {name}-lock: {needed}"


def test_the_lock_of_colab_has_its_versions():
    versions = locked("colab")
    assert lock["IMAGE"].items() <= versions.items()
    jupyter = {r.name: r.specifier for r in declared("lab")[1]}
    assert versions["ipykernel"] not in jupyter["ipykernel"]  # so it must be no requirement
    assert "jupyterlab" not in {r.name for r in declared()[1]}
    assert not [line for line in lock["of_colab"]() if line.startswith("tensorflow>")]


def test_the_oldest_versions_are_the_lower_bounds():
    versions = locked("oldest")
    for needed in declared("lab")[1]:
        found = Version(versions[needed.name])
        assert found == Version(lock["lower_bound"](needed)), f"run make oldest-lock: {needed}"


def test_what_pip_reports_becomes_one_line_a_package():
    report = '{"install": [{"metadata": {"name": "B_c.d", "version": "2"}}, {"metadata": {"name": "a", "version": "1"}}]}'
    assert lock["lock"](report) == "a==1\nb-c-d==2\n"
