"""Functions that are parameters of a template: what is called in its body is an expression of whoever fills it in.

Before, in a body: `hits.filter(h, keep(h))`, with `keep` given as `hit.score > 0.5`; after:
`hits.filter(h, cel.bind(hit, h, hit.score > 0.5))`. The expression sees its parameters and constants only, and nothing else of the
body sees the parameters: they get other names where the body has theirs.
"""

from __future__ import annotations

from collections.abc import Mapping

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import FunctionType
from symphony_dsl.expressions.names import substitute
from symphony_dsl.expressions.tree import Argument, Call, Expr, Name
from symphony_dsl.expressions.walk import Walk, children, every, rebuild, settle


@frozen
class LocalFunction:
    """`body` is closed, over the names of the parameters; None where nobody has given it yet."""

    type: FunctionType
    body: Expr | None = None


def inlined(expr: Expr, functions: Mapping[str, LocalFunction]) -> Expr:
    """The expression with the bodies of functions where they are called."""
    taken = {part.name for part, _ in every(expr) if isinstance(part, Name)}
    return settle(_inlined(expr, functions, taken))


def _inlined(expr: Expr, functions: Mapping[str, LocalFunction], taken: set[str]) -> Walk[Expr]:
    parts: list[Expr] = []
    for each in children(expr):
        parts.append((yield _inlined(each, functions, taken)))
    made = rebuild(expr, parts)
    if isinstance(made, Call) and made.target is None and made.name in functions:
        return _called(made, functions[made.name], taken)
    return made


def _called(call: Call, function: LocalFunction, taken: set[str]) -> Expr:
    if function.body is None or len(call.arguments) != len(function.type.parameters):
        return call
    values = [each.value for each in call.arguments]
    renamed = {each.name: _free(each.name, taken) for each in function.type.parameters}
    made = substitute(function.body, lambda part: _renamed(part, renamed))
    for name, value in reversed(list(zip(renamed.values(), values, strict=True))):
        made = _bound(call, name, value, made)
    return made


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _renamed(part: Expr, names: Mapping[str, str]) -> Expr | None:
    if isinstance(part, Name) and names.get(part.name, part.name) != part.name:
        return Name(part.span, names[part.name])
    return None


def _bound(call: Call, name: str, value: Expr, body: Expr) -> Expr:
    span = call.span
    arguments = tuple(Argument(span, None, each) for each in (Name(span, name), value, body))
    return Call(span, Name(span, "cel"), "bind", call.name_span, arguments)
