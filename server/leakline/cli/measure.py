"""``leakline measure``."""

from __future__ import annotations

import re
from pathlib import Path

import click

from leakline.capture import LoadPlan
from leakline.capture import measure as measure_program
from leakline.cli.interruption import run
from leakline.cli.options import inspect_option, report_options
from leakline.cli.output import Destination
from leakline.cli.progress import ProgressBar
from leakline.config import DEFAULT_REQUESTS, DEFAULT_ROUNDS
from leakline.pipeline import analyze
from leakline.report.places import relative_path

_CAPTURED = 0.85
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110 section 5.6.2


def _headers(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    for value in values:
        name, colon, content = value.partition(":")
        if not colon or not _FIELD_NAME.fullmatch(name):
            raise click.BadParameter(f"{value!r} is not of the form 'Name: value'")
        headers.append((name, content.strip()))
    return tuple(headers)


@click.command()
@inspect_option
@click.option("--url", required=True, help="Where requests go; {i} is the request's number.")
@click.option("--method", metavar="M", default="GET", show_default=True, help="HTTP method.")
@click.option(
    "--header",
    "headers",
    metavar="H",
    multiple=True,
    callback=_headers,
    help="A header such as 'Accept: text/html'; may be given again; {i} as in --url.",
)
@click.option("--body", metavar="B", help="Body of each request; {i} as in --url.")
@click.option(
    "--requests",
    metavar="N",
    type=click.IntRange(min=1),
    default=DEFAULT_REQUESTS,
    show_default=True,
    help="Requests in each round.",
)
@click.option(
    "--rounds",
    metavar="K",
    type=click.IntRange(min=1),
    default=DEFAULT_ROUNDS,
    show_default=True,
    help="Rounds after the warm-up, each with a snapshot after it.",
)
@report_options
@click.argument("command", metavar="[-- COMMAND …]", nargs=-1, type=click.UNPROCESSED)
def command(
    *,
    inspector: str,
    url: str,
    method: str,
    headers: tuple[tuple[str, str], ...],
    body: str | None,
    requests: int,
    rounds: int,
    report_format: str,
    output: Path | None,
    command: tuple[str, ...],
) -> int:
    r"""Send requests to a program and show what grows.

    COMMAND is started, its inspector awaited, and ended afterwards; without it the program
    has to run already. The recording is kept below .leakline in the working directory.

    \b
    leakline measure --url 'http://127.0.0.1:8787/{i}' -- npx wrangler dev --port 8787
    """
    destination = Destination(report_format, output)
    destination.check()
    workspace = Path.cwd()
    load = LoadPlan(
        url=url,
        method=method,
        headers=headers,
        body=None if body is None else body.encode("utf-8", "surrogateescape"),
        requests=requests,
    )
    with ProgressBar() as bar:
        recording = run(
            measure_program(
                inspector=inspector,
                load=load,
                rounds=rounds,
                command=command,
                workspace=workspace,
                on_progress=bar.part(0.0, _CAPTURED),
            )
        )
        analysis = analyze(recording, workspace=workspace, on_progress=bar.part(_CAPTURED, 1.0))
    place = relative_path(str(recording.path), str(workspace)) or str(recording.path)
    return destination.write(analysis, notes=(f"the recording is {place}",))
