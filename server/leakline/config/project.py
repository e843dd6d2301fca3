"""``.leakline.toml``: what a project says about itself, for editors and the command line alike.

The file is untrusted: whoever cloned a repository has it. Nothing in it runs anything.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from leakline.config.toml_lines import TomlLines
from leakline.config.values import (
    ANY_TEXT,
    BYTES,
    CLICK,
    INSPECTOR,
    KEEP,
    OBSERVE,
    PATH_OVERRIDES,
    REQUESTS,
    ROUNDS,
    TEXT,
    URL,
    Value,
)
from leakline.errors import UsageError

FILE_NAME = ".leakline.toml"
_MOST_BYTES = 1 << 20
_SHOWN_KEYS = 60


@dataclass(frozen=True, slots=True)
class Ignore:
    """Findings that nobody wants to hear of.

    Attributes:
        code: The detector's code; empty for any.
        root: The leak root's display name; empty for any.
        file: Pattern of the file's path in the workspace, with forward slashes; ``*`` stands
            for any text, slashes too. Empty for any.
        reason: Why, for people.
    """

    code: str = ""
    root: str = ""
    file: str = ""
    reason: str = ""

    def matches(self, code: str, root: str, file: str) -> bool:
        """Whether a finding is meant.

        Args:
            code: Its detector's code.
            root: Its leak root's display name.
            file: The path in the workspace of the file that it stands in; empty when unknown.
        """
        return (
            self.code in ("", code)
            and self.root in ("", root)
            and (not self.file or (bool(file) and fnmatchcase(file, self.file)))
        )


@dataclass(frozen=True, slots=True)
class ProjectConfig:
    """What ``.leakline.toml`` says; None or empty where it says nothing.

    Attributes:
        min_bytes_per_request: Growth below it is not reported.
        inspector: The inspector's address.
        url: The URL that is requested.
        requests: Requests per round.
        rounds: Rounds after the warm-up.
        observe: What ends a round of others' requests, such as ``100`` or ``30s``, in place of
            our own.
        click: CSS selector of what is clicked on where the program is a page.
        keep: Recordings that stay.
        path_overrides: From patterns of sources to paths, as ``sourceMapPathOverrides``.
        ignores: Findings that are left out.
    """

    min_bytes_per_request: float = 0.0
    inspector: str | None = None
    url: str | None = None
    requests: int | None = None
    rounds: int | None = None
    observe: str | None = None
    click: str | None = None
    keep: int | None = None
    path_overrides: Mapping[str, str] | None = None
    ignores: tuple[Ignore, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """Something wrong in the file.

    Attributes:
        line: Where, from 0.
        message: What, one sentence without a full stop, with the key's name.
    """

    line: int
    message: str

    def __str__(self) -> str:
        return f"{FILE_NAME}:{self.line + 1}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    value: Value


_TABLES: Mapping[str, Mapping[str, _Key]] = {
    "thresholds": {"min-bytes-per-request": _Key("min_bytes_per_request", BYTES)},
    "target": {
        "inspector": _Key("inspector", INSPECTOR),
        "url": _Key("url", URL),
        "requests": _Key("requests", REQUESTS),
        "rounds": _Key("rounds", ROUNDS),
        "observe": _Key("observe", OBSERVE),
        "click": _Key("click", CLICK),
    },
    "recordings": {"keep": _Key("keep", KEEP)},
    "source-maps": {"path-overrides": _Key("path_overrides", PATH_OVERRIDES)},
}
_IGNORE = {"code": TEXT, "root": TEXT, "file": TEXT, "reason": ANY_TEXT}


def read_project_config(workspace: Path) -> ProjectConfig:
    """What the file in a workspace says; the defaults where there is none.

    Raises:
        UsageError: Something in it is wrong.
    """
    text = project_config_text(workspace)
    if text is None:
        return ProjectConfig()
    config, problems = parse_project_config(text)
    if problems:
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise UsageError(f"{problems[0]}{more}", "see docs/configuration.md")
    return config


def project_config_text(workspace: Path) -> str | None:
    """The text of a workspace's file; None where there is none.

    Raises:
        UsageError: It cannot be read.
    """
    path = workspace / FILE_NAME
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror})", "check its permissions"
        ) from error
    if len(data) > _MOST_BYTES:
        raise UsageError(f"{path} is larger than {_MOST_BYTES} bytes", "make it smaller")
    return data.decode("utf-8", "replace").removeprefix("\ufeff")


def parse_project_config(text: str) -> tuple[ProjectConfig, tuple[ConfigProblem, ...]]:
    """Parse the file.

    Args:
        text: Its text. Anything may stand there.

    Returns:
        What it says, without what is wrong; and what is wrong, in the order of the lines.
    """
    lines = TomlLines(text)
    try:
        # TOML 1.0 knows two line ends; a file of old Macintosh's is one line.
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return ProjectConfig(), (_syntax_problem(error),)
    values: dict[str, Any] = {}
    problems: list[ConfigProblem] = []
    for name, table in document.items():
        if name == "ignore":
            continue
        if name not in _TABLES:
            known = ", ".join((*_TABLES, "ignore"))
            problems.append(
                ConfigProblem(lines.line_of(name), f"there is no `{_shown(name)}`: use {known}")
            )
        elif not isinstance(table, dict):
            problems.append(ConfigProblem(lines.line_of(name), f"`{name}` must be a table"))
        else:
            for key, value in table.items():
                rule = _TABLES[name].get(key)
                line = lines.line_of(name, key)
                if rule is None:
                    known = ", ".join(_TABLES[name])
                    message = f"there is no `{name}.{_shown(key)}`: use {known}"
                    problems.append(ConfigProblem(line, message))
                elif not rule.value.accepts(value):
                    message = f"`{name}.{key}` must be {rule.value.wanted}"
                    problems.append(ConfigProblem(line, message))
                else:
                    values[rule.name] = value
    ignores = tuple(_ignores(document.get("ignore", []), lines, problems))
    problems.sort(key=lambda problem: problem.line)
    return ProjectConfig(**values, ignores=ignores), tuple(problems)


def _ignores(entries: object, lines: TomlLines, problems: list[ConfigProblem]) -> Iterator[Ignore]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(
            ConfigProblem(lines.line_of("ignore"), "`ignore` must be tables, each below [[ignore]]")
        )
        return
    for index, entry in enumerate(entries):
        wrong = []
        for key, value in entry.items():
            line = lines.line_of("ignore", key, index=index)
            if key not in _IGNORE:
                known = ", ".join(_IGNORE)
                message = f"there is no `ignore.{_shown(key)}`: use {known}"
                wrong.append(ConfigProblem(line, message))
            elif not _IGNORE[key].accepts(value):
                wrong.append(ConfigProblem(line, f"`ignore.{key}` must be {_IGNORE[key].wanted}"))
        if not wrong and not entry.keys() & {"code", "root", "file"}:
            line = lines.line_of("ignore", index=index)
            wrong.append(ConfigProblem(line, "`ignore` must name a code, a root or a file"))
        if wrong:
            problems.extend(wrong)
        else:
            yield Ignore(**entry)


def _syntax_problem(error: Exception) -> ConfigProblem:
    text = str(error)
    message, _, where = text.rpartition(" (at ")
    numbers = [
        int(part) for part in where.replace(",", " ").replace(")", " ").split() if part.isdigit()
    ]
    line = numbers[0] - 1 if numbers else 0
    return ConfigProblem(line, f"this is no TOML: {' '.join((message or text).split())}")


def _shown(key: str) -> str:
    printable = "".join(c if c.isprintable() and c != "`" else "\ufffd" for c in key)
    return printable if len(printable) <= _SHOWN_KEYS else printable[:_SHOWN_KEYS] + "…"


def ignore_entry(ignore: Ignore, text: str) -> str:
    """What to append to the file's text, so that it ignores more.

    Args:
        ignore: What to ignore.
        text: The file's text; empty where there is none yet.
    """
    lines = ["[[ignore]]"]
    for key in ("code", "root", "file", "reason"):
        value = getattr(ignore, key)
        if value or key == "reason":
            lines.append(f"{key} = {_toml_text(value)}")
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return gap + "\n".join(lines) + "\n"


def _toml_text(value: str) -> str:
    escaped = "".join(
        f"\\{c}" if c in '"\\' else f"\\u{ord(c):04x}" if ord(c) < 0x20 or ord(c) == 0x7F else c
        for c in value
    )
    return f'"{escaped}"'
