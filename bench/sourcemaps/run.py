"""Decoding a source map of 5 MB and looking up 40,000 places, side by side with two peers.

    python bench/sourcemaps/run.py

The map is that of the TypeScript compiler's bundle, minified by esbuild. Each time is the best
of several in one warm process, from the file's bytes or text in memory to the answers; the
peers are @jridgewell/trace-mapping under Node and PyPI's sourcemap. Exit status 1 when Leakline
is slower than trace-mapping, not five times as fast as sourcemap, or its peak memory is above
twice the decoded columns.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sourcemap

from leakline.sourcemaps import SourceMap, parse_source_map

ORACLE = Path(__file__).parents[2] / "tests/sourcemaps/oracle"
LOOK_UPS = 40_000
ROUNDS = 7


def best(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def places(source_map: SourceMap) -> np.ndarray:
    random = np.random.default_rng(20261122)
    keys = random.choice(source_map.segments.generated, LOOK_UPS)
    columns = (keys & (2**31 - 1)) + random.integers(0, 3, LOOK_UPS)
    return np.stack([keys >> 31, columns], axis=1).astype(np.int32)


def trace_mapping(map_file: Path, asked: np.ndarray, folder: Path) -> tuple[float, float]:
    asked.tofile(folder / "queries")
    command = ["node", "look_up.mjs", str(map_file), "file:///out.js.map"]
    command += [str(folder / "queries"), str(folder / "answers")]
    times = []
    for _ in range(ROUNDS):
        done = subprocess.run(command, cwd=ORACLE, check=True, stdout=subprocess.PIPE)
        answer = json.loads(done.stdout)
        times.append((answer["decodeMilliseconds"], answer["lookUpMilliseconds"]))
    return min(times)


def ask_pypi(index: sourcemap.SourceMapIndex, asked: list[list[int]]) -> None:
    for line, column in asked:
        index.lookup(line, column)


def peak_ratio(data: bytes) -> float:
    tracemalloc.start()
    segments = parse_source_map(data).segments
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    columns = (segments.generated, segments.source, segments.line, segments.column, segments.name)
    return peak / sum(column.nbytes for column in columns)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["node", "make_maps.mjs", name], cwd=ORACLE, check=True)
        map_file = folder / "large-minified.js.map"
        data = map_file.read_bytes()
        text = data.decode()
        source_map = parse_source_map(data)
        asked = places(source_map)
        as_list = asked.tolist()
        index = sourcemap.loads(text)

        reading = best(map_file.read_bytes)
        ours = best(lambda: parse_source_map(data))
        ours_look_up = best(lambda: source_map.originals(asked[:, 0], asked[:, 1]))
        theirs, theirs_look_up = trace_mapping(map_file, asked, folder)
        pypi = best(lambda: sourcemap.loads(text), 3)
        pypi_look_up = best(lambda: ask_pypi(index, as_list), 3)
        ratio = peak_ratio(data)

    segments = source_map.segments.generated.size
    print(f"{len(data) / 1e6:.1f} MB, {segments:,} segments; {LOOK_UPS:,} look-ups")
    print(f"{'':34}{'decode':>10}{'look up':>10}")
    for who, decode, look_up in (
        ("reading the file", reading, None),
        ("leakline", ours, ours_look_up),
        ("@jridgewell/trace-mapping, Node", theirs, theirs_look_up),
        ("sourcemap, PyPI", pypi, pypi_look_up),
    ):
        shown = "" if look_up is None else f"{look_up:7.1f} ms"
        print(f"{who:34}{decode:7.1f} ms{shown:>10}")
    print(f"peak memory: {ratio:.2f} times the decoded columns")
    total = ours + ours_look_up
    kept = total <= theirs + theirs_look_up and 5 * total <= pypi + pypi_look_up and ratio <= 2
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
