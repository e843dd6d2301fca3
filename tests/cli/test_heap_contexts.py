"""`leakline heap contexts` marks captured variables that nothing alive can use."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from leakline.cli import main

SNAPSHOTS = Path(__file__).parents[2] / "fixtures" / "snapshots"
PROGRAM = """
function keep() {
  const used = { a: 1 };
  const body = { text: "x".repeat(1000) };
  function gone() {
    return body.text;
  }
  gone();
  return function held() {
    return used;
  };
}
globalThis.kept = keep();
require("node:v8").writeHeapSnapshot("app.heapsnapshot");
"""


def variables(
    capsys: pytest.CaptureFixture[str], path: Path, used_by: str
) -> list[tuple[str, bool | None]]:
    assert main(["heap", "contexts", str(path), "--format", "json", "--limit", "3000"]) == 0
    scopes: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["contexts"]
    (scope,) = (one for one in scopes if one["usedBy"] == used_by)
    return [(one["name"], one["unused"]) for one in scope["variables"]]


def test_by_the_text_of_the_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    node = shutil.which("node")
    assert node is not None
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.cjs").write_text(PROGRAM)
    subprocess.run([node, "app.cjs"], cwd=project, check=True)
    snapshot = project / "app.heapsnapshot"
    monkeypatch.chdir(project)
    assert variables(capsys, snapshot, "held") == [("used", False), ("body", True)]
    assert main(["heap", "contexts", str(snapshot), "--limit", "3000"]) == 0
    marked = [line for line in capsys.readouterr().out.splitlines() if line.endswith(", unused")]
    assert [line.split(":")[0] for line in marked] == ["  body"]
    # Files outside the directory that the user works in are not read.
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert variables(capsys, snapshot, "held") == [("used", None), ("body", None)]


@pytest.mark.parametrize("name", ["chromium", "workerd"])
def test_by_the_scope_tables_of_v8(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = SNAPSHOTS / f"{name}.heapsnapshot.gz"
    assert main(["heap", "contexts", str(path), "--format", "json", "--limit", "3000"]) == 0
    scopes = json.loads(capsys.readouterr().out)["contexts"]
    (scope,) = (
        one for one in scopes if [each["name"] for each in one["variables"]] == ["captured"]
    )
    assert scope["variables"][0]["unused"] is False
