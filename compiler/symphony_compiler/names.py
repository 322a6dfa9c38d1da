"""New names of values: each is defined once, hides nothing, and is no word of the language."""

from __future__ import annotations

import re

from symphony_compiler.bindings import Binding, Frame
from symphony_compiler.site import Site
from symphony_compiler.symbols import A_KIND, BrokenSymbol, ConstSymbol, Declared, ModuleSymbol, TypeSymbol
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import NAMED, EnumType
from symphony_dsl.expressions.functions.table import FUNCTIONS
from symphony_dsl.expressions.macros import NAMESPACES
from symphony_dsl.syntax.repair import HOLE

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def define(site: Site, frame: Frame, binding: Binding) -> bool:
    """Put a name into a frame; False where it cannot be there, which has been reported."""
    frame.later.pop(binding.name, None)
    if not may_name(site, binding.name, binding.span):
        return False
    if binding.name in frame.names:
        labels = [site.reporter.label(frame.names[binding.name].span, "defined here")]
        site.report("WF0202", binding.span, f"`{binding.name}` is defined already", labels=labels)
        return False
    if hides(site, frame, binding.name, binding.span):
        return False
    frame.names[binding.name] = binding
    return True


def may_name(site: Site, name: str, span: Span) -> bool:
    """Whether a word may name a value; the words that the language gives are refused where the text is read."""
    if name == HOLE:
        return False
    if not WORD.fullmatch(name):
        site.report("WF0208", span, f"`{name}` cannot be a name: letters, digits and `_` only")
        return False
    if name in NAMESPACES:
        site.report("WF0208", span, f"`{name}` has a meaning of its own in expressions; choose another name")
        return False
    return True


def may_declare(site: Site, name: str, span: Span) -> bool:
    """Whether a word may name a declaration: a type or something that is called."""
    what = "a type" if name in NAMED or name == "map" else "a function" if name in FUNCTIONS else None
    if what is not None:
        site.report("WF0208", span, f"`{name}` is {what} of the language; choose another name")
    return what is None


def hides_declaration(site: Site, name: str, span: Span) -> bool:
    """Whether the name of a type or a function would hide a declaration of the file; where it would, that is reported."""
    found = site.file.declarations.get(name)
    if found is None or isinstance(found, BrokenSymbol) or _takes_dots(found):
        return False  # of what takes dots `hides` tells
    labels = [Label(found.location, f"{A_KIND[found.kind]} of this name")]
    site.report("WF0203", span, f"`{name}` would hide another `{name}`; choose another name", labels=labels)
    return True


def hides(site: Site, frame: Frame | None, name: str, span: Span) -> bool:
    """Whether a name would hide a value that is visible, an enum or an import; where it would, that is reported."""
    outer = frame.find(name) if frame else None
    constant = site.file.constants.get(name)
    declared = site.file.declarations.get(name)
    if outer is not None:
        labels = [site.reporter.label(outer.span, "defined here")]
    elif isinstance(constant, ConstSymbol):
        labels = [Label(constant.location, "defined here")]
    elif declared is not None and _takes_dots(declared):
        labels = [Label(declared.location, f"{A_KIND[declared.kind]} of this name")]
    else:
        return False
    site.report("WF0203", span, f"`{name}` would hide another `{name}`; choose another name", labels=labels)
    return True


def _takes_dots(symbol: Declared) -> bool:
    """Whether `name.x` means a part of it: no value may have its name."""
    return isinstance(symbol, ModuleSymbol) or (isinstance(symbol, TypeSymbol) and isinstance(symbol.type, EnumType))
