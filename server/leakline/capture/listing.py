"""The programs that can be captured, as the JSON document that docs/json.md describes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leakline.capture.finding import inspector_of
from leakline.capture.targets import TargetInfo

FORMAT_VERSION = 1
"""Goes up when a field changes its meaning or goes away; new fields do not change it."""


def targets_document(targets: Sequence[TargetInfo]) -> dict[str, Any]:
    """Write down the programs that were found.

    Args:
        targets: The programs, in the order to show.
    """
    return {
        "version": FORMAT_VERSION,
        "targets": [
            {
                "inspector": inspector_of(target, targets),
                "address": target.address,
                "kind": target.kind,
                "title": target.title,
                "url": target.url,
                "webSocketUrl": target.web_socket_url,
                "runtime": target.runtime,
                "v8": target.v8,
                "pid": target.pid,
                "directory": target.directory or None,
                "otherPorts": list(target.other_ports),
                "taken": target.taken,
            }
            for target in targets
        ],
    }
