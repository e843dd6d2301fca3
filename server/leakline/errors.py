"""Every error that Leakline raises on purpose.

    LeaklineError
    +-- UsageError                  an argument or a setting makes no sense
    +-- CaptureError                nothing could be captured
    |   +-- InspectorUnreachable    nothing listens at the inspector's address
    |   +-- InspectorBusy           another client holds the inspector
    |   +-- InspectorProtocolError  the inspector answered something unexpected
    |   +-- CommandFailed           the program to measure could not start or ended early
    |   +-- TargetGone              the program ended, or the connection broke, meanwhile
    |   +-- LoadFailed              the requests did not get through
    +-- RecordingError              a recording is incomplete, damaged or of another version
    +-- SnapshotError               a file is not a heap snapshot that can be read
    +-- SourceMapError              a source map breaks the standard
    +-- WorkerError                 the analysis process died

A user sees one line: ``str(error)``. It says what was wrong and where; ``advice``
says what to do about it.
"""

from __future__ import annotations


class LeaklineError(Exception):
    """Base of all errors that are shown to the user.

    Args:
        problem: What was wrong and where, in one sentence without a full stop.
        advice: What to do about it, in one sentence without a full stop; may be empty.
    """

    def __init__(self, problem: str, advice: str = "") -> None:
        super().__init__(problem, advice)
        self.problem = problem
        self.advice = advice

    def __str__(self) -> str:
        line = f"{self.problem}: {self.advice}" if self.advice else self.problem
        return " ".join(line.split())


class UsageError(LeaklineError):
    """An argument or a setting makes no sense."""


class CaptureError(LeaklineError):
    """Nothing could be captured."""


class InspectorUnreachable(CaptureError):
    """Nothing listens at the inspector's address."""


class InspectorBusy(CaptureError):
    """Another client holds the inspector."""


class InspectorProtocolError(CaptureError):
    """The inspector answered something unexpected."""


class CommandFailed(CaptureError):
    """The program to measure could not start or ended early."""


class TargetGone(CaptureError):
    """The program ended, or the connection broke, while it was captured."""


class LoadFailed(CaptureError):
    """The requests did not get through."""


class RecordingError(LeaklineError):
    """A recording is incomplete, damaged or of another version."""


class SnapshotError(LeaklineError):
    """A file is not a heap snapshot that can be read."""


class SourceMapError(LeaklineError):
    """A source map breaks the standard."""


class WorkerError(LeaklineError):
    """The analysis process died."""
