"""The scripts of a bare snapshot, from the snapshot itself and from disk.

Without a recording nobody saved the scripts. The snapshot knows their names: a closure's
``shared`` leads to its script (``script``, up to V8 11 ``script_or_debug_info``), a node that
is named by the script's URL.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import numpy as np

from leakline.heap import Graph
from leakline.recording import Script
from leakline.sourcemaps import find_source_mapping_url

SCRIPT_EDGES = ("script", "script_or_debug_info")
NODE_PREFIX = "system / Script / "


def scripts_of(graph: Graph, workspace: Path | None) -> dict[int, Script]:
    """The scripts that have functions in a snapshot, by id.

    A script's text is taken from disk when its URL names a file of the workspace. A snapshot is
    untrusted: it gets no other file read.
    """
    found: dict[int, Script] = {}
    locations = graph.locations
    closures = graph.node_type[locations.node] == graph.meta.node_type("closure")
    nodes, script_ids = locations.node[closures], locations.script_id[closures]
    # Functions of one script stand together: one of each such run answers for all.
    begins = np.ones(nodes.size, np.bool_)
    begins[1:] = script_ids[1:] != script_ids[:-1]
    for node, script_id in zip(nodes[begins].tolist(), script_ids[begins].tolist(), strict=True):
        if script_id in found:
            continue
        url = _url(graph, node)
        if url:
            found[script_id] = script_on_disk(script_id, url, workspace)
    return found


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


def _url(graph: Graph, node: int) -> str:
    shared = _target(graph, node, ("shared",))
    script = _target(graph, shared, SCRIPT_EDGES) if shared is not None else None
    if script is None:
        return ""
    return graph.node_name_of(script).removeprefix(NODE_PREFIX)


def _target(graph: Graph, node: int, names: tuple[str, ...]) -> int | None:
    for edge in graph.edges_of(node):
        if graph.edge_type_name(edge) == "internal" and graph.edge_name(edge) in names:
            return int(graph.edge_to[edge])
    return None


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
