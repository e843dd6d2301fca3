"""The child process: takes requests from stdin, analyses, answers on stdout.

It ends when its stdin closes, in the middle of an analysis too, so that it never outlives
its parent.
"""

from __future__ import annotations

import os
import queue
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import leakline.heap.numpy_loading  # before all that imports numpy
import leakline.pipeline
from leakline.errors import LeaklineError, SnapshotError
from leakline.recording import Recording, load_recording, load_snapshots
from leakline.recording.manifest import MANIFEST
from leakline.worker.frames import (
    Crash,
    HeapAnswer,
    HeapQuestion,
    Question,
    Reply,
    Request,
    pack,
    pack_in_parts,
    read_request,
)
from leakline.worker.heaps import answer

_NICENESS = 5


def main() -> None:
    """Serve requests until stdin closes."""
    _stand_back()
    requests, replies = _take_pipes()
    waiting: queue.SimpleQueue[Question] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, waiting), daemon=True).start()
    while True:
        reply = _serve(waiting.get(), replies)
        for frame in pack_in_parts(reply):
            replies.write(frame)
        replies.flush()


def _stand_back() -> None:
    """Let the parent, and the editor, have a processor whenever they want one.

    An analysis keeps two processors busy for seconds; a hover wants one for a millisecond.
    """
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    # Where Linux shares processors between sessions first, and this is one of its own.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICENESS))


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the two pipes to ourselves.

    Whatever prints, in Python or in C, then prints to stderr and cannot break a frame.
    """
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def _receive(stream: BinaryIO, waiting: queue.SimpleQueue[Question]) -> None:
    while (request := read_request(stream)) is not None:
        waiting.put(request)
    # The parent is gone. The main thread may be deep in an analysis: nothing of it is wanted.
    os._exit(0)


def _serve(request: Question, replies: BinaryIO) -> Reply:
    def report(progress: Reply) -> None:
        replies.write(pack(progress))
        replies.flush()

    try:
        if isinstance(request, HeapQuestion):
            return HeapAnswer(answer(request, report))
        return leakline.pipeline.analyze(
            _load(request.paths),
            workspace=request.workspace,
            config=request.config,
            on_progress=report,
        )
    except LeaklineError as error:
        return error
    except MemoryError:
        return SnapshotError(
            f"{_subject(request)} does not fit into memory",
            "close other programs or analyse it on a machine with more memory",
        )
    except Exception as error:
        summary = " ".join(f"{type(error).__name__}: {error}".split())
        return Crash(summary, traceback.format_exc())


def _subject(request: Question) -> str:
    if isinstance(request, Request):
        return str(request.paths[0])
    return str(request.arguments.get("snapshot", "the snapshot"))


def _load(paths: tuple[Path, ...]) -> Recording:
    if len(paths) == 1 and (paths[0].is_dir() or paths[0].name == MANIFEST):
        return load_recording(paths[0])
    return load_snapshots(paths, None)
