"""The Sharing Lab in a real browser, as lesson 04 shows it to a learner."""

from pathlib import Path

import nbformat
import pytest

from tests.browser.jupyterlab import Notebook

LESSON = "04_what_to_share.ipynb"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SAYS = {
    "en": {
        "third epoch": r"epoch [3-9] of 6",
        "stopped": "^Stopped",
        "instant": "^Answered from the table",
        "comparing": r"^Solid: run 1\. Dotted: run 2\.",
        "plan": "embedding: all",
    },
    "zh": {
        "third epoch": r"第 [3-9] 轮，共 6 轮",
        "stopped": "^已停止",
        "instant": "^答案来自已有结果表",
        "comparing": "^实线：第 1 次运行。点线：第 2 次运行。",
        "plan": "embedding：全部",
    },
}


@pytest.mark.parametrize("language", SAYS)
def test_a_learner_shares_trains_stops_compares_and_saves(lab, language):
    says = SAYS[language]
    with lab.open(NOTEBOOKS / language / LESSON) as notebook:
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page = notebook.page
        assert not nameless(notebook)

        # A click on the board: another diagram, other numbers.
        numbers, diagram = page.inner_text(".mtl-numbers"), source(notebook, ".mtl-diagram")
        page.click(".cell-encoder_2-ner")
        page.wait_for_function(
            "before => document.querySelector('.mtl-numbers').innerText != before", arg=numbers
        )
        page.wait_for_function(
            "before => document.querySelector('img.mtl-diagram').src != before", arg=diagram
        )

        # A plan that no table knows is trained; its curves grow, and never flicker.
        with notebook.watch("img.mtl-chart") as seen:
            page.click(".btn-train")
            notebook.wait_for_text(".mtl-status", says["third epoch"], lasting=0)
            page.click(".btn-stop")
            notebook.wait_for_text(".mtl-status", says["stopped"])
        assert len(seen.sources) >= 3  # before the first step, and after at least two epochs
        assert len(set(seen.heights)) == 1 and seen.heights[0] > 100

        # A preset is answered at once. Two runs are compared.
        page.click(".preset-embedding-only")
        page.click(".btn-train")
        notebook.wait_for_text(".mtl-status", says["instant"])
        boxes = page.locator(".mtl-rows").first.locator("input[type=checkbox]")
        boxes.nth(1).wait_for()  # the page draws a list a moment after it hears of it
        assert boxes.count() == 2
        boxes.nth(0).check()
        boxes.nth(1).check()
        page.click(".btn-compare")
        notebook.wait_for_text(".mtl-status", says["comparing"])
        assert not page.inner_text(".mtl-error")
        assert not notebook.complaints()
        notebook.save()

    # Another day, another kernel: the picture is still there, and in the file so are the runs.
    lab.shut_down_kernels()
    with lab.open(notebook.path) as later:
        later.show("lab = SharingLab(")
        later.page.wait_for_function(
            """[...document.querySelectorAll('img.mtl-chart, .mtl-snapshot img')].some(
                image => image.naturalWidth > 100 && image.getBoundingClientRect().height > 100)"""
        )
    still = snapshot(notebook.path)
    assert "data:image/png;base64," in still and says["plan"] in still


def source(notebook: Notebook, selector: str) -> str:
    return notebook.page.locator(f"img{selector}").first.get_attribute("src")


def nameless(notebook: Notebook) -> list[str]:
    """The lab's controls that a screen reader could not name: without title, label or, in a button, text."""
    return notebook.page.evaluate(
        """() => [...document.querySelectorAll(
            ".mtl-lab :is(button, select, input, [role=slider])"
        )].filter(control => ![
            control.title, control.getAttribute("aria-label"),
            control.tagName == "BUTTON" ? control.textContent : "",
            ...[...control.labels ?? []].map(label => label.textContent),
        ].some(name => name?.trim())).map(control => control.outerHTML)"""
    )


def snapshot(path: Path) -> str:
    """The lab's still picture, as the saved notebook holds it below the first view."""
    cell = next(c for c in nbformat.read(path, 4).cells if "lab = SharingLab(" in c.source)
    pieces = (output.get("data", {}).get("text/html", "") for output in cell.outputs)
    return next(piece for piece in pieces if "mtl-snapshot" in piece)
