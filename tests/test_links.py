"""The links that open a lesson elsewhere, and the cell that installs the course there."""

import runpy
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest

from mtl_tutorial import environment, links
from mtl_tutorial.__main__ import main

CHECKOUT = Path(__file__).parents[1]
WHERE = ("git@github.com:someone/course.git", "class/2027")


def test_each_place_opens_the_notebook_that_it_shows():
    found = links.links(*WHERE, "v1.2.3", "zh", "03_hard_sharing", "https://hub.uni.example/")
    notebook = "someone/course/blob/v1.2.3/notebooks/zh/03_hard_sharing.ipynb"
    assert found["Colab"] == f"https://colab.research.google.com/github/{notebook}"
    assert found["Kaggle"].endswith(f"/kernels/welcome?src=https://github.com/{notebook}")
    assert found["Codespaces"].startswith("https://codespaces.new/someone/course/tree/class/2027")
    pulled = urlsplit(found["nbgitpuller"])
    assert pulled.netloc == "hub.uni.example" and pulled.path == "/hub/user-redirect/git-pull"
    assert parse_qs(pulled.query) == {
        "repo": ["https://github.com/someone/course"],
        "branch": ["class/2027"],
        "urlpath": ["lab/tree/course/notebooks/zh/03_hard_sharing.ipynb"],
    }
    assert "03_hard_sharing" in found["Binder"] and "class/2027" in found["Binder"]


@pytest.mark.parametrize(
    "remote, address",
    [
        ("https://gitlab.com/group/sub/course.git", "https://gitlab.com/group/sub/course"),
        ("git@gitee.com:some/course.git", "https://gitee.com/some/course.git"),
    ],
)
def test_what_reads_github_alone_is_left_out_elsewhere(remote, address):
    found = links.links(remote, "main", "v1.0.0", "en", "00_welcome", "https://hub.example")
    assert list(found) == ["Binder", "nbgitpuller"]
    query = parse_qs(urlsplit(found["nbgitpuller"]).query)
    assert query["repo"] == [address]
    assert query["urlpath"] == ["lab/tree/course/notebooks/en/00_welcome.ipynb"]


@pytest.fixture
def somewhere(monkeypatch):
    monkeypatch.setattr("mtl_tutorial.binder.origin", lambda folder: WHERE)


def test_the_command_prints_a_badge_a_lesson_and_place(somewhere, capsys):
    assert main(["links", "--language", "zh"]) == 0
    head, rule, *rows = capsys.readouterr().out.splitlines()
    assert head == "| lesson | Binder | Colab | Kaggle | Codespaces |" and set(rule) == set("|- ")
    named = [row.split()[1] for row in rows]
    assert named == sorted(f.stem for f in (CHECKOUT / "notebooks/source").glob("*.py"))
    version, home = links.released((CHECKOUT / "pyproject.toml").read_text("utf-8"))
    tag = f"v{version}" if home else WHERE[1]
    for name, row in zip(named, rows, strict=True):
        assert row.count("[![") == 4 and f"/blob/{tag}/notebooks/zh/{name}.ipynb" in row


@pytest.mark.parametrize(("home", "tag"), [("", "class/2027"), ("https://x/y", "v1.2.3")])
def test_a_tag_is_named_only_where_there_are_releases(somewhere, tmp_path, home, tag):
    (tmp_path / "notebooks/en").mkdir(parents=True)
    (tmp_path / "notebooks/en/00_welcome.ipynb").touch()
    entries = 'version = "1.2.3"\n' + (f'Repository = "{home}"\n' if home else "")
    (tmp_path / "pyproject.toml").write_text(entries, "utf-8")
    (found,) = links.of_checkout(tmp_path, "en").values()
    for place in ("Colab", "Kaggle"):
        assert found[place].endswith(f"someone/course/blob/{tag}/notebooks/en/00_welcome.ipynb")
    assert "class/2027" in found["Binder"]


def test_the_command_says_why_there_are_no_links(monkeypatch, capsys):
    monkeypatch.setattr("mtl_tutorial.binder.origin", lambda folder: ("../course", "main"))
    with pytest.raises(SystemExit) as end:
        main(["links"])
    told = capsys.readouterr()
    assert end.value.code == 1 and not told.out and "Binder cannot fetch from" in told.err


# -- the cell


def first_cell(language: str) -> str:
    notebook = nbformat.read(CHECKOUT / "notebooks" / language / "00_welcome.ipynb", 4)
    return next(cell for cell in notebook.cells if cell.cell_type == "code").source


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """The commands that the cell has run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: commands.append(command))
    for variable in environment.HOSTS.values():
        monkeypatch.delenv(variable, raising=False)
    return commands


@pytest.mark.parametrize("host", ["", *environment.HOSTS])
def test_the_first_cell_installs_on_colab_and_kaggle_and_does_nothing_elsewhere(
    monkeypatch, asked, host, build
):
    address = 'version = "0.3.0"\nRepository = "https://github.com/someone/course"'
    if host:
        monkeypatch.setenv(environment.HOSTS[host], "1")
    exec(build.install_cell(address), {})
    if host in environment.OWN_JUPYTER:
        wheel = "someone/course/releases/download/v0.3.0/mtl_tutorial-0.3.0-py3-none-any.whl"
        ((python, *pip, what),) = asked
        assert (python, pip[:3]) == (sys.executable, ["-m", "pip", "install"])
        assert what == f"https://github.com/{wheel}"
    else:
        assert not asked


def test_without_a_release_the_first_cell_says_so_there_and_nothing_elsewhere(
    monkeypatch, asked, build
):
    code = build.install_cell('version = "0.3.0"')
    exec(code, {})
    monkeypatch.setenv("COLAB_RELEASE_TAG", "1")
    with pytest.raises(RuntimeError, match="no release yet"):
        exec(build.in_language(code, "en"), {})
    assert not asked


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lesson_begins_with_it(language, build):
    text = (CHECKOUT / "pyproject.toml").read_text("utf-8")
    expected = build.in_language(build.install_cell(text), language)
    for path in (CHECKOUT / "notebooks" / language).rglob("*.ipynb"):
        code = [c for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
        assert code[0].source == expected and code[0].metadata.tags == ["install"], path
        assert "language" in code[1].metadata.tags


@pytest.fixture(scope="module")
def build():
    class Names(dict):
        __getattr__ = dict.__getitem__

    return Names(runpy.run_path(str(CHECKOUT / "notebooks/build.py")))
