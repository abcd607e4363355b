"""JSON Schemas of the data files, made from the models that check them."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

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

# File (without .yaml) → model, and the key of the list the file holds, if it holds one.
FILES: dict[str, tuple[type[Record], str | None]] = {
    "atlas": (AtlasInfo, None),
    "documents": (Document, "documents"),
    "industries": (Industry, "industries"),
    "bases": (Base, "bases"),
    "consistency": (Comparison, "comparisons"),
    "plan": (Plan, None),
    "cities": (CarvedCity, "cities"),
    "county-aliases": (CountyAlias, "aliases"),
    "zones": (Zone, "zones"),
}


def json_schema(file: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a data file.

    >>> json_schema("zones")["required"]
    ['zones']
    """
    model, key = FILES[file]
    if key is None:
        return TypeAdapter(model).json_schema()
    content = TypeAdapter(tuple[model, ...]).json_schema()  # type: ignore[valid-type]
    definitions = content.pop("$defs")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {key: content},
        "required": [key],
        "additionalProperties": False,
        "$defs": definitions,
    }
