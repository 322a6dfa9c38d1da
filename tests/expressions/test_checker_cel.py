"""Plain CEL: the types that CEL deduces, and what it refuses before anything runs."""

from __future__ import annotations

import pytest
from tests.expressions.scene import LABEL, TICKET

from symphony_dsl.base.diagnostic import Diagnostic, Reporter
from symphony_dsl.base.types import (
    BOOL,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    UNKNOWN,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Type,
)
from symphony_dsl.expressions.checker.celtypes import agree, cel_name, common
from symphony_dsl.expressions.checker.check import Checked, check
from symphony_dsl.expressions.parser import parse_cel
from symphony_dsl.expressions.scope import Scope

NAMES: dict[str, Type] = {
    "i": INT,
    "u": UINT,
    "f": FLOAT,
    "s": STRING,
    "b": BOOL,
    "d": JSON,
    "ts": TIMESTAMP,
    "xs": ListType(INT),
    "m": MapType(INT),
    "by_number": MapType(STRING, INT),
    "o": OptionalType(INT),
    "om": OptionalType(MapType(STRING)),
    "ticket": TICKET,
    "label": LABEL,
    "picture": FILE,
    "math": MapType(STRING),
}


def checked(text: str) -> tuple[Checked, list[Diagnostic]]:
    reporter = Reporter("", 0, [])
    return check(parse_cel(text), Scope(NAMES, cel=True), reporter), reporter.found


TYPES: list[tuple[str, str]] = [
    # what is known of nothing
    ("[]", "list(dyn)"),
    ("{}", "map(dyn, dyn)"),
    ("[[], [[]], [[[]]], [[[[]]]]]", "list(list(list(list(list(dyn)))))"),
    ("[[[[[]]]], [], [[[]]]]", "list(list(list(list(list(dyn)))))"),
    ("([].map(x,x))[0].foo", "dyn"),
    ("[] + [1]", "list(int)"),
    ("{}.map(k, k)", "list(dyn)"),
    # elements and arms
    ("[1, 2]", "list(int)"),
    ("[1, 2.0]", "list(dyn)"),
    ("[1, 1u]", "list(dyn)"),
    ("[1, 'a', null]", "list(dyn)"),
    ("[[1], ['a']]", "list(dyn)"),
    ("[[1], [d]]", "list(list(dyn))"),
    ("[ts, null]", "list(google.protobuf.Timestamp)"),
    ("[null, duration('1s')]", "list(google.protobuf.Duration)"),
    ("[optional.of(1), null]", "list(optional_type(int))"),
    ("[optional.none(), optional.of(1)]", "list(optional_type(int))"),
    ("[optional.of(1), optional.none()]", "list(optional_type(int))"),
    ("[optional.of(dyn(1)), optional.of(1)]", "list(optional_type(dyn))"),
    ("[?o, 1]", "list(int)"),
    ("[?d]", "list(dyn)"),
    ("true ? optional.of(dyn(1)) : optional.of(1)", "optional_type(dyn)"),
    ("b ? 1 : d", "dyn"),
    ("b ? [] : [1]", "list(int)"),
    # maps
    ("{'abc': 123}", "map(string, int)"),
    ("{1: 'a', 2: 'b'}", "map(int, string)"),
    ("{1: 'a', 1u: 'b'}", "map(dyn, string)"),
    ("{true: 1.0, 's': 2}", "map(dyn, dyn)"),
    ("{'a': 1, ?'b': o}", "map(string, int)"),
    ("by_number[1]", "string"),
    ("by_number[d]", "string"),
    ("has({1: 2}.x)", "bool"),
    # what is selected from an optional is one
    ("om.x", "optional_type(string)"),
    ("om['x']", "optional_type(string)"),
    ("om.?x", "optional_type(string)"),
    ("m.?x", "optional_type(int)"),
    ("xs[?0]", "optional_type(int)"),
    ("d.?x.y", "optional_type(dyn)"),
    ("has(om.x)", "bool"),
    ("optional.of(o)", "optional_type(optional_type(int))"),
    ("[o].first()", "optional_type(optional_type(int))"),
    ("o.orValue(3)", "int"),
    ("o.or(optional.none()).value()", "int"),
    ("o.optMap(x, [x])", "optional_type(list(int))"),
    ("om.optFlatMap(x, x.?y)", "optional_type(string)"),
    ("d.optMap(x, x)", "optional_type(dyn)"),
    # comparisons
    ("1 == 1.0 && 1u < 2.5 && [1] != [1.0]", "bool"),
    ("d == null && null != ts && o == null", "bool"),
    ("1 in [1.0] && 's' in m && d in xs && 1u in by_number", "bool"),
    # gradual
    ("d.a.b[0]", "dyn"),
    ("d + 1", "dyn"),
    ("d && b", "bool"),
    ("d ? 1 : 2", "int"),
    ("!d", "bool"),
    ("size(d)", "int"),
    ("d.map(x, x.y)", "list(dyn)"),
    ("d.exists(k, v, k == v)", "bool"),
    # macros
    ("xs.map(x, x > 1, string(x))", "list(string)"),
    ("xs.filter(i, i > 1)", "list(int)"),
    ("m.filter(k, k == 'a')", "list(string)"),
    ("by_number.map(k, k)", "list(int)"),
    ("xs.all(i, x, i < x) && m.exists(k, v, k == 'a' && v > 1) && m.existsOne(k, v, v > 1)", "bool"),
    ("xs.transformList(i, x, i + x)", "list(int)"),
    ("m.transformList(k, v, v > 1, k)", "list(string)"),
    ("m.transformMap(k, v, v > 1, string(v))", "map(string, string)"),
    ("xs.transformMap(i, x, [x])", "map(int, list(int))"),
    ("m.transformMapEntry(k, v, {v: k})", "map(int, string)"),
    ("m.transformMapEntry(k, v, d)", "map(dyn, dyn)"),
    ("xs.reduce(sum, x, 0, sum + x)", "int"),
    ("cel.bind(x, [1], x + x)", "list(int)"),
    ("cel.bind(x, i, cel.bind(x, string(x), x))", "string"),
    # variables hide, absolute names do not see them
    ("xs.map(s, s + 1)", "list(int)"),
    ("xs.map(s, .s)", "list(string)"),
    ("xs.map(int, int)", "list(int)"),
    # types are values
    ("type(1) == int", "bool"),
    ("int", "type"),
    ("[list, map, null_type, type, optional_type, uint, double, bytes, bool, string]", "list(type)"),
    ("google.protobuf.Timestamp", "type"),
    ("type(ts) == google.protobuf.Timestamp", "bool"),
    # numbers mix in arithmetic, but nowhere else
    ("1 + 2.0", "double"),
    ("u * 2.0", "double"),
    # a value may be called like a namespace
    ("math.x", "string"),
    ("math.size()", "int"),
    ("math.abs(1)", "int"),
    # values of the language
    ("ticket.id", "dyn"),
    ("label + 's' + picture", "string"),
    ("i ?? 3", "int"),
    ("o ?? 3", "int"),
]


