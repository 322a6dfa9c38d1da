"""The checker: types, and mistakes with their place, their words and their way out."""

from __future__ import annotations

import pytest
from tests.expressions.scene import HIT, LABEL, checked, mended

from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    NEVER,
    SECRET,
    STRING,
    TIMESTAMP,
    ListType,
    MapType,
    OptionalType,
    Type,
    record,
)

TYPES: list[tuple[str, Type]] = [
    ("null == j", BOOL),
    ("1 + 2", INT),
    ("n + f", FLOAT),
    ("n / 2", INT),
    ("f / n", FLOAT),
    ("-f", FLOAT),
    ("-d", DURATION),
    ("ts + d", TIMESTAMP),
    ("d + ts", TIMESTAMP),
    ("ts - ts", DURATION),
    ("ts - d", TIMESTAMP),
    ("raw + b'x'", BYTES),
    ("s + 'x'", STRING),
    ("[1] + [2.5]", ListType(FLOAT)),
    ("n < f && ts > ts && s <= 'x' && d >= 5s", BOOL),
    ("label == Label.praise", BOOL),
    ("Label.praise", LABEL),
    ("ticket.url", OptionalType(STRING)),
    ("ticket.url ?? 'x'", STRING),
    ("oi ?? 2.5", FLOAT),
    ("os ?? os", OptionalType(STRING)),
    ("ticket.?best.score", OptionalType(FLOAT)),
    ("ticket.best.?score", OptionalType(FLOAT)),
    ("ticket.best.url ?? 'x'", STRING),
    ("m.?k", OptionalType(INT)),
    ("m[?'k']", OptionalType(INT)),
    ("xs[?3]", OptionalType(INT)),
    ("m.a", INT),
    ("m['a'] ?? 0", INT),
    ("j.a.b", JSON),
    ("j.a + 1", JSON),
    ("j == 1", BOOL),
    ("j.a ? 1 : 2", INT),
    ("j ?? 1", JSON),
    ("'a' + j.t", STRING),
    ("xs[0]", INT),
    ("j[0]", JSON),
    ("b ? 1 : 2.5", FLOAT),
    ("b ? oi : 3", OptionalType(INT)),
    ("[]", ListType(NEVER)),
    ("[1, 2.5]", ListType(FLOAT)),
    ("[1, 'a']", ListType(JSON)),
    ("[?os, 'a']", ListType(STRING)),
    ("{}", MapType(NEVER, NEVER)),
    ("{a: n, b: os}", record(a=INT, b=OptionalType(STRING))),
    ("{?a: oi}", record(a=OptionalType(INT))),
    ("{'a': 1, 'b': 2.5}", MapType(FLOAT)),
    ("{(s): 1}", MapType(INT)),
    ('"${n} ${f} ${b} ${ts} ${d} ${label} ${xs} ${m} ${ticket} ${j}"', STRING),
    ("has(ticket.url)", BOOL),
    ("has(j.a.b) && has(m.k) && has(m['k'])", BOOL),
    ("xs.map(x, x * 2.0)", ListType(FLOAT)),
    ("xs.map(x, x > 1, string(x))", ListType(STRING)),
    ("m.map(k, m[k])", ListType(INT)),
    ("m.filter(k, m[k] > 1)", ListType(STRING)),
    ("j.map(x, x.y)", ListType(JSON)),
    ("ticket.hits.filter(h, h.score > 1.0)", ListType(HIT)),
    ("xs.all(x, x > 1)", BOOL),
    ("xs.exists(x, x > 1) || xs.exists_one(x, x > 1) || xs.existsOne(x, x > 1)", BOOL),
    ("xs.reduce(a, x, 0, a + x)", INT),
    ("xs.reduce(a, x, 0.0, a + x)", FLOAT),
    ("xs.reduce(a, x, [], a + [x])", ListType(INT)),
    ("xs.reduce(a, x, {'n': 0}, {'n': a['n'] + x})", MapType(INT)),
    ("ticket.hits.groupBy(h, h.text)", MapType(ListType(HIT))),
    ("ticket.hits.groupBy(h, ticket.label)", MapType(ListType(HIT))),
    ("ticket.hits.sortBy(h, -h.score)", ListType(HIT)),
    ("[xs, [1]].flatten()", ListType(INT)),
    ("xs.sum()", INT),
    ("[].sum()", INT),
    ("xs.avg()", FLOAT),
    ("[d].sum()", DURATION),
    ("[ts].max()", TIMESTAMP),
    ("j.l.sum()", JSON),
    ("xs.first()", OptionalType(INT)),
    ("xs.first() ?? 0", INT),
    ("s.split(',')", ListType(STRING)),
    ("words.join(', ')", STRING),
    ("size(s) + s.size() + size(xs) + m.size() + raw.size()", INT),
    ("string(picture)", STRING),
    ("string(label)", STRING),
    ("int('5')", INT),
    ("double(n) + float('2.5')", FLOAT),
    ("math.greatest(n, 2)", INT),
    ("math.floor(f)", FLOAT),
    ("n in xs && 'a' in m && n in j", BOOL),
    ("label in [Label.praise, Label.complaint]", BOOL),
    ("timestamp('2024-01-01T00:00:00Z').getFullYear()", INT),
    ("token", SECRET),
    ("-9223372036854775808", INT),
    ("has(ticket.url) && ticket.url.size() > 3", BOOL),
    ("!has(ticket.url) || ticket.url.size() > 3", BOOL),
    ("has(ticket.url) ? ticket.url : 'none'", STRING),
    ("!has(ticket.url) ? 'none' : ticket.url", STRING),
    ("has(ticket.best.url) && ticket.best.url == 'x'", BOOL),
    ("has(os) && has(oi) ? os + string(oi) : ''", STRING),
    ("ticket.hits.all(h, has(h.url) && h.url.size() > 0)", BOOL),
]


