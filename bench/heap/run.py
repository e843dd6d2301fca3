"""Holds Leakline's heap engine against its peers on the same files.

    (cd bench && npm ci --ignore-scripts)
    python bench/heap/run.py [--sizes 10,100,500,1500] [--no-typescript] [--repeat 3]

Makes the snapshots it needs (``bench/heap/build/``), then runs every tool on every file in
turns, each time as a cold process that loads the file, works out retained sizes and sums up
classes. Each run that counts comes right behind another one of the same tool, and so finds the
memory ready that this gave back: a virtual machine hands free memory to its host at once, and gets
it back at a cost that depends on who ran before.

Prints medians of wall and processor time, the peak memory, and each tool's times in multiples of
the first line's: wall time is what a user waits, processor time is what stays comparable on a
machine that has other work, whose load is printed too. A tool that does not start, fails or takes
too long is said so, and is not tried on larger files where it took too long. A file that this
machine has no room for is passed over.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import newer_libc

HERE = Path(__file__).resolve().parent
BENCH = HERE.parent
BUILD = HERE / "build"


@dataclass(frozen=True, slots=True)
class Run:
    """One cold process: seconds on the clock, seconds of processor, megabytes at the peak."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--sizes", default="10,100,500,1500", help="megabytes of snapshot, with commas"
    )
    parser.add_argument("--no-typescript", dest="typescript", action="store_false")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--node", default=shutil.which("node") or "node")
    options = parser.parse_args()
    wanted = [(int(size), "mixed") for size in options.sizes.split(",")]
    if options.typescript:
        wanted.append((150, "typescript"))
    # As an installation does it.
    compileall.compile_dir(BENCH.parent / "server" / "leakline", quiet=1)
    big = "--max-old-space-size=16000"
    tools = {
        "leakline": [sys.executable, HERE / "peers" / "ours.py"],
        "leakline heap summary": [sys.executable, "-m", "leakline", "heap", "summary"],
        "@heap-snapshot/tool": heap_snapshot_tool(),
        "Chrome DevTools' worker": [options.node, big, BENCH / "devtools_worker" / "run.mjs"],
        "@memlab/heap-analysis": [options.node, big, HERE / "peers" / "memlab.cjs"],
        "@vscode/v8-heap-parser": [options.node, big, HERE / "peers" / "vscode.cjs"],
    }
    slow: dict[str, str] = {}
    for size, shape in sorted(wanted):
        path = generate(options.node, size, shape)
        if path is not None:
            compare(path, tools, options.repeat, slow)


def heap_snapshot_tool() -> list[str | Path]:
    binary = BENCH / "node_modules" / "@heap-snapshot" / "linux-x64" / "heap-snapshot"
    return [*newer_libc.command_for(binary, BUILD / "newer-libc"), "summary"]


def room_for(size: int) -> bool:
    """Whether a snapshot of so many megabytes can be made here, and read by the largest peer."""
    BUILD.mkdir(exist_ok=True)
    memory = next(
        int(line.split()[1]) // 1024
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemAvailable")
    )
    return memory > 5 * size and shutil.disk_usage(BUILD).free / 1e6 > 2 * size


def generate(node: str, size: int, shape: str) -> Path | None:
    path = BUILD / f"{shape}-{size}.heapsnapshot"
    if not room_for(size):
        print(f"\n{path.name} is passed over: it takes {5 * size} MB of memory", file=sys.stderr)
        return None
    if not path.exists():
        print(f"making {path.name}", file=sys.stderr)
        unfinished = path.with_suffix(".part")
        subprocess.run(
            [node, "--max-old-space-size=16000", HERE / "grow.cjs", unfinished, str(size), shape],
            check=True,
            cwd=BENCH,
        )
        unfinished.rename(path)
    return path


def compare(
    path: Path, tools: dict[str, list[str | Path]], repeat: int, slow: dict[str, str]
) -> None:
    limit = 30 + path.stat().st_size / 5e6
    runs: dict[str, list[Run]] = {name: [] for name in tools}
    failed = dict(slow)
    for _ in range(repeat):
        for name, command in tools.items():
            if name in failed:
                continue
            try:
                measure([*map(str, command), str(path)], limit)
                runs[name].append(measure([*map(str, command), str(path)], limit))
            except TookTooLong:
                failed[name] = f"took more than {limit:.0f} s"
                slow[name] = f"not run: {failed[name]} on {path.name}"
            except RuntimeError as error:
                if name.startswith("leakline"):
                    raise
                failed[name] = str(error)
    size, load = path.stat().st_size / 1e6, os.getloadavg()[0]
    print(
        f"\n{path.name}, {size:.0f} MB, median of {repeat}, load {load:.1f} on "
        f"{os.cpu_count()} cores\n"
    )
    print(f"{'':26}{'wall':>9}{'cpu':>9}{'memory':>10}{'wall':>8}{'cpu':>8}")
    best = statistics.median(run.wall for run in runs["leakline"])
    least = statistics.median(run.cpu for run in runs["leakline"])
    for name, measured in runs.items():
        if name in failed:
            print(f"{name:26}  {failed[name]}")
            continue
        wall = statistics.median(run.wall for run in measured)
        cpu = statistics.median(run.cpu for run in measured)
        memory = max(run.memory for run in measured)
        print(
            f"{name:26}{wall:8.2f}s{cpu:8.2f}s{memory:8.0f}MB{wall / best:7.1f}x{cpu / least:7.1f}x"
        )


class TookTooLong(Exception):
    """A tool was ended."""


def measure(command: list[str], limit: float) -> Run:
    """Run a command to its end.

    Raises:
        RuntimeError: It did not start or failed; one line.
        TookTooLong: It was ended after the limit.
    """
    with tempfile.TemporaryFile() as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
            if time.perf_counter() - begin > limit:
                process.kill()
                process.wait()
                raise TookTooLong
            time.sleep(0.002)
        _, status, usage = ended
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            text = errors.read().decode(errors="replace").strip()
            line = next((row for row in text.splitlines() if "rror" in row or "GLIBC" in row), "")
            raise RuntimeError(f"failed with {process.returncode}: {line[-90:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
