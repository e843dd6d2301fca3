"""Count the calls of functions without touching the program.

Where the Profiler domain is there (Node, Deno, Chromium), V8 counts calls itself: precise
coverage, exact for every function, the runtime's own included. workerd has none: there the
debugger stops at a function's first statement and runs on at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from leakline.capture.cdp.connection import Connection, Params
from leakline.errors import InspectorProtocolError

_COVERAGE_SECONDS = 3.0

_Place = tuple[str, str, str]  # script, line and column, as the inspector names them


@dataclass(frozen=True, slots=True)
class Calls:
    """How often a function was called since the time before.

    Attributes:
        url: The URL of its script.
        function: Its name; empty when it has none.
        count: Calls.
    """

    url: str
    function: str
    count: int


class Profiler:
    """The Profiler domain, for call counts only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def start(self) -> None:
        """Begin to count calls.

        Raises:
            InspectorProtocolError: The runtime has no profiler.
        """
        await self._connection.call("Profiler.enable")
        await self._connection.call(
            "Profiler.startPreciseCoverage", {"callCount": True, "detailed": False}
        )

    async def take(self) -> tuple[Calls, ...]:
        """Give the calls since the last time, or since :meth:`start`.

        Raises:
            InspectorProtocolError: The answer makes no sense.
        """
        result = await self._connection.call("Profiler.takePreciseCoverage")
        try:
            return tuple(_calls(result))
        except (KeyError, IndexError, TypeError, AttributeError) as error:
            raise InspectorProtocolError("the inspector sent call counts of no shape") from error

    async def scripts(self) -> dict[int, str]:
        """Give the scripts that are loaded: their ids and URLs. It changes nothing.

        Raises:
            InspectorProtocolError: The runtime has no profiler, or the answer makes no sense.
        """
        # js-debug drops workerd's replies, which have no result: it is not waited for long.
        result = await self._connection.call(
            "Profiler.getBestEffortCoverage",
            silence=self._connection.limits.seconds(_COVERAGE_SECONDS),
        )
        try:
            listed = cast("list[dict[str, object]]", result["result"])
            return {int(str(each["scriptId"])): str(each["url"]) for each in listed}
        except (KeyError, TypeError, ValueError) as error:
            raise InspectorProtocolError("the inspector sent scripts of no shape") from error

    async def stop(self) -> None:
        """Let V8 optimise the functions again."""
        await self._connection.tell("Profiler.stopPreciseCoverage")
        await self._connection.tell("Profiler.disable")


class Stops:
    """Places where the debugger stops for a moment, to count.

    Attributes:
        hits: How often each place was passed: by script, line and column.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._breakpoints: list[str] = []
        self.hits: dict[_Place, int] = {}

    async def start(self) -> None:
        """Begin to stop, and to run on at once, at whatever stops the program."""
        self.hits.clear()
        self._breakpoints.clear()
        self._connection.on("Debugger.paused", self._paused)
        await self._connection.call("Debugger.setSkipAllPauses", {"skip": False})

    async def add(self, script_id: int, line: int, column: int) -> None:
        """Stop at the first statement from a place on.

        Args:
            script_id: The script.
            line: Line, from 0.
            column: Column in UTF-16 units, from 0.

        Raises:
            InspectorProtocolError: There is no statement.
        """
        location = {"scriptId": str(script_id), "lineNumber": line, "columnNumber": column}
        result = await self._connection.call("Debugger.setBreakpoint", {"location": location})
        ident, place = result.get("breakpointId"), _place(result.get("actualLocation"))
        if not isinstance(ident, str) or place is None:
            raise InspectorProtocolError("the inspector set a breakpoint of no shape")
        self._breakpoints.append(ident)
        self.hits[place] = 0

    async def stop(self) -> None:
        """Remove every place; the program never stops again."""
        await self._connection.tell("Debugger.setSkipAllPauses", {"skip": True})
        for ident in self._breakpoints:
            await self._connection.tell("Debugger.removeBreakpoint", {"breakpointId": ident})
        self.hits.clear()
        await self._connection.tell("Debugger.resume")

    def _paused(self, params: Params) -> None:
        # Not `hitBreakpoints`: workerd names the one that was set last, whichever was hit.
        frames = params.get("callFrames")
        top = frames[0] if isinstance(frames, list) and frames else None
        place = _place(top.get("location")) if isinstance(top, dict) else None
        if place in self.hits:
            self.hits[place] += 1
        self._connection.tell_soon("Debugger.resume")


def _place(location: object) -> _Place | None:
    if not isinstance(location, dict):
        return None
    return (
        str(location.get("scriptId")),
        str(location.get("lineNumber")),
        str(location.get("columnNumber")),
    )


def _calls(result: Params) -> Iterator[Calls]:
    for script in cast("list[dict[str, object]]", result["result"]):
        for function in cast("list[dict[str, object]]", script["functions"]):
            ranges = cast("list[dict[str, object]]", function["ranges"])
            count = ranges[0]["count"]
            if isinstance(count, int) and count > 0:
                yield Calls(str(script["url"]), str(function["functionName"]), count)
