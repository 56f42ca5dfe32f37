"""Lesson 14's corpus: the same bytes each time, as rough as it is meant to be, and mended."""

import pytest

from mtl_tutorial.corpora import inbox
from mtl_tutorial.joining import DISAGREED, MERGED
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.schemes import recognize


def test_the_shipped_files_are_made_anew_byte_by_byte(tmp_path):
    for made in inbox.write(tmp_path):
        shipped = inbox.folder(made.parent.name) / made.name
        assert made.read_bytes() == shipped.read_bytes(), made


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_are_rough_in_the_ways_that_the_lesson_tells(language):
    files = inbox.folder(language)
    with pytest.raises(UnicodeDecodeError):
        (files / "spring.csv").read_bytes().decode("utf-8")
    spring = (files / "spring.csv").read_text(inbox.ENCODINGS[language])
    assert {label for label in ("repair", "Repair", "REPAIR", "repair ") if f";{label};" in spring}
    assert ";;" in spring
    lines = (files / "autumn.jsonl").read_text("utf-8").splitlines()
    assert len(lines) - len(set(lines)) >= 12
    assert '"urgent"' not in "".join(lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mended_and_joined_every_task_is_in_every_part(language):
    data = inbox.load(language)
    assert data.schemes == {"parts": "IOB1"}
    assert all(
        part.labeled(task).sum() > 50 for part in data.splits.values() for task in data.tasks
    )
    assert all((data[name].targets["urgent"] == 1).sum() > 8 for name in data.splits)
    assert data.describe()["repeated"].sum() == 0
    found = data.check().table.set_index("what")["number"]
    assert found[MERGED] >= 40 and found[DISAGREED] >= 1


def test_tags_are_written_in_two_schemes():
    tags = ["O", "B-THING", "I-THING", "O", "B-FAULT"]
    assert recognize([inbox._bioes(tags)]) == "BIOES"
    assert inbox._bioes(tags) == ["O", "B-THING", "E-THING", "O", "S-FAULT"]
    assert inbox._iob1(tags) == ["O", "I-THING", "I-THING", "O", "I-FAULT"]
