"""A terminal for programs that draw on one: what they show is waited for, keys are pressed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

_POLL_SECONDS = 0.1
_SIZE = ("-x", "200", "-y", "60")


class Terminal:
    """One program in one tmux of its own.

    Attributes:
        written: All that the program has written, with the terminal's control sequences.
    """

    def __init__(self, tmux: Sequence[str], written: Path) -> None:
        self._tmux = tmux
        self.written = written

    async def press(self, *keys: str) -> None:
        """Press keys, by tmux's names of them."""
        await self._run("send-keys", *keys)

    async def type(self, text: str) -> None:
        """Type a text as it stands."""
        await self._run("send-keys", "-l", text)

    async def screen(self) -> str:
        """What the user sees."""
        return await self._run("capture-pane", "-p")

    async def until(self, what: str, holds: Callable[[str], object], seconds: float = 180) -> str:
        """Wait for what is to be seen; gives the screen."""
        screen = ""
        try:
            async with asyncio.timeout(seconds):
                # A terminal tells nobody that it has changed.
                while not holds(screen := await self.screen()):  # noqa: ASYNC110
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what}:\n{screen}") from None
        return screen

    async def start(self, command: Sequence[str], folder: Path) -> None:
        """Start the program."""
        # What it writes is to be seen from the first byte on: so it waits for the watcher.
        waiting = ("sh", "-c", 'read -r go; exec "$@"', "sh", *command)
        await self._run("-f", "/dev/null", "new-session", "-d", *_SIZE, "-c", str(folder), *waiting)
        await self._run("pipe-pane", f"cat >'{self.written}'")
        await self.press("Enter")

    async def close(self) -> None:
        """End the program and its tmux."""
        process = await asyncio.create_subprocess_exec(
            *self._tmux, "kill-server", stderr=asyncio.subprocess.DEVNULL
        )
        await process.wait()

    async def _run(self, *arguments: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *self._tmux,
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        return output.decode()


@asynccontextmanager
async def open_terminal(
    tmux: str, command: Sequence[str], folder: Path, variables: Mapping[str, str]
) -> AsyncIterator[Terminal]:
    """Run a program in a terminal until the block ends.

    Args:
        tmux: The path of tmux.
        command: Starts the program, in ``folder``.
        folder: Where it runs.
        variables: Added to its environment.
    """
    # A socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="tmux-") as directory:
        added = [f"{name}={value}" for name, value in variables.items()]
        called = ["env", "LC_ALL=C.UTF-8", *added, tmux, "-u", "-S", f"{directory}/socket"]
        terminal = Terminal(called, Path(directory) / "written")
        try:
            await terminal.start(command, folder)
            yield terminal
        finally:
            await terminal.close()
