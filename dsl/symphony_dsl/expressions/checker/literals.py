"""Literals, texts, lists and braces. What is expected of the whole is expected of its parts, so that errors stand there."""

from __future__ import annotations

from collections.abc import Sequence, Set

from symphony_dsl.base.conform import INT_MAX, INT_MIN
from symphony_dsl.base.diagnostic import Fix, TextEdit
from symphony_dsl.base.flows import a, flows, hidden_in
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    MODEL,
    NEVER,
    NULL,
    PATHS,
    SECRET,
    STRING,
    TYPE,
    UINT,
    UNKNOWN,
    EnumType,
    Field,
    FunctionType,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    optional,
    plain,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.celtypes import FREE, KEYS
from symphony_dsl.expressions.checker.checking import Checking, Context, may_be_absent, there, words
from symphony_dsl.expressions.checker.paths import suggestion
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Brace, Entry, Expr, ListLiteral, Literal, Text

_KINDS: dict[str, Type] = {
    "null": NULL,
    "bool": BOOL,
    "int": INT,
    "uint": UINT,
    "float": FLOAT,
    "string": STRING,
    "bytes": BYTES,
    "duration": DURATION,
}


def check_literal(ctx: Context, node: Literal, _scope: Scope, expected: Type | None) -> Checking:
    yield from ()
    if node.kind == "int" and not INT_MIN <= node.value <= INT_MAX:
        return ctx.report("WF0311", node.span, "this number does not fit into an int, which has 64 bits")
    return _as_written(expected) if node.kind == "string" else _KINDS[node.kind]


def _as_written(expected: Type | None) -> Type:
    """A text that stands in its place is a path or a model, where one is needed."""
    wanted = plain(expected) if expected else STRING
    return wanted if wanted in PATHS or wanted == MODEL else STRING


def check_text(ctx: Context, node: Text, scope: Scope, expected: Type | None) -> Checking:
    types: set[Type] = set()
    for part in node.parts:
        if not isinstance(part, str):
            of = yield ctx.visit(part, scope)
            _check_part(ctx, part, of)
            types.add(plain(of))
    if expected and plain(expected) == SECRET and UNKNOWN in types:
        return UNKNOWN
    return SECRET if SECRET in types else _as_written(expected)


def _check_part(ctx: Context, part: Expr, of: Type) -> None:
    if isinstance(of, OptionalType):
        may_be_absent(ctx, part, of)
    elif of != SECRET and hidden_in(of) == SECRET:
        ctx.report("WF0310", part.span, f"{words(part)} holds a secret; only the secret itself makes a text secret")
    elif of in PATHS or of == BYTES:
        fix = ctx.wrapped("write `string(…)`", part.span, "string(", ")")
        what = "bytes are no text; write `string(…)` for those that are UTF-8"
        message = what if of == BYTES else f"{a(of)} is no text; write `string(…)` for its path"
        ctx.report("WF0310", part.span, message, fix=fix)
    elif isinstance(hidden := hidden_in(of), FunctionType | MapType) or hidden == TYPE:
        ctx.report("WF0310", part.span, f"{a(of)} cannot be put into a text")


def check_list(ctx: Context, node: ListLiteral, scope: Scope, expected: Type | None) -> Checking:
    wanted = plain(expected) if expected and not ctx.cel else None
    item = wanted.item if isinstance(wanted, ListType) else JSON if wanted == JSON else None
    types = []
    for element in node.elements:
        of = yield ctx.visit(element.value, scope, optional(item) if item and element.optional else item)
        types.append(_unpacked(ctx, element.value, of) if element.optional else of)
    return ListType(_one_type(ctx, node, types, item))


def _unpacked(ctx: Context, node: Expr, of: Type) -> Type:
    """What stands behind a `?` in a list or in braces, where it is there."""
    if isinstance(of, OptionalType):
        return of.item
    if of not in (JSON, NEVER, UNKNOWN):
        ctx.report("WF0306", node.span, f"{words(node)} is always there; leave the `?` in front of it out")
    return of


def _one_type(ctx: Context, node: Expr, types: Sequence[Type], expected: Type | None) -> Type:
    """The type of elements: what they join to, else what is expected of them, else `json`, as a mixed list of CEL is."""
    joined: Type | None = NEVER
    for of in types:
        joined = ctx.join(joined, of) if joined is not None else None
    if joined is not None:
        return joined
    if expected is not None:
        return expected
    if ctx.cel or all(flows(of, JSON).ok for of in types):
        return JSON
    return ctx.report("WF0314", node.span, f"{ctx.listed(list(dict.fromkeys(types)))} have no type in common")


def check_brace(ctx: Context, node: Brace, scope: Scope, expected: Type | None) -> Checking:
    wanted = plain(expected) if expected and not ctx.cel else None
    if len({isinstance(entry.key, str) for entry in node.entries}) > 1:
        return (yield from _mixed(ctx, node, scope))
    if node.is_record or (not node.entries and isinstance(wanted, RecordType)):
        return (yield from _record(ctx, node, scope, wanted))
    return (yield from _map(ctx, node, scope, wanted))


def _mixed(ctx: Context, node: Brace, scope: Scope) -> Checking:
    """Words and strings as keys: the parser has said so already."""
    for entry in node.entries:
        yield ctx.visit(entry.value, scope)
    return UNKNOWN


