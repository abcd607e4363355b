"""The documents the atlas was read from."""

from __future__ import annotations

import streamlit as st

from layers.catalogue import Atlas
from layers.sources import FORMS


def show(atlas: Atlas) -> None:
    """List the documents, what each of them is, and what was read from it."""
    counts = {layer: frame["document"].value_counts() for layer, frame in atlas.frames.items()}
    st.dataframe(
        [
            {
                "编号": d.id,
                "文件": d.title,
                "性质": FORMS[d.form],
                "范围": d.region,
                "规划期": _period(d.period_start, d.period_end),
                "刊载": "，".join(v for v in (d.publisher, d.published) if v),
                "图上要素": sum(int(c.get(d.id, 0)) for c in counts.values()),
                "说明": d.note or "",
            }
            for d in atlas.library.documents
        ],
        hide_index=True,
    )
    info = atlas.library.atlas
    st.caption(f"{info.attribution}。{info.disclaimer}数据版本 {atlas.library.data_version}。")


def _period(start: int | None, end: int | None) -> str:
    if start and end:
        return f"{start}—{end}年"
    return f"至{end}年" if end else ""
