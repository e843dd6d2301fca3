"""``leakline demo``."""

from __future__ import annotations

from importlib.resources import as_file, files

import click

from leakline.cli.output import Destination
from leakline.cli.progress import ProgressBar
from leakline.errors import LeaklineError
from leakline.pipeline import analyze
from leakline.recording import load_recording


@click.command()
def command() -> int:
    """Show the leak in a recording of a real Cloudflare Worker.

    The recording is part of Leakline: no other program is needed.
    """
    packed = files("leakline.cli").joinpath("demo")
    if not packed.joinpath("recording.json").is_file():
        raise LeaklineError("this installation has no demo recording", "install Leakline again")
    with as_file(packed) as directory, ProgressBar() as bar:
        analysis = analyze(load_recording(directory), on_progress=bar.part(0.0, 1.0))
    return Destination("text", None).write(analysis)
