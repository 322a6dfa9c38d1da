"""Going through a tree without Python's call stack.

An expression may be a chain of a thousand operators, and its tree is then a thousand deep to the left. Passes over trees
are therefore written as generators: `yield` a pass over a child, get its result back; `settle` runs them.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from symphony_dsl.expressions.macros import binding
from symphony_dsl.expressions.tree import (
    Binary,
    Brace,
    Call,
    Conditional,
    Expr,
    Index,
    ListLiteral,
    Literal,
    Name,
    Select,
    Text,
    Unary,
)

T = TypeVar("T")

Walk: TypeAlias = "Generator[Walk[T], T, T]"
"""A pass over a node: it yields the passes over its children, is sent their results, and returns its own."""

Bound: TypeAlias = "frozenset[str]"
"""The variables of the macros that a node stands in."""


def settle(first: Walk[T]) -> T:
    """Run a pass to its end."""
    waiting = [first]
    value: T = None  # type: ignore[assignment]  # what starts a generator
    while waiting:
        try:
            child = waiting[-1].send(value)
        except StopIteration as done:
            waiting.pop()
            value = done.value
        else:
            waiting.append(child)
            value = None  # type: ignore[assignment]  # what starts a generator
    return value


def children(of: Expr) -> list[Expr]:
    """The expressions directly inside, in the order of the text; variables of macros are among them."""
    match of:
        case Literal() | Name():
            return []
        case Text(parts=parts):
            return [part for part in parts if not isinstance(part, str)]
        case Select(operand=operand) | Unary(operand=operand):
            return [operand]
        case Index(operand=operand, index=index):
            return [operand, index]
        case Call(target=target, arguments=arguments):
            return [*([target] if target else []), *(each.value for each in arguments)]
        case Binary(left=left, right=right):
            return [left, right]
        case Conditional():
            return [of.condition, of.then, of.otherwise]
        case ListLiteral(elements=elements):
            return [each.value for each in elements]
        case Brace():
            return _brace_children(of)


def _brace_children(of: Brace) -> list[Expr]:
    found: list[Expr] = []
    for each in of.entries:
        if not isinstance(each.key, str):
            found.append(each.key)
        found.append(each.value)
    return found


def rebuild(of: Expr, parts: Sequence[Expr]) -> Expr:
    """The same node over other children, given as `children` lists them; itself where none has changed."""
    if all(old is new for old, new in zip(children(of), parts, strict=True)):
        return of
    rest = iter(parts)
    match of:
        case Text():
            return replace(of, parts=tuple(part if isinstance(part, str) else next(rest) for part in of.parts))
        case Select() | Unary():
            return replace(of, operand=next(rest))
        case Index():
            return replace(of, operand=next(rest), index=next(rest))
        case Call():
            target = next(rest) if of.target else None
            return replace(of, target=target, arguments=tuple(replace(a, value=next(rest)) for a in of.arguments))
        case Binary():
            return replace(of, left=next(rest), right=next(rest))
        case Conditional():
            return replace(of, condition=next(rest), then=next(rest), otherwise=next(rest))
        case ListLiteral():
            return replace(of, elements=tuple(replace(each, value=next(rest)) for each in of.elements))
        case Brace():
            return _rebuild_brace(of, rest)
    return of


def _rebuild_brace(of: Brace, rest: Iterator[Expr]) -> Brace:
    entries = []
    for each in of.entries:
        key = each.key if isinstance(each.key, str) else next(rest)
        value = next(rest)
        entries.append(replace(each, key=key, value=value, shorthand=each.shorthand and value is each.value))
    return replace(of, entries=tuple(entries))


def scoped_children(of: Expr, bound: Bound) -> list[tuple[Expr, Bound | None]]:
    """The children with the macro variables that each can see; None stands beside a variable where it is introduced."""
    macro = binding(of) if isinstance(of, Call) else None
    if macro is None:
        return [(child, bound) for child in children(of)]
    inside = bound | {variable.name for variable in macro.variables}
    return [(child, _sight(child, macro.variables, macro.inside, bound, inside)) for child in children(of)]


def _sight(child: Expr, variables: Sequence[Expr], within: Sequence[Expr], bound: Bound, inside: Bound) -> Bound | None:
    if any(child is each for each in variables):
        return None
    return inside if any(child is each for each in within) else bound


def every(expr: Expr) -> Iterator[tuple[Expr, Bound]]:
    """Each node of a tree that is a use (not the introduction of a variable), parents first, in the order of the text."""
    rest: list[tuple[Expr, Bound]] = [(expr, frozenset())]
    while rest:
        node, bound = rest.pop()
        yield node, bound
        rest.extend((child, sees) for child, sees in reversed(scoped_children(node, bound)) if sees is not None)
