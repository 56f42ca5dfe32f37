"""The gate for arguments: what a public function was given, turned into what it wants or refused.

Each function takes the argument's name and the value that came, and gives the value back in the one
form that the code behind the gate knows: NumPy scalars become Python's, lists become tuples.
What is of the wrong kind raises `TypeError`, what is of the right kind but not allowed `ValueError`;
both say the name, what came, and what is wanted.
"""

from __future__ import annotations

import inspect
import math
import numbers
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

_HINTS = {
    "MultiTaskData": "from people.load(...) or MultiTaskData.from_rows(...), say",
    "MultiTaskModel": "from build_model(...) or load_model(...)",
    "SharingPlan": "such as SharingPlan.hard([...])",
    "Split": 'such as data["train"]',
    "Run": "from train(...)",
    "Architecture": "such as Architecture(units=32), or None with its fields by name: units=32",
    "Training": "such as Training(epochs=3), or None with its fields by name: epochs=3",
}
_LONGEST = 60  # characters of a value that a message shows


def shown(value: Any) -> str:
    """A value as a message names it: its kind, and its contents where they are short.

    Examples
    --------
    >>> shown("3"), shown(2.5), shown([1, 2]), shown(None)
    ("'3' (a string)", '2.5 (a float)', '[1, 2] (a list)', 'None')
    """
    if value is None or value is True or value is False:
        return str(value)
    kind = {"str": "string", "int": "whole number"}.get(type(value).__name__, type(value).__name__)
    article = "an" if kind[0].lower() in "aeio" else "a"
    if isinstance(value, str | numbers.Number | list | tuple | dict | set | frozenset | range):
        return f"{short(repr(value))} ({article} {kind})"
    return f"{article} {kind}"


def listed(names: Iterable[Any], most: int = 12) -> str:
    """Names as a message lists them; a long list is cut, and its length is said; so is a long name.

    Examples
    --------
    >>> listed(["a", "b"]), listed(range(100), most=3)
    ("['a', 'b']", '[0, 1, 2, … 100 in all]')
    """
    names = list(names)
    rest = f", … {len(names)} in all" if len(names) > most else ""
    return f"[{', '.join(short(repr(name)) for name in names[:most])}{rest}]"


def short(text: str) -> str:
    """A text, cut where it is too long for a message.

    Examples
    --------
    >>> len(short("x" * 1000))
    60
    """
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def integer(name: str, value: Any, least: int | None = None, most: int | None = None) -> int:
    """A whole number from `least` to `most`; NumPy's and floats such as 3.0 are taken as well.

    Examples
    --------
    >>> integer("epochs", np.int64(3), least=1)
    3
    >>> integer("epochs", 2.5, least=1)
    Traceback (most recent call last):
    TypeError: epochs must be a whole number, not 2.5 (a float)
    """
    if not _is_number(value) or not float(value).is_integer():
        raise TypeError(f"{name} must be a whole number, not {shown(value)}")
    return _within(name, int(value), least, most)


def number(
    name: str,
    value: Any,
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
) -> float:
    """A finite number from `least` to `most`, or larger than `above`; NumPy's are taken as well.

    Examples
    --------
    >>> number("dropout", 0.2, least=0, most=1)
    0.2
    >>> number("learning_rate", -0.01, above=0)
    Traceback (most recent call last):
    ValueError: learning_rate must be above 0, not -0.01
    """
    if not _is_number(value):
        raise TypeError(f"{name} must be a number, not {shown(value)}")
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"{name} must be a finite number, not {value}")
    if above is not None and value <= above:
        raise ValueError(f"{name} must be above {above}, not {value}")
    return _within(name, value, least, most)


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, bool | np.bool_)


def _within(name: str, value: Any, least: float | None, most: float | None) -> Any:
    if (least is None or value >= least) and (most is None or value <= most):
        return value
    if least is not None and most is not None:
        wanted = f"from {least} to {most}"
    else:
        wanted = f"at least {least}" if least is not None else f"at most {most}"
    raise ValueError(f"{name} must be {wanted}, not {value}")


def label_ids(name: str, value: Any) -> np.ndarray:
    """Label ids of any shape, as an array of whole numbers.

    Examples
    --------
    >>> label_ids("labels", [[0, 1], [2, -1]]).shape
    (2, 2)
    >>> label_ids("labels", ["B-PER", "O"])
    Traceback (most recent call last):
    TypeError: labels must be an array of label ids, whole numbers, not ['B-PER', 'O'] (a list)
    """
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):  # rows of different lengths
        array = np.empty(0, dtype=object)
    if not array.ndim or (array.dtype.kind not in "iu" and (array.size or array.dtype.kind != "f")):
        raise TypeError(f"{name} must be an array of label ids, whole numbers, not {shown(value)}")
    return array.astype(int)


