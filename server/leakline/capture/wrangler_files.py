"""What wrangler's configuration files say: inspector ports, Workers' names and main files."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

_NAMES = ("wrangler.jsonc", "wrangler.json", "wrangler.toml")
_MAX_BYTES = 1 << 20
# Strings are passed over first, so that a comment's signs within them stay.
_COMMENTS = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')


def configured_ports(workspace: Path) -> tuple[int, ...]:
    """Find ``dev.inspector_port`` in a workspace's wrangler files.

    Args:
        workspace: Looked through with the directories in it and in those (a monorepo's
            ``apps/shop``), but for hidden ones and ``node_modules``.

    Returns:
        The ports, each once. A file that cannot be read names none: it is wrangler that
        tells the user about it.
    """
    ports: dict[int, None] = {}
    for path in _files(workspace):
        port = _port(path)
        if port is not None:
            ports[port] = None
    return tuple(ports)


def _files(workspace: Path) -> list[Path]:
    found: list[Path] = []
    for pattern in ("", "*/", "*/*/"):
        for name in _NAMES:
            for path in sorted(workspace.glob(f"{pattern}{name}")):
                parts = path.relative_to(workspace).parts
                if not any(part.startswith(".") or part == "node_modules" for part in parts):
                    found.append(path)
    return found


def read_wrangler_file(path: Path) -> dict[str, object]:
    """Read a wrangler configuration file.

    Args:
        path: A ``wrangler.jsonc``, ``wrangler.json`` or ``wrangler.toml``, by whatever name.

    Returns:
        What it says; nothing where it cannot be read: it is wrangler that tells the user.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES).decode("utf-8-sig")
        if path.suffix == ".toml":
            document: object = tomllib.loads(text)
        else:
            plain = _COMMENTS.sub(lambda match: match[1] or " ", text)
            document = json.loads(_TRAILING_COMMA.sub(lambda match: match[1] or "", plain))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _port(path: Path) -> int | None:
    dev = read_wrangler_file(path).get("dev")
    port = dev.get("inspector_port") if isinstance(dev, dict) else None
    return port if isinstance(port, int) and 0 < port < 1 << 16 else None
