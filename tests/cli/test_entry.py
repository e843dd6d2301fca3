"""Exit statuses, and one line for whatever goes wrong."""

from __future__ import annotations

import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click
import pytest

from leakline import __version__
from leakline.cli import main
from leakline.cli.group import CommandGroup
from leakline.errors import InspectorBusy

RunLeakline = Callable[..., subprocess.CompletedProcess[str]]


def fail_with(error: BaseException) -> click.Command:
    @click.command()
    def command() -> NoReturn:
        raise error

    return command


@pytest.fixture
def run_failing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[BaseException], tuple[int, str]]:
    """Runs a command that raises; gives the status and what stands on standard error."""

    def run(error: BaseException) -> tuple[int, str]:
        monkeypatch.setattr(CommandGroup, "get_command", lambda *_: fail_with(error))
        status = main(["targets"])
        printed = capfd.readouterr()
        assert printed.out == ""
        return status, printed.err

    return run


def test_help_names_the_commands(run_leakline: RunLeakline) -> None:
    done = run_leakline("--help")
    assert done.returncode == 0
    assert re.findall(r"^  ([a-z]+)  ", done.stdout, re.MULTILINE) == [
        "measure",
        "capture",
        "analyze",
        "heap",
        "targets",
        "demo",
        "lsp",
    ]


def test_version(run_leakline: RunLeakline) -> None:
    assert run_leakline("--version").stdout == f"leakline {__version__}\n"


def test_help_takes_at_most_150_ms() -> None:
    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "leakline", "--help"], stdout=subprocess.DEVNULL, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(seconds() for _ in range(3)) < 0.15


def test_starting_imports_nothing_heavy() -> None:
    heavy = "numpy", "rich", "tree_sitter", "aiohttp", "websockets", "pygls", "asyncio"
    code = f"import sys, leakline.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", ["measure", "capture", "analyze", "targets", "demo", "lsp"])
def test_each_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: leakline {name} ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["measur"], "No such command 'measur': see `leakline --help`"),
        (["--nonsense"], "No such option '--nonsense': see `leakline --help`"),
        (["measure"], "Missing option '--url': see `leakline measure --help`"),
        (["analyze"], "Missing argument 'PATH…': see `leakline analyze --help`"),
        (
            ["measure", "--url", "http://x/", "--rounds", "0"],
            (
                "Invalid value for '--rounds': 0 is not in the range x>=1: "
                "see `leakline measure --help`"
            ),
        ),
        (
            ["measure", "--url", "http://x/", "--header", "no colon"],
            (
                "Invalid value for '--header': 'no colon' is not of the form 'Name: value': "
                "see `leakline measure --help`"
            ),
        ),
        (
            ["measure", "--url", "ftp://x/"],
            "'ftp://x/' is not an http:// or https:// URL: give one such as http://127.0.0.1:8787/",
        ),
        (
            ["analyze", "x.heapsnapshot", "--requests", "1,b"],
            (
                "Invalid value for '--requests': '1,b' is not a list of numbers such as 0,100,200: "
                "see `leakline analyze --help`"
            ),
        ),
        (
            ["lsp", "--tcp", "localhost:http"],
            (
                "Invalid value for '--tcp': 'localhost:http' is neither PORT nor HOST:PORT: "
                "see `leakline lsp --help`"
            ),
        ),
        (
            ["lsp", "--stdio", "--ws", "127.0.0.1:9"],
            "give only one of --stdio, --tcp and --ws: see `leakline lsp --help`",
        ),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str], line: str, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == f"leakline: error: {line}\n"
    assert list(workspace.iterdir()) == []


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Commands:" in printed.err


def test_an_error_is_its_problem_and_advice(
    run_failing: Callable[[BaseException], tuple[int, str]],
) -> None:
    error = InspectorBusy("another client holds\nthe inspector", "close DevTools")
    assert run_failing(error) == (
        2,
        "leakline: error: another client holds the inspector: close DevTools\n",
    )


def test_an_error_cannot_steer_the_terminal(
    run_failing: Callable[[BaseException], tuple[int, str]],
) -> None:
    status, line = run_failing(InspectorBusy("`\x1b[2J\u202e\x07` is busy"))
    assert (status, line) == (2, "leakline: error: `\ufffd[2J\ufffd\ufffd` is busy\n")


def test_ctrl_c_is_one_line(run_failing: Callable[[BaseException], tuple[int, str]]) -> None:
    assert run_failing(KeyboardInterrupt()) == (2, "leakline: error: interrupted\n")


def test_ctrl_c_while_a_command_is_loaded_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(CommandGroup, "get_command", interrupted)
    assert main(["targets"]) == 2
    assert capfd.readouterr().err == "leakline: error: interrupted\n"


def test_an_error_of_the_system_names_the_file(
    run_failing: Callable[[BaseException], tuple[int, str]],
) -> None:
    error = PermissionError(13, "Permission denied", "/app/.leakline")
    assert run_failing(error) == (2, "leakline: error: /app/.leakline: Permission denied\n")


def test_a_bug_is_not_taken_for_a_finding(
    run_failing: Callable[[BaseException], tuple[int, str]],
) -> None:
    status, text = run_failing(KeyError("x"))
    assert status == 2
    assert text.startswith("Traceback")
    assert text.splitlines()[-1] == (
        "leakline: error: a bug in Leakline (KeyError): please report it with the lines above"
    )


def test_a_reader_that_went_away_is_no_error(workspace: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "leakline", "targets"],
        cwd=workspace,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_one_line(workspace: Path) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    with (workspace / "list.txt").open("w") as file:
        done = subprocess.run(
            [sys.executable, "-m", "leakline", "targets"],
            cwd=workspace,
            stdout=file,
            stderr=subprocess.PIPE,
            preexec_fn=no_room,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == "leakline: error: File too large\n"


def test_a_terminal_without_unicode_gets_escapes(
    run_leakline: RunLeakline,
) -> None:
    done = run_leakline("analyze", "größe.heapsnapshot", PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert "gr\\xf6\\xdfe.heapsnapshot" in done.stderr
    assert done.stderr.count("\n") == 1


def test_sigterm_ends_as_ctrl_c_does(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def command() -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(CommandGroup, "get_command", lambda *_: command)
    assert main(["targets"]) == 2
    assert capfd.readouterr().err == "leakline: error: interrupted\n"
