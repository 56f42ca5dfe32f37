"""The box in which a language model goes on: what is chosen is written, what cannot be is said."""

import pytest

from mtl_tutorial.generation import for_generation, generate
from mtl_tutorial.widgets.writing_box import SENTENCES, WritingBox
from tests.tiny import small, tiny_data


@pytest.fixture(scope="module")
def model():
    return small(for_generation(tiny_data(), ["mood", "person"]))


def test_it_writes_what_generate_gives(model):
    box = WritingBox(model, seed=3)
    box.start.value, box.wanted["mood"].value = " the aunt ", "good"
    box.button.click()
    known = generate(model, {"mood": "good"}, SENTENCES, start="the aunt", temperature=0.7, seed=3)
    assert box.table.equals(known) and box.error == ""
    assert all(f"<li>{text}" in box.said.value for text in known["text"])


def test_each_press_writes_others(model):
    box = WritingBox(model)
    box.write()
    first = box.table
    box.write()
    assert not first["text"].equals(box.table["text"])


@pytest.mark.parametrize("language, words", [("en", "Nothing was written"), ("zh", "没能写出来")])
def test_what_cannot_be_written_is_said_in_the_box(model, language, words):
    box = WritingBox(model, language=language)
    box.start.value = "<b>uncle"
    box.write()
    assert words in box.said.value and "<b>" not in box.said.value
    assert box.table is None and "uncle" in box.error


def test_it_stays_readable_where_no_widget_can_be_drawn(model):
    box = WritingBox(model)
    box.write()
    shown = box._repr_mimebundle_()
    assert "<li>" in shown["text/html"] and "application/vnd.jupyter.widget-view+json" in shown


def test_an_unknown_language_is_refused(model):
    with pytest.raises(ValueError, match="language"):
        WritingBox(model, language="fr")
