"""What an inspector's address leads to."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from leakline.capture import TargetInfo, find_targets
from leakline.capture.addresses import is_loopback, parse_inspector
from leakline.capture.finding import choose_target, searched_ports
from leakline.errors import CaptureError, UsageError
from support.inspectors import Client, FakeInspector, Message


def listed(title: str, path: str = "/x", **others: object) -> Message:
    return {
        "type": "page",
        "title": title,
        "url": f"http://127.0.0.1/{title}",
        "webSocketDebuggerUrl": f"ws://evil.example:1{path}",
        **others,
    }


@pytest.mark.parametrize(
    ("text", "shown", "socket"),
    [
        ("127.0.0.1:9229", "127.0.0.1:9229", None),
        ("localhost:9229", "localhost:9229", None),
        ("9230", "127.0.0.1:9230", None),
        ("[::1]:9229", "[::1]:9229", None),
        ("ws://127.0.0.1:9229/id", "127.0.0.1:9229", "ws://127.0.0.1:9229/id"),
    ],
)
def test_addresses(text: str, shown: str, socket: str | None) -> None:
    address = parse_inspector(text)
    assert (str(address), address.web_socket_url) == (shown, socket)


def test_loopback() -> None:
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("192.168.0.1", "example.com", "0.0.0.0", ""))


@pytest.mark.parametrize(
    ("browser", "kind"),
    [
        ("wrangler/v4.164.0", "wrangler"),
        ("miniflare/v4.1", "wrangler"),
        ("node.js/v24.1.0", "node"),
        ("Deno/2.9.0", "deno"),
        ("HeadlessChrome/156.0.1.2", "page"),
        ("Other/1", "unknown"),
    ],
)
async def test_kinds(browser: str, kind: str) -> None:
    async with FakeInspector() as inspector:
        inspector.version = {"Browser": browser, "V8-Version": "15.0.1"}
        (found,) = await find_targets([inspector.address])
    assert replace(found, pid=None, directory="", other_ports=()) == TargetInfo(
        address=inspector.address,
        kind=kind,
        title="server.js",
        url="file:///srv/app/server.js",
        web_socket_url=f"ws://{inspector.address}/the-id",
        runtime=browser,
        v8="15.0.1",
        taken=False if kind == "wrangler" else None,
    )
    if sys.platform == "linux":
        assert (found.pid, found.directory) == (os.getpid(), str(Path.cwd()))


async def test_a_target_has_the_other_ports_that_its_process_listens_at() -> None:
    async with FakeInspector() as inspector:
        with socket.create_server(("127.0.0.1", 0)) as server:
            (found,) = await find_targets([inspector.address])
            port = server.getsockname()[1]
    if sys.platform == "linux":
        assert port in found.other_ports
    assert int(inspector.address.rpartition(":")[2]) not in found.other_ports


async def test_the_reply_does_not_send_us_to_another_host() -> None:
    async with FakeInspector() as inspector:
        inspector.targets = [listed("shop", "/devtools/page/1")]
        found = await choose_target(parse_inspector(inspector.address))
    assert found.web_socket_url == f"ws://{inspector.address}/devtools/page/1"


async def test_only_pages_and_programs_count() -> None:
    async with FakeInspector() as inspector:
        inspector.targets = [
            listed("worker", type="service_worker"),
            listed("tools", url="devtools://devtools/x"),
            listed("taken", webSocketDebuggerUrl=None),
            listed("shop"),
        ]
        assert (await choose_target(parse_inspector(inspector.address))).title == "shop"


async def test_several_programs_are_named() -> None:
    async with FakeInspector() as inspector:
        inspector.targets = [listed("one", "/1"), listed("two", "/2")]
        with pytest.raises(CaptureError, match="has 2 programs") as caught:
            await choose_target(parse_inspector(inspector.address))
        two = f"{inspector.address}/two"
        assert str(caught.value).endswith(f"give one of them: {inspector.address}/one, {two}")
        assert (await choose_target(parse_inspector(two))).title == "two"
        url = f"ws://{inspector.address}/2"
        assert (await choose_target(parse_inspector(url))).title == "two"
        with pytest.raises(CaptureError, match=f"has no program 'three': give {inspector.address}"):
            await choose_target(parse_inspector(f"{inspector.address}/three"))


async def test_programs_of_the_same_name_need_their_url() -> None:
    async with FakeInspector() as inspector:
        inspector.targets = [listed("a b", "/1"), listed("a b", "/2")]
        with pytest.raises(CaptureError, match="has 2 programs") as caught:
            await choose_target(parse_inspector(inspector.address))
    assert f"ws://{inspector.address}/1, ws://{inspector.address}/2" in str(caught.value)


async def test_a_program_may_be_called_by_the_name_after_miniflares() -> None:
    async with FakeInspector() as inspector:
        inspector.targets = [
            listed(f"Cloudflare Worker: {name}", f"/{name}", url="") for name in ("one", "two")
        ]
        found = await choose_target(parse_inspector(f"{inspector.address}/two"))
        assert found.web_socket_url == f"ws://{inspector.address}/two"
        assert found.others == (f"{inspector.address}/one",)


async def test_workerd_lists_the_users_workers_only() -> None:
    async with FakeInspector() as inspector:
        inspector.version = {"Browser": "workerd"}
        inspector.targets = [
            listed(f"workerd: worker {name}", f"/{name}", type="node")
            for name in ("core:entry", "core:user:shop", "kv:ns")
        ]
        found = await choose_target(parse_inspector(inspector.address))
    assert (found.title, found.kind) == ("shop", "wrangler")


async def test_no_program() -> None:
    async with FakeInspector() as inspector:
        inspector.targets = []
        with pytest.raises(CaptureError, match="has no program to capture"):
            await choose_target(parse_inspector(inspector.address))


async def test_usual_addresses_answer_soon_and_senseless_ones_are_told() -> None:
    await asyncio.wait_for(find_targets(), timeout=60)
    with pytest.raises(UsageError, match="is not an inspector's address"):
        await find_targets(["nonsense"])


async def test_an_inspector_that_another_client_holds_is_taken() -> None:
    async def busy(client: Client, _: Message) -> None:
        await client.close(1013, "Too many clients; only one can be connected at a time")

    async with FakeInspector(connect=busy) as inspector:
        inspector.version = {"Browser": "wrangler/v4.164.0"}
        (found,) = await find_targets([inspector.address])
    assert found.taken is True


def test_ports_that_wrangler_files_name_are_searched_with_those_above(tmp_path: Path) -> None:
    assert searched_ports([]) == (*range(9229, 9239), 9222)
    (tmp_path / "wrangler.jsonc").write_text(
        '{ // a comment with "quotes"\n "name": "a // b", /* more */ "dev": '
        '{"inspector_port": 9400,}, }'
    )
    (tmp_path / "apps/shop").mkdir(parents=True)
    (tmp_path / "apps/shop/wrangler.toml").write_text("[dev]\ninspector_port = 65530\n")
    (tmp_path / "node_modules/x").mkdir(parents=True)
    (tmp_path / "node_modules/x/wrangler.json").write_text('{"dev": {"inspector_port": 7000}}')
    for name, text in (("one", "{"), ("two", "[]"), ("three", '{"dev": {"inspector_port": "x"}}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "wrangler.json").write_text(text)
    assert searched_ports([tmp_path])[11:] == (*range(9400, 9410), *range(65530, 65536))
