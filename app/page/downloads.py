"""The downloads panel: layers as files, printed sheets, and the address of the API.

Files hold exactly what the view shows. They are built only when the user downloads them.
"""

from __future__ import annotations

import streamlit as st

from app.page import connection, state
from app.page.language import gloss, say
from geo.crs import CGCS2000_GEOGRAPHIC, WGS84_GEOGRAPHIC
from layers.atlas import Atlas
from layers.formats.export import FORMATS, SPLIT, Format, ZoneUse, export, export_name, zone_uses
from layers.markup import escape_markdown
from layers.printing import sheet_files
from layers.reading.view import View, ids

_MENU = "_downloads"
_SHEETS = {"pdf": "PDF", "png": "PNG (300 dpi)", "svg": "SVG"}
_PAPERS = {"a4": "A4", "a3": "A3"}


def show(atlas: Atlas, view: View) -> None:
    """Offer the shown layers as files and as a map sheet, and show the address of the API.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    """
    if not any(ids(atlas, layer, view) for layer in view.layers):
        st.button(
            say("没有可下载的要素"), disabled=True, icon=":material/download:", width="stretch"
        )
        return
    menu = st.popover(
        say("下载与打印所示 {n} 个图层", n=len(view.layers)),
        icon=":material/download:",
        width="stretch",
        key=_MENU,
        on_change=state.use,
    )
    if not menu.open:  # the zones are computed only when needed
        return
    with menu:
        files, sheets, live = st.tabs([say("数据"), say("图幅"), say("实时连接")])
        with files:
            _files(atlas, view)
        with sheets:
            _sheets(atlas, view)
        with live:
            _live()


def _files(atlas: Atlas, view: View) -> None:
    """Offer the layers in a format and a CRS, with their limits stated before the download."""
    titles = {i: gloss(f.title) for i, f in FORMATS.items()}
    spec = FORMATS[st.selectbox(say("格式"), list(FORMATS), format_func=titles.__getitem__)]
    crs = _crs(atlas, view, spec)
    for limit in spec.limits:
        st.caption(f"· {gloss(limit)}")
    if spec.metric and crs is None:
        st.caption(say("所选要素都没有图形，不能生成此格式。"))
        return
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
    st.caption(
        say("{name}：内容与当前筛选一致，含来源、几何状态与元数据。", name=escape_markdown(name))
    )


def _crs(atlas: Atlas, view: View, spec: Format) -> str | None:
    """Return the chosen CRS as an EPSG code or ``split``; ``None`` is the default CRS.

    A format in metres offers no degrees, and nothing at all where no feature has geometry.
    """
    if spec.crs:
        return None
    uses = zone_uses(atlas, view.layers, view)
    degrees = (
        {}
        if spec.metric
        else {str(c.code): gloss(c.title) for c in (CGCS2000_GEOGRAPHIC, WGS84_GEOGRAPHIC)}
    )
    offers = degrees | {str(use.crs.code): _offer(use) for use in uses}
    if not offers:
        return None
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


def _sheets(atlas: Atlas, view: View) -> None:
    """Offer the view as a printed map sheet."""
    kind = st.selectbox(say("图幅格式"), list(_SHEETS), format_func=_SHEETS.__getitem__)
    paper = st.segmented_control(
        say("纸张"), list(_PAPERS), default="a3", required=True, format_func=_PAPERS.__getitem__
    )
    how = sheet_files.Print(
        paper, kind, sheet_files.review_number(), state.display().layout_diagram
    )
    st.download_button(
        say("生成图幅"),
        data=lambda: sheet_files.single(atlas, view, how),
        file_name=sheet_files.name(atlas, view, how),
        on_click="ignore",
        type="primary",
        width="stretch",
    )
    if how.review_number:
        st.caption(say("图上印有审图号 {number}。", number=escape_markdown(how.review_number)))
    else:
        st.caption(say("未配置审图号，图上加印“示意图 · 未经审核 · 仅供内部使用”。"))
    if sheet_files.is_planned(view, how):
        st.caption(say("与地图一致，布局按规划图式绘制，图上注明示意。"))
    st.caption(say("按市或按集群的成套图幅用命令行 {command}。", command="`jitu print --series`"))


def _live() -> None:
    """Explain how a GIS reads the same layers from the running server."""
    if not connection.is_served():
        st.caption(say("此页面以 {command} 启动，没有实时连接；", command="`streamlit run`"))
        st.caption(say("改用 {command} 启动即可。", command="`jitu app`"))
        return
    st.code(f"{(st.context.url or '').rstrip('/')}/ogc", language=None)
    st.caption(
        say(
            "QGIS：图层 → 添加 WFS / OGC API - Features 图层，填入上面的地址。"
            "可加筛选参数，如 ?year=2025&industry=it；从其他机器连接需要令牌。"
        )
    )
