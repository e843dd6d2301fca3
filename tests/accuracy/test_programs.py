"""A quarter of the programs in ``fixtures/``, run live. ``quarter.py`` says which."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from accuracy.judgement import Judgement, judge
from accuracy.programs import PACKAGES, Program, load_programs, look, prepare, record
from accuracy.quarter import CHOSEN, SEED, quarter
from accuracy.runtimes import find_runtimes
from support import skips
from support.runtimes import free_port

_MISSING = {
    "worker": skips.NO_WRANGLER,
    "page": skips.NO_CHROMIUM,
    "deno": skips.NO_DENO,
}
_AT_ONCE = 2


@pytest.fixture(scope="module")
async def under_way(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> AsyncIterator[dict[str, asyncio.Task[Judgement]]]:
    """The programs that are tested, by name, two of them running at any time."""
    selected = {item.name for item in request.session.items}
    directory = tmp_path_factory.mktemp("accuracy")
    places = asyncio.Semaphore(_AT_ONCE)

    async def measured(program: Program) -> Judgement:
        async with places:
            return await _measured(program, directory)

    tasks = {
        program.name: asyncio.create_task(measured(program))
        for program in CHOSEN
        if any(f"[{program.name}]" in name for name in selected) and _missing(program) is None
    }
    yield tasks
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)


def _missing(program: Program) -> str | None:
    """Why a program cannot run here; None when it can."""
    name = program.runtimes[0]
    return None if name in find_runtimes() else _MISSING.get(name, skips.NO_NODE)


async def _measured(program: Program, directory: Path) -> Judgement:
    assert PACKAGES.is_dir(), "run `npm ci` in fixtures/"
    runtime = find_runtimes()[program.runtimes[0]]
    copy = await prepare(program, runtime, directory / program.path.parent.name)
    recording = await record(program, runtime, copy, (free_port(), free_port()), requests=60)
    return judge(program, look(recording, copy).findings, runtime.name)


@pytest.mark.parametrize("program", [pytest.param(each, id=each.name) for each in CHOSEN])
async def test_what_is_said_of_a_program_is_true(
    program: Program, under_way: dict[str, asyncio.Task[Judgement]]
) -> None:
    missing = _missing(program)
    if missing is not None:
        pytest.skip(missing)
    judgement = await under_way[program.name]
    assert judgement.complaints() == [], f"with LEAKLINE_ACCURACY_SEED={SEED}"


def test_four_seeds_in_a_row_see_every_program() -> None:
    programs = load_programs()
    seen = {program.name for seed in range(4000, 4004) for program in quarter(programs, seed)}
    assert seen == {program.name for program in programs}
