"""Ways to what lies behind a value: attributes of Python and of JavaScript, look-alike letters, templates, formats."""

from __future__ import annotations

from tests.expressions.hostile import Case, Value, given, harmless, refused

ATTRIBUTES = (
    "__class__", "__bases__", "__mro__", "__subclasses__", "__globals__", "__builtins__", "__dict__", "__init__",
    "__getattribute__", "__reduce__", "__code__", "__self__", "__func__", "__wrapped__", "__import__", "__name__",
    "__doc__", "__proto__", "mro", "gi_frame", "gi_code", "cr_frame", "ag_frame", "f_back", "f_globals", "f_locals",
    "tb_frame", "func_globals", "co_code", "constructor", "prototype", "toString", "valueOf", "format_map", "encode",
    "denominator", "real", "imag", "append", "pop", "clear", "update", "setdefault", "items", "values", "keys", "get",
    "ns", "utc", "parse", "present", "hasattr", "getattr", "eval", "exec", "open", "print", "compile", "globals",
)  # fmt: skip
"""`size`, `join` and the like are functions of the language too, so they are not here."""

FAMOUS = ("__class__", "mro", "gi_frame", "constructor", "format_map", "real", "present")
"""These are tried on everything."""

SCALARS = ("t", "n", "f", "b", "at", "d", "raw", "xs", "words", "j.t", "j.l", "90s", "'a'", "1", "1.5", "b'a'", "[1]")
"""What has no fields at all; `m`, `j` and `r` have some."""


FEW = ("t", "at", "xs", "j.t")


def _of_scalars(name: str, subjects: tuple[str, ...]) -> list[Case]:
    made = []
    for subject in subjects:
        made += [
            refused(f"{subject}.{name}", "mistake", "conversion", "failed", "syntax"),
            refused(f"({subject}).{name}()", "mistake"),
            refused(f"({subject})['{name}']", "mistake", "conversion", "failed"),
            refused(f"({subject}).`{name}`", "mistake", "conversion", "failed"),
            refused(f"({subject}).?{name}", "mistake", "conversion", "failed", "nothing"),
        ]
    return made


def _of_collections(name: str) -> list[Case]:
    return [
        refused(f"m.{name}", "failed"),
        refused(f"m['{name}']", "failed"),
        refused(f"j.a.{name}", "failed"),
        refused(f"j.a['{name}']", "failed"),
        refused(f"{{'a': 1}}.{name}", "failed", "mistake"),
        refused(f"r.{name}", "mistake", cel=("mistake", "failed")),
        refused(f"{{a: 1}}.{name}", "mistake", cel=None),
        harmless(f"j.a.?{name}", None),
        harmless(f"has(j.a.{name})", False),
        harmless(f"'{name}' in m", False),
        harmless(f"x.{name}", 7, data=given({name: 7})),
        harmless(f"x['{name}']", 7, data=given({name: 7})),
        harmless(f"{{'{name}': 7}}['{name}']", 7),
        harmless(f"{{{name}: 7}}.{name}", 7, cel=None),
        harmless(f"words.map({name}, {name} + {name})", ["bb", "aa", "bb"]),
        harmless(f"xs.reduce({name}, y, 0, {name} + y)", 499_500),
    ]


def _as_a_name(name: str) -> list[Case]:
    return [
        refused(name, "mistake"),
        refused(f"{name}()", "mistake"),
        refused(f"{name}(t)", "mistake"),
        refused(f"m.map(k, {name})", "mistake"),
        harmless(f"{name} + 1", 8, data=lambda: {name: 7}),
    ]


