"""Which process listens at a port of this machine, and which are connected to it.

Known where ``/proc`` shows it (Linux), and of the user's own processes only.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_ESTABLISHED = "01"
_LISTEN = "0A"
_MAX_COMMAND_BYTES = 64 << 10
_LOCAL, _REMOTE = 1, 2  # the columns with the addresses in /proc/net/tcp


@dataclass(frozen=True, slots=True)
class Listener:
    """A process that listens at a port.

    Attributes:
        pid: Its process id; None for nobody known.
        directory: Its working directory; empty when it is hidden.
        other_ports: At which other TCP ports it listens, in order.
    """

    pid: int | None
    directory: str = ""
    other_ports: tuple[int, ...] = ()


def find_listeners(ports: set[int]) -> dict[int, Listener]:
    """Find the processes behind ports.

    Args:
        ports: TCP ports of this machine.

    Returns:
        What is known, by port; nothing where there is no ``/proc``, and nothing of other
        users' processes.
    """
    held: dict[Path, set[int]] = {}
    for process, port in _holders(_sockets(None, _LISTEN, _LOCAL)):
        held.setdefault(process, set()).add(port)
    found: dict[int, Listener] = {}
    for process, all_ports in held.items():
        for port in all_ports & ports:
            found.setdefault(port, _listener(process, all_ports - {port}))
    return found


def find_clients(port: int) -> tuple[str, ...]:
    """Name the processes that are connected to a port of this machine, ourselves left out.

    Args:
        port: The TCP port.

    Returns:
        Such as ``node (process 4711)``; nothing where that is not known.
    """
    names: dict[str, None] = {}
    # wrangler, which starts the process that listens, is connected as well.
    passed_over = {str(os.getpid()), *_parents(port)}
    for process, _ in _holders(_sockets({port}, _ESTABLISHED, _REMOTE)):
        if process.name not in passed_over:
            names[f"{_program(process)} (process {process.name})"] = None
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Starter:
    """The program that started what listens at a port.

    Attributes:
        arguments: Its command line.
        directory: Its working directory.
        ports: Where the other programs that it started listen.
    """

    arguments: tuple[str, ...]
    directory: Path
    ports: frozenset[int]


def find_starter(port: int) -> Starter | None:
    """Find the program that started what listens at a port of this machine.

    Args:
        port: The TCP port.

    Returns:
        None where it is unknown, or another user's.
    """
    for parent in _parents(port):
        try:
            with (_PROC / parent / "cmdline").open("rb") as file:
                text = file.read(_MAX_COMMAND_BYTES).decode("utf-8", "replace")
            directory = (_PROC / parent / "cwd").readlink()
        except OSError:
            continue  # it has ended
        children = {entry for entry in _PROC.glob("[0-9]*") if _parent(entry) == parent}
        listening = _sockets(None, _LISTEN, _LOCAL)
        ports = {listening[held] for child in children for held in _held(child) & listening.keys()}
        return Starter(tuple(text.rstrip("\0").split("\0")), directory, frozenset(ports - {port}))
    return None


def _parents(port: int) -> Iterator[str]:
    """The processes that started those which listen at a port."""
    for process, _ in _holders(_sockets({port}, _LISTEN, _LOCAL)):
        parent = _parent(process)
        if parent is not None:
            yield parent


def _parent(process: Path) -> str | None:
    """The process that started a process; None when it has ended."""
    try:
        # "pid (name) state parent ...", and a name may hold anything (proc(5)).
        return (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
    except (OSError, IndexError):
        return None


def _program(process: Path) -> str:
    """The name of what a process runs; not ``comm``, which Node sets to ``MainThread``."""
    try:
        with (process / "cmdline").open("rb") as file:
            first = file.read(_MAX_COMMAND_BYTES).partition(b"\0")[0]
    except OSError:
        return "a program"
    return Path(first.decode("utf-8", "replace")).name or "a program"


def _holders(sockets: dict[str, int]) -> Iterator[tuple[Path, int]]:
    """The processes that have sockets open, with the sockets' ports."""
    if not sockets:
        return
    for process in _PROC.glob("[0-9]*"):
        for link in _held(process) & sockets.keys():
            yield process, sockets[link]


def _sockets(ports: set[int] | None, state: str, side: int) -> dict[str, int]:
    """Sockets as ``/proc/PID/fd`` names them (proc(5)), with their ports; None for any port."""
    found: dict[str, int] = {}
    for table in ("net/tcp", "net/tcp6"):
        try:
            lines = (_PROC / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            port = int(fields[side].rpartition(":")[2], 16)
            if fields[3] == state and (ports is None or port in ports):
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


def _listener(process: Path, other_ports: set[int]) -> Listener:
    try:
        directory = str((process / "cwd").readlink())
    except OSError:
        directory = ""
    return Listener(int(process.name), directory, tuple(sorted(other_ports)))
