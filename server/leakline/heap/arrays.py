"""Memory of numbers as numpy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_DTYPES = {"B": np.uint8, "I": np.uint32, "i": np.int32, "q": np.int64}


def as_array(memory: memoryview) -> NDArray[Any]:
    """Give an array that looks into memory of numbers.

    Args:
        memory: Of format ``B``, ``I``, ``i`` or ``q``.

    Returns:
        uint8, uint32, int32 or int64, of the same length.
    """
    # By its format alone, "q" would be C's long long, which numpy tells apart from int64.
    return np.frombuffer(memory, _DTYPES[memory.format])
