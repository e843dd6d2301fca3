"""The syntax of open texts: its memory comes back without Python's garbage collector."""

from __future__ import annotations

import gc

from lsprotocol import types

from leakline.attribution.syntax import Scope
from leakline.lsp.documents import OpenDocument
from leakline.lsp.syntaxes import Syntaxes

TEXT = """\
import { other } from "./other.js";
export const kept = new Map();
class Store {
  #entries = [];
  add(entry) { this.#entries.push(entry); return () => kept.get(entry); }
}
export default function serve(request) { for (const part of request) new Store().add(part); }
"""


def _scopes() -> int:
    # What is left out of the look for garbage is in no list.
    gc.unfreeze()
    return sum(type(found) is Scope for found in gc.get_objects())


async def test_an_old_syntax_is_freed_when_a_text_is_parsed_again() -> None:
    document = OpenDocument(types.TextDocumentItem("file:///w/a.js", "javascript", 1, TEXT))
    syntaxes = Syntaxes()
    gc.collect()
    gc.disable()
    try:
        counts = []
        for version in range(2, 8):
            syntax = await syntaxes.of(document)
            assert syntax is not None
            # What is asked of it is kept in it.
            assert all(b.references for s in syntax.scopes for b in s.bindings.values())
            assert (list(syntax.exports), len(syntax.imports)) == (["kept", "default"], 1)
            del syntax
            document.apply([types.TextDocumentContentChangeWholeDocument(TEXT)], version)
            counts.append(_scopes())
    finally:
        gc.enable()
        syntaxes.close()
    # The thread may still hold what it made last.
    assert counts[-1] <= counts[1]
