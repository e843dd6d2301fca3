"""``leakline measure``."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from leakline.capture import measure as measure_program
from leakline.cli.elsewhere import warn_of_elsewhere
from leakline.cli.interruption import run
from leakline.cli.options import inspect_option, keep_option, report_options
from leakline.cli.output import Destination
from leakline.cli.progress import ProgressBar
from leakline.cli.project import given_or_said
from leakline.cli.traffic import TrafficOptions, clicks_said, traffic_options, traffic_plan
from leakline.config import DEFAULT_ROUNDS
from leakline.config.project import read_project_config
from leakline.pipeline import analyze
from leakline.report.places import relative_path

_CAPTURED = 0.85
# The first character keeps click from wrapping the lines.
_EXAMPLES = """\b
leakline measure --url 'http://127.0.0.1:8787/{i}' -- npx wrangler dev --port 8787
leakline measure --observe 100
leakline measure --inspect 127.0.0.1:9222 --click '#buy'
"""


@click.command(epilog=_EXAMPLES)
@inspect_option
@traffic_options
@click.option(
    "--rounds",
    metavar="K",
    type=click.IntRange(min=1),
    default=DEFAULT_ROUNDS,
    show_default=True,
    help="Rounds after the warm-up, each with a snapshot after it.",
)
@keep_option
@report_options
@click.argument("command", metavar="[-- COMMAND …]", nargs=-1, type=click.UNPROCESSED)
def command(
    *,
    inspector: str,
    rounds: int,
    keep: int,
    report_format: str,
    output: Path | None,
    command: tuple[str, ...],
    **traffic: Unpack[TrafficOptions],
) -> int:
    """Send requests to a program, or watch its traffic, and show what grows.

    COMMAND is started, its inspector awaited, and ended afterwards; without it the program
    has to run already. The recording is kept below .leakline in the working directory. What is
    not given is taken from the directory's .leakline.toml.
    """
    destination = Destination(report_format, output)
    destination.check()
    workspace = Path.cwd()
    project = read_project_config(workspace)
    inspector = given_or_said("inspector", inspector, project.inspector)
    warn_of_elsewhere(inspector)
    keep = given_or_said("keep", keep, project.keep)
    rounds = given_or_said("rounds", rounds, project.rounds)
    traffic["requests"] = given_or_said("requests", traffic["requests"], project.requests)
    on_page = clicks_said(traffic, project.click)
    load = traffic_plan(traffic, url=project.url, observe=project.observe, on_page=on_page)
    with ProgressBar() as bar:
        recording = run(
            measure_program(
                inspector=inspector,
                load=load,
                on_page=on_page,
                rounds=rounds,
                command=command,
                workspace=workspace,
                keep=keep,
                on_progress=bar.part(0.0, _CAPTURED),
            )
        )
        analysis = analyze(
            recording,
            workspace=workspace,
            config=project,
            on_progress=bar.part(_CAPTURED, 1.0),
        )
    place = relative_path(str(recording.path), str(workspace)) or str(recording.path)
    return destination.write(analysis, notes=(f"the recording is {place}",))
