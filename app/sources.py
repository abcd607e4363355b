"""The documents the atlas was read from."""

from __future__ import annotations

import streamlit as st

from app import profiles
from layers.catalogue import Atlas
from layers.markup import plain
from layers.profile import profile
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
    titles = {f"document:{d.id}": f"{d.id} {d.title}" for d in atlas.library.documents}
    chosen = st.selectbox(
        "查看文件内容",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder="选择文件：集群、目标、现状数据、行动、产业体系、未上图的记录",
    )
    if chosen and (found := profile(atlas, chosen)) is not None:
        profiles.show(found)
    info = atlas.library.atlas
    note = f"{info.attribution}。{info.disclaimer}数据版本 {atlas.library.data_version}。"
    st.caption(plain(note))


def _period(start: int | None, end: int | None) -> str:
    if start and end:
        return f"{start}—{end}年"
    return f"至{end}年" if end else ""
