"""Bases and projects: each mention's stage, and parks that are both."""

from __future__ import annotations

from layers.catalogue import KINDS
from layers.reading.counts import counts_by_county, ids_by_industry_and_city
from layers.reading.details import describe_feature, feature_row
from layers.reading.view import View

BOTH = View(2027, layers=("bases", "projects"))


def test_a_base_tells_the_stage_of_each_mention(atlas, records):
    rows = atlas.frames["bases"].set_index("site_id")
    for base in rows.itertuples():
        past = {m.historical for _, m in records.base_mentions() if m.base == base.Index}
        assert set(base.stage.split("、")) == {"现状" if p else "规划" for p in past}
        assert base.sources.count("（现状）") + base.sources.count("（规划）") == base.mentions
    assert rows.loc["ts-robots", "stage"] == "现状、规划"
    facts = dict(describe_feature(atlas, feature_row(atlas, "bases:ts-robots")).facts)
    assert "一（一）第4段（现状）" in facts["全部出处（3次）"]


def test_a_park_that_is_base_and_project_has_one_number(atlas, records):
    linked = {p.base for _, p in records.projects() if p.base}
    assert len(linked) == 8
    bases, projects = (set(atlas.frames[layer]["site_id"]) for layer in BOTH.layers)
    assert bases & projects == {b.id for b in records.bases if b.id in linked and b.places}


def test_such_a_park_counts_once(atlas):
    park = "mc-rail-park"
    alone = counts_by_county(atlas, View(2027, layers=("bases",)))["130607"]
    together = counts_by_county(atlas, BOTH)["130607"]
    projects = atlas.frames["projects"]
    here = projects[[("130607" in codes) for codes in projects["adcodes"]]]
    assert park in set(here["site_id"])
    assert sum(together.values()) == sum(alone.values()) + len(here) - 1

    cells = ids_by_industry_and_city(atlas, BOTH)
    found = [i for i in cells["equipment", "130600"] if i.startswith(("bases:", "projects:"))]
    assert f"bases:{park}" in found
    assert "projects:003-project-037" not in found


def test_details_say_that_it_is_both(atlas):
    for layer, other in (("bases", "重大项目"), ("projects", "基地与园区")):
        rows = atlas.frames[layer].set_index("site_id")
        facts = dict(
            KINDS[layer].facts(
                atlas, rows.loc["mc-rail-park"].to_dict() | {"site_id": "mc-rail-park"}
            )
        )
        assert facts["另列为"] == other
