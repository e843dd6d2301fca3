"""Which findings the name at a position in an open text means.

A name means a leak root by its scope. A variable does where it is the binding that the
finding's declaration, or its growth line, has; a field where it is taken from ``this`` in its
class, from an instance of it or from the class; a property where the path to it begins at the
root's own variable. Imported names stand for what they are imported from.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from leakline.attribution.model import SlotKind
from leakline.attribution.syntax import Binding, Scope, ScriptSyntax
from leakline.attribution.syntax.imports import NAMESPACE, Import
from leakline.attribution.syntax.pointing import PointedName, class_of_field, name_at
from leakline.leaks.model import Finding
from leakline.lsp.documents import OpenDocument
from leakline.lsp.imports import (
    declared_as,
    exported_names,
    imported_files,
    may_be_imported_as,
    read_script,
)
from leakline.lsp.places import Lines, Place
from leakline.lsp.server import LeaklineServer
from leakline.lsp.words import word_at
from leakline.positions import Position, Span
from leakline.turns import Steps, at_once

_GLOBAL_OBJECT = frozenset({"globalThis", "self", "window", "global"})
_FIELDS = (SlotKind.FIELD, SlotKind.STATIC_FIELD)
# How many texts' names are kept, those looked at last.
_MOST_TEXTS = 64


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
class _Root:
    """A finding's root in parts: ``state.analytics.timeline in serve``."""

    finding: Finding
    first: str
    rest: tuple[str, ...]


@dataclass(slots=True)
class _TextNames:
    """What is known of one text while neither it nor the findings in it change."""

    document: OpenDocument
    version: int
    syntax: ScriptSyntax | None
    generation: object
    findings: list[Finding]
    analysed: Lines | None
    variables: dict[Binding, list[_Root]] = field(default_factory=dict)
    classes: dict[Scope, list[_Root]] = field(default_factory=dict)
    imports: dict[Binding, Import] = field(default_factory=dict)
    spans: list[tuple[Span, Finding]] = field(default_factory=list)


