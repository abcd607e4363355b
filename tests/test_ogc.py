"""The API: what the standard asks, what the page's filters mean, and what is refused how."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import requests
import shapely
import uvicorn
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from shapely.geometry import shape
from starlette.requests import Request

from app.ogc import access, items, references, resources
from app.ogc.address import Address, address_of
from app.ogc.filters import wildcard
from app.ogc.problems import ProblemError
from app.ogc.store import Store
from app.serving.server import Front
from data.faults import DataFaultsError, Fault
from geo import crs
from layers.catalogue import KINDS
from layers.formats.export import FORMATS, build_package, export
from layers.reading.view import View, select
from layers.shared.declared import declared_form

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
every_layer = pytest.mark.parametrize("layer", KINDS)
VIEW = View(2027)
COUNTIES = "admin-counties"
CLUSTER = "clusters:001-key-03"  # 张家口大数据产业集群


def epsg(code: int) -> str:
    return f"http://www.opengis.net/def/crs/EPSG/0/{code}"


OFFERED = [CRS84, *map(epsg, (4326, 4490, 4547, 4548, 4549, 4526, 4527, 4528))]


# -- a running server --------------------------------------------------------------------------


class Fixed(Store):
    """A store that holds one atlas, or the faults that stand in its way."""

    def __init__(self, held: Any) -> None:
        super().__init__()
        self.held = held

    def atlas(self):
        if isinstance(self.held, Exception):
            raise self.held
        return self.held


async def no_page(_scope, _receive, send):
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


def renamed(parameters: dict[str, Any]) -> dict[str, Any]:
    """Write bbox_crs as bbox-crs, and so on; names of columns stay."""
    hyphened = {name.replace("-", "_"): name for name in (*items.SPACE, *items.FILTER)}
    return {hyphened.get(name, name): value for name, value in parameters.items()}


class Client:
    """Asks a server on this machine, whatever proxies the environment names."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, parameters: Any = (), **headers: str) -> requests.Response:
        query = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.session.get(f"{self.base}{path}{query}", headers=named, timeout=30)

    def items(self, layer: str, **parameters: Any) -> dict[str, Any]:
        answer = self.get(f"/collections/{layer}/items", renamed(parameters))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def client(atlas) -> Iterator[Client]:
    """A client of the API over the project's own data."""
    with serving(Front(no_page, Fixed(atlas))) as base:
        yield Client(f"{base}/ogc")


