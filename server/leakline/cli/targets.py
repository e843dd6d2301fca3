"""``leakline targets``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from leakline.capture import TargetInfo, find_targets, inspector_of, targets_document
from leakline.cli.elsewhere import warn_of_elsewhere
from leakline.cli.interruption import run
from leakline.cli.printing import write_out
from leakline.config.project import read_project_config
from leakline.report.document import to_json
from leakline.untrusted import visible


@click.command()
@click.option(
    "--format",
    "list_format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Text for people, JSON for scripts.",
)
@click.argument("addresses", metavar="[HOST:PORT]…", nargs=-1)
def command(list_format: str, addresses: tuple[str, ...]) -> int:
    """List the inspectors that answer on this machine, or at the addresses given.

    One line per program: what --inspect takes, the kind, the title, who runs it, and
    whether another client has taken it.
    """
    for address in addresses:
        warn_of_elsewhere(address)
    workspace = Path.cwd()
    configured = None if addresses else read_project_config(workspace).inspector
    here = () if configured is None else (configured,)
    targets = run(find_targets(addresses, here=here, workspaces=[workspace]))
    write_out(
        to_json(targets_document(targets)) if list_format == "json" else _text(targets, addresses)
    )
    return 0


def _text(targets: tuple[TargetInfo, ...], addresses: tuple[str, ...]) -> str:
    if not targets:
        if addresses:
            return f"no inspector answers at {visible(', '.join(addresses))}\n"
        return (
            "no inspector answers on ports 9229 to 9238, on 9222, or on those that the "
            "wrangler files and the .leakline.toml here name\n"
        )
    rows = [
        (inspector_of(target, targets), target.kind, " ".join(_about(target))) for target in targets
    ]
    shown = [tuple(visible(cell) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in shown) for column in range(2)]
    return "".join(
        f"{address:<{widths[0]}}  {kind:<{widths[1]}}  {about}".rstrip() + "\n"
        for address, kind, about in shown
    )


def _about(target: TargetInfo) -> Iterator[str]:
    """What the program is, who runs it, and whether it can be had."""
    yield from (part for part in (target.title, target.url, target.runtime) if part)
    if target.pid is not None:
        yield f"pid {target.pid}" + (f" in {target.directory}" if target.directory else "")
    if target.taken:
        yield "(taken: another client is connected, and it takes only one)"
