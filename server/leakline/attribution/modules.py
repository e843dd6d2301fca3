"""Which script an import means."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from leakline.attribution.scripts import Scripts
from leakline.attribution.syntax import Binding, ScriptSyntax
from leakline.attribution.syntax.imports import NAMESPACE

ENDINGS = (
    "",
    ".js",
    ".mjs",
    ".cjs",
    ".ts",
    ".mts",
    ".cts",
    ".jsx",
    ".tsx",
    "/index.js",
    "/index.ts",
)

CJS_EXPORTS = "exports"


def importers(
    scripts: Scripts, script_id: int, names: set[str]
) -> Iterator[tuple[int, ScriptSyntax, Binding, tuple[str, ...]]]:
    """Where other scripts hold what a script exports.

    Args:
        scripts: The program's scripts.
        script_id: The exporting script.
        names: Names that it exports.

    Yields:
        Script, its syntax, its variable, and the property names from there to the export.
    """
    url = scripts.url(script_id)
    for other in sorted(scripts.user_ids):
        if other == script_id:
            continue
        text = scripts.text(other)
        if text is None or not any(name in text for name in names):
            continue
        syntax = scripts.syntax(other)
        for each in syntax.imports if syntax is not None else ():
            if syntax is None or not _means(scripts.url(other), each.source, url):
                continue
            if each.name in names:
                yield other, syntax, each.binding, ()
            elif each.name == NAMESPACE:
                for name in sorted(names):
                    yield other, syntax, each.binding, (name,)


def _means(importer: str, source: str, url: str) -> bool:
    """Whether ``source`` in one script means the script at ``url``."""
    if not source.startswith("."):
        return False
    base = importer.rsplit("/", 1)[0]
    scheme, separator, path = base.rpartition("://")
    whole = scheme + separator + posixpath.normpath(f"{path}/{source}")
    return any(whole + ending == url for ending in ENDINGS)
