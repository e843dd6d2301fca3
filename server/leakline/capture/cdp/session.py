"""The calls that Leakline makes to an inspector, with checked types.

The Runtime domain is never enabled: while a client has it enabled, V8 keeps every object
alive that was given to ``console.log``. wrangler enables it itself, so that its console is
emptied before a snapshot, and passes ``Runtime.executionContextsCleared`` on after a reload;
Vite's plugin keeps the isolate and loads the module's new version; elsewhere a reload ends the
connection or shows in a new debugger id.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from leakline.capture.cdp.connection import Connection, Params
from leakline.capture.cdp.counting import Profiler, Stops
from leakline.capture.cdp.page import Page
from leakline.capture.cdp.transport import open_transport
from leakline.errors import CaptureError, InspectorProtocolError, TargetGone

_HEAP_USAGE_SECONDS = 5.0
_LARGEST_HEAP = 1 << 40  # what claims more makes no time limit
_SHARED_PAUSE_SECONDS = 0.05

# A window of Electron has a process too, and Deno has Node's.
_PROGRAM = """(() => {
  if (typeof document === "object") {
    return { kind: "page", title: document.title, url: location.href };
  }
  if (typeof Deno === "object") {
    return { kind: "deno", runtime: `Deno/${Deno.version.deno}`, v8: Deno.version.v8 };
  }
  const { argv, version, versions } = process;
  const url = argv[1] ? process.getBuiltinModule?.("url").pathToFileURL(argv[1]).href : "";
  return { kind: "node", url: url ?? `file://${argv[1]}`, runtime: `node.js/${version}`,
    v8: versions.v8 };
})()"""

_EVENTS = (
    "Debugger.scriptParsed",
    "HeapProfiler.addHeapSnapshotChunk",
    "HeapProfiler.reportHeapSnapshotProgress",
    "Page.frameNavigated",
    "Page.loadEventFired",
    "Runtime.executionContextsCleared",
)


class ReloadedError(CaptureError):
    """The program was loaded anew: its heap is another one from here on."""

    def __init__(self) -> None:
        super().__init__(
            "the program was reloaded while it was measured", "do not save its files meanwhile"
        )


@dataclass(frozen=True, slots=True)
class ParsedScript:
    """A script as ``Debugger.scriptParsed`` tells it.

    Attributes:
        id: V8's script id.
        url: Its URL; may be empty.
        source_map_url: Its ``sourceMappingURL``; may be empty.
        hash: V8's hash of its source.
        length: Its length in UTF-16 units.
        language: ``JavaScript`` or ``WebAssembly``.
    """

    id: int
    url: str
    source_map_url: str
    hash: str
    length: int
    language: str


class Debugger:
    """The Debugger domain, for the scripts only.

    Attributes:
        scripts: The scripts parsed so far by id.
        on_replaced: Called when a script comes whose URL another one had, of other text.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.scripts: dict[int, ParsedScript] = {}
        self.on_replaced: Callable[[], None] = lambda: None
        self._hashes: dict[str, str] = {}
        connection.on("Debugger.scriptParsed", self._parsed)

    async def enable(self) -> str:
        """Collect scripts from here on, those already there included.

        Returns:
            The id of the debugger: another one means another isolate.
        """
        result = await self._connection.call("Debugger.enable")
        ident = result.get("debuggerId", "")
        return ident if isinstance(ident, str) else ""

    async def disable(self) -> None:
        """Stop collecting scripts; :meth:`enable` gets those that came meanwhile."""
        await self._connection.tell("Debugger.disable")

    async def skip_pauses(self) -> None:
        """Run on at ``debugger`` statements, where an enabled debugger would stop."""
        await self._connection.tell("Debugger.setSkipAllPauses", {"skip": True})

    async def source(self, script_id: int) -> str:
        """Give a script's source.

        Raises:
            InspectorProtocolError: The script is gone.
        """
        result = await self._connection.call(
            "Debugger.getScriptSource", {"scriptId": str(script_id)}
        )
        return _text(result, "scriptSource", "Debugger.getScriptSource")

    def _parsed(self, params: Params) -> None:
        where = "Debugger.scriptParsed"
        ident = _text(params, "scriptId", where)
        if not (ident.isascii() and ident.isdigit() and len(ident) < 16):
            raise InspectorProtocolError(f"the inspector sent {where} with a strange scriptId")
        length = params.get("length", 0)
        script = ParsedScript(
            id=int(ident),
            url=_text(params, "url", where),
            source_map_url=_text(params, "sourceMapURL", where, default=""),
            hash=_text(params, "hash", where, default=""),
            length=length if isinstance(length, int) and length > 0 else 0,
            language=_text(params, "scriptLanguage", where, default="JavaScript"),
        )
        known = script.id in self.scripts
        self.scripts[script.id] = script
        before = self._hashes.setdefault(script.url, script.hash)
        if not known and script.url and before != script.hash:
            self._hashes[script.url] = script.hash
            self.on_replaced()

    def forget(self) -> None:
        """Forget every script: a new isolate counts its scripts from 1 again."""
        self.scripts.clear()
        self._hashes.clear()


