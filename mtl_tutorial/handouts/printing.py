"""Hand-outs on paper: files of HTML in a folder, and PDFs beside them where the machine has a browser for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from mtl_tutorial.handouts import pages
from mtl_tutorial.handouts.reading import numbers, read
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.plots.fonts import FONT
from mtl_tutorial.quizzes import with_quiz

_BROWSERS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge",
    "microsoft-edge", "brave-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)  # fmt: skip


def browser() -> str | None:
    """Find a browser that prints: Chromium or a relative of it."""
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def write(out: Path, tell: Callable[[str], object] = lambda _: None) -> list[Path]:
    """Write all hand-outs, in ``out/en`` and ``out/zh``.

    Parameters
    ----------
    out
        Folder; what is there by the same names is replaced.
    tell
        Called with the name of each file.

    Returns
    -------
    The PDFs; where there is no browser, the HTML files, which any browser prints.

    Raises
    ------
    FileNotFoundError
        If the lessons' notebooks are not there: they come with the repository, not with the package.
    """
    if not numbers():
        raise FileNotFoundError("no notebooks: hand-outs are made in the course's repository")
    made, printer = [], browser()
    for language in LANGUAGES:
        folder = out / language
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(FONT, folder)
        for name, (title, body) in _contents(language).items():
            path = folder / f"{name}.html"
            slides = name.startswith("slides")
            path.write_text(pages.document(body, language, title, slides), "utf-8")
            made.append(_print(path, printer) if printer else path)
            tell(str(made[-1]))
    return made


def _contents(language: str) -> dict[str, tuple[str, str]]:
    """Name of the file → title and pages."""
    lessons = [read(number, language) for number in numbers()]
    asked = [lesson for lesson in lessons if lesson.number in with_quiz()]
    words = pages.WORDS[language]
    contents = {
        "sharing_diagram": (words["diagram"], pages.diagram(language)),
        "predictions": (words["predictions"], pages.predictions(lessons, language)),
        "summaries": (words["five"], pages.summaries(lessons, language)),
        "terms": (words["terms"], pages.terms(language)),
        "quizzes": (words["quiz"], pages.quizzes(asked, language)),
        "quizzes_key": (words["key"], pages.key(asked, language)),
    }
    decks = {f"slides_{one.number}": (one.title, pages.slides(one, language)) for one in lessons}
    return contents | decks


def _print(path: Path, printer: str) -> Path:
    """Print a file to PDF, by this browser."""
    target = path.with_suffix(".pdf").absolute()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            printer, "--headless", "--disable-gpu", "--no-pdf-header-footer",
            f"--user-data-dir={profile}", f"--print-to-pdf={target}", path.absolute().as_uri(),
        ]  # fmt: skip
        if getattr(os, "geteuid", lambda: 1)() == 0:  # Chromium's own sandbox refuses root
            command.insert(1, "--no-sandbox")
        subprocess.run(command, check=True, capture_output=True)
    return target
