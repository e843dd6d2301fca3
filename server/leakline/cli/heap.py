"""``leakline heap``: what Chrome DevTools' Memory panel answers, without the panel.

The answers are :mod:`leakline.cli.heap_answers`, imported while the snapshot is read: numpy
takes longer to load than many a file. The most usual one, :mod:`leakline.cli.heap_summary`, does
without.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from leakline.cli.heap_files import SnapshotFiles
from leakline.cli.printing import write_out

Answer = tuple[object, str]
"""Data for programs, text for people."""

_path = click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
_limit = click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=30,
    show_default=True,
    help="Most rows to show.",
)
_values = click.option(
    "--values", is_flag=True, help="Show strings and numbers of the program: a heap holds secrets."
)
_depth = click.option(
    "--depth", type=click.IntRange(1, 100), default=3, show_default=True, help="Levels to show."
)


@click.group()
def command() -> None:
    """Answer questions about one heap snapshot.

    PATH is a .heapsnapshot or .heapsnapshot.gz file, or a recording, whose newest snapshot is
    taken. Sizes are in bytes. ID is V8's object id, as all lists show it. Values of the program
    are left out unless --values is given; names of its properties and functions are shown.
    """


def _answered(name: str, *, module: str = "heap_answers", **arguments: Any) -> Answer:  # noqa: ANN401 - options
    paths = [value for value in arguments.values() if isinstance(value, Path)]
    with SnapshotFiles(paths) as files:
        answers = import_module(f"leakline.cli.{module}")
        answer: Answer = getattr(answers, name)(files=files, **arguments)
        return answer


def _as_json(data: object) -> str:
    text: str = import_module("leakline.cli.heap_tables").as_json(data)
    return text


def _formatted(work: Callable[..., Answer]) -> Callable[..., int]:
    """Adds ``--format``; the work gives its data and its text."""

    @wraps(work)
    def run(*, output_format: str, **arguments: Any) -> int:  # noqa: ANN401 - options
        data, text = work(**arguments)
        write_out(_as_json(data) if output_format == "json" else text)
        return 0

    return click.option(
        "--format",
        "output_format",
        type=click.Choice(("text", "json")),
        default="text",
        show_default=True,
        help="Text for people, JSON for programs.",
    )(run)


@command.command("statistics")
@_path
@_formatted
def _statistics(*, path: Path) -> Answer:
    """What the heap consists of, by kind of memory."""
    return _answered("statistics", path=path)


@command.command("summary")
@_path
@click.option("--objects", metavar="CONSTRUCTOR", help="List a constructor's objects instead.")
@_limit
@_values
@_formatted
def _summary(*, path: Path, objects: str | None, limit: int, values: bool) -> Answer:
    """Objects by constructor: count, shallow and retained size, distance."""
    if objects is not None:
        return _answered("objects", path=path, constructor=objects, limit=limit, values=values)
    return _answered("summary", module="heap_summary", path=path, limit=limit, values=values)


@command.command("compare")
@click.argument("older", metavar="A", type=click.Path(path_type=Path))
@click.argument("newer", metavar="B", type=click.Path(path_type=Path))
@click.option("--objects", metavar="CONSTRUCTOR", help="List its new and deleted objects by id.")
@_limit
@_values
@_formatted
def _compare(*, older: Path, newer: Path, objects: str | None, limit: int, values: bool) -> Answer:
    """What is new in B and deleted since A, two snapshots of one run of a program."""
    return _answered(
        "compare", older=older, newer=newer, objects=objects, limit=limit, values=values
    )


@command.command("retainers")
@_path
@click.argument("object_id", metavar="ID", type=click.IntRange(min=0))
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=5, show_default=True, help="Most paths."
)
@_values
@_formatted
def _retainers(*, path: Path, object_id: int, limit: int, values: bool) -> Answer:
    """Why an object is alive: paths to the roots, shortest first."""
    return _answered("retainers", path=path, object_id=object_id, limit=limit, values=values)


@command.command("dominators")
@_path
@click.argument("object_id", metavar="[ID]", type=click.IntRange(min=0), required=False)
@_depth
@_limit
@_values
@_formatted
def _dominators(
    *, path: Path, object_id: int | None, depth: int, limit: int, values: bool
) -> Answer:
    """What keeps most alive: the largest of the tree of dominators, below the root or ID."""
    return _answered(
        "dominators", path=path, object_id=object_id, depth=depth, limit=limit, values=values
    )


@command.command("containment")
@_path
@click.argument("object_id", metavar="[ID]", type=click.IntRange(min=0), required=False)
@_depth
@_limit
@_values
@_formatted
def _containment(
    *, path: Path, object_id: int | None, depth: int, limit: int, values: bool
) -> Answer:
    """What the root, or the object ID, points to, largest retained size first."""
    return _answered(
        "containment", path=path, object_id=object_id, depth=depth, limit=limit, values=values
    )


@command.command("strings")
@_path
@_limit
@_values
@_formatted
def _strings(*, path: Path, limit: int, values: bool) -> Answer:
    """Strings that are there several times, and the longest."""
    return _answered("strings", path=path, limit=limit, values=values)


@command.command("detached")
@_path
@_limit
@_values
@_formatted
def _detached(*, path: Path, limit: int, values: bool) -> Answer:
    """Nodes of a page that left its DOM and are still alive."""
    return _answered("detached", path=path, limit=limit, values=values)


@command.command("closures")
@_path
@_limit
@_formatted
def _closures(*, path: Path, limit: int) -> Answer:
    """Closures by the place in a script that makes them."""
    return _answered("closures", path=path, limit=limit)


@command.command("contexts")
@_path
@_limit
@_values
@_formatted
def _contexts(*, path: Path, limit: int, values: bool) -> Answer:
    """Scopes that closures keep alive, with the variables captured in them."""
    return _answered("contexts", path=path, limit=limit, values=values)
