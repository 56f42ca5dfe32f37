"""What an answer says, and whether it is the expected one; also copied into other graders' files."""

import math
from typing import Any

CLOSE = 2e-3
"""Relative difference up to which a number with decimals is right."""


def plain(value: Any) -> Any:
    """Turn an answer into what JSON has: arrays and tuples into lists, NumPy's scalars into Python's.

    Examples
    --------
    >>> plain((1, {"a": {2.5}}))
    [1, {'a': [2.5]}]
    """
    if hasattr(value, "tolist"):  # of NumPy and pandas
        value = value.tolist()
    if isinstance(value, dict) or hasattr(value, "to_dict"):
        items = value if isinstance(value, dict) else value.to_dict()
        return {str(key): plain(inner) for key, inner in items.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(inner) for inner in value), key=repr)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"an answer of the type {type(value).__name__} cannot be judged")


def same(expected: Any, given: Any) -> bool:
    """Whether an answer is the expected one: whole numbers exactly, others to three digits.

    Examples
    --------
    >>> same([1, 0.6667], [1.0, 2 / 3]), same(1000000, 1000001), same(True, 1)
    (True, False, False)
    """
    if isinstance(expected, dict):
        return (
            isinstance(given, dict)
            and expected.keys() == given.keys()
            and all(same(value, given[key]) for key, value in expected.items())
        )
    if isinstance(expected, list):
        return (
            isinstance(given, list)
            and len(expected) == len(given)
            and all(map(same, expected, given))
        )
    if isinstance(expected, bool) or isinstance(given, bool):
        return expected is given
    if isinstance(expected, int | float):
        if not isinstance(given, int | float):
            return False
        if isinstance(expected, int):
            return abs(expected - given) < 1e-6
        return math.isclose(expected, given, rel_tol=CLOSE, abs_tol=1e-6)
    if isinstance(expected, str) and isinstance(given, str):
        return expected == given.strip()
    return expected is None and given is None
