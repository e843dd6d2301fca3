"""From a leak root to the lines of the user's program.

Everything is found in the script that V8 ran and then mapped back to the original, where the
growing expression is looked up once more, so that spans and names are the original's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leakline.attribution.contexts import Contexts
from leakline.attribution.model import Evidence, EvidenceKind, SlotKind
from leakline.attribution.scripts import Scripts
from leakline.attribution.slots import Element, Origin, SlotPath, Slots
from leakline.attribution.syntax import Binding, GrowthWrite, Scope, ScriptSyntax
from leakline.positions import Position, SourceLocation, Span


@dataclass(frozen=True, slots=True)
class Located:
    """A leak root in the user's words and places.

    Attributes:
        name: Its display name.
        kind: What kind of slot it is.
        declaration: Where it is declared.
        writes: Where the program adds to it, best first.
        evidence: Why the first of them (or the declaration) is the place to name.
        scope: A stable description of where the slot belongs, for its fingerprint.
    """

    name: str
    kind: SlotKind
    declaration: SourceLocation | None
    writes: tuple[SourceLocation, ...]
    evidence: Evidence
    scope: str

    @property
    def location(self) -> SourceLocation | None:
        """The place to name: the best write, else the declaration."""
        return self.writes[0] if self.writes else self.declaration


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A slot in the syntax of a script: where it is declared and what adds to it."""

    script_id: int
    name: str
    kind: SlotKind
    declaration: Span | None
    writes: tuple[GrowthWrite, ...]
    binding_path: tuple[str, ...]
    field: str = ""
    global_name: str = ""


@dataclass(frozen=True, slots=True)
class _Owner:
    """The class that a field belongs to."""

    script_id: int
    syntax: ScriptSyntax
    scope: Scope
    is_static: bool


