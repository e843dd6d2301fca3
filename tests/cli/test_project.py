"""``.leakline.toml`` and ignore comments on the command line."""

from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import click
import pytest

from leakline.capture import Observation, PageActions
from leakline.cli import main
from leakline.cli.project import given_or_said
from leakline.cli.traffic import TrafficOptions, clicks_said, traffic_options, traffic_plan

IGNORE = '[[ignore]]\ncode = "growing-variable"\nroot = "responseText"\nreason = "a test"\n'


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A recording of a Worker whose folder is gone, analysed from another folder."""
    monkeypatch.chdir(tmp_path)
    with as_file(files("leakline.cli").joinpath("demo")) as packed:
        path = Path(shutil.copytree(packed, tmp_path / "recording"))
    manifest = json.loads((path / "recording.json").read_text())
    manifest["workspace"] = str(tmp_path)
    (path / "recording.json").write_text(json.dumps(manifest))
    return path


def test_an_ignored_finding_is_no_warning(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(recording)]) == 1
    (recording.parent / ".leakline.toml").write_text(IGNORE)
    capsys.readouterr()
    assert main(["analyze", str(recording)]) == 0
    text = capsys.readouterr().out
    assert text.startswith("no growth found, 1 ignored ")
    assert "responseText" not in text
    assert main(["analyze", "--format", "json", str(recording)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["summary"] == {"warnings": 0, "information": 0, "ignored": 1}
    assert document["findings"] == []


def test_a_mistake_in_the_file_is_one_line(
    recording: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (recording.parent / ".leakline.toml").write_text("[target]\n\nrounds = 'two'\n")
    assert main(["analyze", str(recording)]) == 2
    assert capsys.readouterr().err == (
        "leakline: error: .leakline.toml:3: `target.rounds` must be a whole number from 1 to 100: "
        "see docs/configuration.md\n"
    )


@pytest.mark.parametrize(
    ("arguments", "rounds"), [([], 7), (["--rounds", "2"], 2), (["--rounds", "3"], 3)]
)
def test_what_is_given_comes_before_what_the_file_says(arguments: list[str], rounds: int) -> None:
    @click.command()
    @click.option("--rounds", type=int, default=3)
    def command(*, rounds: int) -> int:
        return given_or_said("rounds", rounds, 7)

    assert command.main(arguments, standalone_mode=False) == rounds


@pytest.mark.parametrize(
    ("arguments", "plan"),
    [
        ([], "LoadPlan"),
        (["--observe", "5"], "Observation"),
        (["--click", "#buy"], "PageActions"),
    ],
)
def test_the_files_url_is_for_when_nothing_else_makes_a_round(
    arguments: list[str], plan: str
) -> None:
    @click.command()
    @traffic_options
    def command(**traffic: Any) -> str:
        options: TrafficOptions = traffic  # type: ignore[assignment]
        return type(traffic_plan(options, url="http://127.0.0.1:1/{i}")).__name__

    assert command.main(arguments, standalone_mode=False) == plan


def test_a_page_is_clicked_on_where_the_file_says_so() -> None:
    @click.command()
    @traffic_options
    def command(**traffic: Any) -> Any:
        options: TrafficOptions = traffic  # type: ignore[assignment]
        on_page = clicks_said(options, "#buy")
        return traffic_plan(options, on_page=on_page), on_page

    said = PageActions("#buy", 7)
    assert command.main(["--requests", "7"], standalone_mode=False) == (said, said)
    for given in (["--url", "http://127.0.0.1:1/"], ["--reload"]):
        plan, on_page = command.main(given, standalone_mode=False)
        assert plan != said
        assert on_page is None


def test_others_traffic_is_watched_where_the_file_says_so() -> None:
    @click.command()
    @traffic_options
    def command(**traffic: Any) -> Any:
        options: TrafficOptions = traffic  # type: ignore[assignment]
        return traffic_plan(options, url="http://127.0.0.1:1/", observe="2.5s")

    assert command.main([], standalone_mode=False) == Observation(seconds=2.5)
    assert command.main(["--observe", "7"], standalone_mode=False) == Observation(requests=7)
