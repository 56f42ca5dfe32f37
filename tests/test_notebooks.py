"""The lessons: built from their sources, the same in both languages, and they run."""

import importlib.util
import time
from pathlib import Path

import nbformat
import pytest
from markdown_it import MarkdownIt
from nbclient import NotebookClient

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

# Seconds that the plan gives each lesson; a test machine may take twice as long.
BUDGET = {"01": 20}
# What a lesson's prose says of its results, tested in its last cell.
CLAIMS = {
    "01": """
assert (len(misfits) > 1000) if LANGUAGE == "en" else not misfits
assert share_unknown(test) > share_unknown(train) > 0
assert max(n.max() / n.sum() for name, n in frequency.items() if name == "ner") > 0.6
assert all((n.max() / n.min()) < 1.5 for name, n in frequency.items() if name in ("sentiment", "person"))
assert 1.4 < frequency["relation"]["none"] / frequency["relation"].drop("none").mean() < 2.6
assert naive_counts["service"] > 800
assert common["person_relation"] > 40 and max(common["person_sentiment"], common["relation_sentiment"]) < 10
candidates = Counter(token for sentence in all_tokens for token in sentence)
assert 8 < 100 * 100 / sum(n >= 20 for n in candidates.values()) < 13
assert mean.loc["b", "test"] > mean.loc["a", "test"] + 4 * table.xs("std", axis=1, level=1)["test"].mean()
assert abs(mean.loc["a", "future"] - mean.loc["b", "future"]) < 0.03
assert abs(mean.loc["a", "test"] - mean.loc["a", "future"]) < 0.06 < mean.loc["b", "test"] - mean.loc["b", "future"]
assert copied.mean() > 0.5 and right[copied].mean() > 0.97 and not sorts["none"][copied].any() and sorts["none"][~copied].any()
assert same_inputs
import sys
if sys.platform.startswith("linux"):
    # Not getrusage: its maximum is handed down by the process that started the kernel.
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    assert peak < 500_000  # kB
""",
}

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


@every_notebook
def test_a_notebook_runs_from_a_fresh_kernel(path, tmp_path):
    """Without an error, in time; and a solved one shows what its prose says."""
    notebook, number = nbformat.read(FOLDER / path, 4), path.name[:2]
    if "solutions" in path.parts and number in CLAIMS:
        notebook.cells.append(nbformat.v4.new_code_cell(CLAIMS[number]))
    start = time.monotonic()
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    seconds = time.monotonic() - start
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    verdicts = [str(o.data["text/plain"]) for o in outputs if "data" in o]
    solved = "solutions" in path.parts
    assert not [
        v for v in verdicts if v.startswith("✗") or (solved and v.startswith("○ 还没有作答"))
    ]
    assert not [v for v in verdicts if solved and v.startswith("○ Not attempted")]
    assert seconds < 2 * BUDGET.get(number, 120), f"{path} took {seconds:.0f} s"


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
