"""How to measure again what a finding was found by."""

from __future__ import annotations

from leakline.recording import Load


def same_again(load: Load | None) -> dict[str, str]:
    """The parameters of ``leakline/measure`` that do to a page what was done before.

    Where requests go is for the settings to say: the program may answer elsewhere by now.

    Args:
        load: What was done; None where nobody knows.
    """
    if load is None or load.unit not in ("click", "load"):
        return {}
    return {"click": load.of[0] if load.of else ""}
