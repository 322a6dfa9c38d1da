"""What the parts of the checker share: where results are kept, and how a value is held against what is expected.

A node that has been reported has the type UNKNOWN, which flows everywhere: one mistake gives one message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symphony_dsl.base.diagnostic import Fix, Reporter, TextEdit
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    STRING,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    Type,
    plain,
)
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.signatures import Choice
from symphony_dsl.expressions.tree import Binary, Call, Expr, Literal
from symphony_dsl.expressions.walk import Walk

Checking: TypeAlias = "Walk[Type]"
"""A check of a node; it returns the node's type."""

Visit: TypeAlias = Callable[["Context", Expr, Scope, "Type | None"], Checking]


@dataclass(slots=True)
class Context:
    """`absent` are nodes whose value may be missing; `soft` are those at which a missing value is asked about."""

    reporter: Reporter
    visit_node: Visit
    types: dict[Expr, Type] = field(default_factory=dict)
    choices: dict[Expr, tuple[Choice, ...]] = field(default_factory=dict)
    absent: set[Expr] = field(default_factory=set)
    soft: set[Expr] = field(default_factory=set)

    def visit(self, node: Expr, scope: Scope, expected: Type | None = None) -> Checking:
        return self.visit_node(self, node, scope, expected)

    def report(self, code: str, span: Span, message: str, *, note: str | None = None, fix: Fix | None = None) -> Type:
        """Report, and give the type that causes no further message."""
        self.reporter.report(code, span, message, notes=[note] if note else [], fixes=[fix] if fix else [])
        return UNKNOWN

    def wrapped(self, title: str, span: Span, before: str, after: str) -> Fix:
        """A fix that writes something around a range."""
        start, end = Span(span.start, span.start), Span(span.end, span.end)
        pieces = ((start, before), (end, after))
        return Fix(title, tuple(TextEdit(self.reporter.location(at), text) for at, text in pieces))

    def replaced(self, span: Span, text: str) -> Fix:
        return self.reporter.replacement(f"write `{text}`", span, text)


def words(node: Expr) -> str:
    """A node for a sentence: its path where it is one."""
    path = path_of(node)
    if path:
        return "`" + "".join(step if step.startswith("[") else f".{step}" for step in path)[1:] + "`"
    return f"the result of `{node.name}(…)`" if isinstance(node, Call) else "this value"


def fit(ctx: Context, node: Expr, of: Type, scope: Scope, expected: Type | None) -> Type:
    """The type of a node, held against the one that is expected where it stands."""
    if expected is None:
        return of
    if not flows(of, expected).ok:
        return _mismatch(ctx, node, of, scope, expected)
    if plain(expected) == FLOAT and of == INT:
        _warn_of_cut(ctx, node)
    return of


def _mismatch(ctx: Context, node: Expr, of: Type, scope: Scope, expected: Type) -> Type:
    if isinstance(of, OptionalType) and flows(of.item, expected).ok:
        return may_be_absent(ctx, node, of)
    wanted = plain(expected)
    if isinstance(wanted, EnumType) and of == STRING:
        return enum_needed(ctx, node, wanted, scope)
    if isinstance(of, EnumType) and wanted == STRING:
        fix = ctx.wrapped("write `string(…)`", node.span, "string(", ")")
        return ctx.report("WF0308", node.span, f"this is {a(of)}, where a string is needed; write `string(…)`", fix=fix)
    if expected == BOOL and of in _NOT_BOOL:
        return ctx.report("WF0301", node.span, f"a condition is true or false, and this is {a(of)}; {_NOT_BOOL[of]}")
    reason = flows(of, expected).reason or ""
    known = f"this is {a(of)}, where {a(expected)} is needed"
    said = reason.startswith(f"{a(of)} is no ") and ";" not in reason
    return ctx.report("WF0301", node.span, known if said else f"{known}: {reason}")


_NOT_BOOL: dict[Type, str] = {
    STRING: 'write what it is compared with, such as `… != ""`',
    INT: "write what it is compared with, such as `… != 0`",
    FLOAT: "write what it is compared with, such as `… > 0.5`",
}


def may_be_absent(ctx: Context, node: Expr, of: OptionalType) -> Type:
    """Report a `T?` where a `T` is needed; the fix writes a default of that type, where there is a natural one."""
    default = default_text(of.item)
    fix = ctx.wrapped(f"write `?? {default}`", node.span, "(", f" ?? {default})") if default else None
    test = f", or test it with `has({words(node)[1:-1]})`" if path_of(node) else ""
    message = f"{words(node)} may be absent; say what to use then with `?? {default or '…'}`{test}"
    return ctx.report("WF0305", node.span, message, fix=fix)


_DEFAULTS: dict[Type, str] = {STRING: '""', INT: "0", FLOAT: "0.0", BOOL: "false", JSON: "null"}


def default_text(of: Type) -> str | None:
    """What a writer would take for a missing value of a type."""
    if isinstance(of, ListType):
        return "[]"
    if isinstance(of, MapType):
        return "{}"
    return _DEFAULTS.get(of)


def there(ctx: Context, node: Expr, of: Type) -> Type:
    """The type of an operand; one that may be absent is reported."""
    if not isinstance(of, OptionalType):
        return of
    may_be_absent(ctx, node, of)
    return UNKNOWN


def enum_needed(ctx: Context, node: Expr, of: EnumType, scope: Scope) -> Type:
    """Report a string where a value of an enum is needed."""
    name = next((name for name, each in scope.enums.items() if each == of), of.name)
    value = _named_value(node, of)
    if value is None:
        listed = ", ".join(f"`{name}.{each}`" for each, _ in of.values[:5])
        return ctx.report("WF0308", node.span, f"a string is never {a(of)}; its values are {listed}")
    text = f"{name}.{value}"
    message = f"a string is never {a(of)}; write `{text}`"
    return ctx.report("WF0308", node.span, message, fix=ctx.replaced(node.span, text))


def _named_value(node: Expr, of: EnumType) -> str | None:
    """The value that a literal string means."""
    if not isinstance(node, Literal):
        return None
    return next((name for name, wire in of.values if node.value in (name, wire)), None)


def _warn_of_cut(ctx: Context, node: Expr) -> None:
    if not isinstance(node, Binary) or node.operator != "/":
        return
    left = node.left
    fix = (
        ctx.replaced(left.span, f"{left.value}.0")
        if isinstance(left, Literal)
        else ctx.wrapped("write `float(…)`", left.span, "float(", ")")
    )
    message = "a division of whole numbers drops its fraction before it becomes a float; make one side a float"
    ctx.report("WF0320", node.span, message, fix=fix)


def listed_types(types: Sequence[Type]) -> str:
    """`an int and a string`, for sentences."""
    texts = [a(each) for each in types]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)
