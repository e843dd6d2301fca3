"""Measuring against an inspector that plays each trap, byte for byte."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, capture, measure
from leakline.errors import (
    CaptureError,
    InspectorBusy,
    InspectorProtocolError,
    InspectorUnreachable,
    LeaklineError,
    LoadFailed,
    RecordingError,
    TargetGone,
    UsageError,
)
from leakline.progress import Progress
from leakline.recording import Recording, find_recordings, load_recording, read_source
from support.inspectors import SNAPSHOT, Client, FakeInspector, Message, chunk_event
from support.runtimes import free_port
from support.webserver import WebServer
from support.workspaces import left_behind


async def run(
    inspector: FakeInspector | str,
    server: WebServer,
    workspace: Path,
    progress: list[Progress] | None = None,
    rounds: int = 2,
) -> Recording:
    return await measure(
        inspector=inspector if isinstance(inspector, str) else inspector.address,
        load=LoadPlan(url=server.url + "{i}", requests=5),
        rounds=rounds,
        workspace=workspace,
        on_progress=(progress if progress is not None else []).append,
    )


async def test_recording_holds_rounds_counts_and_sources(
    server: WebServer, tmp_path: Path, progress: list[Progress]
) -> None:
    async with FakeInspector() as inspector:
        recording = await run(inspector, server, tmp_path, progress)
    assert [each.requests for each in recording.rounds] == [5, 10, 15]
    assert [each.snapshot.read_text() for each in recording.rounds] == [SNAPSHOT] * 3
    assert {each.heap_used for each in recording.rounds} == {4321}
    assert (recording.target.kind, recording.target.title) == ("node", "server.js")
    assert recording.target.runtime == "node.js/v24.0.0"
    assert recording.scripts[3].source is None  # the runtime's own
    assert read_source(recording.scripts[7]) == "let a = 1;\n"
    assert load_recording(recording.path) == recording
    assert find_recordings(tmp_path) == [recording.path]
    assert [path for _, path, _, _ in server.requests] == [f"/{i}" for i in range(15)]


async def test_progress_goes_forward_and_says_what_is_going_on(
    server: WebServer, tmp_path: Path, progress: list[Progress]
) -> None:
    async with FakeInspector() as inspector:
        await run(inspector, server, tmp_path, progress)
    fractions = [each.fraction for each in progress]
    assert fractions == sorted(fractions)
    assert (fractions[0] < 0.1, fractions[-1]) == (True, 1.0)
    texts = [each.text for each in progress]
    assert "warm-up: sending 5 requests" in texts
    assert "round 2 of 2: taking the snapshot" in texts


async def test_requests_carry_method_headers_body_and_number(
    server: WebServer, tmp_path: Path
) -> None:
    load = LoadPlan(
        url=server.url + "item?n={i}",
        method="POST",
        headers=(("X-Number", "no {i}"),),
        body=b'{"n":{i}}',
        requests=2,
    )
    async with FakeInspector() as inspector:
        await measure(
            inspector=inspector.address,
            load=load,
            rounds=1,
            workspace=tmp_path,
            on_progress=lambda _: None,
        )
    method, path, headers, body = server.requests[3]
    assert (method, path, headers["X-Number"], body) == ("POST", "/item?n=3", "no 3", b'{"n":3}')


async def test_a_debuggers_shared_connection_is_left_as_it_is(
    server: WebServer, tmp_path: Path
) -> None:
    """As VS Code's js-debug shares it: no list, no events unless asked for, pauses its own.

    It drops a reply that has no result, as workerd's to ``takeHeapSnapshot`` has none.
    """
    asked: list[str] = []

    async def subscribe(client: Client, message: Message) -> None:
        asked.extend(message["params"]["events"])
        await client.send({"id": message["id"], "result": {}})

    async def snapshot(client: Client, _message: Message) -> None:
        assert "HeapProfiler.addHeapSnapshotChunk" in asked
        await inspector.send_snapshot(client)

    async with FakeInspector(
        JsDebug_subscribe=subscribe, HeapProfiler_takeHeapSnapshot=snapshot
    ) as inspector:
        inspector.targets = inspector.version = {"message": "Upgrade Required"}  # type: ignore[assignment]
        recording = await run(f"ws://{inspector.address}/secret", server, tmp_path, rounds=1)
        with pytest.raises(InspectorProtocolError, match="is not an inspector"):
            await run(inspector.address, server, tmp_path)
    assert len(recording.rounds) == 2
    assert not {"Debugger.setSkipAllPauses", "Runtime.runIfWaitingForDebugger"} & set(
        inspector.methods()
    )


async def test_capture_takes_one_snapshot(tmp_path: Path) -> None:
    async with FakeInspector() as inspector:
        recording = await capture(
            inspector=f"ws://{inspector.address}/the-id",
            workspace=tmp_path,
            on_progress=lambda _: None,
        )
    assert [each.requests for each in recording.rounds] == [None]
    assert recording.target.title == "server.js"


async def test_foreign_replies_and_unknown_events_are_ignored(
    server: WebServer, tmp_path: Path
) -> None:
    async def with_noise(client: Client, message: Message) -> None:
        await client.send({"id": 100_000_001, "result": {"debuggerId": "not ours"}})
        await client.send({"id": 1, "error": {"code": -1, "message": "not ours"}})
        await client.send({"id": message["id"] + 1, "result": {"debuggerId": "not ours yet"}})
        await client.send({"method": "Network.somethingNew", "params": {"a": [1]}})
        await inspector.answer(client, message)

    async with FakeInspector(Debugger_enable=with_noise) as inspector:
        recording = await run(inspector, server, tmp_path)
    assert len(recording.rounds) == 3


async def test_reply_without_a_result_ends_the_snapshot(server: WebServer, tmp_path: Path) -> None:
    async def as_wrangler(client: Client, message: Message) -> None:
        await inspector.send_snapshot(client)
        await client.send({"id": message["id"], "method": message["method"], "params": {}})

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=as_wrangler) as inspector:
        recording = await run(inspector, server, tmp_path)
    assert recording.rounds[0].snapshot.read_text() == SNAPSHOT


async def test_the_program_is_never_paused_nor_its_console_kept_alive(
    server: WebServer, tmp_path: Path
) -> None:
    async with FakeInspector() as inspector:
        await run(inspector, server, tmp_path)
    assert "Runtime.enable" not in inspector.methods()
    assert inspector.methods()[:2] == ["Debugger.enable", "Debugger.setSkipAllPauses"]


async def test_nothing_listens(server: WebServer, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    with pytest.raises(InspectorUnreachable) as caught:
        await run(address, server, tmp_path)
    assert str(caught.value).startswith(
        f"nothing listens at the inspector's address {address}: start the program"
    )
    assert left_behind(tmp_path) == []


async def test_something_else_listens(server: WebServer, tmp_path: Path) -> None:
    with pytest.raises(InspectorProtocolError, match="is not an inspector"):
        await run(f"127.0.0.1:{server.port}", server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_another_client_holds_the_inspector(server: WebServer, tmp_path: Path) -> None:
    async def refuse(client: Client, _: Message) -> None:
        await client.close(1013, "Too many clients; only one can be connected at a time")

    async with FakeInspector(connect=refuse) as inspector:
        with pytest.raises(InspectorBusy) as caught:
            await run(inspector, server, tmp_path)
    assert "close the DevTools window" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert left_behind(tmp_path) == []


async def test_connection_cut_in_the_middle_of_a_chunk(server: WebServer, tmp_path: Path) -> None:
    async def cut(client: Client, _: Message) -> None:
        await client.send(chunk_event(SNAPSHOT[:100]))
        await client.cut_within(chunk_event(SNAPSHOT[100:]))

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=cut) as inspector:
        with pytest.raises(TargetGone, match=r"the connection to the inspector at .* ended"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("{not JSON", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('"text"', "no message"),
        ('{"method": 5}', "without a method"),
        (json.dumps(chunk_event("x") | {"params": {"chunk": 5}}), "without a valid chunk"),
        (
            json.dumps({"method": "Debugger.scriptParsed", "params": {"scriptId": "../x"}}),
            "strange",
        ),
    ],
)
async def test_hostile_messages_end_the_capture(
    server: WebServer, tmp_path: Path, sent: str, told: str
) -> None:
    async def hostile(client: Client, _: Message) -> None:
        await client.send(sent)

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=hostile) as inspector:
        with pytest.raises(InspectorProtocolError, match=told):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_message_of_a_gigabyte_is_refused_by_its_head(
    server: WebServer, tmp_path: Path
) -> None:
    async def huge(client: Client, _: Message) -> None:
        await client.send_raw(b"\x81\x7f" + (1 << 30).to_bytes(8, "big") + b"{")

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=huge) as inspector:
        with pytest.raises(InspectorProtocolError, match="larger than 128 MiB"):
            await asyncio.wait_for(run(inspector, server, tmp_path), timeout=60)
    assert left_behind(tmp_path) == []


async def test_endless_chunks_end_before_the_disk_is_full(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0

    async def endless(client: Client, _: Message) -> None:
        nonlocal sent
        while True:
            await client.send(chunk_event("x" * 100_000))
            sent += 100_000

    real = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: real._replace(free=(400 << 20) - sent))
    async with FakeInspector(HeapProfiler_takeHeapSnapshot=endless) as inspector:
        with pytest.raises(RecordingError, match="fills the disk"):
            await asyncio.wait_for(run(inspector, server, tmp_path), timeout=60)
    assert left_behind(tmp_path) == []


async def test_snapshot_that_ends_early_is_refused(server: WebServer, tmp_path: Path) -> None:
    async def short(client: Client, message: Message) -> None:
        await inspector.send_snapshot(client, SNAPSHOT[:-20])
        await client.send({"id": message["id"], "result": {}})

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=short) as inspector:
        with pytest.raises(InspectorProtocolError, match="before it was whole"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_inspector_refuses_snapshots(server: WebServer, tmp_path: Path) -> None:
    async def refuse(client: Client, message: Message) -> None:
        error = {"code": -32601, "message": "'HeapProfiler.takeHeapSnapshot' wasn't found"}
        await client.send({"id": message["id"], "error": error})

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=refuse) as inspector:
        with pytest.raises(InspectorProtocolError, match=r"refused HeapProfiler\.takeHeapSnapshot"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_silent_inspector(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(_: Client, __: Message) -> None:
        pass

    monkeypatch.setattr("leakline.capture.cdp.limits._SNAPSHOT_SECONDS", 0.2)
    async with FakeInspector(HeapProfiler_takeHeapSnapshot=silent) as inspector:
        with pytest.raises(InspectorProtocolError, match="did not answer HeapProfiler"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_slow_snapshot_is_waited_for_while_it_moves(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(client: Client, message: Message) -> None:
        for character in range(0, len(SNAPSHOT), 100):
            await asyncio.sleep(0.3)
            await client.send(chunk_event(SNAPSHOT[character : character + 100]))
        await client.send({"id": message["id"], "result": {}})

    monkeypatch.setattr("leakline.capture.cdp.limits._SNAPSHOT_SECONDS", 2.0)
    async with FakeInspector(HeapProfiler_takeHeapSnapshot=slow) as inspector:
        recording = await run(inspector, server, tmp_path, rounds=1)
    assert recording.rounds[1].snapshot.read_text() == SNAPSHOT


async def test_disk_full(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk:
        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            pass

    monkeypatch.setattr(
        "leakline.recording.writer._private_file", lambda *_, **__: FullDisk(), raising=True
    )
    (tmp_path / ".leakline").mkdir()
    (tmp_path / ".leakline/.gitignore").write_text("*\n")
    async with FakeInspector() as inspector:
        with pytest.raises(LeaklineError, match=r"cannot be written \(No space left on device\)"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_url_refuses(server: WebServer, tmp_path: Path) -> None:
    server.port = free_port()
    async with FakeInspector() as inspector:
        with pytest.raises(LoadFailed, match="refuses connections"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_url_answers_500_throughout(server: WebServer, tmp_path: Path) -> None:
    server.status = 500
    async with FakeInspector() as inspector:
        with pytest.raises(LoadFailed) as caught:
            await run(inspector, server, tmp_path)
    assert "answered all 5 requests with errors (status 500)" in str(caught.value)
    assert len(server.requests) == 5
    assert left_behind(tmp_path) == []


async def test_some_errors_are_told_and_recorded(
    server: WebServer, tmp_path: Path, progress: list[Progress]
) -> None:
    server.on_request = lambda count: setattr(server, "status", 404 if count == 7 else 200)
    async with FakeInspector() as inspector:
        recording = await run(inspector, server, tmp_path, progress)
    assert "round 1 of 2: 1 of 5 failed (1 with status 404)" in [each.text for each in progress]
    assert [each.errors for each in recording.rounds] == [0, 1, 0]
    (note,) = recording.notes
    assert note.startswith("in round 1 1 of 5 requests were answered with an error status")
    assert load_recording(recording.path) == recording


async def test_redirect_is_one_request(server: WebServer, tmp_path: Path) -> None:
    server.status = 302
    async with FakeInspector() as inspector:
        await run(inspector, server, tmp_path, rounds=1)
    assert len(server.requests) == 10


async def test_slow_answer_fails(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leakline.capture.load.REQUEST_SECONDS", 0.2)
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    with listener:
        async with FakeInspector() as inspector:
            with pytest.raises(LoadFailed, match="did not answer within"):
                await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


async def test_proxy_from_the_environment_is_not_used(
    server: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY", "ws_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with FakeInspector() as inspector:
        recording = await run(inspector, server, tmp_path, rounds=1)
    assert len(recording.rounds) == 2


async def test_reload_starts_the_rounds_anew(
    server: WebServer, tmp_path: Path, progress: list[Progress]
) -> None:
    reloaded = False

    async def reload_once(client: Client, message: Message) -> None:
        nonlocal reloaded
        if len(server.requests) == 10 and not reloaded:
            reloaded = True
            # The heap that was asked is gone: no answer will come.
            inspector.scripts[1]["source"] = "let a = 2;\n"
            await client.send(chunk_event(SNAPSHOT[:50]))
            await client.send({"method": "Runtime.executionContextsCleared"})
            return
        await inspector.answer(client, message)

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=reload_once) as inspector:
        recording = await run(inspector, server, tmp_path, progress)
    assert "the program was reloaded, starting the rounds anew" in [e.text for e in progress]
    assert [(each.requests, each.isolate) for each in recording.rounds] == [
        (5, 1),
        (10, 1),
        (15, 1),
    ]
    assert [each.snapshot.name for each in recording.rounds] == [
        f"{i}.heapsnapshot" for i in range(3)
    ]
    assert {each.snapshot.read_text() for each in recording.rounds} == {SNAPSHOT}
    assert read_source(recording.scripts[7]) == "let a = 2;\n"
    assert [path for _, path, _, _ in server.requests] == [f"/{i}" for i in range(25)]


async def test_new_debugger_id_is_a_reload(
    server: WebServer, tmp_path: Path, progress: list[Progress]
) -> None:
    async def enable(client: Client, message: Message) -> None:
        ident = "1.1" if len(server.requests) < 10 else "2.2"
        await client.send({"id": message["id"], "result": {"debuggerId": ident}})

    async with FakeInspector(Debugger_enable=enable) as inspector:
        recording = await run(inspector, server, tmp_path, progress)
    assert "the program was reloaded, starting the rounds anew" in [e.text for e in progress]
    assert [(each.requests, each.isolate) for each in recording.rounds] == [
        (5, 1),
        (10, 1),
        (15, 1),
    ]


async def test_endless_reloads_end_the_capture(server: WebServer, tmp_path: Path) -> None:
    async def cleared(client: Client, message: Message) -> None:
        await client.send({"method": "Runtime.executionContextsCleared"})
        await inspector.answer(client, message)

    async with FakeInspector(HeapProfiler_takeHeapSnapshot=cleared) as inspector:
        with pytest.raises(CaptureError, match="reloaded 4 times while it was measured"):
            await run(inspector, server, tmp_path)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "moment", ["connecting", "enabling", "loading", "within a snapshot", "saving sources"]
)
async def test_cancel_leaves_nothing(server: WebServer, tmp_path: Path, moment: str) -> None:
    reached = asyncio.Event()

    async def stall(client: Client, message: Message) -> None:
        if message.get("method") == "HeapProfiler.takeHeapSnapshot":
            await client.send(chunk_event(SNAPSHOT[:100]))
            await asyncio.sleep(0.05)
        reached.set()
        await asyncio.sleep(60)

    handlers = {
        "connecting": {"connect": stall},
        "enabling": {"Debugger_enable": stall},
        "loading": {},
        "within a snapshot": {"HeapProfiler_takeHeapSnapshot": stall},
        "saving sources": {"Debugger_getScriptSource": stall},
    }[moment]
    if moment == "loading":
        server.on_request = lambda count: reached.set() if count == 8 else None
    async with FakeInspector(**handlers) as inspector:
        task = asyncio.create_task(run(inspector, server, tmp_path))
        await asyncio.wait_for(reached.wait(), timeout=60)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    "address", ["", "nonsense", "127.0.0.1", "http://127.0.0.1:9229", "127.0.0.1:99999", "a@b:1"]
)
async def test_senseless_address(server: WebServer, tmp_path: Path, address: str) -> None:
    with pytest.raises(UsageError, match="is not an inspector's address"):
        await run(address, server, tmp_path)


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (LoadPlan(url="ftp://127.0.0.1/"), "is not an http"),
        (LoadPlan(url="http://127.0.0.1:99999/"), "is not a URL"),
        (LoadPlan(url="http://127.0.0.1/", requests=0), "too few"),
        (LoadPlan(url="http://127.0.0.1/", method="GET /"), "not an HTTP method"),
        (LoadPlan(url="http://127.0.0.1/", headers=(("A", "b\r\nC: d"),)), "header 'A' is invalid"),
    ],
)
async def test_senseless_load(tmp_path: Path, plan: LoadPlan, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        await measure(
            inspector="127.0.0.1:1",
            load=plan,
            rounds=1,
            workspace=tmp_path,
            on_progress=lambda _: None,
        )
