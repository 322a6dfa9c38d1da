"""Finding an overload by the classes of values, and by types: both agree where types tell all."""

from __future__ import annotations

from types import NoneType

import pytest

from symphony_dsl.base.dynamic import Option, TypeValue, Uint
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    EnumType,
    ListType,
    MapType,
    OptionalType,
    Type,
)
from symphony_dsl.base.values import SecretRef, SecretText
from symphony_dsl.expressions.functions.dispatch import resolve
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, OPERATOR, choose, result_of
from symphony_dsl.expressions.functions.table import TABLE, overloads

SCALARS: dict[Type, type] = {
    NULL: NoneType,
    BOOL: bool,
    INT: int,
    UINT: Uint,
    FLOAT: float,
    STRING: str,
    BYTES: bytes,
    TIMESTAMP: Timestamp,
    DURATION: Duration,
    TYPE: TypeValue,
    ListType(INT): list,
    MapType(INT): dict,
    OptionalType(INT): Option,
}
PAIRS = [(one, other) for one in SCALARS for other in SCALARS]
OPERATORS = sorted(name for style, name in TABLE if style == OPERATOR and name != "negate")


@pytest.mark.parametrize("name", OPERATORS)
def test_types_and_classes_find_the_same_operator(name: str) -> None:
    for pair in PAIRS:
        static = choose(overloads(OPERATOR, name), pair, lenient=False)
        found = resolve(OPERATOR, name, (SCALARS[pair[0]], SCALARS[pair[1]]), False)
        assert not static or static[0].overload is found, (name, pair)
        assert static or found is None or _within(name, pair), (name, pair)


def _within(name: str, pair: tuple[Type, Type]) -> bool:
    """Where types know more: what is in a list or a map can never be equal to the value."""
    return name == "in" and isinstance(pair[1], ListType | MapType)


@pytest.mark.parametrize(
    ("style", "name", "classes", "lenient", "signature"),
    [
        (OPERATOR, "+", (int, int), False, "+(int, int)"),
        (OPERATOR, "+", (int, float), False, "+(int, float)"),
        (OPERATOR, "+", (bool, int), False, None),
        (OPERATOR, "+", (int, Uint), True, None),
        (OPERATOR, "+", (str, SecretRef), True, "+(string, secret)"),
        (OPERATOR, "+", (SecretText, SecretRef), True, "+(secret, secret)"),
        (FUNCTION, "math.floor", (int,), False, None),
        (FUNCTION, "math.floor", (int,), True, "math.floor(float)"),
        (FUNCTION, "math.floor", (Uint,), True, None),
        (FUNCTION, "math.least", (int, int, int), False, "math.least(int, …)"),
        (FUNCTION, "math.least", (int, float), True, "math.least(N, …)"),
        (FUNCTION, "math.least", (), False, None),
        (FUNCTION, "size", (dict,), False, "size(map<K, V>)"),
        (FUNCTION, "type", (NoneType,), False, "type(T)"),
        (METHOD, "hasValue", (Option,), False, "T?.hasValue()"),
        (METHOD, "size", (int,), False, None),
        (METHOD, "nothing", (int,), False, None),
    ],
)
def test_classes(style: str, name: str, classes: tuple[type, ...], lenient: bool, signature: str | None) -> None:
    found = resolve(style, name, classes, lenient)
    assert (found and str(found)) == signature


def test_an_int_that_stands_for_a_float_is_one() -> None:
    found = resolve(FUNCTION, "math.floor", (int,), True)
    assert found is not None
    assert repr(found.run(3)) == "3.0"


LABEL = EnumType("Label", (("a", "a"),))


@pytest.mark.parametrize(
    ("style", "name", "types", "lenient", "results"),
    [
        (FUNCTION, "optional.none", (), False, ["never?"]),
        (FUNCTION, "optional.of", (INT,), False, ["int?"]),
        (FUNCTION, "optional.of", (OptionalType(INT),), False, ["int??"]),
        (METHOD, "orValue", (OptionalType(NEVER), INT), False, ["int"]),
        (METHOD, "orValue", (OptionalType(INT), STRING), False, []),
        (METHOD, "orValue", (OptionalType(INT), FLOAT), True, ["float"]),
        (METHOD, "orValue", (OptionalType(INT), FLOAT), False, []),
        (METHOD, "or", (OptionalType(NEVER), OptionalType(INT)), False, ["int?"]),
        (METHOD, "hasValue", (INT,), True, []),
        (METHOD, "hasValue", (JSON,), False, ["bool"]),
        (METHOD, "value", (JSON,), False, ["json"]),
        (METHOD, "first", (ListType(ListType(INT)),), False, ["int[]?"]),
        (METHOD, "unwrapOpt", (ListType(OptionalType(INT)),), False, ["int[]"]),
        (METHOD, "unwrapOpt", (ListType(INT),), False, []),
        (METHOD, "flatten", (ListType(ListType(INT)),), False, ["int[]"]),
        (METHOD, "flatten", (ListType(JSON),), False, ["json[]"]),
        (METHOD, "sum", (ListType(NEVER),), False, ["int", "uint", "float", "duration"]),
        (METHOD, "sum", (ListType(UINT),), False, ["uint"]),
        (METHOD, "sum", (ListType(JSON),), False, ["int", "uint", "float", "duration"]),
        (METHOD, "sort", (ListType(ListType(INT)),), False, []),
        (OPERATOR, "+", (ListType(INT), ListType(FLOAT)), True, ["float[]"]),
        (OPERATOR, "+", (ListType(INT), ListType(FLOAT)), False, []),
        (OPERATOR, "+", (ListType(NEVER), ListType(INT)), False, ["int[]"]),
        (OPERATOR, "in", (INT, MapType(STRING, INT)), False, ["bool"]),
        (OPERATOR, "in", (STRING, MapType(STRING, INT)), False, []),
        (OPERATOR, "in", (INT, MapType(NEVER, NEVER)), False, ["bool"]),
        (OPERATOR, "+", (UINT, INT), True, []),
        (FUNCTION, "math.least", (INT, INT, INT), False, ["int"]),
        (FUNCTION, "math.least", (INT, FLOAT), True, ["float"]),
        (FUNCTION, "math.least", (INT, FLOAT), False, ["json"]),
        (FUNCTION, "math.least", (INT, UINT), True, ["json"]),
        (FUNCTION, "math.least", (INT, STRING), True, []),
        (FUNCTION, "math.least", (ListType(JSON),), False, ["int", "uint", "float"]),
        (FUNCTION, "math.sqrt", (INT,), False, ["float"]),
        (FUNCTION, "math.ceil", (INT,), True, ["float"]),
        (FUNCTION, "math.ceil", (INT,), False, []),
        (FUNCTION, "type", (NULL,), False, ["type"]),
        (FUNCTION, "dyn", (TYPE,), False, ["json"]),
        (FUNCTION, "string", (LABEL,), True, ["string"]),
        (FUNCTION, "string", (TYPE,), False, []),
        (METHOD, "format", (STRING, ListType(TYPE)), False, ["string"]),
    ],
)
def test_types(style: str, name: str, types: tuple[Type, ...], lenient: bool, results: list[str]) -> None:
    found = choose(overloads(style, name), types, lenient=lenient)
    assert [str(choice.result) for choice in found] == results


def test_where_all_candidates_agree_the_result_is_known() -> None:
    assert result_of(choose(overloads(METHOD, "avg"), (ListType(JSON),))) == FLOAT
    assert result_of(choose(overloads(FUNCTION, "size"), (JSON,))) == INT
