"""Edits that need the tree: arguments, references and values with a type written beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING

from tests.faults.edits import Edit

from symphony_dsl.base.span import Span
from symphony_dsl.expressions import tree as expressions
from symphony_dsl.expressions.functions.table import FUNCTIONS
from symphony_dsl.expressions.macros import binding
from symphony_dsl.syntax import tree
from symphony_dsl.syntax.parser import parse_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.units import Unit

UNFIT = {"string": "7", "int": '"seven"', "float": '"seven"', "bool": '"yes"', "timestamp": "true", "duration": "true"}
"""For each type a literal that does not flow into it."""
BUILT_IN = frozenset({*UNFIT, "json", "bytes", "map", "file", "folder", "image", "audio", "secret", "model", "type"})
CONDITIONS = (tree.IfArm, tree.Require, tree.Until, expressions.Conditional)


@dataclass(frozen=True)
class Known:
    """What the files declare: callables by their parameters, and types."""

    parameters: Mapping[str, tuple[tree.Param | tree.Input, ...]]
    types: Mapping[str, tree.Record | tree.Enum | tree.Alias]
    text: str


def meanings(unit: Unit) -> Iterator[Edit]:
    known = _known(unit)
    for island in parse_file(unit.path, unit.text).islands:
        parts = list(_parts(island.declaration))
        variables = {each for part in parts if isinstance(part, expressions.Call) for each in _variables(part)}
        for part in parts:
            for edit in (*_arguments(part, known), *_references(part, known, variables), *_types(part, known)):
                start = Span(edit.span.start + island.start, edit.span.end + island.start)
                yield Edit(edit.kind, start, edit.text, tuple(place + island.start for place in edit.seen_at))


def _known(unit: Unit) -> Known:
    declared = [each.declaration for path in unit.texts for each in _file(path, unit.texts[path]).islands]
    parameters = {each.name.name: each.parameters for each in declared if isinstance(each, tree.Callable)}
    for each in declared:
        if isinstance(each, tree.Workflow):
            parameters[each.name.name] = tuple(part for part in each.body.statements if isinstance(part, tree.Input))
    types = {each.name.name: each for each in declared if isinstance(each, tree.Record | tree.Enum | tree.Alias)}
    return Known(parameters, types, "\n".join(unit.texts.values()))


@cache
def _file(path: str, text: str) -> tree.File:
    return parse_file(path, text)


def _parts(top: object) -> Iterator[object]:
    """Every node of a tree."""
    rest = [top]
    while rest:
        part = rest.pop()
        if isinstance(part, tuple) and not isinstance(part, Span):
            rest.extend(part)
        elif is_dataclass(part):
            yield part
            rest.extend(getattr(part, each.name) for each in fields(part))


def _variables(call: expressions.Call) -> list[expressions.Expr]:
    macro = binding(call)
    return list(macro.variables) if macro else []


# ---- arguments ----


def _arguments(part: object, known: Known) -> Iterator[Edit]:
    if not isinstance(part, expressions.Call) or part.target is not None:
        return
    wanted = {each.name.name: each for each in known.parameters.get(part.name, ())}
    for number, argument in enumerate(part.arguments):
        parameter = wanted.get(argument.name or getattr(argument.value, "name", ""))
        if parameter is None:
            continue
        if parameter.default is None and not _may_be_absent(parameter.type, known):
            last = part.arguments[number + 1].span.start if number + 1 < len(part.arguments) else argument.span.end
            first = part.arguments[number - 1].span.end if number and last == argument.span.end else argument.span.start
            yield Edit("argument", Span(first, last), "", (part.name_span.start,))
        if unfit := _unfit(parameter.type, known):
            whole = f"{argument.name}: {unfit}" if argument.name else f"{parameter.name.name}: {unfit}"
            yield Edit("type", argument.span, whole)


def _may_be_absent(of: tree.TypeRef, known: Known) -> bool:
    if isinstance(of, tree.NamedTypeRef):
        declared = known.types.get(of.names[-1].name)
        return isinstance(declared, tree.Alias) and _may_be_absent(declared.type, known)
    return isinstance(of, tree.OptionalTypeRef)


# ---- references ----


def _references(part: object, known: Known, variables: set[expressions.Expr]) -> Iterator[Edit]:
    for span, name in _referring(part, variables):
        if new := _unknown(name, known.text):
            yield Edit("reference", span, new)


def _referring(part: object, variables: set[expressions.Expr]) -> Iterator[tuple[Span, str]]:
    match part:
        case expressions.Name(span=span, name=name) if part not in variables and span.end - span.start == len(name):
            yield span, name
        case expressions.Call(name_span=span, name=name, target=target):
            if target is None and (name in FUNCTIONS or not binding(part)):
                yield span, name
        case tree.NamedTypeRef(names=names):
            yield names[-1].span, names[-1].name
        case tree.ImportName(name=name) | tree.After(name=name):
            yield name.span, name.name
        case tree.Pattern(span=span, name=str(name)):
            yield span, name


def _unknown(name: str, text: str) -> str | None:
    """A name like this one that is nowhere in the text."""
    if len(name) < 3:
        return None
    new = f"{name[:-2]}{name[-1]}{name[-2]}" if name[-1] != name[-2] else name[:-1]
    return new if new not in text and new not in FUNCTIONS and new not in BUILT_IN else None


# ---- types ----


def _types(part: object, known: Known) -> Iterator[Edit]:
    if isinstance(part, CONDITIONS):
        yield Edit("type", part.condition.span, '"yes"')
    if isinstance(part, tree.For):
        yield Edit("type", part.items.span, "7")
    value = part.default if isinstance(part, tree.Param | tree.Input) else getattr(part, "value", None)
    if not isinstance(part, tree.Param | tree.Input | tree.Const | tree.Output) or value is None or part.type is None:
        return
    if unfit := _unfit(part.type, known):
        yield Edit("type", value.span, unfit)


def _unfit(of: tree.TypeRef, known: Known) -> str | None:
    """A literal that is not of a type, or None where every literal may be."""
    match of:
        case tree.ListTypeRef() | tree.RecordTypeRef():
            return "7"
        case tree.OptionalTypeRef(item=item):
            return _unfit(item, known)
        case tree.NamedTypeRef(names=names):
            return _unfit_name(names[-1].name, known)
    return None


def _unfit_name(name: str, known: Known) -> str | None:
    declared = known.types.get(name)
    if isinstance(declared, tree.Alias):
        return _unfit(declared.type, known)
    return "7" if declared is not None else UNFIT.get(name)
