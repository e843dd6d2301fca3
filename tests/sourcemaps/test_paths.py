"""From a source that a map names to the user's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from leakline.sourcemaps.overrides import DEFAULT_OVERRIDES, PathOverrides
from leakline.sourcemaps.paths import (
    SourceFile,
    WorkspaceSources,
    is_inside,
    parse_source_name,
)
from leakline.sourcemaps.tools import is_tool_source

FOLDER = "/home/ada/shop"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///home/ada/shop/src/a.ts", "/home/ada/shop/src/a.ts"),
        ("file:///home/ada/my%20shop/%C3%A4.ts", "/home/ada/my shop/ä.ts"),
        ("file://localhost/home/a.ts", "/home/a.ts"),
        ("file:///home/a.ts?v=3#x", "/home/a.ts"),
        ("file:///C:/shop/src/a.ts", "C:/shop/src/a.ts"),
        ("file:///c:/shop/../src/a.ts", "C:/src/a.ts"),
        ("file://server/share/a.ts", "//server/share/a.ts"),
        ("wrangler-file:///home/ada/shop/src/a.ts", "/home/ada/shop/src/a.ts"),
        ("/@fs/home/ada/shop/src/a.ts", "/home/ada/shop/src/a.ts"),
        ("/@fs/C:/shop/a.ts", "C:/shop/a.ts"),
        ("http://localhost:5173/@fs/home/ada/a.ts?t=17", "/home/ada/a.ts"),
        ("/home/ada/shop/.wrangler/tmp/dev-x/../../../src/a.ts", "/home/ada/shop/src/a.ts"),
        (r"C:\shop\src\..\a.ts", "C:/shop/a.ts"),
        (r"\\server\share\a.ts", "//server/share/a.ts"),
        ("webpack:////home/ada/a.ts", "/home/ada/a.ts"),
        ("webpack:///C:/shop/a.ts", "C:/shop/a.ts"),
        ("webpack://shop/./src/a.ts", None),
        ("http://localhost:5173/src/a.ts", None),
        ("../src/a.ts", None),
        ("file:///home/ada/a%00.ts", None),
        ("\0virtual:module", None),
        ("node:fs", None),
        ("file:///home/\ud800.ts", None),
        ("/home/" + "a" * 300, None),
        ("/home" + "/aaaa" * 1000, None),
    ],
)
def test_urls_of_all_kinds_give_their_path(url: str, path: str | None) -> None:
    assert parse_source_name(url).path == path


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("webpack://shop/./src/a.vue?1f2e", ("src", "a.vue")),
        ("webpack:///./~/hono/index.js", ("node_modules", "hono", "index.js")),
        ("turbopack:///[project]/src/a.ts", ("src", "a.ts")),
        ("../../src/a.ts", ("src", "a.ts")),
        ("http://localhost:5173/src/a.ts?t=1", ("src", "a.ts")),
    ],
)
def test_urls_without_a_path_give_its_end(url: str, parts: tuple[str, ...]) -> None:
    assert parse_source_name(url).parts == parts


def test_inside_is_by_whole_parts() -> None:
    assert is_inside("/home/ada/shop/a.ts", FOLDER)
    assert not is_inside("/home/ada/shop-2/a.ts", FOLDER)
    assert not is_inside("/home/ada/shop/../secret", FOLDER)
    assert is_inside("C:/shop/a.ts", r"c:\shop")


class Workspace:
    """A workspace of files that exist by name only, and a record of what was asked for."""

    def __init__(self, files: Iterable[str], *, outside: Iterable[str] = ()) -> None:
        self.files = [f"{FOLDER}/{file}" for file in files]
        self.existing = {*self.files, *outside}
        self.asked: list[str] = []

    def is_file(self, path: str) -> bool:
        self.asked.append(path)
        return path in self.existing

    def sources(self, overrides: Mapping[str, str] = DEFAULT_OVERRIDES) -> WorkspaceSources:
        return WorkspaceSources(
            [FOLDER], overrides=overrides, is_file=self.is_file, list_files=lambda: self.files
        )


def test_the_path_itself_comes_first() -> None:
    workspace = Workspace(["src/a.ts", "old/src/a.ts"])
    found = workspace.sources().find(f"file://{FOLDER}/old/src/a.ts")
    assert found == SourceFile(f"{FOLDER}/old/src/a.ts")


def test_webpack_sources_are_found_by_the_default_overrides() -> None:
    workspace = Workspace(["src/a.ts", "other/src/a.ts"])
    assert workspace.sources().find("webpack://shop/./src/a.ts").path == f"{FOLDER}/src/a.ts"


def test_overrides_are_matched_with_the_spelling_in_the_map() -> None:
    workspace = Workspace(["app/a.ts"])
    sources = workspace.sources({"../lib/*": "${workspaceFolder}/app/*"})
    assert sources.find("file:///build/lib/a.ts", spelling="../lib/a.ts").path == (
        f"{FOLDER}/app/a.ts"
    )


def test_the_longest_common_end_wins() -> None:
    workspace = Workspace(["packages/api/src/index.ts", "packages/web/src/index.ts"])
    found = workspace.sources().find("file:///builds/17/packages/web/src/index.ts")
    assert found.path == f"{FOLDER}/packages/web/src/index.ts"


def test_two_files_that_match_equally_well_are_refused_with_a_note() -> None:
    workspace = Workspace(["api/src/index.ts", "web/src/index.ts"])
    found = workspace.sources().find("file:///builds/17/src/index.ts")
    assert found.path is None
    assert "2 files of the workspace match" in found.note
    assert f"{FOLDER}/api/src/index.ts, {FOLDER}/web/src/index.ts" in found.note


def test_the_content_decides_between_two_files() -> None:
    workspace = Workspace(["api/src/index.ts", "web/src/index.ts"])
    found = workspace.sources().find(
        "file:///builds/17/src/index.ts", has_content=lambda path: "/web/" in path
    )
    assert found.path == f"{FOLDER}/web/src/index.ts"


def test_a_name_alone_needs_the_same_content() -> None:
    workspace = Workspace(["src/index.ts"])
    url = "file:///builds/17/index.ts"
    assert workspace.sources().find(url).path is None
    same = workspace.sources().find(url, has_content=lambda _: True)
    assert same.path == f"{FOLDER}/src/index.ts"
    assert workspace.sources().find(url, has_content=lambda _: False).path is None


def test_a_package_is_not_taken_for_the_user_s_file() -> None:
    workspace = Workspace(["src/router/index.js"])
    found = workspace.sources().find("file:///x/node_modules/hono/router/index.js")
    assert found.path is None


def test_nothing_outside_the_workspace_is_asked_for() -> None:
    workspace = Workspace(["src/a.ts"], outside=["/etc/passwd", "/home/ada/.ssh/id_rsa"])
    sources = workspace.sources({"x/*": "/etc/*"})
    for url in (
        "file:///etc/passwd",
        f"file://{FOLDER}/../.ssh/id_rsa",
        f"file://{FOLDER}/%2e%2e/.ssh/id_rsa",
        "x/passwd",
    ):
        assert sources.find(url).path is None, url
    assert all(is_inside(path, FOLDER) for path in workspace.asked)
    assert "outside the workspace" in sources.find("file:///etc/passwd").note


def test_the_directory_of_the_script_may_be_read() -> None:
    workspace = Workspace([], outside=["/opt/app/server.ts", "/opt/other.ts"])
    sources = workspace.sources()
    inside = sources.find("file:///opt/app/server.ts", script_directory="/opt/app")
    assert inside.path == "/opt/app/server.ts"
    assert sources.find("file:///opt/other.ts", script_directory="/opt/app").path is None
    assert "/opt/other.ts" not in workspace.asked


def test_a_source_without_a_name_has_no_file() -> None:
    found = Workspace(["src/a.ts"]).sources().find(None)
    assert found == SourceFile(None, "the source map does not name its source")


def override(overrides: Mapping[str, str], source: str) -> str | None:
    return PathOverrides(overrides, workspace_folder="/w").apply(source)


@pytest.mark.parametrize(
    ("overrides", "source", "path"),
    [
        # js-debug's own tests.
        ({"/a/*": "/b/*"}, "/a/foo/bar", "/b/foo/bar"),
        ({"/a/*": "/b/*"}, "/q/foo/bar", None),
        ({"/a/*": "/b"}, "/a/foo/bar", "/b"),
        ({"/a": "/b"}, "/a", "/b"),
        ({"/a/?:*/*": "/b/*"}, "/a/foo/bar", "/b/bar"),
        ({"/a/*": "/c", "/a/foo": "/b"}, "/a/foo", "/b"),
        ({"/a/*": "/c/$/$1/$$/*"}, "/a/foo", "/c/$/$1/$$/foo"),
        ({"/a/([^/]+)/(.+)": "/c/dir-$1/$2"}, "/a/b/foo", "/c/dir-b/foo"),
        (
            {"webpack:/*": "${webRoot}/*", "/./*": "${webRoot}/*", "/*": "*"},
            "webpack:///src/app/app.component.ts",
            "${webRoot}/src/app/app.component.ts",
        ),
        (
            {"meteor:/💻app/*": "/w/*", "meteor://💻app/*": "/w/*"},
            "meteor://💻app/packages/base64/base64.js",
            "/w/packages/base64/base64.js",
        ),
        (
            {r"H:\cv\measure-tools/src/*": r"H:\cv\tools/src/*"},
            "H:/cv/measure-tools/src/api/Measurement.ts",
            "H:/cv/tools/src/api/Measurement.ts",
        ),
        (DEFAULT_OVERRIDES, "https://contoso.com/foo.ts", None),
        (DEFAULT_OVERRIDES, "file:///dev/foo.ts", None),
        (DEFAULT_OVERRIDES, "webpack:///src/index.ts", "/w/src/index.ts"),
        (DEFAULT_OVERRIDES, "webpack://lib/src/index.ts", "/w/src/index.ts"),
        (DEFAULT_OVERRIDES, "webpack:///./~/hono/a.js", "/w/node_modules/hono/a.js"),
        # What follows from its rules.
        ({"/a": "/b"}, "/a/foo/bar", "/b/foo/bar"),
        ({"/a": "/b"}, "/abc", None),
        ({"webpack://?:*/x": "/b"}, "webpack://shop/xy/x/y.ts", "/b/y.ts"),
        ({"WEBPACK:///*": "/b/*"}, "webpack:///Src/A.ts", "/b/Src/A.ts"),
        ({"/a/*/index.js": "/b/*.js"}, "/a/x/y/index.js", "/b/x/y.js"),
        ({"/a/*": "/b/*"}, r"\a\foo", "/b/foo"),
        ({"/(a)(b)?": "/x$2$1$3$$$&"}, "/a", "/xa$3$/a"),
    ],
)
def test_overrides_mean_what_js_debug_means(
    overrides: Mapping[str, str], source: str, path: str | None
) -> None:
    assert override(overrides, source) == path


@pytest.mark.parametrize(
    ("pattern", "path", "reason"),
    [
        ("/a/*/*", "/b/*", "only one asterisk"),
        ("/a/*", "/b/*/*", "more asterisks than its pattern"),
        ("/a", "/b/*", "more asterisks than its pattern"),
        ("(a+)+", "/$1", "no repeated group"),
        ("(.*)(.*)(.*)x", "/$1", "at most 2 repetitions"),
        ("a?a?a?aaa", "/$1", "at most 2 repetitions"),
        ("(", "/$1", "no regular expression"),
    ],
)
def test_overrides_that_cannot_be_used_are_left_out_with_a_note(
    pattern: str, path: str, reason: str
) -> None:
    overrides = PathOverrides({pattern: path, "/ok/*": "/fine/*"}, workspace_folder="/w")
    (note,) = overrides.notes
    assert reason in note
    assert overrides.apply("/ok/a") == "/fine/a"


def test_wildcards_take_linear_time() -> None:
    overrides = PathOverrides({"?:*a" * 50 + "*b": "/*"}, workspace_folder="/w")
    assert overrides.apply("a" * 200_000) is None


@pytest.mark.parametrize(
    "source",
    [
        "file:///w/.wrangler/tmp/dev-yY63vj/index.js",
        "../bundle-qBdOwl/middleware-loader.entry.ts",
        "../../../../node_modules/wrangler/templates/middleware/common.ts",
        "webpack://shop/webpack/runtime/define property getters",
        "webpack://shop/webpack/bootstrap",
        "webpack:///(webpack)/buildin/global.js",
        'webpack://shop/external commonjs "fs"',
        "\0commonjsHelpers.js",
    ],
)
def test_sources_of_tools_are_known(source: str) -> None:
    assert is_tool_source(source)


@pytest.mark.parametrize(
    "source",
    [
        "file:///w/src/index.ts",
        "file:///w/src/webpack/runtime.ts",
        "webpack://shop/./src/webpack/bootstrap.js",
        "../src/middleware-loader.ts",
        "file:///w/node_modules/hono/dist/hono.js",
        "src/external/client.ts",
    ],
)
def test_sources_of_users_are_not_a_tool_s(source: str) -> None:
    assert not is_tool_source(source)
