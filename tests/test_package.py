"""What importing the package costs, and what it offers."""

import subprocess
import sys

import pytest

LIGHT = (
    "tasks", "text", "reading", "data", "sharing", "scoring", "runs", "plots", "experiments",
    "corpora.people",
)  # fmt: skip


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


def test_the_left_half_of_the_package_does_without_tensorflow():
    code = "; ".join(f"import mtl_tutorial.{module}" for module in LIGHT)
    assert not loaded_after(code) & {"tensorflow", "keras"}


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
