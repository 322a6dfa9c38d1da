"""The tree of an expression: what was written, before names and types are known.

Macros (`xs.map(x, …)`, `has(…)`) are calls here; the checker knows them by name. Spans are relative to the text that was
parsed (a whole expression, or the island of a `.wf` file that it stands in). Nodes compare by identity and hash by it,
so that a table of types can be keyed by node; `symphony_dsl.expressions.unparse` gives the text that compares meaning.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from symphony_dsl.base.frozen import node
from symphony_dsl.base.span import Span


@node
class Literal:
    """`null`, a bool, int, float, string, bytes; `uint` and `duration` need their kind, since Python has no such type.

    `value`: None, bool, int, float, str, bytes, or `base.times.Duration`. `kind` is the name of its type.
    """

    span: Span
    kind: str  # null bool int uint float string bytes duration
    value: Any


@node
class Text:
    """A string with interpolations: literal pieces (str, escapes resolved, indentation stripped) and expressions."""

    span: Span
    parts: tuple[str | Expr, ...]


@node
class Name:
    span: Span
    name: str
    absolute: bool = False  # `.name`, CEL's name from the root


@node
class Select:
    """`operand.field`, or `operand.?field`."""

    span: Span
    operand: Expr
    field: str
    field_span: Span
    optional: bool = False


@node
class Index:
    """`operand[index]`, or `operand[?index]`."""

    span: Span
    operand: Expr
    index: Expr
    optional: bool = False


@node
class Argument:
    """An argument of a call; `name` is None for a positional one."""

    span: Span
    name: str | None
    value: Expr


@node
class Call:
    """`name(…)` where `target` is None, else `target.name(…)`."""

    span: Span
    target: Expr | None
    name: str
    name_span: Span
    arguments: tuple[Argument, ...]


@node
class Unary:
    """`!x` or `-x`."""

    span: Span
    operator: str
    operand: Expr


@node
class Binary:
    """`+ - * / % == != < <= > >= in && || ??`."""

    span: Span
    operator: str
    operator_span: Span
    left: Expr
    right: Expr


@node
class Conditional:
    """`condition ? then : otherwise`."""

    span: Span
    condition: Expr
    then: Expr
    otherwise: Expr


@node
class Element:
    """An element of a list; an optional one (`?e`) is left out when its value is absent."""

    value: Expr
    optional: bool = False


@node
class ListLiteral:
    span: Span
    elements: tuple[Element, ...]


@node
class Entry:
    """An entry in braces. A word key is a field name (str); any other key is an expression.

    `shorthand` keeps that `{a}` was written for `{a: a}`.
    """

    span: Span
    key: str | Expr
    key_span: Span
    value: Expr
    optional: bool = False
    shorthand: bool = False


@node
class Brace:
    """`{ … }`: a record when its keys are words, a map when they are expressions; `{}` is either."""

    span: Span
    entries: tuple[Entry, ...]

    @property
    def is_record(self) -> bool:
        return bool(self.entries) and isinstance(self.entries[0].key, str)


Expr: TypeAlias = "Literal | Text | Name | Select | Index | Call | Unary | Binary | Conditional | ListLiteral | Brace"
