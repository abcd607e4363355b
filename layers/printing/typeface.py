"""The typeface of printed sheets: the shipped font, how wide a text is, how a text wraps."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "fonts"
# Where the font's characters stand, in shares of their size: top and bottom of a Chinese character.
ASCENT, DESCENT = 0.88, 0.12
_NEVER_FIRST = "、，。；：！？）》」』”’…"
_NEVER_LAST = "（《「『“‘"
_NAME = 5  # characters; a name in a list of which no more would fit starts the next line


class MissingGlyphError(ValueError):
    """The shipped font lacks characters that the sheet would have to show."""

    def __init__(self, missing: set[str]) -> None:
        named = "、".join(f"{c}（U+{ord(c):04X}）" for c in sorted(missing))
        super().__init__(f"字体中没有这些字符：{named}；请用 scripts/make_fonts.py 重新生成字体")
        self.missing = frozenset(missing)


def path(*, bold: bool = False) -> Path:
    """Return the font's file."""
    return FOLDER / f"JituSans-{'Bold' if bold else 'Regular'}.ttf"


@cache
def properties(*, bold: bool = False) -> FontProperties:
    """Return the font as matplotlib names it."""
    return FontProperties(fname=path(bold=bold))


@cache
def _face(*, bold: bool) -> FT2Font:
    return FT2Font(str(path(bold=bold)))


@cache
def _advance(character: str, *, bold: bool) -> float:
    if missing(character, bold=bold):
        return 1.0  # it will not be drawn
    face = _face(bold=bold)
    glyph = face.load_char(ord(character), flags=LoadFlags.NO_SCALE)
    return float(glyph.horiAdvance / face.units_per_EM)


@cache
def _characters(*, bold: bool) -> frozenset[str]:
    return frozenset(map(chr, _face(bold=bold).get_charmap()))


def missing(text: str, *, bold: bool = False) -> set[str]:
    """Return the characters of `text` that the font lacks.

    >>> missing("河北省"), missing("𠮷")
    (set(), {'𠮷'})
    """
    return set(text) - _characters(bold=bold)


def width(text: str, size: float, *, bold: bool = False, spacing: float = 0.0) -> float:
    """Return how wide `text` is, in the unit of `size`; `spacing` is added between characters.

    >>> width("河北", 2.0)
    4.0
    """
    between = spacing * max(0, len(text) - 1)
    return sum(_advance(c, bold=bold) for c in text) * size + between


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break `text` into lines no wider than `room`, in the unit of `size`.

    No line begins with a closing mark or ends with an opening one; numbers and words stay whole
    as long as a line holds them.

    >>> wrap("一二三四、五六", 4.0, 1.0)
    ['一二三', '四、五六']
    >>> wrap("甲县、乙县、丙县", 7.0, 1.0)
    ['甲县、乙县、', '丙县']
    """
    lines, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece, size, bold=bold) > room:
            carried = _carried(line, piece)
            lines.append(line[: len(line) - len(carried)].rstrip())
            line = carried
        line = (line + piece) if line else piece.lstrip()
        while width(line, size, bold=bold) > room and len(line) > 1:
            fits = next(
                n
                for n in range(len(line) - 1, 0, -1)
                if n == 1 or width(line[:n], size, bold=bold) <= room
            )
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """Split a text where a line may end: between Chinese characters and after spaces."""
    pieces: list[str] = []
    for c in text:
        joined = pieces and c.isascii() and c != " " and pieces[-1][-1].isascii()
        if joined and pieces[-1][-1] != " ":
            pieces[-1] += c
        else:
            pieces.append(c)
    return pieces


def _carried(line: str, following: str) -> str:
    """Return what moves to the next line: a name just begun, or the neighbour of a mark."""
    begun = line.rpartition("、")[2]
    if len(begun) <= _NAME and begun != line and following[0] not in _NEVER_FIRST:
        return begun
    pieces = _pieces(line)
    tied = following[0] in _NEVER_FIRST or line[-1] in _NEVER_LAST
    return pieces[-1] if tied and len(pieces) > 1 else ""
