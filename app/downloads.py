"""Downloads: exactly what is shown, built only when asked for."""

from __future__ import annotations

import streamlit as st

from layers.catalogue import Atlas
from layers.exports import bundle, bundle_name
from layers.view import View


def show(atlas: Atlas, view: View) -> None:
    """Offer the shown layers as GeoJSON: one file, or a zip of one file per layer."""
    name, media_type = bundle_name(atlas, view.layers, view) if view.layers else ("", "")
    st.download_button(
        f"下载所示 {len(view.layers)} 个图层（GeoJSON）" if view.layers else "没有可下载的图层",
        data=lambda: bundle(atlas, view.layers, view).data,
        file_name=name or None,
        mime=media_type or None,
        on_click="ignore",
        disabled=not view.layers,
        icon=":material/download:",
        width="stretch",
        help="WGS84，UTF-8。每个图层一个文件，多个图层打包为 zip；"
        "内容与当前筛选一致，含来源与几何状态。",
    )
