"""What tests know of each lesson, one module a lesson: `lesson_NN.py`.

A module holds ``SECONDS`` (the plan's budget for running all cells), ``GIGABYTES`` (the anonymous
memory that the lesson's header promises not to exceed), ``CLAIMS`` (code run after the last cell
of the solutions: it re-measures what the prose says), and ``WRONG`` and ``RIGHT`` (exercise →
answers besides the solution, wrong and right). ``NAMES``, if it is there, are stand-ins for what
solutions take from cells above, such as a trained model.
"""

from importlib import import_module
from pathlib import Path

LESSONS = {
    path.stem.removeprefix("lesson_"): import_module(f"tests.lessons.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("lesson_*.py"))
}
