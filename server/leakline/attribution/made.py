"""Closures, suspended calls and instances, by the place in the script that makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from leakline.attribution.locate import Located
from leakline.attribution.model import Confidence, Evidence, EvidenceKind, SlotKind
from leakline.attribution.modules import importers
from leakline.attribution.on_stack import made_on
from leakline.attribution.scripts import Scripts
from leakline.attribution.slots import SUSPENDED
from leakline.attribution.stacks import Stack
from leakline.attribution.syntax import Scope, ScriptSyntax
from leakline.heap import Graph
from leakline.positions import Position, Span

# With this share of what was made in the last round the stacks settle it.
_SETTLED = 0.8


class Made(Enum):
    """What kind of thing is made at a place."""

    CLOSURE = "closure"
    SUSPENDED = "suspended call"
    INSTANCE = "instance"


@dataclass(frozen=True, slots=True)
class Maker:
    """A place in a script that makes things.

    Attributes:
        kind: What it makes.
        script_id: The script.
        start: Where V8 says that the function, or the instances' constructor, starts.
    """

    kind: Made
    script_id: int
    start: Position


def group_by_maker(graph: Graph, scripts: Scripts) -> dict[Maker, NDArray[np.int64]]:
    """What the user's scripts made and is alive: maker -> node ordinals, int64, rising."""
    places = graph.locations
    rows = np.flatnonzero(np.isin(places.script_id, np.array(sorted(scripts.user_ids))))
    nodes = places.node[rows].astype(np.int64)
    order = np.argsort(nodes, kind="stable")
    rows, nodes = rows[order], nodes[order]
    if not rows.size:
        return {}
    closures = graph.node_type[nodes] == graph.node_type_names.index("closure")
    suspended = np.isin(nodes, np.concatenate([graph.nodes_named(name) for name in SUSPENDED]))
    kinds = np.where(closures, 0, np.where(suspended, 1, 2))
    made_by = (kinds, places.script_id[rows], places.line[rows], places.column[rows])
    keys = np.stack([column.astype(np.int64) for column in made_by])
    # Stable: the nodes of a maker keep their order.
    order = np.lexsort(keys)
    keys, nodes = keys[:, order], nodes[order]
    starts = np.flatnonzero(np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    names = (Made.CLOSURE, Made.SUSPENDED, Made.INSTANCE)
    found: dict[Maker, NDArray[np.int64]] = {}
    for start, part in zip(starts.tolist(), np.split(nodes, starts[1:]), strict=True):
        kind, script_id, line, column = keys[:, start].tolist()
        found[Maker(names[kind], script_id, Position(line, column))] = part
    return found


def locate_maker(maker: Maker, scripts: Scripts, stacks: Sequence[Stack] = ()) -> Located | None:
    """Names and places what accumulates.

    Args:
        maker: The place that makes it.
        scripts: The program's scripts.
        stacks: What allocated those made in the last round; none where nothing is known of that.

    Returns:
        None where the place belongs to a build tool, or the script's text is not to be had.
    """
    syntax = scripts.syntax(maker.script_id)
    scope = syntax.function_at(maker.start) if syntax is not None else None
    if syntax is None or scope is None:
        return None
    if maker.kind is Made.INSTANCE:
        return _by_stacks(_instances(maker, syntax, scope, scripts), scope, scripts, stacks)
    if maker.kind is Made.CLOSURE and scope.kind == "class":
        return None
    located = _closures(maker, syntax, scope, scripts)
    if maker.kind is Made.SUSPENDED:
        return _by_stacks(located, scope, scripts, stacks)
    return located


def _by_stacks(
    located: Located | None, made: Scope, scripts: Scripts, stacks: Sequence[Stack]
) -> Located | None:
    """The same, with the places first that the stacks show."""
    owner = made.parent if made.name == "constructor" and made.parent is not None else made
    seen = made_on(stacks, scripts, owner.name) if owner.name else ()
    found = [(scripts.place_span(each.script_id, each.span), each.share) for each in seen]
    shown = [(place, share) for place, share in found if place is not None]
    if located is None or not shown:
        return located
    share = shown[0][1]
    settled = share >= _SETTLED and (len(shown) == 1 or shown[1][1] < share)
    text = f"allocation stacks of the last round: {round(100 * share)} % of what stayed began here"
    evidence = Evidence(
        EvidenceKind.ALLOCATION, text, Confidence.CERTAIN if settled else Confidence.LIKELY
    )
    places = dict.fromkeys((*(place for place, _ in shown), *located.writes))
    return replace(located, writes=tuple(places), evidence=evidence)


def _instances(
    maker: Maker, syntax: ScriptSyntax, scope: Scope, scripts: Scripts
) -> Located | None:
    owner = syntax.class_at(maker.start) or scope
    declaration = scripts.place(maker.script_id, owner.span.start)
    if declaration is None:
        return None
    places = [
        place
        for span in syntax.instantiations(owner)
        if (place := scripts.place_span(maker.script_id, span)) is not None
    ]
    name = scripts.original_name(maker.script_id, owner) or "anonymous class"
    text = (
        f"the place that makes instances of `{name}`"
        if len(places) == 1
        else (
            f"one of {len(places)} places that make instances of `{name}`"
            if places
            else f"no `new {name}` was found in its script: this is the class"
        )
    )
    kind = EvidenceKind.WRITE if places else EvidenceKind.DECLARATION
    return Located(
        f"`{name}` instances", SlotKind.INSTANCES, declaration, tuple(places),
        Evidence(kind, text), scripts.name_of(declaration.url),
    )  # fmt: skip


def _closures(maker: Maker, syntax: ScriptSyntax, scope: Scope, scripts: Scripts) -> Located | None:
    if maker.kind is Made.SUSPENDED:
        return _suspended(maker, syntax, scope, scripts)
    place = scripts.place_span(maker.script_id, syntax.registration(scope))
    around = scope.parent.function if scope.parent is not None else None
    name = scripts.original_name(maker.script_id, around) if around is not None else ""
    display = f"closure in `{name}`" if name else "closure at top level"
    text = "the closures that stay alive are made here"
    if place is None:
        return None
    evidence = Evidence(EvidenceKind.WRITE, text, Confidence.CERTAIN)
    return Located(display, SlotKind.CLOSURE, place, (place,), evidence, scripts.name_of(place.url))


def _suspended(
    maker: Maker, syntax: ScriptSyntax, scope: Scope, scripts: Scripts
) -> Located | None:
    """Calls that wait: told where they are begun, else at the function."""
    declaration = scripts.place(maker.script_id, scope.span.start)
    if declaration is None:
        return None
    name = scripts.original_name(maker.script_id, scope)
    binding = (scope.parent or scope).lookup(scope.name) if scope.name else None
    spans: list[tuple[int, Span]] = []
    if binding is not None:
        spans += [(maker.script_id, span) for span in syntax.calls(binding)]
        exported = {export for export, of in syntax.exports.items() if of is binding}
        for other, its, local, path in importers(scripts, maker.script_id, exported):
            spans += [(other, span) for span in its.calls(local)] if not path else []
    found = (scripts.place_span(*each) for each in spans)
    places = tuple(place for place in found if place is not None)
    text = "calls that are begun here wait and never end"
    if not places:
        text = "calls of this function wait and never end"
    return Located(
        f"suspended call of `{name}`" if name else "suspended call",
        SlotKind.CLOSURE,
        declaration,
        places,
        Evidence(EvidenceKind.WRITE if places else EvidenceKind.DECLARATION, text),
        scripts.name_of(declaration.url),
    )
