"""Ignored findings: comments, entries and the threshold, on the recorded real seed Worker."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from leakline.config.project import Ignore, ProjectConfig
from leakline.pipeline import Analysis, analyze
from leakline.pipeline.ignoring import is_ignored_above
from leakline.recording import load_recording

COMMENT = "// leakline-ignore-next-line growing-variable: why"
GROWING = '    responseText += "one more request served.\\n";'
SOURCE = f"""let responseText = "";

export default {{
  async fetch() {{
{GROWING}
    return new Response(responseText);
  }},
}};
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with as_file(files("leakline.cli").joinpath("demo")) as packed:
        return Path(shutil.copytree(packed, tmp_path_factory.mktemp("real") / "recording"))


def analysis(recording: Path, folder: Path, source: str, config: ProjectConfig) -> Analysis:
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src/index.js").write_text(source, "utf-8")
    return analyze(load_recording(recording), workspace=folder, config=config)


@pytest.mark.parametrize(
    ("source", "config", "is_ignored"),
    [
        (SOURCE, ProjectConfig(), False),
        (SOURCE.replace(GROWING, f"    {COMMENT}\n{GROWING}"), ProjectConfig(), True),
        (f"{COMMENT}\n{SOURCE}", ProjectConfig(), True),
        (SOURCE, ProjectConfig(ignores=(Ignore(file="src/*.js"),)), True),
        (SOURCE, ProjectConfig(ignores=(Ignore(root="other"),)), False),
        (SOURCE, ProjectConfig(min_bytes_per_request=25), False),
        (SOURCE, ProjectConfig(min_bytes_per_request=26), True),
    ],
)
def test_what_is_ignored_is_kept_apart(
    recording: Path, tmp_path: Path, source: str, config: ProjectConfig, *, is_ignored: bool
) -> None:
    found = analysis(recording, tmp_path, source, config)
    shown, ignored = ([], ["responseText"]) if is_ignored else (["responseText"], [])
    assert [finding.root for finding in found.findings] == shown
    assert [finding.root for finding in found.ignored] == ignored


def test_without_the_file_the_text_of_the_map_is_kept(recording: Path, tmp_path: Path) -> None:
    found = analyze(load_recording(recording), workspace=tmp_path)
    (finding,) = found.findings
    assert finding.location is not None
    assert found.contents[finding.location.url] == SOURCE


def test_a_file_that_may_not_be_read_is_no_failure(recording: Path, tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/index.js").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    assert analyze(load_recording(recording), workspace=tmp_path).findings


def test_an_override_that_cannot_be_used_is_a_note(recording: Path, tmp_path: Path) -> None:
    config = ProjectConfig(path_overrides={"(a+)+b": "/x/$1"})
    found = analysis(recording, tmp_path, SOURCE, config)
    assert any("(a+)+b" in note for note in found.notes), found.notes


def test_an_override_leads_to_the_file(recording: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/main.js").write_text(SOURCE, "utf-8")
    config = ProjectConfig(path_overrides={"*/index.js": "${workspaceFolder}/app/main.js"})
    (finding,) = analyze(load_recording(recording), workspace=tmp_path, config=config).findings
    assert finding.location is not None
    assert finding.location.path == str(tmp_path / "app/main.js")


@pytest.mark.parametrize(
    ("text", "is_ignored"),
    [
        ("// leakline-ignore-next-line a-b: why\nx", True),
        ("\t//leakline-ignore-next-line a-b\nx", True),
        ("/* leakline-ignore-next-line a-b: why */\nx", True),
        ("/** leakline-ignore-next-line c, a-b */\nx", True),
        ("{/* leakline-ignore-next-line a-b */}\nx", True),
        ("// leakline-ignore-next-line\nx", True),
        ("// leakline-ignore-next-line: a reason only\nx", True),
        ("// leakline-ignore-next-line a-b\n// eslint-disable-next-line\nx", True),
        ("// leakline-ignore-next-line c: not a-b\nx", False),
        ("// leakline-ignore-next-line a-b\n\nx", False),
        ("// leakline-ignore-next-lines a-b\nx", False),
        ('s = "// leakline-ignore-next-line a-b"\nx', False),
        ("x // leakline-ignore-next-line a-b", False),
        ("/* leakline-ignore-next-line a-b */" + " " * 1_000_000 + "x\nx", False),
    ],
)
def test_comments(text: str, *, is_ignored: bool) -> None:
    lines = text.split("\n")
    assert is_ignored_above("a-b", lines, len(lines) - 1) is is_ignored
