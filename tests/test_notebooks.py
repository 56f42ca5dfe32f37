"""The lessons: built from their sources, the same in both languages, and they run."""

import importlib.util
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import psutil
import pytest
from markdown_it import MarkdownIt
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError

from tests.conftest import REAL_DATA
from tests.lessons import LESSONS

FOLDER = Path(__file__).parents[1] / "notebooks"
_spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(build)

NOTEBOOKS = sorted(
    path.relative_to(FOLDER)
    for language in build.LANGUAGES
    for path in (FOLDER / language).rglob("*.ipynb")
    if ".ipynb_checkpoints" not in path.parts
)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.as_posix())

SMALL = """\
# %% tags=["language"]
LANGUAGE = "en"

# %% [markdown] lang="en"
# # Hello

# %% [markdown] lang="zh"
# # 你好

# %% tags=["exercise"] exercise="one"
x = ...

# %% tags=["solution"] exercise="one"
x = 1

# %%
x
"""


def built(tmp_path: Path, source: str) -> dict[str, nbformat.NotebookNode]:
    """Relative path → notebook, built from one source file."""
    (tmp_path / "source").mkdir(parents=True)
    (tmp_path / "source" / "05_small.py").write_text(source, "utf-8")
    written = build.build(tmp_path / "source", tmp_path)
    return {path.relative_to(tmp_path).as_posix(): nbformat.read(path, 4) for path in written}


def code(notebook: nbformat.NotebookNode) -> list[str]:
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


@contextmanager
def peak_memory(pid: int) -> Iterator[SimpleNamespace]:
    """The most anonymous memory that the process and its children take while this is open."""
    peak, over = SimpleNamespace(gigabytes=0.0), threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            used = 0
            for process in (kernel, *kernel.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    memory = process.memory_info()
                    used += memory.rss - getattr(memory, "shared", 0)
            peak.gigabytes = max(peak.gigabytes, used / 1e9)

    kernel = psutil.Process(pid)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


# -- what is in the repository


def test_the_notebooks_are_those_that_the_sources_give(tmp_path):
    written = build.build(FOLDER / "source", tmp_path)
    assert sorted(path.relative_to(tmp_path) for path in written) == NOTEBOOKS
    drifted = [
        path.as_posix()
        for path in NOTEBOOKS
        if (tmp_path / path).read_bytes() != (FOLDER / path).read_bytes()
    ]
    assert not drifted, f"run `make notebooks`: {drifted} differ from notebooks/source"


@every_notebook
def test_a_notebook_is_clean(path):
    notebook = nbformat.read(FOLDER / path, 4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.mtl_tutorial.language == path.parts[0]
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None
            assert len(cell.source.splitlines()) <= 20
        else:  # "**词元（token）**有" is not bold in Markdown; "**词元**（token）有" is
            assert "**" not in MarkdownIt().render(cell.source)
    text = (FOLDER / path).read_text("utf-8")
    assert str(FOLDER.parent) not in text and "/home/" not in text


@every_notebook
def test_links_between_lessons_lead_somewhere(path):
    text = "\n".join(cell.source for cell in nbformat.read(FOLDER / path, 4).cells)
    links = re.findall(r"\]\(([^):]+\.ipynb)\)", text)
    assert not [link for link in links if not (FOLDER / path.parent / link).is_file()]


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.parts[0] == "en"], ids=str)
def test_both_languages_have_the_same_code_and_ids(path):
    english = nbformat.read(FOLDER / path, 4).cells
    chinese = nbformat.read(FOLDER / "zh" / Path(*path.parts[1:]), 4).cells
    assert [cell.id for cell in english] == [cell.id for cell in chinese]
    different = [
        (a, b)
        for a, b in zip(english, chinese, strict=True)
        if a.cell_type == "code" and a != b
    ]  # fmt: skip
    assert [(a.source, b.source) for a, b in different] == [('LANGUAGE = "en"', 'LANGUAGE = "zh"')]
    assert different[0][0].metadata.tags == ["language"]


def failures(notebook: nbformat.NotebookNode) -> list[str]:
    """Errors and warnings anywhere in an executed notebook: in its cells, its `Output` widgets, its widgets' texts."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    widgets = notebook.metadata.get("widgets", {}).values()
    states = [model.state for kept in widgets for model in kept.get("state", {}).values()]
    outputs += [nbformat.from_dict(o) for state in states for o in state.get("outputs", ())]
    found = [str(o) for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    return found + [
        str(text) for state in states for text in state.values() if "Traceback (most" in str(text)
    ]


@every_notebook
def test_a_notebook_runs_from_a_fresh_kernel(path, tmp_path, record_property, monkeypatch):
    """Without an error, in its time and memory; and a solved one shows what its prose says."""
    if REAL_DATA.is_dir():
        monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(REAL_DATA))
    facts, solved = LESSONS[path.name[:2]], "solutions" in path.parts
    claims = facts.CLAIMS if solved else None
    notebook, seconds, gigabytes = answered(lambda: run(FOLDER / path, tmp_path, claims))
    record_property("measured", f"{path.as_posix():55} {seconds:5.0f} s {gigabytes:6.2f} GB")
    assert not failures(notebook)
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    verdicts = [str(o.data["text/plain"]) for o in outputs if "data" in o]
    assert not [v for v in verdicts if v.startswith("✗")]
    unsolved = ("○ Not attempted", "○ 还没有作答")
    assert any(v.startswith(unsolved) for v in verdicts) != solved or not facts.WRONG
    assert seconds < 2 * facts.SECONDS, f"{path} took {seconds:.0f} s"
    assert gigabytes < min(facts.GIGABYTES, 1.2), f"{path} took {gigabytes:.2f} GB"


def run(path: Path, folder: Path, claims: str | None) -> tuple[nbformat.NotebookNode, float, float]:
    """The notebook after its run in `folder`, its seconds, its peak of memory in gigabytes.

    The claims are code for the same kernel that is no longer counted.
    """
    notebook = nbformat.read(path, 4)
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    start = time.monotonic()
    with client.setup_kernel(), peak_memory(client.km.provisioner.pid) as peak:
        for i, cell in enumerate(notebook.cells):
            client.execute_cell(cell, i)
        seconds = time.monotonic() - start
        client.set_widgets_metadata()
        if claims:
            notebook.cells.append(nbformat.v4.new_code_cell(claims))
            client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
    return notebook, seconds, peak.gigabytes


def answered(run: Callable[[], Any]) -> Any:
    """What `run` gives; with another kernel if one's answer gets lost on the way."""
    for _ in range(2):
        with suppress(CellTimeoutError):
            return run()
    return run()


