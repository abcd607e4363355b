"""The headline figures of what is shown; each opens the list of what it counts."""

from __future__ import annotations

import streamlit as st

from app.page import links
from app.page.language import marked, say
from layers.reading.summary import Summary


def show(summary: Summary, shared: int) -> None:
    """Show the figures as one strip; for `shared` see :func:`markup`."""
    st.html(markup(summary, shared))


def markup(summary: Summary, shared: int) -> str:
    """Return the figures as HTML; a sum names the clusters it stands on.

    `shared` is the number of counties that are part of several clusters.
    """
    year, revenue = summary.year, summary.revenue_yi
    clusters, key_clusters = summary.clusters, summary.key_clusters
    direct, hosting = summary.counties_direct, summary.counties_through_zones
    with_target, thousand = summary.with_target, summary.at_least_thousand
    total = "—" if revenue is None else say("{n:,} 亿元", n=revenue)
    cards = (
        _figure("clusters", clusters, say("产业集群"), say("{n} 个", n=clusters)),
        _listing("key", key_clusters, say("其中重点支持 {n} 个", n=key_clusters)),
        _figure("counties", direct, say("涉及县(市、区)"), say("{n} 个", n=direct)),
        _listing("hosting", hosting, say("另经开发区所在涉及 {n} 个", n=hosting))
        + (f"　{_listing('shared', shared, say('{n} 个属多个集群', n=shared))}" if shared else ""),
        _figure("with-target", with_target, say("{year}年营业收入合计预计超", year=year), total),
        marked(
            say("{n} 个集群有目标", n=with_target) if with_target else say("所示集群无该年目标")
        ),
        _figure("thousand", thousand, say("预计达千亿元及以上"), say("{n} 个", n=thousand)),
        marked(say("{year}年目标 ≥ 1,000 亿元", year=year)),
    )
    pairs = zip(cards[::2], cards[1::2], strict=True)
    items = "".join(f"<li>{figure}<p>{note}</p></li>" for figure, note in pairs)
    return f'<ul class="jitu-headline">{items}</ul>'


def _figure(name: str, count: int, label: str, value: str) -> str:
    return _opening(name, count, f"{marked(label)}<b>{marked(value)}</b>")


def _listing(name: str, count: int, text: str) -> str:
    return _opening(name, count, marked(text))


def _opening(name: str, count: int, markup: str) -> str:
    """Return a button that opens a list of the view; an empty list leaves its text alone."""
    return links.button(f"view:{name}", markup) if count else f"<span>{markup}</span>"
