"""Names of a package that are imported when they are first used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module


def imported(package: dict[str, object], homes: Mapping[str, str], name: str) -> object:
    """Give a name for a package's ``__getattr__``, and keep it in the package.

    Args:
        package: The package's ``globals()``.
        homes: By name the module of the package that has it.
        name: The name that was asked for.

    Raises:
        AttributeError: The package has no such name.
    """
    if name not in homes:
        raise AttributeError(f"module {package['__name__']!r} has no attribute {name!r}")
    found = getattr(import_module(f"{package['__name__']}.{homes[name]}"), name)
    # Importing a module of that name would have put it here instead.
    package[name] = found
    return found
