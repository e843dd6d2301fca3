"""The explorer's requests say of each real snapshot what ``leakline heap`` says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from explorer.conftest import DEMO
from lsp.editor import Editor

HeapCommand = Callable[..., Any]
OLDER, NEWER = DEMO / "1.heapsnapshot.gz", DEMO / "3.heapsnapshot.gz"


async def ask(editor: Editor, view: str, **arguments: Any) -> Any:
    given = {
        name: str(value) if isinstance(value, Path) else value for name, value in arguments.items()
    }
    return as_json(await editor.request(f"leakline/heap/{view}", **given))


def as_json(data: Any) -> Any:
    """What pygls made named tuples of, as it came."""
    if hasattr(data, "_asdict"):
        return {key: as_json(value) for key, value in data._asdict().items()}
    if isinstance(data, dict):
        return {key: as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return data


async def all_rows(editor: Editor, view: str, most: int, **arguments: Any) -> list[Any]:
    """The first rows of a table, asked for in pages of a hundred or so."""
    rows: list[Any] = []
    while len(rows) < most:
        limit = min(101, most - len(rows))
        page = await ask(editor, view, offset=len(rows), limit=limit, **arguments)
        rows += page["rows"]
        if len(rows) >= page["total"]:
            break
    return rows


def without(rows: list[Any], *keys: str) -> list[Any]:
    return [{key: value for key, value in row.items() if key not in keys} for row in rows]


async def commonest(editor: Editor, snapshot: Path) -> Any:
    """The constructor with most objects among those whose name no other has."""
    page = await ask(editor, "summary", snapshot=snapshot, sort="count", limit=1000)
    names = [row["className"] for row in page["rows"]]
    return next(row for row in page["rows"] if names.count(row["className"]) == 1)


async def test_statistics(heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand) -> None:
    answer = await ask(heap_editor, "statistics", snapshot=snapshot)
    assert answer == leakline_heap("statistics", snapshot)


async def test_summary(heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand) -> None:
    said = leakline_heap("summary", snapshot, "--limit", 300)
    rows = await all_rows(heap_editor, "summary", 300, snapshot=snapshot)
    assert without(rows, "number") == said["classes"]
    page = await ask(heap_editor, "summary", snapshot=snapshot, limit=1)
    assert page["total"] == len(said["classes"]) + said["more"]


async def test_objects_of_a_constructor(
    heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand
) -> None:
    row = await commonest(heap_editor, snapshot)
    rows = await all_rows(heap_editor, "objects", 250, snapshot=snapshot, number=row["number"])
    said = leakline_heap("summary", snapshot, "--objects", row["className"], "--limit", 250)
    assert without(rows, "label", "children") == said["nodes"]


async def test_containment_of_the_root_and_of_an_object(
    heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand
) -> None:
    rows = await all_rows(heap_editor, "containment", 40, snapshot=snapshot)
    said = leakline_heap("containment", snapshot, "--depth", 1, "--limit", 41)["tree"][1:]
    assert without(rows, "label") == without(said, "depth")
    below = await all_rows(heap_editor, "containment", 40, snapshot=snapshot, id=rows[0]["id"])
    said = leakline_heap("containment", snapshot, rows[0]["id"], "--depth", 1, "--limit", 41)[
        "tree"
    ][1:]
    assert without(below, "label") == without(said, "depth")


async def test_dominators(heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand) -> None:
    rows = await all_rows(heap_editor, "dominators", 200, snapshot=snapshot)
    said = leakline_heap("dominators", snapshot, "--depth", 1, "--limit", 201)["tree"][1:]
    assert without(rows, "label") == without(said, "depth")
    treemap = (await ask(heap_editor, "treemap", snapshot=snapshot))["tree"]
    said = leakline_heap("dominators", snapshot, "--depth", 3, "--limit", 400)["tree"]
    assert without(treemap, "label") == said


async def test_the_first_retainers_lead_to_the_root_as_short_as_can_be(
    heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand
) -> None:
    objects = await ask(heap_editor, "summary", snapshot=snapshot, filter="Map", limit=1)
    rows = await all_rows(
        heap_editor, "objects", 1, snapshot=snapshot, number=objects["rows"][0]["number"]
    )
    (path,) = leakline_heap("retainers", snapshot, rows[0]["id"], "--limit", 1)["paths"]
    way, at = [], rows[0]["id"]
    while len(way) < len(path["hops"]):
        found = await ask(heap_editor, "retainers", snapshot=snapshot, id=at, limit=1)
        way += without(found["rows"], "label", "children")
        at = found["rows"][0]["id"]
    assert way[0] == path["hops"][0]
    assert at == path["hops"][-1]["id"]


async def test_comparison(heap_editor: Editor, leakline_heap: HeapCommand) -> None:
    rows = await all_rows(heap_editor, "compare", 1000, older=OLDER, newer=NEWER)
    said = leakline_heap("compare", OLDER, NEWER, "--limit", 1000)["classes"]
    assert without(rows, "number") == said
    changed = next(row for row in rows if row["new"] and row["deleted"])
    both = leakline_heap(
        "compare", OLDER, NEWER, "--objects", changed["className"], "--limit", 10_000
    )
    for view, part, count in (
        ("newObjects", "new", "new"),
        ("deletedObjects", "deleted", "deleted"),
    ):
        found = await all_rows(
            heap_editor, view, 2000, older=OLDER, newer=NEWER, number=changed["number"]
        )
        assert len(found) == changed[count]
        ids = {row["id"] for row in both[part]}
        assert {row["id"] for row in found} <= ids


async def test_comparison_with_another_program(
    heap_editor: Editor, snapshot: Path, leakline_heap: HeapCommand
) -> None:
    rows = await all_rows(heap_editor, "compare", 300, older=OLDER, newer=snapshot)
    said = leakline_heap("compare", OLDER, snapshot, "--limit", 300)["classes"]
    assert without(rows, "number") == said


async def test_tables_are_sorted_and_filtered(heap_editor: Editor, snapshot: Path) -> None:
    by_count = await ask(heap_editor, "summary", snapshot=snapshot, sort="count", limit=1000)
    counts = [row["count"] for row in by_count["rows"]]
    assert counts == sorted(counts, reverse=True)
    names = await ask(
        heap_editor, "summary", snapshot=snapshot, sort="className", ascending=True, limit=1000
    )
    folded = [row["className"].casefold() for row in names["rows"]]
    assert folded == sorted(folded)
    row = await commonest(heap_editor, snapshot)
    found = await ask(
        heap_editor, "summary", snapshot=snapshot, filter=row["className"].upper(), limit=1000
    )
    assert row in found["rows"]
    assert all(row["className"].casefold() in one["className"].casefold() for one in found["rows"])
    near = await ask(
        heap_editor,
        "objects",
        snapshot=snapshot,
        sort="distance",
        ascending=True,
        number=row["number"],
    )
    distances = [row["distance"] for row in near["rows"] if row["distance"] is not None]
    assert distances == sorted(distances)
    assert near["total"] == row["count"]
