"""Small texts that ask for endless work, or for values that fit into no memory: the meter stops them before."""

from __future__ import annotations

from typing import Any

from tests.expressions.hostile import Case, Value, harmless, refused

ALL = "true"
NONE = "false"
ONE = "1"
LIST = "[1]"

MACROS = {
    "map": ("v.map({0}, {1})", ONE),
    "map with a test": ("v.map({0}, true, {1})", ONE),
    "filter": ("v.filter({0}, {1} != [])", LIST),
    "all": ("v.all({0}, {1})", ALL),
    "exists": ("v.exists({0}, {1})", NONE),
    "exists_one": ("v.exists_one({0}, {1})", ALL),
    "existsOne": ("v.existsOne({0}, {1})", ALL),
    "groupBy": ("v.groupBy({0}, {1}.size() > 0 ? 'a' : 'b')", LIST),
    "sortBy": ("v.sortBy({0}, {1}.size())", LIST),
    "reduce": ("v.reduce(a{0}, {0}, 0, a{0} + {1})", ONE),
    "all of two": ("v.all(i{0}, {0}, {1})", ALL),
    "exists of two": ("v.exists(i{0}, {0}, {1})", NONE),
    "exists_one of two": ("v.exists_one(i{0}, {0}, {1})", ALL),
    "existsOne of two": ("v.existsOne(i{0}, {0}, {1})", ALL),
    "transformList": ("v.transformList(i{0}, {0}, {1})", ONE),
    "transformList with a test": ("v.transformList(i{0}, {0}, true, {1})", ONE),
    "transformMap": ("v.transformMap(i{0}, {0}, {1}).size()", ONE),
    "transformMap with a test": ("v.transformMap(i{0}, {0}, true, {1}).size()", ONE),
    "transformMapEntry": ("v.transformMapEntry(i{0}, {0}, {{(string(i{0})): {1}}}).size()", ONE),
}
"""What each macro over values looks like, and what may stand in the innermost."""


def _nested(shape: str, inner: str, values: str, depth: int) -> str:
    """A macro inside itself."""
    text = inner
    for level in range(depth):
        text = shape.replace("v.", f"{values}.", 1).format(f"y{level}", text)
    return text


NESTINGS = tuple(
    refused(
        _nested(shape, inner, values, depth),
        "cost",
        name=f"{name} inside itself, {depth} deep over {values}",
        heavy=values != "many",
    )
    for name, (shape, inner) in MACROS.items()
    for values, depth in (("many", 2), ("xs", 3), ("[1, 2]", 25))
)


def _growing(name: str, shape: str, start: str, *, heavy: bool = False) -> tuple[Case, Case]:
    """A value that grows with every step: as a reduction, and as variables bound inside each other."""
    bound = start
    for step in range(40):
        bound = f"cel.bind(y{step}, {bound}, {shape.format(f'y{step}')})"
    return (
        refused(f"xs.reduce(y, i, {start}, {shape.format('y')})", "cost", name=f"reduce: {name}", heavy=heavy),
        refused(bound, "cost", name=f"bind: {name}", heavy=heavy),
    )


GROWING = (
    *_growing("texts", "{0} + {0}", "'xx'"),
    *_growing("bytes", "{0} + {0}", "b'xx'"),
    *_growing("lists", "{0} + {0}", "[1, 2]"),
    *_growing("replaced texts", "{0}.replace('x', 'xx')", "'x'"),
    *_growing("joined texts", "[{0}, {0}].join('y')", "'x'"),
    *_growing("formatted texts", "'%s%s'.format([{0}, {0}])", "'x'"),
    *_growing("flattened lists", "[{0}, {0}].flatten()", "[1, 2]"),
    *_growing("mapped lists", "{0}.map(z, [z, z]).flatten()", "[1, 2]", heavy=True),
    *_growing("lists of it", "[dyn({0}), dyn({0})]", "dyn([1])"),
    *_growing("maps of it", "{{'p': dyn({0}), 'q': dyn({0})}}", "dyn({'p': 1})"),
    *_growing("optionals of it", "optional.of(dyn([{0}, {0}]))", "dyn([1])"),
    *_growing("quoted texts", "strings.quote({0})", "'\"'", heavy=True),
)

HOLDS = "xs.slice(0, 30).reduce(y, i, dyn([1]), [y, y])"
"""A small value that takes a billion elements to write out."""

