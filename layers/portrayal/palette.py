"""Colours: of industries, belts, regions and layout units, and how they are darkened and mixed."""

from __future__ import annotations

from data.models import Industry

# The six families that clusters use differ pairwise by CIE76 >= 20, also for protanopes and
# deuteranopes; the others are told apart by their labels.
INDUSTRY_COLOURS: dict[str, str] = {
    "it": "#2a78d0",
    "equipment": "#cf6418",
    "materials": "#5b2a90",
    "biology": "#b01848",
    "nev": "#2fb3a3",
    "energy": "#e2b71c",
    "environment": "#4d8f3a",
    "digital-creative": "#c277d4",
    "services": "#6b7f94",
    "steel": "#46525e",
    "machinery": "#8a5a2b",
    "petrochemical": "#1c5d6b",
    "food": "#a3a71f",
    "emergency": "#e05b4a",
    "passive-building": "#7cb8e0",
    "rehabilitation": "#e59ac0",
    "future": "#2b3a8f",
}

# Tints of the four belts and of the regions, in the order in which their document names them.
BELT_COLOURS: tuple[str, ...] = ("#9db8d9", "#8fcbc6", "#e2c48d", "#a9cc92")
# The same hues for the belts' bands on a layout sheet, strong enough to be seen on their own.
PLANNED_COLOURS: tuple[str, ...] = ("#3f7fcb", "#1f9e94", "#d18a1a", "#3f7d35")
REGION_COLOURS: tuple[str, ...] = ("#d9a6a6", "#9db8d9", "#8fcbc6", "#e2c48d", "#a9cc92")

CORE_RED = "#c8102e"
STAR_GOLD = "#ffd21f"
POLE_RED = "#9e1b32"

_FUTURE = "future"
OTHER = "services"  # the family of what has no colour of its own


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def contrast(colour: str) -> float:
    """Contrast ratio (WCAG 2) of a ``#rrggbb`` colour on white, 1 to 21.

    >>> contrast("#000000")
    21.0
    """
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return round(1.05 / (luminance + 0.05), 2)


def ink(colour: str, least: float = 5.5) -> str:
    """Return `colour`, darkened just enough to be read as text on white.

    >>> ink("#b01848"), ink("#e2b71c")
    ('#b01848', '#7e660f')
    """
    for percent in range(100, -1, -1):
        red, green, blue = (channel * percent // 100 for channel in _channels(colour))
        if contrast(shade := f"#{red:02x}{green:02x}{blue:02x}") >= least:
            return shade
    return "#000000"


def tint(colour: str, share: float) -> str:
    """Return `colour` mixed with white, of which `share` (0 to 1) is colour.

    >>> tint("#b01848", 0.5)
    '#d88ca4'
    """
    red, green, blue = (round(255 - (255 - channel) * share) for channel in _channels(colour))
    return f"#{red:02x}{green:02x}{blue:02x}"


def family(industry: Industry) -> str:
    """Return the id of the colour family that an industry is drawn in.

    Future industries share one colour. So do industries that a data folder adds.

    Parameters
    ----------
    industry
        An industry of the filter's vocabulary.

    Returns
    -------
    str
        A key of :data:`INDUSTRY_COLOURS`.
    """
    if industry.group == _FUTURE:
        return _FUTURE
    return industry.id if industry.id in INDUSTRY_COLOURS else OTHER
