"""About the layers shown: what each holds, from which documents, and how it was drawn."""

from __future__ import annotations

import streamlit as st

from app.page.language import gloss, listed, marked, say
from geo.crs import CGCS2000_GEOGRAPHIC
from layers.catalogue import Atlas
from layers.formats.metadata import FILTERS, Content, Metadata, describe_export, status_title
from layers.reading.details import STATUS_METHODS
from layers.reading.view import View


def show(atlas: Atlas, view: View) -> None:
    """Tell of each shown layer its content, documents, geometry statuses and date."""
    if not view.layers:
        st.caption(say("没有打开的图层。"))
    for layer in view.layers:
        about = describe_export(atlas, [layer], view, [CGCS2000_GEOGRAPHIC])
        (content,) = about.contents
        st.html(_section(about, content))


def _section(about: Metadata, content: Content) -> str:
    statuses = "".join(
        f"<dt>{marked(gloss(status_title(status)))} {count}</dt>"
        f"<dd>{marked(gloss(STATUS_METHODS[status]))}</dd>"
        for status, count in content.statuses.items()
    )
    documents = "".join(f"<li>{marked(gloss(s.citation))}</li>" for s in about.sources)
    title = say("{title}　{n} 个要素", title=gloss(content.title), n=content.count)
    parts = [
        f"<h4>{marked(title)}</h4><p>{marked(gloss(content.description))}</p><dl>{statuses}</dl>"
    ]
    if documents:
        parts.append(f"<p><b>{marked(say('资料来源'))}</b></p><ul>{documents}</ul>")
    if content.whole:
        filters = listed(gloss(FILTERS[name]) for name in content.whole)
        parts.append(f"<p>{marked(say('没有{filters}属性，未按其筛选。', filters=filters))}</p>")
    parts.append(f"<p>{marked(say('数据版本 {version}', version=about.data_version))}</p>")
    return f'<section class="jitu-about">{"".join(parts)}</section>'
