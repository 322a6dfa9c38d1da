"""Names, fields and indices: where values come from, and where they may be missing."""

from __future__ import annotations

from collections.abc import Iterable

from symphony_dsl.base.diagnostic import Fix, did_you_mean
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    INT,
    JSON,
    NEVER,
    STRING,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    optional,
    plain,
)
from symphony_dsl.expressions.checking import Checking, Context, there, words
from symphony_dsl.expressions.functions import overloads
from symphony_dsl.expressions.narrowing import path_of
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.signatures import METHOD
from symphony_dsl.expressions.tree import Expr, Index, Name, Select


def suggestion(ctx: Context, name: str, known: Iterable[str], span: Span) -> tuple[str, Fix | None]:
    """The end of a sentence about an unknown name, and the fix that belongs to it."""
    near = did_you_mean(name, known)
    return (f"; did you mean `{near}`?", ctx.replaced(span, near)) if near else ("", None)


def check_name(ctx: Context, node: Name, scope: Scope, _expected: Type | None) -> Checking:
    yield from ()
    of = scope.find(node.name, absolute=node.absolute)
    if of is not None:
        return _narrowed(ctx, node, of, scope)
    if node.name in scope.enums:
        enum = scope.enums[node.name]
        message = f"`{node.name}` is an enum; write one of its values, such as `{node.name}.{enum.values[0][0]}`"
        return ctx.report("WF0315", node.span, message)
    end, fix = suggestion(ctx, node.name, [*scope.variables, *scope.values, *scope.enums], node.span)
    return ctx.report("WF0201", node.span, f"`{node.name}` is not defined here{end}", fix=fix)


def check_select(ctx: Context, node: Select, scope: Scope, _expected: Type | None) -> Checking:
    enum = _enum(node.operand, scope)
    if enum:
        return _enum_value(ctx, node, enum)
    of = yield ctx.visit(node.operand, scope)
    if of in (UNKNOWN, NEVER):
        return UNKNOWN
    missing = isinstance(of, OptionalType)
    if missing and not _asks(ctx, node, node.operand, optional=node.optional):
        return _field_of_absent(ctx, node, of)
    field = _field(ctx, node, plain(of))
    if field == UNKNOWN:
        return field
    return _narrowed(ctx, node, optional(field) if missing or node.optional else field, scope)


def _enum(operand: Expr, scope: Scope) -> EnumType | None:
    if not isinstance(operand, Name) or scope.find(operand.name):
        return None
    return scope.enums.get(operand.name)


def _enum_value(ctx: Context, node: Select, of: EnumType) -> Type:
    if of.wire(node.field) is not None:
        return of
    end, fix = suggestion(ctx, node.field, [name for name, _ in of.values], node.field_span)
    return ctx.report("WF0302", node.field_span, f"{of} has no value `{node.field}`{end}", fix=fix)


def _asks(ctx: Context, node: Expr, operand: Expr, *, optional: bool) -> bool:
    """Whether a step from a missing value is asked for: by `.?` here or before it in the chain, by `has`, by `??`."""
    if optional or node in ctx.soft:
        return True
    while isinstance(operand, Select | Index):
        if operand.optional:
            return True
        operand = operand.operand
    return False


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
        case MapType(value):
            ctx.absent.add(node)
            return value
    if of == JSON:
        ctx.absent.add(node)
        return JSON
    if overloads(METHOD, node.field):
        fix = ctx.replaced(node.field_span, f"{node.field}()")
        return ctx.report("WF0302", node.field_span, f"`{node.field}` is a function; write `{node.field}()`", fix=fix)
    if isinstance(of, ListType):
        message = f"a list has no field `{node.field}`; take one element, or write `.map(x, x.{node.field})`"
        return ctx.report("WF0302", node.field_span, message)
    return ctx.report("WF0302", node.field_span, f"{a(of)} has no field `{node.field}`")


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
    missing = isinstance(of, OptionalType)
    if missing and not _asks(ctx, node, node.operand, optional=node.optional):
        return there(ctx, node.operand, of)
    element = _element(ctx, node, plain(of), key)
    if element == UNKNOWN:
        return element
    return _narrowed(ctx, node, optional(element) if missing or node.optional else element, scope)


def _element(ctx: Context, node: Index, of: Type, key: Type) -> Type:
    ctx.absent.add(node)
    match of:
        case ListType(item):
            return _keyed(ctx, node, key, INT, "an element of a list is found by its number, from 0", item)
        case MapType(value):
            return _keyed(ctx, node, key, STRING, "the keys of a map are strings", value)
        case RecordType():
            message = f"the fields of a record are written with a dot: {words(node.operand)[:-1]}.field`"
            return ctx.report("WF0304", node.span, message)
    if of in (JSON, UNKNOWN, NEVER):
        return JSON if of == JSON else UNKNOWN
    return ctx.report("WF0304", node.span, f"{a(of)} has no elements")


def _keyed(ctx: Context, node: Index, key: Type, wanted: Type, rule: str, found: Type) -> Type:
    if flows(key, wanted).ok:
        return found
    return ctx.report("WF0304", node.index.span, f"{rule}, and this is {a(key)}")


def _narrowed(ctx: Context, node: Expr, of: Type, scope: Scope) -> Type:
    if not isinstance(of, OptionalType):
        return of
    ctx.absent.add(node)
    return of.item if scope.narrowed and path_of(node) in scope.narrowed else of
