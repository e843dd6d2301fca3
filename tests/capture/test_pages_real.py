"""A real Chromium page that is loaded anew: by Leakline, round by round, and by itself."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from leakline.capture import PageActions, measure
from leakline.progress import Progress
from leakline.recording import Recording, read_source
from support.chromium import run_page
from support.runtimes import Program

# A development server has the page reload itself when a file is saved: here after 15 clicks.
RELOADING = """<!doctype html><title>shop</title>
<button id="go">go</button>
<script>
const kept = [];
document.querySelector("#go").addEventListener("click", () => {
  kept.push([...String(kept.length).padEnd(2000, "x")].join(""));
  if (kept.length === 15 && !sessionStorage.getItem("reloaded")) {
    sessionStorage.setItem("reloaded", "yes");
    setTimeout(() => location.reload(), 0);
  }
});
</script>
"""
COUNTING = """<!doctype html><title>shop</title>
<script>
localStorage.setItem("loads", Number(localStorage.getItem("loads") ?? 0) + 1);
document.title = `load ${localStorage.getItem("loads")}`;
globalThis.keep = () => localStorage;
</script>
"""


async def run(program: Program, plan: PageActions, texts: list[str]) -> Recording:
    def note(progress: Progress) -> None:
        texts.append(progress.text)

    return await measure(
        inspector=program.inspector,
        load=plan,
        rounds=2,
        workspace=program.workspace,
        on_progress=note,
    )


def page(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_text(text)
    return folder


async def titles(program: Program) -> list[str]:
    async with (
        aiohttp.ClientSession(trust_env=False) as client,
        client.get(f"http://{program.inspector}/json/list") as answer,
    ):
        return [each["title"] for each in await answer.json()]


async def test_a_page_that_reloads_itself_starts_the_rounds_anew(tmp_path: Path) -> None:
    texts: list[str] = []
    async with run_page(page(tmp_path, RELOADING), "page.html") as program:
        recording = await run(program, PageActions(click="#go", actions=10), texts)
    assert "the program was reloaded, starting the rounds anew" in texts
    assert [each.requests for each in recording.rounds] == [10, 20, 30]
    assert {each.isolate for each in recording.rounds} == {1}


async def test_a_round_of_reloads(tmp_path: Path) -> None:
    texts: list[str] = []
    async with run_page(page(tmp_path, COUNTING), "page.html") as program:
        recording = await run(program, PageActions(actions=4), texts)
        # Once when it was opened, then four times in each round, the warm-up among them.
        assert "load 13" in await titles(program)
    assert "round 2 of 2: loading the page anew, 4 times" in texts
    assert "the program was reloaded, starting the rounds anew" not in texts
    assert [each.requests for each in recording.rounds] == [4, 8, 12]
    assert any(
        "localStorage" in read_source(each) for each in recording.scripts.values() if each.source
    )
