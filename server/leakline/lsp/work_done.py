"""Work-done progress: what a client shows of something long, with its Cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from time import monotonic
from uuid import uuid4

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from leakline.lsp.server import LeaklineServer
from leakline.progress import OnProgress, Progress

# A person reads no faster, and some clients redraw for each.
_SECONDS_BETWEEN_REPORTS = 0.1
_SECONDS_BETWEEN_MESSAGES = 2.0
_SECONDS_FOR_TOKEN = 5.0


@asynccontextmanager
async def work_done(
    server: LeaklineServer,
    title: str,
    token: types.ProgressToken | None,
    cancel: Callable[[], object],
    outcome: Callable[[], str] | None = None,
) -> AsyncIterator[OnProgress]:
    """Show progress while the block runs.

    Args:
        server: The server.
        title: What is going on, for the title.
        token: The client's own token where its request brought one; else one is made, if the
            client can show it.
        cancel: Called when the user cancels.
        outcome: Tells, in a few words, what came of it. Without one a client that shows no
            progress hears nothing: it waits for an answer.

    Yields:
        Where to report progress to.
    """
    own = token is None
    if token is None:
        token = await _create(server)
    if token is None:
        if outcome is None:
            yield lambda _progress: None
            return
        said = _Messages(server, title)
        yield said.report
        said.tell(outcome())
        return
    work = server.work_done_progress
    work.begin(
        token,
        types.WorkDoneProgressBegin(title=title, cancellable=own, message="starting", percentage=0),
    )
    work.tokens[token].add_done_callback(lambda future: future.cancelled() and cancel())
    reporter = _Reporter(server, token)
    message = None
    try:
        yield reporter.report
        message = None if outcome is None else outcome()
    finally:
        work.end(token, types.WorkDoneProgressEnd(message=message))
        work.tokens.pop(token, None)


async def _create(server: LeaklineServer) -> types.ProgressToken | None:
    window = server.client_capabilities.window
    if not window or not window.work_done_progress:
        return None
    token = f"leakline-{uuid4().hex[:8]}"  # Helix shows it
    # pygls fails on an answer that nobody waits for any more, so the wait is what is cancelled.
    answer = asyncio.ensure_future(server.work_done_progress.create_async(token))
    answer.add_done_callback(lambda done: done.cancelled() or done.exception())
    with suppress(JsonRpcException, TimeoutError):
        await asyncio.wait_for(asyncio.shield(answer), timeout=_SECONDS_FOR_TOKEN)
        return token
    return None


class _Messages:
    """For clients that show no progress: what is going on, a message now and then."""

    def __init__(self, server: LeaklineServer, title: str) -> None:
        self._server = server
        self._title = title
        self._last = float("-inf")

    def report(self, progress: Progress) -> None:
        now = monotonic()
        if now - self._last >= _SECONDS_BETWEEN_MESSAGES:
            self._last = now
            self.tell(progress.text)

    def tell(self, text: str) -> None:
        self._server.tell(f"{self._title}: {text}")


class _Reporter:
    def __init__(self, server: LeaklineServer, token: types.ProgressToken) -> None:
        self._server = server
        self._token = token
        self._last = float("-inf")
        self._percentage = 0
        self._text = ""

    def report(self, progress: Progress) -> None:
        now = monotonic()
        if progress.text == self._text and now - self._last < _SECONDS_BETWEEN_REPORTS:
            return
        self._last = now
        self._text = progress.text
        self._percentage = max(self._percentage, min(100, int(progress.fraction * 100)))
        self._server.work_done_progress.report(
            self._token,
            types.WorkDoneProgressReport(
                cancellable=True, message=progress.text, percentage=self._percentage
            ),
        )
