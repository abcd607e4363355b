"""GeoParquet 1.1 export: typed columns and lists, for analysis in Python, R and DuckDB."""

from __future__ import annotations

import io
import json

import pyarrow as pa

from layers.formats import metadata
from layers.formats.package import Package, Sheet

KEY = b"jitu"
LIMITS = (
    "供数据分析使用（geopandas、DuckDB、R、新版 QGIS）；较旧的 QGIS 与 ArcGIS 打不开。",
    "坐标系写入文件，不带样式。",
)

_COMPRESSION = "zstd"
_LIST = pa.list_(pa.string())
_BOX = "bbox"  # the column that geopandas writes for each row's bounding box


def write(package: Package) -> dict[str, bytes]:
    """Return one ``.parquet`` file per sheet.

    Parameters
    ----------
    package
        The export.
    """
    about = metadata.metadata_json(package.metadata) | {
        "text": metadata.metadata_text(package.metadata),
        "xml": metadata.metadata_xml(package.metadata).decode(),
    }
    own = {KEY: json.dumps(about, ensure_ascii=False).encode()}
    return {f"{sheet.name}.parquet": _parquet(sheet, own) for sheet in package.sheets}


def _parquet(sheet: Sheet, own: dict[bytes, bytes]) -> bytes:
    """Return the file that geopandas writes, with `own` added to its metadata.

    Geopandas accepts no further metadata, gives a row without geometry a box of nulls where the
    specification has no box, and pyarrow infers no type for a column of empty lists. The table is
    therefore read back, corrected and written a second time.
    """
    from pyarrow import parquet  # here, because the page itself does not need it

    first = io.BytesIO()
    sheet.features.to_parquet(first, index=False, schema_version="1.1.0", write_covering_bbox=True)
    table = parquet.read_table(first)
    lists = {c.name for c in sheet.columns if c.kind == "list"}
    fields = [f.with_type(_LIST) if f.name in lists else f for f in table.schema]
    typed = table.cast(pa.schema(fields, metadata=table.schema.metadata | own))
    position = typed.schema.get_field_index(_BOX)
    box = typed.column(position).combine_chunks()
    boxes = pa.StructArray.from_arrays(
        box.flatten(), fields=list(box.type), mask=pa.array(sheet.features.geometry.isna())
    )
    typed = typed.set_column(position, typed.schema.field(position), boxes)
    second = io.BytesIO()
    parquet.write_table(typed, second, compression=_COMPRESSION)
    return second.getvalue()
