"""The detail panel: what lies at the clicked point, and what the plans say about one feature."""

from __future__ import annotations

import streamlit as st

from app import profiles, quotes, state
from app.state import Focus
from layers.catalogue import Atlas
from layers.details import Details, Found, at_point, describe, feature
from layers.markup import plain, safe
from layers.profile import profile
from layers.view import View

_CHOICE = "_choice"


def show(atlas: Atlas, view: View, focus: Focus) -> None:
    """Show the list for a point, the details of a feature, or how to get there."""
    if focus == Focus():
        st.caption(
            "点击地图任一位置，查看该处的核心承载区、辐射区域、产业带和政区；"
            "也可在上方查找，或在下方表格中选择一行。"
        )
        return
    if focus.at is not None:
        _list(at_point(atlas, view, *focus.at), focus)
    row = feature(atlas, focus.feature) if focus.feature else None
    if row is not None:
        _details(describe(atlas, row))
        quotes.show(atlas, row["id"])
    subject = focus.profile or _division(focus.feature)
    if subject is not None and (found := profile(atlas, subject)) is not None:
        profiles.show(found)


def _division(feature_id: str | None) -> str | None:
    """Return the profile's key of a county or city that was chosen as a feature."""
    layer, _, code = (feature_id or "").partition(":")
    kind = {"admin-counties": "county", "admin-cities": "city"}.get(layer)
    return f"{kind}:{code}" if kind else None


def _list(found: list[Found], focus: Focus) -> None:
    if not found:
        st.info("该处不在图集范围内，没有规划内容。", icon=":material/location_off:")
        return
    titles = {f.id: _title(f) for f in found}
    st.session_state[_CHOICE] = focus.feature if focus.feature in titles else None
    st.radio(
        f"该处共 {len(found)} 项，选一项看详情",
        list(titles),
        key=_CHOICE,
        index=None,
        format_func=titles.__getitem__,
        on_change=lambda: state.look_at(feature=st.session_state[_CHOICE], at=focus.at),
    )


def _title(found: Found) -> str:
    owner = f"　{plain(found.belongs_to)}" if found.belongs_to else ""
    return f"**{plain(found.role)}**　{plain(found.name)}{owner}"


def _details(details: Details) -> None:
    targets = "".join(
        f"<li><b>{year}年</b><span>{safe(text)}</span></li>" for year, text in details.targets
    )
    facts = "".join(f"<dt>{safe(label)}</dt><dd>{safe(text)}</dd>" for label, text in details.facts)
    note = f"：{safe(details.note)}" if details.note else ""
    st.html(
        f'<section class="jitu-details"><h3>{safe(details.title)}</h3>'
        f"<p>{safe(details.role)}</p>"
        + (f"<h4>营业收入目标</h4><ul>{targets}</ul>" if targets else "")
        + f"<dl>{facts}</dl>"
        f"<footer><p><b>来源</b>　{safe(details.source)}</p>"
        f"<p><b>几何状态</b>　{safe(details.status)}{note}</p></footer></section>"
    )