class serving:  # noqa: N801  # reads as a verb
    """Serve an ASGI application on a free port of this machine."""

    def __init__(self, application: Any) -> None:
        config = uvicorn.Config(
            application, "127.0.0.1", 0, lifespan="off", access_log=False, log_level="critical"
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            self.thread.join(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(30)


def ids(content: dict[str, Any]) -> list[str]:
    return [feature["id"] for feature in content["features"]]


def declared(atlas, layer: str, view: View = VIEW) -> gpd.GeoDataFrame:
    """The rows that a view shows, in the form in which they leave: those with geometry first."""
    return declared_form(select(atlas, layer, view), KINDS[layer].geometry_type)


def features_of(atlas, layer: str, **parameters: str | list[str]) -> items.FeaturePage:
    """Select features without a server; a string stands for a list with one value."""
    listed = {k: [v] if isinstance(v, str) else v for k, v in renamed(parameters).items()}
    return items.feature_page(atlas, layer, listed)


# -- what the standard asks --------------------------------------------------------------------


def test_every_link_leads_to_what_it_says(client):
    """Walk from the landing page, in both forms; a layer's pages are walked once each."""
    seen, todo = set(), [(client.base, "application/json"), (f"{client.base}?f=html", "text/html")]
    while todo:
        href, kind = todo.pop()
        path = re.sub(r"/items/.*", "/items/one", urlsplit(href).path)
        form = parse_qs(urlsplit(href).query).get("f")
        if (path, str(form)) in seen:
            continue
        seen.add((path, str(form)))
        answer = client.session.get(href, timeout=30)
        assert answer.status_code == 200, href
        found = answer.headers["content-type"]
        assert found.partition(";")[0] == kind.partition(";")[0], href
        if found.startswith("text/html"):
            hrefs = re.findall(r'href="([^"]*)"', answer.text)
            assert all(h.startswith(client.base) for h in hrefs)
            todo += [(h.replace("&amp;", "&"), "text/html") for h in hrefs if "f=html" in h]
        else:
            links = [*answer.json().get("links", [])]
            for one in answer.json().get("collections", []):
                links += one["links"]
            todo += [(one["href"], one["type"]) for one in links]
    assert len({path for path, _ in seen}) == 4 + 5 * len(KINDS)


def test_the_landing_page_leads_to_all_the_standard_names(client):
    relations = {one["rel"] for one in client.get("").json()["links"]}
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= relations


def test_conformance_names_no_class_twice(client):
    classes = client.get("/conformance").json()["conformsTo"]
    assert len(classes) == len(set(classes))
    assert all(c.startswith("http://www.opengis.net/spec/") for c in classes)
    # The page's year, tier and city go before the columns of that name.
    assert not [c for c in classes if "queryables-query-parameters" in c]


def test_collections_are_the_layers(client):
    listed = client.get("/collections").json()["collections"]
    assert [one["id"] for one in listed] == list(KINDS)
    for one in listed:
        alone = client.get(f"/collections/{one['id']}").json()
        assert {k: v for k, v in alone.items() if k != "links"} == {
            k: v for k, v in one.items() if k != "links"
        }
        assert one["title"] == KINDS[one["id"]].title
        assert one["crs"][0] == CRS84
        assert one["storageCrs"] == epsg(4490)
        assert one["storageCrs"] in one["crs"]
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        assert 113 < west < east < 120
        assert 36 < south < north < 43
    assert listed[0]["crs"] == OFFERED


@every_layer
def test_features_are_those_of_the_export(client, atlas, layer):
    content = client.items(layer, limit=1000)
    exported = json.loads(export(atlas, [layer], View(2027), "geojson").data)
    assert content["features"] == exported["features"]
    assert content["numberMatched"] == content["numberReturned"] == exported["count"]
    for key in ("title", "filter", "data_version", "attribution", "disclaimer"):
        assert content[key] == exported[key]


def test_one_feature(client):
    answer = client.get(f"/collections/clusters/items/{CLUSTER}")
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["content-crs"] == f"<{CRS84}>"
    content = answer.json()
    assert content["properties"]["name"] == "张家口大数据产业集群"
    assert content["properties"]["revenue_yi"] == 1200
    earlier = client.get(f"/collections/clusters/items/{CLUSTER}", {"year": "2025"}).json()
    assert earlier["properties"]["revenue_yi"] == 1000
    assert {one["rel"] for one in content["links"]} == {"self", "alternate", "collection"}


def test_the_address_of_a_target_holds_in_any_year(client, atlas):
    for target in atlas.frames["targets"]["id"]:
        answer = client.get(f"/collections/targets/items/{target}", {"year": "2023"})
        assert answer.json()["id"] == target


@every_layer
def test_every_feature_has_the_declared_structure(client, atlas, layer):
    """One type of geometry, placed features first, and values of the declared types or null."""
    schema = client.get(f"/collections/{layer}/schema").json()
    columns = schema["properties"]["properties"]["properties"]
    names = [column.name for column in items.properties(atlas, layer)]
    assert ["id", *columns] == names
    validator = Draft202012Validator(schema)
    for year in atlas.records.atlas.years:
        found = client.items(layer, limit=1000, year=year)["features"]
        assert len(found) == len(select(atlas, layer, View(year)))
        there = [feature["geometry"] is not None for feature in found]
        assert there == sorted(there, reverse=True)
        for feature in found:
            assert list(feature["properties"]) == names
            assert feature["properties"]["id"] == feature["id"]
            told = {k: v for k, v in feature["properties"].items() if v is not None}
            assert [] not in told.values()
            given = {**feature, "properties": told}
            validator.validate({k: v for k, v in given.items() if v is not None})
    links = client.get(f"/collections/{layer}").json()["links"]
    described = [one["href"] for one in links if one["rel"].lower() == "describedby"]
    assert described == [schema["$id"]]
    queryable = client.get(f"/collections/{layer}/queryables").json()["properties"]
    assert queryable["geometry"]["format"] == f"geometry-{KINDS[layer].geometry_type.lower()}"


@every_layer
def test_queryables_are_the_columns(client, atlas, layer):
    content = client.get(f"/collections/{layer}/queryables").json()
    columns = items.properties(atlas, layer)
    assert list(content["properties"]) == ["geometry", *(c.name for c in columns)]
    assert content["additionalProperties"] is False
    shown = select(atlas, layer, View(2027))
    for column in columns:
        assert content["properties"][column.name]["title"] == column.title
        holds_null = f"{column.name} is null or not ({column.name} is null)"
        assert features_of(atlas, layer, filter=holds_null).matched == len(shown)


def test_no_column_takes_the_name_of_a_parameter(atlas):
    taken = {*items.GENERAL, *items.PAGING, *items.SPACE, *items.TIME, *items.FILTER}
    for layer in KINDS:
        assert not taken & {column.name for column in items.properties(atlas, layer)}


def test_the_definition_is_openapi_3_0_and_complete(client, atlas):
    answer = client.get("/api")
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    content = answer.json()
    assert content["openapi"] == "3.0.3"
    assert len(content["paths"]) == 4 + 5 * len(KINDS)
    for layer in KINDS:
        listed = content["paths"][f"/collections/{layer}/items"]["get"]["parameters"]
        named = [p["name"] if "name" in p else p["$ref"].rpartition("/")[2] for p in listed]
        assert sorted(named) == sorted(set(items.allowed_parameters(atlas, layer)) - {"token"})


# -- paging ------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(data=st.data(), layer=st.sampled_from(list(KINDS)), limit=st.integers(5, 90))
def test_the_pages_together_are_everything(atlas, views, data, layer, limit):
    parameters = parameters_of_view(data.draw(views))
    whole = features_of(atlas, layer, **parameters, limit="1000")
    found: list[str] = []
    for offset in range(0, whole.matched + 1, limit):
        page = features_of(atlas, layer, **parameters, limit=str(limit), offset=str(offset))
        assert page.matched == whole.matched
        assert page.has_next == (offset + limit < whole.matched)
        found += list(page.features["id"])
    assert found == list(whole.features["id"])


def parameters_of_view(view: View) -> dict[str, list[str]]:
    return {
        "year": [str(view.year)],
        "industry": list(view.industries),
        "tier": list(view.tiers),
        "city": [",".join(view.cities)],  # either way of giving several
    }


def test_next_and_prev_lead_through_and_back(client):
    first = client.items("admin-counties", limit=50, city="130100,130700")
    there, back = [first], []
    for rel, chain in (("next", there), ("prev", back)):
        page = there[-1]
        while steps := [one["href"] for one in page["links"] if one["rel"] == rel]:
            page = client.session.get(steps[0], timeout=30).json()
            chain.append(page)
    assert [i for page in there for i in ids(page)] == ids(
        client.items("admin-counties", limit=1000, city=["130100", "130700"])
    )
    assert [ids(page) for page in back] == [ids(page) for page in reversed(there[:-1])]
    assert all(a != b for a, b in pairwise(there))


@pytest.mark.parametrize(
    ("parameters", "returned"),
    [
        ({}, 100),
        ({"limit": 7}, 7),
        ({"limit": 10_000}, 167),
        ({"limit": "9" * 5000}, 167),
        ({"offset": 160}, 7),
        ({"offset": 167}, 0),
        ({"offset": "9" * 5000}, 0),
    ],
)
def test_limit_and_offset(client, parameters, returned):
    content = client.items("admin-counties", **parameters)
    assert content["numberReturned"] == len(content["features"]) == returned
    assert content["numberMatched"] == 167


# -- the page's filters ------------------------------------------------------------------------


@settings(max_examples=40)
@given(data=st.data())
def test_a_gis_sees_what_the_page_shows(atlas, views, data):
    view = data.draw(views)
    layer = data.draw(st.sampled_from(list(KINDS)))
    shown = declared(atlas, layer, view)
    found = features_of(atlas, layer, **parameters_of_view(view), limit="1000")
    assert list(found.features["id"]) == list(shown["id"])
    if "revenue_yi" in shown:
        assert found.features["revenue_yi"].equals(shown["revenue_yi"])


def test_a_documents_own_term_names_an_industry(client):
    assert ids(client.items("bases", industry="003:新材料")) == ids(
        client.items("bases", industry="materials")
    )


@pytest.mark.parametrize(
    ("given", "year", "count"),
    [
        ("2027-06-30", 2027, 17),
        ("2023-01-01T00:00:00Z", 2023, 17),
        ("2023-05-01T12:30:00.5+08:00/2024-01-01T00:00:00Z", 2023, 17),
        ("../2024-12-31", 2023, 17),
        ("2026-01-01/", 2027, 17),
        ("../..", 2027, 17),
        ("2023-01-01/2027-12-31", 2027, 17),  # the default year, where it lies within
        ("2024-01-01/2024-12-31", 2027, 0),  # no document speaks of that time
        ("1999-01-01", 2027, 0),
        ("2024-01-01T07:59:59+08:00", 2023, 17),  # a year is one of UTC, as the extent says
        ("2023-12-31T23:59:60Z", 2023, 17),  # a leap second
    ],
)
def test_datetime_chooses_the_target_year(client, given, year, count):
    content = client.items("clusters", datetime=given)
    assert (content["filter"]["year"], content["numberMatched"]) == (year, count)


moments = st.dates().map(str) | st.datetimes(timezones=st.just(UTC)).map(
    lambda moment: moment.isoformat().replace("+00:00", "Z")
)


@settings(max_examples=60)
@given(data=st.data(), ends=st.lists(moments | st.sampled_from(["", ".."]), min_size=2, max_size=2))
def test_datetime_is_what_the_standard_says(atlas, data, ends):
    """What has a year that meets the time is kept, and so is what has none."""
    layer = data.draw(st.sampled_from(["targets", COUNTIES, *KINDS]))
    instant = data.draw(st.booleans()) and ends[0] not in ("", "..")
    first, last = ends[:1] * 2 if instant else sorted(ends) if min(ends) > ".." else ends
    start, end = first[:4] if first > ".." else "0000", last[:4] if last > ".." else "9999"
    found = features_of(
        atlas, layer, datetime=first if instant else f"{first}/{last}", limit="1000"
    ).features
    kept = {
        one
        for one, years in zip(atlas.frames[layer]["id"], years_of_rows(atlas, layer), strict=True)
        if not years or any(start <= str(year) <= end for year in years)
    }
    assert len(found) == len(kept)
    assert set(found["id"]) == kept
    if "year" in found:
        assert all(pd.isna(year) or start <= str(year) <= end for year in found["year"])


def years_of_rows(atlas, layer: str) -> list[tuple[int, ...]]:
    """The years of each row: its own, or every target year where the view fills the column."""
    whole = atlas.frames[layer]
    if KINDS[layer].by_year:
        return [() if pd.isna(year) else (year,) for year in whole["year"]]
    return [atlas.records.atlas.years if "year" in whole else ()] * len(whole)


def test_datetime_and_bbox_leave_what_has_neither(client, atlas):
    targets = atlas.frames["targets"]
    for time, kept in (
        ("2027-06-30T00:00:00Z", targets["year"].isna() | (targets["year"] == 2027)),
        ("../2026-01-01T00:00:00Z", targets["year"].isna() | (targets["year"] < 2026)),
        ("1999-01-01T00:00:00Z", targets["year"].isna()),
    ):
        content = client.items("targets", datetime=time, limit=1000)
        assert sorted(ids(content)) == sorted(targets["id"][kept])
        assert 0 < content["numberMatched"] == content["numberReturned"] == len(content["features"])
    assert client.items(COUNTIES, datetime="1999-01-01", limit=1000)["numberMatched"] == 167
    nowhere = client.items("targets", bbox="0,0,1,1", limit=1000)
    assert {feature["geometry"] for feature in nowhere["features"]} == {None}
    shown = select(atlas, "targets", View(2027))
    assert ids(nowhere) == list(shown["id"][shown.geometry.isna()])


def test_a_page_of_features_says_when_it_was_made(client):
    before = datetime.now(UTC).replace(microsecond=0)
    made = datetime.fromisoformat(client.items("clusters", limit=1)["timeStamp"])
    assert before <= made <= datetime.now(UTC)


@every_layer
def test_the_extent_holds_every_place_and_time(client, atlas, layer):
    extent = client.get(f"/collections/{layer}").json()["extent"]
    whole = atlas.frames[layer]
    assert shapely.box(*extent["spatial"]["bbox"][0]).buffer(1e-9).covers(whole.union_all())
    assert ("temporal" in extent) == ("year" in whole)
    if "temporal" in extent:
        assert extent["temporal"]["trs"] == "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
        (first, last), *none = extent["temporal"]["interval"]
        assert not none
        assert all(first < f"{year}-06-30" < last for year in (2027, *whole["year"].dropna()))


# -- space -------------------------------------------------------------------------------------

lon = st.floats(112, 121)
lat = st.floats(35, 44)


@settings(max_examples=40)
@given(data=st.data(), xs=st.tuples(lon, lon).map(sorted), ys=st.tuples(lat, lat).map(sorted))
def test_bbox_is_what_shapely_says(atlas, data, xs, ys):
    layer = data.draw(st.sampled_from(list(KINDS)))
    code = data.draw(st.sampled_from([None, 4326, 4490]))
    (west, east), (south, north) = xs, ys
    corners = (west, south, east, north) if code is None else (south, west, north, east)
    named = {} if code is None else {"bbox_crs": epsg(code)}
    found = features_of(atlas, layer, bbox=",".join(map(str, corners)), limit="1000", **named)
    shown = declared(atlas, layer).to_crs(4326)
    meets = shown.intersects(shapely.box(west, south, east, north)) | shown.geometry.isna()
    assert list(found.features["id"]) == list(shown["id"][meets])


@pytest.mark.parametrize("code", [4547, 4548, 4549, 4526])
def test_bbox_in_a_zone_is_in_metres_north_first(atlas, code):
    shown = select(atlas, "admin-counties", View(2027)).to_crs(code)
    west, south, east, north = shown.geometry.iloc[40].bounds
    found = features_of(
        atlas,
        "admin-counties",
        bbox=f"{south},{west},{north},{east}",
        bbox_crs=epsg(code),
        limit="1000",
    )
    box = shapely.box(west, south, east, north)
    assert list(found.features["id"]) == list(shown["id"][shown.intersects(box)])
    assert 1 < found.matched < 20


def test_a_bbox_with_heights_and_one_across_the_180th_meridian(client):
    plain = ids(client.items("admin-counties", bbox="115,39,116,40", limit=200))
    assert ids(client.items("admin-counties", bbox="115,39,0,116,40,9000", limit=200)) == plain
    assert client.items("admin-counties", bbox="116,30,115,45", limit=200)["numberMatched"] > 100
    assert client.items("admin-counties", bbox="121,30,112,45")["numberMatched"] == 0


@pytest.mark.parametrize("code", [4326, 4490, 4547, 4548, 4549, 4526, 4527, 4528])
def test_coordinates_stand_in_the_order_of_the_register(client, atlas, code):
    answer = client.get("/collections/admin-cities/items", {"crs": epsg(code)})
    assert answer.headers["content-crs"] == f"<{epsg(code)}>"
    shown = select(atlas, "admin-cities", View(2027)).to_crs(code).set_index("id").geometry
    for feature in answer.json()["features"]:
        south, west, north, east = shape(feature["geometry"]).bounds
        assert (west, south, east, north) == pytest.approx(shown[feature["id"]].bounds, abs=1e-6)
    one = client.get(f"/collections/admin-cities/items/{feature['id']}", {"crs": epsg(code)})
    assert one.json()["geometry"] == feature["geometry"]


@pytest.mark.parametrize("uri", OFFERED)
def test_every_system_has_the_outlines_of_the_export(client, atlas, uri):
    """One way of projecting: an outline that crosses itself when projected is mended in both."""
    system = references.offered_references(atlas)[uri]
    made = build_package(atlas, list(KINDS), View(2027), FORMATS["gpkg"], str(system.crs.code))
    for sheet in made.sheets:
        content = client.items(sheet.layer, crs=uri, limit=1000)
        assert ids(content) == list(sheet.features["id"])
        for feature, drawn in zip(content["features"], sheet.features.geometry, strict=True):
            if drawn is None:
                assert feature["geometry"] is None
                continue
            found = system.in_axis_order(shape(feature["geometry"]))
            assert found.is_valid, feature["id"]
            is_same = shapely.equals_exact(found, drawn, 1e-6, normalize=True)
            assert is_same or shapely.hausdorff_distance(found, drawn) < 1e-6, feature["id"]


def test_crs84_is_longitude_latitude(client):
    content, again = (client.items("bases", crs=CRS84, limit=1) for _ in range(2))
    ((x, y),) = content["features"][0]["geometry"]["coordinates"]
    assert 113 < x < 120
    assert 36 < y < 43
    assert content["features"] == again["features"]


@pytest.mark.parametrize("system", crs.SUPPORTED_CRS.values(), ids=lambda c: c.name)
def test_the_register_puts_north_first_in_every_system(system):
    assert references.reference(system).north_first


# -- filters -----------------------------------------------------------------------------------

HUAILAI = "POINT(115.52 40.41)"
FILTERS = [
    ("revenue_yi > 1000", lambda r: r.revenue_yi > 1000),
    ("not revenue_yi > 1000", lambda r: r.revenue_yi <= 1000),  # unknown stays unknown
    ("revenue_yi is null", lambda r: r.revenue_yi is None),
    ("revenue_yi is not null and tier = 'key'",
     lambda r: r.revenue_yi is not None and r.tier == "key"),
    ("revenue_yi is null or tier = 'key'", lambda r: r.revenue_yi is None or r.tier == "key"),
    ("revenue_yi between 1000 and 1500", lambda r: 1000 <= r.revenue_yi <= 1500),
    ("tier <> 'key'", lambda r: r.tier != "key"),
    ("number in (1, 3)", lambda r: r.number in (1, 3)),
    ("number not in (1, 3)", lambda r: r.number not in (1, 3)),
    ("name like '%大数据%'", lambda r: "大数据" in r.name),
    ("name not like '石家庄%'", lambda r: not r.name.startswith("石家庄")),
    ("casei(tier) = casei('KEY')", lambda r: r.tier == "key"),
    ("casei(id) like casei('CLUSTERS:%KEY-0_')", lambda r: "key-0" in r.id),
    ("a_contains(industries, ('it'))", lambda r: "it" in r.industries),
    ("a_overlaps(city_adcodes, ('130100','130700'))",
     lambda r: {"130100", "130700"} & set(r.city_adcodes)),
    ("a_equals(industries, ('it'))", lambda r: set(r.industries) == {"it"}),
    ("a_containedby(industries, ('it','biology'))", lambda r: {*r.industries} <= {"it", "biology"}),
    ("revenue_yi_2027 - revenue_yi_2025 >= 300",
     lambda r: r.revenue_yi_2027 - r.revenue_yi_2025 >= 300),
    ("revenue_yi / 2 + 1 > 10 ^ 2 * 5", lambda r: r.revenue_yi / 2 + 1 > 500),
    ("number % 2 = 0 and number div 2 > 1", lambda r: r.number % 2 == 0 and r.number // 2 > 1),
    # A division by zero is unknown.
    ("revenue_yi / 0 = 1", lambda _: False),
    ("number / 0 > 1", lambda _: False),
    ("not (number / 0 = 1)", lambda _: False),
    ("(number - number) / 0 = 1 or not ((number - number) / 0 = 1)", lambda _: False),
    ("number / 0 is null and number % 0 is null and number div 0 is null", lambda _: True),
    ("0 ^ (0 - number) is null", lambda _: True),
    # So is a result with an unknown operand, even where every number would give the same.
    ("revenue_yi is null and revenue_yi ^ 0 = 1", lambda _: False),
    ("revenue_yi ^ 0 = 1", lambda r: r.revenue_yi is not None),
    ("1 ^ revenue_yi = 1", lambda r: r.revenue_yi is not None),
    ("not (1 ^ revenue_yi = 1)", lambda _: False),
    ("revenue_yi not in (1000)", lambda r: r.revenue_yi is not None and r.revenue_yi != 1000),
    ("revenue_yi_2023 < revenue_yi_2025", lambda r: r.revenue_yi_2023 < r.revenue_yi_2025),
    ("revenue_yi_2023 = revenue_yi_2025",
     lambda r: r.revenue_yi_2023 is not None and r.revenue_yi_2023 == r.revenue_yi_2025),
    ("tier = 'key' or number = 2 and number = 99", lambda r: r.tier == "key"),  # AND binds tighter
    ("name like '%_大数据%'", lambda r: "大数据" in r.name[1:]),
    ("document = '001' and (tier = 'key' or number = 2)",
     lambda r: r.tier == "key" or r.number == 2),
    ("true", lambda _: True),
    ("false or tier = 'key'", lambda r: r.tier == "key"),
    (f"s_intersects(geometry, {HUAILAI})", lambda r: r.covers),
    (f"s_contains(geometry, {HUAILAI})", lambda r: r.covers),
    (f"s_within({HUAILAI}, geometry)", lambda r: r.covers),
    (f"not s_disjoint(geometry, {HUAILAI})", lambda r: r.covers),
    ("s_intersects(geometry, BBOX(115.51, 40.40, 115.53, 40.42))", lambda r: r.covers),
    ("s_equals(geometry, geometry)", lambda _: True),
    ("s_touches(geometry, POINT(0 0)) or s_crosses(geometry, LINESTRING(115.52 40.41, 90 40.41))",
     lambda r: r.covers),
    ("s_overlaps(geometry, POLYGON((115.5 40.4, 90 40.4, 90 40.5, 115.5 40.5, 115.5 40.4)))",
     lambda r: r.covers),
]  # fmt: skip


class Row:
    """A cluster's values; a comparison with what is missing is false, as in a filter."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__ = values


@pytest.mark.parametrize(("expression", "holds"), FILTERS, ids=[text for text, _ in FILTERS])
def test_a_filter_keeps_the_rows_it_holds_for(atlas, expression, holds):
    content = json.loads(export(atlas, ["clusters"], View(2027), "geojson").data)
    expected = []
    for feature in content["features"]:
        covers = shape(feature["geometry"]).intersects(shapely.Point(115.52, 40.41))
        try:
            kept = holds(Row({**feature["properties"], "covers": covers}))
        except TypeError:  # None in a comparison
            kept = False
        expected += [feature["id"]] if kept else []
    found = features_of(atlas, "clusters", filter=expression)
    assert list(found.features["id"]) == expected

    import cql2

    as_json = json.dumps(cql2.parse_text(expression).to_json())
    assert features_of(atlas, "clusters", filter=as_json, filter_lang="cql2-json").matched == len(
        expected
    )


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        ("revenue_yi not in (1000)", 8),  # 9 of the 17 have a figure, 1 of them 1000
        ("revenue_yi_2023 = revenue_yi_2025", 0),  # every figure grows
        ("tier = 'key' or number = 2 and number = 99", 9),
        ("name like '%_大数据%'", 1),
        ("1 ^ revenue_yi = 1", 9),
        ("number / 0 is null", 17),
    ],
)
def test_a_filter_keeps_as_many_as_were_counted_by_hand(atlas, expression, count):
    assert features_of(atlas, "clusters", filter=expression).matched == count


@pytest.mark.parametrize("column", ["industries", "adcodes"])
def test_a_list_is_searched_for_whole_values(atlas, client, column):
    """One answer from filter, parameter and file: "it" is in no other word."""
    shown = select(atlas, "targets", View(2027))
    for value in sorted({value for values in shown[column] for value in values}):
        holds = [value in values for values in shown[column]]
        wanted = sorted(shown["id"][holds])
        contains = f"a_contains({column}, ('{value}'))"
        for parameters in ({"filter": contains}, {column: value}):
            found = client.items("targets", limit=1000, **parameters)["features"]
            assert sorted(feature["id"] for feature in found) == wanted
            assert all(value in feature["properties"][column] for feature in found)
        others = features_of(atlas, "targets", filter=f"not {contains}", limit="1000")
        told = shown[column].map(len) > 0
        assert others.matched == sum(told) - len(wanted)
    empty = features_of(atlas, "targets", filter=f"{column} is null", limit="1000")
    assert sorted(empty.features["id"]) == sorted(shown["id"][shown[column].map(len) == 0])
    assert "a_contains" in refused(atlas, filter=f"{column} like '%it%'")
    described = client.get("/collections/targets/queryables").json()["properties"][column]
    assert f"a_contains({column}, ('值'))" in described["description"]


def test_a_feature_without_geometry_is_neither_inside_nor_outside(atlas):
    placed = atlas.frames["targets"].query("year == 2027 or year.isna()").dropna(subset="geometry")
    outside = features_of(
        atlas, "targets", filter="not s_intersects(geometry, POINT(1 1))", limit="1000"
    )
    assert list(outside.features["id"]) == list(placed["id"])
    assert 0 < outside.matched < features_of(atlas, "targets").matched
    assert features_of(atlas, "targets", filter="s_intersects(geometry, POINT(1 1))").matched == 0


def test_a_filter_has_its_own_reference_system(atlas):
    plain = features_of(
        atlas, "admin-counties", filter="s_intersects(geometry, BBOX(115,39,116,40))"
    )
    swapped = features_of(
        atlas,
        "admin-counties",
        filter="s_intersects(geometry, BBOX(39,115,40,116))",
        filter_crs=epsg(4490),
    )
    assert list(swapped.features["id"]) == list(plain.features["id"])
    shown = select(atlas, "admin-counties", View(2027)).to_crs(4547)
    x, y = shown.geometry.iloc[7].representative_point().coords[0]
    zone = features_of(
        atlas,
        "admin-counties",
        filter=f"s_contains(geometry, POINT({y} {x}))",
        filter_crs=epsg(4547),
    )
    assert list(zone.features["id"]) == [shown["id"].iloc[7]]


def test_a_filter_sees_the_year_of_the_view(atlas):
    assert features_of(atlas, "clusters", year="2027", filter="revenue_yi = 2500").matched == 1
    assert (
        features_of(atlas, "targets", year="2027", filter="year = 2027").matched
        < features_of(atlas, "targets", year="2027").matched
    )


def test_a_property_as_a_parameter_is_equality(client):
    assert ids(client.items("clusters", name="张家口大数据产业集群")) == [CLUSTER]
    assert ids(client.items("clusters", number=3, tier="key")) == [CLUSTER]
    assert len(ids(client.items("admin-counties", city_adcodes="130700", limit=200))) == 16
    assert client.items("clusters", name="没有")["numberMatched"] == 0


text = st.text(st.sampled_from("ab%_\\.*𠮷\n"), max_size=8)


@given(pattern=text, value=text)
@example(pattern="%a" * 40 + "b", value="a" * 400)  # without backtracking
def test_like_is_like(pattern, value):
    assert bool(re.fullmatch(wildcard(pattern), value)) == like(pattern, value)


def like(pattern: str, value: str) -> bool:
    """The meaning of LIKE by the textbook: a row of a table for each character of the pattern."""
    reach = [True] + [False] * len(value)
    for part in re.findall(r"\\.|.", pattern, re.DOTALL):
        if part == "%":
            for i in range(len(value)):
                reach[i + 1] |= reach[i]
            continue
        fits = [(part == "_" or c == part[-1]) for c in value]
        reach = [False] + [reach[i] and fits[i] for i in range(len(value))]
    return reach[-1]


# -- refusals ----------------------------------------------------------------------------------

DEEP = 5000
BAD_FILTERS = [
    "name =", "bad ((", "", "tier", "nope = 1", "\"名称\" = 'x'", "name > 5", "revenue_yi = 'x'",
    "foo(name) = 1", "name like 5", "name like tier", "industries = 'it'",
    "a_contains(name, ('x'))",
    "s_intersects(name, POINT(1 1))", "s_intersects(geometry, POINT(1))",
    "s_intersects(geometry, POINT EMPTY)", "s_intersects(geometry, POLYGON((0 0,1 1)))",
    "s_intersects(geometry, BBOX(1,2,3))", "accenti(name) = 'x'", "year = DATE('2020-01-01')",
    "t_after(year, DATE('2020-01-01'))", "s_dwithin(geometry, POINT(1 1), 5)",
    "name between 'a' and 'b'", "a" * 30_000, "POINT(1 1)", "1", "name in (1)", "-name = 1",
    "(" * DEEP + "year = 1" + ")" * DEEP, "NOT " * DEEP + "year = 1", "year = " + "-" * DEEP + "1",
    "year = " + "- " * DEEP + "1",
]  # fmt: skip


@pytest.mark.parametrize("expression", BAD_FILTERS, ids=lambda e: e[:40])
def test_a_bad_filter_is_refused(atlas, expression):
    refused(atlas, filter=expression)


BAD_JSON = [
    "", "{", "[]", "null", "5", '"x"', "{}", '{"op":"="}', '{"op":"=","args":[]}',
    '{"op":"and","args":[]}',
    '{"op":5,"args":[]}', '{"op":"=","args":[{"property":"nope"},1]}',
    '{"op":"in","args":[{"property":"name"},[]]}',
    '{"op":"isNull","args":[{"property":5}]}', '{"op":"=","args":[{"property":"year"},NaN]}',
    '{"op":"=","args":[{"property":"number"},' + "9" * 400 + "]}",
    '{"op":"=","args":[{"property":"number"},' + "9" * 6000 + "]}",
    '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2,3,' + "9" * 400 + "]}]}",
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":["a"]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Nope","coordinates":[1,2]}]}',
    '{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2,true,4]}]}',
    '{"op":"a_contains","args":[{"property":"industries"},[[1]]]}',
    "[" * DEEP, '{"op":"not","args":[' * 900 + "true" + "]}" * 900,
]  # fmt: skip


@pytest.mark.parametrize("expression", BAD_JSON, ids=lambda e: e[:40])
def test_a_bad_filter_in_json_is_refused(atlas, expression):
    refused(atlas, filter=expression, filter_lang="cql2-json")


def refused(atlas, **parameters: str) -> str:
    with pytest.raises(ProblemError) as error:
        features_of(atlas, "clusters", **parameters)
    assert error.value.status == 400
    assert error.value.detail.startswith("参数 filter：")
    assert error.value.detail.endswith("。")
    assert len(error.value.detail) < 200
    return error.value.detail


@settings(max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5)
        | st.sampled_from([{"property": "name"}, {"property": "geometry"}, {"property": "number"},
                           {"property": "industries"}, {"bbox": [1, 2, 3, 4]}]),
        lambda inner: st.lists(inner, max_size=3)
        | st.builds(
            lambda op, args: {"op": op, "args": args},
            st.sampled_from(["and", "or", "not", "=", "<", "in", "like", "isNull", "between",
                             "casei",
                             "s_intersects", "s_crosses", "a_overlaps", "+", "/", "^", "-", "x"]),
            st.lists(inner, max_size=3),
        )
        | st.dictionaries(st.sampled_from(["type", "coordinates", "op", "args", "date"]), inner),
        max_leaves=12,
    )
)  # fmt: skip
def test_any_tree_is_answered_or_refused(atlas, tree):
    try:
        found = features_of(
            atlas, "clusters", filter=json.dumps(tree), filter_lang="cql2-json"
        ).matched
    except ProblemError as problem:
        found = problem.status.value
    assert found in (400, *range(18))


def test_a_refusal_says_where(atlas):
    assert "第 1 行第 8 个字符" in refused(atlas, filter="name = ")
    assert "“nope”" in refused(atlas, filter="nope = 1")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=-1", "limit=x", "limit=", "limit=1.5", "limit=1&limit=2", "limit=%D9%A1",
        "offset=-1", "offset=x", "bbox=", "bbox=1,2,3", "bbox=1,2,3,4,5", "bbox=115,39,NaN,40",
        "bbox=115,39,inf,40", "bbox=115,40,116,39", "bbox=120,42,113,36", "bbox=a,b,c,d",
        "bbox=1_0,2,30,40", "bbox-crs=" + CRS84, "bbox=1,2,3,4&bbox-crs=nope",
        "bbox=4000000,600000,4100000,500000&bbox-crs=" + epsg(4547),
        "crs=EPSG:4490", "crs=", "crs=" + epsg(3857), "crs=" + epsg(4534),
        "filter-crs=x&filter=true",
        "filter-lang=cql&filter=true", "unknown=1", "name=a&name=b", "number=x", "number=nan",
        "year=2024", "year=x", "year=2023&year=2025", "year=2023,2024", "industry=nope",
        "tier=nope",
        "city=130100,nope", "datetime=", "datetime=2025", "datetime=x/..",
        "datetime=2025-02-30", "datetime=2025-06-30T25:00:00Z", "datetime=2027-01-01/2023-01-01",
        "datetime=2025-01-01/2025-02-01/2025-03-01", "datetime=2025-01-01&year=2025", "f=xml",
        "filter=name%20=", "Limit=1",
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_a_problem_document(client, query):
    answer = client.session.get(f"{client.base}/collections/clusters/items?{query}", timeout=30)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    content = answer.json()
    assert (content["status"], content["title"]) == (400, "Bad Request")
    assert content["detail"].endswith("。")
    assert content["detail"].count("。") == 1
    assert re.search(
        rf"参数 ?“?({'|'.join(parse_qs(query, keep_blank_values=True))})\b", content["detail"]
    )
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nope", 404),
        ("/collections/nope", 404),
        ("/collections/nope/items", 404),
        ("/collections/clusters/nope", 404),
        ("/collections/clusters/items/nope", 404),
        ("/collections/clusters/items/a/b", 404),
        ("/collections/clusters/items/" + CLUSTER + "?limit=1", 400),
        ("/collections?limit=1", 400),
        ("?x=1", 400),
        ("/api?f=yaml", 400),
        ("/collections/admin-counties/items?datetime=x", 400),
    ],
)
def test_a_wrong_address_is_a_problem_document(client, path, status):
    answer = client.session.get(client.base + path, timeout=30)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_only_get_and_head(client):
    for method in ("POST", "PUT", "DELETE"):
        answer = client.session.request(method, f"{client.base}/collections", timeout=30)
        assert answer.status_code == answer.json()["status"] == 405
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    head = client.session.head(f"{client.base}/collections", timeout=30)
    assert (head.status_code, head.content) == (200, b"")


def test_options_says_what_is_allowed(client):
    for path in ("", "/collections/clusters/items", f"/collections/clusters/items/{CLUSTER}"):
        answer = client.session.options(
            client.base + path,
            headers={"Origin": "https://gis.example", "Access-Control-Request-Method": "GET"},
            timeout=30,
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.session.options(f"{client.base}/nope", timeout=30).status_code == 404


@pytest.mark.parametrize(
    ("listed", "origin", "allowed"),
    [
        ("https://gis.example/ http://localhost:3000", "https://gis.example", "https://gis.example"),
        ("https://gis.example,http://localhost:3000", "http://localhost:3000",
         "http://localhost:3000"),
        ("https://gis.example", "https://evil.example", None),
        ("https://gis.example", "https://gis.example.evil.example", None),
        ("*", "https://any.example", "*"),
        ("", "https://gis.example", None),
    ],
)  # fmt: skip
def test_only_listed_origins_may_read(atlas, monkeypatch, listed, origin, allowed):
    monkeypatch.setenv(access.ORIGINS, listed)
    with serving(Front(no_page, Fixed(atlas))) as base:
        client = Client(f"{base}/ogc")
        for path, status_code in (("/collections", 200), ("/nope", 404)):
            answer = client.get(path, Origin=origin)
            assert answer.status_code == status_code
            assert answer.headers.get("access-control-allow-origin") == allowed
            assert "Accept" in answer.headers["vary"]
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        }
        before = client.session.options(f"{client.base}/collections", headers=asked, timeout=30)
        assert before.headers.get("access-control-allow-origin") == allowed
        if allowed:
            assert before.status_code == 200
            assert "GET" in before.headers["access-control-allow-methods"]
            assert "Authorization" in before.headers["access-control-allow-headers"]
        # A listed origin gives no access to a client that has none.
        assert client.get("", Origin=origin, X_Forwarded_For="10.1.2.3").status_code == 403


def test_a_slash_at_the_end_changes_nothing(client):
    for path in ("", "/collections", "/collections/clusters"):
        with_slash = client.session.get(f"{client.base}{path}/", timeout=30, allow_redirects=False)
        assert with_slash.status_code == 200
        assert with_slash.json() == client.get(path).json()


def test_data_with_faults_is_a_503():
    faults = DataFaultsError([Fault("plans/001.yaml", "x", "秘密", "y")])
    with serving(Front(no_page, Fixed(faults))) as base:
        answer = Client(f"{base}/ogc").get("/collections")
        assert answer.status_code == 503
        assert "jitu check" in answer.json()["detail"]
        assert "秘密" not in answer.text


def test_a_slip_of_ours_shows_no_trace():
    with serving(Front(no_page, Fixed(ZeroDivisionError("secret")))) as base:
        answer = Client(f"{base}/ogc").get("/collections")
    assert answer.status_code == answer.json()["status"] == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


# -- representations ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/geo+json"),
        ("*/*", "application/geo+json"),
        ("application/json", "application/geo+json"),
        ("application/geo+json, text/html;q=0.5", "application/geo+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/*", "text/html"),
        ("text/html;q=0, */*", "application/geo+json"),
        ("image/png", None),
        ("text/html;q=x", None),
        ("application/geo+json;q=0", None),
    ],
)
def test_the_header_accept_decides(client, accept, kind):
    headers = {"Accept": accept} if accept else {"Accept": "*/*"}
    answer = client.get("/collections/clusters/items", {"limit": 1}, **headers)
    if kind is None:
        assert answer.status_code == 406
    else:
        assert answer.headers["content-type"].partition(";")[0] == kind
    assert "Accept" in answer.headers["vary"]
    forced = client.get("/collections/clusters/items", {"f": "html"}, **headers)
    assert forced.headers["content-type"] == "text/html; charset=utf-8"


class Elements(HTMLParser):
    """The elements of a page, their addresses, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


EVIL = "<img src=x onerror=alert(1)>${alert(2)}</script></title><script>alert(3)</script>\"'"


def test_no_name_becomes_markup(atlas):
    frames = dict(atlas.frames)
    for layer in ("clusters", "targets"):
        column = {"name": EVIL, "scope": EVIL} if layer == "targets" else {"name": EVIL}
        frames[layer] = frames[layer].assign(**column, locator=EVIL)
    hostile = dataclasses.replace(atlas, frames=frames)
    with serving(Front(no_page, Fixed(hostile))) as base:
        client = Client(f"{base}/ogc")
        for path in (
            "/collections/clusters/items",
            "/collections/targets/items",
            f"/collections/clusters/items/{CLUSTER}",
        ):
            page = client.get(path, {"f": "html"})
            found = Elements(page.text)
            assert EVIL.partition("$")[0] in found.text
            assert not {"img", "script"} & set(found.tags)
            assert not [name for name, _ in found.attributes if name.startswith("on")]
        refusal = client.get("/collections/clusters/items", {EVIL: "1", "f": "html"})
        assert not {"img", "script"} & set(Elements(refusal.text).tags)
        echoed = client.get("/collections/clusters/items", {"name": EVIL, "f": "html"})
        assert not {"img", "script"} & set(Elements(echoed.text).tags)


def test_pages_ask_for_nothing_from_outside(client):
    for path in ("", "/api", "/conformance", "/collections", "/collections/clusters/items"):
        answer = client.get(path, {"f": "html"})
        found = Elements(answer.text)
        assert not {"script", "img", "link", "iframe", "object"} & set(found.tags)
        addresses = [v for k, v in found.attributes if k in ("href", "src", "action")]
        assert addresses
        assert all(v and v.startswith(client.base) for v in addresses)
        assert "url(" not in answer.text
        assert "@import" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


# -- who may ask -------------------------------------------------------------------------------


def request(peer: str | None = "127.0.0.1", query: str = "", **headers: str) -> Request:
    named = {"host": "localhost:8501"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/ogc/collections",
            "root_path": "/ogc",
            "server": ("127.0.0.1", 8501),
            "client": (peer, 5000) if peer else None,
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in named.items()],
        }
    )


def status(asking: Request) -> int:
    try:
        access.admit(asking)
    except ProblemError as problem:
        return problem.status.value
    return 200


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in (access.TOKEN, access.TRUST_PROXY, access.ORIGINS):
        monkeypatch.delenv(name, raising=False)


LOCAL = [
    {}, {"peer": "::1", "host": "[::1]:8501"}, {"peer": "127.0.0.5"}, {"host": "LOCALHOST"},
    {"peer": "::ffff:127.0.0.1", "host": "127.0.0.1:8501"},
]  # fmt: skip
REMOTE = [
    {"peer": "10.1.2.3"}, {"peer": None}, {"peer": "::ffff:10.1.2.3"}, {"peer": "testclient"},
    {"x_forwarded_for": "10.1.2.3"}, {"forwarded": "for=10.1.2.3"}, {"x_real_ip": "127.0.0.1"},
    {"x_forwarded_host": "localhost"}, {"host": "plans.example"},
    {"host": "localhost.evil.example"}, {"host": ""},
]  # fmt: skip


@pytest.mark.parametrize("who", LOCAL, ids=str)
def test_this_machine_may_ask(who, monkeypatch):
    assert status(request(**who)) == 200
    monkeypatch.setenv(access.TOKEN, "秘密 token")
    assert status(request(**who)) == 200


@pytest.mark.parametrize("who", REMOTE, ids=str)
def test_others_need_the_token(who, monkeypatch):
    assert status(request(**who)) == 403
    monkeypatch.setenv(access.TOKEN, "")
    assert status(request(**who, query="token=")) == 403
    monkeypatch.setenv(access.TOKEN, "秘密+token")
    assert status(request(**who)) == 401
    assert status(request(**who, query="token=wrong")) == 401
    assert status(request(**who, authorization="Bearer wrong")) == 401
    assert status(request(**who, authorization="Basic 秘密+token")) == 401
    assert status(request(**who, query=urlencode({"token": "秘密+token"}))) == 200
    assert status(request(**who, authorization="bearer 秘密+token")) == 200


def test_a_proxy_that_does_the_login_is_trusted_when_it_is_said(monkeypatch):
    passed_on = {"x_forwarded_for": "10.1.2.3", "host": "plans.example"}
    assert status(request(**passed_on)) == 403
    monkeypatch.setenv(access.TRUST_PROXY, "1")
    assert status(request(**passed_on)) == 200
    assert status(request(peer="10.1.2.3")) == 403


def test_refusals_over_the_wire(client, monkeypatch):
    assert client.get("", X_Forwarded_For="10.1.2.3").status_code == 403
    monkeypatch.setenv(access.TOKEN, "geheim")
    for path in ("", "/api", "/conformance", "/collections/clusters/items", "/collections/nope"):
        answer = client.get(path, X_Forwarded_For="10.1.2.3")
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert client.get("", {"token": "geheim"}, X_Forwarded_For="10.1.2.3").status_code == 200


def test_links_carry_a_token_only_where_the_address_had_it(client, monkeypatch):
    monkeypatch.setenv(access.TOKEN, "geheim")
    remote = {"X_Forwarded_For": "10.1.2.3"}
    for form in ("json", "html"):
        parameters = {"f": form, "limit": 5}
        path = "/collections/clusters/items"
        by_header = client.get(path, parameters, Authorization="Bearer geheim", **remote)
        assert by_header.status_code == 200
        assert "geheim" not in by_header.text
        by_address = client.get(path, {**parameters, "token": "geheim"}, **remote)
        hrefs = re.findall(r'href"?[:=]"([^"]*)"', by_address.text)
        assert len(hrefs) > 3
        assert all("token=geheim" in href for href in hrefs)
    api = client.get("/api", {"token": "geheim"}, **remote)
    assert "geheim" not in json.dumps(api.json()["servers"])


def test_links_hold_behind_a_proxy():
    proxied = {"x_forwarded_proto": "https", "x_forwarded_host": "plans.example, inner"}
    assert address_of(request(**proxied)).base == "https://plans.example/ogc"
    assert address_of(request(peer="10.1.2.3", **proxied)).base == "http://localhost:8501/ogc"
    assert address_of(request(host="plans.example:8080")).base == "http://plans.example:8080/ogc"


@pytest.mark.parametrize("host", ["a b", "x<script>", "evil/path", "user@host", "", "host:port"])
def test_a_host_that_is_none_is_refused(host):
    with pytest.raises(ProblemError):
        address_of(request(host=host))


def test_a_link_is_written_so_that_it_can_be_read():
    made = Address("http://h/ogc", "a&b c").to("collections", "x/é?", parameters={"name": "名 &=#"})
    assert urlsplit(made).path == "/ogc/collections/x%2F%C3%A9%3F"
    assert parse_qs(urlsplit(made).query) == {"name": ["名 &=#"], "token": ["a&b c"]}


def test_the_conformance_of_filters_is_what_can_be_evaluated(atlas):
    """Each spatial and array function that the classes name is answered."""
    spatial = ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses",
               "contains")  # fmt: skip
    for name in spatial:
        features_of(atlas, "clusters", filter=f"s_{name}(geometry, POINT(115 39))")
    for name in ("equals", "contains", "containedby", "overlaps"):
        features_of(atlas, "clusters", filter=f"a_{name}(industries, ('it'))")
    assert len(resources.CONFORMANCE) == 19
    assert np.all([c.isascii() for c in resources.CONFORMANCE])
