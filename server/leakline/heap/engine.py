"""The kernels, compiled or interpreted, behind one way to call them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leakline.heap.kernels import numbers

if TYPE_CHECKING:
    from mmap import mmap

    import numpy as np
    from numpy.typing import NDArray

    Buffer = bytes | bytearray | memoryview | mmap | NDArray[np.uint8]

kernels_are_compiled: bool = not numbers.__file__.endswith(".py")
"""Whether the hot loops run as compiled code; interpreted ones are right but slower."""


def view(array: Any) -> Any:  # noqa: ANN401 - the kernels are untyped
    """Give an array, or memory of numbers, in the form that the kernels index fastest.

    Interpreted loops take memoryviews: numpy's scalars overflow at their own width, and are
    three times slower.
    """
    return array if kernels_are_compiled else memoryview(array)
