"""A recording -> findings.

What computes is imported when it is first used: the language server leaves that to its child.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from leakline.pipeline.model import Analysis

if TYPE_CHECKING:
    from leakline.pipeline.analyze import analyze

__all__ = ["Analysis", "analyze"]


def __getattr__(name: str) -> object:
    if name == "analyze":
        # Importing the module `analyze` has put it here; the function is what is meant.
        globals()[name] = function = import_module("leakline.pipeline.analyze").analyze
        return function
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
