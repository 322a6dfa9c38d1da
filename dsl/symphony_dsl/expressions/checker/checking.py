"""What the parts of the checker share: where results are kept, and how a value is held against what is expected.

A node that has been reported has the type UNKNOWN, which flows everywhere: one mistake gives one message.

There are two ways of typing. A `.wf` file is strict: what may be absent is handled, ints become floats. CEL on its own
(`Context.cel`) is typed as CEL is. What differs is asked of the context: `join`, `some`, `a`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symphony_dsl.base.diagnostic import Fix, Reporter, TextEdit
from symphony_dsl.base.flows import a, flows, join
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    JSON,
    STRING,
    UINT,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    Type,
    optional,
    plain,
)
from symphony_dsl.expressions.checker.celtypes import agree, cel_name, common
from symphony_dsl.expressions.checker.guesses import Guesses
from symphony_dsl.expressions.checker.typesize import MAX_DEPTH, MAX_PARTS, Sizes, measured
from symphony_dsl.expressions.functions.signatures import Choice
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Binary, Call, Expr, Literal
from symphony_dsl.expressions.walk import Walk

Checking: TypeAlias = "Walk[Type]"
"""A check of a node; it returns the node's type."""

Visit: TypeAlias = Callable[["Context", Expr, Scope, "Type | None"], Checking]


@dataclass(slots=True)
class Context:
    """`absent` are nodes whose value may be missing; `soft` are those at which a missing value is asked about.

    `asked` are the steps of a chain from its first `.?` or `[?…]` on.
    """

    reporter: Reporter
    visit_node: Visit
    cel: bool = False
    types: dict[Expr, Type] = field(default_factory=dict)
    choices: dict[Expr, tuple[Choice, ...]] = field(default_factory=dict)
    absent: set[Expr] = field(default_factory=set)
    soft: set[Expr] = field(default_factory=set)
    asked: set[Expr] = field(default_factory=set)
    sizes: Sizes = field(default_factory=dict)
    too_large: bool = False
    guesses: Guesses = field(default_factory=Guesses)

    def visit(self, node: Expr, scope: Scope, expected: Type | None = None) -> Checking:
        return self.visit_node(self, node, scope, expected)

    def report(self, code: str, span: Span, message: str, *, note: str | None = None, fix: Fix | None = None) -> Type:
        """Report, and give the type that causes no further message."""
        self.reporter.report(code, span, message, notes=[note] if note else [], fixes=[fix] if fix else [])
        return UNKNOWN

    def join(self, one: Type, other: Type) -> Type | None:
        """The type of what is one or the other; None where there is none."""
        if not self.cel:
            return join(one, other)
        return common(one, other) if agree(one, other) else None

    def some(self, of: Type) -> Type:
        """The type of an optional that holds such a value. Only CEL tells `T??` from `T?`."""
        return OptionalType(of) if self.cel and of != UNKNOWN else optional(of)

    def a(self, of: Type) -> str:
        """A type in a sentence, in the words of who has written the expression."""
        if not self.cel:
            return a(of)
        name = cel_name(of)
        return name if of == BYTES else f"{'an' if name[0] in 'aeio' else 'a'} {name}"

    def listed(self, types: Sequence[Type]) -> str:
        """`an int and a string`, for sentences."""
        texts = [self.a(each) for each in types]
        return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)

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
    if expected is None or of is expected:
        return of
    if ctx.cel:
        return of if agree(of, expected) else _mismatch_of_cel(ctx, node, of, expected)
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
        return _no_condition(ctx, node, of)
    reason = flows(of, expected).reason or ""
    known = f"this is {a(of)}, where {a(expected)} is needed"
    said = reason.startswith(f"{a(of)} is no ") and ";" not in reason
    return ctx.report("WF0301", node.span, known if said else f"{known}: {reason}")


def _mismatch_of_cel(ctx: Context, node: Expr, of: Type, expected: Type) -> Type:
    if expected == BOOL and of in _NOT_BOOL:
        return _no_condition(ctx, node, of)
    return ctx.report("WF0301", node.span, f"this is {ctx.a(of)}, where {ctx.a(expected)} is needed")


def _no_condition(ctx: Context, node: Expr, of: Type) -> Type:
    message = f"a condition is true or false, and this is {ctx.a(of)}; {_NOT_BOOL[of]}"
    return ctx.report("WF0301", node.span, message)


_NOT_BOOL: dict[Type, str] = {
    STRING: 'write what it is compared with, such as `… != ""`',
    INT: "write what it is compared with, such as `… != 0`",
    UINT: "write what it is compared with, such as `… != 0u`",
    FLOAT: "write what it is compared with, such as `… > 0.5`",
}


def may_be_absent(ctx: Context, node: Expr, of: OptionalType) -> Type:
    """Report a `T?` where a `T` is needed; the fix writes a default of that type, where there is a natural one."""
    default = default_text(of.item)
    fix = ctx.wrapped(f"write `?? {default}`", node.span, "(", f" ?? {default})") if default else None
    test = f", or test it with `has({words(node)[1:-1]})`" if path_of(node) else ""
    message = f"{words(node)} may be absent; say what to use then with `?? {default or '…'}`{test}"
    return ctx.report("WF0305", node.span, message, fix=fix)


_DEFAULTS: dict[Type, str] = {STRING: '""', INT: "0", UINT: "0u", FLOAT: "0.0", BOOL: "false", JSON: "null"}


NUMBERS = frozenset({INT, UINT, FLOAT})


def comparable(ctx: Context, one: Type, other: Type) -> bool:
    """Whether values of two types may be equal. Numbers may, whatever their types."""
    if one in NUMBERS and other in NUMBERS:
        return True
    match one, other:
        case (ListType(item), ListType(of)) | (OptionalType(item), OptionalType(of)):
            return comparable(ctx, item, of)
        case MapType(value, key), MapType(of, by):
            return comparable(ctx, value, of) and comparable(ctx, key, by)
    if ctx.cel:
        return agree(one, other)
    return flows(one, other).ok or flows(other, one).ok or join(one, other) is not None


def bounded(ctx: Context, node: Expr, of: Type) -> Type:
    """A type that an expression has made. One that is too large to be worked with is reported."""
    depth, parts = measured(of, ctx.sizes)
    if depth <= MAX_DEPTH and parts <= MAX_PARTS:
        return of
    if ctx.too_large:
        return UNKNOWN
    ctx.too_large = True
    message = f"the type of this value is too large: at most {MAX_DEPTH} levels and {MAX_PARTS:,} parts are allowed"
    return ctx.report("WF0216", node.span, message)


def default_text(of: Type) -> str | None:
    """What a writer would take for a missing value of a type."""
    if isinstance(of, ListType):
        return "[]"
    if isinstance(of, MapType):
        return "{}"
    return _DEFAULTS.get(of)


def there(ctx: Context, node: Expr, of: Type) -> Type:
    """The type of an operand; one that may be absent is reported, but for CEL, where an optional is a value too."""
    if ctx.cel or not isinstance(of, OptionalType):
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
