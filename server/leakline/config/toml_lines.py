"""Which line of a TOML text a key stands in. ``tomllib`` does not tell."""

from __future__ import annotations

import re
from collections import defaultdict

_HEADER = re.compile(r"^\s*(?P<open>\[\[?)\s*(?P<name>[^\]\n]+?)\s*\]")
_PAIR = re.compile(r"^\s*(?P<key>\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[\w-]+)(?P<rest>\s*[.=].*)$")
_QUOTES = "\"'"


class TomlLines:
    """Finds the lines of tables and keys, good enough to point at a mistake.

    Args:
        text: The text, which TOML's parser has accepted or not.
    """

    def __init__(self, text: str) -> None:
        # By table, index in an array of tables, and key; no key is the table's header.
        self._lines: dict[tuple[str, int, str], int] = {}
        counts: defaultdict[str, int] = defaultdict(int)
        table, index = "", 0
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            header = _HEADER.match(line)
            if header is not None:
                names = [part.strip().strip(_QUOTES) for part in header["name"].split(".")]
                table, index = names[0], 0
                if header["open"] == "[[":
                    index = counts[table]
                    counts[table] += 1
                self._lines.setdefault((table, index, ""), number)
                if len(names) > 1:
                    self._lines.setdefault((table, index, names[1]), number)
                continue
            pair = _PAIR.match(line)
            if pair is None:
                continue
            key = pair["key"].strip(_QUOTES)
            if table:
                self._lines.setdefault((table, index, key), number)
            else:
                self._lines.setdefault((key, 0, ""), number)
                inner = _PAIR.match(pair["rest"].lstrip(" \t.")) if "." in pair["rest"] else None
                if inner is not None:
                    self._lines.setdefault((key, 0, inner["key"].strip(_QUOTES)), number)

    def line_of(self, table: str, key: str = "", *, index: int = 0) -> int:
        """The line, from 0, of a key or of its table; 0 when neither is found.

        Args:
            table: The table's name.
            key: The key in it; empty for the table itself.
            index: Which table of an array of tables.
        """
        for candidate in ((table, index, key), (table, index, ""), (table, 0, "")):
            if candidate in self._lines:
                return self._lines[candidate]
        return 0