class Locator:
    """Names and places the leak roots of one program.

    Args:
        slots: The slots of the newest snapshot.
        scripts: The program's scripts.
    """

    def __init__(self, slots: Slots, scripts: Scripts) -> None:
        self._slots = slots
        self._graph = slots.graph
        self._contexts: Contexts = slots.contexts
        self._scripts = scripts

    def locate(self, path: SlotPath, *, inside: bool = False) -> Located | None:
        """Names a slot and finds its lines.

        Args:
            path: The slot.
            inside: Whether it is the elements of the slot's container that grow, not their
                number: then ``buckets.get(key).push(x)`` is the line, not ``buckets.set(…)``.

        Returns:
            None where the slot belongs to the runtime or to a build tool, not to the user.
        """
        script_id = self._script_of(path)
        if script_id is not None and self._scripts.text(script_id) is None:
            return self._without_source(path, script_id)
        anchor = self._anchor(path)
        while anchor is None and len(path.steps) > 1:
            # The program's text does not name this property: a runtime's own (`_events`), or the
            # key of a table. Then the slot around it is what the user knows.
            path = SlotPath(path.origin, path.holder_id, path.steps[:-1])
            inside = True
            anchor = self._anchor(path)
        if anchor is None:
            return None
        declaration, original_name = self._declared(anchor)
        ranked = sorted(anchor.writes, key=lambda write: inside and write.kind != "nested")
        writes = [self._write(anchor, write) for write in ranked]
        places = tuple(place for place in writes if place is not None)
        places = tuple(dict.fromkeys(places))
        if declaration is None and not places:
            return None
        name = anchor.name
        if original_name:
            name = ".".join([original_name, *name.split(".")[1:]])
        evidence = _evidence(name, ranked, places, declaration)
        where = declaration or places[0]
        return Located(
            name=name,
            kind=anchor.kind,
            declaration=declaration,
            writes=places,
            evidence=evidence,
            scope=self._scripts.name_of(where.url),
        )

    def _script_of(self, path: SlotPath) -> int | None:
        """The script that the slot's holder belongs to; None for the global object."""
        holder = self._graph.node_by_id(path.holder_id)
        if holder is None or path.origin is Origin.GLOBAL:
            return None
        if path.origin is Origin.EXPORT:
            return self._module_script(holder)
        return self._contexts.script_of(holder)

    def _without_source(self, path: SlotPath, script_id: int) -> Located:
        """What can be said of a slot whose script's text is not to be had."""
        names = [step for step in path.steps if not isinstance(step, Element)]
        kind = SlotKind.GLOBAL
        holder = self._graph.node_by_id(path.holder_id)
        if len(names) > 1:
            kind = SlotKind.FIELD
        elif holder is not None and not self._contexts.is_outermost(holder):
            kind = SlotKind.VARIABLE
        url = self._scripts.url(script_id)
        reason = f"the source of {url.rsplit('/', 1)[-1]} is not at hand"
        evidence = Evidence(EvidenceKind.NONE, reason)
        return Located(".".join(names), kind, None, (), evidence, url)

    def _anchor(self, path: SlotPath) -> _Anchor | None:
        if path.origin is Origin.GLOBAL:
            return self._global_anchor(path)
        found = self._binding(path)
        if found is None:
            return None
        script_id, syntax, binding = found
        steps = path.steps[1:]
        is_module = binding.scope.parent is None
        kind = SlotKind.GLOBAL if is_module else SlotKind.VARIABLE
        if not steps:
            writes = syntax.growth_writes(binding)
            return _Anchor(script_id, binding.name, kind, binding.declarations[0], writes, ())
        return self._field_anchor(path, script_id, syntax, binding)

    def _binding(self, path: SlotPath) -> tuple[int, ScriptSyntax, Binding] | None:
        """The variable that a path begins with."""
        holder = self._graph.node_by_id(path.holder_id)
        if holder is None:
            return None
        name = str(path.steps[0])
        scope: Scope | None
        if path.origin is Origin.CONTEXT:
            script_id = self._contexts.script_of(holder)
            scope = self._contexts.scope_of(holder, self._scripts)
        else:
            script_id = self._module_script(holder)
            syntax = self._scripts.syntax(script_id) if script_id is not None else None
            scope = syntax.root if syntax else None
            if syntax is not None and name in syntax.exports:
                return (script_id or 0), syntax, syntax.exports[name]
        if script_id is None or scope is None or name not in scope.bindings:
            return None
        syntax = self._scripts.syntax(script_id)
        return None if syntax is None else (script_id, syntax, scope.bindings[name])

    def _module_script(self, module: int) -> int | None:
        function = self._slots.module_function(module)
        location = self._graph.locations.of(function) if function is not None else None
        return location.script_id if location else None

    def _field_anchor(
        self, path: SlotPath, script_id: int, syntax: ScriptSyntax, binding: Binding
    ) -> _Anchor | None:
        """A property below a variable; None when the program's text does not name it."""
        steps = path.steps[1:]
        names = tuple(step for step in steps if not isinstance(step, Element))
        passes_element = any(isinstance(step, Element) for step in steps)
        declaration = syntax.object_literal_property(binding, names)
        by_variable = syntax.growth_writes(binding, names)
        display = ".".join([binding.name, *names])
        kind = SlotKind.FIELD
        last = steps[-1]
        if not names:
            # Only elements below the variable: it is itself what can be named.
            module_level = binding.scope.parent is None
            kind = SlotKind.GLOBAL if module_level else SlotKind.VARIABLE
        owner = self._class_of_holder(path) if isinstance(last, str) else None
        if owner is not None and isinstance(last, str):
            private = last.startswith("#")
            static = owner.is_static
            writes = owner.syntax.field_writes(owner.scope, last, static=static, private=private)
            at = owner.syntax.field_declaration(owner.scope, last, static=static, private=private)
            kind = SlotKind.STATIC_FIELD if static else SlotKind.FIELD
            if passes_element or static:
                display = f"{owner.scope.name or binding.name}.{last}"
            if owner.script_id == script_id:
                known = {write.span for write in writes}
                writes = (*writes, *(write for write in by_variable if write.span not in known))
            if writes or at is not None:
                return _Anchor(
                    owner.script_id, display, kind, at or declaration, writes, names, field=last
                )
        if names and isinstance(last, str) and declaration is None and not by_variable:
            return None
        declaration = declaration or binding.declarations[0]
        return _Anchor(script_id, display, kind, declaration, by_variable, names)

    def _class_of_holder(self, path: SlotPath) -> _Owner | None:
        """The class whose field the last step of a path is."""
        holder = self._slots.resolve(SlotPath(path.origin, path.holder_id, path.steps[:-1]))
        if holder is None:
            return None
        location = self._graph.locations.of(holder)
        if location is None or location.script_id not in self._scripts.user_ids:
            return None
        syntax = self._scripts.syntax(location.script_id)
        if syntax is None:
            return None
        scope = syntax.class_at(Position(location.line, location.column))
        if scope is None:
            return None
        is_static = self._graph.node_type_name(holder) == "closure"
        return _Owner(location.script_id, syntax, scope, is_static)

    def _global_anchor(self, path: SlotPath) -> _Anchor | None:
        names = [step for step in path.steps if not isinstance(step, Element)]
        name, rest = names[0], tuple(names[1:])
        for script_id in sorted(self._scripts.user_ids):
            text = self._scripts.text(script_id)
            if text is None or name not in text:
                continue
            syntax = self._scripts.syntax(script_id)
            if syntax is None:
                continue
            writes = syntax.global_writes(name, rest)
            declarations = syntax.global_declarations(name)
            if declarations or writes:
                return _Anchor(
                    script_id,
                    ".".join(["globalThis", name, *rest]),
                    SlotKind.GLOBAL,
                    declarations[0] if declarations else None,
                    writes,
                    rest,
                    global_name=name,
                )
        return None

    def _declared(self, anchor: _Anchor) -> tuple[SourceLocation | None, str]:
        """The declaration in the original, and the name that the variable has there."""
        if anchor.declaration is None:
            return None, ""
        found = self._scripts.original(anchor.script_id, anchor.declaration.start)
        if found is None:
            return None, ""
        source, position = found
        syntax = self._scripts.source_syntax(source)
        binding = syntax.binding_at(position) if syntax else None
        span = _identifier_span(binding, position) or _same_width(anchor.declaration, position)
        generated = anchor.name.split(".")[0]
        renamed = binding.name if binding is not None and binding.name != generated else ""
        if anchor.kind in {SlotKind.FIELD, SlotKind.STATIC_FIELD} or "globalThis" in anchor.name:
            renamed = ""
        return source.place(span), renamed

    def _write(self, anchor: _Anchor, write: GrowthWrite) -> SourceLocation | None:
        """A growing expression in the original."""
        scripts = self._scripts
        found = scripts.original(anchor.script_id, write.target_span.start)
        if found is None:
            found = scripts.original(anchor.script_id, write.span.start)
        if found is None:
            return None
        source, position = found
        if scripts.source_map(anchor.script_id) is None:
            return source.place(write.span)
        syntax = scripts.source_syntax(source)
        if syntax is not None:
            for original in _growth_around(syntax, position, anchor):
                if position in original.span:
                    return source.place(original.span)
        return source.place(_same_width(write.target_span, position))


