"""Downloads: exactly what is shown, in the format and CRS one chooses, built when asked for."""

from __future__ import annotations

import streamlit as st

from app.language import gloss, say
from geo.crs import CGCS2000_GEOGRAPHIC, WGS84_GEOGRAPHIC
from layers.catalogue import Atlas
from layers.exports import FORMATS, SPLIT, Format, ZoneUse, export, export_name, zone_uses
from layers.markup import plain
from layers.view import View, select


def show(atlas: Atlas, view: View) -> None:
    """Offer the shown layers for download; what a format or zone costs is said before."""
    if not any(len(select(atlas, layer, view)) for layer in view.layers):
        st.button(
            say("没有可下载的要素"), disabled=True, icon=":material/download:", width="stretch"
        )
        return
    with st.popover(
        say("下载所示 {n} 个图层", n=len(view.layers)),
        icon=":material/download:",
        width="stretch",
    ):
        titles = {i: gloss(f.title) for i, f in FORMATS.items()}
        spec = FORMATS[st.selectbox(say("格式"), list(FORMATS), format_func=titles.__getitem__)]
        crs = _crs(atlas, view, spec)
        for limit in spec.limits:
            st.caption(f"· {gloss(limit)}")
        name, media_type = export_name(atlas, view.layers, view, spec.id, crs)
        st.download_button(
            say("下载"),
            data=lambda: export(atlas, view.layers, view, spec.id, crs).data,
            file_name=name,
            mime=media_type,
            on_click="ignore",
            type="primary",
            width="stretch",
        )
        st.caption(say("{name}：内容与当前筛选一致，含来源、几何状态与元数据。", name=plain(name)))


def _crs(atlas: Atlas, view: View, spec: Format) -> str | None:
    """Let one choose the CRS; name the zones the data lies in and what each costs."""
    if spec.crs:
        return None
    uses = zone_uses(atlas, view.layers, view)
    offers = {
        str(CGCS2000_GEOGRAPHIC.code): gloss(CGCS2000_GEOGRAPHIC.title),
        str(WGS84_GEOGRAPHIC.code): gloss(WGS84_GEOGRAPHIC.title),
        **{str(use.crs.code): _offer(use) for use in uses},
    }
    if len(uses) > 1:
        offers[SPLIT] = say("按3度带分带（{n} 带，各自投影）", n=len(uses))
    chosen: str = st.selectbox(
        say("坐标系"),
        list(offers),
        format_func=offers.__getitem__,
        help=say("高斯-克吕格为 CGCS2000 3度带，坐标不含带号；含带号的用命令行 --crs 4526 等。"),
    )
    return None if chosen == str(CGCS2000_GEOGRAPHIC.code) else chosen


def _offer(use: ZoneUse) -> str:
    return say(
        "3度带 {meridian}°E（EPSG:{code}，{n} 个要素在带内，长度变形最大 {error:.2%}）",
        meridian=use.crs.meridian,
        code=use.crs.code,
        n=use.features,
        error=use.scale_error,
    )
