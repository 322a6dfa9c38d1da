"""Texts that are too long, too deep, or broken: they are refused after a bounded look at them."""

from __future__ import annotations

from tests.expressions.hostile import Case, Value, harmless, refused

MANY = 100_000


def _long(name: str, piece: str, start: str = "", end: str = "") -> Case:
    """A piece 100,000 times: no expression is that long."""
    return refused(lambda: start + piece * MANY + end, "syntax", name=f"100,000 of {name}", units=0)


LONG = (
    _long("(", "("),
    _long(")", ")"),
    _long("()", "()"),
    _long("[", "["),
    _long("]", "]"),
    _long("{", "{"),
    _long("}", "}"),
    _long("{'a':", "{'a':"),
    _long("!", "!", end="b"),
    _long("-", "-", end="n"),
    _long("- with blanks", "- ", end="n"),
    _long(".a", ".a", "j"),
    _long(".?a", ".?a", "j"),
    _long("[0]", "[0]", "xs"),
    _long("[?0]", "[?0]", "xs"),
    _long("[?", "[?"),
    _long("+1", "+1", "1"),
    _long("+''", "+''", "''"),
    _long("&&b", "&&b", "b"),
    _long("||b", "||b", "b"),
    _long("==b", "==b", "b"),
    _long("in xs", " in xs", "n"),
    _long("??1", "??1", "o"),
    _long("b?1:", "b?1:", end="1"),
    _long("b?", "b?", end="1"),
    _long("?:", "?:"),
    _long("'", "'"),
    _long('"', '"'),
    _long("'''", "'''"),
    _long("`", "`"),
    _long("\\", "\\"),
    _long("${", "${", '"', '"'),
    _long("letters", "a"),
    _long("digits", "9"),
    _long("0x", "0x"),
    _long("1e", "1e"),
    _long(".", "."),
    _long(",", ","),
    _long("1,", "1,", "[", "]"),
    _long("a:1,", "a:1,", "{", "}"),
    _long("calls", "size("),
    _long("methods", ".trim()", "t"),
    _long("line breaks", "\n", end="1"),
    _long("blanks", " ", end="1"),
    _long("comments", "//\n", end="1"),
    _long("comment letters", "/", end="1"),
    _long("NUL", "\0"),
    _long("bidirectional overrides", "\u202e", "'", "'"),
    _long("wide letters", "\N{MATHEMATICAL DOUBLE-STRUCK CAPITAL X}", "'", "'"),
    _long("macros", "[1].map(y,", end="y"),
)

TOKENS = 2_000


def _wide(name: str, piece: str, start: str = "", end: str = "") -> Case:
    """Short enough by its letters, too long by its words and signs."""
    return refused(lambda: start + piece * (TOKENS + 1) + end, "syntax", name=f"2,001 of {name}", units=0)


WIDE = (
    _wide("!", "!", end="b"),
    _wide("-", "-", end="n"),
    _wide(".a", ".a", "j"),
    _wide("+1", "+1", "1"),
    _wide("(", "("),
    _wide("b?1:", "b?1:", end="1"),
    _wide("1,", "1,", "[", "]"),
    _wide("&&b", "&&b", "b"),
)

LEVELS = 64


def _deep(name: str, opening: str, closing: str, *, inner: str = "1", cel: bool = True) -> Case:
    """Brackets inside each other, one more than may be."""
    text = opening * (LEVELS + 1) + inner + closing * (LEVELS + 1)
    return refused(text, "syntax", cel=("syntax",) if cel else None, name=f"65 {name}", units=0)


DEEP = (
    _deep("parentheses", "(", ")"),
    _deep("lists", "[", "]"),
    _deep("indexes", "xs[", "]", inner="0"),
    _deep("maps", "{'a':", "}"),
    _deep("records", "{a:", "}", cel=False),
    _deep("functions", "size(", ")", inner="t"),
    _deep("methods", "t.indexOf(", ")", inner="t"),
    _deep("negated parentheses", "!(", ")", inner="b"),
    _deep("conditions", "(b ? 1 : ", ")"),
    _deep("macros", "[1].map(y,", ")", inner="y"),
    _deep("optionals", "[?", "]", inner="o"),
)

