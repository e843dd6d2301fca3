"""What a user does on a page: load it anew, click on something."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from leakline.capture.cdp.connection import Connection, Params
from leakline.errors import InspectorProtocolError, LoadFailed

_LOAD_SECONDS = 30.0
_ELEMENT_SECONDS = 5.0
_ELEMENT_PAUSE = 0.1

# A click, then time for what it started: timers that are due, a fetch's first callbacks.
_CLICK = """(async () => {
  const element = document.querySelector(%s);
  if (!element) return "nothing";
  element.click();
  await new Promise((done) => setTimeout(done, 0));
  return "clicked";
})()"""


class Page:
    """The Page domain and ``Runtime.evaluate``, which needs no enabled Runtime domain.

    Attributes:
        on_navigated: Called when the page was loaded anew, or another one was; told whether we
            asked for it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._loaded = asyncio.Event()
        self._asked = False
        self.on_navigated: Callable[[bool], None] = lambda _: None
        connection.on("Page.loadEventFired", self._fired)
        connection.on("Page.frameNavigated", self._navigated)

    async def enable(self) -> None:
        """Begin to be told when the page has loaded.

        Raises:
            InspectorProtocolError: It is no page.
        """
        await self._connection.call("Page.enable")

    async def reload(self) -> None:
        """Load the page anew and wait until it has loaded.

        Raises:
            LoadFailed: It did not load within 30 seconds, or more for a large heap.
        """
        limit = self._connection.limits.seconds(_LOAD_SECONDS)
        self._loaded.clear()
        self._asked = True
        await self._connection.call("Page.reload")
        try:
            await asyncio.wait_for(self._loaded.wait(), timeout=limit)
        except TimeoutError as error:
            raise LoadFailed(
                f"the page did not load within {limit:.0f} s", "check its server"
            ) from error

    async def click(self, selector: str) -> None:
        """Click on the first element that a CSS selector finds, once it is there.

        Raises:
            LoadFailed: There is none after five seconds, or the selector is invalid.
            InspectorProtocolError: The inspector refuses it for so long.
        """
        # A page that has just been opened, or renders after a click, is not there at once.
        waits = int(_ELEMENT_SECONDS / _ELEMENT_PAUSE)
        refused: InspectorProtocolError | None = None
        for _ in range(waits):
            try:
                refused = None
                if await self._click_now(selector):
                    return
            except InspectorProtocolError as error:
                # A page that goes away takes the answer with it, and says only then that it went.
                refused = error
            await asyncio.sleep(_ELEMENT_PAUSE)
        if refused is not None:
            raise refused
        raise LoadFailed(f"the page has no element {selector!r}", "check the CSS selector")

    async def _click_now(self, selector: str) -> bool:
        result = await self._connection.call(
            "Runtime.evaluate",
            {
                "expression": _CLICK % json.dumps(selector),
                "awaitPromise": True,
                "returnByValue": True,
                "userGesture": True,
                # The page's own console is not ours to fill.
                "silent": True,
            },
        )
        if result.get("exceptionDetails") is not None:
            raise LoadFailed(f"the click on {selector!r} failed", "is it a CSS selector?")
        value = result.get("result")
        if not isinstance(value, dict):
            raise InspectorProtocolError("the inspector sent a value of no shape")
        return value.get("value") == "clicked"

    def _navigated(self, params: Params) -> None:
        frame = params.get("frame")
        if not isinstance(frame, dict) or frame.get("parentId") is not None:
            return  # a frame within the page
        asked, self._asked = self._asked, False
        self.on_navigated(asked)

    def _fired(self, params: Params) -> None:
        del params
        self._loaded.set()
