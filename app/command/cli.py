"""The command line ``jitu``. It works from any directory.

Every error is one sentence on standard error. The exit status is 2 for a wrong argument and 1 for
any other error. The docstrings of the commands are their help texts.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from data import atomic_file, evidence, reader
from data.faults import DataFaultsError
from data.schema import FILES, json_schema
from geo.crs import UnknownCrsError
from layers.atlas import Atlas
from layers.catalogue import KINDS, open_atlas
from layers.formats.export import FORMATS, SPLIT, ExportError, bare_file, export, export_name
from layers.kinds.clusters import KIND as CLUSTERS
from layers.printing import sheet_files
from layers.reading.query import view_from
from layers.reading.view import SHOWN_FIRST, View

_MAX_LISTED = 40  # allowed values that an error message lists

if TYPE_CHECKING:
    from typer._click import Command, Context  # typer has no public name for them

    from layers.printing.sheet import Member

Industry = Annotated[
    list[str] | None, typer.Option(help="Industry id, repeatable: see jitu industries.")
]
Year = Annotated[str | None, typer.Option(help="Target year.")]
Tier = Annotated[list[str] | None, typer.Option(help="key or cultivated, repeatable.")]
City = Annotated[list[str] | None, typer.Option(help="City adcode, repeatable.")]
County = Annotated[list[str] | None, typer.Option(help="County adcode, repeatable.")]


class CommandError(Exception):
    """A command failed.

    Parameters
    ----------
    message
        The reason, as one sentence for the user.
    status
        The exit status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Commands(TyperGroup):
    """The group of commands. The error for an unknown command lists the known commands."""

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Find a command by name.

        Parameters
        ----------
        ctx
            Typer's context.
        args
            The command's name and its arguments.

        Raises
        ------
        CommandError
            There is no such command.
        """
        if args and args[0] not in self.commands:
            allowed = ", ".join(self.commands)
            raise CommandError(f"unknown command {args[0]!r}; one of: {allowed}", 2)
        return super().resolve_command(ctx, args)


cli = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@cli.callback(invoke_without_command=True)
def overview(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """冀图: a planner's atlas of Hebei's industrial plans."""
    if version:
        typer.echo(f"jitu {metadata.version('jitu')}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


@cli.command()
def app(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to serve the page on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    headless: Annotated[bool, typer.Option(help="Do not open a browser.")] = False,
) -> None:
    """Serve the page and, below /ogc, the API; open the page in a browser."""
    from app.serving.server import serve  # imports streamlit, which no other command needs

    serve(port, address, headless=headless)


@cli.command()
def layers() -> None:
    """List the layers: id, number of features, title, description."""
    atlas = _atlas()
    for layer in KINDS.values():
        typer.echo(f"{layer.id}\t{len(atlas.frames[layer.id])}\t{layer.title}\t{layer.description}")


@cli.command()
def industries() -> None:
    """List the industries of the filter: id, name, English name, number of clusters."""
    atlas = _atlas()
    members = atlas.frames[CLUSTERS.id]["industries"]
    for industry in atlas.records.industries:
        count = sum(industry.id in ids for ids in members)
        typer.echo(f"{industry.id}\t{industry.name}\t{industry.name_en}\t{count}")


@cli.command()
def check() -> None:
    """Check all data and report every fault with its file, record and remedy."""
    try:
        atlas = open_atlas()
    except DataFaultsError as error:
        for fault in error.faults:
            typer.echo(str(fault))
        raise CommandError(f"{len(error.faults)} faults in {reader.data_folder()}", 1) from None
    counts = ", ".join(f"{layer} {len(frame)}" for layer, frame in atlas.frames.items())
    typer.echo(f"OK: {atlas.records.data_version}: {counts}")


@cli.command()
def verify(
    documents: Annotated[
        Path | None,
        typer.Option(help="Folder of the plan documents, each file named after its id (001.txt)."),
    ] = None,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Also report the records that hold.")
    ] = False,
) -> None:
    """Check every record against the documents' text: sentences, figures, places, names."""
    folder = documents or evidence.documents_folder()
    if folder is None:
        raise CommandError("name the folder of the documents: --documents DIR", 2)
    records = reader.load()
    try:
        texts = evidence.read_documents(folder, records)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(str(error), 1) from None
    for document in evidence.changed_documents(records, texts):
        typer.echo(f"{document}: the text is not the one that was read; read failing records again")
    verdicts = evidence.verify(records, texts)
    for verdict in verdicts:
        if verbose or not verdict.holds:
            result = "; ".join(verdict.problems) or "holds"
            typer.echo(f"{verdict.document} {verdict.record} ({verdict.locator}): {result}")
    for document in sorted({v.document for v in verdicts}):
        own = [v for v in verdicts if v.document == document]
        typer.echo(f"{document}: {sum(v.holds for v in own)} of {len(own)} records hold")
    unread = sorted({p.document for p in records.plans} - set(texts))
    if unread:
        raise CommandError(f"no text of {', '.join(unread)} in {folder}", 1)
    failed = sum(not v.holds for v in verdicts)
    if failed:
        raise CommandError(f"{failed} of {len(verdicts)} records do not hold", 1)


