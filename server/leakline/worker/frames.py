"""What the worker and its child say to each other.

A frame is its length (8 bytes, big-endian), then a pickle. Pickles run code when they are
read, so frames travel only over the two pipes between a process and its own child.
"""

from __future__ import annotations

import pickle
import struct
from asyncio import StreamReader
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from leakline.config.project import ProjectConfig
from leakline.errors import LeaklineError
from leakline.leaks.model import Finding
from leakline.pipeline.model import Analysis
from leakline.progress import Progress

_LENGTH = struct.Struct(">Q")

# Reading more than these at once, the parent would let its editor wait.
_FINDINGS_PER_FRAME = 25


@dataclass(frozen=True, slots=True)
class Request:
    """Asks the child for one analysis.

    Attributes:
        paths: One recording, or snapshot files oldest first.
        workspace: The workspace whose files the findings should point into, where known.
        config: What the workspace says about itself.
    """

    paths: tuple[Path, ...]
    workspace: Path | None
    config: ProjectConfig


@dataclass(frozen=True, slots=True)
class HeapQuestion:
    """Asks the child for a view of snapshots that it keeps loaded.

    Attributes:
        name: Which view; :mod:`leakline.worker.heaps.answers` has them all.
        arguments: What the view takes, as it came from the client: anything may be in it.
        values: Whether values of the program may be told.
        workspace: The workspace whose files places may point into, where known.
        path_overrides: ``sourceMapPathOverrides``; the debugger's own where None.
    """

    name: str
    arguments: Mapping[str, Any]
    values: bool
    workspace: Path | None
    path_overrides: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class HeapAnswer:
    """What a view shows.

    Attributes:
        data: Plain JSON.
    """

    data: Any


@dataclass(frozen=True, slots=True)
class SomeFindings:
    """Findings, those that are ignored too, of the analysis that comes after them.

    Attributes:
        findings: Some of :attr:`Analysis.findings`.
        ignored: Some of :attr:`Analysis.ignored`.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Crash:
    """The analysis ended with an error that nobody foresaw.

    Attributes:
        summary: The error in one line.
        traceback: Where it happened, for the log.
    """

    summary: str
    traceback: str


Question = Request | HeapQuestion
Reply = Progress | SomeFindings | Analysis | HeapAnswer | LeaklineError | Crash


def pack(message: Question | Reply) -> bytes:
    """One frame."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def pack_in_parts(reply: Reply) -> Iterator[bytes]:
    """The frames of a reply: those of many findings go before their analysis."""
    if not isinstance(reply, Analysis):
        yield pack(reply)
        return
    for name in ("findings", "ignored"):
        every: tuple[Finding, ...] = getattr(reply, name)
        for start in range(0, len(every), _FINDINGS_PER_FRAME):
            some = every[start : start + _FINDINGS_PER_FRAME]
            parts = (some, ()) if name == "findings" else ((), some)
            yield pack(SomeFindings(*parts))
    yield pack(replace(reply, findings=(), ignored=()))


def read_request(stream: BinaryIO) -> Question | None:
    """The next request; None when the other end has closed the pipe."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    body = stream.read(length)
    if len(body) < length:
        return None
    message = pickle.loads(body)  # noqa: S301 - from the parent process
    assert isinstance(message, Question)
    return message


async def read_reply(stream: StreamReader) -> Reply:
    """The next reply.

    Raises:
        asyncio.IncompleteReadError: The child has closed the pipe.
    """
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    message = pickle.loads(await stream.readexactly(length))  # noqa: S301 - from the own child
    assert isinstance(message, Reply)
    return message
