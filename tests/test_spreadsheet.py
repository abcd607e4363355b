"""The workbook: for people, with numbers that are numbers and nothing that runs."""

from __future__ import annotations

import dataclasses
import io
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from openpyxl.workbook import Workbook
from packages import HOSTILE, changed, packed, with_geometry

from layers.formats import metadata
from layers.formats.delimited import flat_rows
from layers.formats.spreadsheet import CELL_UNITS, FILE, write
from layers.portrayal.status import STATUS_TITLES
from layers.shared.vocabulary import BASE_KINDS, PLACE_LEVELS, PLACEMENTS, TIERS

WORDS = {
    "tier": TIERS,
    "geometry_status": STATUS_TITLES,
    "kind": BASE_KINDS,
    "place_level": PLACE_LEVELS,
    "placement": PLACEMENTS,
    "membership": PLACEMENTS,
}


@pytest.fixture(scope="module")
def exported(atlas) -> Workbook:
    return opened(write(packed(atlas)))


def opened(files: dict[str, bytes]) -> Workbook:
    assert list(files) == [FILE]
    return openpyxl.load_workbook(io.BytesIO(files[FILE]), rich_text=False)


def table(book: Workbook, title: str) -> list[dict[str, Any]]:
    header, *rows = book[title].iter_rows(values_only=True)
    assert len(set(header)) == len(header)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_there_is_a_worksheet_for_each_layer_and_six_more(atlas, exported):
    layers = [sheet.title for sheet in packed(atlas).sheets]
    others = ["未上图的记录", "现状数据", "字段说明", "资料来源", "元数据XML"]
    assert exported.sheetnames == ["说明", *layers, *others]
    assert exported.active.title == "说明"


def test_all_rows_come_back(atlas, exported):
    """Codes in words, lists joined by commas, null and empty the same; no geometry."""
    for sheet in packed(atlas).sheets:
        rows = flat_rows(sheet)
        found = table(exported, sheet.title)
        assert len(found) == len(rows)
        titles = [c.title_with_unit for c in sheet.columns]
        assert set(found[0]) - {"代表点经度（°）", "代表点纬度（°）"} == set(titles)
        for column in sheet.columns:
            words = WORDS.get(column.name, {})
            expected = rows[column.name].astype(object)
            expected = [words.get(v, v) for v in expected.where(expected.notna(), None)]
            values = [row[column.title_with_unit] for row in found]
            assert values == [None if v == "" else v for v in expected], column.name


def test_numbers_are_numbers_and_codes_are_text(exported):
    cluster = {row["要素编号"]: row for row in table(exported, "产业集群")}["clusters:001-key-08"]
    assert cluster["2025年营业收入目标（亿元）"] == 2100
    assert cluster["文件编号"] == "001"
    assert cluster["层级"] == "重点支持"
    formats = {
        cell.column: cell.number_format
        for cell in exported["产业集群"][2]
        if isinstance(cell.value, int)
    }
    header = [cell.value for cell in exported["产业集群"][1]]
    by_title = {header[column - 1]: pattern for column, pattern in formats.items()}
    assert by_title["2025年营业收入目标（亿元）"] == "#,##0"
    assert by_title["目标年"] == "0"  # not 2,025


def test_points_have_longitude_and_latitude(atlas, exported):
    (sheet,) = packed(atlas, layers=["bases"]).sheets
    shapes = sheet.features.set_index("id").geometry
    for row in table(exported, "基地与园区"):
        point = shapes[row["要素编号"]]
        if point.geom_type == "Point":
            assert (row["代表点经度（°）"], row["代表点纬度（°）"]) == pytest.approx(
                (point.x, point.y)
            )
        else:
            assert 113 < row["代表点经度（°）"] < 120
    assert "代表点经度（°）" not in table(exported, "产业集群")[0]


