"""``leakline targets``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from leakline.capture import TargetInfo, find_targets
from leakline.cli.interruption import run
from leakline.cli.printing import write_out
from leakline.report.untrusted import visible


@click.command()
def command() -> int:
    """List the inspectors that answer on this machine.

    One line per program: what --inspect takes, the kind, the title, who runs it, and
    whether another client has taken it.
    """
    targets = run(find_targets(workspace=Path.cwd()))
    if not targets:
        write_out(
            "no inspector answers on ports 9229 to 9238, on 9222, or on those that the "
            "wrangler files here name\n"
        )
        return 0
    shared = {target.address for target in targets if _alone(target, targets) is False}
    rows = [
        (
            target.web_socket_url if target.address in shared else target.address,
            target.kind,
            " ".join(_about(target)),
        )
        for target in targets
    ]
    shown = [tuple(visible(cell) for cell in row) for row in rows]
    widths = [max(len(row[column]) for row in shown) for column in range(2)]
    write_out(
        "".join(
            f"{address:<{widths[0]}}  {kind:<{widths[1]}}  {about}".rstrip() + "\n"
            for address, kind, about in shown
        )
    )
    return 0


def _about(target: TargetInfo) -> Iterator[str]:
    """What the program is, who runs it, and whether it can be had."""
    yield from (part for part in (target.title, target.url, target.runtime) if part)
    if target.pid is not None:
        yield f"pid {target.pid}" + (f" in {target.directory}" if target.directory else "")
    if target.taken:
        yield "(taken: another client is connected, and it takes only one)"


def _alone(target: TargetInfo, targets: tuple[TargetInfo, ...]) -> bool:
    """Whether no other program is behind the same inspector."""
    return sum(other.address == target.address for other in targets) == 1
