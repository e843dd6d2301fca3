"""Runs one command and turns whatever comes of it into an exit status."""

from __future__ import annotations

import contextlib
import io
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType

import click

from leakline.cli.group import command_line
from leakline.cli.printing import discard_output
from leakline.cli.signals import SIGNALS
from leakline.errors import LeaklineError

FAILED = 2
"""Exit status when it could not be done."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Args:
        arguments: What stands behind the program's name; the process's own when None.

    Returns:
        The exit status: 0 no finding of severity warning, 1 at least one, 2 it could not be
        done, and one line on standard error says what and what to do.
    """
    _prepare_streams()
    _end_on_signals()
    try:
        status = command_line.main(
            args=None if arguments is None else list(arguments),
            prog_name="leakline",
            standalone_mode=False,
        )
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        _write_error(error.format_message())
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx is not None else "leakline"
        _fail(f"{error.format_message().rstrip('.')}: see `{where} --help`")
    except click.ClickException as error:
        _fail(error.format_message())
    except LeaklineError as error:
        _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        _fail("interrupted")
    except BrokenPipeError:
        # Whoever read the output has seen enough of it.
        discard_output()
    except OSError as error:
        discard_output()
        _fail(_os_error(error))
    except Exception as error:
        # Python itself would end with status 1, which means that something grows.
        _write_error(traceback.format_exc())
        _fail(f"a bug in Leakline ({type(error).__name__}): please report it with the lines above")
    else:
        return int(status or 0)
    return FAILED


def _prepare_streams() -> None:
    """Lets text out that the terminal's encoding does not have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _end_on_signals() -> None:
    """Makes every signal that would end the process clean up first, and only the first one."""
    for number in SIGNALS:
        if signal.getsignal(number) in {signal.SIG_DFL, signal.default_int_handler}:
            signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _fail(text: str) -> None:
    """Prints the one line; names in it come from the measured program."""
    line = " ".join(text.split())
    shown = "".join(character if character.isprintable() else "\ufffd" for character in line)
    _write_error(f"leakline: error: {shown}")


def _write_error(text: str) -> None:
    with contextlib.suppress(OSError):
        click.echo(text.rstrip("\n"), file=sys.stderr)


def _os_error(error: OSError) -> str:
    reason = error.strerror or type(error).__name__
    return f"{error.filename}: {reason}" if error.filename is not None else reason
