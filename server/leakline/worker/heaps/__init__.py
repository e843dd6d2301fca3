"""Views of heap snapshots for the editor's heap explorer, page by page."""

from leakline.worker.heaps.answers import answer

__all__ = ["answer"]
