"""Elements that are out of the document, in a real Chromium."""

from __future__ import annotations

import shutil

import pytest

from leakline.capture import PageActions, measure
from leakline.leaks import Finding, Severity
from leakline.pipeline import analyze
from leaks.written import PROGRAMS, REQUESTS, line_of
from support.chromium import run_page


@pytest.fixture(scope="module")
async def found(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    folder = tmp_path_factory.mktemp("detached") / "page"
    shutil.copytree(PROGRAMS, folder)
    async with run_page(folder, "detached.html") as program:
        recording = await measure(
            inspector=program.inspector,
            load=PageActions(click="#go", actions=REQUESTS),
            rounds=2,
            workspace=folder,
            on_progress=lambda _: None,
        )
    return list(analyze(recording, workspace=folder).findings)


def of(found: list[Finding], root: str) -> Finding:
    (finding,) = (each for each in found if each.root == root)
    return finding


def test_growth_that_is_detached_elements_is_told_as_such_and_once(found: list[Finding]) -> None:
    finding = of(found, "removed")
    assert (finding.code, finding.severity) == ("detached-dom", Severity.WARNING)
    assert line_of(finding) == "removed.set(number, gone);"
    # A row, and two elements in it that script has never touched.
    assert finding.message.endswith("; it keeps 900 detached DOM elements")
    assert finding.growth_per_request is not None
    assert finding.growth_per_request > 200


def test_elements_in_the_document_are_not_detached(found: list[Finding]) -> None:
    assert not [each for each in found if each.root == "shown" and each.code == "detached-dom"]


def test_many_that_do_not_grow_are_information(found: list[Finding]) -> None:
    finding = of(found, "spare")
    assert (finding.code, finding.severity) == ("detached-dom", Severity.INFORMATION)
    assert finding.message == "global `spare` keeps 1,800 detached DOM elements"


def test_no_value_is_in_a_message(found: list[Finding]) -> None:
    assert not [each for each in found if "secret" in each.message]
