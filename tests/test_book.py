"""The book: what the pages are made from, and what the check of the pages finds."""

import importlib.util
import json
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from docutils.utils.math import MathError
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from mtl_tutorial.lab import grid
from mtl_tutorial.lab.settings import TARGET
from mtl_tutorial.languages import LANGUAGES

CHECKOUT = Path(__file__).parents[1]


def module(name: str):
    spec = importlib.util.spec_from_file_location(f"book_{name}", CHECKOUT / "book" / f"{name}.py")
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


build, check = module("build"), module("check")


def notebook() -> nbformat.NotebookNode:
    """A lesson after its run: a picture, a widget with its still picture, a solution."""
    v4 = nbformat.v4
    still = v4.new_output("display_data", {"text/html": "<div class='mtl-snapshot'>still</div>"})
    alive = v4.new_output("display_data", {build.WIDGET: {}, "text/plain": "SharingLab()"})
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Lesson 03 · Hard sharing\n\n**What changes?**"),
            v4.new_code_cell("import os", metadata={"tags": ["install"]}),
            v4.new_code_cell('LANGUAGE = "en"', metadata={"tags": ["language"]}),
            v4.new_markdown_cell("## 2 · A plan\n\nText."),
            v4.new_code_cell("lab", outputs=[alive, still]),
            v4.new_code_cell("x = 1", metadata={"tags": ["solution"]}),
        ]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_its_links_folds_solutions_and_keeps_still_pictures(language):
    made = notebook()
    build.page(made, "03_hard_sharing", language, 'Open in <a href="https://x">Binder</a>')
    first, section, lab, solution = made.cells
    title, _, line, _, rest = first.source.split("\n", 4)  # a blank line between each
    assert title == "# Lesson 03 · Hard sharing" and rest.startswith("**What")
    other = next(each for each in LANGUAGES if each != language)
    for link in (
        '"notebooks/03_hard_sharing.ipynb" download',
        '"https://x"',
        f'"../{other}/03_hard_sharing.html"',
        f'"../lab/index.html#language={language}&amp;',
    ):
        assert f"<a href={link}" in line
    assert section.source.startswith("## 2")
    assert [o.data for o in lab.outputs] == [{"text/html": "<div class='mtl-snapshot'>still</div>"}]
    assert "2 · A plan" in lab.metadata.mystnb["image"]["alt"]
    assert solution.metadata.tags == ["hide-input"]
    assert solution.metadata.mystnb["code_prompt_show"] == build.WORDS[language]["solution"]


def test_lesson_00_leads_to_the_sentence_box_on_a_page():
    for lesson, there in (("00_welcome", True), ("03_hard_sharing", False)):
        made = notebook()
        build.page(made, lesson, "zh", "")
        assert ('"../lab/box.html#language=zh"' in made.cells[0].source) == there


def test_a_part_of_the_book_does_not_lead_to_lessons_that_it_lacks():
    text = "[**Lesson 1**](01_a.ipynb), [lesson 2](02_b.ipynb#c), [here](#d), [2](02_b.ipynb)"
    assert build.leading_to(["01_a", "02_b"], text) == text
    assert build.leading_to(["01_a"], text) == (
        "[**Lesson 1**](01_a.ipynb), lesson 2, [here](#d), 2"
    )


def test_a_book_without_its_runtime_is_not_begun(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "RUNTIME", tmp_path / "dist")
    monkeypatch.setattr(sys, "argv", ["build.py", "--out", str(tmp_path / "site")])
    with pytest.raises(SystemExit, match="npm ci --prefix book"):
        build.main()
    assert not list(tmp_path.iterdir())


def test_npm_brings_one_version_and_the_lock_names_no_host():
    lock = (CHECKOUT / "book" / "package-lock.json").read_text("utf-8")
    wanted = json.loads((CHECKOUT / "book" / "package.json").read_text("utf-8"))["dependencies"]
    found = json.loads(lock)["packages"]
    assert wanted == found[""]["dependencies"] and "//" not in re.sub('"sha512-.*"', "", lock)
    for name, version in wanted.items():
        assert found[f"node_modules/{name}"]["version"] == version


def test_the_lab_opens_at_plans_of_which_it_has_finished_runs():
    known = {(settings.plan, settings.labels[TARGET]) for settings in grid.settings()}
    assert not [lesson for lesson, state in build.STATES.items() if state not in known]


def test_an_arrow_of_the_side_bar_says_what_it_opens():
    arrow = '<summary><span class="toctree-toggle" role="presentation"></span></summary>'
    there = f"{arrow}<summary>Hint</summary>"
    assert build.with_names(there, "zh").count("<summary>") == 1
    assert f'<summary aria-label="{build.WORDS["zh"]["below"]}"><span' in build.with_names(
        there, "zh"
    )


def test_both_languages_have_the_same_words():
    assert build.WORDS["en"].keys() == build.WORDS["zh"].keys()