@pytest.mark.parametrize(("text", "of"), TYPES, ids=[text for text, _ in TYPES])
def test_types(text: str, of: Type) -> None:
    found, said = checked(text)
    assert [each.message for each in said] == []
    assert found.type == of


# The text with the range of the mistake between « and », the code, words of the message, and the text after the fix.
MISTAKES: list[tuple[str, str, str, str | None]] = [
    ("«nn» + 1", "WF0201", "`nn` is not defined here; did you mean `n`?", "n + 1"),
    ("«nowhere»", "WF0201", "`nowhere` is not defined here", None),
    ("ticket.«ur» ?? ''", "WF0302", "Ticket has no field `ur`; did you mean `url`?", "ticket.url ?? ''"),
    ("ticket.hits.«score»", "WF0302", "take one element, or write `.map(x, x.score)`", None),
    ("xs.«size»", "WF0302", "write `size()`", "xs.size()"),
    ("n.«x»", "WF0302", "an int has no field `x`", None),
    ("label == Label.«complain»", "WF0302", "Label has no value `complain`", "label == Label.complaint"),
    ("«Label»", "WF0315", "`Label` is an enum", None),
    ("«lengthy»(xs)", "WF0303", "there is no function `lengthy`", None),
    ("«len»(xs)", "WF0303", "it is called `size` here", "size(xs)"),
    ("s.«contain»('a')", "WF0303", "did you mean `contains`?", "s.contains('a')"),
    ("math.«flor»(f)", "WF0303", "did you mean `math.floor`?", "math.floor(f)"),
    ("«contains»(s, 'a')", "WF0309", "write `x.contains(…)`", None),
    ("s.«string»()", "WF0309", "write `string(…)`", None),
    ("«size(s, s)»", "WF0309", "`size` does not take 2 arguments; it is written as `size(string)`", None),
    ("size(«of: s»)", "WF0309", "its arguments have no names", None),
    ("«xs.map(x)»", "WF0309", "`map` is written as `xs.map(x, …)`", None),
    ("xs.map(«1», 2)", "WF0309", "`map` gives a name to what it runs over, and this is no name; it is written", None),
    ("«xs.reduce(a, 0, a + 1)»", "WF0309", "`reduce` is written as", None),
    ("«has(n + 1)»", "WF0309", "`has` takes one path", None),
    (
        "«s + n»",
        "WF0304",
        "`+` cannot join a string and an int; write `string(n)` or put it into the text as `${n}`",
        "s + string(n)",
    ),
    ("«n + s»", "WF0304", "`+` cannot join an int and a string", "string(n) + s"),
    ("«n - s»", "WF0304", "`-` does not take an int and a string", None),
    ("«f % n»", "WF0304", "`%` does not take a float and an int", None),
    ("«s < n»", "WF0304", "`<` cannot compare a string and an int", None),
    ("«s == n»", "WF0304", "a string and an int are never equal", None),
    ("«s in xs»", "WF0304", "a string is never in a list of int", None),
    ("«-s»", "WF0304", "`-` takes a number or a duration", None),
    ("n.«contains»('a')", "WF0304", "`.contains` works on a string, and this is an int", None),
    ("«s.contains(1)»", "WF0304", "`contains` does not take an int; it takes `string.contains(string)`", None),
    ("n.«map»(x, x)", "WF0304", "`.map` works on a list or a map, and `n` is an int", None),
    ("xs[«s»]", "WF0304", "found by its number, from 0, and this is a string", None),
    ("m[«n»]", "WF0304", "the keys of a map are strings, and this is an int", None),
    ("«ticket['id']»", "WF0304", "the fields of a record are written with a dot", None),
    ("«n[0]»", "WF0304", "an int has no elements", None),
    ("xs.groupBy(x, «x»)", "WF0304", "whose keys are strings", "xs.groupBy(x, string(x))"),
    ("xs.sortBy(x, «[x]»)", "WF0304", "cannot order by a list of int", None),
    ("«token == 'x'»", "WF0304", "a secret is not compared", None),
    ("«os» + 'x'", "WF0305", '`os` may be absent; say what to use then with `?? ""`', "(os ?? \"\") + 'x'"),
    ("«oi» > 3", "WF0305", "`?? 0`, or test it with `has(oi)`", "(oi ?? 0) > 3"),
    ("«os».size()", "WF0305", "may be absent", '(os ?? "").size()'),
    ("«ticket.best».score", "WF0305", "write `ticket.best.?score`", "ticket.best.?score"),
    ('"a ${«os»}"', "WF0305", "may be absent", None),
    (
        "«ticket.url».size() > 3 && has(ticket.url)",
        "WF0305",
        "may be absent",
        '(ticket.url ?? "").size() > 3 && has(ticket.url)',
    ),
    ("has(ticket.url) || «ticket.url» == 'x'", "WF0305", "may be absent", None),
    ("has(ticket.url) ? 'x' : «ticket.url» + ''", "WF0305", "may be absent", None),
    ("«has(ticket.id)»", "WF0306", "`ticket.id` is always there; leave `has` out", None),
    ("«ticket.url == null»", "WF0307", "write `!has(ticket.url)`", "!has(ticket.url)"),
    ("«null != os»", "WF0307", "write `has(os)`", "has(os)"),
    ("«s == null»", "WF0307", "only json can be null, and `s` is a string", None),
    (
        "label == «'complaint'»",
        "WF0308",
        "a string is never a Label; write `Label.complaint`",
        "label == Label.complaint",
    ),
    ("«'a question'» != label", "WF0308", "write `Label.question`", "Label.question != label"),
    ("label == «s»", "WF0308", "its values are `Label.praise`", None),
    ("label in «['praise']»", "WF0308", "`Label.praise`", None),
    ("size(token)", "WF0304", "`size` does not take a secret", None),
    ("string(token)", "WF0304", "`string` does not take a secret", None),
    ("token.«startsWith»('x')", "WF0304", "this is a secret", None),
    ("token < token", "WF0304", "cannot compare a secret and a secret", None),
    ("n + token", "WF0304", "does not take an int and a secret", None),
    ("«[token] == [token]»", "WF0304", "a secret is not compared", None),
    ("«token in [token]»", "WF0304", "a secret is not compared", None),
    ("«[token].distinct()»", "WF0304", "a secret is not compared", None),
    ("[\"Bearer ${token}\", 's']", "WF0314", "a secret and a string have no type in common", None),
    ('"${«[token]»}"', "WF0310", "this value holds a secret", None),
    ('"${«{key: token}»}"', "WF0310", "this value holds a secret", None),
    ('"${«picture»}"', "WF0310", "a file is no text; write `string(…)` for its path", '"${string(picture)}"'),
    ('"${«raw»}"', "WF0310", "bytes", '"${string(raw)}"'),
    ("«timestamp('x')»", "WF0311", "`x` is no timestamp", None),
    ("«duration('5min')»", "WF0311", "`5min` is no duration", None),
    ("«1 / 0»", "WF0311", "divided by zero", None),
    ("«9223372036854775807 + 1»", "WF0311", "64 bits", None),
    ("«int('x')»", "WF0311", "is no whole number", None),
    ("«s.matches('(')»", "WF0311", "is no regular expression", None),
    ("{a: 1, «a»: 2}", "WF0313", "`a` is given twice", None),
    ("{'a': 1, «'a'»: 2}", "WF0313", '"a" is given twice', None),
    ("b ? 1 : 's'", "WF0314", "an int and a string; both need one type", None),
    ("os ?? 1", "WF0314", "`os` is a string, and its default is an int", None),
    ("[token, 1]", "WF0314", "a secret and an int have no type in common", None),
    ("«n» ?? 3", "WF0321", "`n` is always there", None),
    ("«classify(text: s)» + ''", "WF0401", "make it a step of its own", None),
    ("«http.get(url: s)».body", "WF0401", "`get` is called inside an expression", None),
    ("xs.map(«n», n)", "WF0203", "`n` is a name already", None),
    ("{(«f»): 1}", "WF0301", "a key is a string, a whole number, true or false, and this is a float", None),
    ("«s» && b", "WF0301", "a condition is true or false, and this is a string", None),
    ("b ? 1 : «n» ? 2 : 3", "WF0301", "a condition is true or false, and this is an int", None),
    ("xs.filter(x, «x»)", "WF0301", "a condition is true or false", None),
    ("xs.reduce(a, x, «0», a + x * 1.5)", "WF0301", "start with `0.0`", "xs.reduce(a, x, 0.0, a + x * 1.5)"),
    ("xs.reduce(a, x, 0, «'x'»)", "WF0301", "it starts with an int and goes on with a string", None),
]


