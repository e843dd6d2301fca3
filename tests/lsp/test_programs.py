"""Several programs of one folder, or one program measured in several ways."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lsprotocol import types

from leakline.lsp.repeating import same_again
from leakline.recording import Load
from lsp import play
from lsp.editor import Editor, open_editor, until

BUY = Load("click", ("#buy",))
ANEW = Load("load")
GONE = "`responseText` no longer grows"


def shown(editor: Editor) -> list[types.Diagnostic]:
    return [*editor.diagnostics("index.js"), *editor.diagnostics("cache.js")]


def roots(editor: Editor) -> set[str]:
    """What the client shows as growing."""
    return {each.message.split("`")[1] for each in shown(editor) if each.code == "growing-variable"}


WORKER = {"responseText"}
SERVICE = {"pageCache", "RateLimiter.windows"}


async def test_another_program_leaves_what_was_found(workspace: Path) -> None:
    play.record(workspace, "leak", title="worker")
    async with open_editor(workspace) as editor:
        await until(lambda: roots(editor) == WORKER)
        play.record(workspace, "cache", title="service")
        await until(lambda: roots(editor) == WORKER | SERVICE)
        assert not any("no longer grows" in line for line in editor.log())
        summary = await editor.request("leakline/summary")
        assert [each.target.title for each in summary.recordings] == ["service", "worker"]

        play.record(workspace, "mended", title="worker")
        await until(lambda: roots(editor) == SERVICE)
        assert GONE in editor.log()
        assert "`pageCache` no longer grows" not in editor.log()


async def test_after_a_restart_all_programs_are_known(workspace: Path) -> None:
    play.record(workspace, "leak", title="worker")
    play.record(workspace, "cache", title="service")
    play.record(workspace, "leak", title="third")
    play.record(workspace, "mended", title="third")
    async with open_editor(workspace) as editor:
        await until(lambda: roots(editor) == WORKER | SERVICE)


async def test_what_is_known_goes_with_its_recording(workspace: Path) -> None:
    first = play.record(workspace, "leak", title="worker")
    second = play.record(workspace, "mended", title="worker")
    third = play.record(workspace, "cache", title="service")
    async with open_editor(workspace) as editor:
        await until(lambda: roots(editor) == SERVICE)
        # What stood behind it comes up again.
        shutil.rmtree(second)
        await until(lambda: roots(editor) == WORKER | SERVICE)
        shutil.rmtree(third)
        await until(lambda: roots(editor) == WORKER)
        shutil.rmtree(first)
        await until(lambda: not roots(editor))
        assert not any("no longer grows" in line for line in editor.log())


async def test_another_load_of_the_same_program_cannot_tell(workspace: Path) -> None:
    play.record(workspace, "leak", load=BUY)
    async with open_editor(workspace) as editor:
        await until(lambda: roots(editor) == WORKER)
        play.record(workspace, "cache", load=ANEW)
        await until(lambda: roots(editor) == WORKER | SERVICE)
        assert GONE not in editor.log()
        play.record(workspace, "mended", load=BUY)
        await until(lambda: roots(editor) == SERVICE)
        assert GONE in editor.log()


async def test_a_finding_that_is_left_moves_with_its_text(workspace: Path) -> None:
    play.record(workspace, "leak", title="worker")
    async with open_editor(workspace) as editor:
        await until(lambda: roots(editor) == WORKER)
        # The other program has this file too, one line longer by now.
        longer = "// one more line\n" + play.INDEX
        (workspace / "index.js").write_text(longer, "utf-8")
        play.record(workspace, "table", title="service")
        await until(lambda: any("`table`" in each.message for each in shown(editor)))
        editor.open("index.js", longer)
        (found,) = (each for each in shown(editor) if each.code == "growing-variable")
        assert found.range.start.line == 7
        assert "changed" not in found.message


@pytest.mark.parametrize(
    ("load", "asked"),
    [
        (None, {}),
        (BUY, {"click": "#buy"}),
        (ANEW, {"click": ""}),
        (Load("request", ("GET /leak",)), {}),
        (Load("call", ("handle",), observed=True), {}),
    ],
)
def test_verifying_does_to_a_page_what_was_done_before(
    load: Load | None, asked: dict[str, str]
) -> None:
    assert same_again(load) == asked


async def test_verifying_by_another_load_says_that_it_cannot_tell(workspace: Path) -> None:
    play.record(workspace, "leak", load=BUY)
    settings = {"url": "http://127.0.0.1:1/GET-mended"}
    async with open_editor(workspace, settings=settings) as editor:
        editor.open("index.js")
        finding = await editor.diagnostic("index.js")
        (verify,) = [
            action.command
            for action in await editor.actions("index.js", 6, diagnostics=[finding])
            if "verify" in action.title
        ]
        assert verify is not None
        (arguments,) = verify.arguments or []
        assert arguments["click"] == "#buy"
        # Somebody asks for requests instead.
        fingerprint = arguments["fingerprint"]
        answer = await editor.request("leakline/verify", fingerprint=fingerprint)
        assert answer.grows is None
        (said,) = editor.messages()
        assert said.startswith("this measurement cannot tell whether `responseText` still grows")
        assert said.endswith(": it was found by clicks on #buy")
        assert roots(editor) == WORKER