SHARED = (
    refused("xs.reduce(y, i, dyn([1]), [y])", "cost", name="ever deeper lists"),
    refused("xs.reduce(y, i, dyn({'k': 1}), {'k': y})", "cost", name="ever deeper maps"),
    refused("xs.reduce(y, i, dyn(1), dyn(optional.of(y)))", "mistake", cel=("cost",), name="ever deeper optionals"),
    refused('xs.reduce(y, i, "x", "${y}${y}")', "cost", cel=Value("${y}${y}"), name="reduce: interpolations"),
    refused(HOLDS, "cost"),
    refused(f"{HOLDS} == [1]", "any"),
    refused(f"{HOLDS} == {HOLDS}", "cost"),
    refused(f"{HOLDS} in [{HOLDS}]", "cost"),
    refused(f"[{HOLDS}].distinct()", "cost"),
    refused(f"{{'a': {HOLDS}}}", "cost"),
    refused(f"optional.of({HOLDS})", "cost"),
    refused(f"sets.contains([{HOLDS}], [{HOLDS}])", "cost"),
    refused(f"'%s'.format([{HOLDS}])", "cost"),
    refused(f'"${{{HOLDS}}}"', "cost", cel=Value(f"${{{HOLDS}}}")),
    harmless(f"{HOLDS}.size()", 2),
    harmless(f"type({HOLDS}) == list", True),
    refused("xs.slice(0, 50).reduce(y, i, 1, y * 1000)", "failed"),
    harmless("xs.slice(0, 200).reduce(y, i, 1.5, y * y) > 1e300", True),
)

SIZES = (
    *(
        refused(f"lists.range({count})", "cost", units=50)
        for count in (1_000_001, 1_000_000_000, 9_223_372_036_854_775_807)
    ),
    refused("lists.range(1000000).map(i, lists.range(1000000))", "cost"),
    refused("lists.range(999999).size() + lists.range(999999).size()", "cost"),
    refused("s.replace('', s)", "cost", units=20_000),
    refused("s.replace('a', s)", "cost", units=20_000),
    refused("s.replace('a', s, 1000000)", "cost", units=20_000),
    refused("words.map(w, s).join(s) + xs.map(w, s).join(s)", "cost"),
    refused("xs.map(i, s).join()", "cost"),
    refused("many.map(i, t).join(s)", "cost"),
    refused("xs.map(i, s.split(''))", "cost"),
    refused("xs.map(i, s + s)", "cost"),
    refused("xs.map(i, s.reverse())", "cost"),
    refused("xs.map(i, s.upperAscii())", "cost"),
    refused("xs.map(i, s.trim())", "cost"),
    refused("xs.map(i, s.substring(1))", "cost"),
    refused("xs.map(i, bytes(s))", "cost"),
    refused("xs.map(i, base64.encode(bytes(s)))", "cost"),
    refused("xs.map(i, strings.quote(s))", "cost"),
    refused("xs.map(i, many.reverse())", "cost"),
    refused("xs.map(i, many.slice(0, 90000))", "cost"),
    refused("xs.map(i, many + many)", "cost"),
    refused("xs.map(i, many.sort())", "cost"),
    refused("xs.map(i, many.distinct())", "cost"),
    refused("xs.map(i, many.sum())", "cost"),
    refused("xs.map(i, math.greatest(many))", "cost"),
    refused("many.map(i, [xs, xs].flatten().size())", "cost"),
    refused("xs.map(i, [many, many]).flatten().flatten()", "cost"),
    refused("many.sortBy(i, s)", "cost"),
    refused("many.sortBy(i, s + string(i))", "cost"),
    refused("many.groupBy(i, s + string(i))", "cost"),
    refused("many.filter(i, i in many)", "cost"),
    refused("many.filter(i, many.exists(k, k == i))", "cost"),
    refused("many.all(i, many == many)", "cost"),
    refused("xs.all(i, s == s + '')", "cost"),
    refused("xs.all(i, s < s + 'a')", "cost"),
    refused("xs.all(i, !s.contains('b'))", "cost"),
    refused("xs.all(i, s.indexOf('ab') < 0)", "cost"),
    refused("xs.all(i, !s.startsWith(s + 'a'))", "cost"),
    harmless("sets.contains(many, many)", True),
    harmless("sets.equivalent(many, many)", True),
    harmless("sets.intersects(many, many.map(i, -1 - i))", False),
    refused("xs.all(i, sets.contains(many, many))", "cost"),
    refused(
        "[many.map(i, [i]), many.map(i, [i])].flatten().distinct().size() == sets.contains(many, many)",
        "cost",
        "mistake",
    ),
    refused("xs.map(i, (s + 'b' + s).lastIndexOf('a' + s.substring(50000) + 'b' + s))", "cost"),
    harmless("(s + s + s + s).lastIndexOf(s + 'b' + s)", -1, name="a search from the end"),
    harmless("(s + s + s + s).indexOf(s + 'b' + s)", -1, name="a search from the start"),
    harmless("(s + s + s + s).lastIndexOf('b' + s)", -1, name="a search from the end for what begins otherwise"),
    harmless("(s + s).contains(s + 'b')", False, name="a search for what ends otherwise"),
    harmless("(s + s + s + s).split(s + 'b' + s).size()", 1, name="a split at what is not there"),
    harmless("(s + s + s + s).replace(s + 'b' + s, '').size()", 400_000, name="a replacement of what is not there"),
)

