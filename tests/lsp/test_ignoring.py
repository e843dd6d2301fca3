"""Ignoring findings: by a comment, by ``.leakline.toml``, and seeing them again."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from leakline.config.project import parse_project_config
from leakline.pipeline.ignoring import MARK
from lsp import play
from lsp.editor import Editor, open_editor, until

TOML = ".leakline.toml"


def edit_of(action: types.CodeAction) -> types.TextEdit:
    """The one insertion of an action."""
    assert action.edit is not None
    changes = list(action.edit.document_changes or [])
    change = changes[-1]
    assert isinstance(change, types.TextDocumentEdit)
    (insertion,) = change.edits
    assert isinstance(insertion, types.TextEdit)
    return insertion


async def ignore_actions(editor: Editor) -> list[types.CodeAction]:
    finding = await editor.diagnostic("index.js")
    actions = await editor.actions("index.js", 6, diagnostics=[finding])
    return [action for action in actions if "Ignore" in action.title]


async def test_here(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        here, _ = await ignore_actions(editor)
        insertion = edit_of(here)
        assert insertion.range.start == types.Position(6, 0)
        assert insertion.new_text == f"    // {MARK} growing-variable: say why\n"
        editor.edit("index.js", (6, 0), (6, 0), insertion.new_text)
        await until(lambda: len(editor.diagnostics("index.js")) == 1)
        summary = await editor.request("leakline/summary")
        assert [found.root for found in summary.findings] == ["other"]
        assert [found.root for found in summary.ignored] == ["responseText"]
        await until(
            lambda: (editor.statuses[-1].state, editor.statuses[-1].findings) == ("idle", 0)
        )
        assert len(await editor.lenses("index.js")) == 1
        assert await editor.hover("index.js", 1, 6) is None, "who ignores it wants no word of it"
        # Saved and closed, the comment still counts; taken away, the finding is back.
        text = play.INDEX.split("\n")
        text.insert(6, insertion.new_text.rstrip("\n"))
        (workspace / "index.js").write_text("\n".join(text), "utf-8")
        editor.close("index.js")
        await editor.request("leakline/summary")
        assert len(editor.diagnostics("index.js")) == 1
        editor.open("index.js")
        editor.edit("index.js", (6, 0), (7, 0), "")
        await editor.diagnostic("index.js")
        await until(lambda: editor.statuses[-1].findings == 1)


async def test_in_the_workspace(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        _, everywhere = await ignore_actions(editor)
        assert everywhere.edit is not None
        create = next(iter(everywhere.edit.document_changes or []))
        assert isinstance(create, types.CreateFile)
        assert create.uri == editor.uri(TOML)
        text = edit_of(everywhere).new_text
        (ignore,) = parse_project_config(text)[0].ignores
        assert (ignore.code, ignore.root, ignore.file) == (
            "growing-variable",
            "responseText",
            "index.js",
        )
        # The edit opens the file in most editors, unsaved: it counts at once.
        editor.open(TOML, text)
        await until(lambda: len(editor.diagnostics("index.js")) == 1)
        editor.edit(TOML, (0, 0), (0, 0), "[target]\nrequests = 0\n\n")
        await until(lambda: editor.diagnostics(TOML))
        (wrong,) = editor.diagnostics(TOML)
        assert wrong.range.start == types.Position(1, 0)
        assert wrong.message == "`target.requests` must be a whole number from 1 to 1000000"
        assert len(editor.diagnostics("index.js")) == 1, "the rest of the file counts"
        editor.close(TOML)  # without saving
        await editor.diagnostic("index.js")
        await until(lambda: not editor.diagnostics(TOML))
        # On disk it is seen too, told of by nobody.
        (workspace / TOML).write_text("[thresholds]\nmin-bytes-per-request = 26\n")
        await until(lambda: len(editor.diagnostics("index.js")) == 1)
        again = await editor.request("leakline/summary")
        assert [found.root for found in again.ignored] == ["responseText"]
        (workspace / TOML).unlink()
        await editor.diagnostic("index.js")


async def test_what_to_measure_stands_in_the_file_and_the_editors_settings_come_first(
    workspace: Path,
) -> None:
    (workspace / TOML).write_text(
        '[target]\nurl = "http://127.0.0.1:1/leak"\nrequests = 9\nrounds = 2\n'
        '[source-maps]\npath-overrides = { "a/*" = "b/*" }\n'
    )
    async with open_editor(workspace, settings={"rounds": 4, "requests": 100}) as editor:
        assert (await editor.request("leakline/measure")).findings == 2
        (reports,) = editor.client.progress_reports.values()
        texts = [getattr(report, "message", "") for report in reports]
        assert "round 1 of 4: sending 9 requests" in texts
        assert "overrides: {'a/*': 'b/*'}" in editor.log()
        editor.client.set_configuration({"leakline": {"sourceMapPathOverrides": {"c/*": "d/*"}}})
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(settings=None)
        )
        await until(lambda: "overrides: {'c/*': 'd/*'}" in editor.log())


async def test_a_client_without_document_changes_gets_plain_edits(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace, capabilities=types.ClientCapabilities()) as editor:
        editor.open("index.js")
        here, everywhere = await ignore_actions(editor)
        assert here.edit is not None
        assert everywhere.edit is not None
        assert list(here.edit.changes or {}) == [editor.uri("index.js")]
        assert list(everywhere.edit.changes or {}) == [editor.uri(TOML)]