@cli.command()
def schema(
    file: Annotated[str, typer.Argument(help=f"One of: {', '.join(FILES)}.")],
) -> None:
    """Print the JSON Schema of a data file, for editors that check YAML while one types."""
    if file not in FILES:
        raise CommandError(f"unknown file {file!r}; one of: {', '.join(FILES)}", 2)
    typer.echo(json.dumps(json_schema(file), ensure_ascii=False, indent=1))


@cli.command("export")
def export_layers(  # noqa: PLR0913  (typer reads the command's options from its parameters)
    layers: Annotated[list[str], typer.Argument(help="Layer ids: see jitu layers.")],
    industry: Industry = None,
    year: Year = None,
    tier: Tier = None,
    city: City = None,
    county: County = None,
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(help=f"One of: {', '.join(FORMATS)}; by default what the output's name says."),
    ] = None,
    crs: Annotated[
        str | None,
        typer.Option(
            help="EPSG code (4490, 4326, 4547, …), auto (the data's 3-degree zone) or split."
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="File, folder, or - for standard output.")
    ] = None,
) -> None:
    """Write layers as the filters show them; the same filters give the same bytes as the page."""
    path = Path((output or "").lower())
    suffix, inner = path.suffix, Path(path.stem).suffix
    format_by_suffix = {f".{f.suffix}": f.id for f in FORMATS.values()}
    named = format_by_suffix.get(inner if suffix == ".zip" else suffix)
    chosen = format or named or "geojson"
    if chosen not in FORMATS:
        raise CommandError(f"unknown format {chosen!r}; one of: {', '.join(FORMATS)}", 2)
    atlas = _atlas()
    view = _view(atlas, _view_parameters(layers, industry, year, tier, city, county))
    spec = FORMATS[chosen]
    expected_suffix = Path(export_name(atlas, view.layers, view, chosen, crs)[0]).suffix
    is_bare = spec.bare and len(view.layers) == 1 and crs != SPLIT and suffix == f".{spec.suffix}"
    if not is_bare and suffix in {*format_by_suffix, ".zip"} and suffix != expected_suffix:
        kind = expected_suffix.removeprefix(".")
        raise CommandError(f"{output}: this export is a {kind} file in format {chosen}", 2)
    try:
        if is_bare:
            data, others = bare_file(atlas, view.layers[0], view, chosen, crs)
            _write_output(output, f"{view.layers[0]}{suffix}", data)
            typer.echo(
                f"without the files that a .zip has beside it: {', '.join(others)}", err=True
            )
            return
        exported = export(atlas, view.layers, view, chosen, crs)
    except UnknownCrsError as error:
        raise CommandError(str(error), 2) from None
    except ExportError as error:
        raise CommandError(str(error), 1) from None
    _write_output(output, exported.name, exported.data)


