"""What stands around the course: how to cite it, how it is released, how to get help."""

import re
from pathlib import Path

import pytest
import yaml

from mtl_tutorial import environment

CHECKOUT = Path(__file__).parents[1]
FORMS = sorted((CHECKOUT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))


def text(name: str) -> str:
    return (CHECKOUT / name).read_text("utf-8")


def declared(name: str) -> str:
    """An entry of pyproject.toml that is a string (Python 3.10 reads no TOML)."""
    return re.search(rf'^{name} = "(.+?)"', text("pyproject.toml"), re.MULTILINE)[1]


def test_the_citation_is_of_this_version_and_these_authors():
    citation = yaml.safe_load(text("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0" and citation["message"] and citation["title"]
    assert citation["version"] == declared("version")
    assert citation["authors"] == [{"name": "The mtl_tutorial authors"}]
    assert 'authors = [{ name = "The mtl_tutorial authors" }]' in text("pyproject.toml")
    assert citation["license"] in text("LICENSE").splitlines()[0]


def test_the_changes_have_a_heading_for_this_version():
    headings = re.findall(r"^## (.+)$", text("CHANGELOG.md"), re.MULTILINE)
    assert declared("version") in headings
    assert [h for h in headings if not re.fullmatch(r"\d+\.\d+\.\d+", h)] in (
        [],
        ["Not yet released"],
    )


def test_the_paper_cites_what_its_bibliography_has():
    paper = text("paper.md")
    front, body = re.fullmatch(r"---\n(.*?)\n---\n(.*)", paper, re.DOTALL).groups()
    head = yaml.safe_load(front)
    assert [author["name"] for author in head["authors"]] == ["The mtl_tutorial authors"]
    assert (CHECKOUT / head["bibliography"]).is_file()
    entries = re.findall(r"^@\w+\{(\w+),", text(head["bibliography"]), re.MULTILINE)
    assert len(set(entries)) == len(entries)
    assert set(re.findall(r"@(\w+)", body)) == set(entries)
    for title in ("Summary", "Statement of need", "References"):
        assert f"\n# {title}\n" in body


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_one_that_the_host_takes_and_asks_for_the_environment(path):
    form = yaml.safe_load(path.read_text("utf-8"))
    assert form["name"] and form["description"] and form["body"]
    asked = {part["id"]: part for part in form["body"] if part["type"] != "markdown"}
    assert len(asked) == len(form["body"])
    for part in form["body"]:
        assert part["type"] in ("input", "textarea", "dropdown")
        assert part["attributes"]["label"]
        assert (part["type"] == "dropdown") == ("options" in part["attributes"])
    code = re.search(r"`(.+?)`", asked["environment"]["attributes"]["description"])[1]
    assert "environment.check()" in code and callable(environment.check)
    compile(code, path.name, "exec")


@pytest.mark.parametrize(
    "page", ["SUPPORT.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "README.md", "README.zh.md"]
)
def test_links_to_files_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", text(page))
    assert not [link for link in links if not (CHECKOUT / link).exists()]


def test_the_release_asks_for_what_this_version_has():
    """The lines that the workflow greps for, before somebody has set a tag in vain."""
    release = text(".github/workflows/release.yml")
    version = declared("version")
    for pattern, file in re.findall(r'grep -qx "(.+)" (\S+)', release):
        assert pattern.replace("$version", version) in text(file).splitlines()
    assert yaml.safe_load(release)["jobs"]["publish"]["needs"] == "wheel"