def _record(ctx: Context, node: Brace, scope: Scope, wanted: Type | None) -> Checking:
    shape = wanted if isinstance(wanted, RecordType) else None
    fields: dict[str, Field] = {}
    meant: set[str | None] = set()
    misspelt = False  # a field of no known name: which one is meant, nobody knows
    for entry in node.entries:
        assert isinstance(entry.key, str), "words and strings are not mixed"
        known = shape.get(entry.key) if shape else None
        inner = _expected_of(known) if known else JSON if wanted == JSON else None
        of = yield ctx.visit(entry.value, scope, optional(inner) if inner and entry.optional else inner)
        if entry.shorthand and of == UNKNOWN:
            misspelt = True
            continue
        _check_key(ctx, entry, again=entry.key in fields)
        if known or not shape:
            fields[entry.key] = Field(entry.key, optional(_unpacked(ctx, entry.value, of)) if entry.optional else of)
        else:
            meant.add(_extra_field(ctx, entry, shape))
    if misspelt:
        return UNKNOWN
    if isinstance(wanted, MapType):
        return _map_needed(ctx, node, wanted)
    if shape:
        return _complete(ctx, node, fields.keys() | meant, fields, shape)
    return RecordType(tuple(fields.values()))


def _expected_of(field: Field) -> Type:
    return optional(field.type) if field.has_default else field.type


def _check_key(ctx: Context, entry: Entry, *, again: bool) -> None:
    if again:
        ctx.report("WF0313", entry.key_span, f"`{entry.key}` is given twice")


def _extra_field(ctx: Context, entry: Entry, shape: RecordType) -> str | None:
    """Report a field that the record does not have; the answer is the field that was probably meant."""
    assert isinstance(entry.key, str), "only words are fields"
    known = [each.name for each in shape.fields]
    end, fix = suggestion(ctx, entry.key, known, entry.key_span)
    whose = shape.name or "the record that is needed here"
    message = f"{whose} has no field `{entry.key}`{end}"
    ctx.report("WF0302", entry.key_span, message, fix=None if entry.shorthand else fix)
    return ctx.guesses.near(entry.key, known)


def _map_needed(ctx: Context, node: Brace, wanted: MapType) -> Type:
    edits = tuple(
        TextEdit(
            ctx.reporter.location(each.key_span), f'"{each.key}": {each.key}' if each.shorthand else f'"{each.key}"'
        )
        for each in node.entries
    )
    fix = Fix("write the keys as strings", edits)
    message = f"this is a record, where a {wanted} is needed; write its keys as strings"
    return ctx.report("WF0301", node.span, message, fix=fix)


def _complete(ctx: Context, node: Brace, given: Set[str | None], fields: dict[str, Field], shape: RecordType) -> Type:
    missing = [f"`{each.name}`" for each in shape.fields if _is_needed(each) and each.name not in given]
    if missing:
        names = " and ".join([", ".join(missing[:-1]), missing[-1]] if len(missing) > 1 else missing)
        noun = "field" if len(missing) == 1 else "fields"
        return ctx.report("WF0312", node.span, f"{shape.name or 'this record'} needs the {noun} {names}")
    return RecordType(tuple(fields.values()), shape.name) if given == fields.keys() else UNKNOWN


def _is_needed(field: Field) -> bool:
    """Whether a record must have a field; one whose type has an error may be optional."""
    return not field.optional and field.type != UNKNOWN


def _map(ctx: Context, node: Brace, scope: Scope, wanted: Type | None) -> Checking:
    item = wanted.value if isinstance(wanted, MapType) else JSON if wanted == JSON else None
    keys: list[Type] = []
    types: list[Type] = []
    seen: set[tuple[type, Value]] = set()
    for entry in node.entries:
        assert not isinstance(entry.key, str), "words and strings are not mixed"
        of = yield ctx.visit(entry.key, scope)
        keys.append(_key(ctx, entry, entry.key, of, seen))
        of = yield ctx.visit(entry.value, scope, optional(item) if item and entry.optional else item)
        types.append(_unpacked(ctx, entry.value, of) if entry.optional else of)
    if isinstance(wanted, RecordType):
        return ctx.report("WF0301", node.span, f"this is a map, where {a(wanted)} is needed; write its keys as words")
    return MapType(_one_type(ctx, node, types, item), _one_type(ctx, node, keys, None))


def _key(ctx: Context, entry: Entry, node: Expr, of: Type, seen: set[tuple[type, Value]]) -> Type:
    key = there(ctx, node, of)
    if isinstance(node, Literal) and not ctx.cel:
        _check_twice(ctx, entry, node, seen)
    if key in KEYS or key in FREE:
        return key
    fix = ctx.wrapped("write `string(…)`", entry.key_span, "string(", ")") if isinstance(key, EnumType) else None
    message = f"a key is a string, a whole number, true or false, and this is {ctx.a(key)}"
    return ctx.report("WF0301", entry.key_span, message, fix=fix)


def _check_twice(ctx: Context, entry: Entry, key: Literal, seen: set[tuple[type, Value]]) -> None:
    """A key that is written twice. `1` and `1u` are one key, `1` and `true` are two."""
    kind = bool if key.kind == "bool" else str if key.kind == "string" else int
    if (kind, key.value) in seen:
        text = f'"{key.value}"' if kind is str else f"`{str(key.value).lower()}`"
        ctx.report("WF0313", entry.key_span, f"{text} is given twice")
    seen.add((kind, key.value))
