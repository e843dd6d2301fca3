"""What the worker and its child say to each other.

A frame is its length (8 bytes, big-endian), then a pickle. Pickles run code when they are
read, so frames travel only over the two pipes between a process and its own child.
"""

from __future__ import annotations

import pickle
import struct
from asyncio import StreamReader
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from leakline.config.project import ProjectConfig
from leakline.errors import LeaklineError
from leakline.pipeline.model import Analysis
from leakline.progress import Progress

_LENGTH = struct.Struct(">Q")


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
class Crash:
    """The analysis ended with an error that nobody foresaw.

    Attributes:
        summary: The error in one line.
        traceback: Where it happened, for the log.
    """

    summary: str
    traceback: str


Reply = Progress | Analysis | LeaklineError | Crash


def pack(message: Request | Reply) -> bytes:
    """One frame."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def read_request(stream: BinaryIO) -> Request | None:
    """The next request; None when the other end has closed the pipe."""
    header = stream.read(_LENGTH.size)
    if len(header) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(header)
    body = stream.read(length)
    if len(body) < length:
        return None
    message = pickle.loads(body)  # noqa: S301 - from the parent process
    assert isinstance(message, Request)
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
