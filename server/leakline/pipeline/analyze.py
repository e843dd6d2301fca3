"""The whole way from a recording to findings."""

from __future__ import annotations

from pathlib import Path

from leakline.config.project import ProjectConfig
from leakline.heap import Graph, read_graph
from leakline.leaks import Finding, Series, Snapshot, find_leaks
from leakline.leaks.tools import tools_note
from leakline.pipeline.ignoring import Ignoring
from leakline.pipeline.locations import locations_of
from leakline.pipeline.model import Analysis
from leakline.pipeline.scripts import program_scripts
from leakline.pipeline.snapshot_scripts import scripts_of
from leakline.pipeline.sources import WorkspaceFiles
from leakline.progress import OnProgress, Progress
from leakline.recording import Recording, Round, names_of, open_snapshot, unit_of

_DEFAULTS = ProjectConfig()


def _ignore(_: Progress) -> None:
    """Takes progress that nobody asked for."""


def analyze(
    recording: Recording,
    *,
    workspace: Path | None = None,
    config: ProjectConfig = _DEFAULTS,
    on_progress: OnProgress = _ignore,
) -> Analysis:
    """Finds what grows in a recording.

    Args:
        recording: The recording, or bare snapshot files.
        workspace: The workspace whose files the findings point into; the recording's own when
            None.
        config: What the project says about itself.
        on_progress: Told how far the analysis has come.

    Raises:
        SnapshotError: A snapshot cannot be read.
        RecordingError: A file of the recording is damaged.
    """
    rounds = _comparable(recording.rounds)
    notes = list(recording.notes)
    if len(rounds) < len(recording.rounds):
        notes.append(
            f"the program was reloaded during the recording: only the last {len(rounds)} of "
            f"{len(recording.rounds)} snapshots are of the same heap"
        )
    workspace = workspace or recording.workspace
    steps = len(rounds) + 1
    graphs: list[Graph] = []
    for number, taken in enumerate(rounds):
        on_progress(Progress(f"reading snapshot {number + 1} of {len(rounds)}", number / steps))
        with open_snapshot(taken.snapshot) as buffer:
            graph = read_graph(buffer, name=taken.snapshot.name, release=True)
            graph.work_out()
            graphs.append(graph)
    on_progress(Progress("looking for what grows", len(rounds) / steps))

    recorded = recording.scripts or scripts_of(graphs[-1], workspace)
    files = WorkspaceFiles(workspace, config.path_overrides)
    notes.extend(files.notes)
    scripts = program_scripts(recorded.values(), files, notes)
    snapshots = [
        Snapshot.of(graph, scripts, taken.requests)
        for graph, taken in zip(graphs, rounds, strict=True)
    ]
    findings = find_leaks(Series(snapshots, scripts, unit_of(recording.load)))
    held = tools_note(graphs, [taken.requests for taken in rounds], unit_of(recording.load))
    if held is not None:
        notes.append(held)
    if len(rounds) == 2:
        notes.append(
            "with two snapshots growth is weakly proved: a cache that was just being filled looks "
            "the same; three or more tell the two apart"
        )
    ignoring = Ignoring(config, files.text, files.path_in_workspace)
    ignored = tuple(finding for finding in findings if ignoring.ignores(finding))
    on_progress(Progress("done", 1.0))
    return Analysis(
        recording=recording.path,
        target=recording.target,
        load=recording.load,
        program=names_of(recording.target, recorded.values()),
        findings=tuple(finding for finding in findings if finding not in ignored),
        snapshots=len(rounds),
        requests=rounds[-1].requests,
        heap_sizes=tuple(graph.total_size for graph in graphs),
        notes=tuple(notes),
        ignored=ignored,
        contents=_contents(findings, files),
    )


def _contents(findings: tuple[Finding, ...], files: WorkspaceFiles) -> dict[str, str]:
    """The texts that findings point into and that are no files here."""
    contents = {}
    for finding in findings:
        for location in locations_of(finding):
            text = files.content(location.url) if location.path is None else None
            if text is not None:
                contents[location.url] = text
    return contents


def _comparable(rounds: tuple[Round, ...]) -> tuple[Round, ...]:
    """The newest rounds of one isolate."""
    return tuple(taken for taken in rounds if taken.isolate == rounds[-1].isolate)
