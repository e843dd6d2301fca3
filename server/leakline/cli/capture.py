"""``leakline capture``."""

from __future__ import annotations

from pathlib import Path

import click

from leakline.capture import capture
from leakline.cli.elsewhere import warn_of_elsewhere
from leakline.cli.interruption import run
from leakline.cli.options import inspect_option, keep_option
from leakline.cli.printing import write_out
from leakline.cli.progress import ProgressBar
from leakline.cli.project import given_or_said
from leakline.config.project import read_project_config
from leakline.report.places import relative_path
from leakline.untrusted import visible


@click.command()
@inspect_option
@keep_option
def command(inspector: str, keep: int) -> int:
    """Take one snapshot of a running program into a recording.

    Prints the recording's path, which `leakline analyze` takes. What grows shows only over a
    series: see `leakline measure`.
    """
    workspace = Path.cwd()
    project = read_project_config(workspace)
    inspector = given_or_said("inspector", inspector, project.inspector)
    keep = given_or_said("keep", keep, project.keep)
    warn_of_elsewhere(inspector)
    with ProgressBar() as bar:
        recording = run(
            capture(
                inspector=inspector,
                workspace=workspace,
                keep=keep,
                on_progress=bar.part(0.0, 1.0),
            )
        )
    path = str(recording.path)
    write_out(f"{visible(relative_path(path, str(workspace)) or path)}\n")
    return 0
