"""The same program after a restart, and another one beside it."""

from __future__ import annotations

import pytest

from leakline.recording import Script, Target, names_of

WORKER = "file:///code/{}/.wrangler/tmp/dev-{}/index.js"
NODE = "node:internal/main"
PACKAGE = "file:///code/node_modules/tsx/dist/loader.mjs"


def program(kind: str, title: str, url: str = "", *scripts: str) -> frozenset[str]:
    table = [Script(number, each) for number, each in enumerate((NODE, "", PACKAGE, *scripts))]
    return names_of(Target(kind, title, url), table)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            program("node", "server.js", "file:///code/server.js", "file:///code/server.js"),
            program("node", "./server.js", "file:///code/server.js"),
        ),
        (
            program("node", "server.js", "file:///code/my%20server.js"),
            program("unknown", "0.heapsnapshot", "", "file:///code/my%20server.js", "file:///b.js"),
        ),
        (program("node", "node[123]", "file://"), program("node", "node[456]", "file://")),
        (
            program("node", "node[123]", "file://", "file:///code/a.js", "file:///code/b.js"),
            program("node", "node[9]", "file://", "file:///code/a.js"),
        ),
        (
            program("wrangler", "Cloudflare Worker", "", WORKER.format("a", "IasJjF")),
            program("wrangler", "Cloudflare Worker", "", WORKER.format("a", "9xYz12")),
        ),
        (
            program("page", "shop", "http://127.0.0.1:5173/"),
            program("page", "shop", "http://localhost:5174/?debug#top"),
        ),
        (
            program("page", "Cart (2)", "http://127.0.0.1:5173/cart"),
            program("page", "Cart (3)", "http://127.0.0.1:5173/cart?x"),
        ),
        (
            program("page", "127.0.0.1:5173/a", "http://127.0.0.1:5173/a"),
            program("page", "127.0.0.1:5174/a", "http://127.0.0.1:5174/a"),
        ),
        (
            program("page", "127.0.0.1:5173", "http://127.0.0.1:5173/"),
            program("page", "", "http://127.0.0.1:5174/index.html"),
        ),
    ],
)
def test_the_same(one: frozenset[str], other: frozenset[str]) -> None:
    assert one & other


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            program("node", "index.js", "file:///code/a/index.js", "file:///code/lib.js"),
            program("node", "index.js", "file:///code/b/index.js", "file:///code/lib.js"),
        ),
        (
            program("wrangler", "Cloudflare Worker", "", WORKER.format("a", "IasJjF")),
            program("wrangler", "Cloudflare Worker", "", WORKER.format("b", "IasJjF")),
        ),
        (program("wrangler", "front"), program("wrangler", "back")),
        (
            program("page", "shop", "http://127.0.0.1:5173/"),
            program("page", "admin", "http://127.0.0.1:5174/"),
        ),
        (
            program("node", "server.js", "file:///code/server.js"),
            program("page", "server.js", "http://127.0.0.1/"),
        ),
    ],
)
def test_another(one: frozenset[str], other: frozenset[str]) -> None:
    assert one
    assert other
    assert not one & other


def test_nothing_is_known_of_a_snapshot_without_names() -> None:
    assert not program("unknown", "Heap-20261122T160000.heapsnapshot", "", "index.js")


def test_an_address_that_is_none() -> None:
    assert program("page", "", "http://[")
