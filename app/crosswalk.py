"""The crosswalk: which words each document uses for an industry of the filter."""

from __future__ import annotations

import streamlit as st

from layers.catalogue import Atlas

_GROUPS = {
    "strategic": "战略性新兴产业",
    "traditional": "传统优势产业",
    "high-potential": "高潜产业",
    "future": "未来产业",
}


def show(atlas: Atlas) -> None:
    """Show one row per industry of the filter and one column per document."""
    library = atlas.library
    st.dataframe(
        [
            {
                "类别": _GROUPS[industry.group],
                "筛选用产业": industry.name,
                **{
                    f"{document.id} {document.short_title}": "、".join(
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
        "筛选按左列产业进行；各文件自己的用语对应到左列，一个用语可对应多个产业。"
        "在“查找”中输入用语，可直接按该文件的意思筛选。"
    )
