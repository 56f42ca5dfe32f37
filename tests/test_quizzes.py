"""Quizzes: what holds of all of them, and what answers get."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.quizzes import quiz, with_quiz

SOURCE = Path(__file__).parents[1] / "notebooks" / "source"
HAN = re.compile("[\u4e00-\u9fff]")


def table(number: str) -> list:
    return import_module(f"mtl_tutorial.lessons.quizzes.quiz_{number}").QUESTIONS


def test_every_lesson_has_one():
    assert {path.name[:2] for path in SOURCE.glob("[01]*.py")} <= set(with_quiz())


@pytest.mark.parametrize("number", with_quiz())
def test_questions_are_in_both_languages_and_point_to_a_section(number):
    texts = [path.read_text("utf-8") for path in SOURCE.glob(f"{number}_*.py")]
    headings = [re.findall(r"^# ## (\d+) ·", text, re.MULTILINE) for text in texts]
    sections = set(map(int, headings[0])) if texts else set(range(1, 13))  # of a lesson to come
    assert 5 <= len(table(number)) <= 8
    for section, text, options, because in table(number):
        assert section in sections
        assert len(options) in (3, 4)
        for pair in (text, because):
            assert not HAN.search(pair[0]) and HAN.search(pair[1])
        for place in range(len(LANGUAGES)):
            assert len({option[place] for option in options}) == len(options)


@pytest.mark.parametrize("number", with_quiz())
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_letters_are_right_and_all_others_wrong(number, language):
    questions = quiz(number, language)
    right = [question.right for question in questions.questions]
    assert {message.kind for message in questions.check(*right)} == {"correct"}
    for letter in "abc":
        kinds = [message.kind for message in questions.check(*letter * len(right))]
        assert kinds == ["correct" if r == letter else "not yet" for r in right]
    place = LANGUAGES.index(language)
    for question, (_, _, options, _) in zip(questions.questions, table(number), strict=True):
        assert question.options["abcd".index(question.right)] == options[0][place]


def test_the_right_letter_is_not_always_the_same():
    right = [question.right for number in with_quiz() for question in quiz(number, "en").questions]
    assert all(right.count(letter) > len(right) / 5 for letter in "abc")


def test_what_is_left_out_is_not_attempted():
    questions = quiz("03", "en")
    kinds = [message.kind for message in questions.check(..., " C ")]
    assert kinds[0] == "not attempted" and kinds[2:] == ["not attempted"] * 5
    assert {message.kind for message in questions.check()} == {"not attempted"}


def test_a_wrong_answer_names_the_section_and_not_the_answer():
    questions = quiz("03", "en")
    wrong = next(letter for letter in "abc" if letter != questions.questions[0].right)
    said = questions.check(wrong)[0].text
    assert said == "Read section 2 again."


@pytest.mark.parametrize("answers", [["e"], ["yes"], [1], ["a"] * 9])
def test_what_is_no_answer_is_refused(answers):
    with pytest.raises(ValueError, match="answer"):
        quiz("03", "en").check(*answers)


def test_a_notebook_shows_questions_and_verdicts_as_html():
    questions = quiz("03", "zh")
    shown = questions._repr_html_()
    assert shown.count("<ol type='a'") == len(questions.questions)
    assert "<code>agreement=0</code>" in shown and "`" not in shown
    assert "✓ 正确" in questions.check(questions.questions[0].right)._repr_html_()
