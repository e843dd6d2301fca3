"""Each detector is a file, a docs page and a fixture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leakline.leaks import detectors

ROOT = Path(__file__).parents[2]
CODES = sorted(getattr(detectors, name).CODE for name in detectors.__all__)


def test_every_file_is_a_detector() -> None:
    files = (ROOT / "server/leakline/leaks/detectors").glob("[!_]*.py")
    assert sorted(file.stem.replace("_", "-") for file in files) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_detector_has_a_page(code: str) -> None:
    page = (ROOT / "docs/detectors" / f"{code}.md").read_text("utf-8")
    assert page.startswith(f"# {code}\n")
    for part in ("**Usual mends.**", "**When it is "):
        assert part in page


@pytest.mark.parametrize("code", CODES)
def test_every_detector_has_a_program_that_sets_it_off(code: str) -> None:
    expected = [
        json.loads(file.read_text("utf-8")) for file in ROOT.glob("fixtures/*/*/expected.json")
    ]
    assert any(code in finding["code"] for program in expected for finding in program["findings"])
