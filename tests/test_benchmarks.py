"""The benchmarks' own arithmetic and scripts; nothing here is timed."""

from __future__ import annotations

import ast
import asyncio
import doctest
import hashlib
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest
from websockets.asyncio.server import serve

from benchmarks import browser, china, figures, imports, servers, users, views, wire
from benchmarks import run as benchmark
from data.reader import data_folder
from layers.reading.view import View

FOLDER = Path(benchmark.__file__).parent
BASELINES = ("rebuilt", "group")


# -- figures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([7], 95, 7),
        ([3, 1, 2], 50, 2),
        (range(1, 13), 95, 12),
        (range(1, 101), 95, 95),
        (range(1, 101), 100, 100),
    ],
)
def test_percentile(values, percent, expected):
    assert figures.percentile(list(values), percent) == expected


@pytest.mark.parametrize(
    ("goal", "met", "said"),
    [
        (figures.Goal("faster", 12, 10, least=True), True, "met"),
        (figures.Goal("faster", 5, 10, least=True), False, "MISSED by a factor of 2.00"),
        (figures.Goal("bytes", 10, 10, "kB"), True, "met"),
        (figures.Goal("bytes", 15, 10, "kB"), False, "MISSED by a factor of 1.50"),
        (figures.Goal("errors", 0, 0, ""), True, "met"),
        (figures.Goal("errors", 2, 0, ""), False, "MISSED"),
    ],
)
def test_goals_say_by_how_much_they_are_missed(goal, met, said):
    assert (goal.met, goal.verdict) == (met, said)
    assert said in figures.goals_table([goal])


@pytest.mark.parametrize("module", [figures, imports, browser, users, wire])
def test_the_examples_hold(module):
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert results.failed == 0


def test_ratios_stand_beside_the_numbers():
    text = figures.comparison(["page", "other"], [("ms", [40.0, 500.0]), ("errors", ["0", "3"])])
    assert text.splitlines()[2:] == ["| ms | 40 | 500 (12.5×) |", "| errors | 0 | 3 |"]
    unknown = figures.middle([])
    text = figures.comparison(["page", "other"], [("ms", [40.0, unknown]), ("s", [unknown, 1.0])])
    assert text.splitlines()[2:] == ["| ms | 40 | – |", "| s | – | 1 |"]


# -- what is done during a measurement ---------------------------------------------------------


def test_every_step_changes_what_is_shown(atlas):
    steps = list(views.steps(atlas))
    assert len(steps) == views.CHANGES
    before, shown = views.first(atlas), views.shown(atlas, views.first(atlas))
    for step in steps:
        after = views.shown(atlas, step.view)
        assert (after == shown) == (step.kind == "year")
        assert (step.view.year == before.year) == (step.kind == "industry")
        assert min(after.values()) > 0
        before, shown = step.view, after


def test_the_goals_are_reported_from_what_was_measured():
    def measured(way, milliseconds, size):
        traffic = wire.Traffic(socket=size)
        return benchmark.Measured(
            way,
            started_ms=[9.0 * milliseconds],
            cold_ms=[8.0 * milliseconds],
            warm_ms=[7.0 * milliseconds],
            changes_ms=[milliseconds] * 3,
            cpu_ms=[1.0],
            opened=traffic,
            changed=traffic,
            messages=Counter(dataframe=5 * size, html=size),
            counted=2,
        )

    ways = (benchmark.PAGE, benchmark.REBUILT, benchmark.GROUP)
    hebei = [measured(w, *v) for w, v in zip(ways, [(50, 8), (600, 800), (100, 700)], strict=True)]
    whole = [measured(benchmark.PAGE, 60, 4000)]
    load = users.Load(changes_ms=[10.0, 30.0])
    crowds = [benchmark.Crowd(benchmark.PAGE, users.Load(changes_ms=[10.0]), load, 5.0)]
    found = {g.title: (round(g.value, 2), g.met) for g in benchmark.goals(hebei, whole, crowds)}
    assert found["Hebei: rebuilt st_folium's time / the page's"] == (12, True)
    assert found["Hebei: rebuilt st_folium's bytes / the page's"] == (100, False)
    assert found["Hebei: feature_group_to_add's time / the page's"] == (2, False)
    assert found["China: time of a change / Hebei's"] == (1.2, True)
    assert found["China: bytes of a change"] == (2.0, True)
    assert found["20 users: errors"] == (0, True)
    assert found["20 users: 95th percentile / one user's median"] == (3, False)
    assert "| 50 | 600 (12×) | 100 (2×) |" in benchmark.table_of(hebei)
    assert "| … its messages before compression | 0.024 | 2.4 (100×) |" in benchmark.table_of(hebei)
    assert "before compression: 24, of which dataframe 20, html 4." in benchmark.messages_of(
        hebei[0]
    )
    assert "| one user alone, median ms | 10 |" in benchmark.table_of_crowds(crowds)


