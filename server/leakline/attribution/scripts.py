"""The scripts of a program, as attribution is told of them.

Attribution does no IO. What it needs from disk it is handed as callables; each is called at
most once, and only for a script in which something grew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from leakline.attribution.syntax import Scope, ScriptSyntax, analyze_script, language_for
from leakline.config.runtime_urls import is_runtime_url
from leakline.positions import Position, SourceLocation, Span
from leakline.sourcemaps import SourceMap
from leakline.sourcemaps.tools import is_tool_source

IDENTIFIER = re.compile(r"#?[^\W\d][\w$]*|[$][\w$]*")
RESERVED = """
    await break case catch class const continue debugger default delete do else enum export
    extends false finally for function if import in instanceof let new null return super switch
    this throw true try typeof var void while with yield
"""
# A map may point to the statement that a name was made for: `import` is no variable.
RESERVED_WORDS = frozenset(RESERVED.split())
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Script:
    """One script that V8 ran.

    Attributes:
        id: V8's script id, as snapshots name it.
        url: Its URL.
        read_source: Gives its text, or None when it is not to be had.
        read_source_map: Gives its source map, or None when it has none.
    """

    id: int
    url: str
    read_source: Callable[[], str | None]
    read_source_map: Callable[[], SourceMap | None]

    @property
    def is_users(self) -> bool:
        """Whether the script is the user's own or a dependency, not the runtime's."""
        return bool(self.url) and not is_runtime_url(self.url)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A source that a script was made from.

    Attributes:
        url: The source's URL as the script or its source map names it.
        name: What to call it over recordings and machines: its path in the workspace, else
            the end of its URL.
        path: Absolute path of the file on this machine, else None.
        text: The text as it was at capture; None when it is not to be had.
        carry: Gives the line of the file on disk for a line at capture (both from 0), or None
            when that line is gone.
        note: Why the source has no file; empty when it has one.
    """

    url: str
    name: str
    path: str | None
    text: str | None
    carry: Callable[[int], int | None]
    note: str = ""

    def identifier_at(self, position: Position) -> tuple[str, Span] | None:
        """The identifier that starts at a position of the text; None where none does."""
        match = IDENTIFIER.match(self.rest_of_line(position))
        if match is None or match[0] in RESERVED_WORDS:
            return None
        width = len(match[0].encode("utf-16-le", "surrogatepass")) // 2
        return match[0], Span(position, Position(position.line, position.column + width))

    def rest_of_line(self, position: Position) -> str:
        """The text from a position to the end of its line; empty where there is none."""
        lines = LINE_END.split(self.text) if self.text is not None else []
        if position.line >= len(lines):
            return ""
        units = lines[position.line].encode("utf-16-le", "surrogatepass")
        return units[2 * position.column :].decode("utf-16-le", "replace")

    def place(self, span: Span) -> SourceLocation:
        """A span of the text at capture, carried over to the file on disk."""
        lines = LINE_END.split(self.text) if self.text is not None else []
        line_text = lines[span.start.line] if span.start.line < len(lines) else ""
        line = self.carry(span.start.line)
        if line is None:
            gone = "the line is gone from the file since the snapshot"
            return SourceLocation(self.path, self.url, None, line_text, gone, self.name)
        shift = line - span.start.line
        start = Position(line, span.start.column)
        end = Position(span.end.line + shift, span.end.column)
        return SourceLocation(
            self.path, self.url, Span(start, end), line_text, self.note, self.name
        )


class SourceFiles(Protocol):
    """Finds the user's files; the pipeline's implementation does the IO."""

    def find(self, url: str, content: str | None, *, spelling: str) -> SourceFile:
        """The source behind a URL.

        Args:
            url: The source's URL, resolved.
            content: Its text as the script or the source map has it; None when unknown.
            spelling: The source as the source map spells it; the URL where there is no map.
        """


