"""The documents the atlas was read from."""

from __future__ import annotations

import streamlit as st

from app import profiles
from app.language import gloss, say
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
                say("编号"): d.id,
                say("文件"): gloss(d.title),
                say("性质"): gloss(FORMS[d.form]),
                say("范围"): gloss(d.region),
                say("规划期"): _period(d.period_start, d.period_end),
                say("刊载"): "，".join(v for v in (d.publisher, d.published) if v),
                say("图上要素"): sum(int(c.get(d.id, 0)) for c in counts.values()),
                say("说明"): gloss(d.note or ""),
            }
            for d in atlas.library.documents
        ],
        hide_index=True,
    )
    titles = {f"document:{d.id}": f"{d.id} {gloss(d.title)}" for d in atlas.library.documents}
    chosen = st.selectbox(
        say("查看文件内容"),
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        placeholder=say("选择文件：集群、目标、现状数据、行动、产业体系、未上图的记录"),
    )
    if chosen and (found := profile(atlas, chosen)) is not None:
        profiles.show(atlas, found)
    info = atlas.library.atlas
    note = say(
        "{attribution}。{disclaimer}数据版本 {version}。",
        attribution=gloss(info.attribution),
        disclaimer=gloss(info.disclaimer),
        version=atlas.library.data_version,
    )
    st.caption(plain(note))


def _period(start: int | None, end: int | None) -> str:
    if start and end:
        return gloss(f"{start}—{end}年")
    return say("至{year}年", year=end) if end else ""