@pytest.mark.parametrize(("text", "name"), TYPES, ids=[text for text, _ in TYPES])
def test_types(text: str, name: str) -> None:
    found, said = checked(text)
    assert [each.message for each in said if each.severity == "error"] == []
    assert cel_name(found.type) == name


MISTAKES: list[tuple[str, str, str]] = [
    ("«nowhere»", "WF0201", "`nowhere` is not defined here"),
    ("«dyn»", "WF0201", "`dyn` is a function; it is called as `dyn(…)`"),
    ("xs.map(y, «.y»)", "WF0201", "`y` is not defined here"),
    ("«s» && b", "WF0301", "a condition is true or false, and this is a string"),
    ("!«o»", "WF0301", "this is an optional_type(int), where a bool is needed"),
    ("xs.all(x, «x»)", "WF0301", "a condition is true or false, and this is an int"),
    ("b ? 1 : 'a'", "WF0314", "the two values are an int and a string; both need one type"),
    ("b ? 1 : 2.0", "WF0314", "the two values are an int and a double; both need one type"),
    ("b ? 1 : null", "WF0314", "an int and a null_type"),
    ("o ?? 'a'", "WF0314", "`o` is an int, and its default is a string"),
    ("«1 == 'a'»", "WF0304", "an int and a string are never equal"),
    ("«i == null»", "WF0304", "an int and a null_type are never equal"),
    ("«o == 1»", "WF0304", "an optional_type(int) and an int are never equal"),
    ("«[1] == ['a']»", "WF0304", "a list(int) and a list(string) are never equal"),
    ("«s in xs»", "WF0304", "a string is never in a list(int)"),
    ("«s < i»", "WF0304", "`<` cannot compare a string and an int"),
    ("«math.ceil(i)»", "WF0304", "`math.ceil` does not take an int; it takes `math.ceil(double)`"),
    ("«[1] + [2.0]»", "WF0304", "`+` does not take a list(int) and a list(double)"),
    ("«1 + 1u»", "WF0304", "`+` does not take an int and a uint"),
    ("«s.contains(1)»", "WF0304", "`contains` does not take an int; it takes `string.contains(string)`"),
    ("i.«contains»('a')", "WF0304", "`.contains` works on a string, and this is an int"),
    ("i.«map»(x, x)", "WF0304", "`.map` works on a list or a map, and `i` is an int"),
    ("o.«map»(x, x)", "WF0304", "`o` is an optional_type(int)"),
    ("xs[«s»]", "WF0304", "an element of a list is found by its number, from 0, and this is a string"),
    ("m[«1»]", "WF0304", "the keys of a map are strings, and this is an int"),
    ("by_number[«s»]", "WF0304", "each key of this map is an int, and this is a string"),
    ("i.«x»", "WF0302", "an int has no field `x`"),
    ("{«1.0»: 1}", "WF0301", "a key is a string, a whole number, true or false, and this is a double"),
    ("{«[]»: 1}", "WF0301", "a key is a string, a whole number, true or false, and this is a list(dyn)"),
    ("[?«i»]", "WF0306", "`i` is always there; leave the `?` in front of it out"),
    ("i.«orValue»(1)", "WF0306", "`i` is always there; leave `.orValue(…)` out"),
    ("i.«optMap»(x, x)", "WF0306", "`i` is always there; leave `.optMap(…)` out"),
    ("o.optFlatMap(x, «x»)", "WF0304", "makes a value that may be absent, and this is an int; write `optMap`"),
    ("m.transformMapEntry(k, v, «v»)", "WF0304", "makes an entry of a map, `{(key): value}`, and this is an int"),
    ("«has(i)»", "WF0309", "`has` takes a field of a value"),
    ("«has(m['a'])»", "WF0309", "`has` takes a field of a value"),
    ("«has(m.?a)»", "WF0309", "`has` takes a field of a value"),
    ("xs.all(«1», true)", "WF0309", "this is no name"),
    ("xs.map(«.x», 1)", "WF0309", "this is no name"),
    ("xs.all(x, «x», true)", "WF0202", "`x` is given twice"),
    ("«xs.transformList(i, i)»", "WF0309", "written as `xs.transformList(i, x, …)` or"),
    ("«cel.bind(x, 1)»", "WF0309", "`cel.bind` is written as `cel.bind(x, value, …)`"),
    ("cel.bind(«1», 1, 1)", "WF0309", "`cel.bind` gives a name"),
    ("xs.reduce(a, x, 0, «'a'»)", "WF0301", "it starts with an int and goes on with a string"),
    ("xs.sortBy(x, «[x]»)", "WF0304", "`sortBy` cannot order by a list(int)"),
    ("«strngs.quote»(s)", "WF0303", "did you mean `strings.quote`?"),
    ("«string.quote»(s)", "WF0303", "there is no function `string.quote`; did you mean `strings.quote`?"),
]


