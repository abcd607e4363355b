"""The crosswalk: which words each document uses for an industry of the filter."""

from __future__ import annotations

import streamlit as st

from app.language import gloss, say
from layers.catalogue import Atlas


def show(atlas: Atlas) -> None:
    """Show one row per industry of the filter and one column per document."""
    library = atlas.library
    groups = {
        "strategic": say("战略性新兴产业"),
        "traditional": say("传统优势产业"),
        "high-potential": say("高潜产业"),
        "future": say("未来产业"),
    }
    st.dataframe(
        [
            {
                say("类别"): groups[industry.group],
                say("筛选用产业"): gloss(industry.name, atlas),
                **{
                    f"{document.id} {gloss(document.short_title)}": "、".join(
                        industry.terms.get(document.id, ())
                    )
                    for document in library.documents
                },
            }
            for industry in library.industries
        ],
        hide_index=True,
        height=460,
        row_height=36,
    )
    st.caption(
        say(
            "筛选按左列产业进行；各文件自己的用语对应到左列，一个用语可对应多个产业。"
            "在“查找”中输入用语，可直接按该文件的意思筛选。"
        )
    )
