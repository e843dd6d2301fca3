"""Minified programs, run for real, are told in the user's own names, files and lines."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, measure
from leakline.pipeline import Analysis, analyze
from support.built import build_server, measure_server
from support.runtimes import (
    EXAMPLES,
    ROOT,
    copy_example,
    free_port,
    require_wrangler,
)


def told(analysis: Analysis) -> dict[str, str]:
    """Each root and where its growth line starts in the workspace, from 1."""
    places: dict[str, str] = {}
    for finding in analysis.findings:
        location = finding.location
        assert location is not None
        assert location.span is not None
        places[f"{finding.slot_kind.value} {finding.root}"] = (
            f"{location.name}:{location.span.start.for_display()}"
        )
    return places


async def test_a_typescript_worker_minified_by_wrangler(tmp_path: Path) -> None:
    wrangler = require_wrangler()
    worker = copy_example("page-cache-worker", tmp_path)
    port, inspector = free_port(), free_port()
    recording = await measure(
        inspector=f"127.0.0.1:{inspector}",
        load=LoadPlan(url=f"http://127.0.0.1:{port}/{{i}}", requests=50),
        rounds=3,
        command=[
            *wrangler, "dev", "--minify", "--port", str(port), "--inspector-port", str(inspector),
        ],
        workspace=worker,
        on_progress=lambda _: None,
    )  # fmt: skip
    generated = [script.source for script in recording.scripts.values() if script.source_map]
    assert all(b"pageCache" not in source.read_bytes() for source in generated if source)
    assert told(analyze(recording, workspace=worker)) == {
        "global pageCache": "src/page-cache.ts:22:5"
    }


@pytest.fixture
def bundled_server(tmp_path: Path) -> Path:
    """The server, bundled and minified by esbuild into dist/server.mjs."""
    project = Path(shutil.copytree(ROOT / "fixtures" / "bundled-server", tmp_path / "server"))
    shutil.copy(EXAMPLES / "page-cache-worker" / "src" / "page-cache.ts", project / "src")
    build_server(project, "src/server.ts", "dist/server.mjs", "--bundle")
    return project


async def test_a_node_server_bundled_and_minified_by_esbuild(
    bundled_server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = await measure_server(bundled_server, "dist/server.mjs", monkeypatch)
    assert told(analyze(recording, workspace=bundled_server)) == {
        "global pageCache": "src/page-cache.ts:22:5",
        "field lobby.history": "src/rooms.ts:7:5",
        "static field Room.registry": "src/rooms.ts:9:5",
        "global journal": "src/server.ts:13:5",
        "field lobby.#hits": "src/rooms.ts:8:5",
        "field state.analytics.timeline": "src/server.ts:12:5",
    }