class HeapProfiler:
    """The HeapProfiler domain.

    Args:
        connection: The connection.
        shared: Whether a debugger passes its own connection on.
    """

    def __init__(self, connection: Connection, *, shared: bool = False) -> None:
        self._connection = connection
        self._shared = shared

    async def take_snapshot(
        self,
        write: Callable[[str], None],
        on_fraction: Callable[[float], None],
    ) -> None:
        """Take a heap snapshot. V8 collects garbage before it does.

        Args:
            write: Gets the snapshot's text in chunks as they arrive.
            on_fraction: Gets how much of the heap has been walked, 0 to 1.

        Raises:
            InspectorProtocolError: It refused, fell silent, or the text ended too early.
            CaptureError: The connection failed, or what ``write`` raised.
        """
        last, chunks = "", 0

        def chunk(params: Params) -> None:
            nonlocal last, chunks
            text = _text(params, "chunk", "HeapProfiler.addHeapSnapshotChunk")
            write(text)
            last = text if text.strip() else last
            chunks += 1

        def progress(params: Params) -> None:
            done, total = params.get("done"), params.get("total")
            if isinstance(done, int) and isinstance(total, int) and total > 0:
                on_fraction(min(max(done / total, 0.0), 1.0))

        self._connection.on("HeapProfiler.addHeapSnapshotChunk", chunk)
        self._connection.on("HeapProfiler.reportHeapSnapshotProgress", progress)
        taking = asyncio.ensure_future(
            self._connection.call(
                "HeapProfiler.takeHeapSnapshot",
                {"reportProgress": True, "captureNumericValue": True},
                silence=self._connection.limits.snapshot,
            )
        )
        try:
            if self._shared:
                await self._until_whole(taking, lambda: (chunks, last.rstrip().endswith("]}")))
            else:
                await taking
        finally:
            taking.cancel()
            await asyncio.wait({taking})
            self._connection.on("HeapProfiler.addHeapSnapshotChunk", _ignore)
        if not last.rstrip().endswith("}"):
            raise InspectorProtocolError(
                "the inspector ended the snapshot before it was whole", "try again"
            )

    async def _until_whole(
        self, taking: asyncio.Future[Params], seen: Callable[[], tuple[int, bool]]
    ) -> None:
        """Wait for a snapshot whose reply may never come.

        js-debug drops replies without a result, such as workerd's. What is asked meanwhile is
        answered between, or within the snapshot where V8 looks for interrupts: so the text is
        whole when it has the end of one and nothing came between two questions.
        """
        loop = asyncio.get_running_loop()
        silence = self._connection.limits.snapshot
        before, since = seen(), loop.time()
        while not taking.done():
            await self._connection.call("Runtime.getHeapUsage", silence=silence)
            now = seen()
            if now == before and now[1]:
                return
            if now != before:
                before, since = now, loop.time()
            elif loop.time() > since + silence:
                raise InspectorProtocolError(
                    f"the debugger passed no snapshot on for {silence:.0f} s", "end its session"
                )
            await asyncio.wait({taking}, timeout=_SHARED_PAUSE_SECONDS)
        await taking

    async def track_allocations(self) -> None:
        """Note for each object from here on which calls allocated it; snapshots then say it.

        A runtime that cannot is left alone: its snapshots only say less.

        Raises:
            CaptureError: The connection failed.
        """
        with suppress(InspectorProtocolError):
            await self._connection.call(
                "HeapProfiler.startTrackingHeapObjects", {"trackAllocations": True}
            )

    async def stop_tracking(self) -> None:
        """End what :meth:`track_allocations` began.

        ``stopTrackingHeapObjects`` would take a snapshot first.
        """
        await self._connection.tell("HeapProfiler.disable")


