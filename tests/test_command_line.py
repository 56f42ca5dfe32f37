"""The command line: what is refused before anything is done, in a line that says what to give."""

import pytest

from mtl_tutorial.__main__ import main

PLACES = (
    ["corpus", "--out"],
    ["demo", "--out"],
    ["calibrate", "--out"],
    ["lesson-table", "03", "--out"],
    ["lab-table", "--out"],
    ["snips", "--out"],
    ["lab-page"],
    ["handouts"],
    ["serve"],
    ["sheet", "03", "--out"],
    ["grade", "class", "--key"],
    ["grade", "--key", "key.json"],
)
COUNTS = (
    ["calibrate", "--workers"],
    ["lesson-table", "03", "--workers"],
    ["lab-table", "--workers"],
    ["snips", "--seeds"],
    ["grade", "class", "--key", "key.json", "--seconds"],
    ["grade", "class", "--key", "key.json", "--memory"],
)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not [*tmp_path.iterdir()]


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("given", ["", " "])
@pytest.mark.parametrize("command", PLACES, ids=" ".join)
def test_no_name_is_not_the_current_folder(command, given, capsys):
    assert "no name is given" in refused([*command, given], capsys)


@pytest.mark.parametrize("given", ["0", "-1", "1.5", "many", ""])
@pytest.mark.parametrize("command", COUNTS, ids=" ".join)
def test_a_count_is_a_whole_number_of_at_least_one(command, given, capsys):
    assert "at least 1" in refused([*command, given], capsys)


def test_an_empty_seed_which_everybody_would_guess_is_none(capsys):
    assert "nothing is given" in refused(["sheet", "03", "--out", "sheet", "--seed", ""], capsys)
