"""The consistency view: what agrees and what does not, each side with its source."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from layers.catalogue import Atlas
from layers.consistency import Finding, findings
from layers.markup import safe


def show(atlas: Atlas) -> None:
    """Show all findings, group by group; nothing is merged and nothing is decided."""
    found = findings(atlas.library)
    if not found:
        st.caption("资料中没有可比对的内容。")
        return
    verdicts = st.pills(
        "结论",
        list(dict.fromkeys(f.verdict for f in found)),
        selection_mode="multi",
        label_visibility="collapsed",
    )
    shown = [f for f in found if not verdicts or f.verdict in verdicts]
    st.caption(f"{len(shown)} 项。各方说法并列，不作合并；结论为本图集整理，文件本身没有说明。")
    groups = [
        f"<tbody><tr><th colspan=4>{safe(group)}</th></tr>{''.join(map(_row, rows))}</tbody>"
        for group, rows in groupby(shown, key=lambda f: f.group)
    ]
    head = "<tr><th>事项</th><th>各方说法与出处</th><th>结论</th><th>说明</th></tr>"
    st.html(f'<table class="jitu-table"><thead>{head}</thead>{"".join(groups)}</table>')


def _row(finding: Finding) -> str:
    sides = "".join(
        f"<p>{safe(s.says)}<small>{safe('；'.join(s.sources))}</small></p>" for s in finding.sides
    )
    return (
        f"<tr><td>{safe(finding.topic)}</td><td>{sides}</td>"
        f"<td>{safe(finding.verdict)}</td><td>{safe(finding.remark or '')}</td></tr>"
    )