@cli.command("print")
def print_sheets(  # noqa: PLR0913  (typer reads the command's options from its parameters)
    layers: Annotated[
        list[str] | None, typer.Argument(help="Layer ids; by default those a new page shows.")
    ] = None,
    industry: Industry = None,
    year: Year = None,
    tier: Tier = None,
    city: City = None,
    county: County = None,
    format: Annotated[str, typer.Option(help="pdf, svg or png (300 dpi).")] = "pdf",  # noqa: A002
    paper: Annotated[str, typer.Option(help="a4 or a3, landscape.")] = "a4",
    series: Annotated[
        str | None, typer.Option(help="One sheet for each: city or cluster; -o names a folder.")
    ] = None,
    layout_diagram: Annotated[
        bool,
        typer.Option(
            "--layout-diagram",
            "--structure",  # its former name
            help="Draw the layer layout as on a planner's sheet (规划图式).",
        ),
    ] = False,
    review_number: Annotated[
        str | None,
        typer.Option(
            envvar=sheet_files.REVIEW_NUMBER,
            help="The map's review number (审图号), once it has one.",
        ),
    ] = None,
    output: Annotated[
        str | None, typer.Option("-o", "--output", help="File, folder, or - for standard output.")
    ] = None,
) -> None:
    """Draw a finished map sheet, or a series; an interrupted series continues where it stopped."""
    from layers.printing import canvas, sheet  # imports matplotlib, which no other command needs

    for option, value, allowed in (
        ("paper", paper, tuple(canvas.PAPERS)),
        ("format", format, sheet.FORMATS),
        ("series", series or sheet.SERIES[0], sheet.SERIES),
    ):
        if value not in allowed:
            raise CommandError(f"unknown {option} {value!r}; one of: {', '.join(allowed)}", 2)
    atlas = _atlas()
    parameters = _view_parameters(layers or list(SHOWN_FIRST), industry, year, tier, city, county)
    view = _view(atlas, parameters)
    options = sheet_files.Print(paper, format, review_number or None, layout_diagram)
    try:
        members = sheet.series(atlas, view, series) if series else []
        shown = members[0].view if members else view
        if layout_diagram and not sheet_files.is_planned(shown, options):
            raise CommandError(
                "--layout-diagram draws the layer layout: these sheets do not show it", 2
            )
        if series:
            _print_series(atlas, members, options, Path(output or "."))
            return
        data = sheet_files.single(atlas, view, options)
    except ValueError as error:
        raise CommandError(str(error), 1) from None
    _write_output(output, sheet_files.name(atlas, view, options), data)


def _print_series(
    atlas: Atlas, members: Sequence[Member], options: sheet_files.Print, folder: Path
) -> None:
    try:
        sheets = sheet_files.write_series(atlas, members, options, folder)
        for number, (name, is_new) in enumerate(sheets, 1):
            kept = "" if is_new else " (kept)"
            typer.echo(f"{number}/{len(members)} {folder / name}{kept}", err=True)
    except OSError as error:
        raise CommandError(f"cannot write {folder}: {error.strerror or error}", 1) from None


def run(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Parameters
    ----------
    arguments
        The arguments, by default those of the process.

    Raises
    ------
    SystemExit
        Always, with the exit status. An error is reported as one sentence on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # any other stream has its own encoding
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        status = cli(args=arguments, prog_name="jitu", standalone_mode=False)
    except TyperException as error:
        sys.exit(_report_error(error.format_message(), error.exit_code))
    except CommandError as error:
        sys.exit(_report_error(str(error), error.status))
    except DataFaultsError as error:
        sys.exit(_report_error(f"the data has {len(error.faults)} faults; run: jitu check", 1))
    except BrokenPipeError:  # the program that reads our output has ended
        sys.stderr.close()
        sys.exit(1)
    sys.exit(status or 0)


def _atlas() -> Atlas:
    return open_atlas()


def _view_parameters(
    layers: list[str],
    industry: list[str] | None,
    year: str | None,
    tier: list[str] | None,
    city: list[str] | None,
    county: list[str] | None,
) -> dict[str, list[str]]:
    return {
        "layer": layers,
        "industry": industry or [],
        "year": [year] if year is not None else [],
        "tier": tier or [],
        "city": city or [],
        "county": county or [],
    }


def _write_output(output: str | None, name: str, data: bytes) -> None:
    """Write to standard output (``-``), to a file, or into a folder under the default name."""
    if output == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    path = Path(output) if output else Path(name)
    path = path / name if path.is_dir() else path
    try:
        atomic_file.write(path, data)
    except OSError as error:
        raise CommandError(f"cannot write {path}: {error.strerror or error}", 1) from None
    typer.echo(f"{path} ({len(data):,} bytes)", err=True)


def _view(atlas: Atlas, parameters: dict[str, list[str]]) -> View:
    view, unknown = view_from(atlas, parameters)
    if unknown:
        first = unknown[0]
        allowed = ", ".join(first.allowed[:_MAX_LISTED])
        if len(first.allowed) > _MAX_LISTED:
            allowed += f" … ({len(first.allowed)} in all; see layer admin-counties)"
        raise CommandError(f"unknown {first.parameter} {first.value!r}; one of: {allowed}", 2)
    return view


def _report_error(message: str, status: int) -> int:
    typer.echo("jitu: " + " ".join(message.split()), err=True)
    return status
