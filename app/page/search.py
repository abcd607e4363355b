"""Search by name: counties, cities, industries, documents, clusters, bases, projects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import streamlit as st

from app.page import language, state
from app.page.language import gloss, say
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.reading.profile import subjects

_TERM = "term"


def show(atlas: Atlas) -> None:
    """Draw the search box; choosing a name sets the focus to its profile or its feature.

    Parameters
    ----------
    atlas
        The atlas.
    """
    titles = _titles(atlas, language.chosen())
    state.mirror(state.SEARCH, None, titles)
    st.selectbox(
        say("查找"),
        list(titles),
        index=None,
        key=state.SEARCH,
        format_func=titles.__getitem__,
        placeholder=say("查找县、市、产业、集群、基地、项目、文件"),
        filter_mode="contains",
        label_visibility="collapsed",
        on_change=_choose,
        args=(atlas,),
    )


@lru_cache(maxsize=4)
def _titles(atlas: Atlas, chosen: str) -> dict[str, str]:  # noqa: ARG001 — a cache key
    """Return key → title of everything that can be found; equal titles also show their ids."""
    titles = {key: gloss(title, atlas) for key, title in subjects(atlas).items()}
    titles |= _features(atlas) | _terms(atlas)
    count = Counter(titles.values())
    return {
        key: title if count[title] == 1 else f"{title} {key.rpartition(':')[2]}"
        for key, title in titles.items()
    }


def _features(atlas: Atlas) -> dict[str, str]:
    return {
        row["id"]: say(
            "{name}（{about}）",
            name=gloss(row["name"], atlas),
            about=f"{_of(row)}{gloss(KINDS[layer].title)}",
        )
        for layer in (kind.id for kind in KINDS.values() if kind.searched)
        for row in atlas.frames[layer].drop(columns="geometry").to_dict("records")
    }


def _of(row: Mapping[str, Any]) -> str:
    company = row.get("company")
    return say("{company}，", company=company) if isinstance(company, str) else ""


def _terms(atlas: Atlas) -> dict[str, str]:
    """Return the documents' own industry terms; choosing one filters by what it means."""
    terms: dict[str, str] = {}
    for document, words in atlas.records.industry_words.items():
        title = gloss(atlas.records.document_by_id[document].short_title)
        for word in words.industries:
            terms[f"{_TERM}:{document}:{word}"] = say(
                "{word}（《{document}》用语，按产业筛选）", word=word, document=title
            )
    return terms


def _choose(atlas: Atlas) -> None:
    chosen = st.session_state[state.SEARCH]
    if chosen is None:
        return
    kind, _, rest = chosen.partition(":")
    if kind == _TERM:
        document, _, term = rest.partition(":")
        state.filter_industries(atlas.records.industry_words[document].industries[term])
    elif kind in KINDS:
        state.look_at(feature=chosen)
    else:
        state.look_at(profile=chosen)
