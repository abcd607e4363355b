"""The installed command `jitu`, run from another directory with a clean environment.

What a process of its own adds nothing to is run in this one, on the atlas the tests share.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.command import cli
from data.faults import DataFaultsError
from layers.catalogue import KINDS, open_atlas
from layers.formats.export import FORMATS, export
from layers.printing import sheet, sheet_files
from layers.reading.view import View

ROOT = Path(__file__).resolve().parent.parent
Completed = subprocess.CompletedProcess[bytes]


def jitu(folder: Path, *arguments: str, data: Path | None = None, before: tuple = ()) -> Completed:
    """Run `jitu` in `folder`, with nothing in the environment but what it cannot do without."""
    command = shutil.which("jitu", path=str(Path(sys.executable).parent))
    assert command, "jitu is not installed beside this Python: pip install -e ."
    environment = {"PATH": os.defpath, "HOME": str(folder)}
    environment |= {k: v for k, v in os.environ.items() if k == "SYSTEMROOT"}
    environment |= {"JITU_DATA": str(data)} if data else {}
    return subprocess.run(
        [*before, command, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )


Inside = Callable[..., tuple[int, str, str]]


@pytest.fixture
def inside(atlas, tmp_path, monkeypatch, capsys) -> Inside:
    """Run `jitu` in this process and an empty folder: status, standard output and error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JITU_DATA", raising=False)
    monkeypatch.setattr(cli, "open_atlas", lambda: atlas)

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.run(arguments)
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return run


def is_one_line(text: str) -> bool:
    return text.startswith("jitu: ") and text.count("\n") == 1 and text.endswith("\n")


def rows(told: tuple[int, str, str]) -> list[list[str]]:
    status, text, errors = told
    assert (status, errors) == (0, "")
    return [line.split("\t") for line in text.splitlines()]


# -- lists -------------------------------------------------------------------------------------


def test_layers(inside, atlas):
    assert [row[:3] for row in rows(inside("layers"))] == [
        [layer.id, str(len(atlas.frames[layer.id])), layer.title] for layer in KINDS.values()
    ]


def test_industries(inside, atlas):
    told = {row[0]: row[1:] for row in rows(inside("industries"))}
    assert list(told) == [i.id for i in atlas.records.industries]
    # 石家庄生物医药 and 保定现代中医药
    assert told["biology"] == ["生物", "Biology and medicine", "2"]
    assert told["food"][-1] == "0"


def test_check(inside, atlas):
    ((line,),) = rows(inside("check"))
    counts = ", ".join(f"{layer} {len(frame)}" for layer, frame in atlas.frames.items())
    assert line == f"OK: {atlas.records.data_version}: {counts}"


def test_help_names_the_commands(inside):
    status, text, _ = inside()
    assert status == 0
    assert all(f"  {command} " in text for command in ("app", "check", "export", "layers"))


def test_the_version_is_that_of_the_changelog(inside):
    status, text, _ = inside("--version")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.search(r"^## ([0-9.]+) - \d{4}-\d\d-\d\d$", changelog, flags=re.MULTILINE)
    assert (status, text) == (0, f"jitu {latest[1]}\n")


# -- broken data -------------------------------------------------------------------------------


@pytest.fixture
def broken(data_copy) -> Path:
    """Slips in two files."""
    for file, old, new in (
        ("places/points-osm.csv", "116.7451", "东经"),
        ("places/zones.yaml", "'130108', '130111'", "'130108', '139111'"),
    ):
        path = data_copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return data_copy


def test_check_tells_all_faults(tmp_path, broken):
    run = jitu(tmp_path, "check", data=broken)
    assert run.returncode == 1
    assert run.stderr.decode("utf-8") == f"jitu: 2 faults in {broken}\n"
    with pytest.raises(DataFaultsError) as caught:
        open_atlas(broken)
    told = run.stdout.decode("utf-8").splitlines()
    assert told == [str(fault) for fault in caught.value.faults]
    assert told[0].startswith("places/points-osm.csv: line ")
    assert told[1].startswith("places/zones.yaml: 130171: unknown host county '139111' → ")


