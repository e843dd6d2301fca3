"""The scripts of a bare snapshot, from the snapshot itself and from disk.

Without a recording nobody saved the scripts. The snapshot knows their names.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from leakline.heap import Graph, script_urls
from leakline.recording import Script
from leakline.sourcemaps import find_source_mapping_url


def scripts_of(graph: Graph, workspace: Path | None) -> dict[int, Script]:
    """The scripts that have functions in a snapshot, by id.

    A script's text is taken from disk when its URL names a file of the workspace. A snapshot is
    untrusted: it gets no other file read.
    """
    return {
        script_id: script_on_disk(script_id, url, workspace)
        for script_id, url in script_urls(graph.figures).items()
    }


def script_on_disk(script_id: int, url: str, workspace: Path | None) -> Script:
    """A script that nobody saved, with its text and source map where the workspace has them."""
    source, source_map = _on_disk(url, workspace)
    return Script(
        script_id,
        url,
        source=source,
        source_map=source_map,
        source_map_base=source_map.as_uri() if source_map else "",
    )


def _on_disk(url: str, workspace: Path | None) -> tuple[Path | None, Path | None]:
    parts = urlsplit(url)
    if parts.scheme not in {"", "file"}:
        return None, None
    if workspace is None:
        return None, None
    path = (workspace / unquote(parts.path)).resolve()
    if not path.is_relative_to(workspace.resolve()) or not path.is_file():
        return None, None
    return path, _map_beside(path, workspace)


def _map_beside(path: Path, workspace: Path) -> Path | None:
    """The map that a script names in its last lines, else the one of its own name."""
    named = find_source_mapping_url(path.read_bytes().decode("utf-8", "replace"))
    candidates = [path.with_name(path.name + ".map")]
    if named is not None and not named.startswith("data:"):
        candidates.insert(0, (path.parent / unquote(urlsplit(named).path)).resolve())
    for candidate in candidates:
        if candidate.is_relative_to(workspace.resolve()) and candidate.is_file():
            return candidate
    return None
