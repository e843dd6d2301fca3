"""``.leakline.toml``: what it may say, and what is said about mistakes in it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakline.config.project import (
    FILE_NAME,
    Ignore,
    ProjectConfig,
    ignore_entry,
    parse_project_config,
    read_project_config,
)
from leakline.errors import UsageError

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/leakline.schema.json").read_text())

WHOLE = """\
[thresholds]
min-bytes-per-request = 10

[target]
inspector = "127.0.0.1:9230"
url = "http://127.0.0.1:8787/{i}"
requests = 50
rounds = 4

[source-maps.path-overrides]
"webpack:///src/*" = "${workspaceFolder}/app/*"

[[ignore]]
code = "growing-variable"
root = "responseText"
file = "src/*.ts"
reason = "bounded by the platform"

[[ignore]]
root = "cache"
"""


def test_all_that_can_be_said() -> None:
    assert parse_project_config(WHOLE) == (
        ProjectConfig(
            min_bytes_per_request=10,
            inspector="127.0.0.1:9230",
            url="http://127.0.0.1:8787/{i}",
            requests=50,
            rounds=4,
            path_overrides={"webpack:///src/*": "${workspaceFolder}/app/*"},
            ignores=(
                Ignore("growing-variable", "responseText", "src/*.ts", "bounded by the platform"),
                Ignore(root="cache"),
            ),
        ),
        (),
    )
    jsonschema.validate(tomllib.loads(WHOLE), SCHEMA)


MISTAKES = [
    ("[target]\n\nrequests = 0", 3, "`target.requests` must be a whole number from 1 to 1000000"),
    ('[target]\nurl = "8787"', 2, "`target.url` must be an http:// or https:// URL"),
    ("target.rounds = 101", 1, "`target.rounds` must be a whole number from 1 to 100"),
    ("target = 5", 1, "`target` must be a table"),
    (
        "\n[target]\nport = 9229",
        3,
        "there is no `target.port`: use inspector, url, requests, rounds, observe, click",
    ),
    (
        "[limits]\na = 1",
        1,
        "there is no `limits`: use thresholds, target, recordings, source-maps, ignore",
    ),
    (
        "[thresholds]\nmin-bytes-per-request = -1",
        2,
        "`thresholds.min-bytes-per-request` must be a number of bytes, 0 or more",
    ),
    (
        '[source-maps]\npath-overrides = { "a" = 1 }',
        2,
        (
            "`source-maps.path-overrides` must be a table of texts: "
            "a pattern and the path it stands for"
        ),
    ),
    (
        '[[ignore]]\ncode = "a"\n\n[[ignore]]\nroot = 7',
        5,
        "`ignore.root` must be a text, not empty",
    ),
    ('\n[[ignore]]\nreason = "x"', 2, "`ignore` must name a code, a root or a file"),
    ("[[ignore]]\nname = 1", 2, "there is no `ignore.name`: use code, root, file, reason"),
    ('ignore = "all"', 1, "`ignore` must be tables, each below [[ignore]]"),
]


@pytest.mark.parametrize(("text", "line", "message"), MISTAKES)
def test_a_mistake_is_one_line_with_its_place_and_key(text: str, line: int, message: str) -> None:
    config, (problem,) = parse_project_config(text)
    assert str(problem) == f".leakline.toml:{line}: {message}"
    assert config in (ProjectConfig(), ProjectConfig(ignores=(Ignore("a"),)))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


def test_what_is_no_toml_has_its_line() -> None:
    _, (problem,) = parse_project_config("[target]\r\nurl = \r\n")
    assert str(problem).startswith(".leakline.toml:2: this is no TOML: ")


def test_the_rest_of_a_file_with_mistakes_counts() -> None:
    config, problems = parse_project_config("[target]\nrequests = 0\nrounds = 2\nport = 1\n")
    assert config == ProjectConfig(rounds=2)
    assert [problem.line for problem in problems] == [1, 3]


def test_no_file_is_the_defaults_and_a_wrong_one_an_error(tmp_path: Path) -> None:
    assert read_project_config(tmp_path) == ProjectConfig()
    (tmp_path / FILE_NAME).write_text("\ufeff[target]\nrounds = 2\n", "utf-8")
    assert read_project_config(tmp_path) == ProjectConfig(rounds=2)
    (tmp_path / FILE_NAME).write_text("[target]\nrounds = 0\nport = 1\n")
    with pytest.raises(UsageError) as caught:
        read_project_config(tmp_path)
    assert str(caught.value) == (
        ".leakline.toml:2: `target.rounds` must be a whole number from 1 to 100 (1 more): "
        "see docs/configuration.md"
    )


def test_an_entry_matches_what_it_names() -> None:
    entry = Ignore(code="growing-variable", file="src/*")
    assert entry.matches("growing-variable", "any", "src/deep/index.ts")
    assert not entry.matches("growing-variable", "any", "lib/index.ts")
    assert not entry.matches("growing-variable", "any", "")
    assert not entry.matches("sliced-string", "any", "src/index.ts")
    assert Ignore(root="a.b").matches("x", "a.b", "")
    assert not Ignore(root="a.b").matches("x", "a", "")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
    st.sampled_from(["", "[target]\nrounds = 2", "[[ignore]]\nroot = 'x'\n"]),
)
def test_an_entry_that_is_written_is_read_back(name: str, before: str) -> None:
    ignore = Ignore(code="growing-variable", root=name, file=name, reason="")
    config, problems = parse_project_config(before + ignore_entry(ignore, before))
    assert problems == ()
    assert config.ignores[-1] == ignore


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    _, problems = parse_project_config(text)
    assert all("\n" not in str(problem) for problem in problems)


def test_others_traffic_and_what_is_kept() -> None:
    text = '[target]\nobserve = "30s"\nclick = "#buy"\n\n[recordings]\nkeep = 3\n'
    config, problems = parse_project_config(text)
    assert (config.observe, config.click, config.keep, problems) == ("30s", "#buy", 3, ())
    jsonschema.validate(tomllib.loads(text), SCHEMA)
    _, problems = parse_project_config('[target]\nobserve = "often"\n[recordings]\nkeep = 0\n')
    assert [problem.line for problem in problems] == [1, 3]
