"""What tests know of each lesson, one module a lesson: `lesson_NN.py`.

A module holds ``SECONDS`` (the budget for running all cells that the lesson's header states, in CPU
seconds where `reference.loop` takes ``reference.SECONDS``), ``GIGABYTES`` (the anonymous memory
that the header promises not to exceed), ``CLAIMS`` (what the prose says of results, measured again
after the last cell of the solutions: in percent format, a named cell a claim), and ``WRONG`` and ``RIGHT`` (exercise → answers besides the
solution, wrong and right). ``NAMES``, if it is there, are stand-ins for what solutions take from
cells above, such as a trained model.
"""

from importlib import import_module
from pathlib import Path


def claims(text: str) -> dict[str, str]:
    r"""Name → code of each claim in a lesson's ``CLAIMS``.

    Examples
    --------
    >>> claims("\n# %% six is even\nx = 6\nassert x % 2 == 0\n# %% and small\nassert x < 10\n")
    {'six is even': 'x = 6\nassert x % 2 == 0', 'and small': 'assert x < 10'}
    """
    cells = [cell.partition("\n") for cell in text.split("# %% ")[1:]]
    return {name: code.strip() for name, _, code in cells}


LESSONS = {
    path.stem.removeprefix("lesson_"): import_module(f"tests.lessons.{path.stem}")
    for path in sorted(Path(__file__).parent.glob("lesson_*.py"))
}
