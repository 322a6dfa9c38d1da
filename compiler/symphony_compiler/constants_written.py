"""Constants in an expression → literals, by what the checker says of their types where they are used.

Before, with `const BOX: Box = { size: 2 }` and `note: string?` a field of it: `has(BOX.note) ? BOX.note : "${BOX.size}"`; after:
`false ? [?optional.none()][0] : "${2}"`. What a test has found to be there is written as it is, what may be absent as an optional.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from symphony_compiler.bindings import Path
from symphony_compiler.chains import prefix, present
from symphony_compiler.symbols import ConstSymbol
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import JSON, UNKNOWN, OptionalType, RecordType, Type, plain
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.names import literal_of, optional_of
from symphony_dsl.expressions.tree import Call, Expr, Literal
from symphony_dsl.expressions.walk import every


@frozen
class Use:
    """A constant, whose value is known, with the fields that are selected from it; `node` is the whole chain."""

    symbol: ConstSymbol
    path: Path
    node: Expr


@frozen
class Written:
    """Literals in place of chains, and answers in place of calls of `has`."""

    values: dict[Expr, Expr] = field(default_factory=dict)
    tests: dict[Expr, Expr] = field(default_factory=dict)


def written_out(expr: Expr, uses: Iterable[Use], types: Mapping[Expr, Type]) -> Written:
    made = Written()
    tested = _tests_in(expr) if uses else {}
    for use in uses:
        if use.node in tested:
            made.tests[tested[use.node]] = Literal(use.node.span, "bool", _value(use) is not None)
            continue
        root = prefix(use.node, len(use.path), 1)
        made.values[root] = _literal(use.symbol.value, types.get(root, use.symbol.type))
        of = types.get(use.node, UNKNOWN)
        if _is_known(use) and of != UNKNOWN:
            made.values[use.node] = _literal(_value(use), of)
    return made


def _tests_in(expr: Expr) -> dict[Expr, Expr]:
    """The paths that `has(…)` is asked about, with the calls that ask."""
    calls = [each for each, _ in every(expr) if isinstance(each, Call) and each.target is None and each.name == "has"]
    return {call.arguments[0].value: call for call in calls if len(call.arguments) == 1}


def _value(use: Use) -> Value:
    value: Value = use.symbol.value
    for name in use.path[1:]:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _is_known(use: Use) -> bool:
    """Whether the fields are those of records: of other data only the run knows what is there."""
    of: Type | None = use.symbol.type
    for name in use.path[1:]:
        record = plain(of) if of is not None else None
        field_ = record.get(name) if isinstance(record, RecordType) else None
        of = field_.type if field_ else None
    return of is not None


def _literal(value: Value, of: Type) -> Expr:
    literal = literal_of(value, of)
    if isinstance(of, OptionalType):
        return literal if value is None else optional_of(literal)
    if value is None and of != JSON:
        return present(literal_of(None, OptionalType(of)))  # where a test has found it to be there, which never happens
    return literal
