"""A recording -> findings.

What computes is imported when it is first used: the language server leaves that to its child.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leakline.lazily import imported
from leakline.pipeline.model import Analysis

if TYPE_CHECKING:
    from leakline.pipeline.analyze import analyze

__all__ = ["Analysis", "analyze"]


def __getattr__(name: str) -> object:
    return imported(globals(), {"analyze": "analyze"}, name)
