"""A recording -> findings."""

from leakline.pipeline.analyze import analyze
from leakline.pipeline.model import Analysis

__all__ = ["Analysis", "analyze"]
