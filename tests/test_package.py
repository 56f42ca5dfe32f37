"""What importing the package costs, and what it offers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `code`."""
    tell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", f"{code}; {tell}"], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_importing_the_package_is_light():
    heavy = {"tensorflow", "keras", "pandas", "matplotlib", "numpy", "sklearn"}
    assert not loaded_after("import mtl_tutorial; dir(mtl_tutorial)") & heavy


def test_only_the_modules_that_contributing_marks_load_tensorflow():
    marked = set(re.findall(r"`([\w/]+)`\*", (CHECKOUT / "CONTRIBUTING.md").read_text("utf-8")))
    package = CHECKOUT / "mtl_tutorial"
    files = [file.relative_to(package).with_suffix("") for file in package.rglob("*.py")]
    modules = {file.as_posix() for file in files if not file.name.startswith("__")}
    assert marked < modules
    light = [name.replace("/", ".") for name in sorted(modules - marked)]
    code = "; ".join(f"import mtl_tutorial.{name}" for name in light)
    assert not loaded_after(code) & {"tensorflow", "keras"}


def test_experiments_bring_nothing_along_that_only_some_need():
    loaded = loaded_after("import mtl_tutorial.experiments")
    assert not loaded & {"tensorflow", "pooch", "requests", "multiprocessing"}


def test_data_and_widgets_names_do_without_tensorflow():
    names = "MISSING, DataError, MultiTaskData, Run, SharingPlan, Task, Vocabulary, people, plots"
    assert not loaded_after(f"from mtl_tutorial import {names}") & {"tensorflow", "keras"}


def test_every_public_name_is_there():
    code = (
        "import mtl_tutorial as m; [getattr(m, name) for name in m.__all__]; "
        "from mtl_tutorial import *; assert callable(build_model) and set(m.__all__) == set(dir(m))"
    )
    assert "tensorflow" in loaded_after(code)


def test_submodules_are_modules_and_classes_are_classes():
    import mtl_tutorial

    assert mtl_tutorial.plots.__name__ == "mtl_tutorial.plots"
    assert mtl_tutorial.people.__name__ == "mtl_tutorial.corpora.people"
    assert mtl_tutorial.Task.__name__ == "Task"
    assert mtl_tutorial.MISSING == -1


def test_an_unknown_name_is_an_attribute_error():
    import mtl_tutorial

    with pytest.raises(AttributeError, match="'mtl_tutorial' has no attribute 'nonsense'"):
        _ = mtl_tutorial.nonsense


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readmes_python_runs(readme, tmp_path, monkeypatch, capsys):
    text = (CHECKOUT / readme).read_text("utf-8")
    code = "".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert code.count("epochs=5") == 2
    monkeypatch.chdir(tmp_path)
    exec(code.replace("epochs=5", "epochs=1"), {})
    printed = capsys.readouterr().out
    for line in (r"accuracy +0\.\d+ +2000", r"f1 +0\.\d+ +2000", r"person p +0\.\d+"):
        assert re.search(line, printed), printed
    assert "Nothing was found that would hurt." in printed


def test_the_data_card_names_everything_that_finished_runs_left():
    card = (CHECKOUT / "data" / "README.md").read_text("utf-8")
    there = {file.name for file in (CHECKOUT / "data" / "runs").iterdir()}
    assert (
        set(re.findall(r"^\| `(\S+\.(?:csv(?:\.gz)?|npz|json|keras|onnx))` \|", card, re.MULTILINE))
        == there
    )


@pytest.mark.parametrize("check", ["ruff check", "ruff format --check", "mypy"])
def test_lint_and_types(check):
    """What `make lint` looks at."""
    done = subprocess.run(
        [sys.executable, "-m", *check.split()],
        cwd=CHECKOUT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_wheel_brings_its_corpus_and_its_font_along(tmp_path):
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    build = ["wheel", "--no-deps", "--no-build-isolation", "-w", str(tmp_path), str(CHECKOUT)]
    subprocess.run([*pip, *build], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "elsewhere"
    subprocess.run([*pip, "install", "--no-deps", "--target", str(place), str(wheel)], check=True)
    code = (
        "import mtl_tutorial; from mtl_tutorial import people, plots;"
        "assert plots.legible(['家人']) == ['家人'] and plots.fonts.FONT.with_name('OFL.txt').exists();"
        "print(mtl_tutorial.__file__, len(people.load('en')['test']), people.folder())"
    )
    where = {**os.environ, "PYTHONPATH": str(place)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=where,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.count(str(place)) == 2
    assert " 2000 " in done.stdout
