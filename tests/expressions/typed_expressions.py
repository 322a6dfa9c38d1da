"""Expressions of a wanted type over a few names, and data for these, for properties that hold of all of them.

An expression is made as text, part by part, so that it is one a writer could have written. Data are chosen to meet the
corners: numbers at the ends of their ranges, empty lists, texts around the length at which comparing costs a unit, fields
that are absent, `json` of any shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    DURATION,
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
)

HIT = RecordType(
    (
        Field("score", FLOAT),
        Field("text", STRING),
        Field("rank", INT),
        Field("url", OptionalType(STRING)),
        Field("meta", JSON),
    ),
    "Hit",
)
NAMES: dict[str, Type] = {
    "n": INT,
    "m": INT,
    "f": FLOAT,
    "g": FLOAT,
    "s": STRING,
    "t": STRING,
    "b": BOOL,
    "os": OptionalType(STRING),
    "oi": OptionalType(INT),
    "hit": HIT,
    "best": OptionalType(HIT),
    "hits": ListType(HIT),
    "xs": ListType(INT),
    "fs": ListType(FLOAT),
    "words": ListType(STRING),
    "counts": MapType(INT),
    "j": JSON,
    "at": TIMESTAMP,
    "d": DURATION,
}

INTS = st.sampled_from([0, 1, 2, 3, -1, -7, 10, 2**31, 2**62, 2**63 - 1, -(2**63)])
FLOATS = st.sampled_from([0.0, -0.0, 0.5, 1.0, -2.5, 3.0, 1e308, 1e-300, 9007199254740993.0])
STRINGS = st.sampled_from(["", "a", "b", "abc", "Ä🙂x", "b" * 15, "c" * 16, "c" * 16 + "d", "e" * 100, "1", "true"])
BOOLS = st.booleans()
SCALARS = st.one_of(st.none(), BOOLS, INTS, FLOATS, STRINGS)
KEYS = st.sampled_from(["a", "b", "score", "items"])
JSONS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def _hits(url: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {"score": FLOATS, "text": STRINGS, "rank": INTS, "meta": JSONS}
    return st.fixed_dictionaries(fields, optional={"url": url})


HITS = _hits(STRINGS)

DATA: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "n": INTS,
        "m": INTS,
        "f": FLOATS,
        "g": FLOATS,
        "s": STRINGS,
        "t": STRINGS,
        "b": BOOLS,
        "hit": HITS,
        "hits": st.lists(HITS, max_size=3),
        "xs": st.lists(INTS, max_size=4),
        "fs": st.lists(FLOATS, max_size=4),
        "words": st.lists(STRINGS, max_size=4),
        "counts": st.dictionaries(KEYS, INTS, max_size=3),
        "j": JSONS,
        "at": st.sampled_from([Timestamp.parse("2026-01-31T08:00:00Z"), Timestamp.parse("0001-01-01T00:00:00Z")]),
        "d": st.sampled_from([Duration.parse("90s"), Duration.parse("-1h"), Duration.parse("0s")]),
    },
    optional={"os": st.none() | STRINGS, "oi": st.none() | INTS, "best": st.none() | HITS},
)

Draw = Callable[[st.SearchStrategy[Any]], Any]


class Writer:
    """Writes an expression; `names` are the variables of the macros around it, with their types."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.names: list[tuple[str, Type]] = []
        self.count = 0

    def write(self, of: Type, depth: int) -> str:
        leaves = LEAVES[of]
        own = [name for name, each in self.names if each == of]
        forms = FORMS[of] if depth > 0 else []
        chosen = self.draw(st.sampled_from([*leaves, *own, *own, *forms, *forms]))
        return self.fill(chosen, depth - 1)

    def fill(self, form: str, depth: int) -> str:
        """A form with expressions in its places: `#int#` is one of that type, `#x:int#` names a variable for what
        follows, `#!int#` does not see it,
        `#int.#` has no more parts."""
        pieces = form.split("#")
        names = len(self.names)
        pieces[1::2] = [self.place(place, depth, names) for place in pieces[1::2]]
        del self.names[names:]
        return "".join(pieces)

    def place(self, place: str, depth: int, outside: int) -> str:
        variable, _, kind = place.rpartition(":")
        if variable:
            self.count += 1
            self.names.append((f"{variable}{self.count}", KINDS[kind]))
            return self.names[-1][0]
        inside, self.names = self.names, self.names[:outside] if kind.startswith("!") else self.names
        written = self.write(KINDS[kind.strip("!.")], 0 if kind.endswith(".") else depth)
        self.names = inside
        return written


