"""Text in figures: Chinese on any machine, and never an empty box."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font

from mtl_tutorial import plots
from mtl_tutorial.plots import fonts, subset
from tests.test_plots import chinese_figures, texts

CHINESE = ["家人", "朋友", "无"]


@pytest.fixture
def latin_only(monkeypatch):
    """As if no font had Chinese characters."""
    known = frozenset(FT2Font(findfont("DejaVu Sans")).get_charmap())
    monkeypatch.setattr(fonts, "_fonts", lambda: ("DejaVu Sans",))
    monkeypatch.setattr(fonts, "_glyphs", lambda: known)


def test_chinese_needs_no_font_of_the_machine():
    """Not even one that Matplotlib has listed: its list may be older than the machine's fonts."""
    code = (
        "from matplotlib import font_manager; manager = font_manager.fontManager\n"
        "manager.ttflist = [font for font in manager.ttflist if font.name == 'DejaVu Sans']\n"
        "from mtl_tutorial.plots import Chart, fonts, legible, use_fonts\n"
        f"assert legible({CHINESE}) == {CHINESE}\n"
        "import warnings; warnings.simplefilter('error')\n"
        "figure = Chart(); figure.text(0, 0, '多任务学习（共享）：家人'); use_fonts(figure).png()\n"
        "print(*fonts.families(), sep=', ')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.stdout == "DejaVu Sans, Course Sans SC\n"


def test_the_font_has_every_character_of_the_course():
    """If it fails: make font, and commit the new one."""
    own = {*FT2Font(fonts.FONT).get_charmap(), *FT2Font(findfont("DejaVu Sans")).get_charmap()}
    missing = {c for c in subset.characters_of_the_course() if ord(c) not in own}
    assert not missing, f"run make font: the course's font lacks {''.join(sorted(missing))}"


def test_the_characters_are_those_of_package_lessons_sentences_and_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(subset, "CHECKOUT", tmp_path)
    written = {
        "mtl_tutorial/lab/words.py": "豈",
        "notebooks/source/01.py": "雖",
        "data/zh/train.jsonl": "齁",
        "data/runs/table.csv": "㐀",
        "notes.txt": "䶿",
    }
    for name, text in written.items():
        Path(tmp_path, name).parent.mkdir(parents=True, exist_ok=True)
        Path(tmp_path, name).write_text(f"{text}\n", "utf-8")
    assert subset.characters_of_the_course() == set("豈雖齁㐀")
    assert set("豈雖齁㐀，。《》（）Ａa啊座") <= subset.characters()


def test_the_font_is_small_free_and_called_by_a_name_of_its_own():
    assert fonts.FONT.stat().st_size < 1_000_000
    assert FT2Font(fonts.FONT).family_name == fonts.FAMILY
    license_text = (fonts.FONT.parent / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in license_text and "Adobe" in license_text


def test_a_font_made_anew_has_the_characters_and_the_name(tmp_path, monkeypatch):
    monkeypatch.setattr(subset, "characters", lambda: set("家人，A"))
    monkeypatch.setattr(subset, "FAMILY", "Another Sans")
    subset.make(fonts.FONT, tmp_path / "font.otf")
    made = FT2Font(tmp_path / "font.otf")
    assert set(made.get_charmap()) == set(map(ord, "家人，A"))
    assert made.family_name == "Another Sans"


def test_names_are_shown_as_they_are():
    assert plots.legible(CHINESE) == CHINESE
    assert plots.legible([]) == []


def test_without_a_font_a_name_is_its_place(latin_only):
    assert plots.legible(["family", "朋友", "naïve", "无"]) == ["family", "#2", "naïve", "#4"]
    assert plots.legible(["ＡＢＣ"]) == ["ABC"]


@pytest.mark.parametrize("name", list(chinese_figures()))
def test_without_a_font_there_are_no_empty_boxes(name, latin_only):
    written = texts(chinese_figures()[name])
    assert "#1" in written
    assert not any(c > "\u2e80" for text in written for c in text)


@given(st.lists(st.sampled_from(["#1", "#2", "#3", "无", "家人", "Ａ", "A", "naïve"]), unique=True))
def test_names_that_differ_are_shown_differently(names):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fonts, "_glyphs", lambda: frozenset(range(256)))
        assert len(set(plots.legible(names))) == len(names)
