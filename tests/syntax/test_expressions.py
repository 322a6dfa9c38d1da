"""Expressions: text to tree, and the canonical text back."""

from __future__ import annotations

import pytest

from symphony_dsl.base.span import Span
from symphony_dsl.base.times import Duration
from symphony_dsl.expressions import tree
from symphony_dsl.expressions.parser import MAX_LENGTH, ExpressionSyntaxError, parse_expression
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.compare import declarations, shape
from symphony_dsl.syntax.formatter import format_file
from symphony_dsl.syntax.parser import parse_file

CANONICAL = [
    ("a-b*-c", "a - b * -c"),
    ("a - (b - c) - d", "a - (b - c) - d"),
    ("(a - b) - c", "a - b - c"),
    ("(a ? b : c) ? d : (e ? f : g)", "(a ? b : c) ? d : e ? f : g"),
    ("(a || b) && !(c && d)", "(a || b) && !(c && d)"),
    ("!(!x)", "!!x"),
    ("x ?? 0.0 > 0.5", "x ?? 0.0 > 0.5"),
    ("(x ?? y) ?? z ?? w", "(x ?? y) ?? z ?? w"),
    ("(a in b) == c", "a in b == c"),
    ("a in (b == c)", "a in (b == c)"),
    ("(-5).abs()", "(-5).abs()"),
    ("-5.abs()", "-5.abs()"),
    ("- 5", "-5"),
    ("--5 + -(5) + -(-5)", "-(-5) + -(5) + -(-5)"),
    ("(-0).a + -0.0", "0.a + -0.0"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("0x1F + 5u + 1e3 + .5", "31 + 5u + 1000.0 + 0.5"),
    ("90m - 36h", "1h30m - 1d12h"),
    ("a.?b[?c].in_()", "a.?b[?c].in_()"),
    ("x.`content-type` + `if` + x.if", "x.`content-type` + `if` + x.if"),
    (".a.b(.c(1))", ".a.b(c(1))"),
    ("f(text, limit: 3,)", "f(text, limit: 3)"),
    ("[1, ?a,]", "[1, ?a]"),
    ("{a, b: 1 c: 2}", "{ a: a, b: 1, c: 2 }"),
    ("{'a': 1 \"b\": 2, (k): 3, 4: 5, -6: 7, ?true: 8}", '{ "a": 1, "b": 2, (k): 3, 4: 5, -6: 7, ?true: 8 }'),
    ("{}", "{}"),
    ("'it\\'s \"x\"'", '"it\'s \\"x\\""'),
    ("'${x}'", '"\\${x}"'),
    ("r'\\d'", '"\\\\d"'),
    ("b'\\xffé'", "b'\\xff\\xc3\\xa9'"),
    ('"a ${ b + \'c\' } d"', '"a ${b + \'c\'} d"'),
    ('"${m[\'}\']}"', '"${m[\'}\']}"'),
    ('"""${f("in ${x}")}"""', '"""${f("in ${x}")}"""'),
    ('"$${price} \\${x}"', '"$${price} \\${x}"'),
    ("a // why\n + b", "a + b"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "canonical"), CANONICAL)
def test_canonical_text(text: str, canonical: str) -> None:
    made = parse_expression(text)
    assert unparse(made) == canonical
    assert shape(parse_expression(canonical)) == shape(made)


def test_places() -> None:
    expr = parse_expression("a.b + f( c )")
    assert isinstance(expr, tree.Binary)
    assert (expr.span, expr.operator_span) == (Span(0, 12), Span(4, 5))
    assert isinstance(expr.left, tree.Select)
    assert expr.left.field_span == Span(2, 3)
    assert isinstance(expr.right, tree.Call)
    assert (expr.right.span, expr.right.name_span, expr.right.arguments[0].span) == (
        Span(6, 12),
        Span(6, 7),
        Span(9, 10),
    )


def test_an_inserted_expression_has_its_place_in_the_source() -> None:
    text = '"""\n    a\n      ${ first.\n second }\n    """'
    made = parse_expression(text)
    assert isinstance(made, tree.Text)
    [prefix, inserted] = made.parts
    assert prefix == "a\n  "
    assert isinstance(inserted, tree.Select)
    assert text[inserted.span.start : inserted.span.end] == "first.\n second"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"""one line"""', "one line"),
        ('"""\n  a\n    b\n\n  c  \n  """', "a\n  b\n\nc  "),
        ('"""\na\n"""', "a"),
        ('"""\n  """', ""),
        ('"""\n\n  """', ""),
        ('"""\r\n  a\r\n  b\r\n  """', "a\nb"),
        ('r"""\r\n  a\r\n  b\r\n  """', "a\nb"),
        ('"""\n  a\\r\\nb\\r\n  c\n  """', "a\r\nb\r\nc"),
        ('"a\\r\\nb"', "a\r\nb"),
        ("'''\n  a ${b}\n  '''", "a ${b}"),
        ('r"""\n  \\d ${x}\n  """', "\\d ${x}"),
        ('"""\n  \\ta\\u00e9\\x41\\101\n  """', "\taéAA"),
        ('"""\n  a\n \n  b\n  """', "a\n\nb"),
        ('"""\n  a\n    \n  b\n  """', "a\n  \nb"),
    ],
)
def test_blocks_of_text(text: str, value: str) -> None:
    made = parse_expression(text)
    assert isinstance(made, tree.Literal)
    assert made.value == value


