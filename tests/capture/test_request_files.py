"""Requests from .http and HAR files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from leakline.capture import Request, read_har, read_http_file
from leakline.errors import UsageError

BOTH_TOOLS = """\
@host = http://127.0.0.1:8787
@api={{host}}/api
### list
# a comment
// another
GET {{api}}/items
    ?page={i}
    &size=10 HTTP/1.1
Accept: application/json
X-Trace: {{$guid}}

### add one
// @name add
POST {{api}}/items HTTP/1.1
Content-Type: application/json

{"name": "n{i}",

 "host": "{{host}}"}

> {% client.log("done") %}

###
{{host}}/plain
###

POST /by-host
Host: localhost:9000

< ./body.json
"""


def test_what_both_tools_understand(tmp_path: Path) -> None:
    file = tmp_path / "requests.http"
    file.write_text(BOTH_TOOLS)
    (tmp_path / "body.json").write_text('{"a": 1}')
    host = "http://127.0.0.1:8787"
    assert read_http_file(file) == (
        Request(
            f"{host}/api/items?page={{i}}&size=10",
            "GET",
            (("Accept", "application/json"), ("X-Trace", "{uuid}")),
        ),
        Request(
            f"{host}/api/items",
            "POST",
            (("Content-Type", "application/json"),),
            f'{{"name": "n{{i}}",\n\n "host": "{host}"}}'.encode(),
        ),
        Request(f"{host}/plain"),
        Request(
            "http://localhost:9000/by-host", "POST", (("Host", "localhost:9000"),), b'{"a": 1}'
        ),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("### nothing\n", "holds no request"),
        ("GET http://h/\nno header\n", r"line 2 of .* is no header"),
        ("\nGET http://{{where}}/\n", r"line 2 of .* names a variable 'where' that is not set"),
        ("GET http://h/{{$timestamp}}\n", "variable '\\$timestamp' that is not set"),
        ("GET /path\n", "neither a host in its URL nor a Host header"),
        ("GET ftp://h/\n", "line 1 of .* is refused .*is not an http:// or https:// URL"),
        ("###\nPOST http://h/\n\n< ./missing.json\n", r"line 4 of .*missing\.json.*cannot be read"),
        ("< {% request.variables %}\nGET http://h/\n", "is a script"),
    ],
)
def test_what_is_not_understood_is_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "requests.http"
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        read_http_file(file)


def entry(url: str, **others: object) -> dict[str, object]:
    return {"request": {"method": "GET", "url": url, "headers": [], **others}}


def test_har_of_a_browser(tmp_path: Path) -> None:
    file = tmp_path / "shop.har"
    headers = [
        {"name": ":authority", "value": "127.0.0.1:8787"},
        {"name": "Host", "value": "127.0.0.1:8787"},
        {"name": "Content-Length", "value": "7"},
        {"name": "Cookie", "value": "id=5"},
    ]
    body = {"mimeType": "application/json", "text": '{"a":1}'}
    entries = [
        entry("https://fonts.example/a.css"),
        entry("http://127.0.0.1:8787/#top"),
        entry("http://localhost:8787/buy", method="POST", headers=headers, postData=body),
    ]
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
    assert read_har(file) == (
        Request("http://127.0.0.1:8787/"),
        Request("http://localhost:8787/buy", "POST", (("Cookie", "id=5"),), b'{"a":1}'),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is not a HAR file"),
        ("[]", "is not a HAR file"),
        ('{"log": {"entries": [{"request": {"url": 5}}]}}', "is not a HAR file"),
        (
            json.dumps({"log": {"entries": [entry("https://example.com/")]}}),
            "none of the 1 requests in .* goes to this machine",
        ),
    ],
)
def test_what_is_no_har_file(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "x.har"
    file.write_text(text)
    with pytest.raises(UsageError, match=told):
        read_har(file)


@pytest.mark.parametrize("read", [read_har, read_http_file])
def test_files_that_cannot_be_read(tmp_path: Path, read: object) -> None:
    assert callable(read)
    with pytest.raises(UsageError, match=r"no\.file cannot be read"):
        read(tmp_path / "no.file")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="is not UTF-8"):
        read(tmp_path / "binary")
