"""The documentation page of each detector, as a client can open it.

The pages are in the package, so that they are of the same version and open without a network;
in a checkout they lie in ``docs/detectors``.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import leakline

_PACKAGE = Path(leakline.__file__).resolve().parent
_FOLDERS = (_PACKAGE / "docs" / "detectors", _PACKAGE.parents[1] / "docs" / "detectors")
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")


@cache
def page_uri(code: str) -> str | None:
    """URI of a detector's page; None where there is none."""
    if _CODE.fullmatch(code) is None:
        return None
    pages = (folder / f"{code}.md" for folder in _FOLDERS)
    return next((page.as_uri() for page in pages if page.is_file()), None)