def test_longitude_and_latitude_are_wgs84_in_any_system(atlas, exported):
    made = opened(write(packed(atlas, "4547", ["projects"])))
    names = ("代表点经度（°）", "代表点纬度（°）")
    expected = [row[n] for row in table(exported, "重大项目") for n in names]
    assert [row[n] for row in table(made, "重大项目") for n in names] == pytest.approx(expected)


def test_tables_are_ready_to_read(exported):
    for sheet in exported.worksheets[1:-1]:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold and cell.alignment.wrap_text for cell in sheet[1])
        assert all(8 <= d.width <= 45 for d in sheet.column_dimensions.values())
    assert exported["产业集群"]["A1"].value == "名称"


def test_the_workbook_says_what_it_is(atlas, exported):
    about = packed(atlas).metadata
    lines = [cell.value or "" for cell in exported["说明"]["A"]]
    assert "\n".join(lines).strip() == metadata.metadata_text(about).strip()
    xml = "".join(cell.value for cell in exported["元数据XML"]["A"])
    assert xml == metadata.metadata_xml(about).decode()
    assert exported.properties.created == datetime.fromisoformat(about.date)
    assert exported.properties.title == about.title


def test_fields_and_sources_are_listed(atlas, exported):
    made = packed(atlas)
    fields = {(row["工作表"], row["字段"]): row for row in table(exported, "字段说明")}
    for sheet in made.sheets:
        for column in sheet.columns:
            row = fields[sheet.title, column.name]
            assert (row["名称"], row["单位"]) == (column.title, column.unit)
            assert row["含义"] == column.meaning
    assert ("基地与园区", "lon") in fields
    listed = {(row["文件编号"], row["文件位置"]) for row in table(exported, "资料来源")}
    assert listed == {(s.id, locator) for s in made.metadata.sources for locator in s.locators}
    assert {row["形式"] for row in table(exported, "资料来源")} == {"全文", "节选", "媒体摘编"}


@settings(max_examples=20)
@given(HOSTILE)
def test_any_text_survives_and_none_is_a_formula(atlas, texts):
    made = changed(packed(atlas, layers=["regions"]), note=texts)
    book = opened(write(made))
    cells = [
        cell
        for row in book["新兴产业区域"].iter_rows(min_row=2)
        for cell in row
        if cell.value is not None
    ]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    found = [row["说明"] or "" for row in table(book, "新兴产业区域")]
    expected = flat_rows(made.sheets[0])["note"]
    assert found == [text.replace("\r\n", "\n").replace("\r", "\n") for text in expected]
    assert not book["说明"]["A"][-1].value  # nothing was cut


@pytest.mark.parametrize(("text", "kept"), [("长" * 40_000, CELL_UNITS), ("𠮷" * 20_000, 16_383)])
def test_a_text_too_long_for_a_cell_is_cut_and_the_workbook_says_so(atlas, text, kept):
    book = opened(write(changed(packed(atlas, layers=["regions"]), note=["短", text])))
    assert [row["说明"] for row in table(book, "新兴产业区域")] == ["短", text[:kept]]
    assert book["说明"]["A"][-1].value == (
        "注意：工作表“新兴产业区域”第3行“说明”超出单元格的32,767个字符，已截断；全文见其他格式。"
    )


@settings(max_examples=20)
@given(HOSTILE)
def test_worksheets_have_names_that_excel_takes(atlas, titles):
    sheet = packed(atlas, layers=["regions"]).sheets[0]
    sheets = [dataclasses.replace(sheet, title=title) for title in [*titles, "说明", "a/b", "A?B"]]
    made = dataclasses.replace(packed(atlas, layers=["regions"]), sheets=tuple(sheets))
    names = opened(write(made)).sheetnames
    assert len({name.casefold() for name in names}) == len(names) == len(sheets) + 6
    assert not [
        n for n in names if set(n) & set(r"[]:*?/\\") or n.startswith("'") or n.endswith("'")
    ]
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in names)


def test_a_layer_without_geometry_is_a_table_like_any(atlas):
    book = opened(write(with_geometry(packed(atlas, layers=["targets"]), [None] * 5)))
    assert len(table(book, "规划目标")) == 5
