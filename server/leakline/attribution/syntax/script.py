"""The face of the package: one script, its scopes, and where its values grow."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from weakref import finalize

from leakline.attribution.syntax.captured import is_used_within, may_use_anything
from leakline.attribution.syntax.collect import collect
from leakline.attribution.syntax.fields import ClassFields
from leakline.attribution.syntax.globals import GlobalUses
from leakline.attribution.syntax.grammar import LanguageName, parse
from leakline.attribution.syntax.growth import GrowthWrite
from leakline.attribution.syntax.imports import Import, Reexport, imports, reexports
from leakline.attribution.syntax.linking import link_writes
from leakline.attribution.syntax.literals import property_of_value
from leakline.attribution.syntax.making import (
    calls,
    calls_into,
    expression_from,
    instantiations,
    method_calls,
    registration,
)
from leakline.attribution.syntax.places import Place, members_named
from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree
from leakline.attribution.syntax.search import search_growth
from leakline.attribution.syntax.text import LineEnds, SourceText
from leakline.attribution.syntax.trail import FollowBinding, FollowPlaces, Trail
from leakline.attribution.syntax.waiting import waits
from leakline.attribution.syntax.weak_fields import (
    WeakField,
    boxed_field,
    entry_places,
    weak_field,
)
from leakline.attribution.syntax.within import additions, calls_named
from leakline.positions import Position, Span


def analyze_script(
    text: str, language: LanguageName = "javascript", *, line_ends: LineEnds = "javascript"
) -> ScriptSyntax:
    """Parse a script and find its scopes.

    Args:
        text: The source; broken source gives what can be had.
        language: The grammar to parse it by, see :func:`language_for`.
        line_ends: Whose lines positions count: ``javascript`` for V8's, ``editor`` for the
            Language Server Protocol's, which are not ended by U+2028 and U+2029.
    """
    return ScriptSyntax(text, language, line_ends)


class ScriptSyntax:
    """A parsed script.

    Attributes:
        language: The grammar it was parsed by.
        text: Its text by UTF-16 units.
        is_broken: Whether there are parts that the grammar does not know.
        root: The scope of the whole script or module.
        scopes: All scopes in pre-order.
    """

    def __init__(self, text: str, language: LanguageName, line_ends: LineEnds) -> None:
        self.language: LanguageName = language
        self.text = SourceText(text, line_ends)
        self._found = ScopeTree(self.text, parse(self.text.encoded(), language))
        collect(self._found, language)
        self.is_broken = self._found.tree.root_node.has_error
        self.root = self._found.root
        self.scopes: tuple[Scope, ...] = tuple(self._found.scopes)

    def release_when_unused(self) -> None:
        """Have the scopes taken apart as soon as nobody holds this object any more.

        For a program that runs on: whoever keeps a scope or a binding must keep this too.
        """
        finalize(self, self._found.release).atexit = False

    # -- scopes

    def scope_at(self, position: Position) -> Scope:
        """The innermost scope at a position; the root's for positions outside the text."""
        offset = self.text.offset(position)
        return self.root if offset is None else self.root.innermost(offset)

    def function_at(self, position: Position) -> Scope | None:
        """The function that V8 says starts exactly here (see ``Scope.function_start``).

        A class's scope if the class has no constructor of its own; the root at the text's
        start, unless a function of the script starts there.
        """
        offset = self.text.offset(position)
        if offset is None:
            return None
        scope: Scope | None = self.root.innermost(offset)
        while scope is not None:
            if scope.function_offset == offset:
                return scope
            scope = scope.parent
        return None

    def class_at(self, position: Position) -> Scope | None:
        """The class whose instances V8 locates here: at its constructor, else at itself."""
        scope = self.function_at(position)
        if scope is not None and scope.kind == "method" and scope.name == "constructor":
            scope = scope.parent
        return scope if scope is not None and scope.kind == "class" else None

    def classes(self) -> tuple[Scope, ...]:
        """The scopes of all classes, in source order."""
        return tuple(scope for scope in self.scopes if scope.kind == "class")

    # -- names

    def binding_at(self, position: Position) -> Binding | None:
        """The binding of the identifier under a position, its right edge included."""
        offset = self.text.offset(position)
        if offset is None:
            return None
        for at in (offset, offset - 1):
            node = self._found.node_at(at) if at >= 0 else None
            if node is not None:
                binding = self._found.binding_of(node)
                if binding is not None:
                    return binding
        return None

    def is_used_within(self, binding: Binding, function: Scope) -> bool:
        """Whether a function, or one nested in it, reads or writes a variable around it."""
        return is_used_within(self._found, binding, function)

    def may_use_anything(self, scope: Scope) -> bool:
        """Whether a scope holds code that may use its variables unseen, such as ``eval``."""
        return may_use_anything(self._found, scope)

    @cached_property
    def exports(self) -> Mapping[str, Binding]:
        """Exported names and the bindings they show: ``export``, and ``exports.x = y``."""
        found: dict[str, Binding] = {}
        for export in self._found.exports:
            name = self.text.name(*export.exported).strip("'\"")
            binding = self._found.declared.get(export.local[0])
            if binding is None:
                binding = self.root.lookup(self.text.name(*export.local))
            if binding is not None:
                found[name] = binding
        default = self._found.default_export
        if default is not None:
            name_node = default if default.type == "identifier" else None
            name_node = name_node or default.child_by_field_name("name")
            default_binding = None if name_node is None else self._found.binding_of(name_node)
            if default_binding is not None:
                found["default"] = default_binding
        return found

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """What the script takes from other scripts."""
        return imports(self._found)

    @cached_property
    def reexports(self) -> tuple[Reexport, ...]:
        """What the script exports of other scripts."""
        return reexports(self._found)

    # -- growth

    def growth_writes(
        self, binding: Binding, path: tuple[str, ...] = ()
    ) -> tuple[GrowthWrite, ...]:
        """The expressions that add to a binding's value, or to what a property path names.

        Args:
            binding: The variable.
            path: Property names from the variable's value down to the value that grows.

        Returns:
            Those that are certain first, each group in source order.
        """
        return search_growth(self._found, FollowBinding(binding, Trail(path))).growth()

    def field_writes(
        self,
        class_scope: Scope,
        field: str,
        *,
        static: bool,
        private: bool = False,
        path: tuple[str, ...] = (),
    ) -> tuple[GrowthWrite, ...]:
        """The expressions that add to a field of a class's instances or of the class.

        Args:
            class_scope: The class, or a constructor function.
            field: The field's name, with or without the ``#`` of a private one.
            static: Whether the class itself holds the field.
            private: Whether it is a ``#`` field.
            path: Property names from the field's value down to the value that grows.
        """
        places = ClassFields(self._found, class_scope).places(field, static=static, private=private)
        return search_growth(self._found, FollowPlaces(tuple(places), Trail(path))).growth()

    def name_writes(self, name: str) -> tuple[GrowthWrite, ...]:
        """The expressions that add to a property of this name, of whatever object."""
        places = tuple(
            Place(member.node, certain=False) for member in members_named(self._found, name)
        )
        return search_growth(self._found, FollowPlaces(places, Trail(()))).growth()

    def link_writes(self, name: str) -> tuple[GrowthWrite, ...]:
        """The expressions that hang something new on a property of this name, of any object."""
        return link_writes(self._found, name)

    def field_declaration(
        self, class_scope: Scope, field: str, *, static: bool, private: bool = False
    ) -> Span | None:
        """Where a field is declared: in the class's body, else its first assignment."""
        return ClassFields(self._found, class_scope).declaration(
            field, static=static, private=private
        )

    def weak_field(self, class_scope: Scope, field: str) -> WeakField | None:
        """What a private field is in code for older targets; None where it is a field.

        Args:
            class_scope: The class.
            field: ``#`` and the name of the WeakMap's variable.
        """
        return weak_field(self._found, class_scope, field)

    def boxed_field(self, binding: Binding) -> WeakField | None:
        """The static private field that a variable stands for in TypeScript's older targets."""
        return boxed_field(self._found, binding)

    def boxed_writes(self, boxed: WeakField) -> tuple[GrowthWrite, ...]:
        """The expressions that add to such a field."""
        places = tuple(entry_places(self._found, boxed.binding))
        return search_growth(self._found, FollowPlaces(places, Trail(()))).growth()

    def global_writes(self, name: str, path: tuple[str, ...] = ()) -> tuple[GrowthWrite, ...]:
        """The expressions that add to a property of the global object."""
        places = tuple(GlobalUses(self._found, name).places())
        return search_growth(self._found, FollowPlaces(places, Trail(path))).growth()

    def waits(self, binding: Binding | None, names: tuple[str, ...]) -> tuple[Span, ...]:
        """Where the program waits on a promise in a slot, in source order.

        Args:
            binding: The variable that holds the promise, or the object with it; None for a
                field of any object.
            names: Property names from there; for a field its name alone.
        """
        return waits(self._found, binding, names)

    def registration(self, function: Scope) -> Span:
        """The call that a function expression is handed to; the function where there is none."""
        return registration(self._found, function)

    def calls(self, binding: Binding) -> tuple[Span, ...]:
        """The calls of a function by its variable, in source order."""
        return calls(self._found, binding)

    def method_calls(self, binding: Binding) -> tuple[Span, ...]:
        """The calls of methods of the object in a variable, in source order."""
        return method_calls(self._found, binding)

    def calls_into(self, binding: Binding) -> tuple[tuple[Span, ...], tuple[Binding, ...]]:
        """The calls of what a variable holds, and the variables that get what they give.

        Calls in functions only, those first whose name says that they keep what they are given;
        variables that get what a call at top level gives.
        """
        return calls_into(self._found, binding)

    def calls_named(self, function: Scope, name: str) -> tuple[Span, ...]:
        """The calls that a function makes by the last name in them, in source order."""
        return calls_named(self._found, function, name)

    def additions(self, function: Scope) -> tuple[Span, ...]:
        """Where a function adds to whatever by an assignment, in source order."""
        return additions(self._found, function)

    def instantiations(self, class_scope: Scope) -> tuple[Span, ...]:
        """The ``new`` expressions that make instances of a class, in source order."""
        return instantiations(self._found, class_scope)

    def expression_from(self, position: Position) -> Span | None:
        """The largest expression that starts at a position; None where none does."""
        offset = self.text.offset(position)
        return None if offset is None else expression_from(self._found, offset)

    def global_declarations(self, name: str) -> tuple[Span, ...]:
        """Where a property of the global object is made: declarations and assignments."""
        return GlobalUses(self._found, name).declarations()

    def object_literal_property(self, binding: Binding, path: tuple[str, ...]) -> Span | None:
        """The key that declares a property path below a variable, None if none is found."""
        return property_of_value(self._found, binding, path)