def test_messages_are_told_apart():
    message = ForwardMsg()
    message.delta.new_element.html.body = "x"
    assert browser.kind(message) == "html"
    message.delta.add_block.allow_empty = True
    assert browser.kind(message) == "add_block"
    message.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    assert browser.kind(message) == "script_finished"


def test_imports_are_read_with_their_importers():
    log = """
import time: self [us] | cumulative | imported package
import time:      1000 |       1000 |     matplotlib.path
import time:      2000 |       3000 |   matplotlib
import time:       500 |       3500 | layers.printing.canvas
something else
import time:       100 |        100 | json
"""
    found = list(imports.read(log.splitlines()))
    assert [(i.module, i.importer) for i in found] == [
        ("matplotlib.path", "matplotlib"),
        ("matplotlib", "layers.printing.canvas"),
        ("layers.printing.canvas", ""),
        ("json", ""),
    ]
    text = imports.describe(found)
    assert "| matplotlib | 3 | layers.printing.canvas | the printed sheet |" in text
    assert "4 modules, 3.6 ms" in text


# -- what is measured --------------------------------------------------------------------------


@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_draws_the_view(name, atlas):
    script = FOLDER / f"baselines/{name}.py"
    page = AppTest.from_file(str(script), default_timeout=120).run()
    assert not page.exception
    (year,) = page.get("button_group")
    (industry,) = page.multiselect
    assert (year.proto.label, industry.label) == (users.YEAR, users.INDUSTRY)
    (drawn,) = page.get("component_instance")
    arguments = drawn.proto.json_args
    for layer in views.shown(atlas, views.first(atlas)):
        assert f'"drawn-{layer}' in arguments.replace("\\", ""), layer
    assert "data-year=" in arguments
    assert "cdn" not in arguments


def test_the_baselines_are_those_that_are_run():
    scripts = {path.stem for path in (FOLDER / "baselines").glob("*.py")} - {"drawing"}
    ours = {benchmark.REBUILT_OURS, benchmark.GROUP_OURS}
    ways = {benchmark.PAGE, benchmark.REBUILT, benchmark.GROUP} | ours
    assert scripts == set(BASELINES) == {way.script for way in ways if way.script}


@pytest.mark.parametrize(
    ("usual", "ours"),
    [
        (benchmark.REBUILT, benchmark.REBUILT_OURS),
        (benchmark.GROUP, benchmark.GROUP_OURS),
    ],
)
def test_a_way_is_measured_with_the_pages_settings_too(usual, ours):
    without, with_them = (way.command(servers.ROOT, 1) for way in (usual, ours))
    assert with_them == [
        *without,
        *("--runner.postScriptGC", "false"),
        *("--server.enableWebsocketCompression", "true"),
        *("--global.minCachedMessageSize", "400"),
        *("--global.maxCachedMessageAge", "20"),
    ]


def test_the_copy_has_what_the_page_needs(tmp_path):
    project = servers.copy_project(tmp_path / "project")
    assert (project / "static/map/map.js").is_file()
    assert not (project / "static/atlas").exists()
    assert (project / "benchmarks/baselines/static/vendor/leaflet/leaflet.js").is_file()
    assert (project / "data/hebei/atlas.yaml").read_bytes() == (
        data_folder() / "atlas.yaml"
    ).read_bytes()


def test_overlapping_counties_are_repaired():
    squares = gpd.GeoSeries([shapely.box(0, 0, 1.01, 1), shapely.box(1, 0, 2, 1)], crs="EPSG:4490")
    districts = gpd.GeoDataFrame({"district_adcode": ["1", "2"]}, geometry=squares)
    made = china.repaired(districts)
    assert shapely.coverage_is_valid(made.geometry.to_numpy())
    assert shapely.area(made.geometry.to_numpy()).sum() == pytest.approx(2)


def test_a_client_asks_for_what_it_has_chosen():
    client = users._Client("http://localhost:1/", 0, users.Load())
    message = ForwardMsg()
    widget = message.delta.new_element.multiselect
    widget.label, widget.id, widget.options[:] = users.INDUSTRY, "id", ["甲 · 3", "乙 · 0"]
    message.hash, message.metadata.cacheable = "known", True
    client.read(message)
    client.options[users.YEAR] = {"2023年": "2023年", "2025年": "2025年"}
    client.ids[users.YEAR] = "year"
    for _ in range(20):
        client.choose()
    assert set(client.chosen) == {users.YEAR, users.INDUSTRY}
    request = client.request()
    assert list(request.rerun_script.cached_message_hashes) == ["known"]
    sent = {
        w.id: list(w.string_array_value.data) for w in request.rerun_script.widget_states.widgets
    }
    counts = {"甲": "甲 · 3", "乙": "乙 · 0"}
    industries = [counts[name] for name in client.chosen[users.INDUSTRY]]
    assert sent == {"id": industries, "year": client.chosen[users.YEAR]}


# -- the wire ----------------------------------------------------------------------------------