PATTERNS = (
    harmless("s.matches('(a+)+$')", True),
    harmless("(s + '!').matches('^(a+)+$')", False),
    harmless("(s + '!').matches('^(a|aa)+$')", False),
    harmless("(s + '!').matches('^(a|a?)+$')", False),
    harmless("(s + '!').matches('^(.*a){20}$')", False),
    *(
        refused(f"t.matches('{pattern}')", "failed", "mistake")
        for pattern in (
            "((a{100}){100}){100}",
            "(((a{1000}){1000}){1000}){1000}",
            "a{1001}",
            "(?:(?:(?:x{30}){30}){30})",
            "\\\\pL{1000}",
            "(",
            ")",
            "[",
            "[z-a]",
            "*",
            "+a",
            "a**",
            "(?P<",
            "(?=a)",
            "(?!a)",
            "(?<=a)",
            "\\\\1",
            "(?#a)",
            "\\\\",
            "\\\\q",
            "[[:nope:]]",
            "\\\\p{Nope}",
            "(?z)",
            "a{1,0}",
            "\\\\x{110000}",
        )
    ),
    refused("t.matches('a{2147483648}')", "any"),
    refused("t.matches('(?P<n>a)(?P<n>b)')", "any"),
    refused("t.matches(" + "'(' + " * 60 + "'(')", "failed", name="60 groups that stay open"),
    refused("t.matches(xs.map(i, '(').join())", "failed", name="1,000 groups that stay open"),
    refused("t.matches(xs.map(i, '(').join() + xs.map(i, ')').join())", "any", name="1,000 groups"),
    refused("t.matches(many.map(i, 'a?').join())", "failed", "cost", name="a pattern of 200,000"),
    refused("t.matches(s)", "failed", "cost", name="a pattern of 100,000"),
    refused(lambda: "t.matches('" + "(" * 16_000 + "')", "failed", "mistake", name="a pattern of 16,000"),
    refused("xs.exists(i, s.matches(string(i) + '\\\\pL{1000}'))", "any", name="1,000 patterns that are too large"),
    refused(
        "many.exists(i, t.matches('\\\\pL{1000}' + string(i)))", "cost", name="100,000 patterns that are too large"
    ),
    refused("many.exists(i, t.matches('[^a]{900}' + string(i)))", "cost", name="100,000 patterns that are large"),
    refused("many.exists(i, t.matches('(' + string(i)))", "failed", "cost", name="100,000 patterns that are wrong"),
    refused("xs.all(i, s.matches('^a*$'))", "cost"),
    *(
        refused(f"xs.all(i, !s.matches('{pattern}'))", "cost", name=f"{name} on a long text", heavy=True)
        for name, pattern in (
            ("900 groups", "(" * 900 + "b" + ")" * 900),
            ("600 choices", "a?" * 600 + "a" * 600 + "b"),
            ("450 classes", "(x+x+)+y|" + "[ab]" * 450 + "b"),
            ("repetitions", "(?:a?){30}(?:a{30}){30}b"),
            ("an end far away", ".*a.{1000}b"),
        )
    ),
)

DEPTH = 100_000


def deep_list() -> dict[str, Any]:
    made: Any = []
    for _ in range(DEPTH):
        made = [made]
    return {"x": made}


def deep_map() -> dict[str, Any]:
    made: Any = {}
    for _ in range(DEPTH):
        made = {"k": made}
    return {"x": made}


def wide() -> dict[str, Any]:
    """Two levels that hold one list a million times."""
    inner = list(range(1_000))
    return {"x": [[inner] * 1_000] * 1_000}


def _of_data() -> list[Case]:
    made = []
    for name, data in (("deep lists", deep_list), ("deep maps", deep_map), ("a shared list", wide)):
        made += [
            refused(text, "cost", "conversion", data=data, name=f"{name}: {text}")
            for text in (
                "x", "[x]", "[x, x]", "{'a': x}", "x == x", "x != x", "x == [x]", "[x] == [x]", "x in [x]", "[x] in [[x]]",
                "[x, x].distinct()", "[x].map(y, y)", "[x].filter(y, y == x)", "b ? x : 1", "[x].all(y, y == x)",
                "[x].reduce(a, y, x, [a, y])", "'%s'.format([x])", "[x].groupBy(y, 'k')", "sets.contains([x], [x])",
            )
        ]  # fmt: skip
        made += [
            refused(text, "cost", "conversion", cel=None, data=data, name=f"{name}: {text}")
            for text in ('"${x}"', '"${[x]}"')
        ]
        made.append(harmless("type(x) == type(1)", False, data=data, name=f"{name}: its type"))
    return [
        *made,
        harmless("x.size()", 1, data=deep_list, name="deep lists: size"),
        harmless("x[0][0][0].size()", 1, data=deep_list, name="deep lists: an element"),
        harmless("x.k.k.k.size()", 1, data=deep_map, name="deep maps: a field"),
        harmless("has(x.k.k.k) && !has(x.k.z)", True, data=deep_map, name="deep maps: has"),
        harmless("x[999][999][999]", 999, data=wide, name="a shared list: an element"),
        refused("x.flatten().flatten().sum()", "cost", "mistake", data=wide, name="a shared list: flattened"),
        refused("x.flatten(1000000000).sum()", "cost", "mistake", data=wide, name="a shared list: flattened far"),
        refused("x.flatten(1000000000)", "cost", "mistake", data=deep_list, name="deep lists: flattened far"),
    ]


CASES: tuple[Case, ...] = (*NESTINGS, *GROWING, *SHARED, *SIZES, *PATTERNS, *_of_data())
