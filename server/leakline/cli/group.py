"""The commands by name, each loaded when it is asked for.

numpy, tree-sitter and the language server's types take longer to import than ``--help`` may
take, so the list of commands is here and a command's module is imported only to run it.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import click

from leakline import __version__
from leakline.errors import LeaklineError

_COMMANDS = {
    "measure": ("measure", "Send requests to a program and show what grows."),
    "capture": ("capture", "Take one snapshot of a program into a recording."),
    "analyze": ("analyze", "Show what grows in a recording or .heapsnapshot files."),
    "heap": ("heap", "Answer questions about a heap snapshot."),
    "targets": ("targets", "List the inspectors that answer on this machine."),
    "demo": ("demonstration", "Show the leak in a recording of a real Worker."),
    "lsp": ("lsp", "Serve an editor."),
}


class CommandGroup(click.Group):
    """A group whose commands are modules of this package with a ``command`` each."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands in the order that a user meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, its module imported; None for a name that is not one."""
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"leakline.cli.{_COMMANDS[cmd_name][0]}")
        return cast("click.Command", module.command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list in ``--help``, made without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in _COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Runs the command; Ctrl-C ends in one line rather than in click's empty one."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise LeaklineError("interrupted") from None


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="leakline", message="%(prog)s %(version)s")
def command_line() -> None:
    """Find the line of a JavaScript program that makes its heap grow.

    Exit status: 0 nothing grows, 1 something does, 2 it could not be done.
    """
