"""Capture a running program through its inspector into a recording."""

from leakline.capture.load import LoadPlan
from leakline.capture.recorder import capture, measure
from leakline.capture.targets import TargetInfo, find_targets

__all__ = ["LoadPlan", "TargetInfo", "capture", "find_targets", "measure"]
