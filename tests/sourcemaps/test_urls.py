"""URLs in and around source maps."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leakline.errors import SourceMapError
from leakline.sourcemaps import decode_data_url, find_source_mapping_url
from leakline.sourcemaps.urls import resolve_url


@pytest.mark.parametrize(
    ("url", "base", "resolved"),
    [
        ("a.ts", "", "a.ts"),
        ("a.ts", "file:///w/dist/x.map", "file:///w/dist/a.ts"),
        ("../src/./a.ts", "file:///w/dist/x.map", "file:///w/src/a.ts"),
        ("../../../../a.ts", "file:///w/dist/x.map", "file:///a.ts"),
        ("/abs/a.ts", "file:///w/dist/x.map", "file:///abs/a.ts"),
        ("/abs/../a.ts", "http://h:1/dist/x.map?v=1", "http://h:1/a.ts"),
        ("a.ts?v=../1#../2", "http://h/d/x.map", "http://h/d/a.ts?v=../1#../2"),
        ("?v=2", "http://h/d/x.js?v=1", "http://h/d/x.js?v=2"),
        ("//cdn/a.ts", "https://h/d/x.map", "https://cdn/a.ts"),
        (r"..\src\a.ts", "file:///w/dist/x.map", "file:///w/src/a.ts"),
        ("webpack://x/./a.ts", "file:///w/dist/x.map", "webpack://x/./a.ts"),
        ("./a.ts", "webpack://x/dist/y.map", "webpack://x/dist/a.ts"),
        (r"C:\w\a.ts", "file:///w/dist/x.map", r"C:\w\a.ts"),
        ("../src/a.ts", "/w/dist/x.map", "/w/src/a.ts"),
        ("../src/a.ts", r"C:\w\dist\x.map", "C:/w/src/a.ts"),
        ("../src/a.ts", "dist/x.map", "src/a.ts"),
        ("../../a.ts", "dist/x.map", "../a.ts"),
        ("a.ts", "data:application/json;base64,e30=", "a.ts"),
        ("a.ts", "wrangler-file:///w/dist/x.map", "wrangler-file:///w/dist/a.ts"),
        ("a b%20c.ts", "file:///w/x.map", "file:///w/a b%20c.ts"),
        ("..", "file:///w/dist/x.map", "file:///w/"),
    ],
)
def test_urls_are_resolved_as_a_browser_does(url: str, base: str, resolved: str) -> None:
    assert resolve_url(url, base) == resolved


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("data:application/json;base64,eyJ2IjozfQ==", b'{"v":3}'),
        ("data:application/json;charset=utf-8;base64,eyJ2IjozfQ", b'{"v":3}'),
        ("DATA:application/json; BASE64,eyJ2\nIjoz fQ%3D%3D", b'{"v":3}'),
        ("data:application/json,%7B%22v%22%3A3%7D", b'{"v":3}'),
        ("data:,{}#x", b"{}"),
        ("data:;base64,", b""),
    ],
)
def test_data_urls_are_decoded(url: str, body: bytes) -> None:
    assert decode_data_url(url) == body


@given(st.binary())
@settings(deadline=None)
def test_base64_comes_back(body: bytes) -> None:
    text = base64.b64encode(body).decode()
    assert decode_data_url(f"data:application/json;base64,{text}") == body


@pytest.mark.parametrize(
    "url",
    ["", "data:", "data:text/plain;base64", "http://x/,", "data:;base64,a", "data:;base64,a*b="],
)
def test_broken_data_urls_are_refused(url: str) -> None:
    with pytest.raises(SourceMapError, match="data: URL"):
        decode_data_url(url)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("", None),
        ("let a;", None),
        ("let a;\n//# sourceMappingURL=a.map", "a.map"),
        ("let a;\n//# sourceMappingURL=a.map\n\n", "a.map"),
        ("let a;\r\n//# sourceMappingURL=a.map\r\n", "a.map"),
        ("let a;\u2028//# sourceMappingURL=a.map\u2029", "a.map"),
        ("//@ sourceMappingURL=old.map", "old.map"),
        ("let a; /*# sourceMappingURL=a.map */", "a.map"),
        ("let a; //# sourceMappingURL=a.map", "a.map"),
        ("//#\tsourceMappingURL=a.map  ", "a.map"),
        ("//# sourceMappingURL=", ""),
        # The last one wins.
        ("//# sourceMappingURL=a.map\n//# sourceMappingURL=b.map", "b.map"),
        ("/*# sourceMappingURL=a.map *//*# sourceMappingURL=b.map */", "b.map"),
        ("//# sourceMappingURL=a.map\n//# sourceURL=x.js\n// the end", "a.map"),
        # Code after it takes it back.
        ("//# sourceMappingURL=a.map\nlet a;", None),
        ("/*# sourceMappingURL=a.map */ let a;", None),
        ("//# sourceMappingURL=a.map\nlet a;\n//# sourceMappingURL=b.map", "b.map"),
        ("//# sourceMappingURL=a.map\n1 / 2", None),
        ("//# sourceMappingURL=a.map\n/", None),
        # What only looks like it.
        ("// sourceMappingURL=a.map", None),
        ("//# sourceMappingURL=a.map b", None),
        ("//# sourceMappingURL=a.map\n// sourceMappingURL=b.map", "a.map"),
        ('let a = "# sourceMappingURL=a.map";', None),
        ("/* # sourceMappingURL=a.map */", None),
        ("/*# sourceMappingURL=a.map", None),
        # Without parsing, a comment in a string or template counts: so the standard says.
        ('let a = "//# sourceMappingURL=a.map";', 'a.map";'),
        ("let a = `\n//# sourceMappingURL=foo.js.map\n//`", "foo.js.map"),
    ],
)
def test_the_comment_that_links_a_map_is_found(text: str, url: str | None) -> None:
    assert find_source_mapping_url(text) == url


def by_the_standard(text: str) -> str | None:
    """JavaScriptExtractSourceMapURL "without parsing", step by step."""
    last = None
    pattern = re.compile(r"[@#]\s*sourceMappingURL=(\S*?)\s*")
    for line in re.split("\r\n|[\n\r\u2028\u2029]", text):
        place = 0
        while place < len(line):
            first = line[place]
            place += 1
            if first == "/" and place < len(line):
                second = line[place]
                place += 1
                comment = None
                if second == "/":
                    comment, place = line[place:], len(line)
                elif second == "*":
                    end = line.find("*/", place)
                    comment = line[place:end] if end >= 0 else ""
                    place = end + 2 if end >= 0 else len(line)
                else:
                    last = None
                if comment is not None and (match := pattern.fullmatch(comment)):
                    last = match[1]
            elif first not in "\t\v\f \u00a0\ufeff":
                last = None
    return last


PARTS = """\
//# sourceMappingURL=a|/*# sourceMappingURL=b*/|// sourceMappingURL=|# sourceMappingURL=c
|//|/*|*/|/| |x|\r"""


@given(st.lists(st.sampled_from(PARTS.split("|")), max_size=20))
@settings(deadline=None)
def test_the_link_is_the_one_that_the_standard_s_steps_find(parts: list[str]) -> None:
    text = "".join(parts)
    assert find_source_mapping_url(text) == by_the_standard(text)
