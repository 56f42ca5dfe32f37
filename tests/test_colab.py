"""The lock of `make test-colab`: what Colab has, and what the course needs."""

import runpy
from pathlib import Path

import pytest

from mtl_tutorial.environment import declared

CI = Path(__file__).parents[1] / ".ci"
colab = runpy.run_path(str(CI / "colab.py"))


@pytest.fixture(scope="module")
def locked() -> dict[str, str]:
    lines = (CI / "colab.txt").read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    assert pairs == sorted(pairs)
    return dict(pairs)


def test_the_lock_has_colabs_versions_and_the_tests_tools(locked):
    assert colab["IMAGE"].items() <= locked.items()
    assert set(colab["TOOLS"]) <= locked.keys()


def test_what_colab_has_is_what_the_course_allows(locked):
    python, requirements = declared()
    assert f"{colab['PYTHON']}.0" in python
    for needed in requirements:
        name = "tensorflow-cpu" if needed.name == "tensorflow" else needed.name
        assert locked[name] in needed.specifier, f"run make colab-lock: {needed}"
    jupyter = {r.name: r.specifier for r in declared("lab")[1]}
    assert locked["ipykernel"] not in jupyter["ipykernel"]  # so it must be no requirement
    assert "jupyterlab" not in {r.name for r in requirements}


def test_what_pip_reports_becomes_one_line_a_package():
    report = '{"install": [{"metadata": {"name": "B_c.d", "version": "2"}}, {"metadata": {"name": "a", "version": "1"}}]}'
    assert colab["lock"](report) == f"{colab['HEADER']}a==1\nb-c-d==2\n"
    assert colab["wanted"]()[0].startswith("tensorflow-cpu==")
    assert not [line for line in colab["wanted"]() if line.startswith("tensorflow>")]
