"""JSON Schemas of the data files, generated from the models that check them.

Editors use the schemas to check YAML while an author types. The reader does not use them: the
models are the source of truth.
"""

from __future__ import annotations

from typing import NamedTuple

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaValue

from data.models import (
    AtlasInfo,
    Base,
    CarvedCity,
    Comparison,
    CountyAlias,
    Document,
    Industry,
    Plan,
    Record,
    Zone,
)


class DataFile(NamedTuple):
    """The content of a data file.

    Attributes
    ----------
    model
        The model of the file, or of each record of its list.
    list_key
        The key of the list; ``None`` if the whole file is one record.
    """

    model: type[Record]
    list_key: str | None = None


# Name of the file without .yaml → its content.
FILES: dict[str, DataFile] = {
    "atlas": DataFile(AtlasInfo),
    "documents": DataFile(Document, "documents"),
    "industries": DataFile(Industry, "industries"),
    "bases": DataFile(Base, "bases"),
    "consistency": DataFile(Comparison, "comparisons"),
    "plan": DataFile(Plan),
    "cities": DataFile(CarvedCity, "cities"),
    "county-aliases": DataFile(CountyAlias, "aliases"),
    "zones": DataFile(Zone, "zones"),
}


def json_schema(file: str) -> JsonSchemaValue:
    """Return the JSON Schema of a data file.

    Parameters
    ----------
    file
        One of :data:`FILES`.

    Returns
    -------
    dict
        The schema, in draft 2020-12.

    Raises
    ------
    KeyError
        There is no such file.

    Examples
    --------
    >>> json_schema("zones")["required"]
    ['zones']
    """
    model, list_key = FILES[file]
    if list_key is None:
        return TypeAdapter(model).json_schema()
    content = TypeAdapter(tuple[model, ...]).json_schema()  # type: ignore[valid-type]
    definitions = content.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {list_key: content},
        "required": [list_key],
        "additionalProperties": False,
        "$defs": definitions,
    }
