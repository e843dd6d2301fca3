"""Which findings the name at a position in an open text means.

A variable is known by its scope: the binding at the position must be the one that the
finding's declaration, or its growth line, has. A field has no scope to go by; ``this.hits``
and ``limiter.hits`` count where the name before the dot is ``this`` or the one in the
finding's own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from leakline.attribution.model import SlotKind
from leakline.attribution.syntax import Binding, ScriptSyntax, analyze_script, language_for
from leakline.leaks.model import Finding
from leakline.lsp.documents import OpenDocument
from leakline.lsp.imports import ImportedNames
from leakline.lsp.places import Place
from leakline.lsp.server import LeaklineServer
from leakline.positions import Position, Span

# Parsing a larger text would be felt; there only the finding's own places have a hover.
_MOST_CHARACTERS = 500_000

_NAME = r"[^\W\d][\w$]*|\$[\w$]*"
_CHAIN = re.compile(rf"(?:{_NAME})(?:\s*\??\.\s*#?(?:{_NAME}))+")
_PART = re.compile(rf"#?(?:{_NAME})")
_SELF = frozenset({"this", "self"})
_GLOBAL_OBJECT = frozenset({"globalThis", "self", "window", "global"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text.

    Attributes:
        span: Where it stands.
        findings: What it means, worst first.
    """

    span: Span
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _TextNames:
    """What is known of one text while neither it nor the findings change."""

    document: OpenDocument
    version: int
    findings: object
    syntax: ScriptSyntax | None
    variables: dict[Binding, tuple[Finding, ...]]
    globals: dict[str, tuple[Finding, ...]]
    spans: tuple[tuple[Span, Finding], ...]


class NameFinder:
    """Finds the leak roots that names mean."""

    def __init__(self, server: LeaklineServer) -> None:
        self._server = server
        self._texts: dict[str, _TextNames] = {}
        self._imports = ImportedNames()

    def at(self, document: OpenDocument, position: Position) -> Name | None:
        """The name at a position; None where nothing known stands."""
        names = self._names(document)
        found = self._variable(names, position) or self._property(names, position)
        if found is not None:
            return found
        around = [(span, finding) for span, finding in names.spans if _touches(span, position)]
        if not around:
            return None
        smallest = min((span for span, _ in around), key=_extent)
        return Name(smallest, tuple(finding for span, finding in around if span == smallest))

    def _names(self, document: OpenDocument) -> _TextNames:
        known = self._texts.get(document.uri)
        generation = self._server.known.generation
        if (
            known is not None
            and known.document is document
            and known.version == document.version
            and known.findings is generation
        ):
            return known
        # One text is looked at at a time.
        self._texts.clear()
        names = self._texts[document.uri] = self._collect(document, generation)
        return names

    def _collect(self, document: OpenDocument, generation: object) -> _TextNames:
        server = self._server
        placed: list[tuple[Finding, Place | None, Place | None]] = []
        if document.key is not None:
            key = document.key
            for finding in server.known.about(key):
                growth = server.places.find(finding.location)
                declared = server.places.find(finding.declaration)
                placed.append(
                    (
                        finding,
                        growth if growth is not None and growth.key == key else None,
                        declared if declared is not None and declared.key == key else None,
                    )
                )
        syntax = _parse(document) if any(True for _ in server.known) else None
        variables: dict[Binding, list[Finding]] = {}
        properties: dict[str, list[Finding]] = {}
        spans: list[tuple[Span, Finding]] = []
        for finding, growth, declared in placed:
            spans.extend(
                (place.span, finding)
                for place in (growth, declared)
                if place is not None and not place.gone and not place.changed
            )
            if syntax is not None:
                binding = _root_binding(syntax, finding, growth, declared)
                if binding is not None:
                    variables.setdefault(binding, []).append(finding)
        for finding in server.known:
            first, *rest = finding.root.split(".")
            if first in _GLOBAL_OBJECT and len(rest) == 1:
                properties.setdefault(rest[0], []).append(finding)
        return _TextNames(
            document,
            document.version,
            generation,
            syntax,
            {binding: tuple(findings) for binding, findings in variables.items()},
            {name: tuple(findings) for name, findings in properties.items()},
            tuple(spans),
        )

    def _variable(self, names: _TextNames, position: Position) -> Name | None:
        if names.syntax is None:
            return None
        binding = names.syntax.binding_at(position)
        if binding is None:
            return self._global(names, position)
        findings = names.variables.get(binding)
        if findings is None and binding.kind == "import":
            findings = self._imports.meant_by(names.document, binding.name, self._server)
        if not findings:
            return None
        for reference in binding.references:
            if _touches(reference.span, position):
                return Name(reference.span, findings)
        return None

    def _global(self, names: _TextNames, position: Position) -> Name | None:
        """A name that nothing in the text declares: a property of the global object."""
        word = _word_at(names.document, position)
        if word is None:
            return None
        span, text, before = word
        findings = names.globals.get(text)
        if not findings or (before is not None and before not in _GLOBAL_OBJECT):
            return None
        return Name(span, findings)

    def _property(self, names: _TextNames, position: Position) -> Name | None:
        word = _word_at(names.document, position)
        if word is None:
            return None
        span, text, before = word
        if before is None or names.document.key is None:
            return None
        findings = tuple(
            finding
            for finding in self._server.known.about(names.document.key)
            if _is_field(finding, text, before)
        )
        return Name(span, findings) if findings else None


