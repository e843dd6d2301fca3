"""A Map that is used as a cache gets a bound: what was not used for longest is dropped.

Dropping an entry changes nothing but speed only where the map is a cache. That is so where all
that is done with it can be seen, whoever looks for a key also fills it in, only where it was
missing, and what was found is not changed. A counter, a table of sessions, lists by key are no
caches: their entries are the only copy.
"""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from leakline.attribution.syntax import Binding, Scope
from leakline.attribution.syntax.growth import GROWING_METHODS
from leakline.attribution.syntax.naming import unwrap
from leakline.attribution.syntax.places import argument_values, members_named
from leakline.lsp.mends.importers import Uses
from leakline.lsp.mends.model import Code, Mend, TextChange, descendants

_LOOK_UPS = frozenset({"get", "has"})
_HARMLESS = frozenset({"delete", "clear"})
_CHANGING = frozenset(
    {
        *GROWING_METHODS,
        "delete",
        "clear",
        "pop",
        "shift",
        "sort",
        "reverse",
        "fill",
        "write",
        "emit",
    }
)
_FIELDS = ("field_definition", "public_field_definition")

_SCRIPT = """\
/** Keeps the entries that were used last, so many at most. */
class {name} extends Map {{
  #limit;

  constructor(limit) {{
    super();
    this.#limit = limit;
  }}

  get(key) {{
    const value = super.get(key);
    if (super.delete(key)) super.set(key, value);
    return value;
  }}

  set(key, value) {{
    super.delete(key);
    super.set(key, value);
    if (this.size > this.#limit) super.delete(this.keys().next().value);
    return this;
  }}
}}

"""
_TYPED = """\
/** Keeps the entries that were used last, so many at most. */
class {name}<K, V> extends Map<K, V> {{
  #limit: number;

  constructor(limit: number) {{
    super();
    this.#limit = limit;
  }}

  override get(key: K): V | undefined {{
    const value = super.get(key);
    if (super.delete(key)) super.set(key, value as V);
    return value;
  }}

  override set(key: K, value: V): this {{
    super.delete(key);
    super.set(key, value);
    if (this.size > this.#limit) super.delete(this.keys().next().value as K);
    return this;
  }}
}}

"""


def bound_variable(code: Code, binding: Binding, limit: int, elsewhere: Uses | None) -> Mend | None:
    """Bound the Map in a variable; None where it is no cache that is seen whole.

    Args:
        code: The text that declares it.
        binding: The variable.
        limit: How many entries are kept.
        elsewhere: What other files do with an exported one; None where that is not known.
    """
    if elsewhere is None and binding in code.syntax.exports.values():
        return None
    made: Node | None = None
    uses: list[Node] = []
    for use in code.tree.uses(binding):
        node = code.tree.node_at(use.start)
        if node is None:
            return None
        if use.access == "read":
            if node.parent is None or node.parent.type != "export_specifier":
                uses.append(node)
        elif use.access == "declaration" and made is None:
            declarator = code.tree.around(node)[1]
            made = None if declarator is None else declarator.child_by_field_name("value")
        else:
            return None
    return _bound(code, binding.name, made, [(code, uses), *(elsewhere or ())], limit)


def bound_field(code: Code, owner: Scope, field: str, limit: int) -> Mend | None:
    """Bound the Map in a private field of a class; None as for variables."""
    declaration = _field_declaration(code, owner, field)
    if declaration is None or not _is_private(declaration, field):
        return None
    uses = []
    for member in members_named(code.tree, field):
        scope = code.tree.scope_of(member.node)
        inside = owner.start <= scope.start and scope.end <= owner.end
        if member.object.type != "this" or not inside:
            return None
        uses.append(member.node)
    made = declaration.child_by_field_name("value")
    return _bound(code, field, made, [(code, uses)], limit)


