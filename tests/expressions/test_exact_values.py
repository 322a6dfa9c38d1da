"""Values: what expressions give, and how they fail."""

from __future__ import annotations

from typing import Any

import pytest
from tests.expressions.scene import HIT, LABEL, NAMES, TICKET, VALUES, checked

from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import BOOL, FILE, FLOAT, INT, JSON, STRING, ListType, OptionalType, Type, record
from symphony_dsl.expressions.program import EvaluationError, program
from symphony_dsl.expressions.scope import Scope


def value(text: str, of: Type | None = None) -> Any:
    """The value of a closed expression over the scene, in its own type where no other is asked for."""
    scope = Scope({name: each for name, each in NAMES.items() if each != LABEL} | {"label": STRING})
    return program(text, NAMES, of or checked(text, None, scope)[0].type).run(VALUES)


RESULTS: list[tuple[str, Any]] = [
    ("true", True),
    ("1.5", 1.5),
    ("90s", Duration(90_000_000_000)),
    ("b'hi'", b"hi"),
    ("7 / 2", 3),
    ("-7 / 2", -3),
    ("7 / -2", -3),
    ("-7 % 3", -1),
    ("7 % -3", 1),
    ("n / f", 2.8),
    ("n * f - 1", 16.5),
    ("1 == 1.0", True),
    ("-n", -7),
    ("-9223372036854775808", -(2**63)),
    ("s + '!'", "hello!"),
    ("raw + b'!'", b"hi!"),
    ("[1] + xs", [1, 3, 1, 2]),
    ("n > 3 && s == 'hello' || false", True),
    ("b || 1 / n > 99", True),
    ("!b", False),
    ("b ? 1 : 2", 1),
    ("n > 9 ? 'many' : n > 5 ? 'some' : 'few'", "some"),
    ("os ?? s", "hello"),
    ("oi ?? 1", 5),
    ("ticket.url ?? 'none'", "none"),
    ("ticket.best.?score", None),
    ("ticket.best.url ?? 'none'", "none"),
    ("ticket.hits[1].url ?? 'none'", "http://two"),
    ("has(ticket.url)", False),
    ("has(oi) && !has(os)", True),
    ("has(j.a.b)", True),
    ("has(j.a.c) || has(j.q.r) || has(j.a.b.c)", False),
    ("has(ticket.meta.gone)", False),
    ("has(m['a']) && !has(m['z']) && has(m.b)", True),
    ("label == 'a question'", True),
    ("ticket.label", "a question"),
    ("j.a.b + 1", 42),
    ("j.yes ? 1 : 2", 1),
    ("j.zz ?? 5", 5),
    ("j.?zz", None),
    ("j.l[0]", 3),
    ("j.l[?9] ?? 0", 0),
    ("j.l.sum()", 6),
    ("j.l.map(q, q * 2)", [6, 2, 4]),
    ("j.l.sort()", [1, 2, 3]),
    ("j.a == {'b': 41}", True),
    ("j.l == [3.0, 1.0, 2.0]", True),
    ("j.yes == 1", False),
    ("2 in j.l", True),
    ("'a' in j", True),
    ("j.t + 'y'", "xy"),
    ("m['a'] + m.b", 3),
    ("m['z'] ?? 0", 0),
    ("xs[1]", 1),
    ("n in xs || 3 in xs", True),
    ("'a' in m", True),
    ("[[1], [2]].exists(x, x == [2])", True),
    ("xs.map(x, x > 1, x * 10)", [30, 20]),
    ("m.map(k, k)", ["a", "b"]),
    ("xs.filter(x, x != 1)", [3, 2]),
    ("xs.all(x, x > 0) && !xs.all(x, x > 1)", True),
    ("xs.exists(x, x == 2)", True),
    ("xs.exists_one(x, x == 2) && !xs.existsOne(x, x > 1)", True),
    ("xs.reduce(a, x, 0, a * 10 + x)", 312),
    ("xs.reduce(a, x, [], [x] + a)", [2, 1, 3]),
    ("words.reduce(a, w, {'n': 0}, {'n': a['n'] + w.size()})", {"n": 3}),
    ("xs.groupBy(x, x > 1 ? 'big' : 'small')", {"big": [3, 2], "small": [1]}),
    ("xs.sortBy(x, -x)", [3, 2, 1]),
    ("ticket.hits.sortBy(h, -h.score).map(h, h.text)", ["two", "one"]),
    ("xs.map(x, xs.map(y, x * y)).flatten().sum()", 36),
    ("xs.map(x, xs.filter(y, y < x).size())", [2, 0, 1]),
    ("words.distinct()", ["b", "a"]),
    ("[1, 1.0, 2].distinct()", [1.0, 2.0]),
    ("[{a: 1}, {a: 1}, {a: 2}].distinct().size()", 2),
    ("words.join(', ')", "b, a, b"),
    ("words.join()", "bab"),
    ("xs.sum() + xs.min() + xs.max()", 10),
    ("xs.avg()", 2.0),
    ("[d, d].sum()", Duration.parse("3h")),
    ("[1.5, 2.5].sum()", 4.0),
    ("[].sum()", 0),
    ("xs.sort()", [1, 2, 3]),
    ("xs.reverse()", [2, 1, 3]),
    ("xs.slice(1, 3)", [1, 2]),
    ("xs.first() ?? 0", 3),
    ("xs.filter(x, x > 9).last() ?? 0", 0),
    ("lists.range(3)", [0, 1, 2]),
    ("size(s) + s.size() + size(xs) + m.size() + raw.size()", 17),
    ("[?os, 'a']", ["a"]),
    ("{?a: os, b: 1}", {"b": 1}),
    ("{a: n, b: os}", {"a": 7}),
    ("{'a': n, ?'b': oi, (s): 1}", {"a": 7, "b": 5, "hello": 1}),
    ("[1, 'a', null, [b]]", [1, "a", None, [True]]),
    ("s.contains('ell') && s.startsWith('he') && s.endsWith('lo')", True),
    ("s.matches('^h.*o$') && matches(s, 'l+')", True),
    ("'aÉb'.lowerAscii() + 'aéb'.upperAscii()", "aÉbAéB"),
    ("'  x '.trim()", "x"),
    ("'a,b,,c'.split(',')", ["a", "b", "", "c"]),
    ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
    ("'a,b'.split(',', 0)", []),
    ("'héy'.split('')", ["h", "é", "y"]),
    ("'abc'.split('', 2)", ["a", "bc"]),
    ("'banana'.replace('a', 'o')", "bonono"),
    ("'banana'.replace('a', 'o', 2)", "bonona"),
    ("s.substring(1) + s.substring(1, 3)", "elloel"),
    ("s.charAt(1) + s.charAt(5)", "e"),
    ("s.indexOf('l') * 100 + s.lastIndexOf('l') * 10 + s.indexOf('z')", 229),
    ("s.indexOf('l', 3) * 10 + s.lastIndexOf('l', 2)", 32),
    ("s.reverse()", "olleh"),
    ("ts + d", Timestamp.parse("2024-01-02T04:34:05.5Z")),
    ("ts - d < ts && ts - ts == 0s", True),
    ("ts.getFullYear() * 100 + ts.getMonth()", 202400),
    ("ts.getDate() * 100 + ts.getDayOfMonth()", 201),
    ("ts.getDayOfWeek() * 100 + ts.getDayOfYear()", 201),
    ("ts.getHours() * 100 + ts.getHours('-05:00')", 322),
    ("ts.getMinutes() * 1000000 + ts.getSeconds() * 10000 + ts.getMilliseconds()", 4050500),
    ("d.getHours() * 1000 + d.getMinutes()", 1090),
    ("(-1500ms).getMilliseconds() + (-90s).getSeconds()", -590),
    (
        "string(d) + string(ts) + string(1.0) + string(0.1) + string(b) + string(n)",
        "5400s2024-01-02T03:04:05.5Z10.1true7",
    ),
    ("string(b'hi')", "hi"),
    ("int(3.9) + int(-3.9) + int('12') + int(ts)", 1704164657),
    ("float('2.5e1') + double(n)", 32.0),
    ("bool('true') && !bool('0')", True),
    ("bytes('hé')", "hé".encode()),
    ("timestamp('2024-01-01T00:00:00+01:00')", Timestamp.parse("2023-12-31T23:00:00Z")),
    ("timestamp(0)", Timestamp(0)),
    ("duration('1.5h')", Duration.parse("1h30m")),
    ("math.round(2.5) + math.round(-2.5) + math.ceil(1.2) + math.floor(-1.2) + math.trunc(-1.7)", -1.0),
    ("math.abs(-3) + math.greatest(n, 9) + math.least([4, 2]) + math.sign(-5)", 13),
    ("math.sqrt(6.25) + math.abs(-1.5)", 4.0),
    ('"${n} ${f} ${1.0} ${b} ${ts} ${d}"', "7 2.5 1 true 2024-01-02T03:04:05.5Z 5400s"),
    ('"${xs} ${m} ${ticket.meta} ${j.t}"', '[3,1,2] {"a":1,"b":2} {"gone":null,"k":[1,2.5,"x"]} x'),
    ('"${ticket.hits}"', '[{"score":1.5,"text":"one"},{"score":2.0,"text":"two","url":"http://two"}]'),
    ('"${{at: ts}}"', '{"at":"2024-01-02T03:04:05.5Z"}'),
    ('"a${s}b"', "ahellob"),
    ("'${s}'", "${s}"),
]


