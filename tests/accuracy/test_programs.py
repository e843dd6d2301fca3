"""A quarter of the programs in ``fixtures/``, run live: a different quarter each day.

``LEAKLINE_ACCURACY_SEED`` chooses the quarter (any whole number), ``all`` runs every one.
``make accuracy`` runs them all on all their runtimes.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from pathlib import Path

import pytest

from accuracy.judgement import judge
from accuracy.programs import PACKAGES, Program, load_programs, look, prepare, record
from accuracy.runtimes import find_runtimes
from support import skips
from support.runtimes import free_port

_MISSING = {
    "worker": skips.NO_WRANGLER,
    "page": skips.NO_CHROMIUM,
    "deno": skips.NO_DENO,
}
# Starting wrangler takes as long as three measurements of a Node program.
_MOST_WORKERS = 2


def _seed() -> str:
    today = dt.datetime.now(dt.UTC).date().toordinal()
    return os.environ.get("LEAKLINE_ACCURACY_SEED", str(today))


def _quarter() -> list[Program]:
    programs = load_programs()
    if _seed() == "all":
        return programs
    shuffled = random.Random(int(_seed()) // 4).sample(programs, len(programs))
    chosen = shuffled[int(_seed()) % 4 :: 4]
    workers = [program for program in chosen if program.runtimes[0] == "worker"]
    return sorted(
        (program for program in chosen if program not in workers[_MOST_WORKERS:]),
        key=lambda program: program.name,
    )


@pytest.mark.parametrize("program", _quarter(), ids=lambda program: program.name)
async def test_what_is_said_of_a_program_is_true(program: Program, tmp_path: Path) -> None:
    name = program.runtimes[0]
    runtime = find_runtimes().get(name)
    if runtime is None:
        pytest.skip(_MISSING.get(name, skips.NO_NODE))
    assert PACKAGES.is_dir(), "run `npm ci` in fixtures/"
    copy = await prepare(program, runtime, tmp_path)
    recording = await record(program, runtime, copy, (free_port(), free_port()), requests=60)
    judgement = judge(program, look(recording, copy).findings)
    assert judgement.complaints() == [], f"with LEAKLINE_ACCURACY_SEED={_seed()}"
