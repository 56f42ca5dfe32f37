"""The Sharing Lab in Jupyter Notebook 7, where that is installed: it draws, trains and keeps its keys."""

import pytest

from tests.browser.test_lab_in_jupyterlab import says, two_labs

pytest.importorskip(
    "notebook", reason="Jupyter Notebook 7 is not installed: pip install '.[notebook]'"
)

APP = "notebook"
# What Notebook 7.6 says of any notebook, when it reads its settings.
OWN = {"console: Cannot read properties of undefined (reading 'schema')"}


def test_the_lab_draws_trains_and_keeps_its_keys(lab, tmp_path):
    with lab.open(two_labs(tmp_path)) as notebook:
        notebook.run_all()
        notebook.show("lab = SharingLab(")
        page = notebook.page
        page.wait_for_selector(".mtl-lab .piece")

        # Keys stay in the lab: no cell becomes Markdown, none is cut, none is added.
        encoder = page.locator(".mtl-lab .dial-encoder").first
        encoder.focus()
        page.keyboard.press("m")
        assert encoder.input_value() == "MLP"
        for selector in ("[data-piece='encoder_2 ner']", ".train", ".do-undo"):
            page.locator(f".mtl-lab {selector}").first.focus()
            for key in ("d", "d", "m", "a", "b", "x", "Shift+m"):
                page.keyboard.press(key)
        cells = notebook._ask("return panel.content.widgets.map(cell => cell.model.type)")
        assert cells == ["code", "code"] and page.locator(".mtl-lab").count() == 2

        # A click changes the plan, a plan that no table knows is trained, and its curves grow.
        encoder.select_option("CNN")
        page.locator("[data-preset='all shared']").first.click()
        page.locator("[data-piece='encoder_2 ner']").first.click()
        says(page, ".next", "ner leaves")
        page.locator(".mtl-lab .train").first.click()
        page.wait_for_function(
            "document.querySelectorAll('.mtl-lab .chart svg circle').length == 4 * 3"
        )
        page.wait_for_selector(".mtl-lab tr[data-run='1']")
        assert page.locator(".mtl-lab .trouble").first.is_hidden()
        assert set(notebook.complaints()) <= OWN
