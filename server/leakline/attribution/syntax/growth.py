"""What counts as growth, and the records of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from leakline.attribution.syntax.scopes import Scope
from leakline.positions import Span

GrowthKind = Literal[
    "append",
    "push",
    "splice",
    "set",
    "add",
    "concat",
    "rebuild",
    "link",
    "assign element",
    "assign property",
    "listener",
    "nested",
]


@dataclass(frozen=True, slots=True)
class GrowthWrite:
    """An expression that adds to a slot's value.

    Attributes:
        span: The whole expression, such as ``responseText += "…"`` or ``cache.set(k, v)``.
        kind: How it adds. ``nested``: to a value inside the slot's value.
        target_span: What names the slot in it: the identifier or member expression.
        function: The function it stands in; the root at top level.
        via: The aliases and calls by which the value gets there, outermost first; empty
            where the slot itself is named.
        certain: Whether it surely adds to this slot. Not so for nested values, for values
            that came through a call, and for properties of constant name.
    """

    span: Span
    kind: GrowthKind
    target_span: Span
    function: Scope
    via: tuple[Span, ...] = ()
    certain: bool = True


#: Methods that add to the object they are called on: kind, and whether that is sure. Names
#: that the language or the DOM gives a meaning are sure, others a convention.
GROWING_METHODS: dict[str, tuple[GrowthKind, bool]] = {
    "push": ("push", True),
    "unshift": ("push", True),
    "set": ("set", True),
    "add": ("add", True),
    "append": ("append", True),
    "appendChild": ("append", True),
    "prepend": ("append", True),
    "insertBefore": ("append", True),
    "insertAdjacentElement": ("append", True),
    "addEventListener": ("listener", True),
    "addListener": ("listener", True),
    "prependListener": ("listener", True),
    "prependOnceListener": ("listener", True),
    "on": ("listener", True),
    "once": ("listener", True),
    "subscribe": ("listener", True),
    "observe": ("listener", True),
    "then": ("listener", False),
    "finally": ("listener", False),
    "enqueue": ("push", False),
    "insert": ("add", False),
    "put": ("set", False),
    "register": ("add", False),
    "write": ("append", False),
    "getOrInsert": ("set", False),
    "getOrInsertComputed": ("set", False),
}

#: Methods that return the object they are called on.
CHAINING_METHODS = frozenset(
    {"set", "add", "on", "once", "addListener", "prependListener", "prependOnceListener"}
)

#: Methods that hand out one of the values inside.
READING_METHODS = frozenset({"get", "at", "peek", "find", "findLast", "values", "entries"})

#: Methods that call their first argument with the values inside: index of that parameter.
VISITING_METHODS = {
    "forEach": 0,
    "map": 0,
    "filter": 0,
    "some": 0,
    "every": 0,
    "find": 0,
    "flatMap": 0,
    "reduce": 1,
}

#: Functions and constructors whose result has at least the contents of their argument.
COPYING_CALLS = frozenset(
    {
        "Map",
        "Set",
        "Array",
        "String",
        "Array.from",
        "Object.freeze",
        "Object.seal",
        "Object.fromEntries",
        "Object.entries",
        "structuredClone",
    }
)

#: Functions that join all their arguments, or the items of their first.
JOINING_CALLS = frozenset({"Object.assign", "Buffer.concat", "Array.of"})

#: Functions that add to their first argument.
GROWING_CALLS: dict[str, GrowthKind] = {
    "Object.assign": "assign property",
    "Object.defineProperty": "assign property",
    "Object.defineProperties": "assign property",
    "Reflect.set": "assign property",
    "Reflect.defineProperty": "assign property",
}