LONGEST = (
    harmless("!" * 1_900 + "b", True, name="1,900 of !"),
    harmless("-" * 1_900 + "n", 7, name="1,900 of -"),
    harmless("1" + "+1" * 900, 901, name="900 of +1"),
    harmless("''" + "+''" * 900, "", name="900 of +''"),
    harmless("b" + "&&b" * 900, True, name="900 of &&b"),
    harmless("b" + "||b" * 900, True, name="900 of ||b"),
    harmless("b" + "==b" * 900, True, name="900 of ==b"),
    harmless("b?1:" * 450 + "2", 1, name="450 conditions"),
    harmless("!b?1:" * 350 + "2", 2, name="350 conditions that do not hold"),
    harmless("o??" * 900 + "2", 2, cel=None, name="900 defaults"),
    harmless("t" + ".trim()" * 450, "short", name="450 methods"),
    harmless("j" + ".?a" * 600, None, name="600 optional fields"),
    harmless("[" + "1," * 950 + "1].size()", 951, name="a list of 951"),
    harmless("{" + ",".join(f"'k{n}':{n}" for n in range(450)) + "}.size()", 450, name="a map of 450"),
    harmless("(" * 60 + "1" + ")" * 60, 1, name="60 parentheses"),
    harmless("(" * 60 + "n" + "+1)" * 60, 67, name="60 sums in parentheses"),
    harmless("[" * 60 + "]" * 60 + "== []", False, name="60 lists"),
    harmless("".join(f"[1].map(y{n}," for n in range(60)) + "1" + ")" * 60 + ".size()", 1, name="60 macros"),
    harmless("(b ? " * 60 + "1" + ": 2)" * 60, 1, name="60 conditions in parentheses"),
    harmless("'" + "a" * 16_000 + "'.size()", 16_000, name="a string of 16,000"),
    harmless("1" + " " * 16_000 + "+ 1", 2, name="16,000 blanks"),
    harmless("1 // " + "/" * 16_000, 1, name="a comment of 16,000"),
    harmless("'" + "\\u0041" * 2_700 + "'.size()", 2_700, name="2,700 escapes"),
    refused("j" + ".a" * 900, "failed", name="900 of .a"),
    refused("xs" + "[0]" * 600, "mistake", name="600 of [0]"),
    refused("j.l" + "[0]" * 600, "failed", "conversion", name="600 of [0] in data"),
    refused("nope" + "+nope" * 900, "mistake", name="900 names that are not defined"),
    refused("t" + "-t" * 900, "mistake", name="900 differences of texts"),
    refused("9" * 16_000, "syntax", "mistake", name="a number of 16,000 digits", units=0),
    refused("0x" + "f" * 16_000, "syntax", "mistake", name="a hexadecimal number of 16,000", units=0),
    refused("-" + "9" * 5_000, "syntax", "mistake", name="a negative number of 5,000 digits", units=0),
    refused("9" * 5_000 + "u", "syntax", "mistake", name="an unsigned number of 5,000 digits", units=0),
    refused("9" * 5_000 + "s", "syntax", "mistake", name="a duration of 5,000 digits", units=0),
    refused("1h" * 5_000, "syntax", "mistake", name="a duration of 5,000 parts", units=0),
    refused("1." + "9" * 5_000 + "e999999", "syntax", "mistake", "conversion", name="a float beyond all", units=0),
    refused("1e" + "9" * 5_000, "syntax", "mistake", "conversion", name="an exponent of 5,000 digits", units=0),
    refused("`" + "a" * 16_000 + "`", "mistake", "syntax", name="a quoted name of 16,000", units=0),
    refused("a" * 16_000, "mistake", name="a name of 16,000", units=0),
)

BROKEN = tuple(
    refused(text, "syntax", name=f"broken: {text!r}", units=0)
    for text in (
        "", " ", "\n", "\0", "\ufeff1 +", "\x1b[31m", "1 +", "(", ")", "[", "]", "{", "}", "'", '"', "`", "``", "\\",
        "'\\", "'\\'", "'\\x'", "'\\u12'", "'\\U00110000'", "'\\ud800'", "'\\udfff'", "'\\400'", "b'\\u0041'", "'a\nb'",
        "1 2", "t t", "1 = 1", "1 === 1", "a++", "t.", "t..t", ".", "?", ":", "b ?", "b ? 1", "b ? : 1", "xs[", "xs[]",
        "xs[1,2]", "size(", "size(,)", "{'a'}", "{'a':}", "{:1}", "[1,,2]", "&& b", "b &&", "b & b", "b | b",
        "1 ^ 1", "~1", "1 ** 2", "if b", "for", "@x", "#", "$x", "${1}", "t!", "->", "=>", "|>", "...",
        "1..2", "0b1", "1_000", "0x", "0xg", "1e", "1e+", "08a", "1.2.3.4", "'a' 'b'", "in", "in xs", "n in", "null.",
        "true = false", "import('os')", "\u2028", "1\u00a0+ 1", "t\u2024t",
        "\N{LEFT SINGLE QUOTATION MARK}t\N{RIGHT SINGLE QUOTATION MARK}", "1 \N{EN DASH} 1",
        "\N{VULGAR FRACTION ONE HALF}", "\N{FULLWIDTH DIGIT ONE}", "\N{INFINITY}", "\N{GREEK SMALL LETTER PI}",
    )
)  # fmt: skip

ODD = (
    harmless("\t1\r\n+\f1\n", 2),
    harmless("1 // a comment\n+ 1", 2),
    harmless("'a\0b'.size()", 3, name="NUL in a string"),
    harmless("'\\u0000'.size()", 1),
    harmless("'\u202e'.size()", 1, name="a bidirectional override in a string"),
    harmless("r'\\'.size()", 1),
    refused("'''a\nb'''.size()", "syntax", cel=Value(3)),
    harmless('"\\${t}"', "${t}", cel=("syntax",)),
    harmless('"$${t}"', "$short", cel=Value("$${t}"), untyped=False),
    refused('"${"', "syntax", cel=Value("${")),
    refused('"${}"', "syntax", cel=Value("${}")),
    refused('"${${t}}"', "syntax", cel=Value("${${t}}")),
    refused('"${t"', "syntax", cel=Value("${t")),
    refused('"${1+}"', "syntax", cel=Value("${1+}")),
    refused('"' + "${" * 5_000 + '"', "syntax", cel=Value("${" * 5_000), name="5,000 of ${"),
    refused('"' + "${t}" * 700 + '".nope()', "mistake", name="700 interpolations"),
)

CASES: tuple[Case, ...] = (*LONG, *WIDE, *DEEP, *LONGEST, *BROKEN, *ODD)
