"""Checks the pages of `make site`: links, anchors, alternative texts, and, with a browser, axe.

``python book/check.py site [--axe chromium]``: prints every fault, and ends with status 1 if there is one.
"""

import argparse
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

IMPACTS = ("serious", "critical")


class Page(HTMLParser):
    """What a page links to, loads, and can be linked at."""

    def __init__(self, path: Path):
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.unsaid: list[str] = []  # pictures without an alternative text
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.anchors |= {found[name] or "" for name in ("id", "name") if name in found}
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        loads = {"img": "src", "script": "src", "link": "href", "iframe": "src"}
        if (name := loads.get(tag)) and found.get(name) and found.get("rel") != "canonical":
            self.loaded.append(found[name] or "")
        if tag == "img" and "alt" not in found:
            self.unsaid.append(str(found.get("src"))[:60])


@cache
def read(path: Path) -> Page:
    return Page(path)


def pages(folder: Path) -> list[Path]:
    """The pages under a folder; themes leave templates in theirs."""
    return sorted(path for path in folder.rglob("*.html") if "_static" not in path.parts)


def faults(folder: Path) -> Iterator[str]:
    """What is wrong with the pages of a folder, one line each."""
    folder = folder.resolve()
    if not pages(folder):
        yield f"{folder}: there is no page"
    for path in pages(folder):
        page, name = read(path), path.relative_to(folder)
        for picture in page.unsaid:
            yield f"{name}: no alternative text: {picture}"
        for address in page.loaded:
            if urlsplit(address).scheme in ("http", "https") or address.startswith("//"):
                yield f"{name}: loads from elsewhere: {address}"
        for address in [*page.links, *page.loaded]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{name}: leads nowhere: {address}"
            elif target.suffix == ".html" and "=" not in parts.fragment:  # the lab's has a state
                if unquote(parts.fragment) not in {"", *read(target).anchors}:
                    yield f"{name}: no such place: {address}"


def axe_faults(folder: Path, executable: str, schemes: tuple[str, ...]) -> Iterator[str]:
    """What axe finds serious on each page, in light and dark."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable)
        for path in pages(folder.resolve()):
            for scheme in schemes:
                page = browser.new_page(color_scheme=scheme)
                page.goto(path.as_uri())
                found = Axe().run(page).response["violations"]
                page.close()
                for each in found:
                    if each["impact"] in IMPACTS:
                        where = each["nodes"][0]["html"][:150]
                        yield f"{path.relative_to(folder.resolve())} ({scheme}): {each['id']}: {each['help']}: {where}"
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--axe", metavar="CHROMIUM", help="the browser to run axe in")
    parser.add_argument("--schemes", nargs="+", default=["light", "dark"])
    chosen = parser.parse_args()
    found = list(faults(chosen.folder))
    if chosen.axe:
        found += axe_faults(chosen.folder, chosen.axe, tuple(chosen.schemes))
    print("\n".join(found) or "no faults")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