def flag(name: str, value: Any) -> bool:
    """True or False, Python's or NumPy's; 0 and "no" are refused."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise TypeError(f"{name} must be True or False, not {shown(value)}")


def text(name: str, value: Any) -> str:
    """A string."""
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{name} must be a string, not {shown(value)}")


def one_of(name: str, value: Any, choices: Iterable[str]) -> str:
    """One of the strings `choices`.

    Examples
    --------
    >>> one_of("pooling", "sum", ["max", "mean"])
    Traceback (most recent call last):
    ValueError: unknown pooling 'sum'; choose one of ['max', 'mean']
    """
    choices = list(choices)
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, one of {listed(choices)}, not {shown(value)}")
    if value not in choices:
        raise ValueError(f"unknown {name} {value!r}; choose one of {listed(choices)}")
    return value


def names(name: str, value: Any, wanted: str = "task names") -> tuple[str, ...]:
    """Several strings, in a list, tuple or another collection with an order; one string is not several.

    Examples
    --------
    >>> names("tasks", ["ner", "person"])
    ('ner', 'person')
    >>> names("tasks", "ner")
    Traceback (most recent call last):
    TypeError: tasks must be a list of task names, such as ['ner'], not 'ner' (a string)
    """
    example = f", such as [{value!r}]" if isinstance(value, str) else ""
    unfit = isinstance(value, str | bytes | set | frozenset) or not _has_parts(value)
    given = () if unfit else tuple(value)
    if unfit or type(value).__name__ == "DataFrame":
        raise TypeError(f"{name} must be a list of {wanted}{example}, not {shown(value)}")
    for element in given:
        if not isinstance(element, str):
            raise TypeError(
                f"{name} must be a list of {wanted}; {shown(element)} among them is none"
            )
    return tuple(map(str, given))


def _has_parts(value: Any) -> bool:
    """Whether one can go through it; NumPy's arrays without an axis say so, but cannot."""
    return isinstance(value, Iterable) and getattr(value, "ndim", 1) > 0


def sequence(name: str, value: Any, wanted: str) -> Sequence[Any]:
    """A list, tuple or another sequence that is no string."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return value
    raise TypeError(f"{name} must be a list of {wanted}, not {shown(value)}")


def mapping(name: str, value: Any, wanted: str) -> Mapping[str, Any]:
    """A dictionary with strings as keys; `wanted` says what it maps, as in "task → weight"."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dictionary {wanted}, not {shown(value)}")
    for key in value:
        if not isinstance(key, str):
            raise TypeError(f"{name} must be a dictionary {wanted}; its key {shown(key)} is none")
    return value


def plain(name: str, value: Any) -> Any:
    """What JSON can hold: NumPy's numbers become Python's, tuples lists; a part is named by its place."""
    if isinstance(value, Mapping):
        return {
            text(f"a key of {name}", key): plain(f"{name}[{key!r}]", inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [plain(f"{name}[{place}]", inner) for place, inner in enumerate(value)]
    if isinstance(value, np.ndarray | np.generic):
        return plain(name, value.tolist())
    if value is None or isinstance(value, bool | int | float | str):
        return value
    wanted = "plain JSON (numbers, text, lists, dictionaries)"
    raise TypeError(f"{name} must be {wanted}, not {shown(value)}")


def instance(name: str, value: Any, kind: type[T]) -> T:
    """An object of a class of the course.

    Examples
    --------
    >>> from mtl_tutorial.sharing import SharingPlan
    >>> instance("plan", "hard", SharingPlan)
    Traceback (most recent call last):
    TypeError: plan must be a SharingPlan, such as SharingPlan.hard([...]), not 'hard' (a string)
    """
    if isinstance(value, kind):
        return value
    hint = _HINTS.get(kind.__name__)
    wanted = f"{kind.__name__}, {hint}," if hint else f"{kind.__name__},"
    article = "an" if wanted[0].lower() in "aeio" else "a"
    raise TypeError(f"{name} must be {article} {wanted} not {shown(value)}")


def instances(name: str, value: Any, kind: type[T]) -> list[T]:
    """Several objects of a class of the course, in a list or anything else to go through.

    Examples
    --------
    >>> from mtl_tutorial.runs import Run
    >>> instances("runs", ["hard.csv"], Run)
    Traceback (most recent call last):
    TypeError: runs[0] must be a Run, from train(...), not 'hard.csv' (a string)
    """
    if not _has_parts(value) or isinstance(value, str | bytes | Mapping | kind):
        raise TypeError(f"{name} must be a list of {kind.__name__}s, not {shown(value)}")
    return [instance(f"{name}[{place}]", one, kind) for place, one in enumerate(value)]


def function(name: str, value: Any, wanted: str, takes: int | None = None) -> Any:
    """Something that can be called; `wanted` says how, as in "weigh(losses, present) -> scalar".

    With `takes`, it must take so many arguments.

    Examples
    --------
    >>> function("combine", max, "combine(gramian) -> weights") is max
    True
    >>> function("weigh", lambda losses: 0, "weigh(losses, present) -> scalar", takes=2)
    Traceback (most recent call last):
    TypeError: weigh must be a function weigh(losses, present) -> scalar; this one cannot be called so: too many positional arguments
    """
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"{name} must be a function {wanted}, not {shown(value)}")
    if takes is not None:
        try:
            inspect.signature(value).bind(*range(takes))
        except TypeError as error:
            raise TypeError(
                f"{name} must be a function {wanted}; this one cannot be called so: {error}"
            ) from None
        except ValueError:  # written in C, without a signature to look at
            pass
    return value


def path(name: str, value: Any) -> Path:
    """Where a file or folder lies, with ``~`` for the home folder.

    Examples
    --------
    >>> path("path", "runs/mine.csv").name
    'mine.csv'
    """
    if not isinstance(value, str | os.PathLike) or isinstance(value, bytes):
        raise TypeError(f"{name} must be a path, such as 'runs/mine.csv', not {shown(value)}")
    if not os.fspath(value).strip():
        raise ValueError(f"{name} must be a path, such as 'runs/mine.csv', not an empty string")
    return Path(os.fspath(value)).expanduser()
