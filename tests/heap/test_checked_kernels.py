"""No loop reads or writes beyond its arrays: the kernels compiled with bounds checks on.

An index out of bounds raises IndexError here, which is no SnapshotError and fails the test.
"""

from __future__ import annotations

import gzip
import shutil
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import leakline.heap
from heap.building import checked_heap, small
from heap.test_bad_input import REAL, use
from heap.test_devtools_agreement import NAMES, SNAPSHOTS

PIECES = [b"0", b"1", b"99", b",", b"]", b"[", b'"', b"\\", b"-", b"}", b"9999999", b"\\u"]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    if shutil.which("cc") is None:
        pytest.skip("there is no C compiler")
    return checked_heap(tmp_path_factory.mktemp("checked"))


@pytest.mark.parametrize("name", NAMES)
def test_real_snapshots(checked: ModuleType, name: str) -> None:
    raw = gzip.decompress((SNAPSHOTS / name).read_bytes())
    found, expected = checked.read_graph(raw, name), leakline.heap.read_graph(raw, name)
    found.work_out()
    assert [repr(one) for one in found.class_totals] == [repr(one) for one in expected.class_totals]
    assert (found.retained_size == expected.retained_size).all()


def test_cut_at_every_place(checked: ModuleType) -> None:
    raw = small().file()
    for end in range(len(raw)):
        assert isinstance(use(checked, raw[:end]), str)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_small_files(checked: ModuleType, data: st.DataObject) -> None:
    raw = bytearray(small().file())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        piece = data.draw(st.one_of(st.binary(max_size=3), st.sampled_from(PIECES)))
        raw[at : at + data.draw(st.integers(0, 3))] = piece
    assert use(checked, bytes(raw)) == use(leakline.heap, bytes(raw))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_mutated_real_files(checked: ModuleType, data: st.DataObject) -> None:
    raw = bytearray(REAL)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(0, 2))] = data.draw(st.sampled_from(PIECES))
    use(checked, bytes(raw))


def test_the_checks_are_on(checked: ModuleType) -> None:
    with pytest.raises(IndexError):
        checked.parsing.kernels.after_commas(np.zeros(4, np.uint8), 0, 10**6, 5)