def test_literals_have_kinds() -> None:
    found = [parse_expression(text) for text in ("null", "true", "1", "1u", "1.0", "'a'", "b'a'", "1m")]
    assert [literal.kind for literal in found if isinstance(literal, tree.Literal)] == [
        "null", "bool", "int", "uint", "float", "string", "bytes", "duration",
    ]  # fmt: skip
    assert [literal.value for literal in found if isinstance(literal, tree.Literal)] == [
        None, True, 1, 1, 1.0, "a", b"a", Duration.parse("1m"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "span", "message"),
    [
        ("", Span(0, 0), "expected a value, but found the end"),
        ("a b", Span(2, 3), "expected an operator or the end, but found `b`"),
        ("f(a b)", Span(4, 5), "expected `,` before `b`"),
        ("(a", Span(0, 1), "this `(` is not closed"),
        ("f(a]", Span(3, 4), "`]` does not close the `(` that is open here"),
        ("a +", Span(3, 3), "a value is missing behind `+`"),
        ("a and b", Span(2, 5), "`and` is written `&&`"),
        ("a & b", Span(2, 3), "`&` is written `&&`"),
        ("not a", Span(0, 3), "a negation is written `!`, not `not`"),
        ("a = b", Span(2, 3), "a comparison is written `==`, not `=`"),
        ("a?.b", Span(1, 3), "`?.` is written `.?`"),
        ("5min", Span(0, 4), "`5min` is no duration; write `5m`"),
        ("5 minutes", Span(0, 9), "`5 minutes` is no duration; write `5m`"),
        ("1h 30m", Span(0, 6), "a duration is written without blanks: `1h30m`"),
        ("5x", Span(0, 2), "`5x` is neither a number nor a duration"),
        ("a if b else c", Span(2, 4), "`if` is no part of an expression; there a choice is written `condition ? a : b`"),
        ("input.x", Span(0, 5), "`input` is a word of the language; choose another name, or write it in back-quotes"),
        ("x.in", Span(2, 4), "`in` is a word of the language that names nothing; write it in back-quotes"),
        ('"abc', Span(0, 1), "this string is not closed"),
        ('"\\d"', Span(1, 3), "`\\d` is no escape; a backslash itself is written `\\\\`"),
        ('"\\$5"', Span(1, 3), "`\\$` is no escape: only `\\${` needs one"),
        ("'\\ud800'", Span(1, 7), "`\\ud800` is no character"),
        ('"a ${b"', Span(3, 5), "this `${` is not closed by a `}` inside its string"),
        (
            '"a ${b["x"]}"',
            Span(3, 5),
            "this `${` is not closed inside its string; quotes in a `${…}` of a `\"…\"` are written `'…'`",
        ),
        ('"a ${b +}"', Span(8, 8), "a value is missing behind `+`"),
        ('"""a\n"""', Span(0, 3), "the text of a string of several lines starts on the line below its opening quotes"),
        ('"""\n a"""', Span(6, 9), "the closing quotes of a string of several lines stand alone on their line"),
        ('"""\n a\n  """', Span(4, 6), "this line is indented less than the closing quotes of its string"),
        (
            '"""\n\ta\n """',
            Span(4, 6),
            "this line is indented with other blanks (tabs, spaces) than the closing quotes of its string",
        ),
        ("9223372036854775808", Span(0, 19), "the number `9223372036854775808` is too large: an int has 64 bits"),
        ("1e999", Span(0, 5), "the number `1e999` is too large for a float"),
        ("{a: 1, 'b': 2}", Span(7, 10), None),
        ("{a: 1 b}", Span(6, 7), "expected `,` before `b`: a field that is only a word needs its commas"),
        ("a # b", Span(2, 3), "a comment starts with `//`"),
        ("\u201ca\u201d", Span(0, 1), "quotes are straight: `\"`, not `\u201c`"),
        ("$x", Span(0, 1), "`${…}` stands in strings only; outside of them a name stands alone"),
    ],
)  # fmt: skip
def test_mistakes(text: str, span: Span, message: str | None) -> None:
    with pytest.raises(ExpressionSyntaxError) as raised:
        parse_expression(text)
    assert raised.value.span == span
    assert raised.value.message == (message or raised.value.message)
    assert raised.value.code.startswith("WF01")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 65 + "]" * 65,
        "{a: " * 65 + "b" + "}" * 65,
        "f(" * 65 + ")" * 65,
        "(" * 65 + "a" + ")" * 65,
        "(" * 3000 + "a",
        " + ".join(["a"] * 1001),
        "a," * 1500,
        "x" * (MAX_LENGTH + 1),
        "9" * 5000,
        "`" * 3000,
        "${" * 3000,
    ],
    ids=lambda text: text[:6],
)
def test_what_is_too_much_is_refused(text: str) -> None:
    with pytest.raises(ExpressionSyntaxError) as raised:
        parse_expression(text)
    assert "at most" in raised.value.message or raised.value.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(["a"] * 1000),
        " && ".join(["a"] * 1000),
        " ?? ".join(["a"] * 1000),
        "a ? b : " * 499 + "c",
        "-" * 1900 + "a",
        "!" * 1900 + "a",
        "a" + ".b" * 999,
        "a" + "[0]" * 660,
        "a" + ".b()" * 498,
        "f(" * 64 + "a" + ")" * 64,
        "(b ? 1 : !b || b && o ?? 1 + 1 * -" * 64 + "a" + " == a ? 1 : 2)" * 64,
        "[1].map(x, a || " * 64 + "a" + ")" * 64,
        "{a: [" * 32 + "a" + "]}" * 32,
        '"${' + " + ".join(["a"] * 900) + '}"',
    ],
    ids=lambda text: text[:12],
)
def test_chains_may_be_long_and_brackets_may_nest(text: str) -> None:
    made = parse_expression(text)
    canonical = unparse(made)
    assert shape(parse_expression(canonical)) == shape(made)
    file = parse_file("x.wf", f"wf 1.0\n\nconst A = {text}\n")
    written = format_file(file)
    assert declarations(parse_file("x.wf", written)) == declarations(file)


