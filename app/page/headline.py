"""The headline figures of what is shown; each opens the list of what it counts."""

from __future__ import annotations

import streamlit as st

from app.page import links
from app.page.language import as_html, say
from layers.reading.summary import Summary


def show(summary: Summary, shared: int) -> None:
    """Show the figures as one strip.

    Parameters
    ----------
    summary
        The figures of the view.
    shared
        The number of counties that are part of several clusters.
    """
    st.html(markup(summary, shared))


def markup(summary: Summary, shared: int) -> str:
    """Return the figures as HTML; a sum names the number of clusters that it covers.

    Parameters
    ----------
    summary
        The figures of the view; revenue in 亿元.
    shared
        The number of counties that are part of several clusters.

    Returns
    -------
    str
        A list with one item per figure, as HTML.
    """
    year, revenue = summary.year, summary.revenue_yi
    clusters, key_clusters = summary.clusters, summary.key_clusters
    by_city, by_zone = summary.counties_of_cities, summary.counties_of_zones
    with_target, thousand = summary.with_target, summary.at_least_thousand
    total = "—" if revenue is None else say("{n:,} 亿元", n=revenue)
    cards = (
        _figure("view:clusters", clusters, say("产业集群"), say("{n} 个", n=clusters)),
        _listing("view:key", key_clusters, say("其中重点支持 {n} 个", n=key_clusters)),
        _figure(
            "view:counties",
            summary.counties_named,
            say("文件点名的县(市、区)"),
            say("{n} 个", n=summary.counties_named),
        ),
        "　".join(
            (
                *_some("view:of-cities", by_city, say("另随所在市 {n} 个", n=by_city)),
                _listing("view:hosting", by_zone, say("另经开发区所在 {n} 个", n=by_zone)),
                *_some("view:shared", shared, say("{n} 个属多个集群", n=shared)),
            )
        ),
        _figure(
            "view:with-target", with_target, say("{year}年营业收入合计预计超", year=year), total
        ),
        as_html(
            say("{n} 个集群有目标", n=with_target) if with_target else say("所示集群无该年目标")
        ),
        _figure("view:thousand", thousand, say("预计达千亿元及以上"), say("{n} 个", n=thousand)),
        as_html(say("{year}年目标 ≥ 1,000 亿元", year=year)),
    )
    pairs = zip(cards[::2], cards[1::2], strict=True)
    items = "".join(f"<li>{figure}<p>{note}</p></li>" for figure, note in pairs)
    return f'<ul class="jitu-headline">{items}</ul>'


def _figure(key: str, count: int, label: str, value: str) -> str:
    return _opening(key, count, f"{as_html(label)}<b>{as_html(value)}</b>")


def _some(key: str, count: int, text: str) -> tuple[str, ...]:
    return (_listing(key, count, text),) if count else ()


def _listing(key: str, count: int, text: str) -> str:
    return _opening(key, count, as_html(text))


def _opening(key: str, count: int, markup: str) -> str:
    """Return a button that opens a list of the view; for an empty list, plain text."""
    return links.button(key, markup) if count else f"<span>{markup}</span>"
