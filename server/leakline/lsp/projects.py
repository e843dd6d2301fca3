"""Each folder's ``.leakline.toml``: what it says, and what is wrong in it as diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from leakline.config.project import (
    FILE_NAME,
    ConfigProblem,
    ProjectConfig,
    parse_project_config,
    project_config_text,
)
from leakline.errors import UsageError
from leakline.lsp.documents import OpenDocuments, file_key, split_lines

CODE = "configuration"


@dataclass(frozen=True, slots=True)
class _Project:
    text: str | None
    config: ProjectConfig
    problems: tuple[ConfigProblem, ...]


_NOTHING = _Project(None, ProjectConfig(), ())


class Projects:
    """What the folders' files say; an open text counts before the one on disk.

    Args:
        documents: The open texts.
    """

    def __init__(self, documents: OpenDocuments) -> None:
        self._documents = documents
        self._projects: dict[Path, _Project] = {}

    def config_of(self, folder: Path | None) -> ProjectConfig:
        """What is set in a folder; mistakes in the file are left out."""
        return _NOTHING.config if folder is None else self._projects.get(folder, _NOTHING).config

    def text_of(self, folder: Path) -> str | None:
        """The file's text as it is now; None where there is no file."""
        document = self._documents.of_file(file_key(str(folder / FILE_NAME)))
        return document.text if document is not None else project_config_text(folder)

    def uri_of(self, folder: Path) -> str:
        """The file's URI, the client's own where it is open."""
        path = folder / FILE_NAME
        document = self._documents.of_file(file_key(str(path)))
        uri = document.uri if document is not None else from_fs_path(str(path))
        assert uri is not None
        return uri

    def look(self, folders: Sequence[Path]) -> list[Path]:
        """Read the files again.

        Returns:
            The folders whose file has changed.
        """
        changed = [folder for folder in self._projects if folder not in folders]
        for folder in changed:
            del self._projects[folder]
        for folder in folders:
            before = self._projects.get(folder, _NOTHING)
            now = self._read(folder, before)
            if now is not before:
                self._projects[folder] = now
                changed.append(folder)
        return changed

    def _read(self, folder: Path, before: _Project) -> _Project:
        try:
            text = self.text_of(folder)
        except UsageError as error:
            problems = (ConfigProblem(0, str(error)),)
            return (
                before if before.problems == problems else _Project(None, ProjectConfig(), problems)
            )
        if text == before.text and (text is not None or not before.problems):
            return before
        if text is None:
            return _Project(None, ProjectConfig(), ())
        return _Project(text, *parse_project_config(text))

    def diagnostics(self, folder: Path) -> list[types.Diagnostic]:
        """What is wrong in a folder's file."""
        project = self._projects.get(folder, _NOTHING)
        lines = split_lines(project.text or "")
        return [
            types.Diagnostic(
                range=_line_range(lines, problem.line),
                message=problem.message,
                severity=types.DiagnosticSeverity.Error,
                code=CODE,
                source="leakline",
            )
            for problem in project.problems
        ]


def _line_range(lines: Sequence[str], line: int) -> types.Range:
    number = min(line, len(lines) - 1)
    text = lines[number]
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip().encode("utf-16-le", "replace")) // 2
    return types.Range(types.Position(number, min(start, end)), types.Position(number, end))
