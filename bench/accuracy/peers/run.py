"""What MemLab's find-leaks and DevTools' comparison view say of what Leakline analysed.

    python bench/accuracy/run.py --keep /tmp/recordings
    python bench/accuracy/peers/run.py /tmp/recordings           prints it
    python bench/accuracy/peers/run.py /tmp/recordings --write   … and writes docs/accuracy.md

MemLab's three snapshots are the one after the warm-up, the one after the first round and the last
one. Per leaking program, on the runtime that it names first: how many leaks it tells, whether the
growing variable's name stands in one of its traces, and whether a file's line does; by default,
and with --trace-all-objects. DevTools compares the first with the last: how many constructors
grew, and in which of these rows the growing variable's name comes up, see devtools.mjs.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(HERE.parent)]

from accuracy.programs import ExpectedFinding, Program, load_programs  # noqa: E402
from accuracy.runtimes import find_runtimes  # noqa: E402
from leakline.recording import Recording, load_recording  # noqa: E402
from report import PEERS_HEADING  # noqa: E402

PAGE = ROOT / "docs/accuracy.md"
MODES = ((), ("--trace-all-objects",))
LINE = re.compile(r"\.(?:[cm]?js|tsx?):\d+")
SECONDS = 60


def kept(directory: Path, program: Program) -> Recording | None:
    key = f"{program.path.name}@{program.runtimes[0]}-*"
    found = sorted(directory.glob(f"{key}/*/.leakline/recordings/*/recording.json"))
    return load_recording(found[-1].parent) if found else None


def leak_traces(recording: Recording, mode: tuple[str, ...]) -> list[str] | None:
    """MemLab's traces, as JSON text each; None when it fails or takes a minute."""
    snapshots = [taken.snapshot for taken in recording.rounds]
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        command = [
            str(find_runtimes()["node24"].executable),
            str(HERE / "memlab.mjs"),
            *(str(snapshots[i]) for i in (0, 1, -1)),
            output.name,
            *mode,
        ]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
        except subprocess.SubprocessError:
            return None
        return [json.dumps(each) for each in json.loads(output.read())]


def comparison(recording: Recording, names: set[str]) -> dict[str, Any] | None:
    """What DevTools' comparison view shows; None when it fails or takes a minute."""
    snapshots = [str(taken.snapshot) for taken in recording.rounds]
    command = [
        str(find_runtimes()["node24"].executable),
        str(HERE / "devtools.mjs"),
        snapshots[0],
        snapshots[-1],
        *names,
    ]
    try:
        run = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
    except subprocess.SubprocessError:
        return None
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def last_names(expected: ExpectedFinding) -> set[str]:
    return {re.split(r"[.# ]", root.replace("`", ""))[-1] for root in expected.roots}


def names_it(traces: list[str], expected: ExpectedFinding) -> bool:
    names = last_names(expected)
    words = {word for trace in traces for word in re.findall(r"[\w$]+", trace)}
    return bool(names & words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--write", action="store_true", help="the section in docs/accuracy.md")
    options = parser.parse_args()
    totals: Counter[str] = Counter()
    for program in load_programs():
        recording = kept(options.recordings, program) if program.leaks else None
        if recording is None:
            continue
        totals["programs"] += 1
        cells = [
            _told(leak_traces(recording, mode), program.findings[0], " ".join(mode), totals)
            for mode in MODES
        ]
        cells.append(_compared(recording, program.findings[0], totals))
        print(f"{program.name:34} {' | '.join(cells)}", flush=True)
    print("\n".join(f"{what:60} {count:3}" for what, count in totals.items()))
    if options.write:
        own = PAGE.read_text("utf-8").partition(PEERS_HEADING)[0]
        PAGE.write_text(own + PEERS_HEADING + section(totals), "utf-8")


def _compared(recording: Recording, expected: ExpectedFinding, totals: Counter[str]) -> str:
    names = last_names(expected)
    told = comparison(recording, names | {f"#{name}" for name in names})
    if told is None:
        totals["failed comparison"] += 1
        return "failed"
    row = told["named"]
    totals["compared"] += 1
    totals["rows"] += len(told["rows"])
    totals["named comparison"] += row is not None
    totals["named in the first row"] += row == 1
    where = "does not name it" if row is None else f"row {row} names it"
    return f"{len(told['rows']):3} constructors, {where}"


def _told(
    traces: list[str] | None, expected: ExpectedFinding, mode: str, totals: Counter[str]
) -> str:
    if traces is None:
        totals[f"failed {mode}"] += 1
        return "failed"
    named = names_it(traces, expected)
    line = any(LINE.search(trace) for trace in traces)
    totals[f"told {mode}"] += bool(traces)
    totals[f"named {mode}"] += named
    totals[f"line {mode}"] += line
    told = "names it" if named else "does not name it"
    return f"{len(traces):4} leaks, {told:16} {'a line' if line else 'no line'}"


def section(totals: Counter[str]) -> str:
    """The text below ``PEERS_HEADING``."""
    rows = [
        f"| MemLab `find-leaks{' ' * bool(mode)}{mode}` | "
        + " | ".join(str(totals[f"{what} {mode}"]) for what in ("told", "named", "line", "failed"))
        + " |"
        for mode in (" ".join(each) for each in MODES)
    ]
    grown = totals["rows"] / (totals["compared"] or 1)
    first = totals["named in the first row"]
    cells = [
        "DevTools' comparison view",
        f"{grown:.0f} constructors that grew, on average",
        f"{totals['named comparison']}, {first} of them in the first row",
        "0",
        str(totals["failed comparison"]),
    ]
    rows.append(f"| {' | '.join(cells)} |")
    return f"""
Of {totals["programs"]} leaking programs, each on the runtime that it names first, from
recordings of the run above (written by `bench/accuracy/peers/run.py RECORDINGS --write`):

| tool | tells of a leak | shows the growing variable's name | a line | failed, or took 60 s |
|---|---|---|---|---|
{chr(10).join(rows)}

MemLab looks for what pages leak: detached elements and unmounted components. Told to trace all
objects, it shows heap edges from the root to one object of each group, Node's own among them.
The user goes on from there to a search for the variable's name in the code.

Chrome DevTools' comparison view lists constructors with what is new, deleted and left over
between two snapshots, Node's own objects among them. The user opens a constructor, picks an
object, reads its retainers up to a `Context`, and searches the code for the variable that the
edge names. A name counts here where it stands on the shortest way up from the first new object of
a row. In the retainers a function has its line; a variable, a field or a `Map` has none, nor has
the statement that adds to it. Growth per request is not shown.
"""


if __name__ == "__main__":
    main()