def test_choices_that_follow_each_other_stand_below_each_other() -> None:
    text = "a.is_first ? first_of(a) : b.is_second ? second_of(b) : c.is_third_of_them ? third_of(c) : d.is_all"
    file = parse_file("x.wf", f"wf 1.0\n\nconst A = {text}\nconst B = a ?? b\n")
    assert format_file(file).split("\n")[2:] == [
        "const A = a.is_first ? first_of(a)",
        "  : b.is_second ? second_of(b)",
        "  : c.is_third_of_them ? third_of(c)",
        "  : d.is_all",
        "const B = a ?? b",
        "",
    ]


def test_calls_of_results_stand_below_each_other_where_they_do_not_fit() -> None:
    text = 'words.of[0].trim().split(" ").filter(word, word.size() > 3 && word != "the").map(word, word.size()).sum()'
    file = parse_file("x.wf", f"wf 1.0\n\nconst A = {text}\nconst B = a.trim().split(b).size()\n")
    assert format_file(file).split("\n")[2:] == [
        "const A = words.of[0]",
        "  .trim()",
        '  .split(" ")',
        '  .filter(word, word.size() > 3 && word != "the")',
        "  .map(word, word.size())",
        "  .sum()",
        "const B = a.trim().split(b).size()",
        "",
    ]


def test_what_no_text_gives_is_refused() -> None:
    infinite = tree.Literal(Span(0, 0), "float", float("inf"))
    with pytest.raises(ValueError, match="inf"):
        unparse(infinite)
