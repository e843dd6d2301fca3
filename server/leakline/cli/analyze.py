"""``leakline analyze``."""

from __future__ import annotations

from pathlib import Path

import click

from leakline.cli.inputs import load_inputs
from leakline.cli.options import report_options
from leakline.cli.output import Destination
from leakline.cli.progress import ProgressBar
from leakline.config.project import read_project_config
from leakline.pipeline import analyze


def _counts(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[int, ...] | None:
    if value is None:
        return None
    parts = [part.strip() for part in value.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise click.BadParameter(f"{value!r} is not a list of numbers such as 0,100,200")
    return tuple(map(int, parts))


@click.command()
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--requests",
    metavar="0,100,200",
    callback=_counts,
    help="Requests answered before each snapshot, where the recording does not know them.",
)
@report_options
def command(
    *,
    paths: tuple[Path, ...],
    requests: tuple[int, ...] | None,
    report_format: str,
    output: Path | None,
) -> int:
    """Show what grows in a recording or in .heapsnapshot files, given oldest first.

    PATH is a recording's directory, its recording.json, a .heapsnapshot or
    .heapsnapshot.gz file from anywhere, or a directory with such files below it, of which the
    newest series of one process is taken. Files have to be from one session of DevTools or from
    one process: V8 numbers its objects anew for each connection to the inspector.
    """
    destination = Destination(report_format, output)
    destination.check()
    recording = load_inputs(paths, requests)
    workspace = None if recording.workspace is not None else Path.cwd()
    project = read_project_config(workspace or recording.workspace or Path.cwd())
    with ProgressBar() as bar:
        analysis = analyze(
            recording, workspace=workspace, config=project, on_progress=bar.part(0.0, 1.0)
        )
    return destination.write(analysis)
