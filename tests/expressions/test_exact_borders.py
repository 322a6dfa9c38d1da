"""Where data meets an evaluation of `.wf`: what is absent, what widens, what may leave. All in the exact tier alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Timestamp
from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    STRING,
    TIMESTAMP,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
    record,
)
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.conversions import leaving
from symphony_dsl.expressions.exact.evaluation import evaluation
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.scope import Scope

PERSON = RecordType(
    (
        Field("name", STRING, wire="full-name"),
        Field("age", OptionalType(INT)),
        Field("boss", OptionalType(record(name=STRING, age=OptionalType(INT)))),
    )
)
NAMES: dict[str, Type] = {
    "n": INT,
    "f": FLOAT,
    "b": BOOL,
    "o": OptionalType(INT),
    "p": OptionalType(INT),
    "oj": OptionalType(JSON),
    "os": ListType(OptionalType(INT)),
    "ms": MapType(OptionalType(INT)),
    "who": PERSON,
    "them": ListType(PERSON),
    "j": JSON,
    "ts": TIMESTAMP,
}
ENV: dict[str, Any] = {
    "n": 2,
    "f": 0.5,
    "b": True,
    "o": None,
    "p": 5,
    "oj": None,
    "os": [1, None, 3],
    "ms": {"a": 1, "b": None},
    "who": {"name": "Ann", "boss": {"name": "Bo"}},
    "them": [{"name": "Ann"}, {"name": "Bo", "age": 3}],
    "j": {"a": None, "l": [1, 2]},
    "ts": Timestamp(0),
}


def inside(source: str, env: Mapping[str, Any] = ENV, result: Type | None = None) -> tuple[Type, Any]:
    """The type of an expression, and the value that it has inside of an evaluation."""
    tree = parse_expression(source)
    reporter = Reporter("", 0, [])
    checked = check(tree, Scope(NAMES), reporter, result)
    wrong = [each.message for each in reporter.found if each.severity is Severity.ERROR]
    assert not wrong, wrong
    return checked.type, evaluation(tree, checked, tuple(NAMES))(Meter(), [env[name] for name in NAMES])


def left(source: str, result: Type) -> Any:
    of, value = inside(source, result=result)
    return leaving(of, result)(Meter(), value, "")


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("o.hasValue()", False),
        ("p.hasValue()", True),
        ("p.value()", 5),
        ("o.orValue(n)", 2),
        ("o.or(p).value()", 5),
        ("p.optMap(x, x + 1).value()", 6),
        ("oj.hasValue()", False),
        ("os.map(x, x ?? 0)", [1, 0, 3]),
        ("os.filter(x, x.hasValue()).map(x, x.value())", [1, 3]),
        ("os.filter(x, has(x)).map(x, has(x) ? x + 1 : 0)", [2, 4]),
        ("[o, p].map(x, has(x) ? x + 1 : 0)", [0, 6]),
        ("[o, p].map(x, x.hasValue())", [False, True]),
        ("os[1].hasValue()", False),
        ("os[0].optMap(x, x + 1).orValue(0)", 2),
        ("ms['b'].hasValue() || ms.b.hasValue()", False),
        ("ms.map(k, ms[k] ?? 7)", [1, 7]),
        ("ms.all(k, v, v.hasValue())", False),
        ("who.age.hasValue()", False),
        ("who.boss.?name.orValue('')", "Bo"),
        ("who.boss.?age.hasValue()", False),
        ("who.?boss.?age ?? 9", 9),
        ("has(who.boss) ? who.boss.name : ''", "Bo"),
        ("has(who.boss.age)", False),
        ("them.map(x, x.age ?? 1)", [1, 3]),
        ("them.map(x, has(x.age) ? x.age : -1)", [-1, 3]),
        ("(b ? o : n) ?? 3", 3),
        ("(b ? p : n).hasValue()", True),
        ("(b ? n : p).value()", 2),
        ("{a: o, b: p}.a.hasValue()", False),
        ("{a: o, b: p}.b.value()", 5),
        ("[?o, ?p, 1]", [5, 1]),
        ("{'a': p}['a'].value()", 5),
        ("j.?l.hasValue() && !j.?q.hasValue()", True),
        ("j.?a.hasValue()", True),
        ("(j.a ?? 1) == 1 && (j.q.r ?? 2) == 2", True),
        ("j.?a.b.hasValue()", False),
        ("b ? 1 : 2.5", 1.0),
        ("[1, 2.5]", [1.0, 2.5]),
        ("{'a': 1, 'b': f}", {"a": 1.0, "b": 0.5}),
        ("o ?? f", 0.5),
        ("p ?? f", 5.0),
        ("[n].reduce(a, x, 0.5, x)", 2.0),
        ("[1.5].filter(x, x > 2.0).sum()", 0.0),
        ("1 + 0.5", 1.5),
        ("math.sqrt(4)", 2.0),
        ("n / 4 == 0 && f / 2 == 0.25", True),
        ("[ts, 1][0] == ts", True),
        ("[who, 1][0].`full-name`", "Ann"),
    ],
)
def test_values_inside(source: str, value: Any) -> None:
    made = inside(source)[1]
    assert equal(made, value)
    assert type(made) is type(value)
    if isinstance(made, list):
        assert [type(each) for each in made] == [type(each) for each in value]


def test_options_that_come_in_stay_what_they_are() -> None:
    env = {**ENV, "o": Option(True, 7), "p": Option(False), "os": [Option(True, 1), Option(False), 3]}
    assert inside("o.value() + (p ?? 1)", env)[1] == 8
    assert inside("os.map(x, x ?? 0)", env)[1] == [1, 0, 3]
    assert inside("has(o) && !has(p) ? o : 0", env)[1] == 7


@pytest.mark.parametrize(
    ("source", "of", "value"),
    [
        ("o", OptionalType(INT), None),
        ("p", OptionalType(FLOAT), 5.0),
        ("[o, p]", JSON, [None, 5]),
        ("{'a': p, 'b': o}", JSON, {"a": 5, "b": None}),
        ("{a: o, b: p}", JSON, {"b": 5}),
        ("[o, p]", ListType(OptionalType(INT)), [None, 5]),
        ("j.?a", JSON, None),
        ("[ts, 1]", JSON, ["1970-01-01T00:00:00Z", 1]),
        ("who", JSON, {"full-name": "Ann", "boss": {"name": "Bo"}}),
        ("[who, 1]", JSON, [{"full-name": "Ann", "boss": {"name": "Bo"}}, 1]),
        ("b ? who : 1", JSON, {"full-name": "Ann", "boss": {"name": "Bo"}}),
        ("who", record(name=STRING), {"name": "Ann"}),
        ("uint(5)", INT, 5),
        ("[uint(5)]", JSON, [5]),
        ("b'a'", JSON, "YQ=="),
        ("{'a': {'b': [ts]}}", JSON, {"a": {"b": ["1970-01-01T00:00:00Z"]}}),
    ],
)
def test_values_as_they_leave(source: str, of: Type, value: Any) -> None:
    made = left(source, of)
    assert equal(made, value)
    assert type(made) is type(value)


@pytest.mark.parametrize(
    ("source", "of", "message"),
    [
        ("f / 0.0", FLOAT, "expected a float, found a number that is not finite"),
        ("{'a': [f / 0.0]}", JSON, r"a\[0\]: expected a float, found a number that is not finite"),
        ("[dyn(type(n))]", JSON, r"\[0\]: the type `int` is no value"),
        ("dyn({1: n})", JSON, "the keys of an object are strings, found the number 1"),
        ("{'x': dyn({(true): n})}", JSON, "x: the keys of an object are strings, found true"),
        ("uint('18446744073709551615')", INT, "too large for an int"),
    ],
)
def test_what_may_not_leave(source: str, of: Type, message: str) -> None:
    with pytest.raises((ConversionError, EvaluationError), match=message):
        left(source, of)
