"""Read-only files for texts that are no files, for clients that cannot show such texts.

They lie below ``.leakline/sources`` of the workspace, which its own ``.gitignore`` leaves out.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from leakline.config import DATA_DIRECTORY
from leakline.errors import UsageError

_DIRECTORY = "sources"
_ODD = re.compile(r"[^\w.@ -]")
_LONGEST_NAME = 80


def is_source_file(path: str, folder: Path) -> bool:
    """Whether a path is that of one of these files."""
    return Path(path).is_relative_to(folder / DATA_DIRECTORY / _DIRECTORY)


def write_read_only(folder: Path, digest: str, name: str, text: str) -> Path:
    """Write a text where an editor can open it.

    Args:
        folder: The workspace folder.
        digest: Tells texts of the same name apart.
        name: A file's name, as a source map or a program gives it: anything may stand there.
        text: The text.

    Raises:
        UsageError: It cannot be written.
    """
    directory = folder / DATA_DIRECTORY / _DIRECTORY / digest
    path = directory / _safe(name)
    data = text.encode("utf-8", "replace")
    try:
        if any(part.is_symlink() for part in (path, directory, *directory.parents[:2])):
            raise OSError(0, "it is a link")
        if path.is_file() and path.read_bytes() == data:
            return path
        _make_private(folder / DATA_DIRECTORY)
        _make_private(directory.parent)
        _make_private(directory)
        path.unlink(missing_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(file, "wb") as stream:
            stream.write(data)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror})", "check the folder's permissions"
        ) from error
    return path


def remove_others(folder: Path, digests: set[str]) -> None:
    """Remove the files that nothing points into any more."""
    base = folder / DATA_DIRECTORY / _DIRECTORY
    if base.is_symlink() or not base.is_dir():
        return
    for directory in base.iterdir():
        if directory.name in digests or directory.is_symlink() or not directory.is_dir():
            continue
        for path in directory.iterdir():
            path.unlink(missing_ok=True)
        directory.rmdir()


def _make_private(directory: Path) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    ignore = directory / ".gitignore"
    if directory.name == DATA_DIRECTORY and not ignore.exists():
        ignore.write_text("*\n")


def _safe(name: str) -> str:
    last = _ODD.sub("_", name.replace("\\", "/").rstrip("/").rpartition("/")[2]).strip(". ")
    stem, dot, suffix = last.rpartition(".")
    return (
        f"{stem[:_LONGEST_NAME]}{dot}{suffix[:10]}" if stem else last[:_LONGEST_NAME] or "source.js"
    )