def formulas(tokens: list) -> Iterator[tuple[str, bool]]:
    for token in tokens:
        if token.type.startswith(("math", "amsmath")):
            yield token.content, "inline" not in token.type
        yield from formulas(token.children or [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_formula_of_the_lessons_can_be_drawn(language):
    mathml = runpy.run_path(str(CHECKOUT / "book" / "conf.py"))["mathml"]
    reader = MarkdownIt().use(dollarmath_plugin).use(amsmath_plugin)
    found = [
        formula
        for path in (CHECKOUT / "notebooks" / language).glob("*.ipynb")
        for cell in nbformat.read(path, 4).cells
        if cell.cell_type == "markdown"
        for formula in formulas(reader.parse(cell.source))
    ]
    assert len(found) > 50 and {True, False} == {block for _, block in found}
    for formula, block in found:
        assert mathml(formula, block).startswith("<math")
    with pytest.raises(MathError, match="nowhere"):
        mathml(r"\nowhere", block=True)


GOOD = '<html><body><h1 id="a">A</h1><a href="two.html#b">two</a><img src="p.png" alt=""></body>'


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("two.html#b", "two.html#c", "no such place: two.html#c"),
        ("two.html#b", "#b", "no such place: #b"),
        ("two.html", "three.html", "leads nowhere: three.html#b"),
        ("p.png", "q.png", "leads nowhere: q.png"),
        ("p.png", "https://x/p.png", "loads from elsewhere: https://x/p.png"),
        (' alt=""', "", "no alternative text: p.png"),
    ],
)
def test_the_check_names_each_fault(tmp_path, old, new, fault):
    (tmp_path / "p.png").touch()
    (tmp_path / "two.html").write_text('<p id="b">', "utf-8")
    check.read.cache_clear()
    (tmp_path / "one.html").write_text(GOOD, "utf-8")
    assert not list(check.faults(tmp_path))
    check.read.cache_clear()
    (tmp_path / "one.html").write_text(GOOD.replace(old, new), "utf-8")
    assert list(check.faults(tmp_path)) == [f"one.html: {fault}"]


def test_a_warning_ends_the_build_and_chinese_can_be_searched_for(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "WORK", tmp_path)
    folder = tmp_path / "pages"
    folder.mkdir()
    build.extra("zh").mkdir()
    page = folder / "index.rst"
    text = "API\n===\n\n.. automodule:: mtl_tutorial.joints\n   :members:\n"
    page.write_text(text, "utf-8")
    build.render(folder, tmp_path / "out", "zh")
    made = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "mtl_tutorial.joints.Joint.kind" in made and "Alias for field number" not in made
    search = (tmp_path / "out" / "_static" / "language_data.js").read_text("utf-8")
    stemmer = re.search(r"window\.Stemmer = (\w+);", search)[1]
    assert search.count(stemmer) > 1 and "Intl.Segmenter" in search  # or no search finds a thing
    page.write_text(f"{text}\n:doc:`nowhere`\n", "utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        build.render(folder, tmp_path / "out", "zh")


def test_a_folder_without_a_page_is_a_fault(tmp_path, monkeypatch):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "template.html").touch()
    for folder in (tmp_path, tmp_path / "nowhere"):
        assert list(check.faults(folder)) == [f"{folder}: there is no page"]
    monkeypatch.setattr(sys, "argv", ["check.py", str(tmp_path)])
    with pytest.raises(SystemExit) as end:
        check.main()
    assert end.value.code == 1


def test_a_run_is_kept_until_code_or_package_change(tmp_path, monkeypatch):
    runs = []

    class Client:
        def __init__(self, notebook, **_):
            self.notebook = notebook

        def execute(self):
            runs.append(self.notebook.cells[0].source)
            self.notebook.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]

    monkeypatch.setattr(build, "NotebookClient", Client)
    monkeypatch.setattr(build, "WORK", tmp_path / "work")
    monkeypatch.setattr(build, "CHECKOUT", tmp_path)
    path = tmp_path / "a.ipynb"

    def outputs(code: str, text: str, package: str) -> list:
        cells = [nbformat.v4.new_code_cell(code), nbformat.v4.new_markdown_cell(text)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        made = build.executed(path, package)
        assert made.cells[1].source == text
        return made.cells[0].outputs

    assert outputs("print(1)", "one", "p") == outputs("print(1)", "two", "p")
    assert runs == ["print(1)"]
    outputs("print(2)", "two", "p")
    outputs("print(2)", "two", "q")
    assert len(runs) == 3


@pytest.mark.parametrize("out", ["", " ", "home"])
def test_only_an_older_site_is_deleted(out, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for kept in ("thesis.txt", "home/en/index.html", "home/thesis.txt"):
        (tmp_path / kept).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / kept).touch()
    monkeypatch.setattr(sys, "argv", ["build.py", "--out", out, "--lessons", "00"])
    with pytest.raises(SystemExit):
        build.main()
    assert "thesis.txt" in capsys.readouterr().err or not out.strip()
    assert (tmp_path / "thesis.txt").exists() and (tmp_path / "home/thesis.txt").exists()


def test_an_older_site_and_a_new_folder_are_taken(tmp_path):
    (tmp_path / "site" / "zh").mkdir(parents=True)
    (tmp_path / "site" / "index.html").touch()
    for name in ("site", "new"):
        assert build.place(str(tmp_path / name)) == tmp_path / name
