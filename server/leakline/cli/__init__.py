"""The command line, and the only place that prints."""

from leakline.cli.entry import main

__all__ = ["main"]
