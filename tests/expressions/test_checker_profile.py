"""What `.wf` files have beyond strings, numbers and lists: uints, keys of all kinds, optionals, two variables, types."""

from __future__ import annotations

import pytest
from tests.expressions.scene import HIT, checked, mended

from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NEVER,
    STRING,
    TYPE,
    UINT,
    ListType,
    MapType,
    OptionalType,
    Type,
)
from symphony_dsl.expressions.checker.guesses import Guesses
from symphony_dsl.expressions.checker.typesize import MAX_DEPTH

TYPES: list[tuple[str, Type]] = [
    ("5u + uint(n) - 1u", UINT),
    ("5u * f", FLOAT),
    ("1u == 1 && 1u < 2.5 && 2 > 1u", BOOL),
    ("int(5u) + n", INT),
    ("[1u].sum()", UINT),
    ("[1u, 2]", ListType(JSON)),
    ('"${5u}"', STRING),
    ("{1: s}", MapType(STRING, INT)),
    ("{1: s}[n]", STRING),
    ("{1: s}[1.0] + {1u: s}[1]", STRING),
    ("{1: s}[?n] ?? ''", STRING),
    ("{true: 1, 'a': 2, 3u: s}", MapType(JSON, JSON)),
    ("{(j): 1}", MapType(INT, JSON)),
    ("{(j): 1}.a", INT),
    ("{true: 1, 1: 2}.size()", INT),
    ("1 in {1: 2} && 1u in xs && 1.0 in xs", BOOL),
    ("{1: s}.map(k, k + 1)", ListType(INT)),
    ("[{1: s}, {2: s}]", ListType(MapType(STRING, INT))),
    ("optional.of(n)", OptionalType(INT)),
    ("optional.none()", OptionalType(NEVER)),
    ("optional.none().orValue(1)", INT),
    ("os.orValue('x') + os.value()", STRING),
    ("os.hasValue() || optional.none().hasValue()", BOOL),
    ("os.or(optional.of('x'))", OptionalType(STRING)),
    ("j.?a.orValue(1)", JSON),
    ("[os].first()", OptionalType(STRING)),
    ("os.optMap(x, x + '!')", OptionalType(STRING)),
    ("os.optMap(x, os)", OptionalType(STRING)),
    ("os.optFlatMap(x, xs.first())", OptionalType(INT)),
    ("os.optMap(x, x.size()) ?? 0", INT),
    ("xs.all(i, x, i < x) && m.exists(k, v, k == 'a' && v > 1) && xs.existsOne(i, x, x > i)", BOOL),
    ("xs.transformList(i, x, x > 1, i + x)", ListType(INT)),
    ("m.transformMap(k, v, v * 2.0)", MapType(FLOAT)),
    ("xs.transformMap(i, x, x)", MapType(INT, INT)),
    ("m.transformMapEntry(k, v, {(k + 'x'): v})", MapType(INT)),
    ("m.transformMapEntry(k, v, {(v): k})", MapType(STRING, INT)),
    ("cel.bind(q, n + 1, q * q)", INT),
    ("cel.bind(q, os, has(q) ? q : 'x')", STRING),
    ("[xs].map(x, x).map(x, cel.bind(y, x, y.sum()))", ListType(INT)),
    ("words.sortBy(w, w.size()).sort()", ListType(STRING)),
    ("type(n) == int && type(s) != type(ts)", BOOL),
    ("[int, list, google.protobuf.Duration]", ListType(TYPE)),
    ("dyn(n)", JSON),
    ("dyn(s) + 1", JSON),
    ("xs.map(int, int + 1)", ListType(INT)),
    ("'%s %d'.format([s, n])", STRING),
    ("math.greatest(n, 2, 3, 4, 5)", INT),
    ("sets.contains(xs, [1]) && math.isFinite(f)", BOOL),
    ("strings.quote(s) + base64.encode(raw)", STRING),
]


@pytest.mark.parametrize(("text", "of"), TYPES, ids=[text for text, _ in TYPES])
def test_types(text: str, of: Type) -> None:
    found, said = checked(text)
    assert [each.message for each in said] == []
    assert found.type == of


