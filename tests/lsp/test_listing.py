"""The lists that a client's own views show."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import leakline.cli
from lsp import play
from lsp.editor import REAL_SERVER, Editor, open_editor
from support.inspectors import FakeInspector

DEMO = Path(leakline.cli.__file__).parent / "demo"


async def ask(editor: Editor, method: str) -> Any:
    """What the server answers, as plain JSON."""
    return plain(await editor.request(method))


def plain(value: Any) -> Any:
    """pygls' client makes named tuples of objects."""
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


async def test_recordings_of_the_open_folder(tmp_path: Path) -> None:
    recordings = tmp_path / ".leakline" / "recordings"
    shutil.copytree(DEMO, recordings / "20261122T000000.000Z-seed")
    broken = recordings / "20261121T000000.000Z-broken"
    broken.mkdir()
    (broken / "recording.json").write_text("{")
    (recordings / "20261120T000000.000Z-half").mkdir()
    async with open_editor(tmp_path, server=REAL_SERVER) as editor:
        document = await ask(editor, "leakline/recordings")
    assert document["version"] == 1
    whole, unreadable = document["recordings"]
    assert whole["path"] == str(recordings / "20261122T000000.000Z-seed")
    assert whole["workspace"] == str(tmp_path)
    assert whole["size"] > 100_000
    assert whole["time"].endswith("+00:00")
    assert whole["target"]["kind"] == "wrangler"
    assert whole["snapshots"] > 1
    assert whole["requests"] > 100
    assert (whole["errors"], whole["notes"], whole["problem"]) == (0, [], None)
    assert unreadable["path"] == str(broken)
    assert unreadable["snapshots"] is None
    assert "measure again" in unreadable["problem"]


async def test_targets_with_the_one_that_is_set(tmp_path: Path) -> None:
    async with FakeInspector() as inspector:
        settings = {"inspect": inspector.address}
        async with open_editor(tmp_path, server=REAL_SERVER, settings=settings) as editor:
            document = await ask(editor, "leakline/targets")
    assert document["version"] == 1
    targets = document["targets"]
    (found,) = (each for each in targets if each["inspector"] == inspector.address)
    assert (found["kind"], found["title"]) == ("node", "server.js")
    assert found["webSocketUrl"] == f"ws://{inspector.address}/the-id"
    assert {9229, 9222} <= set(document["searchedPorts"])


async def test_a_target_elsewhere_is_not_asked_by_a_mere_list(tmp_path: Path) -> None:
    settings = {"inspect": "192.0.2.1:9229"}
    async with open_editor(tmp_path, server=REAL_SERVER, settings=settings) as editor:
        document = await ask(editor, "leakline/targets")
    targets = document["targets"]
    assert not any(each["address"].startswith("192.") for each in targets)


async def test_an_inspector_elsewhere_is_warned_of_once(tmp_path: Path) -> None:
    play.lay_out(tmp_path)
    settings = {"inspect": "192.0.2.1:9229", "url": "http://127.0.0.1:1/leak"}
    async with open_editor(tmp_path, settings=settings) as editor:
        for _ in range(2):
            await editor.request("leakline/measure")
        told = [text for text in editor.messages() if "is not on this machine" in text]
    assert len(told) == 1
    assert told[0].startswith("the inspector at 192.0.2.1 is not on this machine: the heap crosses")
