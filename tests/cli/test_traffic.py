"""What `leakline measure` sends, or watches, by its options."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, Observation, PageActions, Request
from leakline.cli import main, measure
from leakline.errors import CaptureError
from support.runtimes import Program

URL = "http://127.0.0.1:8700/"


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Collects what would be measured."""
    taken: list[object] = []

    async def fake(*, load: object, **_: object) -> None:
        taken.append(load)
        raise CaptureError("enough")

    monkeypatch.setattr(measure, "measure_program", fake)
    return taken


def test_several_urls_take_turns(plans: list[object]) -> None:
    main(["measure", "--url", f"{URL}a", "--url", f"{URL}b", "--concurrency", "3"])
    turns = [Request(f"{URL}a"), Request(f"{URL}b")]
    assert plans == [LoadPlan.of(turns, requests=100, at_once=3)]


def test_requests_of_files(plans: list[object], tmp_path: Path) -> None:
    http, har = tmp_path / "r.http", tmp_path / "r.har"
    http.write_text(f"GET {URL}from-http\n")
    entry = {"request": {"method": "GET", "url": f"{URL}from-har", "headers": []}}
    har.write_text(json.dumps({"log": {"entries": [entry]}}))
    main(["measure", "--http-file", str(http), "--requests", "9"])
    main(["measure", "--har", str(har)])
    assert plans == [
        LoadPlan(f"{URL}from-http", requests=9),
        LoadPlan(f"{URL}from-har", requests=100),
    ]


def test_actions_on_a_page(plans: list[object]) -> None:
    main(["measure", "--click", "#buy", "--requests", "5"])
    main(["measure", "--reload"])
    assert plans == [PageActions("#buy", 5), PageActions("", 100)]


def test_watching_ends_rounds_by_a_count_or_a_time(plans: list[object]) -> None:
    main(["measure", "--observe", "40", "--handler", "serve"])
    main(["measure", "--observe", "2.5s"])
    assert plans == [Observation(requests=40, handler="serve"), Observation(seconds=2.5)]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--url", URL, "--reload"], "--url and --reload cannot be given together"),
        (["--url", URL, "--handler", "x"], "--handler is for --observe only"),
        (["--observe", "often"], "'often' is neither 'key', a number of requests, nor seconds"),
        (["--observe", "0"], "a round would be over at once"),
        (["--http-file", "no.http"], "no.http cannot be read"),
    ],
)
def test_what_makes_no_sense(
    arguments: list[str], line: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del workspace
    assert main(["measure", *arguments]) == 2
    told = capsys.readouterr().err
    assert line in told
    assert told.count("\n") == 1


def command(program: Program) -> list[str]:
    """Measures a program with rounds that end when Enter is pressed."""
    arguments = ["measure", "--inspect", program.inspector, "--observe", "key"]
    return [sys.executable, "-m", "leakline", *arguments]


def test_rounds_that_end_at_a_key(node_server: Program, tmp_path: Path) -> None:
    stop = threading.Event()

    def others() -> None:
        while not stop.is_set():
            with urllib.request.urlopen(node_server.url) as response:
                response.read()

    traffic = threading.Thread(target=others)
    traffic.start()
    try:
        with subprocess.Popen(
            [*command(node_server), "--rounds", "1", "--format", "json"],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as run:
            assert run.stdin is not None
            recordings = tmp_path / ".leakline/recordings"
            for taken in range(2):
                while not list(recordings.glob("*/sources")):
                    assert run.poll() is None
                    time.sleep(0.05)
                time.sleep(0.5)
                assert not list(recordings.glob(f"*/{taken}.heapsnapshot"))
                os.write(run.stdin.fileno(), b"\n")
                while run.poll() is None and not list(recordings.glob(f"*/{taken}.heapsnapshot")):
                    time.sleep(0.05)
            out, err = run.communicate(timeout=120)
    finally:
        stop.set()
        traffic.join()
    assert err == b""
    assert json.loads(out)["requests"] > 2


def test_nobody_can_press_a_key(node_server: Program, tmp_path: Path) -> None:
    run = subprocess.run(
        command(node_server),
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert "standard input has ended" in run.stderr


@pytest.mark.parametrize(("host", "warnings"), [("10.1.2.3", 1), ("127.0.0.1", 0)])
def test_an_inspector_elsewhere_is_warned_of_once(
    plans: list[object], host: str, warnings: int, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["measure", "--inspect", f"{host}:9229", "--url", URL])
    assert len(plans) == 1
    told = capsys.readouterr().err
    assert told.count("is not on this machine") == warnings