# The text with the range of the mistake between « and », the code, words of the message, and the text after the fix.
MISTAKES: list[tuple[str, str, str, str | None]] = [
    ("«5u + 1»", "WF0304", "`+` does not take a uint and an int; write `1u`", "5u + 1u"),
    ("«n * 5u»", "WF0304", "write `uint(…)`", "uint(n) * 5u"),
    ("«-5u»", "WF0304", "and this is a uint", None),
    ("xs[«0u»]", "WF0304", "found by its number, from 0, and this is a uint", None),
    ("«18446744073709551615u + 1u»", "WF0311", "64 bits", None),
    ("«optional.of(n)» == n", "WF0305", "the result of `of(…)` may be absent", "(optional.of(n) ?? 0) == n"),
    ("{(«f»): 1}", "WF0301", "a key is a string, a whole number, true or false, and this is a float", None),
    ("{(«label»): 1}", "WF0301", "and this is a Label", "{(string(label)): 1}"),
    ("{1: 2, «1u»: 3}", "WF0313", "`1` is given twice", None),
    ("{true: 2, «true»: 3}", "WF0313", "`true` is given twice", None),
    ("{1: s}.«x»", "WF0302", "each key of this map is an int, no word; write `[…]`", None),
    ("{1: s}[«s»]", "WF0304", "each key of this map is an int, and this is a string", None),
    ('"${«{1: 2}»}"', "WF0310", "a map<int, int> cannot be put into a text", None),
    ('"${«[type(n)]»}"', "WF0310", "a list of type cannot be put into a text", None),
    ("[int, 's']", "WF0314", "a type and a string have no type in common", None),
    ("[{1: 2}, 's']", "WF0314", "a map<int, int> and a string have no type in common", None),
    ("«n == type(n)»", "WF0304", "an int and a type are never equal", None),
    ("type(n) == «float»", "WF0315", "as a value it is called `double`", "type(n) == double"),
    ("type(ts) == «timestamp»", "WF0315", "google.protobuf.T", "type(ts) == google.protobuf.Timestamp"),
    ("«size»", "WF0201", "`size` is a function; it is called as `size(…)`", None),
    ("type(«os»)", "WF0305", "`os` may be absent", 'type((os ?? ""))'),
    ("optional.of(«os»)", "WF0305", "`os` may be absent", 'optional.of((os ?? ""))'),
    ("n.«hasValue»()", "WF0306", "`n` is always there; leave `.hasValue(…)` out", None),
    ("has(os) && os.«value»() == 'x'", "WF0306", "`os` is always there", None),
    ("n.«optMap»(x, x)", "WF0306", "`n` is always there; leave `.optMap(…)` out", None),
    ("j.«orValue»(1)", "WF0304", "works on what may be absent, and `j` is json; write `?? …` or `has(…)`", None),
    ("j.«optFlatMap»(x, x)", "WF0304", "works on what may be absent, and `j` is json", None),
    ("os.optFlatMap(x, «x»)", "WF0304", "write `optMap`", "os.optMap(x, x)"),
    ("[?«n»]", "WF0306", "`n` is always there; leave the `?` in front of it out", None),
    ("{?a: «n»}", "WF0306", "leave the `?` in front of it out", None),
    ("{?'a': «n»}", "WF0306", "leave the `?` in front of it out", None),
    ("m.transformMapEntry(k, v, «{k: v}»)", "WF0304", "write its key in parentheses, `{(key): value}`", None),
    ("xs.groupBy(x, «x > 1»)", "WF0304", "whose keys are strings, and this is a bool", "xs.groupBy(x, string(x > 1))"),
    # variables
    ("xs.map(«n», n + n)", "WF0203", "`n` is a name already", "xs.map(each, each + each)"),
    ("xs.map(«s», {s, t: s})", "WF0203", "`s` is a name already", "xs.map(each, {s: each, t: each})"),
    ("xs.map(«Label», 1)", "WF0203", "`Label` is a name already", "xs.map(each, 1)"),
    ("xs.map(each, xs.map(«n», n + each))", "WF0203", "`n` is a name", "xs.map(each, xs.map(n2, n2 + each))"),
    ("xs.map(x, xs.map(«x», x))", "WF0203", "`x` is a name already", "xs.map(x, xs.map(each, each))"),
    ("cel.bind(«n», n, n)", "WF0203", "`n` is a name already", "cel.bind(each, n, each)"),
    ("xs.all(x, «x», true)", "WF0202", "`x` is given twice", None),
    ("xs.all(«a.b», true)", "WF0309", "`all` gives a name to what it runs over, and this is no name", None),
    ("xs.map(«x: 1»)", "WF0309", "the arguments of `map` have no names", None),
    ("«xs.filter(i, x, true)»", "WF0309", "`filter` is written as `xs.filter(x, …)`", None),
    ("«xs.transformMap(x, x)»", "WF0309", "`xs.transformMap(i, x, …)` or `xs.transformMap(i, x, condition, …)`", None),
    ("«os.optMap(x)»", "WF0309", "`optMap` is written as `value.optMap(x, …)`", None),
    ("«cel.bind(x, 1)»", "WF0309", "`cel.bind` is written as `cel.bind(x, value, …)`", None),
    # functions
    ("«maths.abs»(n)", "WF0303", "did you mean `math.abs`?", "math.abs(n)"),
    ("«string.quote»(s)", "WF0303", "did you mean `strings.quote`?", "strings.quote(s)"),
    ("strings.«qoute»(s)", "WF0303", "did you mean `strings.quote`?", "strings.quote(s)"),
    ("cel.«bund»(q, 1, q)", "WF0303", "did you mean `cel.bind`?", "cel.bind(q, 1, q)"),
    ("xs.«fliter»(x, x > 1)", "WF0303", "did you mean `filter`?", "xs.filter(x, x > 1)"),
    ("xs.«some»(x, x > 1)", "WF0303", "it is called `exists` here", "xs.exists(x, x > 1)"),
    ("«abs»(n)", "WF0303", "it is called `math.abs` here", "math.abs(n)"),
    ("n.«size»()", "WF0304", "`.size` works on a string, bytes, a list or a map, and this is an int", None),
]


