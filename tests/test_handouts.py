"""Hand-outs: they say what the notebooks say, in both languages, and a browser prints them."""

import re
import subprocess

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


_MEASURE = """<script>
window.onload = () => {
  const over = [];
  for (const page of document.querySelectorAll(".page")) {
    const room = page.getBoundingClientRect();
    for (const part of page.querySelectorAll("h1, h2, p, li, table, pre, svg")) {
      const box = part.getBoundingClientRect();
      if (box.top < room.top || box.bottom > room.bottom || box.right > room.right) {
        over.push(page.dataset.foot);
      }
    }
  }
  document.body.textContent = "TOO MUCH: " + JSON.stringify(over);
};
</script>"""


@pytest.mark.skipif(printing.browser() is None, reason="no Chromium or relative of it")
def test_no_slide_holds_more_than_is_seen(contents, tmp_path):
    """Slides are cut off at their edge: by height, and by the width of a formula."""
    language, files = contents
    decks = "".join(body for name, (_, body) in files.items() if name.startswith("slides"))
    measured = pages.document(decks, language, "", slides=True).replace("</body>", _MEASURE)
    (tmp_path / "slides.html").write_text(measured, "utf-8")
    (tmp_path / "CourseSansSC.otf").write_bytes(printing.FONT.read_bytes())
    command = [
        printing.browser(), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
        f"--user-data-dir={tmp_path / 'profile'}", (tmp_path / "slides.html").as_uri(),
    ]  # fmt: skip
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"TOO MUCH: (.*?)</body>", told) == ["[]"]


def test_a_slides_heading_shows_no_marks_of_markdown(contents):
    _, files = contents
    headings = re.findall(r"<h2>(.*?)</h2>", "".join(body for _, body in files.values()))
    assert any("<code>person</code>" in heading for heading in headings)
    assert not [heading for heading in headings if "`" in heading]


@pytest.mark.parametrize("line", ["word " * 12, "字" * 30, "| a | b |"])
def test_the_more_a_slide_says_the_smaller_it_is_printed(line):
    kinds = [pages._size("\n".join([line] * count)) for count in range(1, 40)]
    order = list(pages._SIZES)
    assert [order.index(kind) for kind in kinds] == sorted(order.index(kind) for kind in kinds)
    assert kinds[0] == "" and kinds[-1] == "least"