WALKS = (
    refused("''.__class__.__mro__[1].__subclasses__()", "mistake"),
    refused("t.__class__.__base__.__subclasses__()[40]('/etc/passwd').read()", "mistake", "syntax"),
    refused("().__class__", "syntax"),
    refused("(1).__class__.__base__", "mistake"),
    refused("{}.constructor.constructor('return this')()", "syntax", "mistake"),
    refused("[].map.constructor", "mistake"),
    refused("xs.map(x1, x1).gi_frame.f_back.f_globals", "mistake"),
    refused("xs.map(x1, x1.__class__)", "mistake"),
    refused("j.l.map(x1, x1.real)", "conversion", "failed"),
    refused("size.__self__", "mistake"),
    refused("math.__loader__", "mistake"),
    refused("math.sqrt.__globals__", "mistake"),
    refused("lists.range.__module__", "mistake"),
    refused("cel.__dict__", "mistake"),
    refused("type(t).__class__", "mistake", "failed", "conversion"),
    refused("type(t).name", "mistake", "failed", "conversion"),
    refused("has(at.__class__)", "mistake", "conversion", "failed"),
    harmless("has(j.t.__class__)", False, cel=("conversion", "failed")),
    refused("optional.of(t).value", "mistake", "conversion", "failed"),
    refused("optional.of(t).__class__", "mistake", "conversion", "failed"),
    refused("t.join.__func__", "mistake", "failed", "conversion"),
    refused("t['__class__']['__mro__']", "mistake"),
    refused("__import__('os').system('true')", "mistake"),
    refused("lambda: 1", "syntax"),
    refused("[y for y in xs]", "syntax"),
    refused("x := 1", "syntax"),
    refused("import os", "syntax"),
    refused("t; t", "syntax"),
    refused("t\n;import os", "syntax"),
    refused("f'{t.__class__}'", "syntax", "mistake"),
    refused("`t`.`__class__`", "mistake", "syntax"),
    refused("`t.__class__`", "mistake", "syntax"),
    refused("`)+__import__('os').system('true')+(`", "mistake", "syntax"),
    refused("j.`a']+__import__('os').system('true')+x['a`", "failed", "syntax"),
    harmless("'\\'+__import__(\"os\").system(\"true\")+\\''", '\'+__import__("os").system("true")+\''),
)

GENERATED = (
    "None", "True", "False", "self", "len", "int", "str", "meter", "frame", "env", "charge", "left", "cost",
    "exact", "run", "value", "result", "v0", "v1", "t0", "a0", "_", "__", "_0", "_1", "_x", "e", "k", "v", "i", "f0",
    "x0", "n0", "def", "class", "lambda", "return_", "del", "pass", "raise", "global", "not", "and", "or", "is", "with",
    "yield_", "async", "await", "from", "elif", "except", "assert", "nonlocal", "match_",
)  # fmt: skip
"""Words of Python, and names that a program which writes Python might use for itself."""

WORDS = tuple(
    case
    for name in GENERATED
    for case in (
        harmless(f"{name} + 1", 8, data=lambda name=name: {name: 7}),
        harmless(f"words.map({name}, {name} + t).join()", "bshortashortbshort"),
        harmless(f"x.{name} + n", 14, data=given({name: 7})),
    )
)

LOOK_ALIKES = {
    "fullwidth": ("\N{FULLWIDTH LATIN SMALL LETTER T}", "t"),
    "fullwidth low lines": ("\uff3f\uff3fclass\uff3f\uff3f", "__class__"),
    "cyrillic": ("__\N{CYRILLIC SMALL LETTER ES}lass__", "__class__"),
    "greek": ("\N{GREEK SMALL LETTER OMICRON}", "o"),
    "ligature": ("\N{LATIN SMALL LIGATURE FI}", "fi"),
    "mathematical": ("\N{MATHEMATICAL BOLD SMALL N}", "n"),
    "superscript": ("n\N{FEMININE ORDINAL INDICATOR}", "na"),
    "long s": ("\N{LATIN SMALL LETTER LONG S}", "s"),
    "zero width space": ("t\u200b", "t"),
    "zero width joiner": ("__cl\u200dass__", "__class__"),
    "soft hyphen": ("__cl\u00adass__", "__class__"),
    "combining": ("e\u0301", "é"),
    "right to left": ("\u202et", "t"),
    "byte order mark": ("\ufefft", "t"),
    "letter outside of ASCII": ("é", "e"),
}
"""A word, and what it looks like; Python takes some of them for the same name."""


def _look_alikes() -> list[Case]:
    made = []
    for name, (word, like) in LOOK_ALIKES.items():
        twins = given({word: 1, like: 2})
        made += [
            refused(word, "syntax", name=f"{name}: a name"),
            refused(f"r.{word}", "syntax", name=f"{name}: a field"),
            refused(f"{word}(t)", "syntax", name=f"{name}: a function"),
            refused(f"xs.map({word}, 1)", "syntax", name=f"{name}: a variable"),
            refused(f"r.`{word}`", "mistake", cel=("mistake", "failed"), name=f"{name}: a quoted field"),
            refused(f"`{word}`", "mistake", cel=("mistake", "syntax"), name=f"{name}: a quoted name"),
            refused(f"j['{word}']", "failed", name=f"{name}: a key"),
            harmless(f"x['{word}'] * 10 + x['{like}']", 12, data=twins, name=f"{name}: keys that look alike"),
            harmless(
                f"x.`{word}` * 10 + x['{like}']", 12, cel=None, data=twins, name=f"{name}: fields that look alike"
            ),
            harmless(
                f"words.map(`{word}`, `{word}` + t).join()",
                "bshortashortbshort",
                cel=None,
                name=f"{name}: a quoted variable",
            ),
            harmless(f"`{word}` + 1", 8, cel=None, data=lambda word=word: {word: 7}, name=f"{name}: a name of data"),
        ]
    return made


