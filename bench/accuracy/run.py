"""Measures every program live and compares what Leakline says with what is true.

Prints a line per program and runtime, then recall, precision and the right-line rate.
Runtimes that are not at hand are named and left out.

    python bench/accuracy/run.py                       all programs
    python bench/accuracy/run.py --write               … and docs/accuracy.md
    python bench/accuracy/run.py trie hono             programs with such names
    python bench/accuracy/run.py --keep /tmp/rec       keep recordings there, 30 MB each: those of
                                                       leaking programs, and what went wrong
    python bench/accuracy/run.py --again /tmp/rec      analyse kept recordings, start nothing
    python bench/accuracy/run.py --requests 200        other numbers of requests per round

Without ``--requests`` leaking programs run once and healthy ones three times, with different
numbers of requests. Two programs run at any time. One that could not be measured is tried once
more, and that is printed; one that was measured is never measured again.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from accuracy.judgement import judge  # noqa: E402
from accuracy.programs import Program, Runtime, load_programs, look, prepare, record  # noqa: E402
from accuracy.runtimes import find_runtimes  # noqa: E402
from leakline.recording import Recording, load_recording  # noqa: E402
from report import Origin, Result, line, page, summary  # noqa: E402
from support.runtimes import free_port  # noqa: E402

AT_ONCE = 2
PAGE = ROOT / "docs/accuracy.md"

# Requests per round. A healthy program must be silent at each of them.
REQUESTS = (60, 37, 100)

# A measurement takes seconds, one that hangs must not hold up all others.
MOST_SECONDS = 240


async def run(program: Program, runtime: Runtime, requests: int, directory: Path) -> Result:
    started = time.perf_counter()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            copy = await prepare(program, runtime, directory)
            recording = await record(program, runtime, copy, (free_port(), free_port()), requests)
    except Exception as error:
        told = f"not measured: {error or type(error).__name__}"
        return Result(program, runtime, requests, None, told, time.perf_counter() - started)
    return analysed(program, runtime, requests, recording, copy, started)


def analysed(
    program: Program,
    runtime: Runtime,
    requests: int,
    recording: Recording,
    copy: Path,
    started: float,
) -> Result:
    try:
        analysis = look(recording, copy)
    except Exception:
        told = traceback.format_exc(limit=-3)
        return Result(program, runtime, requests, None, told, time.perf_counter() - started)
    judgement = judge(program, analysis.findings, runtime.name)
    return Result(program, runtime, requests, judgement, "", time.perf_counter() - started)


def again(program: Program, runtime: Runtime, requests: int, kept: Path) -> Result | None:
    copy = kept / key(program, runtime, requests) / program.path.name
    recordings = sorted(copy.glob(".leakline/recordings/*/recording.json"))
    if not recordings:
        return None
    started = time.perf_counter()
    recording = load_recording(recordings[-1].parent)
    return analysed(program, runtime, requests, recording, copy, started)


async def measured(program: Program, runtime: Runtime, requests: int, keep: Path | None) -> Result:
    with place_for(program, runtime, requests, keep) as directory:
        result = await run(program, runtime, requests, directory)
    if result.judgement is None:
        print(f"{line(result)}\n       tried once more", flush=True)
        with place_for(program, runtime, requests, keep) as directory:
            result = await run(program, runtime, requests, directory)
    if keep is not None and result.is_right and not program.leaks:
        shutil.rmtree(keep / key(program, runtime, requests))
    return result


@contextmanager
def place_for(
    program: Program, runtime: Runtime, requests: int, keep: Path | None
) -> Iterator[Path]:
    """Where a program is copied to, built and measured."""
    if keep is not None:
        kept = keep.resolve() / key(program, runtime, requests)
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="leakline-accuracy-") as directory:
        yield Path(directory)


def key(program: Program, runtime: Runtime, requests: int) -> str:
    return f"{program.path.name}@{runtime.name}-{requests}"


async def run_all(chosen: Sequence[Program], options: argparse.Namespace) -> list[Result]:
    runtimes = find_runtimes()
    wanted = [
        (program, name, requests)
        for requests in options.requests or REQUESTS
        for program in chosen
        for name in program.runtimes
        if options.requests or not program.leaks or requests == REQUESTS[0]
        if not options.runtime or name in options.runtime
    ]
    absent = sorted({name for _, name, _ in wanted if name not in runtimes})
    if absent:
        print(f"not at hand, left out: {', '.join(absent)}", flush=True)
    places = asyncio.Semaphore(AT_ONCE)
    results: list[Result] = []

    async def one(program: Program, runtime: Runtime, requests: int) -> None:
        async with places:
            if options.again is not None:
                result = again(program, runtime, requests, options.again)
                if result is None:
                    return
            else:
                result = await measured(program, runtime, requests, options.keep)
        results.append(result)
        print(line(result), flush=True)

    await asyncio.gather(
        *(one(program, runtimes[name], n) for program, name, n in wanted if name in runtimes)
    )
    return results


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", help="only programs whose names contain one of these")
    parser.add_argument("--runtime", action="append", help="only this runtime, such as node24")
    parser.add_argument("--requests", default="", help="requests per round; several: 60,100,37")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md")
    parser.add_argument("--keep", type=Path, help="keep the recordings in this directory")
    parser.add_argument("--again", type=Path, help="analyse the recordings kept there")
    options = parser.parse_args()
    options.requests = [int(each) for each in options.requests.split(",") if each]
    chosen = [
        program
        for program in load_programs()
        if not options.names or any(name in program.name for name in options.names)
    ]
    started = time.perf_counter()
    results = asyncio.run(run_all(chosen, options))
    seconds = time.perf_counter() - started
    print(summary(results))
    print(f"{len(results)} measurements in {seconds / 60:.1f} minutes")
    if options.write:
        text = PAGE.read_text("utf-8") if PAGE.exists() else ""
        origin = Origin(seconds, live=options.again is None)
        PAGE.write_text(page(results, origin, text), "utf-8")
    return 0 if all(result.is_right for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
