"""The search for growth: from each place that means a slot outwards through the syntax.

A place is followed while the expression around it still has the slot's value (wrappers,
branches, assignments as values) or walks down the wanted property path. What uses the value
then decides: a method call or an assignment adds to it; a declaration, an argument or a
``return`` gives it another name, which is followed in turn, through a bounded number of hops.
Steps wait in a queue, so that neither deep code nor long chains of aliases need recursion,
and the shortest way to an expression is found first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from leakline.attribution.syntax.adding import MEMBERS, Additions
from leakline.attribution.syntax.aliases import Aliases
from leakline.attribution.syntax.grammar import Ancestry
from leakline.attribution.syntax.naming import WRAPPERS, member_key, wrapped_value
from leakline.attribution.syntax.places import argument_values
from leakline.attribution.syntax.scopes import ScopeTree
from leakline.attribution.syntax.trail import (
    MAX_HOPS,
    FollowBinding,
    FollowPlaces,
    Step,
    Trail,
    Visit,
)


def search_growth(found: ScopeTree, start: FollowBinding | FollowPlaces) -> Additions:
    """Everything in a script that adds to one slot.

    Args:
        found: The script's scopes.
        start: The slot.
    """
    return _Search(found).run(start)


class _Search:
    def __init__(self, found: ScopeTree) -> None:
        self._found = found
        self._additions = Additions(found)
        self._aliases = Aliases(found)
        self._seen: set[object] = set()

    def run(self, start: Step) -> Additions:
        queue = deque([start])
        while queue:
            step = queue.popleft()
            if len(step.trail.via) > MAX_HOPS:
                continue
            if isinstance(step, Visit):
                queue.extend(self._visit(step))
            elif isinstance(step, FollowBinding):
                queue.extend(self._binding(step))
            elif isinstance(step, FollowPlaces):
                queue.extend(self._places(step))
            else:
                queue.extend(self._aliases.pattern(step))
        return self._additions

    def _is_new(self, *key: object) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _binding(self, step: FollowBinding) -> Iterator[Step]:
        binding, trail = step.binding, step.trail
        if not self._is_new(id(binding), trail.path, trail.nested):
            return
        nodes: list[Node] = []
        for use in self._found.uses(binding):
            node = self._found.node_at(use.start)
            if node is not None and use.access != "declaration":
                nodes.append(node)
        trail = replace(
            trail,
            roots=frozenset((node.start_byte, node.end_byte) for node in nodes),
            full_path=trail.path,
        )
        for node in nodes:
            yield Visit(self._found.around(node), 0, trail)
        if not trail.nested:
            yield from self._aliases.sources(binding, trail)

    def _places(self, step: FollowPlaces) -> Iterator[Step]:
        trail = step.trail
        roots = frozenset((place.node.start_byte, place.node.end_byte) for place in step.places)
        for place in step.places:
            yield Visit(
                self._found.around(place.node),
                0,
                replace(
                    trail,
                    roots=roots,
                    full_path=trail.path,
                    certain=trail.certain and place.certain,
                ),
            )

    def _visit(self, visit: Visit) -> Iterator[Step]:
        around, step, trail = visit.around, visit.step, visit.trail
        start = around[step]
        if start is None or not self._is_new(
            start.start_byte, start.end_byte, trail.path, trail.nested
        ):
            return
        arrived = False
        while True:
            node, parent = around[step], around[step + 1]
            if node is None or parent is None:
                return
            kind = parent.type
            if kind in MEMBERS and parent.child_by_field_name("object") == node:
                if not trail.path:
                    if not arrived:
                        self._additions.rebuilt(around, step, trail)
                        self._additions.rebuilt_by_call(around, step, trail)
                    yield from self._additions.member(around, step, trail)
                    return
                key = member_key(self._found.text, parent)
                if key is not None and key != trail.path[0]:
                    return
                trail = replace(
                    trail, path=trail.path[1:], certain=trail.certain and key is not None
                )
                step += 1
                continue
            if not arrived and not trail.path:
                arrived = True
                self._additions.rebuilt(around, step, trail)
                self._additions.rebuilt_by_call(around, step, trail)
            if kind == "arguments":
                yield from self._argument(around, step, trail)
                return
            yield from self._aliases.given(around, step, trail)
            is_target = kind.endswith("assignment_expression") and (
                parent.child_by_field_name("left") == node
            )
            if not _has_value_of(parent, node) or not self._is_new(
                parent.start_byte, parent.end_byte, kind, is_target, trail.path, trail.certain
            ):
                return
            if is_target:
                self._additions.assigned(parent, node, trail)
            step += 1

    def _argument(self, around: Ancestry, step: int, trail: Trail) -> Iterator[Step]:
        node, call = around[step], around[step + 2]
        values = [] if call is None else argument_values(call)
        if call is None or node not in values:
            return
        index = values.index(node)
        yield from self._additions.argument(around, step, index, trail)
        yield from self._aliases.argument(call, index, trail)


def _has_value_of(parent: Node, node: Node) -> bool:
    """Whether the value of an expression may be that of this part of it."""
    kind = parent.type
    if kind in WRAPPERS:
        return wrapped_value(parent) == node
    if kind == "ternary_expression":
        return parent.child_by_field_name("condition") != node
    if kind == "sequence_expression":
        return parent.named_children[-1] == node
    if kind == "assignment_expression":
        return True
    if kind in ("binary_expression", "augmented_assignment_expression"):
        operator = parent.child_by_field_name("operator")
        name = "" if operator is None else operator.type
        if name in ("&&", "&&="):
            return parent.child_by_field_name("right") == node
        if name == "+=":
            return parent.child_by_field_name("left") == node
        return name in ("||", "??", "||=", "??=")
    return False
