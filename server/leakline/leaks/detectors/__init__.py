"""One detector a file; each turns a series into findings of one code."""

from leakline.leaks.detectors import growing_variable, large_retained

__all__ = ["growing_variable", "large_retained"]
