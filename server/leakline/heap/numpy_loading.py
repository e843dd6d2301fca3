"""Loads numpy without the threads of its linear algebra.

OpenBLAS starts one per processor as soon as it is loaded, which takes as long as the rest of
numpy. Leakline multiplies no matrices.
"""

from __future__ import annotations

import os
import sys

_THREADS = "OPENBLAS_NUM_THREADS"

if "numpy" not in sys.modules and _THREADS not in os.environ:
    os.environ[_THREADS] = "1"
    try:
        import numpy as np  # noqa: F401 - loaded for those who import it later
    finally:
        # Programs that are started from here shall not see it.
        del os.environ[_THREADS]
