"""The options of ``leakline measure`` that say what makes a round."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import click

from leakline.capture import (
    LoadPlan,
    Observation,
    PageActions,
    Request,
    read_har,
    read_http_file,
)
from leakline.config import DEFAULT_REQUESTS
from leakline.errors import UsageError

Plan = LoadPlan | PageActions | Observation

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token, RFC 9110 section 5.6.2
_WHEN = re.compile(r"(?P<key>key)|(?P<seconds>\d+(?:\.\d+)?)s|(?P<requests>\d+)")


def _headers(
    _context: click.Context, _option: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    for value in values:
        name, colon, content = value.partition(":")
        if not colon or not _FIELD_NAME.fullmatch(name):
            raise click.BadParameter(f"{value!r} is not of the form 'Name: value'")
        headers.append((name, content.strip()))
    return tuple(headers)


def _when(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> re.Match[str] | None:
    if value is None:
        return None
    match = _WHEN.fullmatch(value)
    if match is None:
        raise click.BadParameter(
            f"{value!r} is neither 'key', a number of requests, nor seconds such as '30s'"
        )
    return match


_OPTIONS = (
    click.option(
        "--url",
        "urls",
        multiple=True,
        help="Where requests go; {i} is the request's number, {uuid} a random UUID. Several "
        "take turns.",
    ),
    click.option("--method", metavar="M", default="GET", show_default=True, help="HTTP method."),
    click.option(
        "--header",
        "headers",
        metavar="H",
        multiple=True,
        callback=_headers,
        help="A header such as 'Accept: text/html'; may be given again; {i} as in --url.",
    ),
    click.option("--body", metavar="B", help="Body of each request; {i} as in --url."),
    click.option(
        "--http-file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Send the requests of an .http file (REST Client, JetBrains) in turn.",
    ),
    click.option(
        "--har",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Send the requests to this machine that a HAR file holds, in turn.",
    ),
    click.option(
        "--concurrency",
        metavar="N",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        help="Requests under way at the same time.",
    ),
    click.option("--click", "selector", metavar="CSS", help="Click on this element of a page."),
    click.option("--reload", "reload_page", is_flag=True, help="Load a page anew."),
    click.option(
        "--observe",
        metavar="WHEN",
        callback=_when,
        help="Send nothing, only watch. A round ends at WHEN: 'key' (Enter), a number of "
        "requests, or seconds such as '30s'.",
    ),
    click.option(
        "--handler",
        metavar="NAME",
        default="",
        help="With --observe: the function whose calls count as requests.",
    ),
    click.option(
        "--requests",
        metavar="N",
        type=click.IntRange(min=1),
        default=DEFAULT_REQUESTS,
        show_default=True,
        help="Requests, clicks or reloads in each round.",
    ),
)


class TrafficOptions(TypedDict):
    """What click hands on for the options here."""

    urls: tuple[str, ...]
    method: str
    headers: tuple[tuple[str, str], ...]
    body: str | None
    http_file: Path | None
    har: Path | None
    concurrency: int
    selector: str | None
    reload_page: bool
    observe: re.Match[str] | None
    handler: str
    requests: int


def traffic_options(command: _Command) -> _Command:
    """Adds the options that :func:`traffic_plan` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def traffic_plan(
    options: TrafficOptions,
    *,
    url: str | None = None,
    observe: str | None = None,
    on_page: PageActions | None = None,
) -> Plan:
    """Gives what makes a round.

    Args:
        options: What was given.
        url: Where requests go when nothing was given that makes a round.
        observe: What ends a round of others' requests then, in place of our own.
        on_page: What is done on a page then; it is enough where no URL is known.

    Raises:
        click.UsageError: Nothing makes one, or two things that exclude each other.
        UsageError: A file cannot be read.
    """
    chosen = _chosen(options)
    if not chosen and observe is not None:
        return replace(Observation.until(observe), handler=options["handler"])
    if not chosen and url is not None:
        options["urls"] = (url,)
    elif not chosen and on_page is not None:
        return on_page
    elif not chosen:
        raise click.MissingParameter(param_hint="'--url'", param_type="option")
    if len(chosen) > 1:
        raise click.UsageError(f"{' and '.join(chosen)} cannot be given together")
    if options["observe"] is not None:
        return _observation(options["observe"], options["handler"])
    if options["handler"]:
        raise click.UsageError("--handler is for --observe only")
    if options["selector"] is not None or options["reload_page"]:
        return PageActions(click=options["selector"] or "", actions=options["requests"])
    turns = _requests(options)
    return LoadPlan.of(turns, requests=options["requests"], at_once=options["concurrency"])


def clicks_said(options: TrafficOptions, selector: str | None) -> PageActions | None:
    """The clicks that the project wants of a page, where nothing else was given that makes a round.

    Args:
        options: What was given.
        selector: What the project says is to be clicked on.
    """
    if selector is None or _chosen(options):
        return None
    return PageActions(click=selector, actions=options["requests"])


def _chosen(options: TrafficOptions) -> list[str]:
    """The options given that make a round."""
    given = {
        "--url": bool(options["urls"]),
        "--http-file": options["http_file"] is not None,
        "--har": options["har"] is not None,
        "--click": options["selector"] is not None,
        "--reload": options["reload_page"],
        "--observe": options["observe"] is not None,
    }
    return [name for name, there in given.items() if there]


def _requests(options: TrafficOptions) -> tuple[Request, ...]:
    if options["http_file"] is not None:
        return read_http_file(options["http_file"])
    if options["har"] is not None:
        return read_har(options["har"])
    body = options["body"]
    content = None if body is None else body.encode("utf-8", "surrogateescape")
    return tuple(
        Request(url, options["method"], options["headers"], content) for url in options["urls"]
    )


def _observation(when: re.Match[str], handler: str) -> Observation:
    return Observation(
        requests=int(when["requests"]) if when["requests"] else None,
        seconds=float(when["seconds"]) if when["seconds"] else None,
        key=_enter if when["key"] else None,
        handler=handler,
    )


async def _enter() -> None:
    """Waits for Enter.

    Raises:
        UsageError: Nobody can press it.
    """
    nobody = UsageError("standard input has ended, so nobody can end a round", "give a time")
    loop = asyncio.get_running_loop()
    readable: asyncio.Future[None] = loop.create_future()

    def ready() -> None:
        if not readable.done():
            readable.set_result(None)

    try:
        descriptor = sys.stdin.fileno()
        loop.add_reader(descriptor, ready)
    except (OSError, ValueError, AttributeError) as error:
        raise nobody from error  # a file, or closed
    try:
        await readable
    finally:
        loop.remove_reader(descriptor)
    if not os.read(descriptor, 4096):
        raise nobody