class Runtime:
    """The Runtime domain, never enabled."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def empty_console(self) -> None:
        """Let go of the objects that V8 keeps for a console to show."""
        await self._connection.tell("Runtime.discardConsoleEntries")

    async def program(self) -> dict[str, str]:
        """Ask the program what it is.

        Returns:
            ``kind`` (``page``, ``deno`` or ``node``), and what is known of ``title``, ``url``,
            ``runtime`` and ``v8``.

        Raises:
            InspectorProtocolError: It evaluates nothing, or is none of these.
        """
        answer = await self._connection.call(
            "Runtime.evaluate",
            {"expression": _PROGRAM, "returnByValue": True, "silent": True},
            silence=self._connection.limits.seconds(_HEAP_USAGE_SECONDS),
        )
        result = answer.get("result")
        said = result.get("value") if isinstance(result, dict) else None
        if not isinstance(said, dict):
            raise InspectorProtocolError("the program does not tell what it is")
        return {name: text for name, text in said.items() if isinstance(text, str)}

    async def heap_used(self) -> int | None:
        """Give the heap's size in bytes; None where the runtime does not tell it."""
        try:
            usage = await self._connection.call(
                "Runtime.getHeapUsage",
                silence=self._connection.limits.seconds(_HEAP_USAGE_SECONDS),
            )
        except InspectorProtocolError:
            return None  # a figure for the report and for time limits, not worth a failure
        used = usage.get("usedSize")
        # Chromium writes it as a float.
        if not isinstance(used, int | float) or not 0 <= used < _LARGEST_HEAP:
            return None
        self._connection.limits.heap_used = int(used)
        return int(used)


