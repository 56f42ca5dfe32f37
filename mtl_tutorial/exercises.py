"""Exercises with checks, hints and solutions; predictions that are kept until the result is there.

A lesson's notebook takes its exercises from `lesson`; what they ask, check and say stands in
`lessons/lesson_NN.py` as plain data, in both languages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any

from mtl_tutorial.arguments import one_of, text
from mtl_tutorial.languages import LANGUAGES, check_language
from mtl_tutorial.messages import Kind, Message, Text, titled

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_UNTOUCHED: Text = {
    "en": "Put your answer where the `...` stands, run that cell, then this one again.",
    "zh": "请把 `...` 换成你的答案，运行那个单元格，再运行这一个。",
}
_NOTHING: Text = {
    "en": "`{call}` gives back nothing (`None`). Is there a `return`?",
    "zh": "`{call}` 什么也没有返回（`None`）。是不是少了 `return`？",
}
_RAISES: Text = {
    "en": "`{call}` stops with an error. {error}",
    "zh": "`{call}` 运行时出错。{error}",
}
_NO_FUNCTION: Text = {
    "en": "A function is asked for, and this is none. Hand it over by its name, without parentheses.",
    "zh": "这里要的是一个函数，而你给的不是。请直接写函数名，后面不加括号。",
}


class Wrong(Exception):  # noqa: N818 (an answer, not a fault)
    """Raised by a check: what is not right yet, in each language."""

    def __init__(self, **text: str):
        super().__init__(text["en"])
        self.text = text


class _Untouched(Exception):  # noqa: N818
    """The stub is still as it was."""


def ask(answer: Any, *arguments: Any, shown: str | None = None) -> Any:
    """Call the learner's function in a check; `shown` is the call as messages show it.

    Raises
    ------
    Wrong
        If `answer` is not a function, stops with an error, or returns None.
    """
    if not callable(answer):
        raise Wrong(**_NO_FUNCTION)
    inside = ", ".join(map(repr, arguments)) if shown is None else text("shown", shown)
    call = f"{getattr(answer, '__name__', 'answer')}({inside})"
    try:
        result = answer(*arguments)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise Wrong(**{k: _RAISES[k].format(call=call, error=detail) for k in LANGUAGES}) from error
    if result is ...:
        raise _Untouched
    if result is None:
        raise Wrong(**{k: _NOTHING[k].format(call=call) for k in LANGUAGES})
    return result


def as_numbers(result: Any) -> np.ndarray:
    """Turn what a learner's function returned into an array of numbers; empty if it holds anything else.

    For checks. Truth values and numbers in quotation marks are not numbers.

    Examples
    --------
    >>> as_numbers((3, 0.5))
    array([3. , 0.5])
    >>> as_numbers([[1], [1, 2]])
    array([], dtype=float64)
    """
    import numpy as np

    try:
        # By way of a list, since a row of a mixed table holds its numbers as objects.
        array = np.array(np.asarray(result).tolist())
    except Exception:  # rows of different lengths, or whatever a learner's object raises
        array = np.empty(0)
    return array if array.dtype.kind in "iuf" else np.empty(0)


@dataclass
class Exercise:
    """An exercise: how an answer is checked, hints, one solution.

    Attributes
    ----------
    name
        Its name in the notebook.
    examine
        Takes the answer; raises `Wrong` (with what to look at) unless its behavior is right.
    right
        The reply to a right answer: the point of the exercise.
    hints
        From the first nudge to the last step.
    code
        One solution, as the solution notebook has it.
    language
        Language of the messages, ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> def examine(answer):
    ...     if ask(answer, 2) != 4:
    ...         raise Wrong(en="Try it with 2.", zh="用 2 试试。")
    >>> double = Exercise("double", examine, {"en": "Twice.", "zh": "两倍。"}, [], "")
    >>> double.check(lambda x: x * x * x)
    ✗ Not yet
    Try it with 2.
    >>> double.check(lambda x: x + x).kind
    'correct'
    """

    name: str
    examine: Callable[[Any], None]
    right: Text
    hints: Sequence[Text]
    code: str
    language: str = "en"
    given: int = field(default=0, init=False)  # hints given so far

    def check(self, answer: Any) -> Message:
        """Whether the answer is right: *correct*, *not yet* or *not attempted*, and why."""
        try:
            if answer is None or answer is ...:
                raise _Untouched
            self.examine(answer)
        except _Untouched:
            return self._message("not attempted", _UNTOUCHED)
        except Wrong as wrong:
            return self._message("not yet", wrong.text)
        return self._message("correct", self.right)

    def hint(self) -> Message:
        """Show the next hint; after the last one, the last again."""
        self.given = min(self.given + 1, len(self.hints))
        return self._message("hint", self.hints[self.given - 1])

    def solution(self) -> Message:
        """One way to do it; others may be as good."""
        return self._message("solution", dict.fromkeys(LANGUAGES, self.code))

    def _message(self, kind: Kind, text: Text) -> Message:
        title = titled(kind, self.language).format(self.given, len(self.hints))
        return Message(kind, title, text[self.language])


@dataclass
class Prediction:
    """What the learner expected, kept until it can be compared."""

    expected: dict[str, Any]
    language: str = "en"

    def __repr__(self) -> str:
        noted = [name for name, value in self.expected.items() if value is not ...]
        if not noted:
            return {"en": "○ No prediction noted yet.", "zh": "○ 还没有写下预测。"}[self.language]
        return {"en": "✓ Noted: ", "zh": "✓ 已记下："}[self.language] + ", ".join(
            f"{name} = {self.expected[name]}" for name in noted
        )

    def compare(self, **actual: Any) -> pd.DataFrame:
        """Show what was expected beside what came out, one row a quantity.

        Raises
        ------
        ValueError
            If the quantities are not those of the prediction.
        """
        import pandas as pd

        if set(actual) != set(self.expected):
            raise ValueError(f"predicted were {sorted(self.expected)}, not {sorted(actual)}")
        names = {"en": ["expected", "came out"], "zh": ["预测", "结果"]}[self.language]
        rows = [[_shown(self.expected[name]), _shown(value)] for name, value in actual.items()]
        return pd.DataFrame(rows, index=list(actual), columns=names)


def _shown(value: Any) -> str:
    if value is ...:
        return "–"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Lesson:
    """The exercises of one lesson, by name, in the notebook's language."""

    exercises: dict[str, Exercise]
    language: str

    def __getitem__(self, name: str) -> Exercise:
        if name not in self.exercises:
            raise KeyError(f"no exercise {name!r}; this lesson has {list(self.exercises)}")
        return self.exercises[name]

    def predict_first(self, **expected: Any) -> Prediction:
        """Keep what you expect; ``...`` stands for what you have not thought about yet.

        Examples
        --------
        >>> prediction = lesson("01", "en").predict_first(relation=0.5)
        >>> print(prediction.compare(relation=0.25))
                 expected came out
        relation      0.5     0.25
        """
        return Prediction(expected, self.language)


def lesson(number: str, language: str) -> Lesson:
    """Open the exercises of a lesson.

    Parameters
    ----------
    number
        The number in the file's name, such as ``"01"``.
    language
        Language of the messages, ``"en"`` or ``"zh"``; notebooks pass their ``LANGUAGE``.

    Raises
    ------
    ValueError
        For an unknown language, or a lesson without exercises.
    """
    check_language(language)
    files = resources.files("mtl_tutorial.lessons").iterdir()
    numbers = sorted(file.name[7:-3] for file in files if file.name.startswith("lesson_"))
    one_of("number", number, numbers)
    table = import_module(f"mtl_tutorial.lessons.lesson_{number}").EXERCISES
    return Lesson({e.name: replace(e, language=language) for e in table}, language)
