"""How structures that hold more of their own kind grow: ``tail.next = node``."""

from __future__ import annotations

from leakline.attribution.syntax.growth import GrowthWrite
from leakline.attribution.syntax.naming import unwrap
from leakline.attribution.syntax.places import members_named
from leakline.attribution.syntax.scopes import ScopeTree

_NOTHING = frozenset({"null", "undefined", "number", "true", "false"})


def link_writes(found: ScopeTree, name: str) -> tuple[GrowthWrite, ...]:
    """The assignments that hang something new on a property, in source order.

    Args:
        found: The script's scopes.
        name: The property's name, such as ``next``.

    Returns:
        Those in functions; what is put into a fresh object by its constructor links nothing.
    """
    writes: list[GrowthWrite] = []
    for member in members_named(found, name):
        assignment = member.node.parent
        if assignment is None or assignment.type != "assignment_expression":
            continue
        if assignment.child_by_field_name("left") != member.node:
            continue
        right = assignment.child_by_field_name("right")
        function = found.scope_of(member.node).function
        if right is None or unwrap(right).type in _NOTHING or function.parent is None:
            continue
        if member.object.type == "this" and function.name == "constructor":
            continue
        writes.append(
            GrowthWrite(
                found.span_of(assignment),
                "link",
                found.span_of(member.node),
                function,
                certain=False,
            )
        )
    return tuple(writes)
