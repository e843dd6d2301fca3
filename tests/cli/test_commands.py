"""What each command hands on, and what it prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leakline.capture import TargetInfo
from leakline.cli import analyze, capture, demonstration, lsp, main, measure, targets
from leakline.errors import InspectorUnreachable
from leakline.pipeline import Analysis
from leakline.progress import Progress
from leakline.recording import Recording, Target

Calls = list[dict[str, Any]]


@pytest.fixture
def recording(workspace: Path) -> Recording:
    return Recording(
        path=workspace / ".leakline" / "recordings" / "one",
        target=Target(kind="node"),
        rounds=(),
        workspace=workspace,
    )


def fake_capture(calls: Calls, recording: Recording) -> Callable[..., Any]:
    async def work(**arguments: Any) -> Recording:
        calls.append(arguments)
        arguments["on_progress"](Progress("sending 7 requests", 0.5))
        return recording

    return work


def fake_analyze(calls: Calls, analysis: Analysis) -> Callable[..., Analysis]:
    def work(recording: Recording, **arguments: Any) -> Analysis:
        calls.append({"recording": recording, **arguments})
        return analysis

    return work


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, recording: Recording, growing: Analysis) -> Calls:
    """Replaces the work of `measure`; gives the calls."""
    calls: Calls = []
    monkeypatch.setattr(measure, "measure_program", fake_capture(calls, recording))
    monkeypatch.setattr(measure, "analyze", fake_analyze(calls, growing))
    return calls


def test_measure_hands_its_options_on(
    measured: Calls, workspace: Path, recording: Recording, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(
        [
            *(
                "measure",
                "--inspect",
                "ws://127.0.0.1:9700/x",
                "--url",
                "http://127.0.0.1:8700/{i}",
            ),
            *("--method", "POST", "--header", "X-A: 1:2 ", "--header", "X-B:{i}", "--body", "b{i}"),
            *("--requests", "7", "--rounds", "2"),
            *("--", "npx", "wrangler", "dev", "--port", "8700", "--url", "other"),
        ]
    )
    assert status == 1
    taken, analysed = measured
    assert taken["inspector"] == "ws://127.0.0.1:9700/x"
    assert taken["rounds"] == 2
    assert taken["workspace"] == workspace
    assert taken["command"] == ("npx", "wrangler", "dev", "--port", "8700", "--url", "other")
    load = taken["load"]
    assert (load.url, load.method, load.requests) == ("http://127.0.0.1:8700/{i}", "POST", 7)
    assert load.headers == (("X-A", "1:2"), ("X-B", "{i}"))
    assert load.body == b"b{i}"
    assert analysed["recording"] is recording
    printed = capsys.readouterr()
    assert "note: the recording is .leakline/recordings/one\n" in printed.out
    assert printed.err == ""


def test_measure_has_the_documented_defaults(measured: Calls) -> None:
    main(["measure", "--url", "http://127.0.0.1:8700/"])
    taken = measured[0]
    assert taken["inspector"] == "127.0.0.1:9229"
    assert taken["command"] == ()
    assert taken["rounds"] == 3
    assert (taken["load"].method, taken["load"].requests, taken["load"].body) == ("GET", 100, None)


def test_measure_refuses_an_impossible_output_before_it_starts(
    measured: Calls, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["measure", "--url", "http://127.0.0.1:8700/", "--output", "no/x.json"]) == 2
    assert measured == []
    assert "there is no directory" in capsys.readouterr().err


def test_measure_writes_json(measured: Calls, workspace: Path) -> None:
    assert main(["measure", "--url", "http://h/", "--format", "json", "--output", "r.json"]) == 1
    assert len(measured) == 2
    assert json.loads((workspace / "r.json").read_text())["summary"]["warnings"] == 1


def test_measure_that_fails_writes_no_report(
    measured: Calls,
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def fail(**_: Any) -> Recording:
        raise InspectorUnreachable("nothing listens at 127.0.0.1:9700", "start the program")

    monkeypatch.setattr(measure, "measure_program", fail)
    assert main(["measure", "--url", "http://h/", "--output", "r.txt"]) == 2
    printed = capsys.readouterr()
    assert printed.err == (
        "leakline: error: nothing listens at 127.0.0.1:9700: start the program\n"
    )
    assert printed.out == ""
    assert list(workspace.iterdir()) == []
    assert measured == []


def test_capture_prints_the_recording(
    monkeypatch: pytest.MonkeyPatch, recording: Recording, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: Calls = []
    monkeypatch.setattr(capture, "capture", fake_capture(calls, recording))
    assert main(["capture", "--inspect", "127.0.0.1:9700"]) == 0
    assert calls[0]["inspector"] == "127.0.0.1:9700"
    assert capsys.readouterr() == (".leakline/recordings/one\n", "")


def test_analyze_looks_for_sources_in_the_recordings_workspace(
    monkeypatch: pytest.MonkeyPatch, recording: Recording, steady: Analysis, workspace: Path
) -> None:
    calls: Calls = []
    inputs: list[object] = []

    def load(paths: object, requests: object) -> Recording:
        inputs.append((paths, requests))
        return recording

    monkeypatch.setattr(analyze, "load_inputs", load)
    monkeypatch.setattr(analyze, "analyze", fake_analyze(calls, steady))
    assert main(["analyze", "a", "b", "--requests", "0, 100"]) == 0
    assert inputs == [((Path("a"), Path("b")), (0, 100))]
    assert calls[0]["workspace"] is None  # the recording's own
    monkeypatch.setattr(
        analyze, "load_inputs", lambda *_: Recording(workspace, Target("unknown"), ())
    )
    main(["analyze", "a.heapsnapshot"])
    assert calls[1]["workspace"] == workspace


def test_targets_are_listed_with_what_inspect_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def find(*_: object, **__: object) -> tuple[TargetInfo, ...]:
        return (
            TargetInfo(
                "127.0.0.1:9229", "node", "server.js", "file:///a.js", "ws://h/1", "node/v24"
            ),
            TargetInfo("127.0.0.1:9230", "wrangler", "one\x1b[2J", "", "ws://127.0.0.1:9230/1"),
            TargetInfo(
                "127.0.0.1:9230",
                "wrangler",
                "two",
                "",
                "ws://127.0.0.1:9230/two",
                pid=77,
                directory="/srv/shop",
                taken=True,
            ),
        )

    monkeypatch.setattr(targets, "find_targets", find)
    assert main(["targets"]) == 0
    assert capsys.readouterr().out == (
        "127.0.0.1:9229         node      server.js file:///a.js node/v24\n"
        "ws://127.0.0.1:9230/1  wrangler  one␛[2J\n"
        "127.0.0.1:9230/two     wrangler  two pid 77 in /srv/shop "
        "(taken: another client is connected, and it takes only one)\n"
    )


def test_targets_as_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def find(*_: object, **__: object) -> tuple[TargetInfo, ...]:
        return (
            TargetInfo("127.0.0.1:9229", "node", "s\x1b", "file:///a.js", "ws://127.0.0.1:9229/1"),
            TargetInfo("127.0.0.1:9230", "wrangler", "one", "", "ws://127.0.0.1:9230/one"),
            TargetInfo("127.0.0.1:9230", "wrangler", "two", "", "ws://127.0.0.1:9230/two", pid=7),
        )

    monkeypatch.setattr(targets, "find_targets", find)
    assert main(["targets", "--format", "json"]) == 0
    printed = capsys.readouterr().out
    assert printed.isascii()
    document = json.loads(printed)
    assert document["version"] == 1
    assert document["targets"][0] == {
        "inspector": "127.0.0.1:9229",
        "address": "127.0.0.1:9229",
        "kind": "node",
        "title": "s\x1b",
        "url": "file:///a.js",
        "webSocketUrl": "ws://127.0.0.1:9229/1",
        "runtime": "",
        "v8": "",
        "pid": None,
        "directory": None,
        "otherPorts": [],
        "taken": None,
    }
    inspectors = [each["inspector"] for each in document["targets"]]
    assert inspectors[1:] == ["127.0.0.1:9230/one", "127.0.0.1:9230/two"]


def test_targets_at_an_address_elsewhere_are_warned_of(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[object] = []

    async def find(addresses: object, **_: object) -> tuple[TargetInfo, ...]:
        asked.append(addresses)
        return ()

    monkeypatch.setattr(targets, "find_targets", find)
    assert main(["targets", "192.0.2.1:9229"]) == 0
    printed = capsys.readouterr()
    assert asked == [("192.0.2.1:9229",)]
    assert printed.err.count("is not on this machine") == 1
    assert printed.out == "no inspector answers at 192.0.2.1:9229\n"


def test_no_targets(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    async def find(*_: object, **__: object) -> tuple[TargetInfo, ...]:
        return ()

    monkeypatch.setattr(targets, "find_targets", find)
    assert main(["targets"]) == 0
    assert capsys.readouterr().out.startswith("no inspector answers")


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        ([], ("stdio",)),
        (["--stdio"], ("stdio",)),
        (["--tcp", "127.0.0.1:9701"], ("tcp", "127.0.0.1", 9701)),
        (["--ws", "[::1]:9702"], ("ws", "::1", 9702)),
    ],
)
def test_lsp_serves_one_way(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], call: tuple[object, ...]
) -> None:
    calls: list[tuple[object, ...]] = []
    for way in ("stdio", "tcp", "ws"):
        monkeypatch.setattr(
            lsp, f"serve_{way}", lambda *address, way=way: calls.append((way, *address))
        )
    assert main(["lsp", *arguments]) == 0
    assert calls == [call]


def test_demo_needs_its_recording(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demonstration, "files", lambda _package: tmp_path)
    assert main(["demo"]) == 2
    assert capsys.readouterr().err == (
        "leakline: error: this installation has no demo recording: install Leakline again\n"
    )
