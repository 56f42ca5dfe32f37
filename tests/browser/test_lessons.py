"""Lessons as a learner meets them: opened in JupyterLab, run, and typed into."""

from pathlib import Path

import pytest

from tests.browser.faults import serious_faults

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


SENTENCES = {
    "en": "My <b>aunt</b> is lovely, says Laura Hartley.",
    "zh": "李敏说，我<b>表姐</b>真的靠谱。",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_first_lesson_answers_the_sentence_that_is_typed(lab, language):
    with lab.open(NOTEBOOKS / language / "00_welcome.ipynb") as notebook:
        notebook.run_all()
        assert not notebook.complaints()
        notebook.show("SentenceBox(")
        notebook.enter(".mtl-box .line", SENTENCES[language])
        notebook.wait_for_text(".mtl-box [role=status]", r"person\s+\w+\s+\d+%")
        # What was typed is text, not HTML: no bold aunt (a name may be marked inside the brackets).
        bold = notebook.page.locator(".mtl-box [role=status] b").all_inner_texts()
        assert bold and not {"aunt", "表姐"} & set(bold)
        assert not serious_faults(notebook.page, ".mtl-box")
        notebook.page.locator(".mtl-box .line").press("d")  # its keys are its own
        assert notebook.page.locator(".mtl-box").count() == 1
        assert not notebook.complaints()
