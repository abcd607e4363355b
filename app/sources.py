"""The documents the atlas was read from."""

from __future__ import annotations

import streamlit as st

from app import documents, profiles
from app.language import gloss, say
from layers.catalogue import Atlas
from layers.markup import plain
from layers.profile import profile, subjects


def show(atlas: Atlas) -> None:
    """List the documents, what each of them is, and what was read from it."""
    counts = {layer: frame["document"].value_counts() for layer, frame in atlas.frames.items()}
    st.dataframe(
        [
            {
                say("编号"): d.id,
                say("简称"): gloss(d.short_title),
                say("文件"): gloss(d.title),
                say("图上要素"): sum(int(c.get(d.id, 0)) for c in counts.values()),
                **documents.facts(d),
            }
            for d in atlas.library.documents
        ],
        hide_index=True,
    )
    titles = {
        key: gloss(title) for key, title in subjects(atlas).items() if key.startswith("document:")
    }
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
