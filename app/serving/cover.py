"""The page's cover: title, figures, filters and map, there before Streamlit's page has started.

Streamlit's page is empty until its scripts have run, a connection stands and the script has
answered. So the document that is asked for (``app/serving/html_shell.py``) carries what the page will show
first, made by the same functions, and the map is drawn on it. ``static/page/cover.js`` lays that map
into the page once its place is there, and takes the cover away. Where the page would not look like
it (a filter, two maps, faults in the data, an atlas that nobody has asked for yet), there is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from streamlit import config

from app.page import atlas_map, frame, headline, language, state
from app.page.assets import Assets, MapFiles
from app.page.language import gloss, marked, say
from layers.catalogue import Atlas
from layers.reading.counts import shared_counties
from layers.reading.facets import facets
from layers.reading.query import filter_options
from layers.reading.summary import summarise
from layers.reading.view import View
from layers.web.empty_map import script_json

_STYLE = Path(__file__).resolve().parent / "cover.css"


@dataclass(frozen=True)
class Cover:
    """What a cover adds to a document, as HTML."""

    head: str
    body: str


def cover(address: Mapping[str, tuple[str, ...]]) -> Cover | None:
    """Return the cover of what an address names, in the chosen language; ``None`` without one."""
    built = frame.built()
    return _cover(*built, tuple(address.items()), language.chosen()) if built else None


@lru_cache(maxsize=64)
def _cover(
    atlas: Atlas, assets: Assets, address: tuple[tuple[str, tuple[str, ...]], ...], spoken: str
) -> Cover | None:
    view, focus, options, unknown = state.parse(atlas, dict(address))
    summary = summarise(atlas, view)
    if unknown or view.is_filtered or options.compare_year or not summary.clusters:
        return None
    (message,) = atlas_map.messages(atlas, view, focus, options).values()
    files = assets.in_language(spoken)
    figures = headline.markup(summary, len(shared_counties(atlas, view)))
    return Cover(
        head=_style() + _drawing(files, message),
        body=f"""
            <div id="jitu-cover" lang="{language.TAGS[spoken]}"><div class="sheet">
              <div class="top" inert>
                <div class="title">{frame.title_html(atlas)}{_languages()}</div>
                {figures}
                {_bar(atlas, view)}
              </div>
              <div class="body"><div class="map"></div><div class="panel"></div></div>
            </div></div>
        """,
    )


def _drawing(files: MapFiles, message: Mapping[str, Any]) -> str:
    """Return what draws the map on the cover; what it needs is asked for at once."""
    address = "./app/static/{}".format
    fetched = (
        f'<link rel="preload" as="fetch" crossorigin href="{address(name)}">' for name in files.data
    )
    return (
        f'<link rel="modulepreload" href="{address(files.module)}">{"".join(fetched)}'
        f'<script type="module">import map from "{address(files.module)}";'
        f"map.cover({script_json(message)});</script>"
    )


def _style() -> str:
    """Return the style sheets; a ``rem`` is what Streamlit will make it."""
    size, font = (config.get_option(f"theme.{name}") for name in ("baseFontSize", "font"))
    base = f"html {{ font-size: {size}px !important; }} #jitu-cover {{ font-family: {font}; }}"
    return f"<style>{base}\n{frame.style()}\n{_STYLE.read_text(encoding='utf-8')}</style>"


def _bar(atlas: Atlas, view: View) -> str:
    """Return the filter bar as it will look; nothing in it can be used yet."""
    names, counts = filter_options(atlas), facets(atlas, view)["tier"]
    titles = {
        "year": [gloss(title) for title in names["year"].values()],
        "tier": [f"{gloss(title)} · {counts.get(of, 0)}" for of, title in names["tier"].items()],
        "layer": [gloss(title) for title in names["layer"].values()],
    }
    shown = {gloss(names["layer"][layer]) for layer in view.layers}
    year = {gloss(names["year"][str(view.year)])}
    return f"""
        <div class="row">
          <div>{_label(say("目标年"))}{_options("switch", titles["year"], year)}</div>
          <div class="list">{_label(say("产业"))}<p>{marked(say("全部产业"))}</p></div>
          <div class="list">{_label(say("城市"))}<p>{marked(say("全部城市"))}</p></div>
          <div>{_label(say("集群层级"))}{_options("pills", titles["tier"])}</div>
        </div>
        {_options("pills", titles["layer"], shown)}
    """


def _label(text: str) -> str:
    return f"<h6>{marked(text)}</h6>"


def _languages() -> str:
    return _options("switch", language.TITLES.values(), {language.TITLES[language.chosen()]})


def _options(kind: str, titles: Iterable[str], chosen: Collection[str] = ()) -> str:
    """Return options beside each other, those that are chosen marked."""
    classes = {title: "chosen" if title in chosen else "" for title in titles}
    items = "".join(f'<li class="{of}">{marked(title)}</li>' for title, of in classes.items())
    return f'<ul class="{kind}">{items}</ul>'
