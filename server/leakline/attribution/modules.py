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
    "/index.mjs",
    "/index.cjs",
    "/index.ts",
)

PACKAGES = "/node_modules/"

Importer = tuple[int, ScriptSyntax, Binding, tuple[str, ...]]


def importers(scripts: Scripts, script_id: int, names: set[str]) -> Iterator[Importer]:
    """Where other scripts hold what a script exports, passed on by further ones or not.

    Args:
        scripts: The program's scripts.
        script_id: The exporting script.
        names: Names that it exports.

    Yields:
        Script, its syntax, its variable, and the property names from there to the export.
    """
    seen: set[tuple[int, str]] = set()
    pending = [(script_id, frozenset(names))]
    while pending:
        exporting, given = pending.pop()
        fresh = frozenset(name for name in given if (exporting, name) not in seen)
        seen |= {(exporting, name) for name in fresh}
        if fresh:
            for found in _direct(scripts, exporting, fresh):
                yield found
                other, syntax, local, path = found
                if not path:
                    again = {name for name, of in syntax.exports.items() if of is local}
                    pending.append((other, frozenset(again)))
            pending.extend(_passed_on(scripts, exporting, fresh))


def package_importers(
    scripts: Scripts, script_id: int
) -> Iterator[tuple[int, ScriptSyntax, Binding]]:
    """Where scripts outside of a package hold what they take from it.

    Args:
        scripts: The program's scripts.
        script_id: A script of the package.

    Yields:
        Script, its syntax, and its variable.
    """
    url = scripts.url(script_id)
    _, separator, inside = url.rpartition(PACKAGES)
    if not separator:
        return
    parts = inside.split("/")
    package = "/".join(parts[: 2 if inside.startswith("@") else 1])
    for other in sorted(scripts.user_ids):
        text = scripts.text(other)
        if PACKAGES in scripts.url(other) or text is None or package not in text:
            continue
        syntax = scripts.syntax(other)
        for each in syntax.imports if syntax is not None else ():
            if syntax is not None and (
                each.source == package or each.source.startswith(f"{package}/")
            ):
                yield other, syntax, each.binding


def _direct(scripts: Scripts, script_id: int, names: frozenset[str]) -> Iterator[Importer]:
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


def _passed_on(
    scripts: Scripts, script_id: int, names: frozenset[str]
) -> Iterator[tuple[int, frozenset[str]]]:
    """The scripts that export what a script exports, and under which names."""
    url = scripts.url(script_id)
    for other in sorted(scripts.user_ids):
        text = scripts.text(other)
        if other == script_id or text is None or "export" not in text:
            continue
        syntax = scripts.syntax(other)
        for each in syntax.reexports if syntax is not None else ():
            if not _means(scripts.url(other), each.source, url):
                continue
            if each.name == NAMESPACE:
                yield other, names
            elif each.name in names:
                yield other, frozenset({each.exported})


def _means(importer: str, source: str, url: str) -> bool:
    """Whether ``source`` in one script means the script at ``url``."""
    if not source.startswith("."):
        return False
    base = importer.rsplit("/", 1)[0]
    scheme, separator, path = base.rpartition("://")
    whole = scheme + separator + posixpath.normpath(f"{path}/{source}")
    if any(whole + ending == url for ending in ENDINGS):
        return True
    # TypeScript's sources name the files that they are compiled to.
    stem, dot, ending = whole.rpartition(".")
    return bool(dot) and ending in {"js", "mjs", "cjs"} and f"{stem}.{ending[:-2]}ts" == url
