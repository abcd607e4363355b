"""Cartographic rules as tiny pictures: one shape, one style, one expected picture, a tolerance.

The pictures lie in `tests/pictures/`. Where a rule changes on purpose, delete its picture and run
``pytest tests/test_cartography.py --draw``; then look at the new one before it is committed.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from matplotlib import pyplot

from layers.kinds.growth import KIND as GROWTH
from layers.portrayal import lettering, style, symbols, targets
from layers.portrayal.drawing import Ring, Symbol
from layers.portrayal.palette import BELT_COLOURS, INDUSTRY_COLOURS
from layers.printing.canvas import MM_PER_INCH, Paper, Pen, TextStyle
from layers.printing.symbols import PlacedSymbol, draw_legend_symbol, draw_symbol
from layers.reading.drawings import drawings

PICTURES = Path(__file__).with_name("pictures")
PAPER = Paper("tiny", 24, 16, px=0.25, text=6)
DPI = 100
# What may differ: rounding at edges, on another processor.
MEAN_DIFFERENCE, FAR, FAR_SHARE = 1.5, 60, 0.01
SQUARE = shapely.box(4, 3, 20, 13)
CENTRE = (12.0, 8.0)

Rule = Callable[[Pen], None]


def hatch(pen: Pen) -> None:
    """A county that merely hosts a zone is hatched, never filled."""
    pen.shape(SQUARE, style.core("it", "host-county").style)


def surveyed(pen: Pen) -> None:
    """A division that a document names is filled, with a solid outline."""
    pen.shape(SQUARE, style.core("materials", "administrative").style)


def belt_below_radiation(pen: Pen) -> None:
    """A belt is a translucent band with long dashes; a radiation area keeps its hue on it."""
    pen.shape(SQUARE, style.band("belt-0", BELT_COLOURS[0]).style, order=1)
    pen.shape(shapely.box(8, 5, 16, 11), style.radiation("energy", "administrative").style, order=2)


def label_halo(pen: Pen) -> None:
    """A label keeps a white rim on a dark fill."""
    pen.shape(SQUARE, style.core("materials", "administrative").style, order=1)
    look = lettering.CLUSTER.lines[0]
    size = look.size_px * PAPER.px
    halo = lettering.HALO_PX * PAPER.px
    written = TextStyle(
        size, bold=True, colour=INDUSTRY_COLOURS["materials"], align="center", halo=halo
    )
    pen.text(*CENTRE, "新材料", written)


def unit_symbols(pen: Pen) -> None:
    """核 is a star in a ring, 极 a double ring, 翼 a diamond."""
    for x, design in ((4.5, symbols.CORE), (14, symbols.POLE), (20, symbols.WING)):
        draw_legend_symbol(pen, design, (x, 8), 0.9)


def site_symbols(pen: Pen) -> None:
    """A base is a square and a project a triangle, with a white outline."""
    for x, design in ((8, symbols.BASE), (16, symbols.PROJECT)):
        draw_legend_symbol(pen, design, (x, 8), 2.0)


def circles(pen: Pen) -> None:
    """A circle's area is its target; the year's has a thick ring, one past 千亿 a star."""
    colour = INDUSTRY_COLOURS["it"]
    figures = ((2023, 400), (2025, 900), (2027, 1500))
    fills = targets.fills(colour, len(figures))
    rings = tuple(
        Ring(year, targets.radius_px(yi), fill, yi >= 1000)
        for (year, yi), fill in zip(figures, fills, strict=True)
    )
    symbol = Symbol(symbols.CIRCLES, CENTRE, colour, rings)
    draw_symbol(pen, placed(symbol), 2027)


def placed(symbol: Symbol) -> PlacedSymbol:
    return PlacedSymbol(symbol, symbol.at, (6.0, 6.0, 6.0, 6.0), symbol.at)


RULES: tuple[Rule, ...] = (
    hatch, surveyed, belt_below_radiation, label_halo, unit_symbols, site_symbols, circles,
)  # fmt: skip


def picture(rule: Rule) -> np.ndarray:
    """The picture of a rule, height × width × RGB, 0 to 255."""
    pen = Pen(PAPER, (PAPER.width / MM_PER_INCH, PAPER.height / MM_PER_INCH))
    rule(pen)
    buffer = io.BytesIO()
    pen.figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    buffer.seek(0)
    return read(buffer)


def read(file: io.BytesIO | Path) -> np.ndarray:
    return np.asarray(pyplot.imread(file)[..., :3] * 255)


def differ(made: np.ndarray, expected: np.ndarray) -> bool:
    """Whether two pictures differ by more than rounding."""
    if made.shape != expected.shape:
        return True
    far = np.abs(made - expected).max(axis=2)
    return bool(far.mean() > MEAN_DIFFERENCE or (far > FAR).mean() > FAR_SHARE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_looks_as_expected(rule, request):
    path = PICTURES / f"{rule.__name__}.png"
    made = picture(rule)
    if not path.exists() and request.config.getoption("--draw"):
        PICTURES.mkdir(exist_ok=True)
        pyplot.imsave(path, made / 255, metadata={"Software": None})
    assert not differ(made, read(path)), path


def test_each_picture_has_its_rule_and_differs_from_the_others():
    pictures = {path.stem: read(path) for path in PICTURES.glob("*.png")}
    assert set(pictures) == {rule.__name__ for rule in RULES}
    names = list(pictures)
    for n, one in enumerate(names):
        for other in names[n + 1 :]:
            assert differ(pictures[one], pictures[other]), (one, other)


def test_a_wrong_style_is_noticed():
    def solid(pen: Pen) -> None:
        pen.shape(SQUARE, style.core("it", "administrative").style)

    assert differ(picture(solid), read(PICTURES / "hatch.png"))


def test_the_circles_of_the_atlas_follow_the_rule(atlas):
    for feature in drawings(atlas).values():
        if feature.layer == GROWTH.id:
            radii = [ring.radius_px for ring in feature.drawing.symbol.rings]
            assert radii == sorted(radii), feature.id
