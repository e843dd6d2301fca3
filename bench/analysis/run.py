"""Times the whole analysis, from snapshots to findings.

    python bench/analysis/run.py [--megabytes 100] [--repeat 3]

Three snapshots of 100 MB, each time in a cold process, as `leakline analyze` reads them; and
three snapshots of a real Worker in a warm worker process, as the editor has it. Prints medians
of wall time and of processor time, and the machine's load beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from leakline.recording import load_recording
from leakline.worker import AnalysisWorker

HERE = Path(__file__).resolve().parent
BUILD = HERE / "build"
WORKER = HERE.parents[1] / "server/leakline/cli/demo"
REQUESTS = "100,200,300"
MOST_COLD = 4.0
MOST_WARM = 0.2


def snapshots(megabytes: int) -> list[Path]:
    """Three snapshots of one program, made where they are not there."""
    directory = BUILD / f"{megabytes}"
    paths = [directory / f"{number}.heapsnapshot" for number in range(3)]
    if not all(path.is_file() for path in paths):
        node = shutil.which("node")
        if node is None:
            raise SystemExit("there is no node on PATH")
        unfinished = BUILD / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        program = [node, "--max-old-space-size=4000", HERE / "grow.mjs", unfinished]
        subprocess.run([*map(str, program), str(megabytes)], check=True)
        shutil.rmtree(directory, ignore_errors=True)
        unfinished.rename(directory)
    return paths


def cold(paths: list[Path], repeat: int) -> tuple[float, float]:
    """Seconds of wall time and of processor time of `leakline analyze`."""
    command = [sys.executable, "-m", "leakline", "analyze", "--requests", REQUESTS]
    times: list[tuple[float, float]] = []
    for _ in range(repeat):
        before = os.times()
        started = time.perf_counter()
        run = subprocess.run(
            [*command, *map(str, paths)], cwd=HERE, capture_output=True, check=False
        )
        wall = time.perf_counter() - started
        if run.returncode != 1:
            raise SystemExit(f"found no leak: {run.stdout.decode()}{run.stderr.decode()}")
        after = os.times()
        used = after.children_user + after.children_system
        times.append((wall, used - before.children_user - before.children_system))
    return statistics.median(w for w, _ in times), statistics.median(c for _, c in times)


async def warm(repeat: int) -> float:
    """Seconds of wall time for the Worker's recording, without the first run."""
    worker = AnalysisWorker()
    times: list[float] = []
    try:
        for _ in range(repeat + 1):
            started = time.perf_counter()
            await worker.analyze(WORKER, workspace=None, on_progress=lambda _: None)
            times.append(time.perf_counter() - started)
    finally:
        await worker.close()
    return statistics.median(times[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description="times the whole analysis")
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    paths = snapshots(options.megabytes)
    sizes = " + ".join(f"{path.stat().st_size / 1e6:.0f}" for path in paths)
    wall, processor = cold(paths, options.repeat)
    print(
        f"three snapshots ({sizes} MB), cold: {wall:.2f} s, {processor:.2f} s of processor "
        f"(to reach: {MOST_COLD} s)"
    )
    taken = len(load_recording(WORKER).rounds)
    seconds = asyncio.run(warm(max(options.repeat, 5)))
    print(
        f"{taken} snapshots of a Worker, warm: {1000 * seconds:.0f} ms "
        f"(to reach for three: {1000 * MOST_WARM:.0f} ms)"
    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