@pytest.mark.parametrize(("marked", "code", "words", "fixed"), MISTAKES, ids=[each[0] for each in MISTAKES])
def test_mistakes(marked: str, code: str, words: str, fixed: str | None) -> None:
    text = marked.replace("«", "").replace("»", "")
    _, said = checked(text)
    assert [each.code.code for each in said] == [code]
    assert words in said[0].message
    if "«" in marked:
        start = marked.index("«")
        assert said[0].location.span == (start, marked.index("»") - 1)
    if fixed is not None:
        assert mended(text, said[0]) == fixed
        assert checked(fixed)[1] == []


EXPECTED: list[tuple[str, Type, str, str, str | None]] = [
    ("«ticket.url»", STRING, "WF0305", "may be absent", '(ticket.url ?? "")'),
    ("«s»", BOOL, "WF0301", "a condition is true or false", None),
    ("n / 2", FLOAT, "WF0320", "drops its fraction", "float(n) / 2"),
    ("1 / 2", FLOAT, "WF0320", "drops its fraction", "1.0 / 2"),
    ("«'complaint'»", LABEL, "WF0308", "write `Label.complaint`", "Label.complaint"),
    ("«label»", STRING, "WF0308", "write `string(…)`", "string(label)"),
    ("{score: «'x'», text: s}", HIT, "WF0301", "this is a string, where a float is needed", None),
    ("{score: 1, «txt»: s}", HIT, "WF0302", "did you mean `text`?", "{score: 1, text: s}"),
    ("{score: 1, text: s, «more»: 1}", HIT, "WF0302", "Hit has no field `more`", None),
    ("«{score: 1}»", HIT, "WF0312", "Hit needs the field `text`", None),
    ("«{}»", HIT, "WF0312", "Hit needs the fields `score` and `text`", None),
    ("{score: «ticket.url», text: s}", HIT, "WF0301", "it may be absent", None),
    ("«{a: 1, b: 2}»", MapType(INT), "WF0301", "write its keys as strings", '{"a": 1, "b": 2}'),
    ("«{'score': 1}»", HIT, "WF0301", "write its keys as words", None),
    ("[1, «'a'»]", ListType(INT), "WF0301", "this is a string, where an int is needed", None),
    ("b ? 1 : «'x'»", INT, "WF0301", "this is a string, where an int is needed", None),
    ("oi ?? «'x'»", INT, "WF0301", "this is a string, where an int is needed", None),
    ("«token»", STRING, "WF0301", "this is a secret, where a string is needed", None),
    ("«token»", JSON, "WF0301", "a secret never becomes json", None),
    ("«s»", SECRET, "WF0301", "env:NAME", None),
    ("«xs»", ListType(STRING), "WF0301", "in its elements, an int is no string", None),
    ("«null»", OptionalType(INT), "WF0301", "leave the value out", None),
    ("«s»", FILE, "WF0301", "a file is needed", None),
]


