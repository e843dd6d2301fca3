"""Measures the second look: questions about a snapshot that is loaded already.

    python bench/heap/answers.py bench/heap/build/mixed-100.heapsnapshot

Asks for the retainers of 300 objects taken at random, and for the other lists some times each.
Prints the median, the 95th percentile and the longest in milliseconds, on the clock and of the
processor.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from leakline.heap import read_graph, views

REPEAT = 15


def main() -> None:
    path = Path(sys.argv[1])
    graph = read_graph(path.read_bytes(), path.name)
    graph.work_out()
    random.seed(1)
    nodes = [random.randrange(graph.node_count) for _ in range(300)]
    questions: dict[str, list[Callable[[], object]]] = {
        "retainers": [
            partial(views.retainer_paths, graph, node, limit=5, longest=50) for node in nodes
        ],
        "summary": [partial(views.summary, graph, 30)] * REPEAT,
        "summary --objects Object": [partial(views.objects_of, graph, "Object", 30)] * REPEAT,
        "statistics": [partial(views.statistics, graph)] * REPEAT,
        "dominators": [partial(views.dominator_tree, graph, 0, depth=3, limit=30)] * REPEAT,
        "containment": [partial(views.containment_tree, graph, 0, depth=3, limit=30)] * REPEAT,
        "strings": [partial(views.duplicate_strings, graph, 30)] * REPEAT,
        "closures": [partial(views.closure_groups, graph, 30)] * REPEAT,
        "contexts": [partial(views.context_groups, graph, 30)] * REPEAT,
    }
    print(f"{path.name}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, milliseconds\n")
    print(f"{'':26}{'median':>10}{'95 %':>8}{'max':>8}{'cpu median':>13}{'95 %':>8}{'max':>8}")
    for name, asked in questions.items():
        walls, cpus = zip(*map(timed, asked), strict=True)
        print(f"{name:26}{figures(walls, 10)}{figures(cpus, 13)}")


def timed(question: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    question()
    return time.perf_counter() - wall, time.process_time() - cpu


def figures(seconds: tuple[float, ...], width: int) -> str:
    ranked = sorted(second * 1e3 for second in seconds)
    count = len(ranked)
    return f"{ranked[count // 2]:{width}.1f}{ranked[count * 95 // 100]:8.1f}{ranked[-1]:8.1f}"


if __name__ == "__main__":
    main()
