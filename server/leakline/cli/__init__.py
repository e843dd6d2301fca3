"""The command line, and the only place that prints."""

from leakline.cli.main import main

__all__ = ["main"]
