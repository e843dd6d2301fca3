"""``leakline heap``: what Chrome DevTools' Memory panel answers, without the panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from leakline.cli.heap_tables import Column, Shown, as_json, cell, signed, table
from leakline.cli.inputs import load_inputs
from leakline.cli.printing import write_out
from leakline.errors import UsageError
from leakline.heap import Graph, read_graph, views
from leakline.pipeline.snapshot_scripts import scripts_of
from leakline.recording import open_snapshot
from leakline.report.heap_rows import statistics_data

LONGEST_PATH = 50
"""Hops of a path to the roots that are shown."""

_path = click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
_limit = click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=30,
    show_default=True,
    help="Most rows to show.",
)
_values = click.option(
    "--values", is_flag=True, help="Show strings and numbers of the program: a heap holds secrets."
)
_depth = click.option(
    "--depth", type=click.IntRange(1, 100), default=3, show_default=True, help="Levels to show."
)


@click.group()
def command() -> None:
    """Answer questions about one heap snapshot.

    PATH is a .heapsnapshot or .heapsnapshot.gz file, or a recording, whose newest snapshot is
    taken. Sizes are in bytes. ID is V8's object id, as all lists show it. Values of the program
    are left out unless --values is given; names of its properties and functions are shown.
    """


def _formatted(work: Callable[..., tuple[object, str]]) -> Callable[..., int]:
    """Adds ``--format``; the work gives its data and its text."""

    @wraps(work)
    def run(*, output_format: str, **arguments: Any) -> int:  # noqa: ANN401 - options
        data, text = work(**arguments)
        write_out(as_json(data) if output_format == "json" else text)
        return 0

    return click.option(
        "--format",
        "output_format",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help="Text for people, JSON for programs.",
    )(run)


@command.command("statistics")
@_path
@_formatted
def _statistics(*, path: Path) -> tuple[object, str]:
    """What the heap consists of, by kind of memory."""
    found = views.statistics(_load(path, values=False)[0])
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


@command.command("summary")
@_path
@click.option("--objects", metavar="CONSTRUCTOR", help="List a constructor's objects instead.")
@_limit
@_values
@_formatted
def _summary(*, path: Path, objects: str | None, limit: int, values: bool) -> tuple[object, str]:
    """Objects by constructor: count, shallow and retained size, distance."""
    graph, shown = _load(path, values=values)
    if objects is not None:
        return _nodes(views.objects_of(graph, objects, limit), shown, f"no object of {objects}")
    rows = views.summary(graph, limit)
    data = [shown.total_data(row) for row in rows]
    columns: list[Column] = [
        ("count", lambda row: row.count),
        ("shallow", lambda row: row.shallow_size),
        ("retained", lambda row: row.retained_size),
        ("distance", lambda row: views.user_distance(row.distance)),
        ("constructor", lambda row: shown.class_name(row.key)),
    ]
    more = len(graph.class_totals) - len(rows)
    text = table(rows, columns, "no objects") + (f"{more:,} more\n" if more else "")
    return {"classes": data, "more": more}, text


@command.command("compare")
@click.argument("older", metavar="A", type=click.Path(path_type=Path))
@click.argument("newer", metavar="B", type=click.Path(path_type=Path))
@click.option("--objects", metavar="CONSTRUCTOR", help="List its new and deleted objects by id.")
@_limit
@_values
@_formatted
def _compare(
    *, older: Path, newer: Path, objects: str | None, limit: int, values: bool
) -> tuple[object, str]:
    """What is new in B and deleted since A, two snapshots of one run of a program."""
    old_graph, _ = _load(older, values=values)
    new_graph, shown = _load(newer, values=values)
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


@command.command("retainers")
@_path
@click.argument("object_id", metavar="ID", type=click.IntRange(min=0))
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="Most paths."
)
@_values
@_formatted
def _retainers(*, path: Path, object_id: int, limit: int, values: bool) -> tuple[object, str]:
    """Why an object is alive: paths to the roots, shortest first."""
    graph, shown = _load(path, values=values)
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


@command.command("dominators")
@_path
@click.argument("object_id", metavar="[ID]", type=click.IntRange(min=0), required=False)
@_depth
@_limit
@_values
@_formatted
def _dominators(
    *, path: Path, object_id: int | None, depth: int, limit: int, values: bool
) -> tuple[object, str]:
    """What keeps most alive: the largest of the tree of dominators, below the root or ID."""
    graph, shown = _load(path, values=values)
    node = 0 if object_id is None else _node(graph, object_id, path)
    return _tree(views.dominator_tree(graph, node, depth=depth, limit=limit), shown)


@command.command("containment")
@_path
@click.argument("object_id", metavar="[ID]", type=click.IntRange(min=0), required=False)
@_depth
@_limit
@_values
@_formatted
def _containment(
    *, path: Path, object_id: int | None, depth: int, limit: int, values: bool
) -> tuple[object, str]:
    """What the root, or the object ID, points to, largest retained size first."""
    graph, shown = _load(path, values=values)
    node = 0 if object_id is None else _node(graph, object_id, path)
    return _tree(views.containment_tree(graph, node, depth=depth, limit=limit), shown)


@command.command("strings")
@_path
@_limit
@_values
@_formatted
def _strings(*, path: Path, limit: int, values: bool) -> tuple[object, str]:
    """Strings that are there several times, and the longest."""
    graph, shown = _load(path, values=values)
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


@command.command("detached")
@_path
@_limit
@_values
@_formatted
def _detached(*, path: Path, limit: int, values: bool) -> tuple[object, str]:
    """Nodes of a page that left its DOM and are still alive."""
    graph, shown = _load(path, values=values)
    return _nodes(views.detached_nodes(graph, limit), shown, "no detached nodes")


@command.command("closures")
@_path
@_limit
@_formatted
def _closures(*, path: Path, limit: int) -> tuple[object, str]:
    """Closures by the place in a script that makes them."""
    graph, shown = _load(path, values=False)
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


@command.command("contexts")
@_path
@_limit
@_values
@_formatted
def _contexts(*, path: Path, limit: int, values: bool) -> tuple[object, str]:
    """Scopes that closures keep alive, with the variables captured in them."""
    graph, shown = _load(path, values=values)
    rows = views.context_groups(graph, limit)
    lines = []
    for row in rows:
        used = f", used by {row.used_by or '(anonymous)'}" if row.location else ""
        lines.append(
            f"{row.count:,} of them, retained {row.retained_size:,}, one is @{row.example}"
            f"{cell(used)}  {cell(shown.place(row.location))}".rstrip()
            + "\n"
        )
        for variable in row.variables[:limit]:
            value = variable.value
            lines.append(
                f"  {cell(variable.name)}: {cell(shown.label(value))} @{value.id}, "
                f"retained {value.retained_size:,}\n"
            )
    data = [
        {
            "count": row.count,
            "shallowSize": row.shallow_size,
            "retainedSize": row.retained_size,
            "example": row.example,
            "usedBy": row.used_by,
            "location": shown.place_data(row.location),
            "variables": [shown.variable_data(one) for one in row.variables],
        }
        for row in rows
    ]
    return {"contexts": data}, "".join(lines) or "no scopes with captured variables\n"


def _load(path: Path, *, values: bool) -> tuple[Graph, Shown]:
    """Reads a snapshot, or the newest of a recording, and the names of its scripts."""
    recording = load_inputs([path], None)
    snapshot = recording.rounds[-1].snapshot
    with open_snapshot(snapshot) as buffer:
        graph = read_graph(buffer, snapshot.name)
    graph.work_out()
    scripts = recording.scripts or scripts_of(graph, None)
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
