"""Hover: on which names, and what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lsprotocol import types

from leakline.lsp.pages import page_uri
from lsp import play
from lsp.editor import open_editor, until

DECLARATION = (1, 6)
GROWTH = (6, 8)
READ = (7, 25)


def in_any_words(text: str | None) -> str:
    """A hover without how sure the evidence is, which others test."""
    return re.sub(r"Evidence, \w+:", "Evidence:", text or "")


async def test_every_use_of_the_variable_has_it_and_nothing_else(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        texts = [await editor.hover("index.js", *at) for at in (DECLARATION, GROWTH, READ)]
        assert texts[0] is not None
        assert texts == [texts[0]] * 3
        assert "responseText" in texts[0]
        # A parameter of the same name is another variable.
        assert await editor.hover("index.js", 11, 20) is None
        assert await editor.hover("index.js", 12, 12) is None
        assert await editor.hover("index.js", 0, 5) is None
        # Anywhere in the expression that makes it grow.
        assert await editor.hover("index.js", 6, 30) == texts[0]


async def test_what_it_says(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        text = in_any_words(await editor.hover("index.js", *READ))
        whole = await editor.hover("index.js", *READ)
    assert whole is not None
    assert re.search(r"Evidence, (certain|likely|possible): the only write to", whole)
    index = (workspace / "index.js").as_uri()
    assert text == (
        f"**global** `responseText` · [growing-variable]({page_uri('growing-variable')})\n"
        "\n"
        "10.0 kB retained in 10000 characters after 400 requests, +25 B/request; "
        "linear fit R² 1.000, +25 characters/request\n"
        "\n"
        "| requests | retained ▁▃▆█ |\n"
        "|---:|---:|\n"
        "| 100 | 2.5 kB |\n"
        "| 200 | 5.0 kB |\n"
        "| 300 | 7.5 kB |\n"
        "| 400 | 10.0 kB |\n"
        "\n"
        "Leak trace (suspect segment in bold):\n"
        "\n"
        "- GC roots\n"
        "- context of module index.js\n"
        f"- **variable `responseText`** — [index.js:2]({index}#L2)\n"
        "- **string \\[not\\](a link)**\n"
        "\n"
        "Evidence: the only write to `responseText` that adds to it\n"
        "\n"
        f"Grows at [index.js:7]({index}#L7)\n"
        "\n"
        "**How to mend:** Bound what it holds, remove entries when they are no longer needed, "
        "or keep them outside of the isolate."
    )


async def test_values_are_shown_only_when_they_are_not_redacted(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        assert "tok-8843" not in (await editor.hover("index.js", *READ) or "")
        editor.client.set_configuration({"leakline": {"redactValues": False}})
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )
        shown = ""
        while "tok-8843" not in shown:
            shown = await editor.hover("index.js", *READ) or ""
        # The value's own fence does not end the block.
        assert shown.endswith('````\n"tok-8843 in the ``` heap"\n````')


async def test_a_client_without_markdown_gets_plain_text(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(
        workspace, capabilities=types.ClientCapabilities(), options={"redactValues": False}
    ) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        text = in_any_words(await editor.hover("index.js", *READ))
    assert text == (
        "global responseText (growing-variable)\n"
        "\n"
        "10.0 kB retained in 10000 characters after 400 requests, +25 B/request; "
        "linear fit R² 1.000, +25 characters/request\n"
        "\n"
        "Rounds: ▁▃▆█\n"
        "  100 requests: 2.5 kB\n"
        "  200 requests: 5.0 kB\n"
        "  300 requests: 7.5 kB\n"
        "  400 requests: 10.0 kB\n"
        "\n"
        "Leak trace (suspect segment marked >):\n"
        "    GC roots\n"
        "    context of module index.js\n"
        "  > variable `responseText` (index.js:2)\n"
        "  > string [not](a link)\n"
        "\n"
        "Evidence: the only write to `responseText` that adds to it\n"
        "\n"
        "Grows at index.js:7\n"
        "\n"
        "How to mend: Bound what it holds, remove entries when they are no longer needed, "
        "or keep them outside of the isolate.\n"
        "\n"
        'Value: "tok-8843 in the ``` heap"'
    )


@pytest.mark.parametrize(
    ("line", "column", "root"),
    [
        (3, 3, "RateLimiter.windows"),  # the field's declaration
        (5, 12, "RateLimiter.windows"),  # this.windows.set(
        (6, 18, "RateLimiter.windows"),  # this.windows.size
        (11, 4, "pageCache"),
        (0, 15, "pageCache"),
        (4, 3, None),
    ],
)
async def test_fields_and_exports(
    workspace: Path, line: int, column: int, root: str | None
) -> None:
    play.record(workspace, "cache")
    async with open_editor(workspace) as editor:
        editor.open("cache.js")
        await until(lambda: len(editor.diagnostics("cache.js")) == 2)
        text = await editor.hover("cache.js", line, column)
    assert (text is None) == (root is None)
    assert root is None or f"`{root}`" in (text or "")


async def test_an_imported_name_means_the_variable_it_is_imported_from(workspace: Path) -> None:
    play.record(workspace, "cache")
    async with open_editor(workspace) as editor:
        editor.open("user.js")
        await until(lambda: editor.diagnostics("cache.js"))
        assert "`pageCache`" in (await editor.hover("user.js", 4, 11) or "")
        assert "`pageCache`" in (await editor.hover("user.js", 0, 23) or "")
        assert await editor.hover("user.js", 0, 33) is None, "another export of that file"
        assert await editor.hover("user.js", 4, 26) is None, "a variable named as the field"


async def test_it_follows_the_text(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        editor.edit("index.js", (0, 0), (0, 0), "\n\n")
        assert "`responseText`" in (await editor.hover("index.js", READ[0] + 2, READ[1]) or "")
        assert await editor.hover("index.js", *READ) is None
        # Changed since: said in the hover too, at once.
        editor.edit("index.js", (8, 17), (8, 18), "")
        assert "changed since the snapshot" in (await editor.hover("index.js", 9, 25) or "")
