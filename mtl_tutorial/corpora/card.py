"""`Card`: what a corpus is, whose it is, and its known problems."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from mtl_tutorial.corpora.download import Pin, cache_folder

_WIDTH = 96


@dataclass(frozen=True, repr=False)
class Card:
    """A corpus' card; shown, it reads as a page.

    Attributes
    ----------
    name, about
        Its name and, in one sentence, what it holds.
    languages
        ``"en"``, ``"zh"``.
    source
        Where the files come from, version included.
    license
        The terms of text and labels.
    citation
        The papers to cite.
    counts
        What is counted (a split, mostly) → how many sentences or other units.
    problems
        Known duplicates, leaks between the splits, errors, and what the loader does about them.
    files
        Name → pinned file.
    """

    name: str
    about: str
    languages: tuple[str, ...]
    source: str
    license: str
    citation: str
    counts: Mapping[str, int]
    problems: tuple[str, ...]
    files: Mapping[str, Pin]

    @property
    def is_here(self) -> bool:
        """Whether the cache has all files, so that loading needs no network."""
        return all(pin.place.is_file() for pin in self.files.values())

    def __repr__(self) -> str:
        sizes = {pin.archive or pin: (pin.archive or pin).size for pin in self.files.values()}
        megabytes = sum(sizes.values()) / 1e6
        folder = cache_folder() / next(iter(sizes)).path.partition("/")[0]
        lines = {
            "languages": [", ".join(self.languages)],
            "source": [self.source],
            "license": [self.license],
            "cite": [self.citation],
            "counts": [" · ".join(f"{name} {n:,}" for name, n in self.counts.items())],
            "problems": self.problems,
            "download": [f"{megabytes:.1f} MB in {len(sizes)} file(s), kept in {folder}"],
        }
        page = [f"{self.name}: {self.about}"]
        for title, paragraphs in lines.items():
            for i, paragraph in enumerate(paragraphs):
                head = f"  {'' if i else title:<11}"
                page += textwrap.wrap(
                    paragraph,
                    _WIDTH,
                    initial_indent=head,
                    subsequent_indent=" " * len(head),
                    break_long_words=False,
                    break_on_hyphens=False,
                )
        return "\n".join(page)
