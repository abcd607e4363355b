"""Which representation a client gets: the parameter ``f``, otherwise the header ``Accept``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from starlette.requests import Request

from app.ogc.problems import ProblemError, bad, quoted

Form = Literal["json", "html"]

FORMS: tuple[Form, ...] = ("json", "html")
HTML = "text/html"


def form_of(request: Request, json_type: str) -> Form:
    """Return the form to answer in; `json_type` is the media type of the JSON on offer.

    Raises
    ------
    ProblemError
        400: the parameter names no form. 406: the client accepts none of those on offer.
    """
    wanted = request.query_params.get("f")
    if wanted is not None:
        for form in FORMS:
            if wanted == form:
                return form
        raise bad(f"参数 f 没有值{quoted(wanted)}；可用：{'、'.join(FORMS)}。")
    accept = request.headers.get("accept", "*/*")
    found = preferred(accept, json_type)
    if found is None:
        raise ProblemError(
            HTTPStatus.NOT_ACCEPTABLE,
            f"只能给出 {json_type.partition(';')[0]} 或 {HTML}，请求头 Accept 两样都不要。",
        )
    return found


def preferred(accept: str, json_type: str) -> Form | None:
    """Return the form that an ``Accept`` header prefers; JSON where it does not care.

    >>> preferred("text/html,*/*;q=0.8", "application/json")
    'html'
    >>> preferred("application/geo+json, */*;q=0.1", "application/json")
    'json'
    >>> preferred("image/png", "application/json") is None
    True
    """
    json_types = {json_type.partition(";")[0], "application/json"}
    best: dict[Form, tuple[int, float]] = dict.fromkeys(FORMS, (-1, 0.0))  # precision, weight
    for part in accept.split(","):
        kind, *options = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(options)
        for form in FORMS:
            own = json_types if form == "json" else {HTML}
            families = {f"{name.partition('/')[0]}/*" for name in own}
            rank = 2 if kind in own else 1 if kind in families else 0 if kind == "*/*" else -1
            if rank >= 0:
                best[form] = max(best[form], (rank, weight))
    first = max(FORMS, key=lambda form: (best[form][1], form == "json"))
    return first if best[first][1] > 0 else None


def _weight(options: list[str]) -> float:
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