@pytest.mark.parametrize(
    ("marked", "of", "code", "words", "fixed"), EXPECTED, ids=[f"{e[0]} as {e[1]}" for e in EXPECTED]
)
def test_mistakes_where_a_type_is_expected(marked: str, of: Type, code: str, words: str, fixed: str | None) -> None:
    text = marked.replace("«", "").replace("»", "")
    _, said = checked(text, of)
    assert [each.code.code for each in said] == [code]
    assert words in said[0].message
    if "«" in marked:
        assert said[0].location.span == (marked.index("«"), marked.index("»") - 1)
    if fixed is not None:
        assert mended(text, said[0]) == fixed
        assert checked(fixed, of)[1] == []


@pytest.mark.parametrize(
    ("text", "expected", "of"),
    [
        ("'a.txt'", FILE, FILE),
        ('"out/${s}.txt"', FILE, FILE),
        ("[]", ListType(STRING), ListType(NEVER)),
        ("{}", MapType(INT), MapType(NEVER, NEVER)),
        ("b ? 1 : 'x'", JSON, JSON),
        ("[1, 'x']", JSON, ListType(JSON)),
        ("{score: 1, text: s}", HIT, record(score=INT, text=STRING)),
        ("xs", ListType(FLOAT), ListType(INT)),
        ("j.a", BOOL, JSON),
        ("ticket", record(id=STRING), None),
        ("n", OptionalType(FLOAT), INT),
    ],
)
def test_what_fits_where_a_type_is_expected(text: str, expected: Type, of: Type | None) -> None:
    found, said = checked(text, expected)
    assert said == []
    assert of is None or found.type == of


