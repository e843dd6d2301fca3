"""Diagnostics: where they stand, what they say, and that they live with the text."""

from __future__ import annotations

import shutil
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from leakline.lsp.pages import page_uri
from leakline.report.rules import RULES
from lsp import play
from lsp.editor import Editor, open_editor, until

WARNING = types.DiagnosticSeverity.Warning
HINT = types.DiagnosticSeverity.Hint
CHANGED = "changed since the snapshot: measure again"


async def growth(editor: Editor, line: int, severity: types.DiagnosticSeverity) -> str:
    """Wait until the growth's diagnostic is as told; gives its message."""

    def found() -> list[types.Diagnostic]:
        return [
            d
            for d in editor.diagnostics("index.js")
            if d.code == "growing-variable" and (d.range.start.line, d.severity) == (line, severity)
        ]

    await until(found)
    return found()[0].message


async def test_a_finding_stands_on_its_line_with_all_that_is_known(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        found = await editor.diagnostic("index.js")
        information = await editor.diagnostic("index.js", "large-retained")
    assert found.severity == WARNING
    assert found.message == (
        "global `responseText` grows per request: "
        "+25 B/request, 10.0 kB retained after 400 requests"
    )
    assert found.source == "leakline"
    assert found.data == {"fingerprint": "0f3a"}
    assert found.range == types.Range(types.Position(6, 4), types.Position(6, 48))
    assert information.severity == types.DiagnosticSeverity.Information
    related = [
        (item.message, item.location.uri, item.location.range.start.line)
        for item in found.related_information or []
    ]
    uri = (workspace / "index.js").as_uri()
    assert related == [
        ("`responseText` is declared here", uri, 1),
        ("leak trace: variable `responseText`", uri, 1),
    ]


async def test_the_newest_recording_counts_and_later_ones_replace_it(workspace: Path) -> None:
    play.record(workspace, "mended")
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        await editor.diagnostic("index.js")
        play.record(workspace, "mended")
        # Nobody tells the server: it looks by itself.
        await until(lambda: not editor.diagnostics("index.js"))
        assert "`responseText` no longer grows" in editor.log()
        assert "`other` no longer grows" not in editor.log(), "it was no growth"


async def test_a_client_that_watches_files_is_asked_to_tell(workspace: Path) -> None:
    async with open_editor(workspace, like="emacs") as editor:
        await until(lambda: editor.registered)
        assert types.WORKSPACE_DID_CHANGE_WATCHED_FILES in editor.registered
        path = play.record(workspace, "leak") / "recording.json"
        editor.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams(
                [types.FileEvent(path.as_uri(), types.FileChangeType.Created)]
            )
        )
        await editor.diagnostic("index.js")


async def test_nothing_is_left_when_the_recordings_are_deleted(workspace: Path) -> None:
    path = play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        await editor.diagnostic("index.js")
        shutil.rmtree(path)
        await until(lambda: not editor.diagnostics("index.js"))


async def test_a_recording_that_cannot_be_read_is_said_once(workspace: Path) -> None:
    play.record(workspace, "bad")
    async with open_editor(workspace) as editor:
        await until(editor.messages)
        play.record(workspace, "leak")
        await editor.diagnostic("index.js")
        assert editor.messages() == ["the play bad ends badly: see another"]


