"""The requests that Leakline sends itself, at a web server that notes them."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path

import pytest

from leakline.capture import LoadPlan, Request, measure
from leakline.errors import LoadFailed, UsageError
from support.inspectors import FakeInspector
from support.webserver import WebServer
from support.workspaces import left_behind


async def send(plan: LoadPlan, workspace: Path) -> None:
    async with FakeInspector() as inspector:
        await measure(
            inspector=inspector.address,
            load=plan,
            rounds=1,
            workspace=workspace,
            on_progress=lambda _: None,
        )


async def test_several_requests_take_turns_over_all_rounds(
    server: WebServer, tmp_path: Path
) -> None:
    turns = [
        Request(f"{server.url}a/{{i}}"),
        Request(f"{server.url}b", "POST", (("X-Number", "{i}"),), b"body {i}"),
        Request(f"{server.url}c", "DELETE"),
    ]
    await send(LoadPlan.of(turns, requests=4), tmp_path)
    sent = [(method, path, body) for method, path, _, body in server.requests]
    assert sent == [
        ("GET", "/a/0", b""),
        ("POST", "/b", b"body 1"),
        ("DELETE", "/c", b""),
        ("GET", "/a/3", b""),
        ("POST", "/b", b"body 4"),
        ("DELETE", "/c", b""),
        ("GET", "/a/6", b""),
        ("POST", "/b", b"body 7"),
    ]
    assert server.requests[4][2]["X-Number"] == "4"


async def test_uuid_is_one_per_request(server: WebServer, tmp_path: Path) -> None:
    plan = LoadPlan(
        server.url + "{uuid}", headers=(("X-Id", "{uuid}"),), requests=3, body=b"{uuid}"
    )
    await send(plan, tmp_path)
    seen = set()
    for _, path, headers, body in server.requests:
        ident = path.removeprefix("/")
        assert uuid.UUID(ident).version == 4
        assert (headers["X-Id"], body.decode()) == (ident, ident)
        seen.add(ident)
    assert len(seen) == 6


async def test_concurrency_has_so_many_requests_under_way(
    server: WebServer, tmp_path: Path
) -> None:
    server.seconds = 0.1
    await send(LoadPlan(server.url + "{i}", requests=20, at_once=5), tmp_path)
    assert server.most_at_once == 5
    assert sorted(path for _, path, _, _ in server.requests) == sorted(f"/{i}" for i in range(40))


async def test_one_request_at_a_time_is_the_default(server: WebServer, tmp_path: Path) -> None:
    server.seconds = 0.01
    await send(LoadPlan(server.url, requests=5), tmp_path)
    assert server.most_at_once == 1


async def test_failure_of_one_ends_the_others(server: WebServer, tmp_path: Path) -> None:
    turns = [Request(server.url), Request("http://127.0.0.1:1/")]
    with pytest.raises(LoadFailed, match=r"127\.0\.0\.1:1/ refuses connections"):
        await send(LoadPlan.of(turns, requests=20, at_once=4), tmp_path)
    assert left_behind(tmp_path) == []
    answered = len(server.requests)
    await asyncio.sleep(0.1)
    assert len(server.requests) == answered


@pytest.mark.parametrize("at_once", [0, 5000])
async def test_senseless_concurrency(tmp_path: Path, at_once: int) -> None:
    with pytest.raises(UsageError, match="requests at once make no sense"):
        await send(LoadPlan("http://127.0.0.1:1/", at_once=at_once), tmp_path)
