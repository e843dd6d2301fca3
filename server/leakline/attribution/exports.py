"""The exported bindings of ES modules."""

from __future__ import annotations

from leakline.heap import Graph


def exports_of(graph: Graph) -> dict[int, dict[str, int]]:
    """Exported bindings: module's ordinal -> export's name -> value's ordinal.

    A SourceTextModule holds its exports in a hash table, in which the exported name stands
    right before the ``Cell`` that holds the value.
    """
    found: dict[int, dict[str, int]] = {}
    for module in graph.nodes_named("system / SourceTextModule"):
        exports: dict[str, int] = {}
        for edge in graph.edges_of(int(module)):
            if graph.edge_type_name(edge) != "hidden":
                continue
            table = int(graph.edge_to[edge])
            previous: tuple[int, str] | None = None
            for entry in graph.edges_of(table):
                name = graph.edge_name(entry)
                if not (isinstance(name, int) or name.isdigit()):
                    continue
                target = int(graph.edge_to[entry])
                index = int(name)
                if graph.node_type_name(target) == "string":
                    previous = (index, graph.node_name_of(target))
                elif previous is not None and previous[0] == index - 1:
                    cell_value = graph.internal(target, "value")
                    if cell_value is not None:
                        exports[previous[1]] = cell_value
                    previous = None
        if exports:
            found[int(module)] = exports
    return found
