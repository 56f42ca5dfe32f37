"""Where a lesson can be opened without installing anything, for whatever repository this is.

Link formats: Colab's "Open in Colab" notes (``googlecolab/colabtools``), Kaggle's
``kernels/welcome``, GitHub's "Facilitating quick creation of codespaces", nbgitpuller's "Link
generator". Binder's stand in `mtl_tutorial.binder`.
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

from mtl_tutorial import binder
from mtl_tutorial.binder import SITE, launch_link, repository

PICTURES = {
    "Binder": f"{SITE}/badge_logo.svg",
    "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
    "Kaggle": "https://kaggle.com/static/images/open-in-kaggle.svg",
    "Codespaces": "https://github.com/codespaces/badge.svg",
}


def released(pyproject: str) -> tuple[str, str]:
    """Read version and home out of the text of pyproject.toml; no home, no release to install.

    >>> released('version = "0.2.0"\\n[project.urls]\\nRepository = "https://github.com/a/b"')
    ('0.2.0', 'https://github.com/a/b')
    """
    version = re.search(r'^version = "(.+?)"', pyproject, re.MULTILINE)
    home = re.search(r'^Repository = "(.+?)"', pyproject, re.MULTILINE)
    if not version:
        raise ValueError('pyproject.toml has no line such as: version = "0.1.0"')
    return version[1], home[1].rstrip("/") if home else ""


def wheel(pyproject: str) -> str:
    """Make the address of the released wheel; empty where pyproject.toml names no repository.

    >>> wheel('version = "0.2.0"\\nRepository = "https://github.com/a/b"')
    'https://github.com/a/b/releases/download/v0.2.0/mtl_tutorial-0.2.0-py3-none-any.whl'
    """
    version, home = released(pyproject)
    name = f"mtl_tutorial-{version}-py3-none-any.whl"
    return f"{home}/releases/download/v{version}/{name}" if home else ""


def links(
    remote: str, ref: str, tag: str, language: str, lesson: str, hub: str = ""
) -> dict[str, str]:
    """Make the addresses that open a lesson: whose machine it is → address.

    Parameters
    ----------
    remote, ref
        The repository's URL as git prints it, and the branch to open.
    tag
        The tag of the release, or else the branch, whose notebook Colab and Kaggle open: a release's
        first cell installs its wheel.
    language, lesson
        Such as ``"zh"`` and ``"03_hard_sharing"``.
    hub
        A class server with nbgitpuller, such as ``"https://hub.uni.example"``.

    Raises
    ------
    ValueError
        If Binder could not fetch from `remote`.

    Examples
    --------
    >>> places = links("git@github.com:a/b.git", "main", "v1.0.0", "en", "00_welcome")
    >>> list(places), places["Colab"]  # doctest: +ELLIPSIS
    (['Binder', 'Colab', 'Kaggle', 'Codespaces'], 'https://colab.research.google.com/github/a/b/blob/v1.0.0/...')
    """
    path = f"notebooks/{language}/{lesson}.ipynb"
    provider, _, place = repository(remote).partition("/")
    address = {"gh": "https://github.com/", "gl": "https://gitlab.com/"}.get(provider, "")
    address += unquote(place)
    found = {"Binder": launch_link(remote, ref, language, lesson)}
    if provider == "gh":  # the others read from nowhere else
        notebook = f"{place}/blob/{tag}/{path}"
        found["Colab"] = f"https://colab.research.google.com/github/{notebook}"
        found["Kaggle"] = f"https://kaggle.com/kernels/welcome?src=https://github.com/{notebook}"
        found["Codespaces"] = f"https://codespaces.new/{place}/tree/{quote(ref)}?quickstart=1"
    if hub:
        folder = address.rstrip("/").rpartition("/")[2].removesuffix(".git")
        pull = {"repo": address, "branch": ref, "urlpath": f"lab/tree/{folder}/{path}"}
        query = urlencode(pull, quote_via=quote, safe="")
        found["nbgitpuller"] = f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{query}"
    return found


def lessons(folder: Path, language: str) -> list[str]:
    """List the lessons of a checkout in one language, such as ``"00_welcome"``."""
    return sorted(file.stem for file in (folder / "notebooks" / language).glob("*.ipynb"))


def of_checkout(folder: Path, language: str, hub: str = "") -> dict[str, dict[str, str]]:
    """Lesson → `links`, for the remote and the branch of a checkout.

    Colab and Kaggle get the branch, too, where pyproject.toml names no home of releases: a tag
    would lead nowhere. Raises `ValueError` where there is no public remote.
    """
    remote, ref = binder.origin(folder)
    version, home = released((folder / "pyproject.toml").read_text("utf-8"))
    tag = f"v{version}" if home else ref
    return {
        lesson: links(remote, ref, tag, language, lesson, hub)
        for lesson in lessons(folder, language)
    }


def table(rows: dict[str, dict[str, str]]) -> str:
    """Markdown for a README: a row a lesson, a badge a place; `rows` is lesson → `links`."""
    places = list(next(iter(rows.values())))
    lines = [["lesson", *places], ["---"] * (len(places) + 1)]
    for lesson, found in rows.items():
        lines.append([lesson, *(_badge(place, link) for place, link in found.items())])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _badge(place: str, link: str) -> str:
    return f"[![{place}]({PICTURES[place]})]({link})" if place in PICTURES else f"[{place}]({link})"
