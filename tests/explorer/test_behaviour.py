"""What the requests do beside answering: secrets, failures, cancelling, letting go of memory."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from explorer.conftest import DEMO, SNAPSHOTS
from explorer.test_requests import as_json, ask
from lsp.editor import REAL_SERVER, Editor, open_editor, until

NODE = next(path for path in SNAPSHOTS if path.name.startswith("node24"))


@pytest.fixture
async def editor(tmp_path: Path) -> AsyncIterator[Editor]:
    async with open_editor(tmp_path, server=REAL_SERVER) as opened:
        yield opened


async def strings(editor: Editor) -> Any:
    page = await ask(editor, "summary", snapshot=NODE, filter="(string)", limit=1)
    number = page["rows"][0]["number"]
    return (await ask(editor, "objects", snapshot=NODE, number=number, limit=5))["rows"]


async def test_values_are_redacted_unless_the_user_says_otherwise(
    heap_editor: Editor, tmp_path: Path
) -> None:
    for row in await strings(heap_editor):
        assert row["name"] is None
        assert row["label"] == "(string)"
    async with open_editor(
        tmp_path, server=REAL_SERVER, settings={"redactValues": False}
    ) as trusting:
        row, *_ = await strings(trusting)
        assert row["name"]
        assert row["label"].startswith('"')


async def test_a_client_cannot_ask_for_values(heap_editor: Editor) -> None:
    page = await ask(heap_editor, "summary", snapshot=NODE, filter="(string)", values=True)
    number = page["rows"][0]["number"]
    found = await ask(heap_editor, "objects", snapshot=NODE, number=number, values=True, limit=3)
    assert [row["name"] for row in found["rows"]] == [None, None, None]


async def test_a_recording_opens_with_its_rounds(heap_editor: Editor) -> None:
    found = (await ask(heap_editor, "open", paths=[str(DEMO)]))["snapshots"]
    assert [Path(one["path"]) for one in found] == [
        DEMO / f"{number}.heapsnapshot.gz" for number in range(4)
    ]
    assert [one["requests"] for one in found] == [100, 200, 300, 400]


async def test_growth_gives_each_leak_root_round_by_round(heap_editor: Editor) -> None:
    found = await ask(heap_editor, "growth", recording=DEMO)
    (root,) = found["roots"]
    assert root["root"] == "responseText"
    assert [point["requests"] for point in root["series"]] == [100, 200, 300, 400]
    assert len(found["heapSizes"]) == 4


async def test_a_place_leads_to_the_recorded_script(heap_editor: Editor) -> None:
    place = {"scriptId": 8, "line": 0, "column": 0}
    found = await ask(heap_editor, "source", snapshot=DEMO / "3.heapsnapshot.gz", **place)
    assert found == {"uri": (DEMO / "sources" / "8.js").as_uri(), "line": 0, "column": 0}


@pytest.mark.parametrize(
    ("view", "arguments", "said"),
    [
        ("load", {"snapshot": "/no/such.heapsnapshot"}, "there is no snapshot file"),
        ("load", {}, "snapshot must be the path"),
        ("objects", {"snapshot": NODE, "number": 1_000_000}, "no constructor number"),
        ("retainers", {"snapshot": NODE, "id": 2**50}, "has no object @"),
        ("summary", {"snapshot": NODE, "limit": 10**9}, "limit must be"),
        ("summary", {"snapshot": NODE, "sort": "secret"}, "sort must be one of"),
        ("open", {"paths": []}, "paths must be a list"),
        ("open", {"paths": ["/no/such/recording"]}, "/no/such/recording"),
        ("growth", {"recording": ""}, "recording must be"),
    ],
)
async def test_nonsense_is_told_in_one_line(
    heap_editor: Editor, view: str, arguments: dict[str, Any], said: str
) -> None:
    with pytest.raises(JsonRpcException) as told:
        await ask(heap_editor, view, **arguments)
    assert said in str(told.value)
    assert "\n" not in str(told.value)


async def test_a_file_that_was_written_anew_is_read_anew(
    heap_editor: Editor, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.heapsnapshot"
    copy.write_bytes((DEMO / "0.heapsnapshot.gz").read_bytes())
    before = await ask(heap_editor, "load", snapshot=copy)
    other = tmp_path / "other.heapsnapshot"
    other.write_bytes(NODE.read_bytes())
    other.replace(copy)
    assert await ask(heap_editor, "load", snapshot=copy) != before


async def test_a_file_that_was_deleted_is_still_shown_where_it_is_open(
    heap_editor: Editor, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.heapsnapshot"
    copy.write_bytes(NODE.read_bytes())
    before = await ask(heap_editor, "load", snapshot=copy)
    copy.unlink()
    page = await ask(heap_editor, "summary", snapshot=copy, limit=5)
    assert len(page["rows"]) == 5
    assert await ask(heap_editor, "load", snapshot=copy) == before


async def test_cancelling_a_load_ends_it_and_the_next_one_works(editor: Editor) -> None:
    child = await heap_process(editor)
    # A process that stands still is as busy as can be.
    os.kill(child, signal.SIGSTOP)
    load = asyncio.ensure_future(
        editor.client.protocol.send_request_async(
            "leakline/heap/load", {"snapshot": str(NODE)}, msg_id="load"
        )
    )
    # The server answers others meanwhile.
    assert as_json(await editor.request("leakline/summary"))["findings"] == []
    editor.client.cancel_request(types.CancelParams("load"))
    with pytest.raises(JsonRpcException):
        await load
    await until(lambda: child not in children(editor), 60)
    assert (await ask(editor, "load", snapshot=NODE))["nodes"] > 0


async def test_a_process_that_is_killed_is_replaced(editor: Editor) -> None:
    os.kill(await heap_process(editor), signal.SIGKILL)
    try:
        await ask(editor, "load", snapshot=NODE)
    except JsonRpcException as error:
        # It was asked before anybody had noticed; then that is said.
        told = str(error)
    else:
        told = "killed"
    assert "killed" in told
    assert (await ask(editor, "load", snapshot=NODE))["nodes"] > 0


async def test_closing_the_last_explorer_lets_go_of_the_memory(editor: Editor) -> None:
    child = await heap_process(editor)
    await editor.request("leakline/heap/close")
    await until(lambda: child not in children(editor), 60)
    assert (await ask(editor, "load", snapshot=NODE))["nodes"] > 0


async def heap_process(editor: Editor) -> int:
    """Has a snapshot loaded; the process that keeps it."""
    # The one that analyses is started with the server.
    await until(lambda: children(editor), 60)
    (analyses,) = children(editor)
    await ask(editor, "load", snapshot=NODE)
    (keeps,) = children(editor) - {analyses}
    return keeps


def children(editor: Editor) -> set[int]:
    """The processes that the server has started and that still run."""
    server = editor.client._server
    assert server is not None
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = status.read_text().rpartition(")")
        except OSError:
            continue  # gone meanwhile
        state, parent, *_ = rest.split()
        if int(parent) == server.pid and state != "Z":
            found.add(int(name.split(" ")[0]))
    return found
