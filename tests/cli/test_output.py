"""Where a report goes, and that a file is whole or not there."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from leakline.cli import output
from leakline.cli.output import Destination
from leakline.errors import LeaklineError, UsageError
from leakline.pipeline import Analysis
from support import skips


def test_text_goes_to_standard_output(
    growing: Analysis, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Destination("text", None).write(growing, notes=("kept",)) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    lines = printed.out.splitlines()
    assert lines[0] == (
        "src/index.js:5:5: warning: global `responseText` grows per request: +25 B/request "
        "[growing-variable]"
    )
    assert lines[-2:] == [
        "note: kept",
        (
            "1 warning in 2 snapshots of seed-worker on wrangler/v4.164.0 after 200 requests; "
            "heap 4.0 MB to 4.1 MB"
        ),
    ]


def test_nothing_growing_is_status_0(steady: Analysis, capsys: pytest.CaptureFixture[str]) -> None:
    assert Destination("text", None).write(steady) == 0
    assert capsys.readouterr().out.startswith("no growth found in 2 snapshots of seed-worker")


def test_information_alone_is_status_0(growing: Analysis) -> None:
    finding = replace(growing.findings[0], severity=type(growing.findings[0].severity).INFORMATION)
    assert Destination("text", None).write(replace(growing, findings=(finding,))) == 0


def test_json_has_no_notes_for_people(
    growing: Analysis, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Destination("json", None).write(growing, notes=("kept",)) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["notes"] == []
    assert document["findings"][0]["location"]["path"] == "src/index.js"
    assert document["recording"].endswith(".leakline/recordings/one")


def test_sarif_names_files_relative_to_the_working_directory(
    growing: Analysis, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert Destination("sarif", None).write(growing) == 1
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == f"{workspace.as_uri()}/"


def test_the_file_is_written_and_nothing_printed(
    growing: Analysis, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workspace / "report.txt"
    file.write_text("the one of yesterday, which was longer" * 100)
    assert Destination("text", file).write(growing) == 1
    assert capsys.readouterr().out == ""
    text = file.read_text("utf-8")
    assert text.startswith("src/index.js:5:5: warning:")
    assert "yesterday" not in text
    assert "\x1b" not in text
    assert [path.name for path in workspace.iterdir()] == ["report.txt"]


def test_others_may_read_the_file_as_the_umask_says(growing: Analysis, workspace: Path) -> None:
    old = os.umask(0o022)
    try:
        Destination("json", workspace / "report.json").write(growing)
    finally:
        os.umask(old)
    assert stat.S_IMODE((workspace / "report.json").stat().st_mode) == 0o644


def test_a_failed_write_leaves_the_old_file(
    growing: Analysis, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace / "report.json"
    file.write_text("old")

    def disk_full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(output.os, "fsync", disk_full)
    with pytest.raises(LeaklineError, match=r"report\.json could not be written \(No space left"):
        Destination("json", file).write(growing)
    assert file.read_text() == "old"
    assert [path.name for path in workspace.iterdir()] == ["report.json"]


def test_ctrl_c_while_writing_leaves_the_old_file(
    growing: Analysis, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workspace / "report.json"

    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(output.os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Destination("json", file).write(growing)
    assert list(workspace.iterdir()) == []


def test_a_link_stays_a_link(growing: Analysis, workspace: Path) -> None:
    (workspace / "real.json").write_text("old")
    link = workspace / "link.json"
    link.symlink_to("real.json")
    Destination("json", link).write(growing)
    assert link.is_symlink()
    assert json.loads((workspace / "real.json").read_text())["version"] == 1


def test_a_device_is_written_to_not_replaced(growing: Analysis) -> None:
    destination = Destination("json", Path(os.devnull))
    destination.check()
    assert destination.write(growing) == 1
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (".", "is a directory"),
        ("missing/report.json", "there is no directory"),
    ],
)
def test_an_impossible_file_is_refused_before_the_work(
    workspace: Path, name: str, problem: str
) -> None:
    with pytest.raises(UsageError, match=problem):
        Destination("json", workspace / name).check()


@pytest.mark.skipif(os.geteuid() == 0, reason=skips.RUNS_AS_ROOT)
def test_a_directory_without_permission_is_refused(workspace: Path) -> None:
    workspace.chmod(0o500)
    try:
        with pytest.raises(UsageError, match="cannot be written to"):
            Destination("json", workspace / "report.json").check()
    finally:
        workspace.chmod(0o700)


@pytest.mark.parametrize(
    ("variables", "painted"),
    [({"TERM": "xterm"}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_only_on_a_terminal_that_wants_them(
    growing: Analysis,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    painted: bool,  # noqa: FBT001 - a case's outcome
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    Destination("text", None).write(growing)
    assert bool(re.search("\x1b", capsys.readouterr().out)) is painted
