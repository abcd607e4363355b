"""How sheets are made, apart from what they show. Loads no drawing library."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Print:
    """How sheets are made.

    Attributes
    ----------
    paper
        One of `layers.printing.canvas.PAPERS`.
    format
        One of `layers.printing.sheet.FORMATS`. PNG has 300 dots per inch.
    review_number
        The map's review number (审图号). Without one a sheet is stamped as unreviewed.
    layout_diagram
        Whether the layout is drawn as a layout diagram (规划图式), and not by its members.
    """

    paper: str = "a4"
    format: str = "pdf"
    review_number: str | None = None
    layout_diagram: bool = False