class Scripts:
    """All scripts of a program, with their syntax and source maps on demand."""

    def __init__(self, scripts: Mapping[int, Script], files: SourceFiles) -> None:
        self._scripts = dict(scripts)
        self._files = files
        self._texts: dict[int, str | None] = {}
        self._syntax: dict[int, ScriptSyntax | None] = {}
        self._maps: dict[int, SourceMap | None] = {}
        self._sources: dict[str, SourceFile] = {}
        self._source_syntax: dict[str, ScriptSyntax | None] = {}
        self.user_ids = frozenset(s.id for s in self._scripts.values() if s.is_users)

    def url(self, script_id: int) -> str:
        """The script's URL; empty when the script is unknown."""
        script = self._scripts.get(script_id)
        return script.url if script else ""

    def text(self, script_id: int) -> str | None:
        """The text that V8 ran."""
        if script_id not in self._texts:
            script = self._scripts.get(script_id)
            self._texts[script_id] = script.read_source() if script else None
        return self._texts[script_id]

    def syntax(self, script_id: int) -> ScriptSyntax | None:
        """Scopes and references of the text that V8 ran."""
        if script_id not in self._syntax:
            text = self.text(script_id)
            language = language_for(self.url(script_id)) or "javascript"
            self._syntax[script_id] = None if text is None else analyze_script(text, language)
        return self._syntax[script_id]

    def source_map(self, script_id: int) -> SourceMap | None:
        """The script's source map."""
        if script_id not in self._maps:
            script = self._scripts.get(script_id)
            self._maps[script_id] = script.read_source_map() if script else None
        return self._maps[script_id]

    def original(self, script_id: int, position: Position) -> tuple[SourceFile, Position] | None:
        """The original place of a place in a script.

        Returns:
            None where the script has a source map and the map leaves the place out: that code
            was written by a tool. The place itself, in the script's own file, where the script
            has no map.
        """
        source_map = self.source_map(script_id)
        if source_map is None:
            url = self.url(script_id)
            return self._source(url, self.text(script_id), spelling=url), position
        mapping = source_map.original(position.line, position.column)
        if mapping is None or mapping.source is None:
            return None
        spelling = source_map.source_names[mapping.source_index] or mapping.source
        if mapping.source_index in source_map.ignored or is_tool_source(spelling):
            return None
        content = source_map.sources_content[mapping.source_index]
        return self._source(mapping.source, content, spelling=spelling), mapping.position

    def place(self, script_id: int, position: Position) -> SourceLocation | None:
        """Where a place in a script stands in the original, as a span of one character."""
        found = self.original(script_id, position)
        if found is None:
            return None
        source, start = found
        return source.place(Span(start, Position(start.line, start.column + 1)))

    def place_span(self, script_id: int, span: Span) -> SourceLocation | None:
        """Where a stretch of a script stands in the original."""
        if self.source_map(script_id) is None:
            url = self.url(script_id)
            return self._source(url, self.text(script_id), spelling=url).place(span)
        found = self.original(script_id, span.start)
        if found is None:
            return None
        source, start = found
        syntax = self.source_syntax(source)
        whole = syntax.expression_from(start) if syntax is not None else None
        return source.place(whole or Span(start, Position(start.line, start.column + 1)))

    def original_identifier(self, script_id: int, position: Position) -> str:
        """The name that the identifier at a place of a script has in the original.

        The map's own name for it comes first, then the identifier that stands at the original
        place. Empty where neither is known.
        """
        found = self.original(script_id, position)
        if found is None:
            return ""
        source_map = self.source_map(script_id)
        if source_map is not None:
            mapping = source_map.original(position.line, position.column)
            if mapping is not None and mapping.name:
                return mapping.name
        token = found[0].identifier_at(found[1])
        return token[0] if token is not None else ""

    def original_name(self, script_id: int, scope: Scope) -> str:
        """The name that a function or class has in the original; empty if it has none."""
        start = scope.function_start
        found = self.original(script_id, start) if start is not None else None
        syntax = self.source_syntax(found[0]) if found is not None else None
        if found is None or syntax is None:
            return scope.name
        original: Scope | None = syntax.scope_at(found[1])
        while original is not None and original.kind not in {scope.kind, "function", "arrow"}:
            original = original.parent
        return original.name if original is not None and original.name else scope.name

    def name_of(self, url: str) -> str:
        """What to call a source over recordings and machines, see :class:`SourceFile`."""
        source = self._sources.get(url)
        return source.name if source is not None else url

    def source_syntax(self, source: SourceFile) -> ScriptSyntax | None:
        """Scopes and references of an original source."""
        if source.url not in self._source_syntax:
            language = language_for(source.url) or "javascript"
            self._source_syntax[source.url] = (
                None if source.text is None else analyze_script(source.text, language)
            )
        return self._source_syntax[source.url]

    def _source(self, url: str, content: str | None, *, spelling: str) -> SourceFile:
        if url not in self._sources:
            self._sources[url] = self._files.find(url, content, spelling=spelling)
        return self._sources[url]
