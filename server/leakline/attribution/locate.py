"""From a leak root to the lines of the user's program.

Everything is found in the script that V8 ran and then mapped back to the original, where the
growing expression is looked up once more, so that spans and names are the original's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from leakline.attribution.anchor import Anchor, Write
from leakline.attribution.anchors import Anchors
from leakline.attribution.growth_lines import GrowthLines
from leakline.attribution.model import Evidence, EvidenceKind, SlotKind
from leakline.attribution.private_names import as_written, with_written_steps
from leakline.attribution.scripts import Scripts
from leakline.attribution.slot_path import Element, SlotPath
from leakline.attribution.slots import Slots
from leakline.attribution.stacks import Stack
from leakline.attribution.syntax import GrowthWrite, Scope, ScriptSyntax
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
        exact: Whether it is the slot asked for, not one around it that has a name.
    """

    name: str
    kind: SlotKind
    declaration: SourceLocation | None
    writes: tuple[SourceLocation, ...]
    evidence: Evidence
    scope: str
    exact: bool = True

    @property
    def location(self) -> SourceLocation | None:
        """The place to name: the best write, else the declaration."""
        return self.writes[0] if self.writes else self.declaration


class Locator:
    """Names and places the leak roots of one program.

    Args:
        slots: The slots of the newest snapshot.
        scripts: The program's scripts.
    """

    def __init__(self, slots: Slots, scripts: Scripts) -> None:
        self._graph = slots.graph
        self._contexts = slots.contexts
        self._anchors = Anchors(slots, scripts)
        self._scripts = scripts

    def locate(
        self, path: SlotPath, *, inside: bool = False, stacks: Sequence[Stack] = ()
    ) -> Located | None:
        """Names a slot and finds its lines.

        Args:
            path: The slot.
            inside: Whether it is the elements of the slot's container that grow, not their
                number: then ``buckets.get(key).push(x)`` is the line, not ``buckets.set(…)``.
            stacks: What allocated what the slot gained in the last round; none where nothing is
                known of that.

        Returns:
            None where the slot belongs to the runtime or to a build tool, not to the user.
        """
        script_id = self._anchors.script_of(path)
        if script_id is not None and self._scripts.text(script_id) is None:
            return self._without_source(path, script_id, "is not at hand")
        anchor = self._anchors.find(path)
        if anchor is None:
            syntax = self._scripts.syntax(script_id) if script_id is not None else None
            if script_id is not None and syntax is not None and syntax.is_broken:
                return self._without_source(path, script_id, "cannot be parsed")
            return None
        declared = None
        if anchor.private_steps:
            anchor = with_written_steps(self._scripts, anchor)
        if anchor.weak_field is not None:
            anchor, declared = as_written(self._scripts, anchor)
        declaration = declared or self._declaration(anchor)
        inside = inside or not anchor.exact
        name = self._original_name(anchor, None if anchor.weak_field else declaration)
        lines = GrowthLines(self._scripts, stacks, partial(self._place, anchor))
        found = lines.find(name, anchor, inside=inside)
        places = found.places
        if declaration is None and not places:
            return None
        where = declaration or places[0]
        return Located(
            name=name,
            kind=anchor.kind,
            declaration=declaration,
            writes=places,
            evidence=found.evidence,
            scope=self._scripts.name_of(where.url),
            exact=anchor.exact,
        )

    def _without_source(self, path: SlotPath, script_id: int, why: str) -> Located:
        """What can be said of a slot whose script's text is of no use."""
        names = [step for step in path.steps if not isinstance(step, Element)]
        kind = SlotKind.GLOBAL
        holder = self._graph.node_by_id(path.holder_id)
        if len(names) > 1:
            kind = SlotKind.FIELD
        elif holder is not None and not self._contexts.is_outermost(holder):
            kind = SlotKind.VARIABLE
        url = self._scripts.url(script_id)
        reason = f"the source of {url.rsplit('/', 1)[-1]} {why}"
        return Located(".".join(names), kind, None, (), Evidence(EvidenceKind.NONE, reason), url)

    def _declaration(self, anchor: Anchor) -> SourceLocation | None:
        """The declaration in the original."""
        if anchor.declaration is None:
            return None
        found = self._scripts.original(anchor.script_id, anchor.declaration.start)
        if found is None:
            return None
        source, position = found
        token = source.identifier_at(position)
        return source.place(token[1] if token else _same_width(anchor.declaration, position))

    def _original_name(self, anchor: Anchor, declaration: SourceLocation | None) -> str:
        """The display name with the names that variable and private field have originally."""
        head, *rest = anchor.name.split(".")
        if anchor.variable is not None:
            script_id, span = anchor.variable
            head = self._scripts.original_identifier(script_id, span.start) or head
        if rest and rest[-1].startswith("#") and declaration is not None:
            assert anchor.declaration is not None
            start = anchor.declaration.start
            rest[-1] = self._scripts.original_identifier(anchor.script_id, start) or rest[-1]
        return ".".join([head, *rest])

    def _place(self, anchor: Anchor, write: Write) -> SourceLocation | None:
        """A growing expression in the original."""
        scripts = self._scripts
        found = scripts.original(write.script_id, write.target.start)
        if found is None:
            found = scripts.original(write.script_id, write.span.start)
        if found is None:
            return None
        source, position = found
        if scripts.source_map(write.script_id) is None:
            return source.place(write.span)
        syntax = scripts.source_syntax(source)
        if syntax is not None:
            for original in _growth_around(syntax, position, anchor):
                if position in original.span:
                    return source.place(original.span)
        start = scripts.original(write.script_id, write.span.start)
        if syntax is not None and start is not None and start[0].url == source.url:
            whole = syntax.expression_from(start[1])
            if whole is not None and position in whole:
                return source.place(whole)
        return source.place(_same_width(write.target, position))


def _growth_around(
    syntax: ScriptSyntax, position: Position, anchor: Anchor
) -> Iterator[GrowthWrite]:
    """The growing expressions of an original source that may be the one at a position."""
    binding = syntax.binding_at(position)
    if binding is not None:
        yield from syntax.growth_writes(binding, anchor.path)
        yield from syntax.growth_writes(binding)
    if anchor.field:
        private = anchor.field.startswith("#")
        scope: Scope | None = syntax.scope_at(position)
        while scope is not None:
            for static in (False, True) if scope.kind == "class" else ():
                yield from syntax.field_writes(scope, anchor.field, static=static, private=private)
            scope = scope.parent
    if anchor.global_name:
        yield from syntax.global_writes(anchor.global_name, anchor.path)


def _same_width(span: Span, position: Position) -> Span:
    width = span.end.column - span.start.column if span.end.line == span.start.line else 1
    return Span(position, Position(position.line, position.column + max(width, 1)))
