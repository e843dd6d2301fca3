"""The warning about inspectors that are not on this machine."""

from __future__ import annotations

import click

from leakline.capture.addresses import elsewhere


def warn_of_elsewhere(inspector: str) -> None:
    """Warns of an inspector that is not on this machine; says nothing about others.

    Args:
        inspector: Its address, as it will be used.

    Raises:
        UsageError: It is no address.
    """
    warning = elsewhere(inspector)
    if warning is not None:
        click.echo(f"leakline: warning: {warning}", err=True)
