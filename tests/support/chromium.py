"""A real Chromium with one page, served from this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from leakline.capture import find_targets
from support.processes import end_group
from support.runtimes import Program, free_port, require_chromium


@asynccontextmanager
async def run_page(folder: Path, page: str) -> AsyncIterator[Program]:
    """Serve a folder and open one of its pages in a headless Chromium.

    Args:
        folder: What is served.
        page: The file to open.
    """
    require_chromium()
    application = web.Application()
    application.router.add_static("/", folder)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        async with open_page(url + page, folder.parent / "profile") as (port, group):
            yield Program(inspector=f"127.0.0.1:{port}", url=url, workspace=folder, group=group)
    finally:
        await runner.cleanup()


@asynccontextmanager
async def open_page(url: str, profile: Path) -> AsyncIterator[tuple[int, int]]:
    """Open a page in a headless Chromium; gives the inspector's port and the process group.

    Args:
        url: The page.
        profile: Folder of the browser's own files.
    """
    browser, port = require_chromium(), free_port()
    process = await asyncio.create_subprocess_exec(
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--remote-debugging-port={port}",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        f"--user-data-dir={profile}",
        url,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        for _ in range(900):
            if any(each.title for each in await find_targets([f"127.0.0.1:{port}"])):
                break
            await asyncio.sleep(0.1)
        yield port, process.pid
    finally:
        await end_group(process.pid)
        await process.wait()
