"""Source maps are saved from where the script came from, and from nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from leakline.capture import capture
from leakline.capture.scripts import find_source_map
from leakline.recording import read_source, read_source_map
from support.inspectors import Client, FakeInspector, Message
from support.webserver import WebServer

MAP = json.dumps({"version": 3, "sources": ["a.ts"], "mappings": "AAAA"}).encode()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "dist/js/server.js"
    path.parent.mkdir(parents=True)
    path.write_text("let a;")
    return path


async def test_file_beside_the_script(client: aiohttp.ClientSession, script: Path) -> None:
    beside = script.with_name("server.js.map")
    beside.write_bytes(MAP)
    expected = (MAP, beside.as_uri())
    assert await find_source_map(client, script.as_uri(), "server.js.map") == expected
    assert await find_source_map(client, str(script), "server.js.map") == expected
    assert await find_source_map(client, script.as_uri(), beside.as_uri()) == expected
    # The script need not name it, as with esbuild's `--sourcemap=external`.
    assert await find_source_map(client, script.as_uri(), "") == expected
    assert await find_source_map(client, "http://127.0.0.1:1/server.js", "") is None


async def test_file_below_the_script_with_a_name_to_decode(
    client: aiohttp.ClientSession, script: Path
) -> None:
    below = script.parent / "maps/my server.map"
    below.parent.mkdir()
    below.write_bytes(b")]}'\n" + MAP)
    found = await find_source_map(client, script.as_uri(), "maps/my%20server.map")
    assert found == (b")]}'\n" + MAP, below.as_uri())


@pytest.mark.parametrize(
    "inline",
    [
        "data:application/json;base64," + base64.b64encode(MAP).decode(),
        "data:application/json;charset=utf-8;base64," + base64.b64encode(MAP).decode(),
        "data:application/json," + quote(MAP),
    ],
)
async def test_data_url(client: aiohttp.ClientSession, inline: str) -> None:
    assert await find_source_map(client, "evalmachine.<anonymous>", inline) == (
        MAP,
        "evalmachine.<anonymous>",
    )


@pytest.mark.parametrize("broken", ["data:", "data:;base64,!", "data:,x", "data:,[]", "data:,{}"])
async def test_broken_data_url(client: aiohttp.ClientSession, broken: str) -> None:
    assert await find_source_map(client, "file:///a.js", broken) is None


async def test_no_file_from_elsewhere(client: aiohttp.ClientSession, script: Path) -> None:
    outside = script.parents[2] / "outside.map"
    outside.write_bytes(MAP)
    (script.parent / "link.map").symlink_to(outside)
    for url in ("../../outside.map", outside.as_uri(), str(outside), "link.map", "none.map"):
        assert await find_source_map(client, script.as_uri(), url) is None, url
    nowhere = outside.with_name("not-there.js").as_uri()
    assert await find_source_map(client, nowhere, "outside.map") is None


async def test_no_file_that_is_no_source_map(client: aiohttp.ClientSession, script: Path) -> None:
    for name, content in (("passwd", b"root:x:0:0"), ("keys", b'{"key":"secret"}'), ("l", b"[1]")):
        script.with_name(name).write_bytes(content)
        assert await find_source_map(client, script.as_uri(), name) is None, name


@pytest.mark.parametrize(
    ("script_url", "map_url"),
    [
        ("file://elsewhere/a.js", "a.js.map"),
        ("http://[broken", "a.map"),
        ("ftp://127.0.0.1/a.js", "a.map"),
        ("http://192.0.2.1/a.js", "a.js.map"),
        ("index.js", "index.js.map"),
        ("", "index.js.map"),
    ],
)
async def test_no_other_places(
    client: aiohttp.ClientSession, script_url: str, map_url: str
) -> None:
    assert await find_source_map(client, script_url, map_url) is None


async def test_server_of_the_script(client: aiohttp.ClientSession, server: WebServer) -> None:
    server.status = 404
    server.files["/a.js.map"] = MAP
    server.redirects["/moved.map"] = "/a.js.map"
    script_url, base = server.url + "a.js", server.url + "a.js.map"
    assert await find_source_map(client, script_url, "a.js.map") == (MAP, base)
    for url in ("b.js.map", "moved.map", "http://127.0.0.1:1/a.js.map", "file:///etc/passwd"):
        assert await find_source_map(client, script_url, url) is None, url


def file_names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.rglob("*") if path.is_file())


async def test_hostile_script_urls_name_no_file(tmp_path: Path) -> None:
    async with FakeInspector() as inspector:
        inspector.scripts = [
            {"scriptId": str(number), "url": url, "sourceMapURL": map_url, "source": "let a;"}
            for number, (url, map_url) in enumerate(
                [
                    ("file:///etc/hosts", "passwd"),
                    ("file:///etc/passwd", "passwd"),
                    ("../../x", "../../y"),
                    ("file:///../../x.js\0", "\0"),
                    ("data:text/javascript,1", "data:," + quote(MAP)),
                ],
                start=1,
            )
        ]
        recording = await capture(
            inspector=inspector.address, workspace=tmp_path, on_progress=lambda _: None
        )
    assert file_names(tmp_path) == [
        ".gitignore",
        "0.heapsnapshot",
        "1.js",
        "2.js",
        "3.js",
        "4.js",
        "5.js",
        "5.map",
        "recording.json",
    ]
    assert {read_source(each) for each in recording.scripts.values()} == {"let a;"}
    assert [read_source_map(each) for each in recording.scripts.values()] == [None] * 4 + [MAP]
    assert recording.scripts[5].source_map_url == "data:,"
    assert recording.scripts[5].source_map_base == "data:text/javascript,1"


async def test_script_that_is_gone_is_noted(tmp_path: Path) -> None:
    async with FakeInspector() as inspector:

        async def gone(client: Client, message: Message) -> None:
            error = {"code": -32000, "message": "No script for id: 7"}
            await client.send({"id": message["id"], "error": error})

        inspector.handlers["Debugger.getScriptSource"] = gone
        recording = await capture(
            inspector=inspector.address, workspace=tmp_path, on_progress=lambda _: None
        )
    assert recording.scripts[7].url == "file:///srv/app/server.js"
    assert recording.scripts[7].source is None
