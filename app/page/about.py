"""The panel about the shown layers: content, documents, geometry statuses and data version."""

from __future__ import annotations

import streamlit as st

from app.page.language import as_html, gloss, join_list, say
from geo.crs import CGCS2000_GEOGRAPHIC
from layers.atlas import Atlas
from layers.formats.metadata import FILTER_TITLES, ExportedLayer, Metadata, describe_export
from layers.portrayal.status import STATUS_METHODS, STATUS_TITLES
from layers.reading.view import View


def show(atlas: Atlas, view: View) -> None:
    """Describe each shown layer: content, documents, geometry statuses and data version.

    Parameters
    ----------
    atlas
        The atlas.
    view
        The view.
    """
    if not view.layers:
        st.caption(say("没有打开的图层。"))
    for layer in view.layers:
        about = describe_export(atlas, [layer], view, [CGCS2000_GEOGRAPHIC])
        (content,) = about.contents
        st.html(_section(about, content))


def _section(about: Metadata, content: ExportedLayer) -> str:
    statuses = "".join(
        f"<dt>{as_html(gloss(STATUS_TITLES[status]))} {count}</dt>"
        f"<dd>{as_html(gloss(STATUS_METHODS[status]))}</dd>"
        for status, count in content.statuses.items()
    )
    documents = "".join(f"<li>{as_html(gloss(s.citation))}</li>" for s in about.sources)
    title = say(
        "{title}　共 {n} 项，上图 {mapped} 项",
        title=gloss(content.title),
        n=content.items,
        mapped=content.mapped,
    )
    parts = [
        f"<h4>{as_html(title)}</h4><p>{as_html(gloss(content.description))}</p><dl>{statuses}</dl>"
    ]
    if documents:
        parts.append(f"<p><b>{as_html(say('资料来源'))}</b></p><ul>{documents}</ul>")
    if content.whole:
        filters = join_list(gloss(FILTER_TITLES[name]) for name in content.whole)
        parts.append(f"<p>{as_html(say('没有{filters}属性，未按其筛选。', filters=filters))}</p>")
    parts.append(f"<p>{as_html(say('数据版本 {version}', version=about.data_version))}</p>")
    return f'<section class="jitu-about">{"".join(parts)}</section>'
