"""Circles whose area is a revenue target: radii, fills by year, and the sizes of the legend."""

from __future__ import annotations

import math

from layers.portrayal.palette import tint

SIZES_YI: tuple[int, ...] = (500, 1000, 2000)  # the circles of the legend
# Outlines: of the largest circle in its own colour, of those within it in white.
OUTER_OUTLINE_PX, INNER_OUTLINE_PX = 1.0, 0.6
_TARGET_YI, _TARGET_PX = 2500, 26.0  # this target has this radius


def radius_px(revenue_yi: float) -> float:
    """Return the radius of the circle whose area is a revenue target.

    Parameters
    ----------
    revenue_yi
        The target in 亿元.

    Returns
    -------
    float
        Screen pixels.

    Examples
    --------
    >>> radius_px(2500), radius_px(625)
    (26.0, 13.0)
    """
    return round(_TARGET_PX * math.sqrt(revenue_yi / _TARGET_YI), 1)


def fills(colour: str, count: int) -> tuple[str, ...]:
    """Return the fills of a cluster's circles, the earliest year first: `colour`, then lighter.

    Parameters
    ----------
    colour
        ``#rrggbb``, of the cluster's industry.
    count
        How many years have a target.

    Examples
    --------
    >>> fills("#5b2a90", 3)
    ('#5b2a90', '#a083bf', '#d3c6e1')
    """
    shares = [1.0, *(0.58 * 0.46**n for n in range(count))]
    return tuple(tint(colour, share) for share in shares[:count])
