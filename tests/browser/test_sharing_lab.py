"""The Sharing Lab in a real browser, as lesson 04 shows it to a learner."""

from pathlib import Path

import nbformat
import pytest

from mtl_tutorial.lab.catalogue import texts
from tests.browser.faults import serious_faults

LESSON = "04_what_to_share.ipynb"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_learner_shares_trains_stops_compares_and_saves(lab, language):
    says = texts(language)
    with lab.open(NOTEBOOKS / language / LESSON) as notebook:
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page = notebook.page
        page.wait_for_selector(".mtl-lab .piece")
        assert not serious_faults(page, ".mtl-lab")
        assert says["first"] in page.inner_text(".mtl-lab .next")

        # A click on the board: another diagram and other numbers, at once and without the kernel.
        before = page.inner_text(".mtl-lab .figures")
        page.click("[data-piece='encoder_2 ner']")
        page.wait_for_function(
            "before => document.querySelector('.mtl-lab .figures').innerText != before", arg=before
        )
        page.click("[data-piece='encoder_2 person']")

        # A plan that no table knows is trained; its curves grow, and never flicker.
        with notebook.watch(".mtl-lab .chart svg") as seen:
            page.click(".mtl-lab .train")
            page.wait_for_function(
                "document.querySelectorAll('.mtl-lab .chart svg circle').length >= 4 * 3"
            )
            page.click(".mtl-lab .stop")
            notebook.wait_for_text(".mtl-lab .next", says["stopped"])
        assert len(set(seen.heights)) == 1 and seen.heights[0] > 80

        # A preset is answered at once. Two runs are compared.
        page.click("[data-preset='embedding only']")
        page.click(".mtl-lab .train")
        notebook.wait_for_text(".mtl-lab .next", says["instant answer"])
        for number in (1, 2):
            page.check(f"[data-run='{number}'] input")
        page.click(".do-compare")
        notebook.wait_for_text(".mtl-lab .answer", says["comparing"].format(first=1, second=2))
        assert page.locator(".mtl-lab").first.locator(".line.other").count() == 4
        assert page.is_hidden(".mtl-lab .trouble")
        assert not serious_faults(page, ".mtl-lab")
        assert not notebook.complaints()
        notebook.save()

    # Another day, another kernel: the picture is still there, and in the file so are the runs.
    lab.shut_down_kernels()
    with lab.open(notebook.path) as later:
        later.show("lab = SharingLab(")
        later.page.wait_for_function(
            """document.querySelector('.mtl-lab .line.ours')
            || document.querySelector('.mtl-snapshot img')?.naturalWidth > 100"""
        )
    still = snapshot(notebook.path)
    assert "data:image/png;base64," in still and "embedding" in still


def snapshot(path: Path) -> str:
    """The lab's still picture, as the saved notebook holds it below the first view."""
    cell = next(c for c in nbformat.read(path, 4).cells if "lab = SharingLab(" in c.source)
    pieces = (output.get("data", {}).get("text/html", "") for output in cell.outputs)
    return next(piece for piece in pieces if "mtl-snapshot" in piece)
