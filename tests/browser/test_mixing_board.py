"""The mixing board in a real browser, as lesson 10 shows it to a learner."""

import nbformat
import pytest

from tests.browser.faults import serious_faults

CELL = """
from mtl_tutorial import people
from mtl_tutorial.widgets.mixing_board import MixingBoard
board = MixingBoard(people.load("zh", ["person", "sentiment", "ner"]), {language!r})
board
"""


@pytest.mark.parametrize("language, gate", [("en", "gate"), ("zh", "门控")])
def test_a_learner_chooses_a_gate_and_a_feed_with_the_keyboard(lab, tmp_path, language, gate):
    path = tmp_path / f"board_{language}.ipynb"
    cells = [CELL.format(language=language), "print(board.plan.mix, board.plan.feeds)"]
    notebook = nbformat.v4.new_notebook(
        cells=[*map(nbformat.v4.new_code_cell, cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},  # asks for none
    )
    nbformat.write(notebook, path)
    with lab.open(path) as notebook:
        notebook.run_all()
        page = notebook.page
        page.wait_for_selector(".mtl-mixing .head")
        numbers = page.inner_text(".mtl-mixing .figures")
        page.focus(".mtl-mixing select[aria-label=encoder_1]")
        page.select_option(".mtl-mixing select[aria-label=encoder_1]", label=gate)
        page.wait_for_selector(".mtl-mixing .ring")
        notebook.wait_for_text(".mtl-mixing [role=status]", f"encoder_1(: |：){gate}")
        assert page.inner_text(".mtl-mixing .figures") != numbers
        page.locator(".mtl-mixing .row select").first.select_option("ner")
        page.wait_for_selector(".mtl-mixing path.feed")
        notebook.wait_for_text(".mtl-mixing pre", '"encoder_1": "gate".*feeds=')
        assert not serious_faults(page, ".mtl-mixing")
        assert not notebook.complaints()