@pytest.mark.parametrize(("text", "result"), RESULTS, ids=[text for text, _ in RESULTS])
def test_values(text: str, result: Any) -> None:
    made = value(text)
    assert equal(made, result)
    assert type(made) is type(result)


CONVERTED: list[tuple[str, Type, Any]] = [
    ("n", FLOAT, 7.0),
    ("xs", ListType(FLOAT), [3.0, 1.0, 2.0]),
    ("n", OptionalType(FLOAT), 7.0),
    ("os", OptionalType(STRING), None),
    ("j.a", record(b=FLOAT), {"b": 41.0}),
    ("j.l", ListType(INT), [3, 1, 2]),
    ("j.yes", BOOL, True),
    ("label", LABEL, "a question"),
    ("b ? 'praise' : 'complaint'", LABEL, "praise"),
    ("{score: n, text: s}", HIT, {"score": 7.0, "text": "hello"}),
    ("{score: n, text: s, url: os}", HIT, {"score": 7.0, "text": "hello"}),
    ("ts", JSON, "2024-01-02T03:04:05.5Z"),
    ("b ? ts : 1", JSON, "2024-01-02T03:04:05.5Z"),
    ("[ts, n]", JSON, ["2024-01-02T03:04:05.5Z", 7]),
    ("ticket.due", JSON, "2024-01-02T03:04:05Z"),
    ("ticket", record(id=STRING), {"id": "T1"}),
    ('"out/${s}.txt"', FILE, "out/hello.txt"),
    ("[]", ListType(STRING), []),
]


