"""Capture a running program through its inspector into a recording."""

from leakline.capture.finding import find_targets, inspector_of, searched_ports
from leakline.capture.har import read_har
from leakline.capture.httpfile import read_http_file
from leakline.capture.listing import targets_document
from leakline.capture.load import LoadPlan
from leakline.capture.observe import Observation
from leakline.capture.page import PageActions
from leakline.capture.recorder import capture, measure
from leakline.capture.request import Request
from leakline.capture.targets import TargetInfo

__all__ = [
    "LoadPlan",
    "Observation",
    "PageActions",
    "Request",
    "TargetInfo",
    "capture",
    "find_targets",
    "inspector_of",
    "measure",
    "read_har",
    "read_http_file",
    "searched_ports",
    "targets_document",
]
