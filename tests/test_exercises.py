"""Exercises: verdicts, hints, predictions; and each lesson's checks against right and wrong answers."""

import ast
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial import exercises
from mtl_tutorial.exercises import Exercise, Message, Prediction, Wrong, as_numbers, ask
from mtl_tutorial.languages import LANGUAGES
from tests.lessons import LESSONS

SOURCES = Path(__file__).parents[1] / "notebooks" / "source"
both_languages = pytest.mark.parametrize("language", LANGUAGES)

CASES = [(number, name) for number, facts in LESSONS.items() for name in facts.WRONG]
every_exercise = pytest.mark.parametrize("number, name", CASES)


def stubs(number: str) -> dict[str, str]:
    """Exercise → the code of its cell in the lesson's source."""
    text = next(SOURCES.glob(f"{number}_*.py")).read_text("utf-8")
    found = {}
    for cell in text.split("\n# %%")[1:]:
        head, _, code = cell.partition("\n")
        if 'tags=["exercise"]' in head:
            found[head.split('exercise="')[1].rstrip('"')] = code.strip()
    return found


def answer(number: str, name: str, code: str):
    """What the code of an exercise defines, with the lesson's imports, functions and stand-ins around it."""
    tree = ast.parse(next(SOURCES.glob(f"{number}_*.py")).read_text("utf-8"))
    around = [n for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom | ast.FunctionDef)]
    names: dict = {}
    exec(compile(ast.Module(around, []), "lesson", "exec"), names)
    names |= getattr(LESSONS[number], "NAMES", {})
    exec(code, names)
    return names[name]


def test_every_exercise_of_every_lesson_is_tested():
    table = {source.name[:2]: set(stubs(source.name[:2])) for source in SOURCES.glob("*.py")}
    table = {number: names for number, names in table.items() if names}
    assert table == {number: set(facts.WRONG) for number, facts in LESSONS.items() if facts.WRONG}
    assert table == {number: set(exercises.lesson(number, "en").exercises) for number in table}


@every_exercise
@both_languages
def test_the_solution_is_correct_and_the_stub_not_attempted(number, name, language):
    exercise = exercises.lesson(number, language)[name]
    assert exercise.check(answer(number, name, exercise.code)).kind == "correct"
    assert exercise.check(answer(number, name, stubs(number)[name])).kind == "not attempted"
    assert exercise.check(...).kind == exercise.check(None).kind == "not attempted"
    assert exercise.solution().text == exercise.code


@every_exercise
def test_other_right_forms_are_correct(number, name):
    for right in LESSONS[number].RIGHT[name]:
        assert exercises.lesson(number, "en")[name].check(right).kind == "correct"


@every_exercise
@both_languages
def test_wrong_answers_are_told_what_to_look_at(number, name, language):
    wrong = LESSONS[number].WRONG[name]
    exercise = exercises.lesson(number, language)[name]
    messages = [exercise.check(a) for a in wrong]
    assert [m.kind for m in messages] == ["not yet"] * len(wrong) and len(wrong) >= 3
    assert len({m.text for m in messages}) >= 3
    assert all(
        any("\u4e00" <= c <= "\u9fff" for c in m.text) == (language == "zh") for m in messages
    )


@both_languages
def test_the_row_that_is_wrong_is_the_one_that_is_shown(language):
    def last_sentence_forgotten(h, real):
        found = np.where(real[..., None], h, -np.inf).max(axis=1)
        found[-1] = 0.5
        return found

    exercise = exercises.lesson("02", language)["strongest"]
    said = exercise.check(last_sentence_forgotten).text
    assert "[0, 3]" in said and "[2, 1]" in said and "[2, 3]" in said and "[0.5, 0.5]" in said
    assert "[1, 5]" not in said


RAGGED = [
    ([1.0, 2.0], 3),
    [[1], [1, 2]],
    ([[1], [1, 2]], 3),
    (np.ones(2), 3),
    {"a": [1.0, 2.0], "b": 3},
]


@every_exercise
@both_languages
def test_rows_of_different_lengths_are_not_yet_right(number, name, language):
    exercise = exercises.lesson(number, language)[name]
    for ragged in RAGGED:
        assert exercise.check(lambda *_, ragged=ragged: ragged).kind == "not yet"
        assert exercise.check(ragged).kind == "not yet"


@every_exercise
@both_languages
def test_hints_come_one_by_one_and_the_last_stays(number, name, language):
    exercise = exercises.lesson(number, language)[name]
    n = len(exercise.hints)
    given = [exercise.hint() for _ in range(n + 1)]
    assert len({hint.text for hint in given}) == n >= 2
    assert given[-1] == given[-2] and given[0].title != given[1].title
    assert exercises.lesson(number, language)[name].hint() == given[0]  # a new lesson begins anew


