"""The leak trace: why a leak root is alive, as a person would tell it.

From the GC root to the slot the shortest path of strong edges is taken (V8's retainers, by
distance); hops through the runtime's internals are folded. From the slot down to the
accumulation point, the suspect segment, each hop is named.
"""

from __future__ import annotations

from dataclasses import replace

from leakline.attribution.model import Hop
from leakline.attribution.scripts import Scripts
from leakline.attribution.slot_path import Element, Origin, SlotPath
from leakline.attribution.slots import Slots
from leakline.heap import Graph
from leakline.positions import Position, SourceLocation

MAX_HOPS = 12

GENERIC_NAMES = frozenset({"", "Object", "Array", "Map", "Set", "Module"})


def leak_trace(
    slots: Slots,
    scripts: Scripts,
    path: SlotPath,
    name: str,
    declaration: SourceLocation | None,
) -> tuple[Hop, ...]:
    """The hops from a GC root to what grows.

    Args:
        slots: The slots of the newest snapshot.
        scripts: The program's scripts.
        path: The leak root.
        name: Its display name, which knows the original names.
        declaration: Where the leak root is declared, if known.
    """
    holder = slots.graph.node_by_id(path.holder_id)
    if holder is None:
        return ()
    return (
        Hop("GC root"),
        *_to_holder(slots, scripts, holder),
        *_suspects(slots, path, name, declaration),
    )


def trace_to_node(slots: Slots, scripts: Scripts, node: int) -> tuple[Hop, ...]:
    """The hops from a GC root to one of the things that pile up at a place.

    Args:
        slots: The slots of the newest snapshot.
        scripts: The program's scripts.
        node: The thing's ordinal.
    """
    hops = _to_holder(slots, scripts, node)
    return (Hop("GC root"), *hops[:-1], replace(hops[-1], suspect=True))


def _to_holder(slots: Slots, scripts: Scripts, holder: int) -> list[Hop]:
    hops: list[Hop] = []
    node = holder
    seen = {holder}
    hops.append(Hop(_describe(slots, scripts, node), _start_of(slots.graph, scripts, node)))
    while len(hops) < MAX_HOPS:
        above = _nearest_retainer(slots.graph, node)
        if above is None or above in seen:
            break
        seen.add(above)
        node = above
        if _is_telling(slots.graph, scripts, node):
            label = _describe(slots, scripts, node)
            if label != hops[-1].label:
                hops.append(Hop(label, _start_of(slots.graph, scripts, node)))
    return hops[::-1]


def _suspects(
    slots: Slots, path: SlotPath, name: str, declaration: SourceLocation | None
) -> list[Hop]:
    hops: list[Hop] = []
    steps: list[str | Element] = list(path.steps)
    original = name.split(".")
    if len(original) == len(steps) and not any(isinstance(step, Element) for step in steps):
        steps = list(original)
    words = {
        Origin.CONTEXT: "variable",
        Origin.EXPORT: "export",
        Origin.GLOBAL: "global property",
        Origin.INSTANCE: "field",
    }
    for depth, step in enumerate(steps, start=1):
        value = slots.resolve(SlotPath(path.origin, path.holder_id, path.steps[:depth]))
        if value is None:
            break
        what = _value_in_words(slots, value)
        if isinstance(step, Element):
            label = f"element -> {what}"
        elif depth == 1:
            label = f"{words[path.origin]} `{step}` -> {what}"
        else:
            label = f"property `{step}` -> {what}"
        hops.append(Hop(label, declaration if depth == len(path.steps) else None, suspect=True))
    return hops


def _value_in_words(slots: Slots, value: int) -> str:
    graph = slots.graph
    kind = graph.node_type_name(value)
    if kind in {"string", "concatenated string", "sliced string"}:
        return {"string": "string"}.get(kind, f"{kind}")
    name = graph.node_name_of(value) or kind
    count = slots.containers.element_count(value)
    if count:
        return f"{name} ({count:,} {'entries' if name == 'Map' else 'elements'})"
    return name


def _describe(slots: Slots, scripts: Scripts, node: int) -> str:
    graph = slots.graph
    name = graph.node_name_of(node)
    if "Context" in name:
        script_id = slots.contexts.script_of(node)
        scope = slots.contexts.scope_of(node, scripts)
        where = _short(scripts.url(script_id)) if script_id is not None else ""
        if scope is not None and scope.parent is None:
            return f"top-level scope of {where}"
        if scope is not None:
            return f"scope of `{scope.function.name or 'anonymous'}` in {where}"
        return f"scope in {where}" if where else "scope"
    if "SourceTextModule" in name:
        function = slots.module_function(node)
        location = graph.locations.of(function) if function is not None else None
        return f"module {_short(scripts.url(location.script_id))}" if location else "module"
    if name == "Generator":
        # Modules and async functions run as generators: the snapshot shows where they began.
        location = graph.locations.of(node)
        where = _short(scripts.url(location.script_id)) if location else ""
        is_module = location is not None and (location.line, location.column) == (0, 0)
        return f"module {where}" if is_module else f"suspended function in {where}"
    if graph.node_type_name(node) == "closure":
        return f"function `{name}`" if name else "function (anonymous)"
    if name.startswith("global"):
        return "global object"
    return name


def _start_of(graph: Graph, scripts: Scripts, node: int) -> SourceLocation | None:
    location = graph.locations.of(node)
    if location is None or location.script_id not in scripts.user_ids:
        return None
    return scripts.place(location.script_id, Position(location.line, location.column))


def _is_telling(graph: Graph, scripts: Scripts, node: int) -> bool:
    """Whether a hop tells a person something: the user's own, or a runtime object with a name."""
    kind = graph.node_type_name(node)
    if kind == "closure":
        return _is_users(graph, scripts, node)
    if kind != "object":
        return False
    name = graph.node_name_of(node)
    return _is_users(graph, scripts, node) or not (
        name in GENERIC_NAMES or name.startswith(("system /", "(", "global"))
    )


def _is_users(graph: Graph, scripts: Scripts, node: int) -> bool:
    location = graph.locations.of(node)
    return location is not None and location.script_id in scripts.user_ids


def _nearest_retainer(graph: Graph, node: int) -> int | None:
    best: int | None = None
    nearest = int(graph.distance[node])
    for index in range(int(graph.first_retainer[node]), int(graph.first_retainer[node + 1])):
        if graph.edge_type_name(int(graph.retainer_edge[index])) == "weak":
            continue
        above = int(graph.retainer_node[index])
        distance = int(graph.distance[above])
        if 0 <= distance < nearest:
            best, nearest = above, distance
    return best


def _short(url: str) -> str:
    return url.rsplit("/", 1)[-1] or url
