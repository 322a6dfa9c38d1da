"""A row of a list of conformance tests, read: what is tried, and what is expected of it.

The format is told beside the lists in the tests: one object a line, with an expression, the types and values of its names,
and a value or an error. Keys that are not known are passed over. Names are declared by `type_env`; one that has only a
value is `dyn`. Functions cannot be declared here, so what `type_env` says of them is passed over too.
"""

from __future__ import annotations

from collections.abc import Mapping

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import JSON, Type
from symphony_dsl.base.values import Json, Value
from symphony_dsl.expressions.conformance.types import read_type
from symphony_dsl.expressions.conformance.values import MalformedError, read_value


@frozen
class Expected:
    """An error, or a value where `has_value` says so, or nothing but that the row is a valid program."""

    error: bool = False
    has_value: bool = False
    value: Value = None


@frozen
class Row:
    source: str
    names: Mapping[str, Type]
    bindings: Mapping[str, Value]
    checked: bool
    run: bool
    macros: bool
    expected: Expected
    type: Type | None


def place(row: Json) -> str:
    """Where a row comes from: `file/section/name`."""
    return "/".join(str(row.get(key, "?")) for key in ("file", "section", "name"))


def read_row(row: Json) -> Row:
    """The row of an object; MalformedError where it is none."""
    source = row.get("expr")
    if not isinstance(source, str):
        raise MalformedError("the row has no `expr`, which is a text")
    bindings = {name: read_value(value) for name, value in _object(row, "bindings").items()}
    declared = {name: of for name, of in _object(row, "type_env").items() if isinstance(of, str)}
    return Row(
        source,
        dict.fromkeys(bindings, JSON) | {name: _type(of) for name, of in declared.items()},
        bindings,
        checked=not row.get("disable_check"),
        run=not row.get("check_only"),
        macros=not row.get("disable_macros"),
        expected=_expected(row),
        type=_type(row["type"]) if row.get("type") else None,
    )


def _object(row: Json, key: str) -> dict[str, Json]:
    found = row.get(key)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise MalformedError(f"`{key}` is no object")
    return found


def _type(written: Json) -> Type:
    if not isinstance(written, str):
        raise MalformedError(f"`{written}` is no type")
    try:
        return read_type(written)
    except ValueError as problem:
        raise MalformedError(str(problem)) from None


def _expected(row: Json) -> Expected:
    expect = _object(row, "expect")
    if "error" in expect:
        return Expected(error=True)
    if "value" in expect:
        return Expected(has_value=True, value=read_value(expect["value"]))
    if not row.get("check_only"):
        raise MalformedError("the row expects neither a value nor an error")
    return Expected()