# -- the machinery


def examine(value):
    if ask(value, 2) != 4:
        raise Wrong(en="<b>Try `2`</b>", zh="试试 `2`")


DOUBLE = Exercise("double", examine, {"en": "Yes.", "zh": "对。"}, [], "x < 1")


def test_what_is_shown_is_escaped():
    shown = DOUBLE.check(lambda x: x)._repr_html_()
    assert "&lt;b&gt;Try <code>2</code>" in shown and "<b>Try" not in shown
    assert "x &lt; 1" in DOUBLE.solution()._repr_html_()
    assert "&lt;i&gt;" in Message("hint", "<i>", "")._repr_html_()
    assert (
        "<script>"
        not in Prediction({"<script>": "<script>"})
        .compare(**{"<script>": "<script>"})
        ._repr_html_()
    )


@pytest.mark.parametrize(
    ("text", "shown", "printed"),
    [
        (
            "*cannot tell*, **no**.",
            "<em>cannot tell</em>, <strong>no</strong>.",
            "cannot tell, no.",
        ),
        ("这**不**值得", "这<strong>不</strong>值得", "这不值得"),
        ("`a * b` * `*c*`", "<code>a * b</code> * <code>*c*</code>", "`a * b` * `*c*`"),
        ("*the `<x>` one*", "<em>the <code>&lt;x&gt;</code> one</em>", "the `<x>` one"),
        ("2*3*4, 2 ** 3 ** 4, f(*args, **more)",) * 3,
    ],
)
def test_stress_and_code_are_marked_in_html_and_plain_in_print(text, shown, printed):
    message = Message("hint", "Hint", text)
    assert repr(message) == f"Hint\n{printed}"
    assert message._repr_html_().endswith(f"<br>{shown}</div>")
    solution = Message("solution", "One", text)
    assert repr(solution) == f"One\n{text}" and "<em>" not in solution._repr_html_()


@both_languages
def test_no_message_of_a_lesson_is_printed_with_stars(language):
    for number, name in CASES:
        exercise = exercises.lesson(number, language)[name]
        for text in (exercise.right, *exercise.hints):
            without_code = re.sub("`[^`]+`", "", repr(Message("hint", "", text[language])))
            assert not re.search(r"\*[^\W\d_]+\*", without_code), (number, name)


def test_an_error_in_the_answer_is_told_and_not_raised():
    message = DOUBLE.check(lambda x: x / 0)
    assert message.kind == "not yet" and "ZeroDivisionError" in message.text
    assert "`None`" in DOUBLE.check(lambda x: None).text
    assert "function" in DOUBLE.check(4).text
    assert repr(DOUBLE.check(lambda x: x + 2)) == "✓ Correct\nYes."


@pytest.mark.parametrize(
    ("result", "numbers"),
    [
        (2.5, 2.5),
        ([1, 0], [1, 0]),
        ((1, 0.5), [1, 0.5]),
        (np.ones((2, 1), "float32"), [[1], [1]]),
        (pd.Series([1, 2.5], dtype=object), [1, 2.5]),
    ],
)
def test_numbers_are_numbers_in_many_forms(result, numbers):
    assert as_numbers(result).tolist() == numbers


@pytest.mark.parametrize(
    "result", ["2.5", True, ["1", "2"], [True, False], [1, None], {1, 2}, *RAGGED]
)
def test_all_else_is_no_numbers(result):
    assert as_numbers(result).shape == (0,)


def test_predictions_are_kept_and_shown_beside_the_result():
    lesson = exercises.lesson("01", "zh")
    prediction = lesson.predict_first(a=0.5, b=...)
    assert repr(prediction) == "✓ 已记下：a = 0.5"
    table = prediction.compare(a=1 / 3, b=7)
    assert table.to_dict("list") == {"预测": ["0.5", "–"], "结果": ["0.333", "7"]}
    with pytest.raises(ValueError, match=r"predicted were \['a', 'b'\], not \['c'\]"):
        prediction.compare(c=1)
    assert "No prediction" in repr(Prediction({"a": ...}))


def test_unknown_language_or_exercise_says_what_there_is():
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        exercises.lesson("01", "fr")
    with pytest.raises(KeyError, match="no exercise 'nonsense'; this lesson has"):
        exercises.lesson("01", "en")["nonsense"]


@pytest.mark.parametrize("number", ["99", "1", "../x", "finished", ""])
def test_a_lesson_without_exercises_is_refused_with_those_there_are(number):
    with pytest.raises(ValueError, match=r"unknown number .*; choose one of \['00', '01'"):
        exercises.lesson(number, "en")


def test_a_lesson_is_asked_for_by_a_string():
    with pytest.raises(TypeError, match=r"number must be a string, one of .*, not 1 "):
        exercises.lesson(1, "en")