@pytest.mark.parametrize(("marked", "code", "words", "fixed"), MISTAKES, ids=[each[0] for each in MISTAKES])
def test_mistakes(marked: str, code: str, words: str, fixed: str | None) -> None:
    text = marked.replace("«", "").replace("»", "")
    _, said = checked(text)
    assert [each.code.code for each in said] == [code]
    assert words in said[0].message
    start, end = (marked.index("«"), marked.index("»") - 1) if "«" in marked else (0, len(text))
    assert said[0].location.span == (start, end)
    assert (mended(text, said[0]) if said[0].fixes else None) == fixed
    if fixed is not None:
        assert checked(fixed)[1] == []


EXPECTED: list[tuple[str, Type, str, str]] = [
    ("«{1: 2}»", JSON, "WF0301", "a map<int, int> never becomes json; the keys have to be strings"),
    ("«{1: 2}»", MapType(INT), "WF0301", "in its keys, an int is no string"),
    ("«type(n)»", JSON, "WF0301", "a type never becomes json"),
    ("«5u»", FLOAT, "WF0301", "this is a uint, where a float is needed"),
    ("xs.map(x, «string(x)»)", ListType(INT), "WF0301", "this is a string, where an int is needed"),
    ("xs.map(x, {score: x, «txt»: s})", ListType(HIT), "WF0302", "did you mean `text`?"),
    ("m.transformMap(k, v, «k»)", MapType(INT), "WF0301", "this is a string, where an int is needed"),
    ("xs.transformList(i, x, «s»)", ListType(INT), "WF0301", "this is a string, where an int is needed"),
    ("os.optMap(x, «x»)", OptionalType(INT), "WF0301", "this is a string, where an int? is needed"),
    ("cel.bind(x, 1, «s»)", INT, "WF0301", "this is a string, where an int is needed"),
    ("xs.map(x, x / 2)", ListType(FLOAT), "WF0320", "drops its fraction"),
]


@pytest.mark.parametrize(("marked", "of", "code", "words"), EXPECTED, ids=[f"{e[0]} as {e[1]}" for e in EXPECTED])
def test_mistakes_where_a_type_is_expected(marked: str, of: Type, code: str, words: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    _, said = checked(text, of)
    assert [each.code.code for each in said] == [code]
    assert words in said[0].message
    if "«" in marked:
        assert said[0].location.span == (marked.index("«"), marked.index("»") - 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5u", INT),
        ("xs.map(x, uint(x))", ListType(INT)),
        ("{(j): 1}", MapType(INT)),
        ("{}", JSON),
        ("optional.none()", OptionalType(STRING)),
        ("xs.map(x, {score: x, text: s})", ListType(HIT)),
        ("os.optMap(x, x)", OptionalType(STRING)),
        ("os.optMap(x, os)", OptionalType(STRING)),
        ("os.optFlatMap(x, os)", OptionalType(STRING)),
        ("xs.reduce(a, x, {}, {'n': x})", MapType(INT)),
        ("[1, 'a', 2u]", JSON),
    ],
)
def test_what_fits_where_a_type_is_expected(text: str, expected: Type) -> None:
    assert checked(text, expected)[1] == []


@pytest.mark.parametrize(
    "text",
    [
        "[1]" + ".map(x, [[[[[[[[[[x]]]]]]]]]])" * 40,
        "[1]" + ".map(x, {a: x, b: x})" * 60,
        "[1]" + ".map(x, {'k': [x]})" * 80,
        "optional.of(1)" + ".optMap(x, [[x]])" * 80,
    ],
    ids=["deep", "doubling", "maps", "optionals"],
)
def test_a_type_that_grows_with_each_macro_has_an_end(text: str) -> None:
    _, said = checked(text)
    assert [each.code.code for each in said] == ["WF0216"]
    assert f"at most {MAX_DEPTH} levels" in said[0].message


def test_long_chains_are_checked_without_the_stack_of_python() -> None:
    for text in ("j" + ".?a" * 600, "1" + " + 1" * 900, "b" + " && b" * 900, "!" * 900 + "b", "b ? 1 : " * 400 + "2"):
        assert checked(text)[1] == []


def test_what_was_meant_is_looked_for_a_few_times_only() -> None:
    _, said = checked(" + ".join(f"ticket{at}" for at in range(900)))
    assert len(said) == 900
    assert 0 < sum(bool(each.fixes) for each in said) <= Guesses().left
