"""From a recording to findings, on the recorded real seed Worker."""

from __future__ import annotations

import gzip
import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from leakline.attribution.model import EvidenceKind, SlotKind
from leakline.errors import LeaklineError, SnapshotError
from leakline.leaks import Finding, Severity
from leakline.pipeline import analyze
from leakline.positions import Position, Span
from leakline.progress import Progress
from leakline.recording import load_recording, load_snapshots

GROWING_LINE = '    responseText += "one more request served.\\n";'
MESSAGE = (
    "global `responseText` grows per request: +25 B/request, 10.0 kB retained after 400 requests"
)
SOURCE = f"""let responseText = "";

export default {{
  async fetch() {{
{GROWING_LINE}
    return new Response(responseText);
  }},
}};
"""


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A copy of the recording of the real seed Worker."""
    with as_file(files("leakline.cli").joinpath("demo")) as packed:
        return Path(shutil.copytree(packed, tmp_path / "recording"))


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """The Worker's folder as it was at capture."""
    source = tmp_path / "worker" / "src" / "index.js"
    source.parent.mkdir(parents=True)
    source.write_text(SOURCE, "utf-8")
    return tmp_path / "worker"


def only_finding(recording: Path, workspace: Path | None = None) -> Finding:
    (finding,) = analyze(load_recording(recording), workspace=workspace).findings
    return finding


def test_the_growing_line_is_named(recording: Path, workspace: Path) -> None:
    finding = only_finding(recording, workspace)
    assert finding.code == "growing-variable"
    assert finding.severity is Severity.WARNING
    assert finding.message == MESSAGE
    assert finding.slot_kind is SlotKind.GLOBAL
    assert finding.growth_per_request == 25
    assert [point.retained_size for point in finding.series] == [2532, 5032, 7532, 10032]
    assert finding.location is not None
    assert finding.location.path == str(workspace / "src" / "index.js")
    assert finding.location.span == Span(Position(4, 4), Position(4, 48))
    assert finding.location.line_text == GROWING_LINE
    assert finding.declaration is not None
    assert finding.declaration.span == Span(Position(0, 4), Position(0, 16))
    assert finding.evidence.kind is EvidenceKind.WRITE


def test_the_trace_leads_from_the_root_to_the_slot(recording: Path) -> None:
    trace = only_finding(recording).trace
    assert [hop.label for hop in trace] == [
        "GC root",
        "module index.js",
        "top-level scope of index.js",
        "variable `responseText` -> concatenated string",
    ]
    assert [hop.suspect for hop in trace] == [False, False, False, True]


def test_without_the_workspace_the_source_is_known_from_the_map(recording: Path) -> None:
    location = only_finding(recording).location
    assert location is not None
    assert location.path is None
    assert location.name == "src/index.js"
    assert location.line_text == GROWING_LINE


def test_the_line_is_carried_over_to_an_edited_file(recording: Path, workspace: Path) -> None:
    (workspace / "src" / "index.js").write_text("// one\n// two\n" + SOURCE, "utf-8")
    finding = only_finding(recording, workspace)
    assert finding.location is not None
    assert finding.location.span == Span(Position(6, 4), Position(6, 48))
    assert finding.location.note == ""


def test_a_line_that_is_gone_makes_the_finding_one_of_the_file(
    recording: Path, workspace: Path
) -> None:
    mended = SOURCE.replace(GROWING_LINE, '    const responseText = "served.";')
    (workspace / "src" / "index.js").write_text(mended, "utf-8")
    location = only_finding(recording, workspace).location
    assert location is not None
    assert location.path == str(workspace / "src" / "index.js")
    assert location.span is None
    assert location.note == "the line is gone from the file since the snapshot"


