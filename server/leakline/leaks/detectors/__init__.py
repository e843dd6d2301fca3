"""One detector a file; each turns a series into findings of one code."""

from leakline.leaks.detectors import (
    accumulating_closures,
    accumulating_instances,
    growing_variable,
    large_retained,
)

__all__ = [
    "accumulating_closures",
    "accumulating_instances",
    "growing_variable",
    "large_retained",
]
