"""The strings of a snapshot, decoded when somebody asks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from leakline.heap import kernels
from leakline.heap.engine import view


class StringTable:
    """Strings as offsets into the file.

    V8 cuts them at 1024 characters. They may hold lone surrogates: encode them with
    ``errors="surrogatepass"`` or ``"backslashreplace"``.
    """

    def __init__(self, data: memoryview, starts: memoryview, stop: int) -> None:
        """Keep the file alive and remember where the strings are.

        Args:
            data: The whole file, one unsigned byte per item.
            starts: Offset of each string's first byte, behind its quote; format ``q``.
            stop: Offset of the ``]`` behind the last string.
        """
        self._data = data
        self._starts = starts
        self._stop = stop
        self._indexes: dict[str, int | None] = {}

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, index: int) -> str:
        return _decoded(self.raw(index))

    def texts(self, indexes: Iterable[int]) -> list[str]:
        """Decode many strings at once; every index has to have a string."""
        return [_decoded(self.raw(index)) for index in indexes]

    def raw(self, index: int) -> bytes:
        """Give a string's bytes as the file has them, escapes included."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        begin = self._starts[index]
        last = index + 1 == len(self)
        # Up to the next string's opening quote, which is not looked at.
        end = self._stop if last else self._starts[index + 1] - 1
        return _unquoted(bytes(self._data[begin:end]))

    def index(self, text: str) -> int | None:
        """Give the index of the first string that is ``text``, None where none is."""
        if text not in self._indexes:
            self._indexes[text] = self._find(text)
        return self._indexes[text]

    def _find(self, text: str) -> int | None:
        escaped = json.dumps(text)
        # V8 writes all beyond ASCII as \uXXXX in upper case; other writers as UTF-8 or in lower.
        spellings = {escaped.encode(), _upper_hex(escaped).encode()}
        if not text.isascii():
            spellings.add(json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        found = [
            kernels.find_string(view(self._data), view(self._starts), memoryview(spelling[1:]))
            for spelling in spellings
        ]
        return min((int(index) for index in found if index >= 0), default=None)

    @property
    def data(self) -> memoryview:
        """The whole file, one unsigned byte per item."""
        return self._data

    @property
    def starts(self) -> memoryview:
        """Offset of each string's first byte, format ``q``."""
        return self._starts


def _unquoted(raw: bytes) -> bytes:
    """Cut what stands behind a string: its closing quote, the comma."""
    return raw[: raw.rindex(b'"')]


def _decoded(raw: bytes) -> str:
    return json.loads(b'"' + raw + b'"') if b"\\" in raw else raw.decode("utf-8")


def _upper_hex(escaped: str) -> str:
    # The first branch steps over an escaped backslash, so that a u behind it is no escape.
    return re.sub(
        r"\\\\|\\u[0-9a-f]{4}",
        lambda match: match[0][:2] + match[0][2:].upper(),
        escaped,
    )