def test_a_source_outside_the_workspace_is_not_read(recording: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside" / "src" / "index.js"
    outside.parent.mkdir(parents=True)
    outside.write_text(SOURCE, "utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("maps/8.map", "recording.json"):
        file = recording / name
        text = file.read_text("utf-8").replace("/tmp/leakline-fixtures/seed-worker", str(outside))
        file.write_text(text, "utf-8")
    location = only_finding(recording, tmp_path / "empty").location
    assert location is not None
    assert location.path is None


def test_the_same_leak_has_the_same_fingerprint_in_another_recording(
    recording: Path, workspace: Path
) -> None:
    before = only_finding(recording, workspace)
    (workspace / "src" / "index.js").write_text("\n\n" + SOURCE, "utf-8")
    assert only_finding(recording, workspace).fingerprint == before.fingerprint


def test_snapshots_after_a_reload_are_not_compared_with_those_before(recording: Path) -> None:
    manifest = json.loads((recording / "recording.json").read_text("utf-8"))
    for taken in manifest["rounds"][2:]:
        taken["isolate"] = 1
    (recording / "recording.json").write_text(json.dumps(manifest), "utf-8")
    analysis = analyze(load_recording(recording))
    assert analysis.snapshots == 2
    assert [point.requests for point in analysis.findings[0].series] == [300, 400]
    reloaded, weak = analysis.notes
    assert reloaded == (
        "the program was reloaded during the recording: only the last 2 of 4 snapshots are of "
        "the same heap"
    )
    assert "with two snapshots growth is weakly proved" in weak


def test_rounds_of_different_lengths_give_the_same_growth_per_request(recording: Path) -> None:
    paths = [recording / f"{i}.heapsnapshot.gz" for i in (0, 1, 3)]
    analysis = analyze(load_snapshots(paths, [100, 200, 400]))
    (finding,) = analysis.findings
    assert finding.message == MESSAGE
    assert analysis.notes == ()


def test_one_snapshot_shows_no_growth(recording: Path) -> None:
    analysis = analyze(load_snapshots([recording / "3.heapsnapshot.gz"], None))
    assert analysis.findings == ()


def test_bare_snapshots_without_scripts_name_no_line_but_do_not_fail(recording: Path) -> None:
    paths = [recording / f"{i}.heapsnapshot.gz" for i in range(4)]
    analysis = analyze(load_snapshots(paths, [100, 200, 300, 400]))
    (finding,) = analysis.findings
    assert finding.message == MESSAGE
    assert finding.location is None
    assert finding.evidence.kind is EvidenceKind.NONE
    assert finding.evidence.text == "the source of index.js is not at hand"


def test_progress_only_goes_forward(recording: Path) -> None:
    seen: list[Progress] = []
    analyze(load_recording(recording), on_progress=seen.append)
    assert [each.text for each in seen][:2] == [
        "reading snapshot 1 of 4",
        "reading snapshot 2 of 4",
    ]
    assert [each.fraction for each in seen] == sorted(each.fraction for each in seen)
    assert seen[-1].fraction == 1.0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_cut_snapshot_is_refused_by_name(recording: Path, share: float) -> None:
    whole = gzip.decompress((recording / "2.heapsnapshot.gz").read_bytes())
    (recording / "2.heapsnapshot.gz").write_bytes(gzip.compress(whole[: int(share * len(whole))]))
    with pytest.raises(SnapshotError, match=r"2\.heapsnapshot\.gz"):
        analyze(load_recording(recording))


def test_a_damaged_source_map_costs_the_line_and_not_the_finding(recording: Path) -> None:
    (recording / "maps" / "8.map").write_text("{ not json", "utf-8")
    analysis = analyze(load_recording(recording))
    assert [finding.root for finding in analysis.findings] == ["responseText"]
    assert any("source map" in note for note in analysis.notes)


def test_a_file_that_is_no_snapshot_is_refused(tmp_path: Path) -> None:
    foreign = tmp_path / "notes.heapsnapshot"
    foreign.write_text("Dear diary", "utf-8")
    with pytest.raises(LeaklineError, match=r"notes\.heapsnapshot"):
        analyze(load_snapshots([foreign], None))
