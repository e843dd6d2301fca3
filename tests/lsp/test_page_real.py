"""A page of a real Chromium, measured by clicks through the language server."""

from __future__ import annotations

from pathlib import Path

import pytest
from pygls.exceptions import JsonRpcException

from lsp.editor import REAL_SERVER, Editor, open_editor, until
from support.chromium import run_page

SECONDS = 120.0
PAGE = """<!doctype html><title>shop</title>
<button id="buy">buy</button>
<script type="module" src="shop.js"></script>
"""
SCRIPT = """const basket = [];
document.querySelector("#buy").addEventListener("click", () => {
  basket.push([...String(basket.length).padEnd(900, "x")].join(""));
});
"""
BY_CLICKS = {"click": "#buy", "requests": 10, "rounds": 2}


def warnings(editor: Editor) -> list[tuple[int, object]]:
    return [(each.range.start.line, each.code) for each in editor.diagnostics("shop.js")]


async def test_a_page_is_measured_by_clicks(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_text(PAGE)
    (folder / "shop.js").write_text(SCRIPT)
    async with (
        run_page(folder, "page.html") as program,
        open_editor(folder, server=REAL_SERVER, settings={"inspect": program.inspector}) as editor,
    ):
        editor.open("shop.js")
        assert (await editor.request("leakline/measure", **BY_CLICKS)).findings == 1
        await until(lambda: warnings(editor) == [(2, "growing-variable")], SECONDS)
        (warning,) = editor.diagnostics("shop.js")
        hover = await editor.hover("shop.js", 0, 7)
        assert hover is not None
        assert "B/click" in hover, hover

        with pytest.raises(JsonRpcException, match="#sell"):
            await editor.request("leakline/measure", **BY_CLICKS | {"click": "#sell"})
        # What was found before stays, after another load too.
        assert warnings(editor) == [(2, "growing-variable")]
        anew = await editor.request("leakline/measure", click="", requests=3, rounds=2)
        assert anew.findings == 0
        assert warnings(editor) == [(2, "growing-variable")]
        assert not any("no longer grows" in line for line in editor.log())

        # The project may say what is clicked on; requests go to programs that are no page.
        (folder / ".leakline.toml").write_text('[target]\nclick = "#buy"\n')
        fingerprint = warning.data["fingerprint"]
        few = {"requests": 10, "rounds": 2}
        again = await editor.request("leakline/verify", fingerprint=fingerprint, **few)
        assert again.grows
