"""Measuring and capturing from the editor: progress, cancel, errors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp import play
from lsp.editor import Editor, open_editor, until

URL = "http://127.0.0.1:1/"


def progress(editor: Editor) -> list[Any]:
    """All reports of the one operation so far."""
    reports = list(editor.client.progress_reports.values())
    assert len(reports) <= 1
    return reports[0] if reports else []


async def test_the_code_action_measures_with_progress_and_shows_the_result(
    workspace: Path,
) -> None:
    async with open_editor(workspace, settings={"url": URL + "leak", "requests": 7}) as editor:
        editor.open("index.js")
        (action,) = [
            action
            for action in await editor.actions("index.js", 3)
            if action.title == "Leakline: Measure growth"
        ]
        await until(lambda: editor.statuses)
        assert await editor.run(action.command) is None
        await editor.diagnostic("index.js")
        await until(lambda: isinstance(progress(editor)[-1], types.WorkDoneProgressEnd))
        begin, *reports, end = progress(editor)
    assert end.message == "1 leak"
    assert begin.title == "Leakline: measuring growth"
    assert begin.cancellable
    # Some clients show the token in the place of the title.
    (token,) = editor.client.progress_reports
    assert str(token).startswith("leakline-")
    texts = [report.message for report in reports]
    assert "round 1 of 3: sending 7 requests" in texts
    assert "looking for what grows" in texts
    percentages = [report.percentage for report in reports]
    assert percentages == sorted(percentages)
    assert percentages[-1] > 90
    states = [status.state for status in editor.statuses]
    assert states[0] == "idle"
    # Not for a moment does it look as if all were over.
    busy = states[states.index("measuring") : len(states) - states[::-1].index("analyzing")]
    assert [state for n, state in enumerate(busy) if state not in busy[:n]] == [
        "measuring",
        "analyzing",
    ]
    assert states[-2:] == ["analyzing", "findings"]
    assert editor.statuses[-1].state == "findings"
    assert (editor.statuses[-1].findings, editor.statuses[-1].text) == (1, "1 leak")


async def test_a_client_that_shows_no_progress_gets_a_message_now_and_then(
    workspace: Path,
) -> None:
    said = "Leakline: measuring growth: "
    async with open_editor(
        workspace, capabilities=types.ClientCapabilities(), options={"url": URL + "leak"}
    ) as editor:
        await editor.request("leakline/measure")
        await until(lambda: said + "1 leak" in editor.messages())
        assert said + "round 1 of 3: sending 100 requests" in editor.messages()


async def test_cancel_on_the_notification_ends_the_measurement(workspace: Path) -> None:
    async with open_editor(workspace, settings={"url": URL + "60"}) as editor:
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams("leakline.measure")
        )
        await until(lambda: len(progress(editor)) > 1)
        (token,) = editor.client.progress_reports
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
        await until(lambda: isinstance(progress(editor)[-1], types.WorkDoneProgressEnd))
        assert (workspace / "cancelled").exists()
        await until(lambda: editor.statuses[-1].state == "idle")
        assert editor.messages() == []
        # And the next one can run.
        answer = await editor.request("leakline/measure", url=URL + "leak")
        assert answer.findings == 2


async def test_cancelling_the_request_ends_the_measurement(workspace: Path) -> None:
    async with open_editor(workspace) as editor:
        request = editor.client.protocol.send_request(
            "leakline/measure", {"url": URL + "60"}, msg_id="slow"
        )
        await until(lambda: len(progress(editor)) > 1)
        editor.client.cancel_request(types.CancelParams("slow"))
        with pytest.raises(JsonRpcException) as caught:
            await asyncio.wrap_future(request)
        assert caught.value.code == types.LSPErrorCodes.RequestCancelled
        await until((workspace / "cancelled").exists)
        await until(lambda: isinstance(progress(editor)[-1], types.WorkDoneProgressEnd))


async def test_cancel_during_the_analysis_kills_it(workspace: Path) -> None:
    recording = play.record(workspace / "elsewhere", "leak", seconds=60)
    async with open_editor(workspace) as editor:
        request = editor.client.protocol.send_request(
            "leakline/analyze", {"paths": [str(recording)]}, msg_id="slow"
        )
        await until(lambda: any(s.state == "analyzing" for s in editor.statuses))
        editor.client.cancel_request(types.CancelParams("slow"))
        with pytest.raises(JsonRpcException):
            await asyncio.wrap_future(request)
        play.record(workspace, "leak")
        await editor.diagnostic("index.js")


async def test_only_one_runs_at_a_time(workspace: Path) -> None:
    async with open_editor(workspace) as editor:
        editor.client.protocol.send_request("leakline/measure", {"url": URL + "60"})
        await until(lambda: len(progress(editor)) > 1)
        with pytest.raises(JsonRpcException) as caught:
            await editor.request("leakline/capture")
        assert caught.value.message == (
            "a measurement is running already: wait for it or cancel it"
        )


async def test_the_server_ends_in_the_middle_of_a_measurement(workspace: Path) -> None:
    async with open_editor(workspace) as editor:
        editor.client.protocol.send_request("leakline/measure", {"url": URL + "60"})
        await until(lambda: len(progress(editor)) > 1)
    assert (workspace / "cancelled").exists()


async def test_a_failure_is_one_line_to_the_user(workspace: Path) -> None:
    said = "nothing listens at 127.0.0.1:1: start the program with its inspector open"
    settings = {"url": URL + "unreachable", "inspect": "127.0.0.1:1"}
    async with open_editor(workspace, settings=settings) as editor:
        await until(lambda: editor.statuses)
        await editor.client.workspace_execute_command_async(
            types.ExecuteCommandParams("leakline.measure", [{"uri": editor.uri("index.js")}])
        )
        await until(editor.messages)
        assert editor.messages() == [said]
        assert editor.client.messages[0].type == types.MessageType.Error
        with pytest.raises(JsonRpcException) as caught:
            await editor.request("leakline/measure")
        assert caught.value.message == said
        assert caught.value.data is None
        assert editor.messages() == [said], "a request's error is its answer"


async def test_requests_take_their_own_settings_and_say_what_is_wrong(workspace: Path) -> None:
    async with open_editor(workspace) as editor:
        for params, said in [
            ({"rounds": 0}, "leakline.rounds must be a whole number from 1 to 100 (3 is used)"),
            ({"workspace": "/nowhere"}, "the workspace /nowhere is no folder"),
        ]:
            with pytest.raises(JsonRpcException) as caught:
                await editor.request("leakline/measure", **params)
            assert caught.value.message.startswith(said)
        with pytest.raises(JsonRpcException) as caught:
            await editor.request("leakline/analyze")
        assert "nothing to analyse was named" in caught.value.message
        answer = await editor.request("leakline/capture")
        assert Path(answer.recording).parent == workspace / ".leakline" / "recordings"


async def test_without_a_folder_it_says_what_to_do(workspace: Path) -> None:
    async with open_editor(workspace, folders=[]) as editor:
        with pytest.raises(JsonRpcException) as caught:
            await editor.request("leakline/measure")
        assert caught.value.message == (
            "no folder is open: open the program's folder in the editor"
        )


async def test_a_client_without_progress_measures_too(workspace: Path) -> None:
    async with open_editor(workspace, capabilities=types.ClientCapabilities()) as editor:
        answer = await editor.request("leakline/measure", url=URL + "leak")
        assert answer.findings == 2
        assert not editor.client.progress_reports


async def test_a_token_of_the_client_is_used(workspace: Path) -> None:
    async with open_editor(workspace) as editor:
        editor.client.progress_reports["mine"] = []
        await editor.request("leakline/measure", url=URL + "leak", workDoneToken="mine")
        assert isinstance(editor.client.progress_reports["mine"][-1], types.WorkDoneProgressEnd)
        assert list(editor.client.progress_reports) == ["mine"]


async def test_code_actions_are_offered_where_they_help(workspace: Path) -> None:
    play.record(workspace, "leak")
    both = ["Leakline: Measure growth", "Leakline: Capture heap snapshot"]
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        finding = await editor.diagnostic("index.js")
        plain = await editor.actions("index.js", 3)
        assert [(action.title, action.kind) for action in plain] == [(t, "") for t in both]
        on_finding = await editor.actions("index.js", 6, diagnostics=[finding])
        assert [(action.title, action.kind) for action in on_finding] == [
            (both[0], "quickfix"),
            ("Leakline: Measure again to verify `responseText`", "quickfix"),
            ("Leakline: Show the leak trace of `responseText`", "quickfix"),
            ("Leakline: Ignore `responseText` here", "quickfix"),
            ("Leakline: Ignore `responseText` in the workspace", "quickfix"),
            (both[1], ""),
        ]
        assert list(on_finding[0].diagnostics or []) == [finding]
        # Saving, organising imports and the Refactor menu ask for kinds of their own.
        for kind in ("source.organizeImports", "source.fixAll", "refactor"):
            assert await editor.actions("index.js", 3, only=[kind]) == []
        fixes = await editor.actions("index.js", 6, diagnostics=[finding], only=["quickfix"])
        assert [action.title for action in fixes] == [a.title for a in on_finding[:-1]]


async def test_measuring_again_to_verify_tells_how_it_went(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace, settings={"url": URL + "mended"}) as editor:
        editor.open("index.js")
        finding = await editor.diagnostic("index.js")
        (verify,) = [
            action
            for action in await editor.actions("index.js", 6, diagnostics=[finding])
            if "verify" in action.title
        ]
        assert verify.command is not None
        arguments = (verify.command.arguments or [{}])[0]
        answer = await editor.request("leakline/verify", **arguments, url=URL + "leak")
        assert (answer.findings, answer.grows) == (2, True)
        assert editor.messages() == ["`responseText` still grows: 10.0 kB, +25 B/request"]
        await editor.run(verify.command)
        await until(lambda: "`responseText` no longer grows" in editor.messages())
        assert not editor.diagnostics("index.js")
        assert "`responseText` no longer grows" in editor.log()
        with pytest.raises(JsonRpcException) as caught:
            await editor.request("leakline/verify", **arguments)
        assert caught.value.message.startswith("this finding has gone")


async def test_the_summary_lists_the_findings_where_they_are_now(workspace: Path) -> None:
    play.record(workspace, "leak")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        editor.edit("index.js", (0, 0), (0, 0), "\n")
        summary = await editor.request("leakline/summary")
    assert [recording.target.title for recording in summary.recordings] == ["seed"]
    first, second = summary.findings
    assert (first.root, first.retainedSize, first.growthBytesPerRequest) == (
        "responseText",
        10_000,
        25.0,
    )
    assert (first.location.range.start.line, first.location.changed) == (7, False)
    assert second.growthBytesPerRequest is None


async def test_the_server_answers_while_an_analysis_runs(workspace: Path) -> None:
    play.record(workspace, "many")
    async with open_editor(workspace) as editor:
        editor.open("index.js")
        await editor.diagnostic("index.js")
        await editor.hover("index.js", 7, 25)
        busy = play.record(workspace / "elsewhere", "leak", seconds=2)
        request = asyncio.ensure_future(editor.request("leakline/analyze", paths=[str(busy)]))
        await until(lambda: any(s.state == "analyzing" for s in editor.statuses))
        answers = 0
        while not request.done():
            assert await editor.hover("index.js", 7, 25)
            answers += 1
        assert answers > 1, "the analysis was over before a hover was answered"
        await request