def _field_declaration(code: Code, owner: Scope, field: str) -> Node | None:
    body = owner.node.child_by_field_name("body")
    for member in [] if body is None else body.named_children:
        if member.type in _FIELDS:
            name = member.child_by_field_name("property") or member.child_by_field_name("name")
            if name is not None and code.text(name) == field:
                return member
    return None


def _is_private(declaration: Node, field: str) -> bool:
    if field.startswith("#"):
        return True
    words = [child for child in declaration.children if child.type == "accessibility_modifier"]
    return any(child.type == "private" for word in words for child in word.children)


def _bound(code: Code, name: str, made: Node | None, uses: Uses, limit: int) -> Mend | None:
    made = None if made is None else unwrap(made)
    if made is None or not _is_empty_map(code, made) or not _is_cache(uses):
        return None
    constructor = made.child_by_field_name("constructor")
    statement = _top_statement(made)
    if constructor is None or statement is None:
        return None
    template = (_TYPED if code.typed else _SCRIPT).replace("  ", code.unit)
    template = template.replace("\n", code.line_end)
    bounded, given = _class_above(code, template, statement)
    arguments = made.child_by_field_name("arguments")
    if arguments is None:
        bound = (code.insert(made.end_byte >> 1, f"({limit})"),)
    else:
        bound = (code.replace(arguments, f"({limit})"),)
    return Mend(
        title=f"Keep at most {limit} entries in `{name}`",
        why="drops what was not used for longest; choose the number that the program needs",
        changes=(*given, code.replace(constructor, bounded), *bound),
    )


def _class_above(code: Code, template: str, offset: int) -> tuple[str, tuple[TextChange, ...]]:
    """Name of the class, and its text where an earlier mend has not put it there."""
    names = ("BoundedMap", "LimitedMap", *(f"BoundedMap{n}" for n in range(2, 1000)))
    before = code.tree.text.slice(0, offset)
    for name in names:
        if code.is_free(name):
            return name, (code.insert(offset, template.format(name=name)),)
        if template.format(name=name) in before:
            return name, ()
    raise AssertionError


def _is_empty_map(code: Code, made: Node) -> bool:
    constructor = made.child_by_field_name("constructor")
    return (
        made.type == "new_expression"
        and constructor is not None
        and code.text(constructor) == "Map"
        and code.is_free("Map")
        and not argument_values(made)
    )


def _top_statement(node: Node) -> int | None:
    """Offset of the statement at top level that a node is part of, its comments included."""
    statement: Node | None = node
    while statement is not None and statement.parent is not None:
        if statement.parent.type == "program":
            break
        statement = statement.parent
    if statement is None:
        return None
    while (
        (above := statement.prev_sibling) is not None
        and above.type == "comment"
        and above.end_point[0] == statement.start_point[0] - 1
    ):
        before = above.prev_sibling
        if before is not None and before.end_point[0] == above.start_point[0]:
            break
        statement = above
    return statement.start_byte >> 1


def _is_cache(uses: Uses) -> bool:
    fills = look_ups = 0
    for code, nodes in uses:
        calls = _calls(code, nodes)
        if calls is None:
            return False
        look_ups += len(calls["look up"])
        fills += len(calls["set"])
        filling = {code.function_around(call) for call in calls["set"]}
        if any(code.function_around(call) not in filling for call in calls["look up"]):
            return False
        if not all(_fills_a_gap(code, fill, calls["look up"]) for fill in calls["set"]):
            return False
    return look_ups > 0 and fills > 0


def _calls(code: Code, uses: Iterable[Node]) -> dict[str, list[Node]] | None:
    """The look-ups and fills among some uses; None where anything else is done."""
    calls: dict[str, list[Node]] = {"look up": [], "set": []}
    for use in uses:
        member = code.tree.around(use)[1]
        if member is None or member.type != "member_expression":
            return None
        if member.child_by_field_name("object") != use:
            return None
        key = member.child_by_field_name("property")
        method = "" if key is None else code.text(key)
        call = code.tree.around(member)[1]
        called = (
            call is not None
            and call.type == "call_expression"
            and call.child_by_field_name("function") == member
        )
        if method == "size" and not called:
            continue
        if not called or call is None:
            return None
        if method in _LOOK_UPS:
            calls["look up"].append(call)
        elif method == "set":
            calls["set"].append(call)
        elif method not in _HARMLESS:
            return None
    return calls


