"""The names of private fields that a compiler took apart, see ``syntax.weak_fields``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from leakline.attribution.anchor import Anchor
from leakline.attribution.model import SlotKind
from leakline.attribution.scripts import Scripts, SourceFile
from leakline.attribution.syntax import Scope, WeakField
from leakline.positions import Position, SourceLocation, Span

# Where a helper's call maps to: the field, the dot before it, or the object.
_FIELD = re.compile(r"(?:\w+)?(?:\?\.|\.)?(#[\w$]+)")


def as_written(scripts: Scripts, anchor: Anchor) -> tuple[Anchor, SourceLocation | None]:
    """The anchor of a WeakMap's entry with the name of the private field that it was compiled from.

    Args:
        scripts: The program's scripts.
        anchor: An anchor with a ``weak_field``.

    Returns:
        The anchor and the field's declaration in the original. Where nobody compiled anything,
        since the program itself keeps things in a WeakMap, the anchor of that WeakMap's
        variable, and None.
    """
    weak = anchor.weak_field
    assert weak is not None
    holder, _, _ = anchor.name.rpartition(".")
    for source, position in _originals(scripts, anchor.script_id, weak):
        match = _FIELD.match(source.rest_of_line(position))
        if match is not None:
            field = match[1]
            if anchor.kind is SlotKind.STATIC_FIELD:
                holder = _class_name(scripts, source, position) or holder
                anchor = replace(anchor, variable=None)
            named = replace(anchor, name=f"{holder}.{field}", field=field, path=())
            return named, _declaration(scripts, source, position, field)
    if weak.compiled:
        owner, field = _split(weak.binding.name)
        if owner and anchor.kind is SlotKind.STATIC_FIELD:
            holder, anchor = owner, replace(anchor, variable=None)
        return replace(anchor, name=f"{holder}.#{field}", path=()), None
    own = replace(
        anchor,
        name=weak.binding.name,
        kind=anchor.variable_kind,
        variable=(anchor.script_id, weak.binding.declarations[0]),
        field="",
        path=(),
    )
    return own, None


def with_written_steps(scripts: Scripts, anchor: Anchor) -> Anchor:
    """An anchor whose display name has the written names of private fields in its middle.

    What the program itself keeps in a WeakMap begins with the name of that.
    """
    parts = anchor.name.split(".")
    for step, script_id, weak in anchor.private_steps:
        if step not in parts[1:-1]:
            continue
        at = parts.index(step, 1)
        if isinstance(weak, Span):
            parts[at] = scripts.original_identifier(script_id, weak.start) or step
            continue
        matches = (
            _FIELD.match(source.rest_of_line(position))
            for source, position in _originals(scripts, script_id, weak)
        )
        field = next((match[1] for match in matches if match is not None), "")
        if not field and weak.compiled:
            field = f"#{_split(weak.binding.name)[1]}"
        parts = [*parts[:at], field, *parts[at + 1 :]] if field else parts
        if not field:
            parts = [weak.binding.name, *parts[at + 1 :]]
            anchor = replace(anchor, variable=(script_id, weak.binding.declarations[0]))
    return replace(anchor, name=".".join(parts))


def _originals(
    scripts: Scripts, script_id: int, weak: WeakField
) -> Iterator[tuple[SourceFile, Position]]:
    if scripts.source_map(script_id) is None:
        return
    for span in weak.named_at:
        found = scripts.original(script_id, span.start)
        if found is not None:
            yield found


def _declaration(
    scripts: Scripts, source: SourceFile, position: Position, field: str
) -> SourceLocation | None:
    syntax = scripts.source_syntax(source)
    scope: Scope | None = syntax.scope_at(position) if syntax is not None else None
    while syntax is not None and scope is not None:
        for static in (False, True) if scope.kind == "class" else ():
            span = syntax.field_declaration(scope, field, static=static, private=True)
            if span is not None:
                return source.place(span)
        scope = scope.parent
    return None


def _class_name(scripts: Scripts, source: SourceFile, position: Position) -> str:
    syntax = scripts.source_syntax(source)
    scope: Scope | None = syntax.scope_at(position) if syntax is not None else None
    while scope is not None and scope.kind != "class":
        scope = scope.parent
    return scope.name if scope is not None else ""


def _split(variable: str) -> tuple[str, str]:
    """Part a name into class and field: ``_Store_items``; esbuild tells no class: ``_items``."""
    bare = variable.lstrip("_") or variable
    owner, separator, field = bare.partition("_")
    return (owner, field) if separator and field and owner[:1].isupper() else ("", bare)
