"""What exports say about themselves: complete, in words people read and in XML programs read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from owslib.iso3 import MD_Metadata

from geo.crs import parse_crs
from layers.catalogue import KINDS
from layers.formats.metadata import (
    describe_export,
    metadata_json,
    metadata_text,
    metadata_xml,
    xml_text,
)
from layers.reading.view import View, select

VIEW = View(2025, industries=("it",))
GCO = "{http://standards.iso.org/iso/19115/-3/gco/1.0}CharacterString"


@pytest.fixture(scope="module")
def described(atlas):
    return describe_export(
        atlas, ["clusters", "layout", "targets"], VIEW, [parse_crs("4547")], steps=["末步"]
    )


@pytest.mark.parametrize("layer", KINDS)
def test_counts_and_sources_are_those_of_the_selection(atlas, layer):
    rows = select(atlas, layer, VIEW)
    (content,) = describe_export(atlas, [layer], VIEW, []).contents
    assert content.count == len(rows) == sum(content.statuses.values())
    assert content.statuses.get("none", 0) == rows.geometry.isna().sum()
    sources = describe_export(atlas, [layer], VIEW, []).sources
    assert {s.id for s in sources} == set(rows["document"].dropna())
    assert {(s.id, at) for s in sources for at in s.locators} == set(
        rows[["document", "locator"]].dropna().itertuples(index=False, name=None)
    )


def test_the_text_says_it_all(atlas, described):
    text = metadata_text(described)
    for word in (
        "新一代信息技术", "2025年", "EPSG:4547", "114°E", "重点支持的产业集群 第2个", "全文",
        "媒体摘编，河北日报，2022-03-01", "没有产业属性，未按其筛选", "无图形", "末步",
        atlas.records.data_version, atlas.records.atlas.disclaimer, atlas.records.atlas.attribution,
    ):  # fmt: skip
        assert word in text, word


def test_the_json_names_the_filter_that_did_not_apply(described):
    content = metadata_json(described)
    assert content["filter"] == {
        "year": 2025, "industries": ["it"], "tiers": [], "cities": [], "counties": [],
        "not_applicable": ["industry"],
    }  # fmt: skip
    assert content["geometry_status"]["targets"].keys() == {"administrative", "none"}


def test_a_reader_of_iso_19115_finds_the_core_elements(atlas, described):
    read = MD_Metadata(etree.fromstring(metadata_xml(described)))
    (data,) = read.identification
    assert read.identifier == described.identifier
    assert (read.languagecode, read.charset, read.hierarchy) == ("zho", "utf8", "dataset")
    assert read.referencesystem.code == "EPSG:4547"
    assert data.title == described.title
    assert data.abstract == described.abstract
    assert [d.date for d in data.date] == [atlas.records.atlas.date]
    assert data.uselimitation == [atlas.records.atlas.disclaimer]
    assert data.otherconstraints == [atlas.records.atlas.attribution]
    assert data.topiccategory == ["economy", "planningCadastre"]
    box = data.extent.boundingBox
    assert tuple(map(float, (box.minx, box.miny, box.maxx, box.maxy))) == described.extent
    words = [word.name for keywords in data.keywords for word in keywords.keywords]
    assert {"产业集群", "2025年", "新一代信息技术"} <= set(words)
    texts = [element.text for element in etree.fromstring(metadata_xml(described)).iter(GCO)]
    assert set(described.steps) <= set(texts)
    for source in described.sources:
        assert any(source.title in text and source.locators[0] in text for text in texts)


def test_without_geometry_there_is_no_extent(atlas):
    view = View(2025, industries=("materials",))
    found = describe_export(atlas, ["targets"], view, [parse_crs("4490")])
    assert found.extent is None
    assert MD_Metadata(etree.fromstring(metadata_xml(found))).identification[0].title == found.title


@given(st.text())
def test_any_text_can_stand_in_xml(text):
    kept = xml_text(text)
    element = etree.Element("a")
    element.text = kept  # lxml refuses what XML 1.0 forbids
    assert set(text) - set(kept) <= {chr(c) for c in (*range(32), 0xFFFE, 0xFFFF)}
