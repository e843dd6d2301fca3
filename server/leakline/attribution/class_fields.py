"""Fields of classes: the slots whose place is in the class, not where the object is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leakline.attribution.anchor import Anchor, Write, as_writes
from leakline.attribution.model import SlotKind
from leakline.attribution.scripts import Scripts
from leakline.attribution.slot_path import Element, SlotPath
from leakline.attribution.slots import Slots
from leakline.attribution.syntax import Binding, Scope, ScriptSyntax, WeakField
from leakline.positions import Position, Span


@dataclass(frozen=True, slots=True)
class Owner:
    """The class that a field belongs to."""

    script_id: int
    syntax: ScriptSyntax
    scope: Scope
    is_static: bool


class ClassFields:
    """Finds the fields of one program's classes.

    Args:
        slots: The slots of the newest snapshot.
        scripts: The program's scripts.
    """

    def __init__(self, slots: Slots, scripts: Scripts) -> None:
        self._slots = slots
        self._graph = slots.graph
        self._scripts = scripts

    def owners(self, path: SlotPath) -> Iterator[Owner]:
        """The class whose field the last step of a path may be, then those that it extends."""
        holder = self._slots.resolve(SlotPath(path.origin, path.holder_id, path.steps[:-1]))
        if holder is None:
            return
        is_static = self._graph.node_type_name(holder) == "closure"
        seen: set[Scope] = set()
        for maker in self._slots.makers(holder):
            location = self._graph.locations.of(maker)
            if location is None or location.script_id not in self._scripts.user_ids:
                continue
            syntax = self._scripts.syntax(location.script_id)
            if syntax is None:
                continue
            start = Position(location.line, location.column)
            # Before there were classes, and in code compiled down to that, functions made objects.
            scope = syntax.class_at(start) or syntax.function_at(start)
            if scope is not None and scope not in seen and scope.parent is not None:
                seen.add(scope)
                yield Owner(location.script_id, syntax, scope, is_static)

    def anchor(
        self,
        path: SlotPath,
        script_id: int,
        binding: Binding,
        names: tuple[str, ...],
        by_variable: tuple[Write, ...],
        declaration: Span | None,
    ) -> Anchor | None:
        """A field, in the class that has it; None when no class of the program names it."""
        field = names[-1]
        private = field.startswith("#")
        for owner in self.owners(path):
            static, syntax = owner.is_static, owner.syntax
            found = syntax.field_writes(owner.scope, field, static=static, private=private)
            at = syntax.field_declaration(owner.scope, field, static=static, private=private)
            if not found and at is not None:
                found = syntax.name_writes(field)
            in_class = as_writes(owner.script_id, found)
            known = {write.span for write in in_class}
            writes = (*in_class, *(write for write in by_variable if write.span not in known))
            if not writes and at is None:
                continue
            display = ".".join([binding.name, *names])
            if any(isinstance(step, Element) for step in path.steps) or static:
                class_name = self._scripts.original_name(owner.script_id, owner.scope)
                display = f"{class_name or binding.name}.{field}"
            kind = SlotKind.STATIC_FIELD if static else SlotKind.FIELD
            place = at or (declaration if owner.script_id == script_id else None)
            return Anchor(
                owner.script_id,
                display,
                kind,
                place,
                writes,
                names,
                field=field,
                weak_field=_weak_field(owner, field),
            )
        return None

    def of_instance(self, path: SlotPath) -> Anchor | None:
        """A field of an instance that no slot of the program names."""
        names = tuple(step for step in path.steps if not isinstance(step, Element))
        field, below = names[0], names[1:]
        private = field.startswith("#")
        whole = SlotPath(path.origin, path.holder_id, path.steps[:1])
        for owner in self.owners(whole):
            found = owner.syntax.field_writes(
                owner.scope, field, static=False, private=private, path=below
            )
            at = owner.syntax.field_declaration(owner.scope, field, static=False, private=private)
            if not found and (below or at is None):
                continue
            class_name = self._scripts.original_name(owner.script_id, owner.scope)
            display = ".".join([class_name or "this", *names])
            writes = as_writes(owner.script_id, found)
            kind = SlotKind.FIELD
            weak = None if below else _weak_field(owner, field)
            return Anchor(
                owner.script_id, display, kind, at, writes, below, field=field, weak_field=weak
            )
        return None

    def boxed(
        self, script_id: int, syntax: ScriptSyntax, binding: Binding, names: tuple[str, ...]
    ) -> Anchor | None:
        """A static private field that TypeScript has put into an object with one ``value``."""
        boxed = syntax.boxed_field(binding) if names == ("value",) else None
        if boxed is None:
            return None
        return Anchor(
            script_id,
            f"{binding.name}.#{binding.name}",
            SlotKind.STATIC_FIELD,
            binding.declarations[0],
            as_writes(script_id, syntax.boxed_writes(boxed)),
            field=f"#{binding.name}",
            weak_field=boxed,
        )

    def writes_below_private(self, path: SlotPath) -> tuple[Write, ...]:
        """What adds to something below a private field, which only its class can name."""
        for depth in range(len(path.steps) - 1, 1, -1):
            step = path.steps[depth - 1]
            if isinstance(step, Element) or not step.startswith("#"):
                continue
            names = tuple(each for each in path.steps[depth:] if not isinstance(each, Element))
            prefix = SlotPath(path.origin, path.holder_id, path.steps[:depth])
            for owner in self.owners(prefix):
                found = owner.syntax.field_writes(
                    owner.scope, step, static=owner.is_static, private=True, path=names
                )
                if found:
                    return as_writes(owner.script_id, found)
        return ()


def _weak_field(owner: Owner, field: str) -> WeakField | None:
    return owner.syntax.weak_field(owner.scope, field) if field.startswith("#") else None
