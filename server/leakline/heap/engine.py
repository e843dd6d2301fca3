"""The kernels, compiled or interpreted, behind one way to call them."""

from __future__ import annotations

from mmap import mmap
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from leakline.heap.kernels import numbers

kernels_are_compiled: bool = not numbers.__file__.endswith(".py")
"""Whether the hot loops run as compiled code; interpreted ones are right but slower."""


Buffer = bytes | bytearray | memoryview | mmap | NDArray[np.uint8]
"""What a file's bytes may come in."""

Column = NDArray[Any]


def view(array: Column) -> Column:
    """Give an array in the form that the kernels index fastest.

    Interpreted loops take memoryviews: numpy's scalars overflow at their own width, and are
    three times slower.
    """
    return array if kernels_are_compiled else cast("Column", memoryview(cast("Any", array)))