WORDS, WHOLES, FLOATING, FOUND = ListType(STRING), ListType(INT), ListType(FLOAT), ListType(HIT)
KINDS: dict[str, Type] = {
    "int": INT,
    "float": FLOAT,
    "string": STRING,
    "bool": BOOL,
    "json": JSON,
    "hit": HIT,
    "ints": WHOLES,
    "floats": FLOATING,
    "strings": WORDS,
    "hits": FOUND,
    "time": TIMESTAMP,
    "span": DURATION,
    "map": NAMES["counts"],
}

LEAVES: dict[Type, list[str]] = {
    INT: [
        "n",
        "m",
        "0",
        "1",
        "3",
        "-7",
        "9223372036854775807",
        "hit.rank",
        "counts['a']",
        "counts.b",
        "(oi ?? 2)",
        "(xs[1] ?? 0)",
    ],
    FLOAT: ["f", "g", "0.5", "1e308", "hit.score", "n * 1.5"],
    STRING: [
        "s",
        "t",
        "'a'",
        "'abc'",
        f"'{'c' * 16}'",
        "hit.text",
        "(os ?? 'none')",
        "(hit.url ?? s)",
        "(best.?text ?? t)",
    ],
    BOOL: ["b", "true", "has(os)", "has(hit.url)", "has(best.url)", "has(counts.a)", "has(j.a)", "has(j.a.b)"],
    JSON: ["j", "j.a", "j.score", "j.items", "j['b']", "(j.?a ?? 1)", "hit.meta", "hit.meta.a", "null"],
    HIT: ["hit", "hits[0]", "hits[-1]", "hits[n]"],
    WHOLES: ["xs", "[?oi, n]", "[1, 2, 3]", "[n, m]"],
    FLOATING: ["fs", "[1, 0.5]", "[f, n]"],
    WORDS: ["words", "['a', 'b']", "[s, t]"],
    FOUND: ["hits"],
    TIMESTAMP: ["at", "timestamp('2026-01-31T08:00:00Z')"],
    DURATION: ["d", "90s"],
    NAMES["counts"]: ["counts", "{'a': 1, 'b': n}", "{(s): n, (t): m}"],
}

_ANY = ["(#bool# ? #{0}# : #{0}#)", "cel.bind(#v:{0}#, #!{0}#, #{0}#)"]
_MACRO_ITEMS = (("ints", "int"), ("floats", "float"), ("strings", "string"), ("hits", "hit"))

