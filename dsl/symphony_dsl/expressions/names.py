"""The free names of an expression: which there are, how to put something else in their place, and what to put there."""

from __future__ import annotations

import re
from collections.abc import Callable

from symphony_dsl.base.span import Span
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import UNKNOWN, ListType, MapType, OptionalType, RecordType, Type, plain
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.macros import NAMESPACES
from symphony_dsl.expressions.tree import (
    Argument,
    Brace,
    Call,
    Element,
    Entry,
    Expr,
    ListLiteral,
    Literal,
    Name,
    Select,
)
from symphony_dsl.expressions.walk import Bound, Walk, children, rebuild, scoped_children, settle
from symphony_dsl.expressions.words import LITERALS


def mentioned(expr: Expr) -> list[tuple[tuple[str, ...], Expr]]:
    """Each use of a free name with the fields selected from it, as long as the chain is, in the order of the text.

    `a.b.c + a` mentions `("a", "b", "c")` and `("a",)`. Variables of macros and namespaces of functions are no names.
    """
    found: list[tuple[tuple[str, ...], Expr]] = []
    rest: list[tuple[Expr, Bound]] = [(expr, frozenset())]
    while rest:
        node, bound = rest.pop()
        chain = _chain(node)
        if chain is None:
            rest.extend((child, sees) for child, sees in _uses(node, bound))
        elif chain[0] not in bound:
            found.append((chain, node))
    return found


def _chain(node: Expr) -> tuple[str, ...] | None:
    """The name and fields of a pure chain of selections."""
    fields: list[str] = []
    while isinstance(node, Select):
        fields.append(node.field)
        node = node.operand
    return (node.name, *reversed(fields)) if isinstance(node, Name) else None


def _uses(node: Expr, bound: Bound) -> list[tuple[Expr, Bound]]:
    """The children that use names, last first."""
    listed = [(child, sees) for child, sees in scoped_children(node, bound) if sees is not None]
    if isinstance(node, Call) and isinstance(node.target, Name) and node.target.name in NAMESPACES:
        listed = listed[1:]
    return listed[::-1]


def substitute(expr: Expr, replace: Callable[[Expr], Expr | None]) -> Expr:
    """The expression with other expressions in place of free names and of selections from them.

    `replace` is asked for the longest chain first (`a.b.c`, then `a.b`, then `a`), always with nodes of the tree as it
    was; None leaves a node as it is. Variables of macros are never asked for.
    """
    return settle(_substituted(expr, frozenset(), replace))


def _substituted(node: Expr, bound: Bound, replace: Callable[[Expr], Expr | None]) -> Walk[Expr]:
    chain = _chain(node)
    if chain is not None:
        return _replaced(node, replace) if chain[0] not in bound else node
    if not children(node):
        return node
    uses = dict.fromkeys(id(child) for child, _ in _uses(node, bound))
    parts: list[Expr] = []
    for child, sees in scoped_children(node, bound):
        free = sees is not None and id(child) in uses
        parts.append((yield _substituted(child, sees or bound, replace)) if free else child)
    return rebuild(node, parts)


def _replaced(node: Expr, replace: Callable[[Expr], Expr | None]) -> Expr:
    """A chain with its longest replaceable part replaced."""
    behind: list[Select] = []
    while True:
        made = replace(node)
        if made is not None or not isinstance(node, Select):
            break
        behind.append(node)
        node = node.operand
    if made is None:
        return behind[0] if behind else node
    for select in reversed(behind):
        made = rebuild(select, [made])
    return made


def literal_of(value: Value, of: Type = UNKNOWN) -> Expr:
    """The literal that a constant value would be written as. ValueError for what cannot be written (a secret).

    The type tells a record from a map; where it is not known, an object whose keys are all words is a record.
    """
    if value is None and isinstance(of, OptionalType):
        return _ABSENT
    if type(value) in _KINDS:
        return Literal(_HERE, _KINDS[type(value)], value)
    match value:
        case Timestamp():
            text = Argument(_HERE, None, Literal(_HERE, "string", str(value)))
            return Call(_HERE, None, "timestamp", _HERE, (text,))
        case list() | tuple():
            wanted = plain(of)
            item = wanted.item if isinstance(wanted, ListType) else UNKNOWN
            return ListLiteral(_HERE, tuple(Element(literal_of(each, item)) for each in value))
        case dict():
            return _braces(value, plain(of))
    raise ValueError(f"{type(value).__name__} cannot be written as a literal")


_HERE = Span(0, 0)
_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    bytes: "bytes",
    Duration: "duration",
}


def _optional(name: str, *values: Expr) -> Expr:
    return Call(_HERE, Name(_HERE, "optional"), name, _HERE, tuple(Argument(_HERE, None, each) for each in values))


def optional_of(value: Expr) -> Expr:
    return _optional("of", value)


_ABSENT = _optional("none")
"""It has no value of any type."""


def _braces(value: dict[str, Value], of: Type) -> Expr:
    if isinstance(of, RecordType):
        types = {each.name: each.type for each in of.fields}
        return Brace(_HERE, tuple(_entry(name, each, types.get(name, UNKNOWN)) for name, each in value.items()))
    if not isinstance(of, MapType) and all(_WORD.fullmatch(key) and key not in LITERALS for key in value):
        return Brace(_HERE, tuple(_entry(key, each, UNKNOWN) for key, each in value.items()))
    item = of.value if isinstance(of, MapType) else UNKNOWN
    return Brace(_HERE, tuple(_entry(Literal(_HERE, "string", key), each, item) for key, each in value.items()))


def _entry(key: str | Expr, value: Value, of: Type) -> Entry:
    return Entry(_HERE, key, _HERE, literal_of(value, of))


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
