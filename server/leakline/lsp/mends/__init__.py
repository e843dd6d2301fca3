"""Mends that are mechanical and safe, told from the text alone."""

from leakline.lsp.mends.actions import mend_actions

__all__ = ["mend_actions"]
