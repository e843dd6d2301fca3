"""What was left out of Python's looks for garbage still goes, once nobody waits."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from leakline.lsp.garbage import leave_out_of_garbage, look_at_all


class Ring:
    """An object that points at itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_garbage_that_was_left_out_goes_in_a_quiet_second() -> None:
    gc.collect()
    leave_out_of_garbage()
    known = gc.get_freeze_count()
    rings = [Ring() for _ in range(20_000)]
    last = weakref.ref(rings[-1])
    leave_out_of_garbage()
    rings.clear()
    gc.collect()
    assert last() is not None, "left out, it is not found"
    assert look_at_all(known, quiet=False) == known, "somebody waits, and it is not too much yet"
    assert last() is not None
    assert abs(look_at_all(known, quiet=True) - known) < 10_000
    assert last() is None


def test_too_much_garbage_goes_at_once() -> None:
    gc.collect()
    leave_out_of_garbage()
    known = gc.get_freeze_count()
    rings = [Ring() for _ in range(120_000)]
    last = weakref.ref(rings[-1])
    leave_out_of_garbage()
    rings.clear()
    look_at_all(known, quiet=False)
    assert last() is None
