"""What MemLab's find-leaks says of the recordings that Leakline analysed.

    python bench/accuracy/run.py --keep /tmp/recordings
    python bench/accuracy/peers/run.py /tmp/recordings

Its three snapshots are the one after the warm-up, the one after the first round and the last
one. Per leaking program: how many leaks it tells, whether the growing variable's name stands
in one of its traces, and whether a file's line does; by default, and with --trace-all-objects.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "tests"))

from accuracy.programs import ExpectedFinding, Program, load_programs  # noqa: E402
from accuracy.runtimes import find_runtimes  # noqa: E402
from leakline.recording import Recording, load_recording  # noqa: E402

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
    try:
        run = subprocess.run(
            [
                str(find_runtimes()["node24"].executable),
                str(HERE / "memlab.mjs"),
                *(str(snapshots[i]) for i in (0, 1, -1)),
                *mode,
            ],
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
        return [json.dumps(each) for each in json.loads(run.stdout)]
    except (subprocess.SubprocessError, ValueError):
        return None


def names_it(traces: list[str], expected: ExpectedFinding) -> bool:
    names = {re.split(r"[.# ]", root.replace("`", ""))[-1] for root in expected.roots}
    words = {word for trace in traces for word in re.findall(r"[\w$]+", trace)}
    return bool(names & words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("recordings", type=Path)
    options = parser.parse_args()
    totals: Counter[str] = Counter()
    for program in load_programs():
        recording = kept(options.recordings, program) if program.leaks else None
        if recording is None:
            continue
        totals["programs"] += 1
        cells: list[str] = []
        for mode in MODES:
            title = " ".join(mode) or "by default"
            traces = leak_traces(recording, mode)
            if traces is None:
                cells.append("failed")
                continue
            named = names_it(traces, program.findings[0])
            lines = any(LINE.search(trace) for trace in traces)
            totals[f"{title}: leaks told"] += bool(traces)
            totals[f"{title}: the variable's name in a trace"] += named
            totals[f"{title}: a line"] += lines
            told = "names it" if named else "does not name it"
            cells.append(f"{len(traces):4} leaks, {told:16} {'a line' if lines else 'no line'}")
        print(f"{program.name:34} {' | '.join(cells)}", flush=True)
    for what, count in totals.items():
        print(f"{what:60} {count:3}")


if __name__ == "__main__":
    main()
