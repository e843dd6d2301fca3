"""Whether code inside a function can reach a variable around it."""

from __future__ import annotations

from bisect import bisect_left

from leakline.attribution.syntax.scopes import Binding, Scope, ScopeTree


def is_used_within(found: ScopeTree, binding: Binding, function: Scope) -> bool:
    """Whether a function, or one nested in it, reads or writes a variable.

    A class's constructor also runs what stands in the class's body: its fields. What is
    nested in a function counts whether it was ever called or not.
    """
    around = function.parent
    if function.kind == "method" and around is not None and around.constructor is function:
        function = around
    uses = found.uses(binding)
    for index in range(bisect_left(uses, function.start, key=lambda use: use.start), len(uses)):
        use = uses[index]
        if use.start >= function.end:
            return False
        if use.access != "declaration":
            return True
    return False


def may_use_anything(found: ScopeTree, scope: Scope) -> bool:
    """Whether a scope holds code that may use its variables unseen.

    That is a direct ``eval``, a ``with``, a ``debugger`` (at which a person may look at all of
    them), and code that the grammar does not understand.
    """
    if scope.node.has_error:
        return True
    if any(scope.start <= use.start < scope.end for use in found.unresolved("eval")):
        return True
    return any(
        _holds_statement(found, scope, word, kind)
        for word, kind in (("with", "with_statement"), ("debugger", "debugger_statement"))
    )


def _holds_statement(found: ScopeTree, scope: Scope, word: str, kind: str) -> bool:
    for offset in found.text.find(word):
        if not scope.start <= offset < scope.end:
            continue
        node = found.node_at(offset)
        if node is None:
            continue
        around = found.around(node)
        if kind in (node.type, around[1].type if around[1] is not None else ""):
            return True
    return False
