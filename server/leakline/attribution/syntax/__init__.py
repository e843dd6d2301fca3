"""Scopes of JavaScript and TypeScript, what their names mean and where values grow."""

from leakline.attribution.syntax.grammar import LanguageName, language_for
from leakline.attribution.syntax.growth import GrowthKind, GrowthWrite
from leakline.attribution.syntax.scopes import Binding, Reference, Scope
from leakline.attribution.syntax.script import ScriptSyntax, analyze_script
from leakline.attribution.syntax.weak_fields import WeakField

__all__ = [
    "Binding",
    "GrowthKind",
    "GrowthWrite",
    "LanguageName",
    "Reference",
    "Scope",
    "ScriptSyntax",
    "WeakField",
    "analyze_script",
    "language_for",
]
