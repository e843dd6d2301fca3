"""Where in the user's files a place of a script is."""

from __future__ import annotations

from typing import Any

from leakline.config.runtime_urls import is_runtime_url
from leakline.errors import UsageError
from leakline.pipeline.scripts import program_scripts
from leakline.pipeline.snapshot_scripts import scripts_of
from leakline.pipeline.sources import WorkspaceFiles
from leakline.positions import Position
from leakline.worker.frames import HeapQuestion
from leakline.worker.heaps.arguments import Arguments
from leakline.worker.heaps.loaded import LoadedSnapshot


def source(loaded: LoadedSnapshot, arguments: Arguments, question: HeapQuestion) -> dict[str, Any]:
    """The file, line and column (from 0) that a place in a script was written at.

    The script as it was recorded is given where there is no original.

    Raises:
        UsageError: The file is not on this machine.
    """
    script_id = arguments.number("scriptId")
    position = Position(arguments.number("line"), arguments.number("column"))
    recorded = loaded.recorded_scripts
    script = recorded.get(script_id)
    if script is not None and script.source is None:
        recorded = scripts_of(loaded.graph, question.workspace)
    files = WorkspaceFiles(question.workspace, question.path_overrides)
    scripts = program_scripts(recorded.values(), files, [])
    place = scripts.place(script_id, position)
    if place is not None and place.path is not None and place.span is not None:
        start = place.span.start
        return {"path": place.path, "line": start.line, "column": start.column}
    script = recorded.get(script_id)
    if script is not None and script.source is not None:
        path = str(script.source)
        return {"path": path, "line": position.line, "column": position.column}
    name = script.url if script is not None and script.url else f"script {script_id}"
    if is_runtime_url(name):
        raise UsageError(f"{name} is part of the runtime: there is no file of it")
    raise UsageError(f"{name} is not on this machine", "open the program's folder")
