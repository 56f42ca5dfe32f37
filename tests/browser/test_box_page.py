"""The sentence box on the site: a plain server, a model that computes in the page, nothing from elsewhere."""

import functools
import json
import runpy
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from mtl_tutorial.corpora import people
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.model import load_model
from mtl_tutorial.widgets import box_model, box_page, lab_page
from mtl_tutorial.widgets.sentence_box import _answered
from tests.browser.conftest import page_of
from tests.browser.faults import lost, serious_faults

RUNTIME = runpy.run_path(str(Path(__file__).parents[2] / "book" / "build.py"))["RUNTIME"]
ANSWERED = """addEventListener("DOMContentLoaded", () => new MutationObserver((_, observer) => {
    if (!document.querySelector(".marked mark")) return;
    window.answered = performance.now();
    observer.disconnect();
}).observe(document.body, { childList: true, subtree: true }))"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Lab and box, as the site has them."""
    if not RUNTIME.is_dir():
        pytest.skip("ONNX Runtime is not in book/node_modules: npm ci --prefix book")
    folder = tmp_path_factory.mktemp("site")
    lab_page.write(folder, box=True)
    box_page.write(folder, RUNTIME)
    return folder


@pytest.fixture(scope="module")
def address(folder):
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    ) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser, address):
    """A page of a phone's width."""
    with page_of(browser, address, 390, 844) as page:
        page.add_init_script(ANSWERED)
        yield page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_trained_model_answers_what_is_typed(page, address, language, record_property):
    there = box_page.contents()[language]
    words, (example, another, *_) = there["words"], there["examples"]
    page.goto(f"{address}/box.html#language={language}")
    page.wait_for_selector(".marked mark")  # of the example that stands there
    first = page.evaluate("window.answered") / 1000
    record_property("measured", f"sentence box, {language}: first answer after {first:.2f} s")
    assert page.input_value(".line") == example and page.title() == words["title"]
    assert "".join(page.locator("mark").all_inner_texts()).endswith("ORG")
    assert page.locator("tr th").all_inner_texts() == ["sentiment", "person", "relation"]
    assert page.locator("tr b").all_inner_texts() == ["positive", "family", "service"]
    assert words["scores"] in page.inner_text("main")
    page.wait_for_function(
        "text => !document.querySelector('main').innerText.includes(text)", arg=words["loading"]
    )
    page.fill(".line", "<b>Xyzzy</b> Qwertz")
    page.press(".line", "Enter")
    page.wait_for_function("document.querySelector('.said').innerText.includes('Qwertz')")
    assert words["guess"] in page.inner_text(".said") and not page.locator(".said tr b b").count()
    page.select_option("select", label=another)
    page.wait_for_function("document.querySelector('.line').value.length > 20")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f".mtl-box{'.dark' if scheme == 'dark' else ':not(.dark)'}")
        assert not serious_faults(page, "main") and not lost(page, "main")
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.click("header button")
    page.wait_for_function("lang => !document.documentElement.lang.startsWith(lang)", arg=language)
    page.wait_for_selector(".marked mark")
    page.click("main p:last-child a")
    page.wait_for_selector(".piece")  # the lab's page
    page.click("main p:last-child a")
    page.wait_for_selector(".marked mark")


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_answers_are_those_that_python_gives(page, address, language):
    model = load_model(box_model.file(language, "keras"))
    lines = (people.folder() / language / "test.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines[::100]] + box_page.EXAMPLES[language]
    page.goto(f"{address}/box.html#language={language}")
    page.wait_for_selector(".marked mark")
    for text in texts:
        page.fill(".line", "")  # so that no answer is taken for the one before
        page.press(".line", "Enter")
        page.wait_for_selector(".said table", state="detached")
        page.fill(".line", text)
        page.press(".line", "Enter")
        page.wait_for_selector(".said table")
        said = _answered(model, text)
        shown = page.evaluate(
            """() => [...document.querySelectorAll(".marked")].map(line =>
                [...line.childNodes].map(piece => [piece.firstChild?.data ?? piece.data, piece.lastChild?.innerText])
                    .filter(([text]) => text))"""
        )
        assert shown == [
            [[piece["text"], piece.get("entity")] for piece in pieces if piece["text"]]
            for pieces in said["marked"]
        ]
        rows = page.locator(".said tr").all_inner_texts()
        for row, answer in zip(rows, said["rows"], strict=True):
            assert row.split("\t")[:2] == [answer["task"], answer["label"]]
            assert int(row.split()[-1].strip("%")) == pytest.approx(
                100 * answer["probability"], abs=0.51
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_cannot_load_the_model_says_so_and_what_helps(
    browser, folder, address, language
):
    unloaded = box_page.contents()[language]["words"]["unloaded"]
    old, from_folder = browser.new_page(), browser.new_page()
    old.add_init_script("delete window.WebAssembly")
    old.goto(f"{address}/box.html#language={language}")
    from_folder.goto(f"{(folder / 'box.html').as_uri()}#language={language}")
    for page in (old, from_folder):
        page.wait_for_selector(".trouble:not([hidden]) details")
        assert unloaded in page.inner_text("[role='alert']:not([hidden])")
        assert not serious_faults(page, "main")
        page.close()
