"""Captured variables that no closure uses: the same verdict on two real runtimes.

Node 24's snapshots have no scope tables, Chromium's have.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leakline.attribution.syntax import ScriptSyntax
from leakline.capture import PageActions, measure
from leakline.heap import read_graph
from leakline.leaks import Finding, Severity
from leakline.pipeline import analyze
from leakline.recording import Recording, load_recording, open_snapshot
from leaks.scope_tables import told, unused, without_tables
from leaks.written import PROGRAMS, REQUESTS, findings, line_of, record
from support.chromium import run_page
from support.runtimes import ROOT

DEMO = ROOT / "server/leakline/cli/demo"
STACKS_DECIDE = ROOT / "fixtures/stacks-decide/recording"
# A request or, in a page, a load.
GROWS = "grows per "


@pytest.fixture(scope="module")
def in_node(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    return findings(record("captures.mjs", tmp_path_factory.mktemp("node")))


@pytest.fixture(scope="module")
async def of_chromium(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("chromium") / "page"
    shutil.copytree(PROGRAMS, folder)
    async with run_page(folder, "captures.html") as program:
        return await measure(
            inspector=program.inspector,
            load=PageActions(click="#go", actions=REQUESTS),
            rounds=2,
            workspace=folder,
            on_progress=lambda _: None,
        )


def of(found: list[Finding], root: str) -> Finding:
    (finding,) = (each for each in found if each.root == root)
    return finding


def test_growth_that_only_an_unused_variable_keeps_is_told_as_such_and_once(
    in_node: list[Finding],
) -> None:
    finding = of(in_node, "previous")
    assert (finding.code, finding.severity) == ("unused-capture", Severity.WARNING)
    assert finding.message.startswith(
        "variable `previous`, which no live closure can use, grows per request: +512 B/request"
    )
    assert line_of(finding) == "const previous = chained;"
    assert "kept by `describe`, which cannot use it" in finding.evidence.text
    assert not [each for each in in_node if each.root == "chained"]


def test_a_list_that_would_grow_without_it_too_keeps_the_warning(in_node: list[Finding]) -> None:
    assert of(in_node, "listeners").code == "growing-variable"
    body = of(in_node, "body")
    assert (body.code, body.severity) == ("unused-capture", Severity.INFORMATION)
    assert body.message == (
        "variable `body`, which no live closure can use, is most of what `listeners` grows by"
    )
    # It is unused too, but the smaller part.
    assert not [each for each in in_node if each.root == "note"]


def test_a_variable_of_a_block_is_told_too(in_node: list[Finding]) -> None:
    assert of(in_node, "blocks").code == "growing-variable"
    assert of(in_node, "lines").code == "unused-capture"


@pytest.mark.parametrize("used", ["text", "words", "this"])
def test_what_a_live_closure_or_one_within_it_can_use_is_not_told(
    in_node: list[Finding], used: str
) -> None:
    assert not [each for each in in_node if each.root == used]


@pytest.mark.parametrize(
    ("variable", "holder"), [("before", "evaluated"), ("last", "stopped")], ids=["eval", "debugger"]
)
def test_nothing_is_claimed_where_code_may_use_anything(
    in_node: list[Finding], variable: str, holder: str
) -> None:
    assert of(in_node, holder).code == "growing-variable"
    assert not [each for each in in_node if each.root == variable]


def test_much_that_does_not_grow_is_information(in_node: list[Finding]) -> None:
    finding = of(in_node, "table")
    assert (finding.code, finding.severity) == ("unused-capture", Severity.INFORMATION)
    assert finding.message == "variable `table`, which no live closure can use, keeps 2.4 MB"


def test_what_a_class_needs_for_its_fields_is_used(in_node: list[Finding]) -> None:
    assert of(in_node, "pages").code == "large-retained"


def verdict(found: list[Finding]) -> set[tuple[str, str, Severity, str]]:
    return {
        (each.code, each.root, each.severity, line_of(each))
        for each in found
        if each.code == "unused-capture" or GROWS in each.message
    }


def test_scope_tables_and_scope_analysis_come_to_the_same_verdict(
    in_node: list[Finding], of_chromium: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_snapshot(of_chromium.rounds[-1].snapshot) as buffer:
        assert read_graph(buffer, name="newest").scopes is not None
    by_syntax = verdict(in_node)
    assert len(by_syntax) > 8

    def not_asked(*_: object) -> bool:
        raise AssertionError("the tables tell it")

    with monkeypatch.context() as patch:
        patch.setattr(ScriptSyntax, "is_used_within", not_asked)
        by_tables = verdict(list(analyze(of_chromium).findings))
    assert by_tables == by_syntax


@pytest.mark.parametrize("folder", [DEMO, STACKS_DECIDE], ids=["demo", "stacks-decide"])
def test_a_recorded_worker_without_its_scope_tables_gets_the_same_verdict(
    folder: Path, tmp_path: Path
) -> None:
    assert_same_without_tables(load_recording(folder), tmp_path)


def test_the_page_without_its_scope_tables_gets_the_same_verdict(
    of_chromium: Recording, tmp_path: Path
) -> None:
    assert_same_without_tables(of_chromium, tmp_path)
    assert len([each for each in told(of_chromium) if each[0] == "unused-capture"]) == 4


def assert_same_without_tables(recording: Recording, directory: Path) -> None:
    stripped = without_tables(recording, directory)
    has_tables, by_tables = unused(recording)
    has_none, by_syntax = unused(stripped)
    assert (has_tables, has_none) == (True, False)
    assert by_syntax == by_tables
    assert told(stripped) == told(recording)
