"""Hand-outs: they say what the notebooks say, in both languages, and a browser prints them."""

import re

import pytest

from mtl_tutorial.handouts import pages, printing
from mtl_tutorial.handouts.reading import numbers, read
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.quizzes import with_quiz


@pytest.fixture(scope="module", params=LANGUAGES)
def contents(request):
    return request.param, printing._contents(request.param)


@pytest.mark.parametrize("number", numbers())
def test_both_languages_ask_the_same(number):
    english, chinese = (read(number, language) for language in LANGUAGES)
    assert len(list(english.predictions())) == len(list(chinese.predictions())) > 0
    assert len(english.sections) == len(chinese.sections)
    stubs = [
        [stub.split("(")[0] for s in one.sections for *_, stub in s.exercises]
        for one in (english, chinese)
    ]
    assert stubs[0] == stubs[1] and stubs[0]
    for lesson in (english, chinese):
        assert lesson.goals.startswith("1. ") and lesson.five.count("\n") == 4
        assert all(told for section in lesson.sections for _, told, _ in section.exercises)


def test_each_hand_out_has_a_page_for_each_lesson(contents):
    _, files = contents
    count = {name: body.count("<section") for name, (_, body) in files.items()}
    assert count["summaries"] == count["predictions"] == len(numbers())
    assert count["quizzes"] == len(set(with_quiz()) & set(numbers()))
    assert {f"slides_{number}" for number in numbers()} <= set(files)
    assert all(files[name][0] for name in files)


def test_no_markdown_and_no_answer_is_left_over(contents):
    _, files = contents
    for name, (_, body) in files.items():
        text = re.sub(r"<svg.*?</svg>|<pre>.*?</pre>|<style>.*?</style>", "", body, flags=re.DOTALL)
        assert not re.search(r"\*\*|FORMULA\d|\$\$|\.ipynb", text), name
    assert not re.search(r"<b>[abcd]</b>", files["quizzes"][1])
    assert re.search(r"<b>[abcd]</b>", files["quizzes_key"][1])


def test_every_formula_is_drawn(contents):
    """What Matplotlib does not know would be left as code."""
    _, files = contents
    assert not [name for name, (_, body) in files.items() if re.search(r"<code>[^<]*\\[a-z]", body)]


def test_a_formula_stands_on_its_line():
    assert "vertical-align" in pages.html_of("weights $w_t$ of tasks")
    assert pages.html_of("$$\\sum_t w_t$$").count("<svg") == 1
    assert "<code>\\nonsense</code>" in pages.html_of("$\\nonsense$")


def test_without_a_browser_the_pages_are_left(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "browser", lambda: None)
    monkeypatch.setattr(printing, "_contents", lambda language: {"a": ("A", "<p>a</p>")})
    made = printing.write(tmp_path)
    assert made == [tmp_path / "en/a.html", tmp_path / "zh/a.html"]
    assert (tmp_path / "zh" / "CourseSansSC.otf").exists()


def test_without_the_repository_it_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "numbers", list)
    with pytest.raises(FileNotFoundError, match="repository"):
        printing.write(tmp_path)


@pytest.mark.skipif(printing.browser() is None, reason="no Chromium or relative of it")
def test_a_page_is_printed(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "LANGUAGES", ("zh",))
    body = pages.diagram("zh")
    monkeypatch.setattr(printing, "_contents", lambda language: {"a": ("图", body)})
    (made,) = printing.write(tmp_path)
    assert made.read_bytes().startswith(b"%PDF") and made.stat().st_size > 5000


def test_chinese_in_a_formula_is_drawn(caplog):
    """By Matplotlib's usual font it would be a dummy symbol, and a warning."""
    assert "<svg" in pages.html_of("$$\\sum_{i \\in \\text{标签}} x_i$$")
    assert not caplog.records