def test_other_commands_point_to_check(tmp_path, broken, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JITU_DATA", str(broken))
    with pytest.raises(SystemExit) as left:
        cli.run(["export", "clusters"])
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (1, "")
    assert err == "jitu: the data has 2 faults; run: jitu check\n"
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


# -- export ------------------------------------------------------------------------------------


def test_export_to_standard_output(tmp_path, atlas):
    run = jitu(
        tmp_path, "export", "clusters", "--industry", "it", "--industry", "nev", "--year", "2027",
        "--tier", "key", "--city", "130100", "--city", "130600", "--format", "geojson", "-o", "-",
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, b"")
    view = View(2027, industries=("it", "nev"), tiers=("key",), cities=("130100", "130600"))
    assert run.stdout == export(atlas, ["clusters"], view, "geojson").data
    assert [f["id"] for f in json.loads(run.stdout)["features"]] == [
        "clusters:001-key-02",
        "clusters:001-key-08",
    ]
    assert list(tmp_path.iterdir()) == []


def test_export_to_a_file(inside, tmp_path, atlas):
    (tmp_path / "布局.geojson").write_bytes(b"an older file")
    status, out, told = inside("export", "layout", "-o", "布局.geojson")
    data = export(atlas, ["layout"], View(2027), "geojson").data
    assert (status, out) == (0, "")
    assert told.rstrip() == f"布局.geojson ({len(data):,} bytes)"
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"布局.geojson": data}


def test_export_to_a_folder(inside, tmp_path, atlas):
    (tmp_path / "导出").mkdir()
    status, _, told = inside("export", "regions", "--city", "130200", "-o", "导出")
    made = export(atlas, ["regions"], View(2027, cities=("130200",)), "geojson")
    assert status == 0
    assert made.name in told
    assert {p.name: p.read_bytes() for p in (tmp_path / "导出").iterdir()} == {made.name: made.data}


def test_export_to_where_one_is(inside, tmp_path, atlas):
    assert inside("export", "admin-cities")[0] == 0
    made = export(atlas, ["admin-cities"], View(2027), "geojson")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {made.name: made.data}


@pytest.mark.parametrize("format_id", FORMATS)
def test_several_layers_in_every_format(inside, tmp_path, atlas, format_id):
    shown = ("clusters", "layout")
    status, out, err = inside("export", *shown, "--format", format_id, "--year", "2027")
    made = export(atlas, shown, View(2027), format_id)
    assert (status, out) == (0, ""), err
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {made.name: made.data}


def test_the_name_of_the_output_chooses_the_format(inside, tmp_path, atlas):
    assert inside("export", "layout", "--crs", "4548", "-o", "a.gpkg")[0] == 0
    made = export(atlas, ["layout"], View(2027), "gpkg", "4548")
    assert (tmp_path / "a.gpkg").read_bytes() == made.data


