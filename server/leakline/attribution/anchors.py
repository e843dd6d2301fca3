"""From a leak root's path to its place in the syntax of the scripts that V8 ran.

Fields of classes are :mod:`leakline.attribution.class_fields`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from leakline.attribution.anchor import Anchor, Write, as_writes, variable_kind
from leakline.attribution.class_fields import ClassFields
from leakline.attribution.contexts import Contexts
from leakline.attribution.model import SlotKind
from leakline.attribution.modules import importers, package_importers
from leakline.attribution.scripts import Scripts
from leakline.attribution.slot_path import Element, Origin, SlotPath
from leakline.attribution.slots import Slots
from leakline.attribution.syntax import Binding, ScriptSyntax, WeakField
from leakline.positions import Span

COMMONJS = frozenset({"exports", "module"})


class Anchors:
    """Finds anchors in one program.

    Args:
        slots: The slots of the newest snapshot.
        scripts: The program's scripts.
    """

    def __init__(self, slots: Slots, scripts: Scripts) -> None:
        self._slots = slots
        self._graph = slots.graph
        self._contexts: Contexts = slots.contexts
        self._scripts = scripts
        self._fields = ClassFields(slots, scripts)

    def find(self, path: SlotPath) -> Anchor | None:
        """The anchor of a slot, or of the nearest slot around it that the scripts name.

        A property that the program's text does not name is the runtime's own (``_events``) or a
        key of a table; what the user knows is the slot around it.
        """
        anchor = self._find_exactly(path)
        exact = True
        while anchor is None and len(path.steps) > 1:
            path = SlotPath(path.origin, path.holder_id, path.steps[:-1])
            exact = False
            anchor = self._find_exactly(path)
        if anchor is None:
            return None
        if not anchor.writes:
            anchor = replace(anchor, writes=self._other_writes(path, anchor))
        return replace(anchor, exact=exact, private_steps=tuple(self._private_steps(path)))

    def _private_steps(self, path: SlotPath) -> Iterator[tuple[str, int, WeakField | Span]]:
        first = 0 if path.origin is Origin.INSTANCE else 1
        for depth, step in enumerate(path.steps[first:-1], start=first + 1):
            if isinstance(step, Element) or not step.startswith("#"):
                continue
            prefix = SlotPath(path.origin, path.holder_id, path.steps[:depth])
            found = self._binding(prefix) if path.origin is not Origin.INSTANCE else None
            places = [
                (each.script_id, each.syntax, each.scope) for each in self._fields.owners(prefix)
            ]
            if found is not None:
                places.append((found[0], found[1], found[2].scope))
            for script_id, syntax, scope in places:
                told = syntax.weak_field(scope, step) or syntax.field_declaration(
                    scope, step, static=False, private=True
                )
                if told is not None:
                    yield step, script_id, told
                    break

    def script_of(self, path: SlotPath) -> int | None:
        """The script that the slot's holder belongs to; None for the global object."""
        holder = self._graph.node_by_id(path.holder_id)
        if holder is None or path.origin is Origin.GLOBAL:
            return None
        if path.origin is Origin.EXPORT:
            return self._module_script(holder)
        if path.origin is Origin.INSTANCE:
            location = self._graph.locations.of(holder)
            return location.script_id if location is not None else None
        return self._contexts.script_of(holder)

    def _find_exactly(self, path: SlotPath) -> Anchor | None:
        if path.origin is Origin.GLOBAL:
            return self._global_anchor(path)
        if path.origin is Origin.INSTANCE:
            return self._fields.of_instance(path)
        found = self._binding(path)
        if found is None:
            return self._commonjs_anchor(path)
        script_id, syntax, binding = found
        names = tuple(step for step in path.steps[1:] if not isinstance(step, Element))
        writes = self._binding_writes(script_id, syntax, binding, names)
        if len(path.steps) == 1 or not names:
            anchor: Anchor | None = Anchor(
                script_id, binding.name, variable_kind(binding), binding.declarations[0], writes
            )
        else:
            anchor = self._field_anchor(path, script_id, syntax, binding, names, writes)
        if anchor is None:
            return None
        if anchor.field:
            own = self._binding_writes(script_id, syntax, binding, ())
            anchor = replace(anchor, by_variable=own or self._calls(script_id, syntax, binding))
        if not any(write.certain for write in anchor.writes):
            links = self._links(path, anchor.script_id)
            anchor = replace(anchor, writes=links or anchor.writes)
        if not anchor.by_variable:
            anchor = replace(anchor, by_variable=self._package_calls(anchor.script_id))
        if anchor.name.split(".")[0] != binding.name:
            return anchor
        return replace(anchor, variable=(script_id, binding.declarations[0]))

    def _binding(self, path: SlotPath) -> tuple[int, ScriptSyntax, Binding] | None:
        """The variable that a path begins with."""
        holder = self._graph.node_by_id(path.holder_id)
        script_id = self.script_of(path)
        syntax = self._scripts.syntax(script_id) if script_id is not None else None
        if holder is None or script_id is None or syntax is None:
            return None
        name = str(path.steps[0])
        if path.origin is Origin.EXPORT and name in syntax.exports:
            return script_id, syntax, syntax.exports[name]
        scope = (
            self._contexts.scope_of(holder, self._scripts)
            if path.origin is Origin.CONTEXT
            else syntax.root
        )
        if scope is None or name not in scope.bindings:
            return None
        return script_id, syntax, scope.bindings[name]

    def _module_script(self, module: int) -> int | None:
        function = self._slots.module_function(module)
        location = self._graph.locations.of(function) if function is not None else None
        return location.script_id if location else None

    def _binding_writes(
        self, script_id: int, syntax: ScriptSyntax, binding: Binding, names: tuple[str, ...]
    ) -> tuple[Write, ...]:
        """What adds to a variable, or to a property below it, in any script that imports it."""
        writes = as_writes(script_id, syntax.growth_writes(binding, names))
        exported = {name for name, of in syntax.exports.items() if of is binding}
        for other, its_syntax, local, path in importers(self._scripts, script_id, exported):
            writes += as_writes(other, its_syntax.growth_writes(local, (*path, *names)))
        return writes

    def _calls(self, script_id: int, syntax: ScriptSyntax, binding: Binding) -> tuple[Write, ...]:
        """Where the program calls the object in a variable, in any script that imports it."""
        spans = [(script_id, span) for span in syntax.method_calls(binding)]
        exported = {name for name, of in syntax.exports.items() if of is binding}
        for other, its, local, path in importers(self._scripts, script_id, exported):
            spans += [(other, span) for span in its.method_calls(local)] if not path else []
        return tuple(
            Write(script, span, span, nested=False, certain=False, does="calls")
            for script, span in spans
        )

    def _links(self, path: SlotPath, script_id: int) -> tuple[Write, ...]:
        """Where a list or tree in a slot gets its new nodes."""
        value = self._slots.resolve(path)
        syntax = self._scripts.syntax(script_id)
        names = self._slots.links(value) if value is not None else []
        if syntax is None:
            return ()
        return tuple(
            write for name in names for write in as_writes(script_id, syntax.link_writes(name))
        )

    def _package_calls(self, script_id: int) -> tuple[Write, ...]:
        """Where the program calls the package that a script belongs to, or what it made."""
        found: list[Write] = []
        pending = list(package_importers(self._scripts, script_id))
        seen: set[int] = set()
        while pending:
            other, syntax, binding = pending.pop(0)
            if id(binding) in seen:
                continue
            seen.add(id(binding))
            spans, made = syntax.calls_into(binding)
            found += [
                Write(other, span, span, nested=False, certain=False, does="calls")
                for span in spans
            ]
            for variable in made:
                pending.append((other, syntax, variable))
                exported = {name for name, of in syntax.exports.items() if of is variable}
                pending += [
                    (importer, its, local)
                    for importer, its, local, path in importers(self._scripts, other, exported)
                    if not path
                ]
        return tuple(found)

    def _field_anchor(
        self,
        path: SlotPath,
        script_id: int,
        syntax: ScriptSyntax,
        binding: Binding,
        names: tuple[str, ...],
        by_variable: tuple[Write, ...],
    ) -> Anchor | None:
        """A property below a variable; None when the program's text does not name it."""
        last = path.steps[-1]
        declaration = syntax.object_literal_property(binding, names)
        display = ".".join([binding.name, *names])
        if isinstance(last, str):
            in_class = self._fields.anchor(
                path, script_id, binding, names, by_variable, declaration
            )
            in_class = in_class or self._fields.boxed(script_id, syntax, binding, names)
            if in_class is not None:
                return in_class
            weak = syntax.weak_field(binding.scope, last) if last.startswith("#") else None
            if weak is not None:
                # An object of no class, for which the program keeps something in a WeakMap.
                found = syntax.field_writes(binding.scope, last, static=False, private=True)
                return Anchor(
                    script_id,
                    display,
                    SlotKind.FIELD,
                    weak.binding.declarations[0],
                    as_writes(script_id, found),
                    weak_field=weak,
                )
        if declaration is None and not by_variable:
            by_variable = self._fields.writes_below_private(path)
        if isinstance(last, str) and declaration is None and not by_variable:
            return None
        place = declaration or binding.declarations[0]
        return Anchor(script_id, display, SlotKind.FIELD, place, by_variable, names)

    def _global_anchor(self, path: SlotPath) -> Anchor | None:
        names = [step for step in path.steps if not isinstance(step, Element)]
        for script_id in sorted(self._scripts.user_ids):
            anchor = self._unresolved(script_id, names[0], tuple(names[1:]))
            if anchor is not None:
                return replace(anchor, name=".".join(["globalThis", *names]))
        return None

    def _commonjs_anchor(self, path: SlotPath) -> Anchor | None:
        """``exports.x`` and ``module.exports.x``: names that Node's wrapper declares."""
        names = [step for step in path.steps if not isinstance(step, Element)]
        script_id = self.script_of(path)
        if names[0] not in COMMONJS or script_id is None:
            return None
        anchor = self._unresolved(script_id, names[0], tuple(names[1:]))
        rest = names[2:] if names[:2] == ["module", "exports"] else names[1:]
        if anchor is None:
            return None
        return replace(anchor, name=".".join(["module.exports", *rest]))

    def _unresolved(self, script_id: int, name: str, rest: tuple[str, ...]) -> Anchor | None:
        """A name that the script uses and does not declare."""
        text = self._scripts.text(script_id)
        syntax = self._scripts.syntax(script_id) if text is not None and name in text else None
        if syntax is None:
            return None
        writes = as_writes(script_id, syntax.global_writes(name, rest))
        declarations = syntax.global_declarations(name)
        if not declarations and not writes:
            return None
        place = declarations[0] if declarations else None
        kind = SlotKind.GLOBAL
        return Anchor(script_id, name, kind, place, writes, rest, global_name=name)

    def _other_writes(self, path: SlotPath, anchor: Anchor) -> tuple[Write, ...]:
        """Where nothing adds to a slot: what waits on it, else what replaces it."""
        found = self._binding(path) if path.origin is not Origin.INSTANCE else None
        value = self._slots.resolve(path)
        if value is not None and self._graph.node_name_of(value) == "Promise":
            return self._waits(found, anchor)
        if found is None or anchor.path:
            return ()
        script_id, _, binding = found
        return tuple(
            Write(script_id, use.span, use.span, nested=False, certain=False, does="replaces")
            for use in binding.references
            if use.access in {"write", "readwrite"}
        )

    def _waits(
        self, found: tuple[int, ScriptSyntax, Binding] | None, anchor: Anchor
    ) -> tuple[Write, ...]:
        spans: list[tuple[int, Span]] = []
        if anchor.field:
            syntax = self._scripts.syntax(anchor.script_id)
            waits = syntax.waits(None, (anchor.field,)) if syntax is not None else ()
            spans += [(anchor.script_id, span) for span in waits]
        elif found is not None:
            script_id, syntax, binding = found
            spans += [(script_id, span) for span in syntax.waits(binding, anchor.path)]
            exported = {name for name, of in syntax.exports.items() if of is binding}
            for other, its, local, names in importers(self._scripts, script_id, exported):
                spans += [(other, span) for span in its.waits(local, (*names, *anchor.path))]
        return tuple(
            Write(script_id, span, span, nested=False, certain=False, does="waits on")
            for script_id, span in spans
        )