FORMS: dict[Type, list[str]] = {
    INT: [
        *(f"(#int# {each} #int#)" for each in "+-*/%"),
        "-#int#", "size(#string#)", "#string#.size()", "#ints#.size()", "size(#hits#)", "size(#map#)", "#ints#.sum()",
        "#ints#.reduce(#a:int#, #x:int#, #!int#, #int#)", "#strings#.reduce(#a:int#, #x:string#, #!int#, #int#)",
        "int(#float#)", "int(#string#)", "#ints#[#int#]", "#ints#.max()", "#time#.getFullYear()", "#hit#.rank",
        "#string#.indexOf(#string#)", "math.abs(#int#)", "math.greatest(#int#, #int#)", "(#ints#.first() ?? #int#)",
        "#ints#.first().orValue(n)", "optional.of(#int#).orValue(3)", "optional.of(#int#).value()", "#ints#[?#int#].orValue(m)",
        "os.optMap(#x:string#, size(#string#)).orValue(1)", "{ label: #string#, size: #int#, url: hit.url }.size",
        "(#ints#[#int#] ?? #int#)", "lists.range(3).map(#x:int#, #int#).sum()", "#string#.lastIndexOf(#string#)",
    ],
    FLOAT: [
        *(f"(#float# {each} #float#)" for each in "+-*/"), *(f"(#int# {each} #float#)" for each in "+-*/"),
        "-#float#", "#floats#.sum()", "#ints#.avg()", "float(#int#)", "#hit#.score", "math.ceil(#float#)",
    ],
    STRING: [
        "(#string# + #string#)", '"${#string.#}-${#int.#}"', '"${#bool.#} ${#float.#} ${#json.#} ${#ints.#}"', "#hit#.text",
        "string(#int#)", "#string#.lowerAscii()", "#string#.replace(#string#, #string#)", "#strings#.join(#string#)",
        "#string#.substring(#int#)", "#strings#[#int#]", "#string#.trim()", "(#hit#.url ?? #string#)",
        "#string#.upperAscii()", "#string#.charAt(#int#)", "optional.of(#string#).orValue(s)", "string(#float#)", "string(#span#)",
        "#hits#.map(#x:hit#, #string#).join()", "{ label: #string#, url: hit.url }.?url.orValue(t)",
    ],
    BOOL: [
        *(f"(#{each}# == #{each}#)" for each in ("int", "float", "string", "bool", "json", "ints", "hit", "map", "time")),
        *(f"(#{each}# != #{each}#)" for each in ("int", "string", "json", "strings", "hits", "span")),
        *(f"(#{each}# {sign} #{each}#)" for each in ("int", "float", "string", "time", "span") for sign in ("<", ">=")),
        "(#int# < #float#)", "(#float# == #int#)", "(#json# > 0.5)", "(#json# < 3)", "(#json# == 1)", "(#json# != 1)",
        "(#json# == true)", "(#json# == 'a')", "(#json# == null)", "(#json# != null)", "(#json# == #string#)", "(0 < #json#)",
        "(#bool# && #bool#)", "(#bool# || #bool#)", "(#bool# && #bool# && #bool#)", "!#bool#", "(#json# && #bool#)", "!(#json#)",
        "(#string# in ['a', 'b', 'abc'])", "(#int# in [1, 2, 3])", "(#string# in #strings#)", "(#int# in #ints#)",
        "(#string# in #map#)", "(#json# in ['a', 'b'])", "(#json# in #strings#)", "(#float# in #floats#)", "(#hit# in #hits#)",
        "#string#.contains(#string#)", "#string#.startsWith(#string#)", "#string#.endsWith(#string#)", "#string#.matches('a+')",
        *(f"#{many}#.{name}(#x:{one}#, #bool#)" for many, one in _MACRO_ITEMS for name in ("all", "exists", "exists_one")),
        "#map#.all(#k:string#, #bool#)", "#map#.exists(#k:string#, #v:int#, #bool#)", "#ints#.all(#i:int#, #x:int#, #bool#)",
        "#json#.exists(#x:json#, #bool#)", "(has(hit.url) && hit.url == #string#)",
        "#ints#.first().hasValue()", "best.optMap(#x:hit#, #bool#).orValue(b)", "(#json# in #ints#)", "#json#.all(#x:json#, #bool#)",
        "(#json# == #ints#)", "({ a: #int#, b: #string# } == { a: #int#, b: #string# })", "(#json# < 'b')", "sets.contains(#ints#, #ints#)",
        "(#ints# == #floats#)", "('b' >= #json#)", "(#json# > #int#)",
    ],
    JSON: ["#json#.a", "#json#['score']", "(#json# + 1)", "(#json# + #json#)", "(#json#.?a ?? #json#)", "[#int#, #string#]",
        "#json#.map(#x:json#, #json#)", "#json#.filter(#x:json#, #bool#)", "#json#[#string#]", "{ a: #int#, b: #json#, c: hit.url }",
        "{'a': #json#, 'b': #int#}", "#hits#", "(#bool# ? #json# : #int#)", "#ints#.groupBy(#x:int#, #string#)", "size(#json#)",
    ],
    HIT: ["#hits#[#int#]"],
    WHOLES: [
        "#ints#.map(#x:int#, #int#)", "#hits#.map(#x:hit#, #int#)", "#strings#.map(#x:string#, #int#)",
        "#ints#.filter(#x:int#, #bool#)", "#ints#.map(#x:int#, #bool#, #int#)", "(#ints# + #ints#)", "#ints#.sort()",
        "#ints#.distinct()", "[#int#, #int#]", "#ints#.transformList(#i:int#, #x:int#, #int#)", "#ints#.reverse()",
        "#map#.transformList(#k:string#, #v:int#, #bool#, #int#)", "#ints#.sortBy(#x:int#, #float#)", "#map#.map(#k:string#, #int#)",
        "[#ints#, #ints#].flatten()",
    ],
    FLOATING: ["#hits#.map(#x:hit#, #float#)", "#floats#.filter(#x:float#, #bool#)", "[#float#, #int#]"],
    WORDS: [
        "#hits#.filter(#x:hit#, #bool#).map(#y:hit#, #string#)", "#strings#.filter(#x:string#, #bool#)", "#string#.split(#string#)",
        "#strings#.sortBy(#x:string#, #int#)", "#map#.filter(#k:string#, #bool#)", "#map#.map(#k:string#, #string#)",
    ],
    FOUND: ["#hits#.filter(#x:hit#, #bool#)", "#hits#.sortBy(#x:hit#, #int#)"],
    TIMESTAMP: ["(#time# + #span#)"],
    DURATION: ["(#time# - #time#)", "(#span# + #span#)"],
    NAMES["counts"]: ["#map#.transformMap(#k:string#, #v:int#, #int#)", "{(#string#): #int#, (#string#): #int#}"],
}  # fmt: skip
for _kind, _of in KINDS.items():
    FORMS[_of] = [*FORMS[_of], *(form.format(_kind) for form in _ANY)]


@st.composite
def expressions(draw: Draw, of: Type, depth: int = 3) -> str:
    return Writer(draw).write(of, depth)
