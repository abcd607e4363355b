"""Metadata of an export: title, filter, sources, steps, CRS, geometry statuses, disclaimer.

:func:`describe_export` collects them. They are written as JSON, as a short Chinese text and as XML
with the core elements of ISO 19115-1 (GB/T 19710.1), encoded by ISO 19115-3. The date is the date
of the data, so the bytes do not depend on the clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import geopandas as gpd

from geo.crs import WGS84, Crs
from layers.atlas import Atlas
from layers.catalogue import KINDS
from layers.portrayal.status import STATUS_TITLES, WITHOUT_GEOMETRY
from layers.reading.query import filter_options, filter_titles
from layers.reading.unmapped import unmapped_in
from layers.reading.view import View, select
from layers.shared.vocabulary import FORMS

FILTER_TITLES = {"industry": "产业", "tier": "集群层级", "city": "城市", "county": "县(市、区)"}


@dataclass(frozen=True)
class DocumentSource:
    """A document that is a source of an export.

    Attributes
    ----------
    id, title
        Those of the document.
    form
        ``full-text``, ``excerpt`` or ``digest``.
    publisher, published
        Publisher and date of publication, where known.
    locators
        Where in the document the records of the export are written.
    """

    id: str
    title: str
    form: str
    publisher: str | None
    published: str | None
    locators: tuple[str, ...]

    @property
    def citation(self) -> str:
        """The document as a line of text: id, title, form, and publisher and date where known."""
        known = [FORMS[self.form], self.publisher, self.published]
        return f"{self.id}《{self.title}》（{'，'.join(k for k in known if k)}）"


@dataclass(frozen=True)
class ExportedLayer:
    """The description of one layer of an export.

    Attributes
    ----------
    layer, title, description
        Id, title and description of the layer.
    count
        How many features the export has of it.
    statuses
        Geometry status → number of features.
    whole
        The filters that have a choice but no effect on the layer.
    unmapped
        How many items of the layer are on no map, because no place of theirs can be drawn. Of the
        filters only the industry has an effect on them.
    """

    layer: str
    title: str
    description: str
    count: int
    statuses: Mapping[str, int]
    whole: tuple[str, ...]
    unmapped: int = 0

    @property
    def items(self) -> int:
        """How many items there are, on the map or not."""
        return self.count + self.unmapped

    @property
    def mapped(self) -> int:
        """How many of them are on the map."""
        return self.count - self.statuses.get(WITHOUT_GEOMETRY, 0)

    @property
    def counts(self) -> str:
        """Both numbers, in Chinese."""
        return f"共 {self.items} 项，上图 {self.mapped} 项"


@dataclass(frozen=True)
class Metadata:
    """The description of an export.

    Attributes
    ----------
    identifier
        An ASCII identifier of data, layers and view.
    title, abstract
        In Chinese.
    year
        The target year.
    filter_codes
        Filter → chosen codes, for all filters.
    filter
        Title of the filter → titles of the chosen values, for filters with a choice.
    data_version, date
        Version and date of the data.
    contents
        The layers.
    sources
        The documents, in their order in the data folder.
    steps
        The processing steps, in order.
    crs
        Every CRS that occurs.
    extent
        West, south, east, north in degrees (WGS84); ``None`` where no feature has geometry.
    attribution, disclaimer
        Those of the atlas.
    """

    identifier: str
    title: str
    abstract: str
    year: int
    filter_codes: Mapping[str, tuple[str, ...]]
    filter: Mapping[str, tuple[str, ...]]
    data_version: str
    date: str
    contents: tuple[ExportedLayer, ...]
    sources: tuple[DocumentSource, ...]
    steps: tuple[str, ...]
    crs: tuple[Crs, ...]
    extent: tuple[float, float, float, float] | None
    attribution: str
    disclaimer: str

    def described(self, layer: str) -> str:
        """Return a layer's description with its counts.

        Parameters
        ----------
        layer
            The id of a layer of the export.
        """
        content = next(c for c in self.contents if c.layer == layer)
        return f"{content.description}；{content.counts}"


def describe_export(
    atlas: Atlas,
    layers: Sequence[str],
    view: View,
    crs: Sequence[Crs],
    *,
    steps: Sequence[str] = (),
) -> Metadata:
    """Return the description of an export.

    Parameters
    ----------
    atlas
        The atlas.
    layers
        Ids of the exported layers.
    view
        The view that selects their features.
    crs
        Every CRS of the export.
    steps
        Processing steps in Chinese, added to the usual ones.
    """
    records = atlas.records
    frames = {layer: select(atlas, layer, view) for layer in layers}
    titles = [KINDS[layer].title for layer in layers]
    chosen = filter_options(atlas)
    words = view.filters
    chosen_words = "，".join([f"{view.year}年", *filter_titles(atlas, view)])
    return Metadata(
        identifier="-".join(
            ["jitu", records.atlas.version, records.digest[:12], *layers, str(view.year)]
        )
        + "".join(f"-{value}" for values in words.values() for value in values),
        title=f"{records.atlas.province}{'、'.join(titles)}（{chosen_words}）",
        abstract=_abstract(layers),
        year=view.year,
        filter_codes=words,
        filter={
            FILTER_TITLES[name]: tuple(chosen[name][value] for value in values)
            for name, values in words.items()
            if values
        },
        data_version=records.data_version,
        date=records.atlas.date,
        contents=tuple(_content(atlas, layer, frames[layer], view) for layer in layers),
        sources=_sources(atlas, frames),
        steps=(
            "规划文件逐句整理为记录，每条注明文件、位置与语句指纹，可据以核对原文",
            "地名按行政区划与开发区名录定位，不作推测；推定与示意的范围逐要素标明几何状态",
            f"按筛选条件选取要素，整体保留、不裁剪；目标年 {view.year}",
            *steps,
        ),
        crs=tuple(crs),
        extent=_extent(list(frames.values())),
        attribution=records.atlas.attribution,
        disclaimer=records.atlas.disclaimer,
    )


def _abstract(layers: Sequence[str]) -> str:
    if len(layers) == 1:
        return KINDS[layers[0]].description
    return "；".join(f"{KINDS[layer].title}：{KINDS[layer].description}" for layer in layers)


def _content(atlas: Atlas, layer: str, features: gpd.GeoDataFrame, view: View) -> ExportedLayer:
    statuses = features["geometry_status"].where(features.geometry.notna(), WITHOUT_GEOMETRY)
    spec = KINDS[layer]
    return ExportedLayer(
        layer,
        spec.title,
        spec.description,
        len(features),
        {str(status): int(n) for status, n in statuses.value_counts().sort_index().items()},
        view.filters_ignored_by(layer),
        len({r.item for r in unmapped_in(atlas, [layer], view) if r.layer == layer}),
    )


def _sources(atlas: Atlas, frames: Mapping[str, gpd.GeoDataFrame]) -> tuple[DocumentSource, ...]:
    """Return the documents of all rows with their locators, in the order of the data folder."""
    locators: dict[str, dict[str, None]] = {}
    for features in frames.values():
        for document, locator in zip(features["document"], features["locator"], strict=True):
            if isinstance(document, str):
                own = locators.setdefault(document, {})
                if isinstance(locator, str):
                    own[locator] = None
    return tuple(
        DocumentSource(
            d.id, d.title, d.form, d.publisher,
            d.published, tuple(locators[d.id]),
        )
        for d in atlas.records.documents
        if d.id in locators
    )  # fmt: skip


def _extent(frames: Sequence[gpd.GeoDataFrame]) -> tuple[float, float, float, float] | None:
    bounds = [f.to_crs(WGS84).total_bounds for f in frames if not f.geometry.isna().all()]
    if not bounds:
        return None
    west, south, east, north = zip(*bounds, strict=True)
    return (
        round(float(min(west)), 7), round(float(min(south)), 7),
        round(float(max(east)), 7), round(float(max(north)), 7),
    )  # fmt: skip


def metadata_text(metadata: Metadata) -> str:
    """Return a description as a short Chinese text for human readers.

    Parameters
    ----------
    metadata
        The description.
    """
    chosen = "；".join(f"{name}：{'、'.join(values)}" for name, values in metadata.filter.items())
    lines = [
        metadata.title,
        "",
        f"数据版本：{metadata.data_version}",
        f"目标年：{metadata.year}年",
        f"筛选：{chosen or '无'}",
        f"坐标系：{'；'.join(f'{c.title}（{c.name}）' for c in metadata.crs)}",
        "",
        "图层：",
        *(_content_line(content) for content in metadata.contents),
        "",
        "资料来源：",
        *(f"  {s.citation}：{'；'.join(s.locators)}" for s in metadata.sources),
        "",
        "处理步骤：",
        *(f"  {number}. {step}" for number, step in enumerate(metadata.steps, 1)),
        "",
        f"底图与点位：{metadata.attribution}",
        f"声明：{metadata.disclaimer}",
        "",
    ]
    return "\n".join(lines)


def _content_line(content: ExportedLayer) -> str:
    statuses = [f"{STATUS_TITLES[s]} {n}" for s, n in content.statuses.items()]
    if content.unmapped:
        statuses.append(f"没有地点、不在图层内 {content.unmapped}，不按城市筛选")
    whole = "、".join(FILTER_TITLES[name] for name in content.whole)
    note = f"；没有{whole}属性，未按其筛选" if whole else ""
    listed = "、".join(statuses)
    return f"  {content.title}（{content.layer}）：{content.counts}（{listed}）{note}"


def metadata_json(metadata: Metadata) -> dict[str, Any]:
    """Return a description as the members of a JSON object.

    Parameters
    ----------
    metadata
        The description.
    """
    return {
        "title": metadata.title,
        "description": metadata.abstract,
        "filter": {
            "year": metadata.year,
            "industries": list(metadata.filter_codes["industry"]),
            "tiers": list(metadata.filter_codes["tier"]),
            "cities": list(metadata.filter_codes["city"]),
            "counties": list(metadata.filter_codes["county"]),
            "not_applicable": [
                n for n in FILTER_TITLES if any(n in c.whole for c in metadata.contents)
            ],
        },
        "data_version": metadata.data_version,
        "date": metadata.date,
        "crs_name": [c.name for c in metadata.crs],
        "geometry_status": {c.layer: dict(c.statuses) for c in metadata.contents},
        "counts": {c.layer: c.counts for c in metadata.contents},
        "documents": [
            {"id": s.id, "title": s.title, "form": s.form, "locators": list(s.locators)}
            for s in metadata.sources
        ],
        "steps": list(metadata.steps),
        "attribution": metadata.attribution,
        "disclaimer": metadata.disclaimer,
    }


# -- XML ---------------------------------------------------------------------------------------

_ISO = "http://standards.iso.org/iso/19115/-3"
_NAMESPACES = {
    "mdb": f"{_ISO}/mdb/2.0",
    "cit": f"{_ISO}/cit/2.0",
    "gex": f"{_ISO}/gex/1.0",
    "lan": f"{_ISO}/lan/1.0",
    "mcc": f"{_ISO}/mcc/1.0",
    "mco": f"{_ISO}/mco/1.0",
    "mri": f"{_ISO}/mri/1.0",
    "mrl": f"{_ISO}/mrl/2.0",
    "mrs": f"{_ISO}/mrs/1.0",
    "gco": f"{_ISO}/gco/1.0",
}
_CODES = f"{_ISO}/resources/Codelist/cat/codelists.xml"
_STANDARD = "ISO 19115-1:2014（GB/T 19710.1）"
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: object) -> str:
    r"""Return a value as text without the characters that XML 1.0 forbids.

    Parameters
    ----------
    value
        Any value.

    Examples
    --------
    >>> xml_text("a\x00b")
    'ab'
    """
    return _FORBIDDEN.sub("", str(value))


def metadata_xml(metadata: Metadata) -> bytes:
    """Return a description as an ISO 19115-3 document in UTF-8.

    Parameters
    ----------
    metadata
        The description.
    """
    for prefix, uri in _NAMESPACES.items():
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.Element(_name("mdb:MD_Metadata"))
    _text(root, "mdb:metadataIdentifier/mcc:MD_Identifier/mcc:code", metadata.identifier)
    _locale(_add(root, "mdb:defaultLocale"))
    scope = _add(root, "mdb:metadataScope/mdb:MD_MetadataScope/mdb:resourceScope")
    _code(scope, "mcc:MD_ScopeCode", "dataset")
    _party(_add(root, "mdb:contact"), "冀图 Jitu", "processor")
    _date(_add(root, "mdb:dateInfo"), metadata.date, "revision")
    _text(root, "mdb:metadataStandard/cit:CI_Citation/cit:title", _STANDARD)
    for crs in metadata.crs:
        system = _add(root, "mdb:referenceSystemInfo/mrs:MD_ReferenceSystem")
        identifier = _add(system, "mrs:referenceSystemIdentifier/mcc:MD_Identifier")
        _text(identifier, "mcc:code", crs.name)
        _text(identifier, "mcc:codeSpace", "EPSG")
        _text(identifier, "mcc:description", crs.title)
    _identification(_add(root, "mdb:identificationInfo/mri:MD_DataIdentification"), metadata)
    _lineage(_add(root, "mdb:resourceLineage/mrl:LI_Lineage"), metadata)
    ElementTree.indent(root, " ")
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _identification(parent: Element, metadata: Metadata) -> None:
    citation = _add(parent, "mri:citation/cit:CI_Citation")
    _text(citation, "cit:title", metadata.title)
    _date(_add(citation, "cit:date"), metadata.date, "revision")
    _text(citation, "cit:edition", metadata.data_version)
    _text(citation, "cit:identifier/mcc:MD_Identifier/mcc:code", metadata.identifier)
    _text(parent, "mri:abstract", metadata.abstract)
    _party(_add(parent, "mri:pointOfContact"), "冀图 Jitu", "processor")
    representation = _add(parent, "mri:spatialRepresentationType")
    _code(representation, "mcc:MD_SpatialRepresentationTypeCode", "vector")
    for topic in ("economy", "planningCadastre"):
        _add(parent, "mri:topicCategory/mri:MD_TopicCategoryCode").text = topic
    if metadata.extent:
        box = _add(
            parent, "mri:extent/gex:EX_Extent/gex:geographicElement/gex:EX_GeographicBoundingBox"
        )
        west, south, east, north = metadata.extent
        sides = {
            "westBoundLongitude": west, "eastBoundLongitude": east,
            "southBoundLatitude": south, "northBoundLatitude": north,
        }  # fmt: skip
        for name, value in sides.items():
            _add(box, f"gex:{name}/gco:Decimal").text = repr(value)
    keywords = _add(parent, "mri:descriptiveKeywords/mri:MD_Keywords")
    chosen = [value for values in metadata.filter.values() for value in values]
    for word in (*(c.title for c in metadata.contents), f"{metadata.year}年", *chosen):
        _text(keywords, "mri:keyword", word)
    legal = _add(parent, "mri:resourceConstraints/mco:MD_LegalConstraints")
    _text(legal, "mco:useLimitation", metadata.disclaimer)
    _code(_add(legal, "mco:useConstraints"), "mco:MD_RestrictionCode", "otherRestrictions")
    _text(legal, "mco:otherConstraints", metadata.attribution)
    _locale(_add(parent, "mri:defaultLocale"))
    counts = "\n".join(_content_line(content).strip() for content in metadata.contents)
    _text(parent, "mri:supplementalInformation", counts)


def _lineage(parent: Element, metadata: Metadata) -> None:
    _text(parent, "mrl:statement", "由规划文件文字整理；每个要素注明文件、位置与几何状态。")
    _code(_add(parent, "mrl:scope/mcc:MD_Scope/mcc:level"), "mcc:MD_ScopeCode", "dataset")
    for source in metadata.sources:
        made = _add(parent, "mrl:source/mrl:LI_Source")
        _text(made, "mrl:description", f"{source.citation}：{'；'.join(source.locators)}")
        _text(made, "mrl:sourceCitation/cit:CI_Citation/cit:title", source.title)
    for step in metadata.steps:
        _text(_add(parent, "mrl:processStep/mrl:LI_ProcessStep"), "mrl:description", step)


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


def _add(parent: Element, path: str) -> Element:
    """Add a chain of new elements, named by a path, and return the last."""
    for name in path.split("/"):
        parent = ElementTree.SubElement(parent, _name(name))
    return parent


def _text(parent: Element, path: str, value: str) -> None:
    _add(parent, f"{path}/gco:CharacterString").text = xml_text(value)


def _code(parent: Element, name: str, value: str) -> None:
    element = _add(parent, name)
    element.set("codeList", f"{_CODES}#{name.partition(':')[2]}")
    element.set("codeListValue", value)
    element.text = value


def _date(parent: Element, value: str, kind: str) -> None:
    date = _add(parent, "cit:CI_Date")
    _add(date, "cit:date/gco:Date").text = value
    _code(_add(date, "cit:dateType"), "cit:CI_DateTypeCode", kind)


def _party(parent: Element, name: str, role: str) -> None:
    party = _add(parent, "cit:CI_Responsibility")
    _code(_add(party, "cit:role"), "cit:CI_RoleCode", role)
    _text(party, "cit:party/cit:CI_Organisation/cit:name", name)


def _locale(parent: Element) -> None:
    locale = _add(parent, "lan:PT_Locale")
    _code(_add(locale, "lan:language"), "lan:LanguageCode", "zho")
    _code(_add(locale, "lan:characterEncoding"), "lan:MD_CharacterSetCode", "utf8")
