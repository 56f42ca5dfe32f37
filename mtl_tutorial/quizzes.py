"""Quizzes: some questions about each lesson, answered by letters, with three verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module, resources
from random import Random
from types import EllipsisType

from mtl_tutorial.arguments import one_of, shown
from mtl_tutorial.languages import LANGUAGES, check_language
from mtl_tutorial.messages import Kind, Message, as_html, as_text, titled

_LETTERS = "abcd"
_AGAIN = {"en": "Read section {} again.", "zh": "请再读一遍第 {} 节。"}
_HOW = {
    "en": 'Answer by letters, in order: `check("b", ..., "a")`; `...` leaves a question out.',
    "zh": '按顺序用字母作答：`check("b", ..., "a")`；`...` 表示先不答。',
}


@dataclass(frozen=True)
class Question:
    """One question, in one language: its options in the order shown, and the letter of the right one."""

    section: int
    text: str
    options: list[str]
    right: str
    because: str


class Verdicts(list[Message]):
    """What `Quiz.check` says, a message a question; shown as boxes in a notebook."""

    def __repr__(self) -> str:
        return "\n".join(repr(message).rstrip() for message in self)

    def _repr_html_(self) -> str:
        return "".join(message._repr_html_() for message in self)


@dataclass(frozen=True)
class Quiz:
    """The questions of one lesson; shown in a notebook, printed elsewhere.

    Attributes
    ----------
    lesson
        Its number, such as ``"03"``.
    questions
        In the order of the lesson.
    language
        ``"en"`` or ``"zh"``.
    """

    lesson: str
    questions: list[Question]
    language: str

    def check(self, *answers: str | EllipsisType) -> Verdicts:
        """Judge letters, one a question in order: *correct*, *not yet* or *not attempted*.

        What is missing at the end counts as not attempted, as ``...`` does.

        Raises
        ------
        ValueError
            If there are more answers than questions, or one is no letter of its options.
        """
        if len(answers) > len(self.questions):
            raise ValueError(
                f"{len(answers)} answers to {len(self.questions)} questions of lesson {self.lesson}"
            )
        rest = [...] * (len(self.questions) - len(answers))
        said = Verdicts()
        for number, (question, answer) in enumerate(
            zip(self.questions, [*answers, *rest], strict=True), 1
        ):
            if answer is ...:
                title = titled("not attempted", self.language)
                said.append(Message("not attempted", f"{number} · {title}", ""))
                continue
            letters = list(_LETTERS[: len(question.options)])
            if not isinstance(answer, str) or answer.strip().lower() not in letters:
                raise ValueError(f"answer {number} must be one of {letters}, not {shown(answer)}")
            correct = answer.strip().lower() == question.right
            again = _AGAIN[self.language].format(question.section)
            kind: Kind = "correct" if correct else "not yet"
            text = question.because if correct else again
            said.append(Message(kind, f"{number} · {titled(kind, self.language)}", text))
        return said

    def __repr__(self) -> str:
        lines = []
        for number, question in enumerate(self.questions, 1):
            lines.append(f"{number}. {as_text(question.text)}")
            options = zip(_LETTERS, question.options, strict=False)
            lines += [f"   {letter}) {as_text(option)}" for letter, option in options]
        return "\n".join([*lines, _HOW[self.language]])

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li style='margin:.6em 0'>{as_html(question.text)}"
            "<ol type='a' style='margin:.2em 0'>"
            + "".join(f"<li>{as_html(option)}</li>" for option in question.options)
            + "</ol></li>"
            for question in self.questions
        )
        return f"<ol style='line-height:1.5'>{items}</ol><p>{as_html(_HOW[self.language])}</p>"


def with_quiz() -> list[str]:
    """Numbers of the lessons that have a quiz."""
    files = resources.files("mtl_tutorial.lessons.quizzes").iterdir()
    return sorted(file.name[5:-3] for file in files if file.name.startswith("quiz_"))


def quiz(number: str, language: str) -> Quiz:
    """Open the quiz of a lesson.

    Parameters
    ----------
    number
        The number in the lesson's file name, such as ``"01"``.
    language
        ``"en"`` or ``"zh"``; notebooks pass their ``LANGUAGE``.

    Raises
    ------
    ValueError
        For an unknown language, or a lesson without a quiz.

    Examples
    --------
    >>> quiz("01", "en").check("c")[0]
    1 · ✓ Correct
    B begins a name, I goes on inside it, O is outside.
    """
    check_language(language)
    one_of("number", number, with_quiz())
    table = import_module(f"mtl_tutorial.lessons.quizzes.quiz_{number}").QUESTIONS
    place = LANGUAGES.index(language)
    made = []
    for index, (section, text, options, because) in enumerate(table):
        order = list(range(len(options)))
        Random(f"{number} {index}").shuffle(order)  # the right one stands first in the table
        inner = [options[i][place] for i in order]
        right = _LETTERS[order.index(0)]
        made.append(Question(section, text[place], inner, right, because[place]))
    return Quiz(number, made, language)
