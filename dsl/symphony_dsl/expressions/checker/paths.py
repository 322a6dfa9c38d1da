"""Names, fields and indices: where values come from, and where they may be missing."""

from __future__ import annotations

from collections.abc import Iterable

from symphony_dsl.base.diagnostic import Fix
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    DURATION,
    FLOAT,
    INT,
    JSON,
    NEVER,
    STRING,
    TIMESTAMP,
    TYPE,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    plain,
)
from symphony_dsl.expressions.checker.celtypes import FREE, TYPE_NAMES, as_cel, cel_name, type_named
from symphony_dsl.expressions.checker.checking import Checking, Context, comparable, there, words
from symphony_dsl.expressions.checker.guesses import ELSEWHERE
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD
from symphony_dsl.expressions.functions.table import overloads
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.spines import path_nodes
from symphony_dsl.expressions.tree import Expr, Index, Name, Select


def suggestion(ctx: Context, name: str, known: Iterable[str], span: Span) -> tuple[str, Fix | None]:
    """The end of a sentence about an unknown name, and the fix that belongs to it."""
    near = ctx.guesses.near(name, known)
    return (f"; did you mean `{near}`?", ctx.replaced(span, near)) if near else ("", None)


def check_name(ctx: Context, node: Name, scope: Scope, _expected: Type | None) -> Checking:
    yield from ()
    of = scope.find(node.name, absolute=node.absolute)
    if of is not None:
        return _narrowed(ctx, node, as_cel(of) if ctx.cel else of, scope)
    if type_named(node):
        return TYPE
    return _unknown_name(ctx, node, scope)


def _unknown_name(ctx: Context, node: Name, scope: Scope) -> Type:
    name = node.name
    if name in scope.enums:
        enum = scope.enums[name]
        message = f"`{name}` is an enum; write one of its values, such as `{name}.{enum.values[0][0]}`"
        return ctx.report("WF0315", node.span, message)
    if name in TYPES_OF_OURS:
        cel = TYPES_OF_OURS[name]
        message = f"`{name}` is a type; as a value it is called `{cel}`, as in `type(x) == {cel}`"
        return ctx.report("WF0315", node.span, message, fix=ctx.replaced(node.span, cel))
    if overloads(FUNCTION, name):
        return ctx.report("WF0201", node.span, f"`{name}` is a function; it is called as `{name}(…)`")
    end, fix = suggestion(ctx, name, [*scope.variables, *scope.values, *scope.enums], node.span)
    return ctx.report("WF0201", node.span, f"`{name}` is not defined here{end}", fix=fix)


TYPES_OF_OURS = {
    "float": cel_name(FLOAT),
    "timestamp": cel_name(TIMESTAMP),
    "duration": cel_name(DURATION),
}


def check_select(ctx: Context, node: Select, scope: Scope, _expected: Type | None) -> Checking:
    enum = _enum(node.operand, scope)
    if enum:
        return _enum_value(ctx, node, enum)
    if _is_type(node, scope):
        return TYPE
    of = yield ctx.visit(node.operand, scope)
    if node.optional or node.operand in ctx.asked:
        ctx.asked.add(node)
    missing = isinstance(of, OptionalType)
    if missing and not ctx.cel and not _asks(ctx, node):
        return _field_of_absent(ctx, node, of)
    field = _field(ctx, node, plain(of))
    if field == UNKNOWN:
        return field
    return _narrowed(ctx, node, ctx.some(field) if missing or node.optional else field, scope)


def _is_type(node: Select, scope: Scope) -> bool:
    """Whether it is `google.protobuf.Timestamp`, and not a field of something called `google`."""
    if node.field not in _LAST_OF_TYPES or type_named(node) is None:
        return False
    head = path_nodes(node)[-1]
    return isinstance(head, Name) and scope.find(head.name, absolute=head.absolute) is None


_LAST_OF_TYPES = frozenset(name.rpartition(".")[2] for name in TYPE_NAMES if "." in name)


def _enum(operand: Expr, scope: Scope) -> EnumType | None:
    if not isinstance(operand, Name) or scope.find(operand.name) is not None:
        return None
    return scope.enums.get(operand.name)


def _enum_value(ctx: Context, node: Select, of: EnumType) -> Type:
    if of.wire(node.field) is not None:
        return of
    end, fix = suggestion(ctx, node.field, [name for name, _ in of.values], node.field_span)
    return ctx.report("WF0302", node.field_span, f"{of} has no value `{node.field}`{end}", fix=fix)


def _asks(ctx: Context, node: Select | Index) -> bool:
    """Whether a step from a missing value is asked for: by `.?` here or before it in the chain, by `has`, by `??`."""
    return node in ctx.asked or node in ctx.soft


