"""The whole way in a real VS Code: from a fresh profile to a mended leak.

``run.mjs`` plays the user once; the tests say what the user should have seen. Screenshots of each
step, and the logs of a run that failed, are left in ``out/vscode/worker``. With
``LEAKLINE_README_PICTURE=1`` the pictures of the documentation and of the walkthrough are taken
anew.
"""

from __future__ import annotations

import re
import socket
from typing import Any

import pytest

from support.vscode import REPOSITORY, Ports, play


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory, ports: Ports) -> dict[str, Any]:
    return play("worker", tmp_path_factory.mktemp("vscode"), ports)


def test_the_walkthrough_has_four_steps(seen: dict[str, Any]) -> None:
    assert seen["walkthrough"]["steps"] == [
        "Set up the server",
        "Open the example Worker",
        "Measure its growth",
        "Mend the leak and verify",
    ]


def test_a_new_user_is_offered_to_set_the_server_up(seen: dict[str, Any]) -> None:
    offer = seen["setUp"]
    assert offer["message"].startswith("Leakline's server was not found.")
    assert offer["buttons"] == ["Set up", "Don't ask again"]
    assert "Leakline: set up" in offer["statusBar"]
    assert offer["cancellable"]
    assert re.search(
        r"server is set up in \S+/globalStorage/leakline\.leakline/server, with Python 3\.\d+",
        offer["told"],
    ), offer["told"]


def test_a_worker_that_does_not_run_is_started(seen: dict[str, Any]) -> None:
    assert "Start wrangler dev" in seen["offered"]
    assert "npm run dev" in seen["offered"]


def test_progress_is_a_notification_that_can_be_cancelled(seen: dict[str, Any]) -> None:
    progress = seen["progress"]
    assert progress["message"].startswith("Leakline: measuring growth")
    assert re.search(r"round \d of 3", progress["message"])
    assert progress["cancellable"]
    assert "round" in progress["statusBar"]


def test_one_squiggle_stands_on_the_growing_line(seen: dict[str, Any]) -> None:
    assert [squiggle["line"] for squiggle in seen["squiggles"]] == [_growing_line()]
    assert "responseText" in seen["squiggles"][0]["text"]


def test_the_problems_panel_has_the_warning(seen: dict[str, Any]) -> None:
    file, row, *related = (" ".join(text.split()) for text in seen["problems"])
    assert "index.js" in file
    assert "[Ln 1, Col 5] : `responseText` is declared here" in related[0]
    message = re.search(
        r"global `responseText` grows per request: \+(\d+) B/request, "
        r"([\d.]+) kB retained after (\d+) requests",
        row,
    )
    assert message is not None, row
    per_request, retained, requests = (float(group) for group in message.groups())
    assert per_request == pytest.approx(25, rel=0.05)
    assert requests == 400
    # A string that is built by += holds what was appended.
    assert retained * 1000 >= 25 * requests * 0.95


def test_the_hover_tells_the_figures(seen: dict[str, Any]) -> None:
    hover = seen["hover"]
    assert "responseText" in hover
    assert "B/request" in hover
    assert "Leak trace" in hover
    for requests in (100, 200, 300, 400):
        assert re.search(rf"\b{requests}\b", hover), hover


def test_the_code_in_the_hover_opens_the_page_about_it(seen: dict[str, Any]) -> None:
    page = REPOSITORY / "docs" / "detectors" / "growing-variable.md"
    assert seen["page"] == page.read_text().splitlines()[0]


def test_the_code_lens_stands_over_the_declaration(seen: dict[str, Any]) -> None:
    assert len(seen["codeLens"]) == 1
    assert re.fullmatch(r"[\d.]+ kB, \+\d+ B/request", seen["codeLens"][0])


def test_the_status_bar_counts_the_leaks(seen: dict[str, Any]) -> None:
    assert "1 leak" in seen["statusBar"]


def test_the_light_bulb_offers_what_can_be_done(seen: dict[str, Any]) -> None:
    offered = "\n".join(seen["ignored"]["codeActions"])
    assert "Leakline: Measure growth" in offered
    assert "Leakline: Measure again to verify `responseText`" in offered
    assert "Leakline: Ignore `responseText` in the workspace" in offered
    assert "Leakline: Capture heap snapshot" in offered


def test_a_finding_is_ignored_by_a_comment_and_undo_brings_it_back(seen: dict[str, Any]) -> None:
    ignored = seen["ignored"]
    assert ignored["comment"].startswith("// leakline-ignore-next-line growing-variable")
    assert [squiggle["line"] for squiggle in ignored["squiggles"]] == [_growing_line()]


def test_an_edit_makes_the_warning_a_hint_and_undo_brings_it_back(seen: dict[str, Any]) -> None:
    assert "changed since the snapshot: measure again" in seen["edited"]["hint"]
    assert [squiggle["line"] for squiggle in seen["edited"]["squiggles"]] == [_growing_line()]


