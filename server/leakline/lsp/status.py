"""``leakline/status``: the server's state for a client's status bar."""

from __future__ import annotations

from typing import Literal

from leakline.lsp.server import LeaklineServer
from leakline.progress import Progress

STATUS = "leakline/status"

State = Literal["idle", "measuring", "analyzing", "findings"]


class StatusBar:
    """Tells the client the state whenever it changes.

    ``findings`` counts the warnings; ``text`` is one line for people.

    Attributes:
        measuring: Whether a measurement or capture runs.
        analyses: How many analyses run.
    """

    def __init__(self, server: LeaklineServer) -> None:
        self._server = server
        self._sent: tuple[State, int, str] | None = None
        self.measuring = False
        self.analyses = 0

    def measure(self, progress: Progress) -> None:
        """Say that a measurement or capture runs."""
        self._send("measuring", progress.text)

    def analyzing(self, progress: Progress) -> None:
        """Say that an analysis runs."""
        self._send("analyzing", progress.text)

    def settle(self) -> None:
        """Say what is known while nothing runs."""
        if self.measuring or self.analyses:
            return
        self._send("findings" if self._server.warnings else "idle", self.text())

    def text(self) -> str:
        """What is known, in a few words."""
        leaks = self._server.warnings
        if leaks:
            return f"{leaks} leak{'' if leaks == 1 else 's'}"
        return "no leaks found" if self._server.known.analyses else "no recording yet"

    def _send(self, state: State, text: str) -> None:
        status = (state, self._server.warnings, text)
        if status == self._sent:
            return
        self._sent = status
        self._server.protocol.notify(STATUS, {"state": state, "findings": status[1], "text": text})
