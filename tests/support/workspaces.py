"""What a run leaves in a workspace."""

from __future__ import annotations

from pathlib import Path


def left_behind(workspace: Path) -> list[str]:
    """Names of whatever lies where the workspace's recordings are, whole or not."""
    return sorted(path.name for path in workspace.glob(".leakline/recordings/*"))