def _growth_around(
    syntax: ScriptSyntax, position: Position, anchor: _Anchor
) -> Iterator[GrowthWrite]:
    """The growing expressions of an original source that may be the one at a position."""
    binding = syntax.binding_at(position)
    if binding is not None:
        yield from syntax.growth_writes(binding, anchor.binding_path)
        yield from syntax.growth_writes(binding)
    if anchor.field:
        scope: Scope | None = syntax.scope_at(position)
        while scope is not None:
            if scope.kind == "class":
                for static in (False, True):
                    private = anchor.field.startswith("#")
                    yield from syntax.field_writes(
                        scope, anchor.field, static=static, private=private
                    )
            scope = scope.parent
    if anchor.global_name:
        yield from syntax.global_writes(anchor.global_name, anchor.binding_path)


def _identifier_span(binding: Binding | None, position: Position) -> Span | None:
    if binding is None:
        return None
    for span in (*binding.declarations, *(reference.span for reference in binding.references)):
        if position in span:
            return span
    return None


def _same_width(span: Span, position: Position) -> Span:
    width = span.end.column - span.start.column if span.end.line == span.start.line else 1
    return Span(position, Position(position.line, position.column + max(width, 1)))


def _evidence(
    name: str,
    writes: Iterable[GrowthWrite],
    places: tuple[SourceLocation, ...],
    declaration: SourceLocation | None,
) -> Evidence:
    if len(places) == 1:
        return Evidence(EvidenceKind.WRITE, f"the only place that adds to `{name}`")
    if places:
        certain = sum(write.certain for write in writes)
        text = f"the first of {len(places)} places that add to `{name}`"
        if certain == 1:
            text = f"the surest of {len(places)} places that may add to `{name}`"
        return Evidence(EvidenceKind.WRITE, text)
    if declaration is not None:
        return Evidence(
            EvidenceKind.DECLARATION,
            f"no place that adds to `{name}` was found: this is where it is declared",
        )
    return Evidence(EvidenceKind.NONE, "no line is known")