def _fills_a_gap(code: Code, fill: Node, look_ups: list[Node]) -> bool:
    """Whether an entry is made only where it was missing, and stays as it was made."""
    function = code.function_around(fill)
    arguments = argument_values(fill)
    same = [
        call
        for call in look_ups
        if code.function_around(call) == function
        and len(arguments) == 2
        and [code.text(node) for node in argument_values(call)] == [code.text(arguments[0])]
        and call.start_byte < fill.start_byte
    ]
    if not same or descendants(arguments[1], "this"):
        return False
    found = [binding for call in same if (binding := _kept_in(code, call)) is not None]
    value = unwrap(arguments[1])
    if any(fill.start_byte <= call.start_byte < fill.end_byte for call in same):
        return False
    kept = code.tree.binding_of(value) if value.type == "identifier" else None
    if any(
        _is_changed(code, binding, 0 if binding is not kept else fill.end_byte >> 1)
        for binding in {*found, *([kept] if kept is not None else [])}
    ):
        return False
    return _only_when_missing(code, fill, same, found)


def _kept_in(code: Code, call: Node) -> Binding | None:
    """The variable that what was found is put into."""
    parent = call.parent
    while parent is not None and parent.type in ("await_expression", "parenthesized_expression"):
        parent = parent.parent
    if parent is None:
        return None
    name = parent.child_by_field_name("name" if parent.type == "variable_declarator" else "left")
    return None if name is None or name.type != "identifier" else code.tree.binding_of(name)


def _is_changed(code: Code, binding: Binding, after: int) -> bool:
    """Whether the object in a variable is changed behind an offset."""
    for use in code.tree.uses(binding):
        node = code.tree.node_at(use.start)
        member = None if node is None else code.tree.around(node)[1]
        if use.access == "readwrite":
            return True
        if use.start < after or member is None:
            continue
        if member.type not in ("member_expression", "subscript_expression"):
            continue
        if member.child_by_field_name("object") != node:
            continue
        outer = member.parent
        if outer is None:
            continue
        if outer.type in ("assignment_expression", "augmented_assignment_expression"):
            if outer.child_by_field_name("left") == member:
                return True
        elif outer.type in ("update_expression", "unary_expression"):
            if outer.type == "update_expression" or code.text(outer).startswith("delete"):
                return True
        elif outer.type == "call_expression":
            key = member.child_by_field_name("property")
            if key is None or code.text(key) in _CHANGING:
                return True
    return False


def _only_when_missing(
    code: Code, fill: Node, look_ups: Iterable[Node], found: Iterable[Binding]
) -> bool:
    offsets = [call.start_byte for call in look_ups]
    names = {
        use.start << 1
        for binding in found
        for use in code.tree.uses(binding)
        if use.access == "read"
    }

    def asks(condition: Node | None) -> bool:
        return condition is not None and any(
            condition.start_byte <= offset < condition.end_byte for offset in (*offsets, *names)
        )

    here: Node | None = fill
    while here is not None and here.type not in (
        "arrow_function",
        "function_expression",
        "function_declaration",
        "method_definition",
    ):
        parent = here.parent
        if parent is not None and parent.type == "if_statement":
            condition = parent.child_by_field_name("condition")
            if condition != here and asks(condition):
                return True
        above = here.prev_named_sibling
        while above is not None:
            if (
                above.type == "if_statement"
                and asks(above.child_by_field_name("condition"))
                and descendants(above, "return_statement")
            ):
                return True
            above = above.prev_named_sibling
        here = parent
    return False
