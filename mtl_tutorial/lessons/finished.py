"""Finished runs that lessons read, ``data/runs/lesson_NN.csv.gz``, and their making.

Which runs a table holds, the lesson's module says in its ``experiments()``. (Lesson 02's is a table
of scores, which `lessons.baselines` makes.)
"""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from mtl_tutorial import lessons
from mtl_tutorial.corpora.people import folder
from mtl_tutorial.experiments import run_all
from mtl_tutorial.runs import Run, load_runs, save_runs


def with_tables() -> list[str]:
    """The lessons that read finished runs: those whose module says which, in ``experiments()``."""
    names = sorted(m.name for m in iter_modules(lessons.__path__) if m.name.startswith("lesson_"))
    return [
        name.removeprefix("lesson_")
        for name in names
        if hasattr(import_module(f"{lessons.__name__}.{name}"), "experiments")
    ]


def table(lesson: str) -> Path:
    """Where the table of a lesson (``"03"``) lies."""
    return folder() / "runs" / f"lesson_{lesson}.csv.gz"


def make(lesson: str, kept: Path | str | None = None, workers: int = 1) -> Path:
    """Run what is missing in the folder `kept`, and write the lesson's table; gives its path.

    By default runs are kept in ``results/lessons`` beside the shipped data, whoever asks from where.
    """
    kept = kept or folder().parent / "results" / "lessons"
    experiments = import_module(f"mtl_tutorial.lessons.lesson_{lesson}").experiments()
    save_runs(run_all(experiments, kept, workers), table(lesson))
    return table(lesson)


def load(lesson: str, corpus: str) -> list[Run]:
    """The finished runs of a lesson on one corpus (`Experiment.corpus`), in the order of `experiments`."""
    return [run for run in load_runs(table(lesson)) if run.header["corpus"] == corpus]
