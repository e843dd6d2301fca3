"""Places keep to the texts that they are places in, whatever happens while these are read."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from leakline.lsp.documents import OpenDocument, OpenDocuments
from leakline.lsp.places import Places
from leakline.lsp.sources import SourceTexts
from leakline.turns import at_once
from lsp import play


def test_a_file_saved_while_new_findings_are_taken_in_keeps_its_text(tmp_path: Path) -> None:
    play.lay_out(tmp_path)
    finding = play.growing(tmp_path)
    assert finding.location is not None
    assert finding.location.span is not None
    line = finding.location.span.start.line
    places = Places(OpenDocuments(), SourceTexts())
    places.remember(at_once(places.read([finding])))

    texts = at_once(places.read([finding]))
    file = tmp_path / "index.js"
    file.write_text("\n\n" + play.INDEX, "utf-8")
    item = types.TextDocumentItem(file.as_uri(), "javascript", 1, file.read_text("utf-8"))
    places.closed(OpenDocument(item))
    places.remember(texts)

    place = places.find(finding.location)
    assert place is not None
    assert place.span.start.line == line + 2
    assert not place.changed