class NameFinder:
    """Finds the leak roots that names mean."""

    def __init__(self, server: LeaklineServer) -> None:
        self._server = server
        self._texts: dict[str, _TextNames] = {}
        self._generation: object = None
        self._roots: tuple[_Root, ...] = ()
        self._leaves: Set[str] = frozenset()
        self._globals: dict[str, list[_Root]] = {}

    async def at(self, document: OpenDocument, position: Position) -> Name | None:
        """The name at a position; None where nothing known stands."""
        at_once(self.look_at_findings())
        if self._may_be_named(document, position):
            syntax = await self._server.syntaxes.of(document)
            names = self._names(document, syntax)
            if syntax is not None:
                pointed = name_at(syntax, position)
                found = () if pointed is None else self._meant(names, pointed)
                if pointed is not None and found:
                    return Name(pointed.span, tuple(found))
        else:
            names = self._names(document, None)
        around = [(span, finding) for span, finding in names.spans if _touches(span, position)]
        if not around:
            return None
        smallest = min((span for span, _ in around), key=_extent)
        return Name(smallest, tuple(finding for span, finding in around if span == smallest))

    def look_at_findings(self) -> Steps[None]:
        """Take in the findings, if they are others than before."""
        generation = self._server.known.generation
        if generation is self._generation:
            return
        roots = []
        leaves: set[str] = set()
        of_global: dict[str, list[_Root]] = {}
        # The texts that give other names to what they export; empty for those that do not.
        texts: dict[str, str] = {}
        for finding in self._server.known:
            yield
            root = _in_parts(finding)
            roots.append(root)
            leaves.update(self._last_words(root, texts))
            if root.first in _GLOBAL_OBJECT and root.rest:
                of_global.setdefault(root.rest[0], []).append(root)
        if generation is self._server.known.generation:
            self._roots, self._leaves, self._globals = tuple(roots), leaves, of_global
            self._generation = generation

    def _last_words(self, root: _Root, texts: dict[str, str]) -> Iterator[str]:
        """What a root's name ends in, where it is declared and where that is exported from."""
        yield root.rest[-1] if root.rest else root.first
        key = None if root.rest else self._declaring_file(root.finding)
        if key is not None:
            if key not in texts:
                text = "\n".join(self._server.places.lines(key) or ())
                texts[key] = text if " as " in text else ""
            if texts[key]:
                yield from exported_names(texts[key], root.first)

    def _may_be_named(self, document: OpenDocument, position: Position) -> bool:
        """Whether a root ends in the word here: on any other word no text need be parsed."""
        if not self._roots:
            return False
        word = word_at(document, position)
        if word is None:
            return False
        return word in self._leaves or may_be_imported_as(document.text, word)

    def _names(self, document: OpenDocument, syntax: ScriptSyntax | None) -> _TextNames:
        known = self._texts.pop(document.uri, None)
        if (
            known is None
            or known.document is not document
            or known.version != document.version
            or (known.syntax is None and syntax is not None)
            or not self._holds(known)
        ):
            findings, analysed = self._about(document)
            known = _TextNames(
                document, document.version, syntax, self._generation, findings, analysed
            )
            self._collect(known)
        self._texts[document.uri] = known
        while len(self._texts) > _MOST_TEXTS:
            del self._texts[next(iter(self._texts))]
        return known

    def _holds(self, names: _TextNames) -> bool:
        """Whether the findings that a text's names were found for are those of now.

        What was found in other files, or anew without a difference, changes nothing here.
        """
        if names.generation is not self._generation:
            findings, analysed = self._about(names.document)
            if findings != names.findings or analysed is not names.analysed:
                return False
            names.generation = self._generation
        return True

    def _about(self, document: OpenDocument) -> tuple[list[Finding], Lines | None]:
        key, server = document.key, self._server
        return ([], None) if key is None else (server.known.about(key), server.places.analysed(key))

    def _collect(self, names: _TextNames) -> None:
        key, server = names.document.key, self._server
        for finding in names.findings:
            placed = [server.places.find(at) for at in (finding.location, finding.declaration)]
            growth, declared = (
                place if place is not None and place.key == key else None for place in placed
            )
            names.spans.extend(
                (place.span, finding)
                for place in (growth, declared)
                if place is not None and not place.gone and not place.changed
            )
            if names.syntax is not None:
                self._collect_root(names, names.syntax, _in_parts(finding), growth, declared)
        if names.syntax is not None:
            names.imports = {taken.binding: taken for taken in names.syntax.imports}

    @staticmethod
    def _collect_root(
        names: _TextNames,
        syntax: ScriptSyntax,
        root: _Root,
        growth: Place | None,
        declared: Place | None,
    ) -> None:
        binding = _root_binding(syntax, root, growth, declared)
        if binding is not None:
            names.variables.setdefault(binding, []).append(root)
        if root.finding.slot_kind in _FIELDS and root.rest:
            for place in (declared, growth):
                owner = None
                if place is not None and not place.gone:
                    owner = class_of_field(syntax, place.span.start)
                if owner is not None:
                    names.classes.setdefault(owner, []).append(root)
                    break

    def _meant(self, names: _TextNames, pointed: PointedName) -> list[Finding]:
        return list(
            dict.fromkeys(
                finding
                for finding in (*self._here(names, pointed), *self._elsewhere(names, pointed))
                if finding is not None
            )
        )

    def _here(self, names: _TextNames, pointed: PointedName) -> Iterator[Finding]:
        """What is declared in the text itself."""
        path = pointed.path
        if pointed.binding is not None:
            for root in names.variables.get(pointed.binding, ()):
                if root.rest == path:
                    yield root.finding
        if pointed.owner is not None and path:
            for root in names.classes.get(pointed.owner, ()):
                # Behind a variable's name stands the path; behind a class's as well.
                if root.rest == path or root.rest[-1:] == path:
                    yield root.finding
        if pointed.free:
            names_of_global = path if pointed.free in _GLOBAL_OBJECT else (pointed.free, *path)
            for root in self._globals.get(names_of_global[0], ()) if names_of_global else ():
                if root.rest == names_of_global:
                    yield root.finding

    def _elsewhere(self, names: _TextNames, pointed: PointedName) -> Iterator[Finding]:
        """What is declared in a text that this one imports from."""
        for binding in (pointed.binding, pointed.instance_of):
            taken = None if binding is None else names.imports.get(binding)
            if taken is None or names.document.path is None:
                continue
            exported, path = taken.name, pointed.path
            if exported == NAMESPACE and path:
                exported, path = path[0], path[1:]
            files = imported_files(names.document.path, taken.source)
            declared = declared_as(files, exported, self._read)
            for root in self._roots:
                if (
                    root.rest == path
                    and (self._declaring_file(root.finding), root.first) in declared
                ):
                    yield root.finding

    def _read(self, key: str) -> str | None:
        document = self._server.documents.of_file(key)
        return read_script(key) if document is None else document.text

    def _declaring_file(self, finding: Finding) -> str | None:
        location = finding.declaration or finding.location
        return None if location is None else self._server.places.key(location)


def _in_parts(finding: Finding) -> _Root:
    first, *rest = finding.root.partition(" in ")[0].split(".")
    return _Root(finding, first, tuple(rest))


def _root_binding(
    syntax: ScriptSyntax, root: _Root, growth: Place | None, declared: Place | None
) -> Binding | None:
    """The variable that the root's name begins at."""
    if declared is not None and not declared.gone:
        binding = syntax.binding_at(declared.span.start)
        if binding is not None and binding.name == root.first:
            return binding
    for place in (growth, declared):
        if place is not None:
            binding = syntax.scope_at(place.span.start).lookup(root.first)
            if binding is not None and binding.kind != "import":
                return binding
    return None


def _touches(span: Span, position: Position) -> bool:
    """Whether a position lies in a span, its right edge included as editors do."""
    return span.start <= position <= span.end


def _extent(span: Span) -> tuple[int, int]:
    return (span.end.line - span.start.line, span.end.column - span.start.column)
