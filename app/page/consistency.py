"""The consistency panel: where documents agree and differ, each side with its source."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from app.page.language import as_html, gloss, say
from layers.atlas import Atlas
from layers.reading.consistency import Finding, findings


def show(atlas: Atlas) -> None:
    """Show all findings by group, with a filter by verdict.

    Parameters
    ----------
    atlas
        The atlas.
    """
    found = findings(atlas.records)
    if not found:
        st.caption(say("资料中没有可比对的内容。"))
        return
    titles = {f.verdict: gloss(f.verdict) for f in found}
    verdicts = st.pills(
        say("结论"),
        list(titles),
        selection_mode="multi",
        format_func=titles.__getitem__,
        label_visibility="collapsed",
    )
    shown = [f for f in found if not verdicts or f.verdict in verdicts]
    st.caption(
        say(
            "{n} 项。各方说法并列，不作合并；结论为本图集整理，文件本身没有说明。",
            n=len(shown),
        )
    )
    groups = [
        f"<tbody><tr><th colspan=4>{as_html(gloss(group))}</th></tr>"
        f"{''.join(map(_row, rows))}</tbody>"
        for group, rows in groupby(shown, key=lambda f: f.group)
    ]
    columns = (say("事项"), say("各方说法与出处"), say("结论"), say("说明"))
    head = "".join(f"<th>{column}</th>" for column in columns)
    st.html(f'<table class="jitu-table"><thead><tr>{head}</tr></thead>{"".join(groups)}</table>')


def _row(finding: Finding) -> str:
    sides = "".join(
        f"<p>{as_html(s.says)}<small>{as_html('；'.join(s.sources))}</small></p>"
        for s in finding.sides
    )
    return (
        f"<tr><td>{as_html(finding.topic)}</td><td>{sides}</td>"
        f"<td>{as_html(gloss(finding.verdict))}</td><td>{as_html(finding.remark or '')}</td></tr>"
    )