async def test_edits_elsewhere_move_the_diagnostic(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        message = await growth(editor, 6, WARNING)
        editor.edit("index.js", (0, 0), (0, 0), "// \N{PILE OF POO} one\n// two\r\n")
        assert await growth(editor, 8, WARNING) == message
        editor.edit("index.js", (3, 3), (4, 0), "\n\n")
        assert await growth(editor, 9, WARNING) == message
        # Indenting it is no change.
        editor.edit("index.js", (9, 0), (9, 0), "\t")
        await until(lambda: editor.diagnostics("index.js")[0].range.start.character == 5)
        assert editor.diagnostics("index.js")[0].severity == WARNING


async def test_positions_are_counted_in_utf_16_whatever_a_client_would_rather_have(
    workspace: Path,
) -> None:
    # As Helix and Neovim offer it. Nothing of ours counts in anything else.
    liked = [types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16]
    capabilities = types.ClientCapabilities(
        general=types.GeneralClientCapabilities(position_encodings=liked)
    )
    async with open_editor(workspace, capabilities=capabilities) as editor:
        assert editor.offered.position_encoding == types.PositionEncodingKind.Utf16


async def test_an_edit_on_the_growth_line_makes_it_a_hint_and_undo_takes_that_back(
    workspace: Path,
) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        message = await growth(editor, 6, WARNING)
        editor.edit("index.js", (6, 4), (6, 19), "responseText = ")
        hint = await growth(editor, 6, HINT)
        assert CHANGED in hint
        assert "`responseText`" in hint
        editor.edit("index.js", (6, 4), (6, 19), "responseText +=")
        assert await growth(editor, 6, WARNING) == message


async def test_what_is_written_behind_the_growth_makes_it_a_hint(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await growth(editor, 6, WARNING)
        end = len((workspace / "index.js").read_text().split("\n")[6])
        editor.edit("index.js", (6, end), (6, end), ' responseText = "";')
        assert CHANGED in await growth(editor, 6, HINT)


async def test_deleting_the_line_and_undoing_it_ends_where_it_was(workspace: Path) -> None:
    play.record(workspace, "leak")
    line = play.INDEX.split("\n")[6] + "\n"
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        message = await growth(editor, 6, WARNING)
        editor.edit("index.js", (6, 0), (7, 0), "")
        await growth(editor, 6, HINT)
        editor.edit("index.js", (6, 0), (6, 0), line)
        assert await growth(editor, 6, WARNING) == message


async def test_a_formatter_that_replaces_everything_keeps_it(workspace: Path) -> None:
    play.record(workspace, "leak")
    formatted = "".join(f"\t{line}\n" for line in ["// formatted", *play.INDEX.split("\n")])
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await growth(editor, 6, WARNING)
        editor.replace_all("index.js", formatted)
        await growth(editor, 7, WARNING)
        assert editor.diagnostics("index.js")[0].range.start.character == 5


async def test_unsaved_text_is_what_counts_and_the_file_after_closing(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        await growth(editor, 6, WARNING)
        editor.open("index.js", "// unsaved\n" + play.INDEX)
        await growth(editor, 7, WARNING)
        editor.close("index.js")
        await growth(editor, 6, WARNING)


async def test_a_line_that_differed_already_when_it_was_captured_is_a_hint(
    workspace: Path,
) -> None:
    play.record(workspace, "leak")
    edited = play.INDEX.replace("responseText +=", "responseText =")
    (workspace / "index.js").write_text(edited, "utf-8")
    async with open_editor(workspace) as editor:
        await growth(editor, 6, HINT)
        editor.open("index.js")
        editor.edit("index.js", (6, 17), (6, 17), "+")
        await growth(editor, 6, WARNING)


async def test_each_folder_has_its_own_newest_recording(workspace: Path, tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder, kind in zip(folders, ("leak", "cache"), strict=True):
        folder.mkdir()
        play.lay_out(folder)
        play.record(folder, kind)
    async with open_editor(workspace, folders=folders) as editor:
        await editor.diagnostic("one/index.js")
        await until(lambda: len(editor.diagnostics("two/cache.js")) == 2)
        assert not editor.diagnostics("two/index.js")
        editor.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(
                types.WorkspaceFoldersChangeEvent(
                    added=[], removed=[types.WorkspaceFolder(folders[1].as_uri(), "two")]
                )
            )
        )
        await until(lambda: not editor.diagnostics("two/cache.js"))
        assert editor.diagnostics("one/index.js")


async def test_a_folder_reached_through_a_link_is_the_same_folder(
    workspace: Path, tmp_path: Path
) -> None:
    play.record(workspace, "leak")
    link = tmp_path / "linked"
    link.symlink_to(workspace)
    async with open_editor(link) as editor:
        editor.open("index.js")
        await growth(editor, 6, WARNING)


async def test_a_single_snapshot_does_not_hide_known_growth(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        await editor.diagnostic("index.js")
        play.record(workspace, "one")
        await until(lambda: any(line.endswith("-one") for line in editor.log()))
        await editor.request("leakline/summary")
        await until(lambda: editor.statuses[-1].state == "findings")
        assert len(editor.diagnostics("index.js")) == 2
        # Once the program is another one, nothing is known of it.
        (workspace / "index.js").write_text("// rewritten\n")
        play.record(workspace, "one")
        await until(lambda: len(editor.diagnostics("index.js")) == 1)
        assert not any("no longer grows" in line for line in editor.log())


async def test_after_a_restart_growth_stays_when_the_newest_recording_is_one_snapshot(
    workspace: Path,
) -> None:
    play.record(workspace, "leak", title="seed")
    play.record(workspace, "one", title="another")
    play.record(workspace, "one", title="seed")
    async with open_editor(workspace) as editor:
        await until(lambda: any(line.endswith("-seed") for line in editor.log()))
        await until(lambda: len(editor.diagnostics("index.js")) == 2)
        await growth(editor, 6, WARNING)


async def test_a_finding_whose_line_is_gone_is_the_files(workspace: Path) -> None:
    play.record(workspace, "gone")
    async with open_editor(workspace) as editor:
        found = await editor.diagnostic("index.js")
        assert found.range == types.Range(types.Position(0, 0), types.Position(0, 0))
        assert found.message.endswith("(the line is gone from the file since the snapshot)")
        assert found.severity == WARNING


async def test_saving_one_folder_does_not_move_the_findings_of_another(
    workspace: Path, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        play.lay_out(folder)
    play.record(folders[0], "leak")
    async with open_editor(workspace, folders=folders) as editor:
        await editor.diagnostic("one/index.js")
        text = "// saved\n" + play.INDEX
        (folders[0] / "index.js").write_text(text, "utf-8")
        play.record(folders[1], "cache")
        await until(lambda: editor.diagnostics("two/cache.js"))
        editor.open("one/index.js", text)
        await until(lambda: editor.diagnostics("one/index.js")[0].range.start.line == 7)


async def test_the_code_leads_to_the_detectors_page(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        found = await editor.diagnostic("index.js")
        assert found.code_description is not None
        assert found.code_description.href == page_uri("growing-variable")


def test_every_detector_has_a_page() -> None:
    for code in RULES:
        page = Path(to_fs_path(page_uri(code) or "") or "")
        assert page.name == f"{code}.md"
        assert page.read_text("utf-8").startswith("# ")
    assert page_uri("../../README") is None
    assert page_uri("no-such-detector") is None
