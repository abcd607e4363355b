"""Look for the invented kind everywhere; run with a copy of the project as working directory.

Prints one JSON object: place → what was found there.
"""

from __future__ import annotations

import json
import sys
import threading
import time
import zipfile
from io import BytesIO
from pathlib import Path

sys.path[:0] = [str(Path.cwd()), str(Path.cwd() / "scripts")]

import make_fields_table  # noqa: E402
import requests  # noqa: E402
import uvicorn  # noqa: E402
from matplotlib.text import Text  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

from app.ogc import router  # noqa: E402
from app.ogc.store import Store  # noqa: E402
from app.page import language, search  # noqa: E402
from layers.catalogue import KINDS, open_atlas  # noqa: E402
from layers.formats.export import FORMATS, export  # noqa: E402
from layers.printing import sheet  # noqa: E402
from layers.printing.settings import Print  # noqa: E402
from layers.reading.counts import counts_by_county, ids_by_industry_and_city  # noqa: E402
from layers.reading.details import describe_feature, feature_row, features_at_point  # noqa: E402
from layers.reading.drawings import drawings  # noqa: E402
from layers.reading.facets import facets  # noqa: E402
from layers.reading.profile import profile  # noqa: E402
from layers.reading.query import filter_options  # noqa: E402
from layers.reading.tables import readable  # noqa: E402
from layers.reading.view import SHOWN_FIRST, View  # noqa: E402
from layers.web.scene import scene  # noqa: E402

LAYER, COUNTY = "wine-regions", "130730"
FEATURE = f"{LAYER}:{COUNTY}"
HUAILAI = (115.52, 40.41)

atlas = open_atlas()
alone = View(2025, layers=(LAYER,))
drawn = scene(atlas)
row = feature_row(atlas, FEATURE)
found: dict[str, object] = {}
found["catalogue"] = LAYER in KINDS and LAYER in SHOWN_FIRST
found["filter options"] = filter_options(atlas)["layer"].get(LAYER)
found["map"] = [f["style"] for f in drawn["features"] if f["layer"] == LAYER]
found["styles"] = drawn["styles"].get("vineyard")
found["legend"] = [i["title"] for g in drawn["legend"] for i in g["items"]]
found["click"] = [f.id for f in features_at_point(atlas, alone, *HUAILAI)]
found["details"] = dict(describe_feature(atlas, row).facts)
for key in (f"county:{COUNTY}", "city:130700", "industry:food"):
    sections = {title: [e.text for e in own] for title, own in profile(atlas, key).sections}
    found[f"profile {key}"] = sections.get("葡萄产区")
with language.override(language.CHINESE):
    found["search"] = search._titles(atlas, language.CHINESE).get(FEATURE)
table, columns = readable(atlas, LAYER, atlas.frames[LAYER], 2025)
found["table"] = [column.title_with_unit for column in columns], table["hectares"].tolist()
found["counties chart"] = dict(counts_by_county(atlas, alone)[COUNTY])
found["matrix chart"] = list(ids_by_industry_and_city(atlas, alone)[("food", "130700")])
found["facets"] = facets(atlas, alone)["industry"]


def texts(data: bytes) -> str:
    """A file as text; of a zip, its members."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(data)) as archive:
            data = b"".join(archive.read(name) for name in archive.namelist())
    return data.decode("utf-8", errors="ignore")


found["exports"] = {f: FEATURE in texts(export(atlas, (LAYER,), alone, f).data) for f in FORMATS}
found["styled"] = "vineyard" in texts(export(atlas, (LAYER,), alone, "gpkg").data)
member = sheet.Member("", "图", alone)
made = sheet.compose(atlas, member, Print("a4", "svg", None, False))
found["print"] = sorted({t.get_text() for t in made.pen.figure.findobj(Text) if t.get_text()})
found["drawing order"] = drawings(atlas)[FEATURE].drawing.pane.z
server = uvicorn.Server(uvicorn.Config(router.application(Store()), port=0, log_level="error"))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.05)
port = server.servers[0].sockets[0].getsockname()[1]


def get(path: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{port}{path}", timeout=30)


items = get(f"/collections/{LAYER}/items?f=json").json()
found["API"] = [f["id"] for f in items["features"]]
schema = get(f"/collections/{LAYER}/queryables?f=json").json()
found["API schema"] = "hectares" in schema["properties"]
found["API definition"] = f"/collections/{LAYER}/items" in get("/api?f=json").json()["paths"]
found["API page"] = "种植面积" in get(f"/collections/{LAYER}/items?f=html").text
found["docs"] = "hectares" in make_fields_table.table([2025])
page = AppTest.from_file(str(Path.cwd() / "streamlit_app.py"), default_timeout=120)
page.query_params["layer"] = LAYER
page.query_params["feature"] = FEATURE
page.run()
found["page"] = [str(error.value) for error in page.exception]
found["page's panel"] = any("种植面积" in str(element.value) for element in page.get("html"))
found["page's table"] = [list(frame.value.columns) for frame in page.dataframe]
found["page's pills"] = [option for pills in page.button_group for option in pills.options]
sys.stdout.write(json.dumps(found, ensure_ascii=False, default=str) + "\n")
