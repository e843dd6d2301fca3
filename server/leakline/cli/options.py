"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from leakline.capture.targets import is_loopback, parse_inspector
from leakline.cli.output import FORMATS
from leakline.config import DEFAULT_INSPECTOR
from leakline.recording import DEFAULT_KEEP
from leakline.report.untrusted import visible

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _inspector(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Warns, once per run, of an inspector that is not on this machine."""
    host = parse_inspector(value).host
    if not is_loopback(host):
        click.echo(
            f"leakline: warning: the inspector at {visible(host)} is not on this machine: the "
            "heap crosses the network unencrypted, and whoever reaches the inspector can run code",
            err=True,
        )
    return value


def inspect_option(command: _Command) -> _Command:
    """Adds ``--inspect``."""
    return click.option(
        "--inspect",
        "inspector",
        metavar="HOST:PORT|ws://…",
        default=DEFAULT_INSPECTOR,
        show_default=True,
        callback=_inspector,
        help="The program's inspector.",
    )(command)


def keep_option(command: _Command) -> _Command:
    """Adds ``--keep``."""
    return click.option(
        "--keep",
        metavar="N",
        type=click.IntRange(min=1),
        default=DEFAULT_KEEP,
        show_default=True,
        help="Recordings that stay below .leakline; older ones are removed.",
    )(command)


def report_options(command: _Command) -> _Command:
    """Adds ``--format`` and ``--output``."""
    with_output = click.option(
        "--output",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Write the report to FILE instead of the terminal.",
    )(command)
    return click.option(
        "--format",
        "report_format",
        type=click.Choice(FORMATS),
        default=FORMATS[0],
        show_default=True,
        help="Text for people, JSON for scripts, SARIF 2.1.0 for code scanning.",
    )(with_output)
