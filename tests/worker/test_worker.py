"""The worker with a real child process whose analysis is a play (``fake_child.py``)."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from leakline.config.project import ProjectConfig
from leakline.errors import RecordingError, SnapshotError, WorkerError
from leakline.pipeline.model import Analysis
from leakline.progress import Progress
from leakline.worker import AnalysisWorker, process

PLAY = Path(__file__).with_name("fake_child.py")


@pytest.fixture
async def worker(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AnalysisWorker]:
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-P", str(PLAY)))
    worker = AnalysisWorker()
    yield worker
    await worker.close()


CONFIG = ProjectConfig(requests=17)


async def analyze(worker: AnalysisWorker, name: str) -> tuple[Analysis, list[Progress]]:
    progress: list[Progress] = []
    analysis = await worker.analyze(
        Path("/recordings") / name, workspace=Path("/w"), config=CONFIG, on_progress=progress.append
    )
    return analysis, progress


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 60
    while is_running(pid):
        assert time.monotonic() < end, "the process is still there"
        await asyncio.sleep(0.02)


async def test_an_analysis_comes_back_whole_with_its_progress(worker: AnalysisWorker) -> None:
    analysis, progress = await analyze(worker, "good")
    assert analysis.recording == Path("/recordings/good")
    assert analysis.target.title == "/w"
    assert analysis.requests == 17, "the child knows the project's settings"
    assert analysis.notes == ("x" * 300_000,)
    assert progress == [Progress("begun", 0.0), Progress("done", 1.0)]


async def test_the_child_stays_for_the_next_analysis(worker: AnalysisWorker) -> None:
    await worker.warm()
    pid = worker.pid
    pids = {(await analyze(worker, "good"))[0].heap_sizes[0] for _ in range(2)}
    assert pids == {pid}


async def test_two_at_once_are_done_one_after_the_other(worker: AnalysisWorker) -> None:
    results = await asyncio.gather(*(analyze(worker, name) for name in ("a", "b", "c")))
    assert [analysis.recording.name for analysis, _ in results] == ["a", "b", "c"]
    assert len({analysis.heap_sizes for analysis, _ in results}) == 1


async def test_what_the_analysis_prints_breaks_nothing(
    worker: AnalysisWorker, capfd: pytest.CaptureFixture[str]
) -> None:
    analysis, _ = await analyze(worker, "prints")
    assert analysis.recording.name == "prints"
    printed = capfd.readouterr()
    assert printed.out == ""
    assert {"a stray line", "raw bytes", "from a grandchild"} <= set(printed.err.splitlines())


async def test_errors_for_the_user_arrive_as_themselves(worker: AnalysisWorker) -> None:
    with pytest.raises(RecordingError) as caught:
        await analyze(worker, "damaged")
    assert (caught.value.problem, caught.value.advice) == ("round 2 is missing", "measure again")
    assert str(caught.value) == "round 2 is missing: measure again"
    pid = worker.pid
    assert (await analyze(worker, "good"))[0].heap_sizes == (pid,), "the child lives on"


async def test_an_unforeseen_error_is_one_line(
    worker: AnalysisWorker, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(WorkerError) as caught:
        await analyze(worker, "unforeseen")
    assert str(caught.value) == (
        "the analysis failed with ZeroDivisionError: no rounds: "
        "please report it together with the log"
    )
    assert "fake_child.py" in caplog.text, "the log says where"


async def test_too_little_memory_is_said(worker: AnalysisWorker) -> None:
    with pytest.raises(SnapshotError, match="does not fit into memory"):
        await analyze(worker, "too-large")


@pytest.mark.parametrize(
    ("name", "said"),
    [("killed", "the analysis process was killed"), ("exits", "ended with status 3")],
)
async def test_a_child_that_dies_is_said_once_and_replaced(
    worker: AnalysisWorker, name: str, said: str
) -> None:
    with pytest.raises(WorkerError, match=said):
        await analyze(worker, name)
    assert (await analyze(worker, "good"))[0].recording.name == "good"


async def test_a_child_that_dies_before_its_first_answer_is_tried_again_only_when_needed(
    worker: AnalysisWorker,
) -> None:
    await worker.warm()
    pid = worker.pid
    assert pid is not None
    os.kill(pid, 9)
    await wait_until_gone(pid)
    # The event loop hears of it a little later.
    end = time.monotonic() + 60
    while worker.pid is not None:
        assert time.monotonic() < end
        await asyncio.sleep(0.01)
    assert (await analyze(worker, "good"))[0].heap_sizes != (pid,)


async def test_a_child_that_dies_with_nothing_to_do_is_started_again_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-P", str(PLAY)))
    said: asyncio.Queue[str] = asyncio.Queue()
    worker = AnalysisWorker(said.put_nowait)
    try:
        await analyze(worker, "good")
        pid = worker.pid
        assert pid is not None
        os.kill(pid, 9)
        text = await asyncio.wait_for(said.get(), 60)
        assert text == "the analysis process was killed and is started again"
        await worker.warm()
        assert worker.pid not in (None, pid)
        assert (await analyze(worker, "good"))[0].heap_sizes == (worker.pid,)
        assert said.empty()
    finally:
        await worker.close()


async def test_one_that_dies_at_work_is_started_again_at_once(worker: AnalysisWorker) -> None:
    await analyze(worker, "good")
    with pytest.raises(WorkerError) as caught:
        await analyze(worker, "killed")
    assert caught.value.problem == "the analysis process was killed and is started again"
    await worker.warm()
    pid = worker.pid
    assert (await analyze(worker, "good"))[0].heap_sizes == (pid,)


async def test_many_findings_arrive_in_parts_and_in_order(worker: AnalysisWorker) -> None:
    analysis, _ = await analyze(worker, "many")
    assert [found.fingerprint for found in analysis.findings] == [f"{n:x}" for n in range(120)]
    assert [found.fingerprint for found in analysis.ignored] == ["0", "1"]


async def test_cancel_kills_the_child_and_starts_another(worker: AnalysisWorker) -> None:
    begun = asyncio.Event()
    task = asyncio.create_task(
        worker.analyze(Path("slow"), workspace=None, on_progress=lambda _progress: begun.set())
    )
    await asyncio.wait_for(begun.wait(), 60)
    pid = worker.pid
    assert pid is not None
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_running(pid)
    analysis, _ = await analyze(worker, "good")
    assert analysis.heap_sizes != (pid,)


async def test_close_ends_the_child(worker: AnalysisWorker) -> None:
    await worker.warm()
    pid = worker.pid
    assert pid is not None
    await worker.close()
    assert not is_running(pid)
    with pytest.raises(WorkerError, match="closed"):
        await analyze(worker, "good")


async def test_the_child_ends_with_its_parent_in_the_middle_of_an_analysis() -> None:
    parent = f"""
import asyncio, os, sys
from pathlib import Path
from leakline.worker import AnalysisWorker, process
process._COMMAND = (sys.executable, "-P", {str(PLAY)!r})
async def main():
    worker = AnalysisWorker()
    await worker.warm()
    def begun(_):
        print(worker.pid, flush=True)
        os.kill(os.getpid(), 9)
    await worker.analyze(Path("slow"), workspace=None, on_progress=begun)
asyncio.run(main())
"""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", parent, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await child.communicate()
    await wait_until_gone(int(out))


async def test_modules_are_not_imported_from_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "numpy.py").write_text("raise SystemExit('imported from the workspace')\n")
    monkeypatch.chdir(tmp_path)
    worker = AnalysisWorker()
    try:
        with pytest.raises(RecordingError, match="there is no file"):
            await worker.analyze(
                tmp_path / "none.heapsnapshot", workspace=tmp_path, on_progress=lambda _: None
            )
    finally:
        await worker.close()


async def test_the_child_leaves_the_processors_to_its_parent(worker: AnalysisWorker) -> None:
    await analyze(worker, "good")
    assert worker.pid is not None
    own, child = (os.getpriority(os.PRIO_PROCESS, pid) for pid in (0, worker.pid))
    assert child == min(19, own + 5)
