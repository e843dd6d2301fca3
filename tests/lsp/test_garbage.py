"""What was left out of Python's looks for garbage still goes, once nobody waits."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from leakline.lsp.garbage import GarbageLooks


class Ring:
    """An object that points at itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def looks() -> Iterator[GarbageLooks]:
    gc.collect()
    yield GarbageLooks()
    gc.unfreeze()


def left_out(looks: GarbageLooks, times: int) -> list[weakref.ref[Ring]]:
    """Garbage that Python does not find, left out in so many turns."""
    found = []
    for _ in range(times):
        ring = Ring()
        found.append(weakref.ref(ring))
        looks.leave_out()
    del ring
    gc.collect()
    assert all(ref() is not None for ref in found)
    return found


def test_garbage_that_was_left_out_goes_in_a_quiet_second(looks: GarbageLooks) -> None:
    garbage = left_out(looks, 120)
    looks.look_at_all(quiet=False)
    assert garbage[0]() is not None, "somebody waits, and it is not too much yet"
    looks.look_at_all(quiet=True)
    assert all(ref() is None for ref in garbage)
    few = left_out(looks, 20)
    looks.look_at_all(quiet=True)
    assert few[0]() is not None, "too little for a look at all"


def test_too_much_garbage_goes_at_once(looks: GarbageLooks) -> None:
    garbage = left_out(looks, 2000)
    looks.look_at_all(quiet=False)
    assert all(ref() is None for ref in garbage)
