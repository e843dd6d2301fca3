"""Measuring real programs: wrangler (workerd), Node and Chromium."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, capture, find_targets, measure
from leakline.capture.addresses import parse_inspector
from leakline.capture.cdp import open_session
from leakline.capture.finding import choose_target
from leakline.errors import CommandFailed, InspectorBusy, LoadFailed, TargetGone
from leakline.progress import Progress
from leakline.recording import Recording, load_recording, read_source, read_source_map
from support.chromium import open_page
from support.processes import group_members, group_of, with_pid_file
from support.runtimes import (
    Program,
    copy_example,
    environment,
    free_port,
    require_node,
    run_wrangler,
    wrangler_command,
)
from support.workspaces import left_behind


def quiet(_: Progress) -> None:
    pass


def users_script(recording: Recording, ending: str) -> tuple[str, bytes | None]:
    """Source and source map of the one saved script whose URL ends so."""
    (script,) = (
        each for each in recording.scripts.values() if each.source and each.url.endswith(ending)
    )
    return read_source(script), read_source_map(script)


def assert_grows_by(recording: Recording, sizes: list[int], per_request: float) -> None:
    requests = [each.requests for each in recording.rounds]
    for before, after in zip(range(len(sizes) - 1), range(1, len(sizes)), strict=True):
        first, second = requests[before], requests[after]
        assert first is not None
        assert second is not None
        grown = (sizes[after] - sizes[before]) / (second - first)
        assert grown == pytest.approx(per_request, rel=0.05)


def string_count(recording: Recording, start: str) -> list[int]:
    """How many strings of each snapshot start so."""
    return [
        sum(text.startswith(start) for text in json.loads(each.snapshot.read_bytes())["strings"])
        for each in recording.rounds
    ]


async def test_wrangler_that_runs(wrangler_seed: Program, tmp_path: Path) -> None:
    recording = await measure(
        inspector=wrangler_seed.inspector,
        load=LoadPlan(url=wrangler_seed.url, requests=20),
        rounds=2,
        workspace=tmp_path,
        on_progress=quiet,
    )
    assert recording.target.kind == "wrangler"
    assert recording.target.runtime.startswith("wrangler/")
    assert [each.requests for each in recording.rounds] == [20, 40, 60]
    assert load_recording(recording.path) == recording
    for each in recording.rounds:
        assert json.loads(each.snapshot.read_bytes())["snapshot"]["node_count"] > 1000
        assert each.heap_used
    source, source_map = users_script(recording, "/index.js")
    assert "responseText +=" in source
    assert source_map is not None
    assert any(name.endswith("src/index.js") for name in json.loads(source_map)["sources"])


async def test_wrangler_whose_inspector_another_client_holds(
    wrangler_seed: Program, tmp_path: Path
) -> None:
    target = await choose_target(parse_inspector(wrangler_seed.inspector))
    async with open_session(target.web_socket_url, alone=True) as holder:
        with pytest.raises(InspectorBusy, match="another client holds the inspector"):
            await measure(
                inspector=wrangler_seed.inspector,
                load=LoadPlan(url=wrangler_seed.url, requests=2),
                rounds=1,
                workspace=tmp_path,
                on_progress=quiet,
            )
        assert await holder.runtime.heap_used()  # the other client goes on undisturbed
    assert left_behind(tmp_path) == []


async def test_worker_threads_are_named_as_not_covered(tmp_path: Path) -> None:
    port, inspector_port = free_port(), free_port()
    (tmp_path / "pool.js").write_text("setInterval(() => {}, 1000);\n")
    (tmp_path / "server.js").write_text(
        "const { Worker } = require('node:worker_threads');\n"
        "for (let i = 0; i < 2; i++) new Worker('./pool.js');\n"
        "require('node:http').createServer((_, r) => r.end()).listen(+process.env.PORT);\n"
    )
    recording = await measure(
        inspector=f"127.0.0.1:{inspector_port}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/", requests=5),
        rounds=1,
        command=[
            "env",
            f"PORT={port}",
            str(require_node()),
            f"--inspect=127.0.0.1:{inspector_port}",
            "server.js",
        ],
        workspace=tmp_path,
        on_progress=quiet,
    )
    (note,) = recording.notes
    assert note.startswith("the program started 2 worker threads (pool.js): only the heap of")


async def test_who_is_in_the_way_is_named(wrangler_seed: Program, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only /proc shows who is connected")
    holder = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "leakline", "measure", "--inspect", wrangler_seed.inspector),
        *("--observe", "1000"),
        cwd=tmp_path,
        start_new_session=True,
    )
    try:
        for _ in range(900):
            if left_behind(tmp_path):
                break
            assert holder.returncode is None
            await asyncio.sleep(0.1)
        told = rf"\(process {holder.pid}\) holds the inspector at {wrangler_seed.inspector}"
        with pytest.raises(InspectorBusy, match=told):
            await capture(inspector=wrangler_seed.inspector, workspace=tmp_path, on_progress=quiet)
    finally:
        if holder.returncode is None:
            holder.terminate()
        await holder.wait()


async def test_wrangler_reloads_while_it_is_measured(tmp_path: Path) -> None:
    texts: list[str] = []
    async with run_wrangler("seed-worker", tmp_path) as program:
        worker = program.workspace / "src/index.js"

        def save_once(progress: Progress) -> None:
            source = worker.read_text()
            if progress.text.startswith("round 1 of 2: sending") and "one more" in source:
                worker.write_text(source.replace("one more", "yet another"))
            texts.append(progress.text)

        recording = await measure(
            inspector=program.inspector,
            load=LoadPlan(url=program.url, requests=150),
            rounds=2,
            workspace=program.workspace,
            on_progress=save_once,
        )
    assert "the program was reloaded, starting the rounds anew" in texts
    assert [each.requests for each in recording.rounds] == [150, 300, 450]
    assert {each.isolate for each in recording.rounds} == {1}
    source, source_map = users_script(recording, "/index.js")
    assert "yet another request served" in source
    assert source_map is not None
    assert "yet another request served" in source_map.decode()


@pytest.mark.parametrize("runtime", ["node", "wrangler"])
async def test_command_is_started_and_ended(runtime: str, tmp_path: Path) -> None:
    port, inspector_port = free_port(), free_port()
    if runtime == "node":
        command = [str(require_node()), f"--inspect=127.0.0.1:{inspector_port}", "server.js"]
        workspace = copy_example("node-server", tmp_path)
    else:
        command = wrangler_command(port, inspector_port)
        workspace = copy_example("page-cache-worker", tmp_path)
    variables = [f"PATH={environment()['PATH']}", f"PORT={port}", "CI=1"]
    recording = await measure(
        inspector=f"127.0.0.1:{inspector_port}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/{{i}}", requests=20),
        rounds=2,
        command=with_pid_file(["env", *variables, *command], tmp_path / "pid"),
        workspace=workspace,
        on_progress=quiet,
    )
    assert group_members(group_of(tmp_path / "pid")) == []
    assert recording.target.kind == runtime
    assert recording.workspace == workspace
    if runtime == "node":
        source, source_map = users_script(recording, "/server.js")
        assert ("auditLog.push" in source, source_map) == (True, None)
        return
    # Each request's page is kept under its path: 20 strings such as /7 more in each round.
    source, source_map = users_script(recording, "/index.js")
    assert "pageCache" in source
    assert source_map is not None
    assert any(name.endswith("src/page-cache.ts") for name in json.loads(source_map)["sources"])
    assert_grows_by(recording, string_count(recording, "<ul><li>/"), 1)


async def test_what_a_worker_logs_is_not_kept(tmp_path: Path) -> None:
    port, inspector_port = free_port(), free_port()
    workspace = copy_example("seed-worker", tmp_path)
    (workspace / "src/index.js").write_text(
        "export default { async fetch(request) {\n"
        "  console.log({ logged: `thing ${request.url}` });\n"
        "  return new Response('ok');\n"
        "} };\n"
    )
    recording = await measure(
        inspector=f"127.0.0.1:{inspector_port}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/{{i}}", requests=20),
        rounds=1,
        command=["env", "CI=1", *wrangler_command(port, inspector_port)],
        workspace=workspace,
        on_progress=quiet,
    )
    assert max(string_count(recording, "thing http://")) < 5


async def test_node_that_waits_for_its_debugger(tmp_path: Path) -> None:
    port, inspector_port = free_port(), free_port()
    node = str(require_node())
    recording = await measure(
        inspector=f"127.0.0.1:{inspector_port}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/", requests=5),
        rounds=1,
        command=[
            "env",
            f"PORT={port}",
            node,
            f"--inspect-brk=127.0.0.1:{inspector_port}",
            "server.js",
        ],
        workspace=copy_example("node-server", tmp_path),
        on_progress=quiet,
    )
    assert len(recording.rounds) == 2


async def test_node_on_another_inspector_port_and_ipv6(tmp_path: Path) -> None:
    port = free_port()
    workspace = copy_example("node-server", tmp_path)
    recording = await measure(
        inspector=f"127.0.0.1:{free_port()}",
        load=LoadPlan(url=f"http://localhost:{port}/", requests=5),
        rounds=1,
        command=["env", f"PORT={port}", str(require_node()), "--inspect=[::1]:0", "server.js"],
        workspace=workspace,
        on_progress=quiet,
    )
    assert recording.target.title.endswith("server.js")


async def test_command_dies_early(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed) as caught:
        await measure(
            inspector=f"127.0.0.1:{free_port()}",
            load=LoadPlan(url=f"http://127.0.0.1:{free_port()}/"),
            rounds=1,
            command=[
                "sh",
                "-c",
                "echo first; printf '\\033[31mno port\\033[0m\\n' >&2; exit 3",
            ],
            workspace=tmp_path,
            on_progress=quiet,
        )
    assert str(caught.value).endswith(
        "ended with status 3 before its inspector answered: its last output was: first | no port"
    )
    assert left_behind(tmp_path) == []


async def test_command_dies_before_its_port_opens(tmp_path: Path) -> None:
    inspector_port = free_port()
    # It goes on until it is connected to.
    (tmp_path / "server.js").write_text(
        "setInterval(() => require('node:fs').existsSync('go') && process.exit(4), 20)\n"
    )

    def let_it_end(progress: Progress) -> None:
        if progress.text.startswith("waiting for http"):
            (tmp_path / "go").touch()

    with pytest.raises(TargetGone, match="ended with status 4 while it was measured"):
        await measure(
            inspector=f"127.0.0.1:{inspector_port}",
            load=LoadPlan(url=f"http://127.0.0.1:{free_port()}/"),
            rounds=1,
            command=[str(require_node()), f"--inspect=127.0.0.1:{inspector_port}", "server.js"],
            workspace=tmp_path,
            on_progress=let_it_end,
        )
    assert left_behind(tmp_path) == []


async def test_command_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="could not be started"):
        await measure(
            inspector=f"127.0.0.1:{free_port()}",
            load=LoadPlan(url=f"http://127.0.0.1:{free_port()}/"),
            rounds=1,
            command=["no-such-program-anywhere"],
            workspace=tmp_path,
            on_progress=quiet,
        )


async def test_command_that_opens_no_inspector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leakline.capture.startup.START_SECONDS", 0.5)
    with pytest.raises(Exception, match="opened no inspector") as caught:
        await measure(
            inspector=f"127.0.0.1:{free_port()}",
            load=LoadPlan(url=f"http://127.0.0.1:{free_port()}/"),
            rounds=1,
            command=with_pid_file(["sleep", "60"], tmp_path / "pid"),
            workspace=tmp_path,
            on_progress=quiet,
        )
    assert caught.type.__name__ == "InspectorUnreachable"
    assert group_members(group_of(tmp_path / "pid")) == []


async def test_port_that_another_program_holds(node_server: Program, tmp_path: Path) -> None:
    for inspector, url, error in (
        (node_server.inspector, f"http://127.0.0.1:{free_port()}/", InspectorBusy),
        (f"127.0.0.1:{free_port()}", node_server.url, LoadFailed),
    ):
        with pytest.raises(error, match="another program already listens"):
            await measure(
                inspector=inspector,
                load=LoadPlan(url=url),
                rounds=1,
                command=["touch", str(tmp_path / "started")],
                workspace=tmp_path,
                on_progress=quiet,
            )
    assert not (tmp_path / "started").exists()


@pytest.mark.parametrize("moment", ["warm-up: sending", "round 1 of 3: taking the snapshot"])
async def test_program_ends_while_it_is_measured(tmp_path: Path, moment: str) -> None:
    port, inspector_port = free_port(), free_port()
    pid_file = tmp_path / "pid"
    workspace = copy_example("node-server", tmp_path)

    def kill(progress: Progress) -> None:
        if progress.text.startswith(moment) and group_members(group_of(pid_file)):
            os.killpg(group_of(pid_file), signal.SIGKILL)

    node = str(require_node())
    with pytest.raises(TargetGone) as caught:
        await measure(
            inspector=f"127.0.0.1:{inspector_port}",
            load=LoadPlan(url=f"http://127.0.0.1:{port}/", requests=50),
            rounds=3,
            command=with_pid_file(
                ["env", f"PORT={port}", node, f"--inspect=127.0.0.1:{inspector_port}", "server.js"],
                pid_file,
            ),
            workspace=workspace,
            on_progress=kill,
        )
    assert "ended with signal SIGKILL while it was measured" in str(caught.value)
    assert left_behind(workspace) == []


@pytest.mark.parametrize(
    "moment",
    [
        "starting",
        "waiting for the inspector",
        "warm-up: sending",
        "round 1 of 3: taking the snapshot",
        "saving sources",
        "ending",
    ],
)
async def test_cancel_ends_the_command_and_leaves_nothing(tmp_path: Path, moment: str) -> None:
    port, inspector_port = free_port(), free_port()
    pid_file = tmp_path / "pid"
    workspace = copy_example("node-server", tmp_path)
    reached = asyncio.Event()

    def watch(progress: Progress) -> None:
        if progress.text.startswith(moment):
            reached.set()

    node = str(require_node())
    task = asyncio.create_task(
        measure(
            inspector=f"127.0.0.1:{inspector_port}",
            load=LoadPlan(url=f"http://127.0.0.1:{port}/", requests=50),
            rounds=3,
            command=with_pid_file(
                ["env", f"PORT={port}", node, f"--inspect=127.0.0.1:{inspector_port}", "server.js"],
                pid_file,
            ),
            workspace=workspace,
            on_progress=watch,
        )
    )
    await asyncio.wait_for(reached.wait(), timeout=120)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    if pid_file.exists():
        assert group_members(group_of(pid_file)) == []
    assert left_behind(workspace) == []


async def test_stubborn_command_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "leakline.capture.command._GRACE",
        ((signal.SIGINT, 0.3), (signal.SIGTERM, 0.3), (signal.SIGKILL, 5.0)),
    )
    stubborn = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '60'])\n"
        "open('up', 'w').close()\n"
        "time.sleep(60)\n"
    )
    task = asyncio.create_task(
        measure(
            inspector=f"127.0.0.1:{free_port()}",
            load=LoadPlan(url=f"http://127.0.0.1:{free_port()}/"),
            rounds=1,
            command=with_pid_file([sys.executable, "-c", stubborn], tmp_path / "pid"),
            workspace=tmp_path,
            on_progress=quiet,
        )
    )
    for _ in range(900):
        await asyncio.sleep(0.1)
        if (tmp_path / "up").exists():
            break
    assert len(group_members(group_of(tmp_path / "pid"))) == 2
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert group_members(group_of(tmp_path / "pid")) == []


async def test_targets_say_what_they_are(wrangler_seed: Program, node_server: Program) -> None:
    nobody = f"127.0.0.1:{free_port()}"
    web = node_server.url.removeprefix("http://").rstrip("/")
    found = await find_targets([wrangler_seed.inspector, nobody, web, node_server.inspector])
    assert [(each.address, each.kind) for each in found] == [
        (wrangler_seed.inspector, "wrangler"),
        (node_server.inspector, "node"),
    ]
    assert found[1].title == "server.js"
    assert found[1].url.endswith("/node-server/server.js")
    assert found[1].runtime.startswith("node.js/v")


async def test_chromium_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>shop</title><script>let seen = ['first'];</script>")
    async with open_page(page.as_uri(), tmp_path / "profile") as (port, _):
        recording = await capture(
            inspector=f"127.0.0.1:{port}", workspace=tmp_path, on_progress=quiet
        )
    assert (recording.target.kind, recording.target.title) == ("page", "shop")
    assert recording.target.v8
    source, _ = users_script(recording, "/page.html")
    assert "let seen" in source
