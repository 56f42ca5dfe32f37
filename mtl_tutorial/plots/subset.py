"""Make the course's Chinese font anew: the part of Noto Sans SC that the course, or a learner, needs.

Run it with ``make font`` when a test says that a new character of the course is not in the font.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from mtl_tutorial.plots.fonts import FAMILY, FONT

CHECKOUT = Path(__file__).parents[2]
WRITTEN = ("mtl_tutorial/**/*.py", "notebooks/source/*.py", "data/**/*.jsonl", "data/runs/*.csv")
"""Files whose characters the course may draw: words of the package, lessons, sentences, tables."""


def characters_of_the_course() -> set[str]:
    """Every character in `WRITTEN`."""
    files = (file for pattern in WRITTEN for file in sorted(CHECKOUT.glob(pattern)))
    return {c for file in files for c in file.read_text("utf-8") if c.isprintable()}


def characters() -> set[str]:
    """What goes into the font: the course's characters, common ones, punctuation and full width.

    Common are the 3,755 of GB 2312's first level, so that labels of a learner's own data show, and
    a new sentence in a lesson seldom needs a new font.
    """
    first_level = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    common = "".join(pair.decode("gb2312", errors="ignore") for pair in first_level)
    signs = map(chr, [*range(0x20, 0x7F), *range(0x3000, 0x3030), *range(0xFF01, 0xFF5F)])
    return {*common, *signs, *characters_of_the_course()}


def make(source: Path, out: Path) -> None:
    """Write the part of the font `source` that has `characters`, under the family name `FAMILY`."""
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[*range(7), 13, 14])
    options.drop_tables += ["BASE", "vhea", "vmtx", "VORG"]  # for vertical text
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    _rename(font)
    subset.save_font(font, out, options)


def _rename(font: TTFont) -> None:
    """Call it by another name than the whole font, which the machine may have as well."""
    plain = FAMILY.replace(" ", "")
    for identity, name in {
        1: FAMILY,
        3: f"{plain}; Noto Sans SC 2.004",
        4: FAMILY,
        6: plain,
    }.items():
        font["name"].setName(name, identity, 3, 1, 0x409)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [plain]


if __name__ == "__main__":
    make(import_module("pylopdf_fonts_zh_cn").sans_path(), FONT)
    print(f"{FONT.relative_to(CHECKOUT)}: {FONT.stat().st_size / 1000:,.0f} kB")