@pytest.mark.parametrize(("text", "of", "result"), CONVERTED)
def test_values_of_an_asked_type(text: str, of: Type, result: Any) -> None:
    made = value(text, of)
    assert equal(made, result)
    assert type(made) is type(result)


def test_json_of_a_record_has_the_names_of_json() -> None:
    assert "due-at" in value("ticket", JSON)
    assert "due-at" in value("b ? ticket : 1", JSON)
    assert value("ticket", TICKET) == VALUES["ticket"]


# The code, words of the message, and the part of the text that it is about.
FAILURES: list[tuple[str, Type, str, str, str | None]] = [
    ("1 + n / (n - 7)", INT, "failed", "divided by zero", "n / (n - 7)"),
    ("n % (n - 7)", INT, "failed", "divided by zero", "n % (n - 7)"),
    ("9223372036854775807 + n", INT, "failed", "does not fit into an int", "9223372036854775807 + n"),
    ("9223372036854775807 * n", INT, "failed", "does not fit into an int", "9223372036854775807 * n"),
    ("-(-9223372036854775807 - n + 6)", INT, "failed", "does not fit into an int", None),
    ("int(f * 1e300)", INT, "failed", "does not fit into an int", "int(f * 1e300)"),
    ("xs[n]", INT, "failed", "xs: there is no element 7 in a list of 3", None),
    ("xs[-n]", INT, "failed", "there is no element -7", None),
    ("m['z']", INT, "failed", 'm["z"]: there is no key "z"', "m['z']"),
    ("j.a.zz", JSON, "failed", 'j.a.zz: there is no key "zz"', "j.a.zz"),
    ("j.a.b.c", JSON, "conversion", "j.a.b.c: expected an object, found the number 41", "j.a.b.c"),
    ("j.a ? 1 : 2", INT, "conversion", "j.a: expected a bool, found an object", "j.a"),
    ("j.a && b", BOOL, "conversion", "j.a: expected a bool", "j.a"),
    ("j.a.b > s", BOOL, "conversion", "j.a.b, s: `>` does not take the number 41 and the string", None),
    ("j.mixed.sort()", JSON, "failed", "have no common order", None),
    ("j.mixed.sortBy(x, x)", JSON, "conversion", "cannot order keys of different types", "x"),
    ("j.a.b.map(x, x)", JSON, "conversion", "j.a.b: expected a list, found the number 41", None),
    ("j.l.groupBy(x, x)", JSON, "conversion", "needs strings as keys, found the number 3", "x"),
    ("j.a", record(b=STRING), "conversion", "b: expected a string, found the number 41", None),
    ("s", LABEL, "conversion", 'expected a Label ("praise", "complaint", "a question")', None),
    ("f / 0.0", FLOAT, "conversion", "not finite", None),
    ('"${[f / 0.0]}"', STRING, "conversion", "not finite", None),
    ("[f / 0.0]", JSON, "conversion", "not finite", None),
    ("xs.filter(x, x > 9).min()", INT, "failed", "the list is empty", None),
    ("xs.filter(x, x > 9).avg()", FLOAT, "failed", "the list is empty", None),
    ("s.substring(2, 9)", STRING, "failed", "the range 2 to 9 does not lie in a string of 5", None),
    ("s.charAt(9)", STRING, "failed", "there is no character 9", None),
    ("int(s)", INT, "failed", '"hello" is no whole number', None),
    ("float(s)", FLOAT, "failed", "is no number", None),
    ("bool(s)", BOOL, "failed", "neither true nor false", None),
    ("timestamp(s)", JSON, "failed", "`hello` is no timestamp", None),
    ("timestamp(n * 1000000000000)", JSON, "failed", "between the years 1 and 9999", None),
    ("timestamp('9999-12-31T23:59:59Z') + d", JSON, "failed", "between the years 1 and 9999", None),
    ("ts.getHours(s)", INT, "failed", "`hello` is no time zone", None),
    ("s.matches(s + '(')", BOOL, "failed", "is no regular expression", None),
    ("{(s): 1, ('hel' + 'lo'): 2}", JSON, "failed", 'the key "hello" is given twice', None),
    ("string(raw + b'\\xff')", STRING, "failed", "not UTF-8", None),
]


@pytest.mark.parametrize(("text", "of", "code", "words", "part"), FAILURES, ids=[each[0] for each in FAILURES])
def test_failures(text: str, of: Type, code: str, words: str, part: str | None) -> None:
    with pytest.raises(EvaluationError) as caught:
        value(text, of)
    assert caught.value.code == code
    assert words in caught.value.message
    if part is not None:
        assert caught.value.span is not None
        assert text[caught.value.span.start : caught.value.span.end] == part


@pytest.mark.parametrize(
    "text", ["__import__('os')", "s.__class__", "s.format(1)", "xs.append(1)", "ticket.keys()", "().x", "eval('1')"]
)
def test_no_attribute_of_python_is_reachable(text: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        program(text, NAMES, JSON)
    assert caught.value.code == "binding"
