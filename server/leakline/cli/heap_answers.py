"""The answers of ``leakline heap``: data for programs and text for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from leakline.cli.heap_files import SnapshotFile, SnapshotFiles
from leakline.cli.heap_tables import Column, Shown, cell, signed, table
from leakline.errors import UsageError
from leakline.heap import Graph, figures_of, graph_of, views
from leakline.pipeline.snapshot_scripts import scripts_of
from leakline.report.heap_rows import statistics_data

Answer = tuple[object, str]
"""Data for programs, text for people."""

LONGEST_PATH = 50
"""Hops of a path to the roots that are shown."""


def statistics(*, files: SnapshotFiles, path: Path) -> Answer:
    """What the heap consists of, by kind of memory."""
    found = views.statistics(_load(files, path, values=False)[0])
    rows = [
        ("total", found.total),
        ("native", found.native),
        ("  typed arrays", found.typed_arrays),
        ("V8 heap", found.v8_heap),
        ("  code", found.code),
        ("  strings", found.strings),
        ("  JS arrays", found.js_arrays),
        ("  system", found.system),
        ("  other", found.other),
        ("nodes", found.nodes),
        ("edges", found.edges),
    ]
    text = "".join(f"{name:<16}{number:>18,}\n" for name, number in rows)
    return statistics_data(found), text


def objects(
    *, files: SnapshotFiles, path: Path, constructor: str, limit: int, values: bool
) -> Answer:
    """The objects of one constructor."""
    graph, shown = _load(files, path, values=values)
    return _nodes(views.objects_of(graph, constructor, limit), shown, f"no object of {constructor}")


def compare(
    *, files: SnapshotFiles, older: Path, newer: Path, objects: str | None, limit: int, values: bool
) -> Answer:
    """What is new in B and deleted since A, two snapshots of one run of a program."""
    new_graph, shown = _load(files, newer, values=values)
    old_graph = new_graph if older == newer else _load(files, older, values=values)[0]
    comparison = views.Comparison(old_graph, new_graph)
    if objects is not None:
        new = _nodes(comparison.new_objects(objects, limit), shown, "none")
        deleted = _nodes(comparison.deleted_objects(objects, limit), shown, "none")
        data = {"new": new[0]["nodes"], "deleted": deleted[0]["nodes"]}
        return data, f"new\n{new[1]}\ndeleted\n{deleted[1]}"
    rows = comparison.classes(limit)
    columns: list[Column] = [
        ("new", lambda row: row.new),
        ("deleted", lambda row: row.deleted),
        ("delta", lambda row: signed(row.delta)),
        ("new size", lambda row: row.new_size),
        ("deleted size", lambda row: row.deleted_size),
        ("size delta", lambda row: signed(row.size_delta)),
        ("constructor", lambda row: shown.class_name(row.key)),
    ]
    changes = [shown.change_data(row) for row in rows]
    return {"classes": changes}, table(rows, columns, "no difference")


def retainers(
    *, files: SnapshotFiles, path: Path, object_id: int, limit: int, values: bool
) -> Answer:
    """Why an object is alive: paths to the roots, shortest first."""
    graph, shown = _load(files, path, values=values)
    node = _node(graph, object_id, path)
    found = views.retainer_paths(graph, node, limit=limit, longest=LONGEST_PATH)
    row = views.node_row(graph, node)
    lines = [f"{cell(shown.label(row))} @{row.id}, retained {row.retained_size:,}\n"]
    data = []
    for number, one in enumerate(found, 1):
        hops = []
        lines.append(f"\npath {number}, {len(one.hops)} hops\n")
        for hop in one.hops:
            holder = views.node_row(graph, hop.node)
            name, kind = graph.edge_name(hop.edge), graph.edge_type_name(hop.edge)
            hops.append({"edgeName": name, "edgeType": kind, **shown.node_data(holder)})
            label = "(root)" if hop.node == 0 else f"{shown.label(holder)} @{holder.id}"
            lines.append(f"  {cell(_edge(name, kind))} in {cell(label)}\n")
        if one.cut:
            lines.append("  … and on\n")
        data.append({"hops": hops, "cut": one.cut})
    if not found:
        lines.append("nothing holds it\n")
    return {"node": shown.node_data(row), "paths": data}, "".join(lines)


def dominators(
    *, files: SnapshotFiles, path: Path, object_id: int | None, depth: int, limit: int, values: bool
) -> Answer:
    """What keeps most alive: the largest of the tree of dominators, below the root or ID."""
    graph, shown = _load(files, path, values=values)
    node = 0 if object_id is None else _node(graph, object_id, path)
    return _tree(views.dominator_tree(graph, node, depth=depth, limit=limit), shown)


def containment(
    *, files: SnapshotFiles, path: Path, object_id: int | None, depth: int, limit: int, values: bool
) -> Answer:
    """What the root, or the object ID, points to, largest retained size first."""
    graph, shown = _load(files, path, values=values)
    node = 0 if object_id is None else _node(graph, object_id, path)
    return _tree(views.containment_tree(graph, node, depth=depth, limit=limit), shown)


def strings(*, files: SnapshotFiles, path: Path, limit: int, values: bool) -> Answer:
    """Strings that are there several times, and the longest."""
    graph, shown = _load(files, path, values=values)
    duplicates = views.duplicate_strings(graph, limit)
    longest = views.longest_strings(graph, limit)
    data = {
        "duplicates": [shown.string_data(row) for row in duplicates],
        "longest": [shown.string_data(row) for row in longest],
    }
    many: list[Column] = [
        ("wasted", lambda row: row.wasted),
        ("count", lambda row: row.count),
        ("size", lambda row: row.shallow_size),
        ("one of them", lambda row: f"@{row.id}"),
        ("string", shown.text),
    ]
    one: list[Column] = [
        ("size", lambda row: row.shallow_size),
        ("id", lambda row: f"@{row.id}"),
        ("string", shown.text),
    ]
    text = f"duplicates\n{table(duplicates, many, 'none')}\nlongest\n{table(longest, one, 'none')}"
    return data, text


def detached(*, files: SnapshotFiles, path: Path, limit: int, values: bool) -> Answer:
    """Nodes of a page that left its DOM and are still alive."""
    graph, shown = _load(files, path, values=values)
    return _nodes(views.detached_nodes(graph, limit), shown, "no detached nodes")


def closures(*, files: SnapshotFiles, path: Path, limit: int) -> Answer:
    """Closures by the place in a script that makes them."""
    graph, shown = _load(files, path, values=False)
    rows = views.closure_groups(graph, limit)
    columns: list[Column] = [
        ("count", lambda row: row.count),
        ("shallow", lambda row: row.shallow_size),
        ("retained", lambda row: row.retained_size),
        ("one of them", lambda row: f"@{row.example}"),
        ("function", lambda row: row.name or "(anonymous)"),
        ("place", lambda row: shown.place(row.location)),
    ]
    data = [
        {
            "name": row.name,
            "location": shown.place_data(row.location),
            "count": row.count,
            "shallowSize": row.shallow_size,
            "retainedSize": row.retained_size,
            "distance": row.distance,
            "example": row.example,
        }
        for row in rows
    ]
    return {"closures": data}, table(rows, columns, "no closures")


def contexts(*, files: SnapshotFiles, path: Path, limit: int, values: bool) -> Answer:
    """Scopes that closures keep alive, with the variables captured in them."""
    graph, shown = _load(files, path, values=values)
    rows = views.context_groups(graph, limit)
    unused = _unused(graph, rows, files.get(path))
    lines = []
    for row in rows:
        used = f", used by {row.used_by or '(anonymous)'}" if row.location else ""
        lines.append(
            f"{row.count:,} of them, retained {row.retained_size:,}, one is @{row.example}"
            f"{cell(used)}  {cell(shown.place(row.location))}".rstrip()
            + "\n"
        )
        names = unused.get(row.example, frozenset())
        for variable in row.variables[:limit]:
            value = variable.value
            mark = ", unused" if variable.name in names else ""
            lines.append(
                f"  {cell(variable.name)}: {cell(shown.label(value))} @{value.id}, "
                f"retained {value.retained_size:,}{mark}\n"
            )
    data = [
        {
            "count": row.count,
            "shallowSize": row.shallow_size,
            "retainedSize": row.retained_size,
            "example": row.example,
            "usedBy": row.used_by,
            "location": shown.place_data(row.location),
            "variables": [
                shown.variable_data(
                    one, unused=one.name in unused[row.example] if row.example in unused else None
                )
                for one in row.variables
            ],
        }
        for row in rows
    ]
    return {"contexts": data}, "".join(lines) or "no scopes with captured variables\n"


def _unused(
    graph: Graph, rows: tuple[views.ContextGroup, ...], file: SnapshotFile
) -> dict[int, frozenset[str]]:
    """The unused variables by object id of the scope shown; nothing where nobody can tell."""
    # Only this answer reads scripts, and parsers take long to load.
    from leakline.pipeline.unused_variables import unused_variables  # noqa: PLC0415

    workspace = file.workspace or Path.cwd()
    scripts = file.scripts or scripts_of(graph, workspace)
    nodes = {graph.node_by_id(row.example): row.example for row in rows}
    contexts = [node for node in nodes if node is not None]
    found = unused_variables(graph, scripts.values(), workspace, contexts)
    return {nodes[context]: names for context, names in found.items()}


def _load(files: SnapshotFiles, path: Path, *, values: bool) -> tuple[Graph, Shown]:
    """Makes a graph of a snapshot and finds the names of its scripts."""
    snapshot = files.get(path)
    graph = graph_of(figures_of(snapshot.parsed, release=True), snapshot.parsed)
    graph.work_out()
    scripts = snapshot.scripts or scripts_of(graph, None)
    return graph, Shown(values, {number: script.url for number, script in scripts.items()})


def _node(graph: Graph, object_id: int, path: Path) -> int:
    node = graph.node_by_id(object_id)
    if node is None:
        raise UsageError(
            f"{path} has no object @{object_id}",
            "take an id from `leakline heap summary --objects CONSTRUCTOR`",
        )
    return node


def _nodes(
    rows: tuple[views.NodeRow, ...], shown: Shown, nothing: str
) -> tuple[dict[str, Any], str]:
    columns: list[Column] = [
        ("id", lambda row: f"@{row.id}"),
        ("shallow", lambda row: row.shallow_size),
        ("retained", lambda row: row.retained_size),
        ("distance", lambda row: row.distance),
        ("object", shown.label),
        ("place", lambda row: shown.place(row.location)),
    ]
    return {"nodes": [shown.node_data(row) for row in rows]}, table(rows, columns, cell(nothing))


def _tree(rows: tuple[views.Branch, ...], shown: Shown) -> tuple[object, str]:
    def line(row: views.Branch) -> str:
        edge = "" if row.edge_name is None else f"{_edge(row.edge_name, row.edge_type)}: "
        label = "(root)" if row.row.node == 0 else shown.label(row.row)
        return "  " * row.depth + edge + label

    columns: list[Column] = [
        ("retained", lambda row: row.row.retained_size),
        ("shallow", lambda row: row.row.shallow_size),
        ("below", lambda row: row.children),
        ("id", lambda row: f"@{row.row.id}"),
        ("object", line),
    ]
    return {"tree": [shown.branch_data(row) for row in rows]}, table(rows, columns, "nothing")


def _edge(name: str | int, kind: str) -> str:
    if isinstance(name, int):
        return f"[{name}]"
    return name if kind == "property" else f"{name} ({kind})"