def test_the_warning_is_read_and_handled_with_keys_alone(seen: dict[str, Any]) -> None:
    keys = seen["keys"]
    assert "responseText" in keys["hover"]
    assert any("Measure again to verify `responseText`" in each for each in keys["actions"])
    assert any("Ignore `responseText` here" in each for each in keys["actions"])


def test_the_buttons_of_a_row_are_in_its_menu(seen: dict[str, Any]) -> None:
    menu = seen["keysInViews"]["menu"]
    assert any("Measure growth of this target" in each for each in menu), menu
    assert any("Capture heap snapshot of this target" in each for each in menu), menu


def test_rows_and_the_status_bar_say_who_they_are(seen: dict[str, Any], ports: Ports) -> None:
    keys = seen["keysInViews"]
    file, leak = keys["spoken"]["Leaks"]
    assert file.startswith("index.js, 1 leak")
    assert "`responseText` grows per request" in leak
    (target,) = [each for each in keys["spoken"]["Targets"] if str(ports.inspector) in each]
    assert f"wrangler · 127.0.0.1:{ports.inspector}" in target
    (recording,) = keys["spoken"]["Recordings"]
    # When it was made, as the row shows, and not where it lies.
    assert re.search(r"\d.*, .* · 3 rounds · [\d.]+ MB", recording), recording
    assert keys["statusBar"].startswith("Leakline: 1 leak")


def test_the_view_lists_leaks_targets_and_recordings(seen: dict[str, Any], ports: Ports) -> None:
    view = {name: [" ".join(row.split()) for row in rows] for name, rows in seen["view"].items()}
    file, leak = view["leaks"]
    assert "index.js" in file
    assert re.search(r"responseText ?\+25 B/request, [\d.]+ kB", leak), leak
    assert any(f"wrangler · 127.0.0.1:{ports.inspector}" in each for each in view["targets"]), view
    (recording,) = view["recordings"]
    assert re.search(r"3 rounds · [\d.]+ MB$", recording), recording


def test_recordings_that_come_and_go_on_disk_are_followed(seen: dict[str, Any]) -> None:
    assert seen["onDisk"]


def test_a_target_is_captured_by_its_button(seen: dict[str, Any]) -> None:
    assert seen["capture"]["captured"] == 1


def test_two_recordings_are_compared_in_the_heap_explorer(seen: dict[str, Any]) -> None:
    assert ".heapsnapshot" in seen["compared"]["opened"]


def test_a_snapshot_is_saved_for_devtools(seen: dict[str, Any]) -> None:
    assert seen["saved"]["begins"].startswith('{"snapshot":')
    assert "Load profile" in seen["saved"]["message"]


def test_a_recording_is_deleted_from_the_view(seen: dict[str, Any]) -> None:
    deletion = seen["deletion"]
    assert deletion["deleted"] == [deletion["newest"]]
    assert "deleted for good" in deletion["question"]


def test_cancel_leaves_no_half_recording(seen: dict[str, Any]) -> None:
    assert seen["cancel"]["leftBehind"] == 0
    assert "round" not in seen["cancel"]["statusBar"]


def test_a_wrong_server_path_is_told(seen: dict[str, Any]) -> None:
    assert seen["wrongServer"]["message"] == (
        "Leakline's server could not be found: /no/such/leakline "
        "(from the setting leakline.server.path): there is no such program."
    )
    assert seen["wrongServer"]["buttons"] == ["Open settings", "Show output"]


def test_a_mended_leak_is_gone_after_measuring_again(seen: dict[str, Any]) -> None:
    mended = seen["mended"]
    assert "`responseText` no longer grows" in mended["told"]
    assert mended["squiggles"] == 0
    assert "no leaks found" in mended["tooltip"]


def test_a_worker_that_is_gone_is_offered_to_be_started_again(seen: dict[str, Any]) -> None:
    assert seen["withoutWorker"]["notifications"] == 0


def test_the_heap_explorer_is_the_editor_of_a_snapshot(seen: dict[str, Any]) -> None:
    assert seen["explorer"]["file"]["total"] == "5,940,282"


def test_the_heap_explorer_leads_from_growth_to_its_line(seen: dict[str, Any]) -> None:
    recording = seen["explorer"]["recording"]
    assert any(root.startswith("responseText") for root in recording["roots"]), recording["roots"]
    # The link says where it leads to.
    link = re.search(r"index\.js:(\d+)", recording["roots"][0])
    assert link is not None
    assert recording["place"].startswith(f"Ln {link[1]},")
    assert recording["retainers"].startswith("Retainers of ")
    assert recording["faults"] == {"growth": [], "summary": []}


@pytest.mark.usefixtures("seen")
def test_nothing_listens_any_more(ports: Ports) -> None:
    for port in (ports.vscode, ports.worker, ports.inspector):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def _growing_line() -> int:
    source = (REPOSITORY / "examples" / "seed-worker" / "src" / "index.js").read_text()
    lines = enumerate(source.splitlines(), 1)
    return next(number for number, line in lines if "responseText +=" in line)
