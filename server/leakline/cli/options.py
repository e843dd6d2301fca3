"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from leakline.cli.output import FORMATS
from leakline.config import DEFAULT_INSPECTOR, DEFAULT_KEEP

_Command = TypeVar("_Command", bound=Callable[..., Any])


def inspect_option(command: _Command) -> _Command:
    """Adds ``--inspect``."""
    return click.option(
        "--inspect",
        "inspector",
        metavar="HOST:PORT[/NAME]|ws://…",
        default=DEFAULT_INSPECTOR,
        show_default=True,
        help="The program's inspector; NAME is for one of several Workers.",
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
