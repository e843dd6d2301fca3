"""Where a report goes."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from leakline import __version__
from leakline.cli.printing import write_out
from leakline.errors import LeaklineError, UsageError
from leakline.pipeline.model import Analysis
from leakline.recording import unit_of
from leakline.report import ReportInput, render_json, render_sarif, render_text

FORMATS = ("text", "json", "sarif")
_WIDTH = 100
"""Terminal cells per line where there is no terminal."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A report's format and place.

    Attributes:
        format: One of :data:`FORMATS`.
        path: The file to write; None for standard output.
    """

    format: str
    path: Path | None

    def check(self) -> None:
        """Finds out before the work begins whether its report could be written.

        Raises:
            UsageError: The file could not be.
        """
        if self.path is None:
            return
        directory = self.path.absolute().parent
        if self.path.is_dir():
            raise UsageError(f"{self.path} is a directory", "give the name of a file")
        if not directory.is_dir():
            raise UsageError(f"there is no directory {directory}", "make it first")
        writable = self.path if _is_special(self.path) else directory
        if not os.access(writable, os.W_OK):
            raise UsageError(f"{writable} cannot be written to", "check its permissions")

    def write(self, analysis: Analysis, *, notes: tuple[str, ...] = ()) -> int:
        """Writes the report of an analysis.

        Args:
            analysis: What was found.
            notes: Further notes for people, in the text report only.

        Returns:
            The exit status: 1 when a finding is a warning, else 0.

        Raises:
            LeaklineError: It could not be written; a file is then as it was before.
        """
        report = report_input(analysis)
        if self.format == "json":
            text = render_json(report)
        elif self.format == "sarif":
            text = render_sarif(report)
        else:
            to_terminal = self.path is None and sys.stdout is not None and sys.stdout.isatty()
            text = render_text(
                replace(report, notes=(*report.notes, *notes)),
                width=shutil.get_terminal_size().columns if to_terminal else _WIDTH,
                color=to_terminal and _wants_color(),
            )
        if self.path is None:
            write_out(text)
        else:
            _write_file(self.path, text)
        return 1 if report.warnings else 0


def report_input(analysis: Analysis) -> ReportInput:
    """The analysis as a report takes it, paths relative to the working directory."""
    target = analysis.target
    return ReportInput(
        findings=analysis.findings,
        target=target.title or target.kind,
        runtime=target.runtime,
        recording=str(analysis.recording),
        snapshots=analysis.snapshots,
        requests=analysis.requests,
        heap_sizes=analysis.heap_sizes,
        notes=analysis.notes,
        base=str(Path.cwd()),
        ignored=len(analysis.ignored),
        unit=unit_of(analysis.load),
        version=__version__,
    )


def _wants_color() -> bool:
    # https://no-color.org: any value that is not empty.
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _is_special(path: Path) -> bool:
    """Whether it is a pipe or a device, which cannot be replaced by a file."""
    return path.exists() and not path.is_file()


def _write_file(path: Path, text: str) -> None:
    """Writes the whole file or, when that fails, nothing."""
    try:
        if _is_special(path):
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        target = path.resolve()  # what a link points to is replaced, not the link
        half = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
        try:
            with half.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise LeaklineError(
            f"{path} could not be written ({reason})", "check the disk and its permissions"
        ) from error
