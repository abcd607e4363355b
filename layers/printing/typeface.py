"""The typeface of printed sheets: the shipped font, the width of a text, and its line breaks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

FOLDER = Path(__file__).resolve().parent.parent.parent / "static" / "fonts"
# Top and bottom of a Chinese character above and below the base line, as shares of its size.
ASCENT, DESCENT = 0.88, 0.12
_NEVER_FIRST = "、，。；：！？）》」』”’…"
_NEVER_LAST = "（《「『“‘"
_NAME = 5  # characters; a listed name of which only so many would fit starts the next line


class MissingGlyphError(ValueError):
    """The shipped font lacks characters of the sheet.

    Parameters
    ----------
    missing
        The characters.
    """

    def __init__(self, missing: set[str]) -> None:
        named = "、".join(f"{c}（U+{ord(c):04X}）" for c in sorted(missing))
        super().__init__(f"字体中没有这些字符：{named}；请用 scripts/make_fonts.py 重新生成字体")
        self.missing = frozenset(missing)


def path(*, bold: bool = False) -> Path:
    """Return the path of the font's file.

    Parameters
    ----------
    bold
        Whether it is the bold font.
    """
    return FOLDER / f"JituSans-{'Bold' if bold else 'Regular'}.ttf"


@cache
def properties(*, bold: bool = False) -> FontProperties:
    """Return the font as matplotlib refers to it.

    Parameters
    ----------
    bold
        Whether it is the bold font.
    """
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
    """Return the characters of a text that the font lacks.

    Parameters
    ----------
    text
        The text.
    bold
        Whether it is bold.

    Examples
    --------
    >>> missing("河北省"), missing("𠮷")
    (set(), {'𠮷'})
    """
    return set(text) - _characters(bold=bold)


def width(text: str, size: float, *, bold: bool = False, spacing: float = 0.0) -> float:
    """Return the width of a text, in the unit of `size`.

    Parameters
    ----------
    text
        The text, one line.
    size
        Height of a Chinese character.
    bold
        Whether it is bold.
    spacing
        Space between characters, in the unit of `size`.

    Examples
    --------
    >>> width("河北", 2.0)
    4.0
    """
    between = spacing * max(0, len(text) - 1)
    return sum(_advance(c, bold=bold) for c in text) * size + between


def wrap(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines.

    No line begins with a closing mark or ends with an opening one. Numbers and words stay whole
    where a line has room for them.

    Parameters
    ----------
    text
        The text.
    room
        The greatest width of a line, in the unit of `size`.
    size
        Height of a Chinese character.
    bold
        Whether it is bold.

    Examples
    --------
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
    """Return the end of a line that moves to the next: a name just begun, or part of a pair."""
    begun = line.rpartition("、")[2]
    if len(begun) <= _NAME and begun != line and following[0] not in _NEVER_FIRST:
        return begun
    pieces = _pieces(line)
    tied = following[0] in _NEVER_FIRST or line[-1] in _NEVER_LAST
    return pieces[-1] if tied and len(pieces) > 1 else ""
