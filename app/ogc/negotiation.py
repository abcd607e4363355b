"""Content negotiation: the parameter ``f`` decides, otherwise the header ``Accept``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from starlette.requests import Request

from app.ogc.problems import ProblemError, bad_request, quoted

Form = Literal["json", "html"]

FORMS: tuple[Form, ...] = ("json", "html")
HTML = "text/html"


def form_of(request: Request, json_type: str) -> Form:
    """Return the form of the response.

    Parameters
    ----------
    request
        The request.
    json_type
        The media type of the resource's JSON form.

    Raises
    ------
    ProblemError
        400: the parameter ``f`` names no known form. 406: the client accepts neither form.
    """
    wanted = request.query_params.get("f")
    if wanted is not None:
        for form in FORMS:
            if wanted == form:
                return form
        raise bad_request(f"参数 f 没有值{quoted(wanted)}；可用：{'、'.join(FORMS)}。")
    accept = request.headers.get("accept", "*/*")
    found = preferred(accept, json_type)
    if found is None:
        raise ProblemError(
            HTTPStatus.NOT_ACCEPTABLE,
            f"只能给出 {json_type.partition(';')[0]} 或 {HTML}，请求头 Accept 两样都不要。",
        )
    return found


def preferred(accept: str, json_type: str) -> Form | None:
    """Return the form that an ``Accept`` header prefers.

    Parameters
    ----------
    accept
        The value of the header.
    json_type
        The media type of the resource's JSON form.

    Returns
    -------
    Form or None
        JSON if the header prefers both forms equally, ``None`` if it accepts neither.

    Examples
    --------
    >>> preferred("text/html,*/*;q=0.8", "application/json")
    'html'
    >>> preferred("application/geo+json, */*;q=0.1", "application/json")
    'json'
    >>> preferred("image/png", "application/json") is None
    True
    """
    json_types = {json_type.partition(";")[0], "application/json"}
    best: dict[Form, tuple[int, float]] = dict.fromkeys(FORMS, (-1, 0.0))  # specificity, weight
    for part in accept.split(","):
        media_range, *options = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(options)
        for form in FORMS:
            specificity = _specificity(media_range, json_types if form == "json" else {HTML})
            if specificity >= 0:
                best[form] = max(best[form], (specificity, weight))
    first = max(FORMS, key=lambda form: (best[form][1], form == "json"))
    return first if best[first][1] > 0 else None


def _specificity(media_range: str, media_types: set[str]) -> int:
    """Return how exactly a range matches: 2 type, 1 family (``text/*``), 0 any, -1 not at all."""
    if media_range in media_types:
        return 2
    if media_range in {f"{name.partition('/')[0]}/*" for name in media_types}:
        return 1
    return 0 if media_range == "*/*" else -1


def _weight(options: list[str]) -> float:
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
