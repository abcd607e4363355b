"""The crosswalk panel: the terms that each document uses for an industry of the filter."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from app.page.language import as_html, gloss, say
from data.models import Industry
from layers.atlas import Atlas


def show(atlas: Atlas) -> None:
    """Show a table with a row per industry of the filter and a column per document.

    Parameters
    ----------
    atlas
        The atlas.
    """
    records = atlas.records
    groups = {
        "strategic": say("战略性新兴产业"),
        "traditional": say("传统优势产业"),
        "high-potential": say("高潜产业"),
        "future": say("未来产业"),
    }
    titles = [
        say("筛选用产业"),
        *(f"{d.id} {gloss(d.short_title)}" for d in records.documents),
    ]
    head = "".join(f'<th scope="col">{as_html(title)}</th>' for title in titles)
    body = "".join(
        f'<tbody><tr><th colspan="{len(titles)}" scope="rowgroup">'
        f"<span>{as_html(groups[group])}</span></th></tr>"
        f"{''.join(_row(atlas, industry) for industry in industries)}</tbody>"
        for group, industries in groupby(records.industries, key=lambda i: i.group)
    )
    st.html(
        f'<div class="jitu-wide" role="region" tabindex="0" aria-label="{say("产业对照")}">'
        f"<table><thead><tr>{head}</tr></thead>{body}</table></div>"
    )
    st.caption(
        say(
            "筛选按左列产业进行；各文件自己的用语对应到左列，一个用语可对应多个产业。"
            "在“查找”中输入用语，可直接按该文件的意思筛选。"
        )
    )


def _row(atlas: Atlas, industry: Industry) -> str:
    said = (
        words.by_industry.get(industry.id, ()) for words in atlas.records.industry_words.values()
    )
    cells = "".join(f"<td>{as_html('、'.join(words))}</td>" for words in said)
    return f'<tr><th scope="row">{as_html(gloss(industry.name, atlas))}</th>{cells}</tr>'
