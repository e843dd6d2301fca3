"""A folder that is not trusted at first, and a Node server in VS Code's own debugger."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from support.vscode import REPOSITORY, Ports, play


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> dict[str, Any]:
    return play("debugged", tmp_path_factory.mktemp("vscode"), ports)


def test_nothing_of_an_untrusted_folder_is_run(seen: dict[str, Any]) -> None:
    assert not seen["trust"]["ranBefore"]
    # Else the first would say nothing.
    assert seen["trust"]["ranAfter"]


def test_a_debugged_program_is_a_target(seen: dict[str, Any]) -> None:
    assert "debugged in this window" in seen["debugged"]["row"]


def test_it_is_measured_through_the_debuggers_connection(seen: dict[str, Any]) -> None:
    source = (REPOSITORY / "examples" / "node-server" / "server.js").read_text()
    lines = enumerate(source.splitlines(), 1)
    growing = next(number for number, line in lines if "auditLog.push" in line)
    (squiggle,) = seen["debugged"]["squiggles"]
    assert squiggle["line"] == growing
    assert "auditLog.push" in squiggle["text"]


def test_the_edits_of_a_mend_are_shown_before_they_are_made(seen: dict[str, Any]) -> None:
    (squiggle,) = seen["mend"]["squiggles"]
    assert "pages.set" in squiggle["text"]
    file, *edits = seen["mend"]["previewed"]
    assert "pages.js" in file
    assert any("class BoundedMap extends Map" in edit for edit in edits), edits


def test_node_is_offered_to_be_started_with_its_inspector(seen: dict[str, Any]) -> None:
    assert "node --inspect server.js" in seen["debugged"]["offered"]


def test_a_debugged_page_is_measured_by_clicks(seen: dict[str, Any]) -> None:
    assert "debugged in this window" in seen["debuggedPage"]["row"]
    (squiggle,) = seen["debuggedPage"]["squiggles"]
    assert squiggle["line"] == 2
    assert "basket.push" in squiggle["text"]


def test_a_page_is_measured_by_clicks(seen: dict[str, Any]) -> None:
    assert "shop" in seen["page"]["row"]
    assert "page" in seen["page"]["row"]
    (squiggle,) = seen["page"]["squiggles"]
    assert squiggle["line"] == 2
    assert "basket.push" in squiggle["text"]


def test_a_page_comes_and_goes_by_itself(seen: dict[str, Any]) -> None:
    assert seen["page"]["left"] == []


@pytest.mark.usefixtures("seen")
def test_nothing_listens_any_more(ports: Ports) -> None:
    for port in (ports.vscode, ports.worker, ports.inspector):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