class Answers(BaseHTTPRequestHandler):
    """Answers a request with as many bytes as its path names."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", self.path[1:])
        self.end_headers()
        self.wfile.write(b"x" * int(self.path[1:]))

    def log_message(self, *_):
        """Tell nobody."""


@pytest.fixture
def answering():
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_relay_counts_what_it_passes_on(answering):
    with wire.relay(answering) as relay:
        for size in (0, 7, 3 * wire.CHUNK):
            before = relay.sent
            with socket.create_connection(relay.server_address) as asking:
                asking.sendall(f"GET /{size} HTTP/1.0\r\n\r\n".encode())
                answer = asking.makefile("rb").read()
            assert answer.startswith(b"HTTP/1.0 200 ")
            assert len(answer.partition(b"\r\n\r\n")[2]) == size
            assert relay.sent - before == wire.Traffic(http=len(answer))


def test_a_relay_leaves_nothing_behind(answering):
    before = threading.active_count()
    with wire.relay(answering) as relay, socket.create_connection(relay.server_address) as open_:
        open_.sendall(b"GET /5 HTTP/1.0\r\n\r\n")
        assert open_.recv(8) == b"HTTP/1.0"
        # Another, which asks for nothing and is open still when the relay ends.
        waiting = socket.create_connection(relay.server_address)
    with waiting, suppress(ConnectionResetError):
        assert waiting.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(relay.server_address)
    end = time.monotonic() + 10  # the answering server's threads end in their own time
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.05)
    assert threading.active_count() <= before


@pytest.mark.parametrize(
    ("compression", "least", "most"), [(None, 2000, 2020), ("deflate", 1000, 1100)]
)
def test_messages_are_counted_as_they_travel(compression, least, most):
    """By a relay and by one of many users alike; what was just said is cheap to say again."""
    said = hashlib.shake_256(b"").digest(1000)  # nothing to compress

    async def answer(connection):
        async for _ in connection:
            await connection.send(said)

    async def talk():
        listening = serve(answer, "127.0.0.1", 0, compression=compression)
        async with listening as server:
            port = server.sockets[0].getsockname()[1]
            with wire.relay(f"http://127.0.0.1:{port}/") as relay:
                client = users._Client(relay.address, 0, users.Load())
                await client.connect()
                opened = relay.sent
                assert (opened.socket, opened.http) == (client.received, 0)
                for _ in range(2):
                    await client.socket.send(b"")
                    assert await client.socket.recv() == said
                assert client.received - opened.socket == (relay.sent - opened).total
                await client.close()
                return client.received - opened.socket

    with ThreadPoolExecutor() as other:  # Playwright's event loop may have this thread
        assert least < other.submit(asyncio.run, talk()).result() < most


# -- the browser -------------------------------------------------------------------------------

# The page in small. A click changes the map at once; the server's answer, which begins later than
# the map would count as still, changes it again. What surrounds the map changes all the time.
SMALL = """<!doctype html><meta charset="utf-8">
<div data-testid="stApp" data-test-script-state="notRunning">
  <button role="radio">2027年</button><p></p>
  <div class="jitu-map"><div class="leaflet-map-pane"><i></i></div><b></b></div>
</div>
<script>
  const [app, button, around, element, drawn, legend] =
    ["div", "button", "p", ".jitu-map", "i", "b"].map((s) => document.querySelector(s));
  const state = { ready: true, year: 2025, labels: 1, shown: { clusters: 9 } };
  window.JituMap = { maps: [{ element, state: () => state }] };
  const draw = (text) => { drawn.textContent = text; window.drawnAt = probe.now(); };
  setInterval(() => { around.textContent += "."; legend.textContent += "."; }, 10);
  button.addEventListener("click", () => {
    app.dataset.testScriptState = "rerunRequested";
    state.year = 2027;
    draw("at once");
    setTimeout(() => { draw("confirmed"); app.dataset.testScriptState = "notRunning"; }, %d);
  });
</script>
"""


@pytest.mark.browser
def test_a_change_lasts_until_the_server_has_confirmed_it(request, monkeypatch):
    monkeypatch.setattr(browser, "LIMIT_MS", 30_000)
    small = SMALL % (2 * browser.QUIET_MS)
    with browser.planner(request.getfixturevalue("browser")) as context:
        context.route("**", lambda route: route.fulfill(body=small, content_type="text/html"))
        sheet = browser.Sheet(context, "http://page.test/", is_baseline=False)
        sheet.open({"clusters": 9}, 2025)
        took = sheet.take(views.Step("year", "2027年", View(year=2027)), {"clusters": 9})
        drawn_ms, painted_ms = sheet.page.evaluate(
            "[drawnAt - probe.clicked, probe.painted - probe.clicked]"
        )
    assert 2 * browser.QUIET_MS < drawn_ms < took == painted_ms


def test_no_script_needs_the_internet():
    for path in FOLDER.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        ast.parse(text)
        assert "https://" not in text, path.name