@pytest.mark.parametrize(("marked", "code", "words"), MISTAKES, ids=[each[0] for each in MISTAKES])
def test_mistakes(marked: str, code: str, words: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    _, said = checked(text)
    assert [(each.code.code, each.severity) for each in said] == [(code, "error")]
    assert words in said[0].message
    start, end = (marked.index("«"), marked.index("»") - 1) if "«" in marked else (0, len(text))
    assert said[0].location.span == (start, end)


def test_what_may_fail_when_it_runs_is_no_mistake() -> None:
    for text in ("true || 1 / 0 > 0", "{'a': 1, 'a': 2}", "'a'.matches('(')", "int('x')", "[][0]", "{1: 2}.x"):
        assert checked(text)[1] == []


def test_a_condition_narrows_nothing() -> None:
    found, said = checked("has(om.x) ? om.x : om.x")
    assert said == []
    assert found.type == OptionalType(STRING)


def test_agreement_goes_both_ways_and_is_kept_by_what_is_in_common() -> None:
    types = [INT, UINT, FLOAT, NULL, TYPE, JSON, UNKNOWN, DURATION, OpaqueType("T"), *NAMES.values()]
    wholes = [*types, *map(ListType, types), *map(OptionalType, types), *(MapType(of, STRING) for of in types)]
    for one in wholes:
        assert agree(one, one)
        assert common(one, one) == one
        for other in wholes:
            assert agree(one, other) == agree(other, one)
            assert agree(common(one, other), one)
            assert agree(common(one, other), other)


def test_types_have_names() -> None:
    assert cel_name(MapType(ListType(FLOAT), UINT)) == "map(uint, list(double))"
    assert cel_name(ListType(OptionalType(NULL))) == "list(optional_type(null_type))"
    assert cel_name(TICKET) == "map(string, dyn)"
    assert cel_name(OpaqueType("T")) == "T"
