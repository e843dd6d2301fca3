"""Where VS Code looks for a server, and a heap explorer that is open before there is one."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from click.testing import CliRunner

from leakline.cli.heap import command as heap
from support.vscode import REPOSITORY, Ports, play

SNAPSHOTS = REPOSITORY / "fixtures" / "snapshots"


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> dict[str, Any]:
    return play("searching", tmp_path_factory.mktemp("vscode"), ports)


def test_a_snapshot_alone_in_the_first_window_is_no_text(seen: dict[str, Any]) -> None:
    assert seen["atOnce"]["before"] == "Starting Leakline…"
    assert seen["atOnce"]["tabs"] == 1
    # VS Code does not ask which of two editors is the right one.
    assert seen["atOnce"]["toasts"] == 0


def test_two_selected_files_are_compared(seen: dict[str, Any]) -> None:
    compared = seen["compared"]
    assert compared["title"] == "before.heapsnapshot ↔ bare.heapsnapshot.gz"
    assert compared["before"].startswith("before.heapsnapshot")
    assert compared["after"].startswith("bare.heapsnapshot.gz")
    pair = [str(SNAPSHOTS / f"node{version}.heapsnapshot.gz") for version in (22, 24)]
    words = ["compare", *pair, "--limit", "5", "--format", "json"]
    said = CliRunner().invoke(heap, words, standalone_mode=False)
    classes = json.loads(said.stdout)["classes"]
    assert [row[0][0] for row in compared["rows"]] == [row["className"] for row in classes]


def test_a_file_is_compared_with_one_that_was_kept_and_time_says_which_is_older(
    seen: dict[str, Any],
) -> None:
    """The newer one was kept, and the older one compared with it."""
    assert seen["comparedWith"]["title"] == "before.heapsnapshot ↔ bare.heapsnapshot.gz"


def test_explorers_are_there_again_after_the_window_was_loaded_anew(seen: dict[str, Any]) -> None:
    assert seen["reloaded"]["title"] == "before.heapsnapshot ↔ bare.heapsnapshot.gz"
    words = ["statistics", str(SNAPSHOTS / "node24.heapsnapshot.gz"), "--format", "json"]
    said = CliRunner().invoke(heap, words, standalone_mode=False)
    assert seen["reloaded"]["total"] == f"{json.loads(said.stdout)['total']:,}"


def test_interpreter_path_and_uvx_are_tried_in_this_order(seen: dict[str, Any]) -> None:
    """After the setting, which the window above was opened with."""
    assert seen["found"] == ["interpreter", "PATH", "uvx"]


def test_a_machine_without_python_is_told_what_to_do(seen: dict[str, Any]) -> None:
    assert seen["noPython"] == {
        "message": "Leakline's server needs Python 3.11 or newer, and no Python was found. "
        "Install one, then set up the server.",
        "buttons": ["Get Python", "Don't ask again"],
    }


def test_a_python_that_is_too_old_is_named(seen: dict[str, Any]) -> None:
    assert seen["oldPython"] == {
        "message": "Leakline's server needs Python 3.11 or newer; /usr/bin/python3.9 is 3.9.2. "
        "Install a newer one, then set up the server.",
        "buttons": ["Get Python", "Don't ask again"],
    }


def test_an_explorer_without_a_server_waits_for_one(seen: dict[str, Any]) -> None:
    told = seen["withoutServer"]["told"]
    assert told == "Leakline's server does not run. The heap is shown here as soon as it does."
    assert seen["withoutServer"]["faults"] == []


@pytest.mark.usefixtures("seen")
def test_nothing_listens_any_more(ports: Ports) -> None:
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", ports.vscode)) != 0
