"""The catalogue of kinds of layers, discovered in `layers/kinds/`, and the atlas built of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from data import reader
from data.faults import DataFaultsError
from data.reader import Records
from geo.places import Places, resolve_places
from layers import kinds
from layers.atlas import Atlas
from layers.columns import Column
from layers.kind import Kind


def order_kinds(found: Iterable[Kind]) -> Mapping[str, Kind]:
    """Return layer id → kind, in the order of menus, exports and drawing.

    Parameters
    ----------
    found
        The kinds, in any order.

    Raises
    ------
    ValueError
        Two kinds have the same id.
    """
    listed = sorted(found, key=lambda kind: kind.position)
    kinds_by_id = {kind.id: kind for kind in listed}
    if len(kinds_by_id) < len(listed):
        raise ValueError(f"two kinds of layers have one id: {[kind.id for kind in listed]}")
    return kinds_by_id


def _discover() -> Iterable[Kind]:
    for module in pkgutil.iter_modules(kinds.__path__):
        kind: Kind = importlib.import_module(f"{kinds.__name__}.{module.name}").KIND
        yield kind


KINDS: Mapping[str, Kind] = order_kinds(_discover())
# Level of divisions (city, county) → the kind that shows it.
DIVISIONS: Mapping[str, Kind] = {kind.division: kind for kind in KINDS.values() if kind.division}


def columns_of(layer: str, years: Iterable[int]) -> tuple[Column, ...]:
    """Return a layer's columns, in order.

    Parameters
    ----------
    layer
        The id of a kind.
    years
        The atlas's target years.

    Examples
    --------
    >>> [c.name for c in columns_of("admin-cities", [2025])][-2:]
    ['adcode', 'area_km2']
    """
    return KINDS[layer].all_columns(tuple(years))


def open_atlas(folder: Path | None = None) -> Atlas:
    """Read a data folder and build its layers.

    Parameters
    ----------
    folder
        The data folder; by default the configured one.

    Raises
    ------
    DataFaultsError
        All faults of records, places and polygons, in one list.
    """
    found, faults = reader.read(folder)
    places = None
    if found is not None:
        try:
            places = resolve_places(found, faults)
        except DataFaultsError as error:
            faults += error.faults
    if places is None or faults:
        raise DataFaultsError(faults)
    return _layers(places)


def build_atlas(records: Records) -> Atlas:
    """Build all layers.

    Parameters
    ----------
    records
        The records of a data folder.

    Raises
    ------
    DataFaultsError
        Some places do not resolve, or some polygons are unusable.
    """
    return _layers(resolve_places(records))


def _layers(places: Places) -> Atlas:
    return Atlas(places, {kind.id: kind.build(places) for kind in KINDS.values()})
