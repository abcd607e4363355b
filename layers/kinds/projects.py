"""Major projects (重大项目) whose place a document names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import geopandas as gpd

from geo.gazetteer import Place
from geo.places import Places
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import Click, Fact, Kind, Row, common_facts
from layers.portrayal import legend, symbols
from layers.portrayal.drawing import Drawing
from layers.portrayal.legend import LegendEntry
from layers.portrayal.style import NamedStyle, Style
from layers.shared import sites
from layers.shared.attributes import industry_values, join_words, planning_period, source_values
from layers.shared.frame import frame

_COLUMNS = (
    *sites.COLUMNS,
    Column("company", "企业", "text", "文件点名的企业。"),
    Column("box", "专栏", "integer", "所在专栏的序号。"),
    Column(
        "place_from_company",
        "地名出自企业名",
        "text",
        "“是”表示地名只见于企业名称，可能是企业所在地。",
    ),
)


def _columns(_years: Sequence[int]) -> tuple[Column, ...]:
    return _COLUMNS


def _build(places: Places) -> gpd.GeoDataFrame:
    """One row per project whose place the text names."""
    records = places.records
    rows = []
    for document, project in records.projects():
        if not project.places:
            continue
        resolved = places.gazetteer.resolve_list(project.places)
        seat = "地名出自企业名称，可能只是企业所在地" if project.place_from_company else None
        rows.append(
            {
                **sites.site_values(
                    places, KIND.feature_id(project.id), resolved, seat, project.note
                ),
                "name": project.name,
                "role": KIND.title,
                **industry_values(records, document, project),
                **source_values(records, document, project.locator),
                "place_text": join_words(project.place_words),
                "placement": "inferred" if project.place_from_company else project.placement,
                "stage": sites.stage_title(project.historical),
                "period": planning_period(records, document),
                "site_id": project.base or project.id,
                "company": project.company,
                "box": project.box,
                "place_from_company": "是" if project.place_from_company else None,
            }
        )
    return frame(rows, _COLUMNS)


def _draw(atlas: Atlas, row: Row, _: int) -> Drawing:
    return sites.drawing(atlas, row, symbols.PROJECT)


def _legend(_atlas: Atlas) -> Iterable[LegendEntry]:
    swatch = legend.always(NamedStyle("site-project", Style()))
    yield LegendEntry(legend.SITES, "site:project", KIND.title, swatch, symbols.PROJECT)


def _facts(_atlas: Atlas, row: Row) -> list[Fact]:
    is_base = row["site_id"] != row["id"].partition(":")[2]
    return [
        *common_facts(row),
        ("企业", row["company"]),
        *sites.facts(row),
        ("另列为", "基地与园区" if is_base else None),
    ]


def _in_zone(atlas: Atlas, place: Place) -> frozenset[str]:
    named = ((project.id, project.places) for _, project in atlas.records.projects())
    return sites.in_zone(KIND, atlas, place, named)


KIND = Kind(
    id="projects",
    title="重大项目",
    description="文件写明地点的重大项目，点位只代表所在地",
    position=90,
    build=_build,
    columns=_columns,
    geometry="points",
    draw=_draw,
    filters=frozenset({"industry", "city"}),
    county_colour="#8fb3cc",
    legend=_legend,
    click=Click(110, in_county=True),
    facts=_facts,
    table=(
        "name", "company", "industry_names", "city", "place_text", "place_level", "placement",
        "stage", "period", "note", "locator",
    ),
    summary_facts=("企业", "产业", "城市", "阶段"),
    profile="重大项目",
    profile_text=sites.profile_text,
    county_sections=sites.county_sections("重大项目"),
    in_zone=_in_zone,
    searched=True,
)  # fmt: skip
