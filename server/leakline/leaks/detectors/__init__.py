"""One detector a file; each turns a series into findings of one code."""

from leakline.leaks.detectors import (
    accumulating_closures,
    accumulating_instances,
    detached_dom,
    duplicate_strings,
    growing_variable,
    large_retained,
    sliced_string,
    unused_capture,
)

__all__ = [
    "accumulating_closures",
    "accumulating_instances",
    "detached_dom",
    "duplicate_strings",
    "growing_variable",
    "large_retained",
    "sliced_string",
    "unused_capture",
]
