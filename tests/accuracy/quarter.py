"""Which programs a test run takes: a different quarter each day.

``LEAKLINE_ACCURACY_SEED`` chooses the quarter (any whole number); ``all`` takes every program.
``make accuracy`` runs them all on all their runtimes.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Sequence

from accuracy.programs import Program, load_programs

# Starting wrangler takes as long as three measurements of a Node program.
_MOST_WORKERS = 2

SEED = os.environ.get("LEAKLINE_ACCURACY_SEED") or str(dt.datetime.now(dt.UTC).date().toordinal())


def quarter(programs: Sequence[Program], seed: int) -> list[Program]:
    """A quarter of the programs; four seeds in a row see every one."""
    return random.Random(seed // 4).sample(programs, len(programs))[seed % 4 :: 4]


def _chosen() -> list[Program]:
    programs = load_programs()
    if SEED == "all":
        return programs
    chosen = quarter(programs, int(SEED))
    workers = [program for program in chosen if program.runtimes[0] == "worker"]
    return [program for program in chosen if program not in workers[_MOST_WORKERS:]]


CHOSEN = _chosen()
