"""The detail panel: what lies at the clicked point, and what the plans say about one feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.page import links, profiles, quotes, session, state
from app.page.language import as_html, gloss, say
from app.page.session import Focus
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.kinds.bases import MENTIONS
from layers.markup import escape_markdown
from layers.reading.details import (
    Details,
    FeatureAtPoint,
    describe_feature,
    feature_row,
    features_at_point,
)
from layers.reading.lists import headline_list
from layers.reading.profile import profile
from layers.reading.view import View

_FOUND = "found-at-point"  # key of the choice among what lies at a point
_ACTIONS = "actions"
_PANEL = "panel"  # the style sheet keeps it beside the map, however long it is


def place() -> DeltaGenerator:
    """Return the place of the panel on the page."""
    return st.container(key=_PANEL)


def show(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show what is in focus: a point, a feature, a profile or a list.

    Where nothing is in focus, the panel says how to choose something.

    Parameters
    ----------
    atlas
        The atlas.
    view
        What the page shows; a point and a list are answered within it.
    focus
        What the planner looks at.
    """
    if focus == Focus():
        st.caption(
            say(
                "点击地图任一位置，查看该处的核心承载区、辐射区域、产业带和政区；"
                "也可在上方查找，或在下方表格中选择一行。"
            )
        )
        return
    if focus.at is not None:
        _list(atlas, features_at_point(atlas, view, *focus.at), focus)
    row = feature_row(atlas, focus.feature) if focus.feature else None
    if row is not None:
        _details(atlas, describe_feature(atlas, row))
        _actions(atlas, view, row)
        quotes.show(atlas, row["id"])
    subject = focus.profile or _division(focus.feature)
    if subject and (found := headline_list(atlas, view, subject) or profile(atlas, subject)):
        profiles.show(atlas, found)


def zoomed_to(focus: Focus) -> str | None:
    """Return the feature that the map should move to.

    Parameters
    ----------
    focus
        What the planner looks at.

    Returns
    -------
    str or None
        The id of the feature in focus, if a move to it was asked for.
    """
    target = session.current().zoom_target
    return target if target == focus.feature else None


def _actions(atlas: Atlas, view: View, row: Mapping[str, Any]) -> None:
    """Offer to move the map to a feature, and to see only its city or county."""
    with st.container(key=_ACTIONS, horizontal=True, gap="small"):
        st.button(
            say("缩放至此"),
            icon=":material/zoom_in_map:",
            on_click=_zoom,
            args=(row["id"],),
            disabled=row["geometry"] is None,
        )
        if len(row["city_adcodes"]) == 1:
            (city,) = row["city_adcodes"]
            _only(atlas.records.cities[city], view.cities == (city,), state.filter_city, city)
        if len(row["adcodes"]) == 1:
            (county,) = row["adcodes"]
            name = atlas.places.boundaries.counties.loc[county, "name"]
            _only(name, view.counties == (county,), state.filter_county, county)


def _zoom(feature_id: str) -> None:
    state.use()
    session.current().zoom_target = feature_id


def _only(name: str, is_on: bool, toggle: Callable[[str], None], adcode: str) -> None:
    place = escape_markdown(gloss(name))
    st.button(
        say("不再只看{place}", place=place) if is_on else say("只看{place}", place=place),
        key=f"only-{adcode}",
        icon=":material/filter_alt:",
        on_click=toggle,
        args=(adcode,),
    )


def _division(feature_id: str | None) -> str | None:
    """Return the key of the profile of a county or city that was chosen as a feature."""
    layer, _, code = (feature_id or "").partition(":")
    kind = KINDS.get(layer)
    return f"{kind.division}:{code}" if kind and kind.division else None


def _list(atlas: Atlas, found: list[FeatureAtPoint], focus: Focus) -> None:
    if not found:
        st.info(say("该处不在图集范围内，没有规划内容。"), icon=":material/location_off:")
        return
    titles = {f.id: _title(atlas, f) for f in found}
    st.session_state[_FOUND] = focus.feature if focus.feature in titles else None
    st.radio(
        say("该处共 {n} 项，选一项看详情", n=len(found)),
        list(titles),
        key=_FOUND,
        index=None,
        format_func=titles.__getitem__,
        on_change=lambda: state.look_at(feature=st.session_state[_FOUND], at=focus.at),
    )


def _title(atlas: Atlas, found: FeatureAtPoint) -> str:
    names = [found.name, found.belongs_to] if found.belongs_to else [found.name]
    role, *rest = (escape_markdown(gloss(text, atlas)) for text in (found.role, *names))
    return "　".join((f"**{role}**", *rest))


def _details(atlas: Atlas, details: Details) -> None:
    def html(text: str) -> str:
        return as_html(gloss(text, atlas))

    targets = "".join(
        f"<li><b>{html(f'{year}年')}</b><span>{html(text)}</span></li>"
        for year, text in details.targets
    )
    facts = "".join(
        f"<dt>{html(label)}</dt><dd>{html(text)}</dd>"
        for label, text in details.facts
        if not label.startswith(MENTIONS)  # stand under the title
    )
    source = links.cited(atlas, details.citations, with_form=True)
    status = html(details.status)
    if details.note:
        status = say("{status}：{note}", status=status, note=html(details.note))
    st.html(
        f'<section class="jitu-details"><h3>{html(details.title)}</h3>'
        f"<p>{html(details.role)}</p>"
        f"<p><b>{say('来源')}</b>　{source}</p>"
        + (f"<h4>{html(details.targets_title)}</h4><ul>{targets}</ul>" if targets else "")
        + f"<dl>{facts}</dl>"
        f"<footer><p><b>{say('几何状态')}</b>　{status}</p></footer></section>"
    )