def _field_of_absent(ctx: Context, node: Select, of: Type) -> Type:
    at = node.field_span
    fix = ctx.replaced(at, f"?{node.field}")
    whole = f"{words(node.operand)[1:-1]}.?{node.field}" if path_of(node.operand) else f".?{node.field}"
    message = f"{words(node.operand)} may be absent; write `{whole}`, or test it first with `has`"
    _field(ctx, node, plain(of))
    return ctx.report("WF0305", node.operand.span, message, fix=fix)


def _field(ctx: Context, node: Select, of: Type) -> Type:
    match of:
        case RecordType():
            return _record_field(ctx, node, of)
        case MapType(value, key):
            ctx.absent.add(node)
            return value if ctx.cel or key in _WORDS else _no_word(ctx, node, key)
    if of in (JSON, NEVER):
        ctx.absent.add(node)
        return JSON
    return UNKNOWN if of == UNKNOWN else _no_field(ctx, node, of)


_WORDS = (STRING, JSON, NEVER, UNKNOWN)
"""Types of keys that may be written behind a dot."""


def _no_word(ctx: Context, node: Select, key: Type) -> Type:
    whole = f"{words(node.operand)[1:-1]}[…]" if path_of(node.operand) else "[…]"
    message = f"each key of this map is {ctx.a(key)}, no word; write `{whole}`"
    return ctx.report("WF0302", node.field_span, message)


def _no_field(ctx: Context, node: Select, of: Type) -> Type:
    if overloads(METHOD, node.field):
        fix = ctx.replaced(node.field_span, f"{node.field}()")
        return ctx.report("WF0302", node.field_span, f"`{node.field}` is a function; write `{node.field}()`", fix=fix)
    ours = ELSEWHERE.get(node.field)
    if ours and overloads(METHOD, ours):
        fix = ctx.replaced(node.field_span, f"{ours}()")
        message = f"{ctx.a(of)} has no field `{node.field}`; that is a function here: `{ours}()`"
        return ctx.report("WF0302", node.field_span, message, fix=fix)
    if isinstance(of, ListType):
        message = f"a list has no field `{node.field}`; take one element, or write `.map(x, x.{node.field})`"
        return ctx.report("WF0302", node.field_span, message)
    return ctx.report("WF0302", node.field_span, f"{ctx.a(of)} has no field `{node.field}`")


def _record_field(ctx: Context, node: Select, of: RecordType) -> Type:
    field = of.get(node.field)
    if field:
        return field.type
    end, fix = suggestion(ctx, node.field, [each.name for each in of.fields], node.field_span)
    whose = of.name or words(node.operand)
    return ctx.report("WF0302", node.field_span, f"{whose} has no field `{node.field}`{end}", fix=fix)


def check_index(ctx: Context, node: Index, scope: Scope, _expected: Type | None) -> Checking:
    of = yield ctx.visit(node.operand, scope)
    key = yield ctx.visit(node.index, scope)
    key = there(ctx, node.index, key)
    if node.optional or node.operand in ctx.asked:
        ctx.asked.add(node)
    missing = isinstance(of, OptionalType)
    if missing and not ctx.cel and not _asks(ctx, node):
        return there(ctx, node.operand, of)
    element = _element(ctx, node, plain(of), key)
    if element == UNKNOWN:
        return element
    return _narrowed(ctx, node, ctx.some(element) if missing or node.optional else element, scope)


def _element(ctx: Context, node: Index, of: Type, key: Type) -> Type:
    ctx.absent.add(node)
    match of:
        case ListType(item):
            return item if key == INT or key in FREE else _no_number(ctx, node, key)
        case MapType(value, wanted):
            return value if comparable(ctx, key, wanted) else _no_key(ctx, node, key, wanted)
        case RecordType():
            message = f"the fields of a record are written with a dot: {words(node.operand)[:-1]}.field`"
            return ctx.report("WF0304", node.span, message)
    if of in FREE:
        return UNKNOWN if of == UNKNOWN else JSON
    return ctx.report("WF0304", node.span, f"{ctx.a(of)} has no elements")


def _no_number(ctx: Context, node: Index, key: Type) -> Type:
    message = f"an element of a list is found by its number, from 0, and this is {ctx.a(key)}"
    return ctx.report("WF0304", node.index.span, message)


def _no_key(ctx: Context, node: Index, key: Type, wanted: Type) -> Type:
    known = "the keys of a map are strings" if wanted == STRING else f"each key of this map is {ctx.a(wanted)}"
    return ctx.report("WF0304", node.index.span, f"{known}, and this is {ctx.a(key)}")


def _narrowed(ctx: Context, node: Expr, of: Type, scope: Scope) -> Type:
    if not isinstance(of, OptionalType):
        return of
    ctx.absent.add(node)
    return of.item if scope.narrowed and path_of(node) in scope.narrowed else of