class Session:
    """One client of an inspector.

    Attributes:
        debugger: The Debugger domain.
        heap_profiler: The HeapProfiler domain.
        runtime: The Runtime domain.
        profiler: The Profiler domain.
        stops: Places where the debugger stops for a moment, to count.
        page: The Page domain.
        limits: How long steps may take.
        alone: Whether no other client can be there, whose console would suffer if it was
            emptied.
        shared: Whether a debugger passes its own connection on.
        worker_threads: The URLs of Node's worker threads, whose heaps are others.
        reloads: How often the program was loaded anew since the session began.
    """

    def __init__(self, connection: Connection, *, alone: bool, shared: bool = False) -> None:
        self._connection = connection
        self.alone = alone
        self.shared = shared
        self._debugger_id = ""
        self.worker_threads: list[str] = []
        self.reloads = 0
        self.debugger = Debugger(connection)
        self.heap_profiler = HeapProfiler(connection, shared=shared)
        self.runtime = Runtime(connection)
        self.profiler = Profiler(connection)
        self.stops = Stops(connection)
        self.page = Page(connection)
        self.limits = connection.limits
        self.debugger.on_replaced = self._replaced
        self.page.on_navigated = self._navigated
        connection.on("Runtime.executionContextsCleared", self._cleared)
        connection.on("NodeWorker.attachedToWorker", self._worker_started)
        connection.on("NodeRuntime.waitingForDisconnect", self._exiting)

    async def enable(self) -> None:
        """Begin to collect scripts, without ever stopping the program.

        Called again, it notices an isolate that was replaced without a word.
        """
        seen = self.reloads
        ident = await self.debugger.enable()
        if not self.stops.hits and not self.shared:
            await self.debugger.skip_pauses()
        if self._debugger_id not in ("", ident) and self.reloads == seen:
            self.reloads += 1
        self._debugger_id = ident

    async def rest(self) -> None:
        """Leave the program alone until the next :meth:`enable`.

        With an enabled debugger V8 makes one more promise per ``await``, and errors keep more
        of their stack: what is kept would be measured too large. Where reloads are told by
        events alone, or the debugger counts requests, it stays enabled.
        """
        if not (self.alone or self.shared or self.stops.hits):
            await self.debugger.disable()

    async def begin(self) -> None:
        """Enable what is needed, and let a program run that waits for a debugger."""
        if self.shared:
            # js-debug passes on only the events that one asks for (its CDP_SHARE.md).
            await self._connection.call("JsDebug.subscribe", {"events": list(_EVENTS)})
            await self.enable()
            return
        await self.enable()
        # Node does not end while a client is connected, but says so to one who asks.
        # Others refuse, which does no harm.
        await self._connection.tell("NodeRuntime.notifyWhenWaitingForDisconnect", {"enabled": True})
        await self._connection.tell("NodeWorker.enable", {"waitForDebuggerOnStart": False})
        await self._connection.tell("Runtime.runIfWaitingForDebugger")

    def check(self) -> None:
        """Notice that the connection failed.

        Raises:
            CaptureError: It did.
        """
        self._connection.check()

    async def close(self) -> None:
        """Leave the program as it was."""
        if self.shared:  # the debugger's own connection stays
            with suppress(CaptureError):
                await self.heap_profiler.stop_tracking()
        await self._connection.close()

    def _cleared(self, params: Params) -> None:
        del params
        self.reloads += 1
        self._debugger_id = ""
        self.debugger.forget()
        self._connection.abandon(ReloadedError())

    def _replaced(self) -> None:
        """Notice that Vite put a module's new version beside the old one, in the same isolate.

        Elsewhere the same URL with another text says nothing: a page has several scripts.
        """
        if self.alone and self._debugger_id:
            self.reloads += 1
            self._connection.abandon(ReloadedError())

    def _navigated(self, asked: bool) -> None:  # noqa: FBT001 - a callback's only argument
        """Notice that the page was loaded anew by itself, as a development server has it do.

        It has another debugger then, in the same isolate.
        """
        self._debugger_id = ""
        if not asked:
            self.reloads += 1
            self._connection.abandon(ReloadedError())

    def _worker_started(self, params: Params) -> None:
        info = params.get("workerInfo")
        url = info.get("url") if isinstance(info, dict) else None
        self.worker_threads.append(url if isinstance(url, str) else "")

    def _exiting(self, params: Params) -> None:
        del params
        self._connection.fail(
            TargetGone("the program ended while it was measured", "start it and try again")
        )


@asynccontextmanager
async def open_session(url: str, *, alone: bool, shared: bool = False) -> AsyncIterator[Session]:
    """Connect to an inspector.

    Args:
        url: Its ``ws://`` URL.
        alone: Whether the inspector takes one client only, as wrangler's does.
        shared: Whether a debugger passes its own connection on.

    Yields:
        A session that collects scripts; it is closed after the block.

    Raises:
        CaptureError: It cannot be reached.
    """
    session = Session(Connection(await open_transport(url)), alone=alone, shared=shared)
    try:
        await session.begin()
        yield session
    finally:
        await session.close()


def _text(params: Params, name: str, where: str, default: str | None = None) -> str:
    value = params.get(name, default)
    if not isinstance(value, str):
        raise InspectorProtocolError(f"the inspector sent {where} without a valid {name}")
    return value


def _ignore(params: Params) -> None:
    del params
