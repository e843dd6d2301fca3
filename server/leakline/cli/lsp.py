"""``leakline lsp``."""

from __future__ import annotations

import click

from leakline.lsp import serve_stdio, serve_tcp, serve_ws

_LOOPBACK = "127.0.0.1"
_TCP = "Listen for editors, on this machine's loopback unless a host is named."


def _address(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[str, int] | None:
    if value is None:
        return None
    host, _, port = value.rpartition(":")
    if not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise click.BadParameter(f"{value!r} is neither PORT nor HOST:PORT")
    return host.strip("[]") or _LOOPBACK, int(port)


@click.command()
@click.option("--stdio", is_flag=True, help="Speak on standard input and output (the default).")
@click.option("--tcp", metavar="[HOST:]PORT", callback=_address, help=_TCP)
@click.option("--ws", metavar="[HOST:]PORT", callback=_address, help="The same as a web socket.")
def command(*, stdio: bool, tcp: tuple[str, int] | None, ws: tuple[str, int] | None) -> int:
    """Serve an editor with the Language Server Protocol."""
    if sum((stdio, tcp is not None, ws is not None)) > 1:
        raise click.UsageError("give only one of --stdio, --tcp and --ws")
    if tcp is not None:
        serve_tcp(*tcp)
    elif ws is not None:
        serve_ws(*ws)
    else:
        return serve_stdio()
    return 0
