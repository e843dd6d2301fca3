"""Memory that only tools hold, such as what was logged to the console of an open DevTools.

V8 labels the handles by which its inspector keeps objects: ``DevTools console`` for what a
client's console may still show, ``DevTools debugger`` for what a debugger looks at. What hangs
below nothing else would not be there without the tool.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leakline.heap import Graph
from leakline.leaks.figures import format_bytes
from leakline.leaks.holders import large_limit
from leakline.leaks.rate import growth_rate
from leakline.leaks.rounds import grows_in_every_round, rounds_of

LABEL = "DevTools"
HOLDERS = "(Global handles)"


def held_by_tools(graph: Graph) -> NDArray[np.int64]:
    """Ordinals of the objects that a tool's handles lead to and nothing else dominates."""
    targets = {
        int(graph.edge_to[edge])
        for holder in graph.nodes_named(HOLDERS).tolist()
        for edge in graph.edges_of(holder)
        if LABEL in str(graph.edge_name(edge))
    }
    nodes = np.array(sorted(targets), dtype=np.int64)
    holders = graph.nodes_named(HOLDERS)
    # What the program reaches too is dominated by a root above the handles.
    return nodes[np.isin(graph.dominator[nodes], holders)]


def tools_note(
    graphs: Sequence[Graph], requests: Sequence[int | None], unit: str = "request"
) -> str | None:
    """What to say of the memory that only tools hold; None where it is nothing to speak of.

    Args:
        graphs: The snapshots of one isolate, oldest first.
        requests: Requests answered before each.
        unit: What is counted as requests.
    """
    sizes = [int(graph.retained_size[held_by_tools(graph)].sum()) for graph in graphs]
    rounds = rounds_of(sizes)
    if grows_in_every_round(rounds, requests):
        how = f"grows {growth_rate(rounds, requests, unit).in_words(sizes[-1])}"
    elif sizes[-1] >= large_limit(graphs[-1]):
        how = f"is {format_bytes(sizes[-1])}"
    else:
        return None
    return (
        f"memory that only an attached DevTools or debugger holds {how}: this is no leak of the "
        "program; close the tool, or clear its console, and measure again"
    )
