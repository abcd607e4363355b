"""Tables that accompany the layers of a file: what it is, its fields, sources and other records.

Formats with several tables hold them beside the layers, a zip as CSV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.columns import STYLED, Column
from layers.formats.metadata import metadata_text
from layers.formats.package import Package
from layers.reading.unmapped import unmapped_in
from layers.shared.figures import figure_text


@dataclass(frozen=True)
class Table:
    """A table of text.

    Attributes
    ----------
    name
        An ASCII name.
    title, description
        In Chinese.
    columns
        Its columns.
    rows
        The cells of each row.
    """

    name: str
    title: str
    description: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str | None, ...]]


def reading_tables(package: Package) -> tuple[Table, ...]:
    """Return the tables of a file for human readers: description, fields, sources and records.

    Parameters
    ----------
    package
        The export. Its layers have the columns :data:`layers.columns.STYLED`, too.
    """
    return (
        Table(
            "jitu_readme",
            "说明",
            "这份数据是什么、怎样筛选、坐标系、来源与声明",
            _columns({"line": ("说明", "说明文字的一行")}),
            [(line,) for line in metadata_text(package.metadata).splitlines() if line],
        ),
        Table(
            "jitu_fields",
            "字段",
            "各表的字段、中文名、单位与含义",
            _columns(
                {
                    "table_name": ("表", "表名"),
                    "table_title": ("图层", "表的中文名"),
                    "column_name": ("字段", "字段名"),
                    "title": ("中文名", "字段的中文名"),
                    "unit": ("单位", "数值的单位"),
                    "kind": ("类型", "值的类型"),
                    "meaning": ("含义", "字段的含义"),
                }
            ),
            [
                (sheet.name, sheet.title, c.name, c.title, c.unit, c.kind_title, c.meaning)
                for sheet in package.sheets
                for c in (*sheet.columns, *STYLED)
            ],
        ),
        Table(
            "jitu_sources",
            "来源",
            "所依据的文件及其位置",
            _columns(
                {
                    "document": ("文件编号", "文件的编号"),
                    "title": ("文件", "文件的标题"),
                    "citation": ("引用", "标题、性质、发布机构与日期"),
                    "locator": ("文件位置", "内容在文件中的位置"),
                }
            ),
            [
                (source.id, source.title, source.citation, locator)
                for source in package.metadata.sources
                for locator in source.locators or (None,)
            ],
        ),
        *record_tables(package),
    )


def record_tables(package: Package) -> tuple[Table, Table]:
    """Return the records that no layer of an export shows: those without a place, and the facts.

    Parameters
    ----------
    package
        The export. Of its filters only the industry has an effect, on records without a place.
    """
    layers = [content.layer for content in package.metadata.contents]
    titles = {d.id: d.title for d in package.atlas.records.documents}
    cited = {
        "document": ("文件编号", "文件的编号"),
        "document_title": ("文件", "文件的标题"),
        "locator": ("文件位置", "内容在文件中的位置"),
    }
    unmapped = Table(
        "jitu_unmapped",
        "未上图的记录",
        "所含图层中没有可上图地点的记录，及未落地的布局概念；按产业筛选，不按城市和县(市、区)筛选",
        _columns(
            {
                "id": ("记录编号", "记录的编号"),
                "kind": ("类型", "记录所属的图层，或布局概念"),
                "name": ("名称", "文件所写的名称"),
                "why": ("不上图原因", "没有上图的原因"),
                **cited,
            }
        ),
        [
            (r.id, r.kind_title, r.name, r.why, r.document, titles[r.document], r.locator)
            for r in unmapped_in(package.atlas, layers, package.view)
        ],
    )
    facts = Table(
        "jitu_facts",
        "现状数据",
        "文件所写的现状数据，不是目标；不受筛选",
        _columns(
            {
                "id": ("记录编号", "记录的编号"),
                "scope": ("范围", "数据所指的范围"),
                "indicator": ("指标", "指标"),
                "figure": ("数据", "数值连同文件用语"),
                "time": ("时间", "数据的年份或时期"),
                "note": ("说明", "关于数据的说明"),
                **cited,
            }
        ),
        [
            (
                s.id, s.scope, s.indicator, figure_text(s.model_dump()),
                f"{s.year}年" if s.year else s.period, s.note,
                document, titles[document], s.locator,
            )
            for document, s in package.atlas.records.statements()
            if s.kind == "fact"
        ],
    )  # fmt: skip
    return unmapped, facts


def _columns(titles: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
    return tuple(Column(name, title, "text", told) for name, (title, told) in titles.items())
