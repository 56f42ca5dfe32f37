"""Text in figures: the course's own Chinese font, and what to write where no font has a character."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

from mtl_tutorial import arguments

F = TypeVar("F", bound=Figure)

FAMILY = "Course Sans SC"
FONT = Path(__file__).parent / "course_sans_sc" / "CourseSansSC.otf"
"""A part of Noto Sans SC (see `subset`), so that Chinese in figures needs no font of the machine."""

# What the machine may have for characters beyond it, such as traditional ones.
_CJK_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip


@cache
def _fonts() -> tuple[str, ...]:
    """Font families for all text: Matplotlib's own, the course's, one of the machine."""
    font_manager.fontManager.addfont(FONT)
    known = {font.name for font in font_manager.fontManager.ttflist}
    return ("DejaVu Sans", FAMILY, *[name for name in _CJK_FONTS if name in known][:1])


@cache
def _glyphs() -> frozenset[int]:
    return frozenset().union(
        *(FT2Font(font_manager.findfont(family)).get_charmap() for family in _fonts())
    )


def legible(texts: Iterable[str]) -> list[str]:
    """The texts as a figure can show them, all different if they were.

    Where no font has a character, a text is replaced by what is left of it without accents or, if
    characters are still missing, by its place in the list ("#3"): never by empty boxes.

    Examples
    --------
    >>> legible(["family", "none"])
    ['family', 'none']
    """
    shown = []
    for place, text in enumerate(arguments.names("texts", texts, "texts"), start=1):
        latin = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
        if all(ord(c) in _glyphs() for c in text):
            shown.append(text)
        elif len(latin.strip()) >= len(text.strip()):
            shown.append(latin)
        else:
            shown.append(f"#{place}")
        while shown[-1] in shown[:-1]:
            shown[-1] += "'"
    return shown


def use_fonts(figure: F) -> F:
    """Give every text of the figure the course's fonts, the Chinese one after Matplotlib's own."""
    arguments.instance("figure", figure, Figure)
    for text in figure.findobj(lambda artist: hasattr(artist, "set_fontfamily")):
        text.set_fontfamily(list(_fonts()))
    return figure


def families() -> list[str]:
    """Font families that show Chinese too, for figures that are made with pyplot alone.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> plt.rcParams["font.family"] = families()
    """
    return list(_fonts())