@pytest.mark.parametrize("path", [p for p in NOTEBOOKS if p.parts[1] != "solutions"], ids=str)
def test_the_header_quotes_time_and_memory(path):
    facts = LESSONS[path.name[:2]]
    header = nbformat.read(FOLDER / path, 4).cells[0].source
    seconds, gigabytes = {
        "en": ("under {} seconds", "less than {} GB"),
        "zh": ("不到 {} 秒", "不到 {} GB"),
    }[path.parts[0]]
    assert seconds.format(facts.SECONDS) in header and gigabytes.format(facts.GIGABYTES) in header


def test_a_failure_is_found_wherever_it_hides(tmp_path):
    """In a callback, in an `Output` and in a widget's text, none of which stops a notebook."""
    button = "import ipywidgets as w\nb = w.Button()\nb.on_click(lambda _: 1 / 0)\nb.click()"
    output = "import ipywidgets as w\no = w.Output()\nwith o:\n    1 / 0\no"
    thread = "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start(); t.join()"
    text = "import ipywidgets as w\nw.HTML('<pre>Traceback (most recent call last): ...')"
    for code, fails in ((button, True), (output, True), (thread, True), (text, True), ("1", False)):
        assert bool(failures(executed(code))) == fails, code


def executed(code: str) -> nbformat.NotebookNode:
    """A notebook of one cell after its run."""

    def execute() -> nbformat.NotebookNode:
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
        client = NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True)
        return client.execute()

    return answered(execute)


# -- building


def test_stub_and_solution_go_to_their_notebooks(tmp_path):
    notebooks = built(tmp_path, SMALL)
    assert code(notebooks["en/05_small.ipynb"]) == ['LANGUAGE = "en"', "x = ...", "x"]
    assert code(notebooks["zh/solutions/05_small.ipynb"]) == ['LANGUAGE = "zh"', "x = 1", "x"]
    assert notebooks["zh/05_small.ipynb"].cells[1].source == "# 你好"


def test_chinese_lines_are_joined_without_a_blank(tmp_path):
    chinese = "# 一，\n# **二**。\n# `x` 三：\n#\n# - 四；\n# - 五。\n#\n# | 六 | 七 |\n# |---|---|"
    text = built(tmp_path, SMALL.replace("# # 你好", chinese))["zh/05_small.ipynb"].cells[1].source
    assert text == "一，**二**。`x` 三：\n\n- 四；\n- 五。\n\n| 六 | 七 |\n|---|---|"


def test_ids_stay_when_something_else_changes(tmp_path):
    before = built(tmp_path / "before", SMALL)["en/05_small.ipynb"].cells
    changed = SMALL.replace("# # Hello", "# # Good day") + "\n# %%\nx\n"
    after = built(tmp_path / "after", changed)["en/05_small.ipynb"].cells
    same = [a.id == b.id for a, b in zip(before, after, strict=False)]
    assert same == [True, False, True, True]
    assert len({cell.id for cell in after}) == len(after)


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('# %% [markdown] lang="zh"\n# # 你好\n', "", ":4: this English text has no Chinese twin"),
        ('# %% [markdown] lang="en"\n# # Hello\n', "", ":5: this Chinese text has no English twin"),
        ('[markdown] lang="zh"', '[markdown] lang="fr"', """:7: a text cell needs lang="en" or"""),
        ('[markdown] lang="zh"', "[markdown]", ":7: a text cell needs lang"),
        ('# %% tags=["solution"] exercise="one"\nx = 1\n', "", ":10: exercise 'one' has no solution"),
        ('["solution"] exercise="one"', '["solution"] exercise="two"', ":10: exercise 'one' has no"),
        ('# %% tags=["exercise"] exercise="one"\nx = ...\n', "", "solution 'one' has no exercise"),
        (' exercise="one"\nx = ...', "\nx = ...", ":10: name the exercise"),
        ('["exercise"]', '["exercize"]', r":10: unknown tags \['exercize'\]"),
        ("x = ...", "x = (", ":10: the code does not parse"),
        ('LANGUAGE = "en"', 'LANGUAGE = "zh"', ":1: the language cell must be"),
        ('# %% tags=["language"]', "# %%", 'exactly one cell must be tagged "language"'),
        ("x\n", "\n", "the cell is empty"),
        ('# %% tags=["language"]', 'y = 1\n\n# %% tags=["language"]', "text before the first cell"),
    ],
)  # fmt: skip
def test_a_source_that_breaks_a_rule_is_an_error_that_names_the_line(tmp_path, old, new, message):
    assert old in SMALL
    broken = new.join(SMALL.rsplit(old, 1))
    with pytest.raises(build.SourceError, match=f"05_small.py.*{message}"):
        built(tmp_path, broken)
