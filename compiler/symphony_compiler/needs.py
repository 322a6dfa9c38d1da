"""Which declarations of its file a declaration needs before it can be worked out: its types and constants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from symphony_dsl.expressions import tree as expressions
from symphony_dsl.expressions.names import mentioned
from symphony_dsl.syntax.tree import Declaration, Input, Instance, NamedTypeRef, Output, Param, Template, Workflow

SKIPPED = frozenset({"span", "name_span", "doc"})


def needed_names(declaration: Declaration | Param) -> Iterator[str]:
    """The names, of types and of values alike, that stand in a declaration; of a workflow and a template, in its interface."""
    if isinstance(declaration, Instance):
        yield from (each.name for each in declaration.template[:1])  # none where it was made from no name
        yield from _names((declaration.lead, *declaration.call.arguments))
    elif isinstance(declaration, Workflow | Template):
        yield from _names(declaration.lead)
        if isinstance(declaration, Template):
            yield from _names(declaration.parameters)
        for statement in declaration.body.statements:
            if isinstance(statement, Input):
                yield from _names(statement)
            elif isinstance(statement, Output):
                yield from _names((statement.lead, statement.type))
    else:
        yield from _names(declaration)


def _names(part: object) -> Iterator[str]:
    rest = [part]
    while rest:
        found = rest.pop()
        if isinstance(found, tuple):
            rest.extend(found)
        elif not is_dataclass(found) or isinstance(found, type):
            continue
        elif type(found).__module__ == expressions.__name__ and not isinstance(found, expressions.Argument):
            yield from (path[0] for path, _ in mentioned(found))  # type: ignore[arg-type]  # statements hold no parts
        else:
            if isinstance(found, NamedTypeRef):
                yield found.names[0].name
            rest.extend(getattr(found, each.name) for each in fields(found) if each.name not in SKIPPED)
