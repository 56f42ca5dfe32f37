"""The lab's page without a kernel, opened from its folder as a learner may: no server, no network."""

import runpy
from pathlib import Path

import pytest

from mtl_tutorial.lab.catalogue import texts
from mtl_tutorial.widgets.lab_page import write
from tests.browser.conftest import page_of
from tests.browser.faults import lost, serious_faults

book = runpy.run_path(str(Path(__file__).parents[2] / "book" / "build.py"))


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write(tmp_path_factory.mktemp("page")).as_uri()


@pytest.fixture
def page(browser, address):
    with page_of(browser, address.rpartition("/")[0], 1280, 800) as page:
        yield page


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_learner_asks_the_table(page, address, language):
    says = texts(language)
    page.goto(f"{address}#language={language}&corpus={language}")
    page.wait_for_selector(".piece")
    assert says["first here"] in page.inner_text(".next") and not serious_faults(page, "main")
    assert not page.locator("main > p a[href^='box']").count()  # which is a part of the site alone
    page.set_viewport_size({"width": 640, "height": 800})
    assert not lost(page, "main")
    page.set_viewport_size({"width": 1280, "height": 800})

    page.select_option(".chart:first-child .guess", label=says["guess gains"])
    page.click("[data-preset='embedding only']")
    page.click(".train")
    page.wait_for_selector("[data-run='1']")
    assert says["instant answer"] in page.inner_text(".next")
    assert page.inner_text(".caption").startswith(says["run"].format(n=1))
    assert "✓" in page.inner_text("[data-run='1']")
    page.set_viewport_size({"width": 800, "height": 800})  # the book of runs scrolls, not the page
    page.wait_for_function("document.documentElement.scrollWidth == 800")
    page.set_viewport_size({"width": 1280, "height": 800})
    for selector in (".board", ".charts", ".train", ".said"):  # on one screen, once it is drawn
        page.wait_for_function(
            "selector => document.querySelector(selector).getBoundingClientRect().bottom <= 800",
            arg=selector,
        )

    # Another plan on the board: the charts say that they are of the one before.
    page.click("[data-piece='encoder_2 ner']")
    page.wait_for_function(
        "text => document.querySelector('.moved').innerText == text", arg=says["moved"]
    )
    page.click(".train")
    page.wait_for_function(
        "text => document.querySelector('.next').innerText.includes(text)", arg=says["not in table"]
    )
    assert "ner" in page.inner_text(".yourself code")

    page.click("[data-preset='separate']")
    page.click(".train")
    for number in (1, 2):
        page.check(f"[data-run='{number}'] input")
    page.click(".do-compare")
    page.wait_for_function("document.querySelectorAll('.line.other').length == 4")
    page.hover(".chart svg >> nth=1")
    page.wait_for_function("document.querySelectorAll('.pointer').length == 4")  # in all at once
    assert not serious_faults(page, "main")
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector(".mtl-lab.dark")
    assert not serious_faults(page, "main")


def test_what_is_on_the_board_is_in_the_address_and_comes_from_there(page, address):
    page.goto(f"{address}#language=en&corpus=zh&wide=yes&person=2000")
    page.wait_for_selector(".piece")
    page.click("[data-preset='separate']")
    page.locator("[data-piece='encoder_1 ner']").press("Enter")
    page.wait_for_function("location.hash.includes('encoder_1:person+ner,relation,sentiment')")
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector(".piece")
    assert "person+ner" in page.url and page.locator(".bridge").count() == 1
    assert page.locator(".dial-wide").input_value() == texts("en")["as separate"]
    assert page.locator(".labels-person").input_value() == "2,000"
    page.evaluate(
        "location.hash = location.hash.replace('language=en', 'language=zh').replace('&wide=yes', '')"
    )
    page.wait_for_function("document.documentElement.lang == 'zh-CN'")
    assert page.locator(".dial-wide").input_value() == texts("zh")["usual width"]
    page.click("header button")
    page.wait_for_function("document.documentElement.lang == 'en'")
    assert "language=en" in page.url


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("lesson", book["STATES"])
def test_a_lesson_of_the_book_opens_the_lab_at_its_plan(page, address, lesson, language):
    state = book["lab_state"](*book["STATES"][lesson], language)
    page.goto(f"{address}{state}")
    page.wait_for_selector(".piece")
    there = page.evaluate("location.hash")  # as the page itself says what is on its board
    assert "encoder=" in there and set(state[1:].split("&")) <= set(there[1:].split("&"))
    page.click(".train")
    page.wait_for_selector("[data-run='1']")
    assert texts(language)["instant answer"] in page.inner_text(".next")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_address_without_a_corpus_has_that_of_its_language(page, address, language):
    page.goto(f"{address}#language={language}")
    page.wait_for_selector(".piece")
    assert f"language={language}&corpus={language}&" in page.url


def test_a_drag_can_be_taken_back_and_motion_can_be_spared(page, address):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}#language=en")
    page.wait_for_selector(".piece")
    before = page.url
    box = page.locator("[data-piece='encoder_1 person'] .hit").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y + 100, steps=4)
    page.wait_for_function(
        "text => document.querySelector('.will').innerText.includes(text)",
        arg="Drop here: person gets a copy of encoder_1 of its own",
    )
    page.mouse.move(x, y, steps=4)
    page.mouse.up()  # where it was: nothing has happened
    assert page.url == before
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.box')).transitionDuration") == "0s"
    )
