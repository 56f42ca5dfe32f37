"""The pages for data of one's own: their code runs, and is the same in both languages."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def blocks(page: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_recipes_run_in_an_empty_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    for block in blocks("own_data.md"):
        exec(block, names)
    said = capsys.readouterr().out
    assert "{'ner': 'BIOES'}" in said  # the schemes of the CoNLL recipe
    assert "sentences that stand in another split too" in said
    assert "hard beside single-task" in said


def test_both_languages_have_the_same_recipes():
    assert blocks("own_data.md") == blocks("own_data.zh.md")
