"""`--fail-on-skip`: only what cannot be installed for the tests may be skipped."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support import skips

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("body", "options", "status"),
    [
        ("pass", ["--fail-on-skip"], 0),
        (f"pytest.skip({skips.NO_DENO!r})", ["--fail-on-skip"], 0),
        (f"pytest.skip({skips.NO_NODE!r})", ["--fail-on-skip"], 1),
        (f"pytest.skip({skips.NO_NODE!r})", [], 0),
        ("pytest.xfail('known')", ["--fail-on-skip"], 0),
        ("pytest.importorskip('no_such_module')", ["--fail-on-skip"], 1),
    ],
)
def test_fail_on_skip(tmp_path: Path, body: str, options: list[str], status: int) -> None:
    (tmp_path / "conftest.py").write_text((TESTS / "conftest.py").read_text())
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {TESTS}\n")
    (tmp_path / "test_it.py").write_text(f"import pytest\n\ndef test_it():\n    {body}\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout
    told = "skipped for a reason that is not allowed" in run.stdout
    assert told == (status == 1)
