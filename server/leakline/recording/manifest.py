"""``recording.json``: a recording written down as JSON, and read back with every field checked.

A recording can come from anywhere (a cloned repository may hold one), so nothing in it is
trusted: types are checked, and a file name must lead to a regular file inside the
recording's own directory, symbolic links followed.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import cast

from leakline.errors import RecordingError
from leakline.recording.model import SCHEMA_VERSION, UNITS, Load, Recording, Round, Script, Target

MANIFEST = "recording.json"
MAX_MANIFEST_BYTES = 64 << 20

_ADVICE = "measure again"


def to_json(recording: Recording) -> str:
    """Write a recording down.

    Args:
        recording: The recording; its files lie below ``recording.path``.

    Returns:
        The text of ``recording.json``. File names in it are relative to the recording.
    """
    root = recording.path
    document = {
        "schema": SCHEMA_VERSION,
        "workspace": None if recording.workspace is None else str(recording.workspace),
        "target": {
            "kind": recording.target.kind,
            "title": recording.target.title,
            "url": recording.target.url,
            "runtime": recording.target.runtime,
            "v8": recording.target.v8,
        },
        "rounds": [
            {
                "snapshot": each.snapshot.relative_to(root).as_posix(),
                "requests": each.requests,
                "time": None if each.time is None else each.time.isoformat(),
                "heapUsed": each.heap_used,
                "isolate": each.isolate,
                "errors": each.errors,
            }
            for each in recording.rounds
        ],
        "scripts": [
            {
                "id": each.id,
                "url": each.url,
                "sourceMapURL": each.source_map_url,
                "hash": each.hash,
                "length": each.length,
                "source": _relative(each.source, root),
                "sourceMap": _relative(each.source_map, root),
                "sourceMapBase": each.source_map_base,
            }
            for each in recording.scripts.values()
        ],
        "notes": list(recording.notes),
        "load": None
        if recording.load is None
        else {
            "unit": recording.load.unit,
            "of": list(recording.load.of),
            "observed": recording.load.observed,
        },
    }
    return json.dumps(document, indent=1) + "\n"


def from_json(text: str | bytes, root: Path) -> Recording:
    """Read ``recording.json``.

    Args:
        text: Its content.
        root: Absolute path of the recording's directory.

    Returns:
        The recording, with absolute paths.

    Raises:
        RecordingError: It is not JSON, of another version, lacks a field, or names a file
            that is missing or lies outside of the recording.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(root, f"{MANIFEST} is not JSON") from error
    top = _Fields(document, MANIFEST, root)
    version = top.integer("schema")
    if version != SCHEMA_VERSION:
        raise RecordingError(
            f"the recording {root} has schema version {version}, not {SCHEMA_VERSION}",
            "measure again, or read it with the Leakline that wrote it",
        )
    rounds = tuple(_round(each, root) for each in top.items("rounds", "a round"))
    if not rounds:
        raise _damaged(root, "it holds no snapshot")
    scripts = {each.id: each for each in (_script(s) for s in top.items("scripts", "a script"))}
    target = top.fields("target", "target")
    workspace = top.optional_string("workspace")
    return Recording(
        path=root,
        target=Target(
            kind=target.string("kind"),
            title=target.string("title"),
            url=target.string("url"),
            runtime=target.string("runtime"),
            v8=target.string("v8"),
        ),
        rounds=rounds,
        scripts=scripts,
        workspace=None if workspace is None else Path(workspace),
        notes=top.strings("notes"),
        load=None if top.is_null("load") else _load(top.fields("load", "load"), root),
    )


def _round(fields: _Fields, root: Path) -> Round:
    time = fields.optional_string("time")
    try:
        when = None if time is None else datetime.fromisoformat(time)
    except ValueError as error:
        raise _damaged(root, f"a round's time {time!r} is no time") from error
    snapshot = fields.file("snapshot")
    if snapshot is None:
        raise _damaged(root, "a round names no snapshot")
    return Round(
        snapshot=snapshot,
        requests=fields.optional_integer("requests"),
        time=when,
        heap_used=fields.optional_integer("heapUsed"),
        isolate=fields.integer("isolate"),
        errors=fields.integer("errors"),
    )


def _script(fields: _Fields) -> Script:
    return Script(
        id=fields.integer("id"),
        url=fields.string("url"),
        source_map_url=fields.string("sourceMapURL"),
        hash=fields.string("hash"),
        length=fields.integer("length"),
        source=fields.file("source"),
        source_map=fields.file("sourceMap"),
        source_map_base=fields.string("sourceMapBase"),
    )


def _load(fields: _Fields, root: Path) -> Load:
    unit = fields.string("unit")
    if unit not in UNITS:
        raise _damaged(root, f"nothing is counted in {unit!r}")
    return Load(unit, fields.strings("of"), fields.switch("observed"))


class _Fields:
    """A JSON object whose fields are checked as they are read."""

    def __init__(self, value: object, what: str, root: Path) -> None:
        if not isinstance(value, dict):
            raise _damaged(root, f"{what} is not an object")
        self._values = cast("dict[str, object]", value)
        self._what = what
        self._root = root

    def string(self, name: str) -> str:
        value = self.optional_string(name)
        if value is None:
            raise self._wrong(name)
        return value

    def optional_string(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name)
        return value

    def integer(self, name: str) -> int:
        value = self.optional_integer(name)
        if value is None:
            raise self._wrong(name)
        return value

    def optional_integer(self, name: str) -> int | None:
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self._wrong(name)
        return value

    def switch(self, name: str) -> bool:
        value = self._values.get(name)
        if not isinstance(value, bool):
            raise self._wrong(name)
        return value

    def is_null(self, name: str) -> bool:
        """Whether a field is null or not there."""
        return self._values.get(name) is None

    def fields(self, name: str, what: str) -> _Fields:
        return _Fields(self._values.get(name), what, self._root)

    def items(self, name: str, what: str) -> list[_Fields]:
        value = self._values.get(name)
        if not isinstance(value, list):
            raise self._wrong(name)
        return [_Fields(each, what, self._root) for each in value]

    def strings(self, name: str) -> tuple[str, ...]:
        """A list of strings; empty when the field is not there."""
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(name)
        return tuple(value)

    def file(self, name: str) -> Path | None:
        """The absolute path of a file of the recording; None when the field is null."""
        value = self.optional_string(name)
        if value is None:
            return None
        path = self._root / value
        try:
            real = path.resolve()
            inside = real.is_relative_to(self._root.resolve())
            there = real.is_file()
        except (OSError, ValueError) as error:
            raise self._wrong(name) from error
        if not inside:
            raise _damaged(self._root, f"{value!r} lies outside of it")
        if not there:
            raise _damaged(self._root, f"{value!r} is missing")
        return path

    def _wrong(self, name: str) -> RecordingError:
        return _damaged(self._root, f"{self._what} has no valid {name!r}")


def _relative(path: Path | None, root: Path) -> str | None:
    return None if path is None else path.relative_to(root).as_posix()


def _damaged(root: Path, why: str) -> RecordingError:
    return RecordingError(f"the recording {root} is damaged ({why})", _ADVICE)