TEMPLATES = (
    "${1+1}", "${x}", "$${x}", "\\${x}", "{{7*7}}", "{7*7}", "{% raw %}", "<%= 7*7 %>", "#{7*7}", "%s", "%n", "%(x)s",
    "{0}", "{0.__class__}", "{x.__class__.__mro__}", "{}", "'+t+'", '"+t+"', "`t`", "$(id)", "x", "1+1", "true",
    "\\u0041", "\\x41", "\\", "'", '"', '"""', "r'a'", "\n", "//", "/*",
)  # fmt: skip
"""Texts of data that somewhere else would be read again."""


def _templates() -> list[Case]:
    made = []
    for text in TEMPLATES:
        own = given(text)
        made += [
            harmless("x", text, data=own, name=f"{text!r}: itself"),
            harmless("x + '' == x", True, data=own, name=f"{text!r}: joined"),
            harmless("[x].join(x).size()", len(text), data=own, name=f"{text!r}: in a list"),
            harmless("t.replace(t, x)", text, data=own, name=f"{text!r}: a replacement"),
            harmless(
                '"<${string(x)}>"', f"<{text}>", cel=Value("<${string(x)}>"), data=own, name=f"{text!r}: in a text"
            ),
        ]
    return made


OBJECTS = (
    {"$secret": "env:HOME"}, {"$secret": ["a", {"$secret": "env:HOME"}]}, {"$param": "top_k"}, {"$ref": "#"},
    {"__class__": "int"}, {"$type": "os.system"}, {"!!python/object": 1},
)  # fmt: skip
"""Objects of data that somewhere else stand for something."""


def _objects() -> list[Case]:
    made = []
    for value in OBJECTS:
        key = next(iter(value))
        own = given(value)
        made += [
            harmless("x", value, data=own, name=f"{value}: itself"),
            harmless("[x][0]", value, data=own, name=f"{value}: in a list"),
            harmless(f"x['{key}'] == x['{key}']", True, data=own, name=f"{value}: its field"),
            harmless(f"x == {{'{key}': x['{key}']}}", True, data=own, name=f"{value}: compared"),
        ]
    return made


FORMATS = (
    *(
        harmless(f"'{text}'", text, name=f"format {text}")
        for text in ("{0.__class__}", "{0[__class__]}", "{!r}", "%n", "%s%s%s%s", "%999999999d", "{:>999999999}")
    ),
    *(
        refused(f"'{text}'.format([n])", "failed", "mistake", "cost", name=f"formatted {text}")
        for text in ("%n", "%", "%%%", "%999999999d", "%*d", "%-d", "%+d", "%1$s", "%(n)s", "%lld", "%c", "%p", "%r")
    ),
    *(
        refused(f"'{text}'.format([f])", "failed", "mistake", "cost", name=f"formatted {text}")
        for text in ("%.999999999f", "%.99999999999999999999f", "%.999999999e", "%.-1f", "%.*f", "%5.2f")
    ),
    refused("'%s %s'.format([n])", "failed", "mistake"),
    refused("'%d'.format([t])", "failed", "mistake"),
    refused("'%s'.format(t)", "mistake"),
    refused("t.format(s)", "mistake"),
    harmless("'{0.__class__}'.format([n])", "{0.__class__}"),
    harmless("'%%'.format([])", "%"),
    harmless("'%s'.format(['%s'])", "%s"),
    harmless("'%s'.format(['%n'])", "%n"),
    refused("'%s'.format([many.map(i, t)]).size() + '%s'.format([lists.range(999999)]).size()", "cost"),
    refused("xs.map(i, '%s%s'.format([s, s])).size()", "cost"),
)

CASES: tuple[Case, ...] = (
    *(case for name in ATTRIBUTES for case in (*_of_scalars(name, FEW), *_of_collections(name), *_as_a_name(name))),
    *(case for name in FAMOUS for case in _of_scalars(name, tuple(each for each in SCALARS if each not in FEW))),
    *WALKS,
    *WORDS,
    *_look_alikes(),
    *_templates(),
    *_objects(),
    *FORMATS,
)