def test_one_layer_goes_into_a_csv_file_that_is_named(inside, tmp_path, atlas):
    status, out, err = inside("export", "layout", "-o", "a.csv")
    assert (status, out) == (0, "")
    made = export(atlas, ["layout"], View(2027), "csv")
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        names = archive.namelist()
        assert (tmp_path / "a.csv").read_bytes() == archive.read("layout.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert all(name in err for name in names if name != "layout.csv")


# -- printed sheets ----------------------------------------------------------------------------


def test_a_layout_sheet_is_told_apart_by_its_name_and_bytes(inside, tmp_path):
    for option in ((), ("--layout-diagram",)):
        status, out, err = inside("print", "layout", "--format", "svg", *option)
        assert (status, out) == (0, ""), err
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    exact, planned = (
        "冀图_河北省产业规划图_2027年_A4.svg",
        "冀图_河北省产业规划图_2027年_规划图式_A4.svg",
    )
    assert set(made) == {exact, planned}
    assert made[exact] != made[planned]


def test_the_former_name_of_the_layout_diagram_still_works(inside, tmp_path):
    """Scripts that were written for ``--structure`` keep their sheets, to the byte."""
    made = {}
    for option in ("--layout-diagram", "--structure"):
        folder = tmp_path / option
        folder.mkdir()
        status, out, err = inside("print", "layout", "--format", "svg", option, "-o", str(folder))
        assert (status, out) == (0, ""), err
        made[option] = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert made["--structure"] == made["--layout-diagram"]


def test_a_series_goes_on_and_keeps_layout_sheets_apart(inside, tmp_path):
    series = ("print", "layout", "--series", "city", "--city", "130700", "--format", "svg")
    exact, planned = (
        "冀图_河北省张家口市_2027年_A4.svg",
        "冀图_河北省张家口市_2027年_规划图式_A4.svg",
    )
    for option, name in (((), exact), (("--layout-diagram",), planned)):
        status, _, err = inside(*series, "-o", "s", *option)
        assert (status, err.strip()) == (0, f"1/1 {Path('s') / name}")
        assert inside(*series, "-o", "s", *option)[2].strip().endswith(f"{name} (kept)")
    assert (tmp_path / "s" / exact).read_bytes() != (tmp_path / "s" / planned).read_bytes()


def test_a_sheet_that_was_damaged_is_drawn_again(inside, tmp_path):
    series = ("print", "layout", "--series", "city", "--city", "130700", "--format", "svg")
    assert inside(*series, "-o", "s")[0] == 0
    (path,) = (tmp_path / "s").glob("*.svg")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    status, _, err = inside(*series, "-o", "s")
    assert (status, "(kept)" in err) == (0, False)
    assert path.read_bytes() == whole


def test_clusters_of_one_name_have_a_file_each(atlas, tmp_path, monkeypatch):
    members = [replace(m, name="同名集群") for m in sheet.series(atlas, View(2027), "cluster")]
    monkeypatch.setattr(sheet, "member_sheet", lambda _, member, __: member.cluster.encode())
    made = list(sheet_files.write_series(atlas, members, sheet_files.Print(), tmp_path))
    assert len({name for name, _ in made}) == len(members) == 17
    assert {(tmp_path / name).read_bytes().decode() for name, _ in made} == {
        m.cluster for m in members
    }


# -- refusals ----------------------------------------------------------------------------------


def test_a_wrong_argument_ends_the_process_without_a_traceback(tmp_path):
    run = jitu(tmp_path, "export", "clusters", "--industry", "信息")
    assert (run.returncode, run.stdout) == (2, b"")
    text = run.stderr.decode("utf-8")
    assert is_one_line(text)
    assert text.startswith("jitu: unknown industry '信息'; one of: it, equipment, ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("export", "cluster"), ["unknown layer 'cluster'", "clusters-core", "layout"]),
        (("export", "clusters", "--industry", ""), ["unknown industry ''", "future-quantum"]),
        (("export", "clusters", "--year", "2024"), ["unknown year '2024'", "2023, 2025, 2027"]),
        (("export", "clusters", "--year", "next"), ["unknown year 'next'", "2023, 2025, 2027"]),
        (("export", "clusters", "--tier", "重点"), ["unknown tier '重点'", "key, cultivated"]),
        (("export", "clusters", "--city", "石家庄"), ["unknown city", "130100", "133100"]),
        (("export", "clusters", "--format", "shape"), ["unknown format 'shape'", "geojson"]),
        (("export", "clusters", "--crs", "3857"), ["'3857' is not offered", "4490", "4534"]),
        (("export", "clusters", "--format", "gpkg", "-o", "a.kml"), ["a.kml", "gpkg"]),
        (("export", "clusters", "-o", "a.shp"), ["a.shp: this export is a zip file"]),
        (("export", "clusters", "layout", "-o", "a.geojson"), ["a.geojson: this export is a zip"]),
        (("export", "x\ny"), ["unknown layer", "clusters-core"]),
        (("exprot",), ["unknown command 'exprot'", "layers", "check", "export"]),
        (("export", "clusters", "--colour", "red"), ["--colour"]),
        (("export",), ["Missing argument"]),
        (("print", "clusters", "--layout-diagram"), ["--layout-diagram draws the layer layout"]),
        (("print", "--series", "cluster", "--layout-diagram"), ["these sheets do not show it"]),
        (("app", "--port", "http"), ["--port"]),
        (("app", "--port", "70000"), ["--port"]),
    ],
)
def test_a_wrong_argument_is_refused_on_one_line(inside, tmp_path, arguments, expected):
    status, out, err = inside(*arguments)
    assert (status, out) == (2, "")
    assert is_one_line(err), err
    assert all(part in err for part in expected), err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--industry", "food"), ["nothing to export", "2027年、食品"]),
        (("--format", "kml", "--crs", "4490"), ["kml is always EPSG:4326"]),
        (("--format", "gpkg", "--crs", "auto"), ["3 zones", "split", "4548 (117°E", "%"]),
    ],
)
def test_what_cannot_be_exported_is_said_on_one_line(inside, tmp_path, arguments, expected):
    status, out, err = inside("export", "clusters", *arguments)
    assert (status, out) == (1, "")
    assert is_one_line(err), err
    assert all(part in err for part in expected), err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_a_path_that_cannot_be_written_is_refused(inside, tmp_path, folder):
    (tmp_path / "file").write_text("a file, no folder", encoding="utf-8")
    path = str(Path(folder) / "a.geojson")
    status, out, err = inside("export", "layout", "-o", path)
    assert (status, out) == (1, "")
    assert is_one_line(err), err
    assert f"cannot write {path}: " in err
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.name != "posix", reason="needs a shell's ulimit")
def test_a_file_is_replaced_only_when_the_write_succeeds(tmp_path):
    old = tmp_path / "layout.geojson"
    old.write_bytes(b"old")
    # No file may grow beyond a few kB: what a full disk does.
    full = ("/bin/sh", "-c", 'ulimit -f 8; exec "$0" "$@"')
    run = jitu(tmp_path, "export", "layout", "-o", str(old), before=full)
    text = run.stderr.decode("utf-8")
    assert run.returncode == 1, text
    assert is_one_line(text), text
    assert f"cannot write {old}: " in text
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"layout.geojson": b"old"}
