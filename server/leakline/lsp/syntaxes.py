"""The syntax of open texts, parsed beside the requests.

A text of 50 kB takes 50 ms, most of it in Python: so it is done in a thread, which gives way to
the event loop every millisecond, and for texts with findings as soon as the typing pauses,
before anybody hovers.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from leakline.attribution.syntax import LanguageName, ScriptSyntax, analyze_script, language_for
from leakline.lsp.documents import OpenDocument
from leakline.lsp.garbage import LOOKS

# A longer text is a bundle that nobody edits.
_MOST_CHARACTERS = 150_000

# How long the thread may keep the event loop waiting. Python's own 5 ms add up: a request is
# several turns.
_SECONDS_BETWEEN_TURNS = 0.001

# Texts that were looked at last.
_MOST_TEXTS = 64

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class _Parsing:
    document: OpenDocument
    version: int
    task: asyncio.Future[ScriptSyntax]


class Syntaxes:
    """Knows the syntax of texts as they are now."""

    def __init__(self) -> None:
        self._parsing: dict[str, _Parsing] = {}
        self._thread = ThreadPoolExecutor(1, "leakline-syntax")

    async def of(self, document: OpenDocument) -> ScriptSyntax | None:
        """The syntax of a text; None where it is no script, or too large to be parsed."""
        parsing = self._start(document)
        return None if parsing is None else await asyncio.shield(parsing.task)

    def prepare(self, document: OpenDocument) -> None:
        """Parse a text that will be asked about."""
        self._start(document)

    async def beside(self, work: Callable[..., _Result], *arguments: object) -> _Result:
        """Do something else that takes long in the thread, which gives way to requests."""
        sys.setswitchinterval(_SECONDS_BETWEEN_TURNS)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, work, *arguments)

    def forget(self, document: OpenDocument) -> None:
        """Let go of a text that was closed."""
        self._parsing.pop(document.uri, None)

    def close(self) -> None:
        """End the thread; what waits for it is not parsed."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _start(self, document: OpenDocument) -> _Parsing | None:
        language = language_for(document.path or urlsplit(document.uri).path)
        if language is None or len(document.text) > _MOST_CHARACTERS:
            return None
        known = self._parsing.pop(document.uri, None)
        if known is None or known.document is not document or known.version != document.version:
            sys.setswitchinterval(_SECONDS_BETWEEN_TURNS)
            loop = asyncio.get_running_loop()
            task = loop.run_in_executor(self._thread, _parse, document.text, language)
            known = _Parsing(document, document.version, task)
        self._parsing[document.uri] = known
        while len(self._parsing) > _MOST_TEXTS:
            del self._parsing[next(iter(self._parsing))]
        return known


def _parse(text: str, language: LanguageName) -> ScriptSyntax:
    syntax = analyze_script(text, language, line_ends="editor")
    syntax.release_when_unused()
    LOOKS.leave_out()
    return syntax
