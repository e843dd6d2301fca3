"""What ``.leakline.toml`` says, where the command line says nothing."""

from __future__ import annotations

from typing import TypeVar

import click
from click.core import ParameterSource

_T = TypeVar("_T")


def given_or_said(option: str, given: _T, said: _T | None) -> _T:
    """The value of an option of the running command.

    Args:
        option: Its parameter's name.
        given: What click has for it, the default where the user gave nothing.
        said: What the project's file says; None where it says nothing.
    """
    source = click.get_current_context().get_parameter_source(option)
    return said if said is not None and source is ParameterSource.DEFAULT else given
