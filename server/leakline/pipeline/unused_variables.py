"""Which captured variables of a snapshot nothing that is alive can use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from leakline.attribution.captures import Captures
from leakline.attribution.contexts import Contexts
from leakline.attribution.slots import Slots
from leakline.heap import Graph
from leakline.pipeline.scripts import program_scripts
from leakline.pipeline.sources import WorkspaceFiles
from leakline.recording import Script


def unused_variables(
    graph: Graph, recorded: Iterable[Script], workspace: Path | None, contexts: Iterable[int]
) -> Mapping[int, frozenset[str]]:
    """Finds the unused variables of some Contexts.

    Args:
        graph: The snapshot.
        recorded: The program's scripts.
        workspace: Where files of theirs may be read; None for nowhere.
        contexts: Ordinals of the Contexts asked for.

    Returns:
        The names by Context. A Context is left out where nobody can tell: it is not the
        program's, or neither the script's text nor V8's scope tables are there.
    """
    scripts = program_scripts(recorded, WorkspaceFiles(workspace), [])
    slots = Slots(graph, Contexts(graph, scripts.user_ids))
    return Captures(slots, scripts).unused(contexts)
