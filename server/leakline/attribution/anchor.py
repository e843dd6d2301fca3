"""A slot in the syntax of the scripts that V8 ran, and what makes it grow there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from leakline.attribution.model import SlotKind
from leakline.attribution.syntax import Binding, GrowthWrite, WeakField
from leakline.positions import Span


@dataclass(frozen=True, slots=True)
class Write:
    """An expression of a script that may make a slot grow.

    Attributes:
        script_id: The script.
        span: The expression.
        target: What names the slot in it.
        nested: Whether it adds to something inside the slot's value.
        certain: Whether it surely adds to this slot.
        does: What it does to the slot, as a verb in the third person: ``adds to``.
    """

    script_id: int
    span: Span
    target: Span
    nested: bool
    certain: bool
    does: str = "adds to"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A slot in the syntax of the scripts.

    Attributes:
        script_id: The script that declares it.
        name: Its display name, by the names of the script.
        kind: What kind of slot it is.
        declaration: Where it is declared; None when the scripts do not tell.
        writes: What makes it grow, in the order of trust.
        path: Property names below the variable.
        field: The field's name, for a field of a class; else empty.
        global_name: The property's name, for one of the global object; else empty.
        exact: Whether it is the slot asked for, not one around it.
        variable: The identifier that declares the variable which the name begins with; None
            where it begins with something that no tool renames.
        weak_field: For a field that is an entry of a WeakMap, which one.
        private_steps: Private fields in the middle of the path: step, script, and the WeakMap or
            the declaration.
        by_variable: For a field, what adds to the object in that variable: how the program asks
            a dependency to keep more.
    """

    script_id: int
    name: str
    kind: SlotKind
    declaration: Span | None
    writes: tuple[Write, ...]
    path: tuple[str, ...] = ()
    field: str = ""
    global_name: str = ""
    exact: bool = True
    variable: tuple[int, Span] | None = None
    by_variable: tuple[Write, ...] = ()
    weak_field: WeakField | None = None
    private_steps: tuple[tuple[str, int, WeakField | Span], ...] = ()

    @property
    def variable_kind(self) -> SlotKind:
        """What kind of slot a WeakMap's variable is."""
        assert self.weak_field is not None
        return variable_kind(self.weak_field.binding)


def variable_kind(binding: Binding) -> SlotKind:
    """What kind of slot a variable is."""
    return SlotKind.GLOBAL if binding.scope.parent is None else SlotKind.VARIABLE


def as_writes(script_id: int, writes: Iterable[GrowthWrite]) -> tuple[Write, ...]:
    """Writes as the syntax of a script has them, with the script."""
    return tuple(
        Write(script_id, w.span, w.target_span, nested=w.kind == "nested", certain=w.certain)
        for w in writes
    )