def test_each_mistake_is_told_once_and_none_is_told_for_its_consequences() -> None:
    _, said = checked("nope.a + 1 > s.foo(2) && missing(nope2).x ? [other.thing] : 5 - 'x'")
    assert [each.code.code for each in said] == ["WF0201", "WF0303", "WF0201", "WF0303", "WF0201", "WF0304"]


def test_mistakes_in_all_parts_of_an_expression_are_told_in_one_go() -> None:
    """Arguments, bodies of macros, elements, keys, values, arms: whatever is wrong there is wrong by itself."""
    _, said = checked(
        "{'a': xs.map(x, x.y), 'b': b ? nope : s - 1, (1.5): cel.bind(q, os + '', q.r)}.size()"
        " > [m.transformMap(k, v, v.w), s.contains(2), size(1, 2)].foo()"
    )
    found = [(each.code.code, each.location.span.start) for each in said]
    assert found == sorted(found, key=lambda each: each[1])
    codes = ["WF0302", "WF0201", "WF0304", "WF0301", "WF0305", "WF0302", "WF0304", "WF0309", "WF0303"]
    assert sorted(code for code, _ in found) == sorted(codes)


def test_every_node_has_a_type() -> None:
    found, _ = checked("xs.map(x, x + n).filter(y, y > 2 ? b : !b).size() + (oi ?? 3)")
    assert {str(each) for each in found.types.values()} == {"int", "int[]", "bool", "int?"}
