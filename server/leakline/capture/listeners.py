"""Which process listens at a port of this machine, where ``/proc`` shows it (Linux)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_LISTEN = "0A"


@dataclass(frozen=True, slots=True)
class Listener:
    """A process that listens at a port.

    Attributes:
        pid: Its process id; None for nobody known.
        directory: Its working directory; empty when it is hidden.
    """

    pid: int | None
    directory: str = ""


def find_listeners(ports: set[int]) -> dict[int, Listener]:
    """Find the processes behind ports.

    Args:
        ports: TCP ports of this machine.

    Returns:
        What is known, by port; nothing where there is no ``/proc``, and nothing of other
        users' processes.
    """
    wanted = _inodes(ports)
    found: dict[int, Listener] = {}
    if not wanted:
        return found
    for process in _PROC.glob("[0-9]*"):
        for link in _held(process) & wanted.keys():
            found.setdefault(wanted[link], _listener(process))
    return found


def _inodes(ports: set[int]) -> dict[str, int]:
    """The listening sockets as ``/proc/PID/fd`` names them (proc(5)), with their ports."""
    found: dict[str, int] = {}
    for table in ("net/tcp", "net/tcp6"):
        try:
            lines = (_PROC / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            port = int(fields[1].rpartition(":")[2], 16)
            if fields[3] == _LISTEN and port in ports:
                found[f"socket:[{fields[9]}]"] = port
    return found


def _held(process: Path) -> set[str]:
    """What a process has open; nothing where that is hidden."""
    held = set()
    with contextlib.suppress(OSError):  # another user's, or it has ended
        for entry in (process / "fd").iterdir():
            with contextlib.suppress(OSError):  # closed meanwhile
                held.add(str(entry.readlink()))
    return held


def _listener(process: Path) -> Listener:
    try:
        directory = str((process / "cwd").readlink())
    except OSError:
        directory = ""
    return Listener(int(process.name), directory)