def _parse(document: OpenDocument) -> ScriptSyntax | None:
    if document.path is None or len(document.text) > _MOST_CHARACTERS:
        return None
    language = language_for(document.path)
    return None if language is None else analyze_script(document.text, language, line_ends="editor")


def _root_binding(
    syntax: ScriptSyntax, finding: Finding, growth: Place | None, declared: Place | None
) -> Binding | None:
    """The variable that is the root itself; None for fields."""
    if "." in finding.root or finding.slot_kind in (SlotKind.FIELD, SlotKind.STATIC_FIELD):
        return None
    if declared is not None and not declared.gone:
        binding = syntax.binding_at(declared.span.start)
        if binding is not None and binding.name == finding.root:
            return binding
    for place in (growth, declared):
        if place is not None:
            binding = syntax.scope_at(place.span.start).lookup(finding.root)
            if binding is not None and binding.kind != "import":
                return binding
    return None


def _is_field(finding: Finding, name: str, before: str) -> bool:
    segments = finding.root.split(".")
    if len(segments) < 2 or segments[-1].lstrip("#") != name.lstrip("#"):
        return False
    holder = segments[-2]
    if holder in _GLOBAL_OBJECT:
        return before in _GLOBAL_OBJECT
    return before == holder or (
        before in _SELF and finding.slot_kind in (SlotKind.FIELD, SlotKind.STATIC_FIELD)
    )


def _word_at(document: OpenDocument, position: Position) -> tuple[Span, str, str | None] | None:
    """The name at a position, and the name before the dot where it is a property."""
    if position.line >= len(document.lines):
        return None
    line = document.lines[position.line]
    column = _code_points(line, position.column)
    for chain in _CHAIN.finditer(line):
        if chain.start() <= column <= chain.end():
            before = None
            for part in _PART.finditer(line, chain.start(), chain.end()):
                if part.start() <= column <= part.end():
                    return _span(line, position.line, part), part[0], before
                before = part[0]
    for part in _PART.finditer(line):
        if part.start() <= column <= part.end():
            return _span(line, position.line, part), part[0], None
    return None


def _span(line: str, number: int, match: re.Match[str]) -> Span:
    return Span(
        Position(number, _units(line[: match.start()])),
        Position(number, _units(line[: match.end()])),
    )


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _code_points(line: str, units: int) -> int:
    if line.isascii():
        return units
    encoded = line.encode("utf-16-le", "surrogatepass")[: units * 2]
    return len(encoded.decode("utf-16-le", "ignore"))


def _touches(span: Span, position: Position) -> bool:
    """Whether a position lies in a span, its right edge included as editors do."""
    return span.start <= position <= span.end


def _extent(span: Span) -> tuple[int, int]:
    return (span.end.line - span.start.line, span.end.column - span.start.column)
