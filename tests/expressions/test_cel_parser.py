"""Plain CEL: its words, strings, numbers and maps, and how its trees are written as expressions of files."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.parser import ExpressionSyntaxError, parse_cel, parse_expression
from symphony_dsl.expressions.tree import Brace, Literal, Name
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.syntax.compare import shape

RESERVED = [
    "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
    "return", "var", "void", "while",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"a ${b} \\\\ \\? \\" \\\' \\`"', "a ${b} \\ ? \" ' `"),
        ("'\\a\\b\\f\\n\\r\\t\\v'", "\a\b\f\n\r\t\v"),
        ("'\\x41\\X4a\\u00e9\\U0001F62C\\101\\377'", "AJé😬Aÿ"),
        ("'\\ud83d\\ude2c\\uD83D\\uDE2C'", "😬😬"),
        ("'''x''x'''", "x''x"),
        ('"""\n    a ${b}\n      "c"\n    """', '\n    a ${b}\n      "c"\n    '),
        ("'''a\r\nb'''", "a\r\nb"),
        ('"""a\\"""b"""', 'a"""b'),
        ("r'\\d\\'", "\\d\\"),
        ('R"""\\"\n"""', '\\"\n'),
        ("''", ""),
        ("b'ÿ\\377\\xfF\\n'", b"\xc3\xbf\xff\xff\n"),
        ("B'''\n'''", b"\n"),
        ("br'\\x'", b"\\x"),
        ("rB'\\x'", b"\\x"),
        ("bR'''\\u00e9'\n'''", b"\\u00e9'\n"),
        ('Rb"""a"""', b"a"),
        ("1", 1),
        ("007", 7),
        ("0x1fF", 511),
        ("-0xA", -10),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("- 9223372036854775808", -(2**63)),
        ("-0x8000000000000000", -(2**63)),
        ("5u", 5),
        ("0xFFFFFFFFFFFFFFFFU", 2**64 - 1),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.5e-3", 0.0015),
        ("-1.5E+3", -1500.0),
        ("true", True),
        ("null", None),
    ],
)
def test_literals(text: str, value: Any) -> None:
    made = parse_cel(text)
    assert isinstance(made, Literal)
    assert (made.value, type(made.value)) == (value, type(value))
    assert shape(parse_expression(unparse(made))) == shape(made)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("{a: 1, 'b': c, ?d.e: f, 1 + 1: 2, -1.5: 3, 4u: 5,}", '{ (a): 1, "b": c, ?(d.e): f, (1 + 1): 2, (-1.5): 3, 4u: 5 }'),
        ("{ a ? b : c : d ? e : f }", "{ (a ? b : c): d ? e : f }"),
        ("{}", "{}"),
        ("{,}", "{}"),
        ("[,]", "[]"),
        ("[?a, b,]", "[?a, b]"),
        ("input + step.match + it.output(yield)", "`input` + `step`.match + it.output(`yield`)"),
        ("a.`content-type`.?`in`[?b]", "a.`content-type`.?`in`[?b]"),
        ("a.package.for(x).if", "a.package.for(x).if"),
        ("a ?.b:c", "a ? .b : c"),
        ("a.?b ? .5:c", "a.?b ? 0.5 : c"),
        ("a ? b : c ? d : e", "a ? b : c ? d : e"),
        ("a < b == c != d in e", "a < b == c != d in e"),
        ("!!!!x == ---y", "!!!!x == ---y"),
        ("1in[1]", "1 in [1]"),
        (".a.b(.c(1), .d)", ".a.b(c(1), .d)"),
        ("google.protobuf.Timestamp == type(x)", "google.protobuf.Timestamp == type(x)"),
        ("a // b\n\f\t+\r\nc /// d", "a + c"),
        ("'${x}' + \"${x}\" + r'\\'", '"\\${x}" + "\\${x}" + "\\\\"'),
        ("xs.map(x, {x: [x]})", "xs.map(x, { (x): [x] })"),
    ],
)  # fmt: skip
def test_trees_are_written_as_expressions_of_files(text: str, written: str) -> None:
    made = parse_cel(text)
    assert unparse(made) == written
    assert shape(parse_expression(written)) == shape(made)


def test_a_word_key_is_a_name() -> None:
    made = parse_cel("{a: 1}")
    assert isinstance(made, Brace)
    [entry] = made.entries
    assert isinstance(entry.key, Name)
    assert (entry.key_span, entry.span, made.span) == (Span(1, 2), Span(1, 5), Span(0, 6))


@pytest.mark.parametrize("word", RESERVED)
def test_reserved_words_name_fields_only(word: str) -> None:
    assert shape(parse_cel(f"a.{word}")) == shape(parse_expression(f"a.{word}"))
    for text in (word, f"{word}(1)", f".{word}", f"xs.map({word}, 1)"):
        with pytest.raises(ExpressionSyntaxError, match=f"`{word}` is a word that CEL keeps for itself"):
            parse_cel(text)


@pytest.mark.parametrize(
    ("text", "span", "message"),
    [
        ("Foo{a: 1}", Span(0, 4), '`Foo{…}` makes a message, and there are none here; write a map `{ "a": … }`'),
        ("a.b.Foo{}", Span(4, 8), '`Foo{…}` makes a message, and there are none here; write a map `{ "a": … }`'),
        ("{a}", Span(2, 3), "expected an operator or `:`, but found `}`"),
        ("{'a': 1 'b': 2}", Span(8, 11), None),
        ("x.in", Span(2, 4), "`in` is a word that CEL keeps for itself; write it in back-quotes"),
        ("`a`", Span(0, 3), "back-quotes stand around the name of a field only, behind its dot"),
        ("a.`b`()", Span(2, 5), "back-quotes stand around the name of a field only, behind its dot"),
        ("f(`a`)", Span(2, 5), "back-quotes stand around the name of a field only, behind its dot"),
        ('"\\${x}"', Span(1, 3), "`\\$` is no escape; a backslash itself is written `\\\\`"),
        ("'\\ud83d'", Span(1, 7), "`\\ud83d` is no character"),
        ("'\\U00110000'", Span(1, 11), "`\\U00110000` is no character"),
        ("'\\400'", Span(1, 3), "`\\4` is no escape; a backslash itself is written `\\\\`"),
        (
            "b'a\\u0041'",
            Span(3, 9),
            "`\\u0041` is a character, which stands in strings only; a byte is written `\\x…`",
        ),
        ("a?.b", Span(1, 3), "`?.` is written `.?`"),
        ("'a\nb'", Span(0, 1), "this string is not closed"),
        ("'''a''", Span(0, 3), "this string is not closed"),
        ("1 - 9223372036854775808", Span(4, 23), "the number `9223372036854775808` is too large: an int has 64 bits"),
        ("-(9223372036854775808)", Span(2, 21), "the number `9223372036854775808` is too large: an int has 64 bits"),
        ("18446744073709551616u", Span(0, 21), "the number `18446744073709551616u` is too large: a uint has 64 bits"),
        (
            "\u0430mount",
            Span(0, 1),
            "`\u0430` (U+0430) stands in strings only; names are written with the letters `a` to `z`, digits and `_`",
        ),
        ("\uff11", Span(0, 1), "`\uff11` (U+FF11) means nothing outside of strings"),
        ("1\u0661", Span(0, 2), "`1\u0661` is neither a number nor a duration"),
        ("1.\u0661", Span(2, 3), "`\u0661` (U+0661) means nothing outside of strings"),
        ("a \u2260 b", Span(2, 3), "`\u2260` (U+2260) means nothing outside of strings"),
        ("a\u200b", Span(1, 2), "the sign U+200B means nothing outside of strings"),
        ("'\ud800'", Span(1, 2), "U+D800 is half a character and stands nowhere"),
        ("a && (b", Span(5, 6), "this `(` is not closed"),
        ("1 2", Span(2, 3), None),
    ],
)
def test_mistakes(text: str, span: Span, message: str | None) -> None:
    with pytest.raises(ExpressionSyntaxError) as raised:
        parse_cel(text)
    assert raised.value.span == span
    assert raised.value.message == (message or raised.value.message)
    assert raised.value.code.startswith("WF01")


NAMES = st.sampled_from(["a", "b", "input", "step", "match", "size", "type", "it"])
FIELDS = st.one_of(NAMES, st.sampled_from(["if", "package", "`c-d`", "`in`"]))
STRINGS = st.sampled_from(
    ["''", '"${a}"', "'a\\nb\\x00'", "r'\\d'", "'''\n  x'''", '"\\"é"', "b'\\xff'", "'\\U0001F62C'"]
)
NUMBERS = st.sampled_from(["0", "1", "0x1F", "7u", "1e3", ".5", "1.5e-3", "true", "false", "null", "1h30m"])
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||", "??"])


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    listed = st.lists(st.tuples(st.sampled_from(["", "?"]), inner).map("".join), max_size=3)
    entries = st.lists(st.tuples(st.sampled_from(["", "?"]), inner, inner), max_size=3)
    return st.one_of(
        st.tuples(inner, OPERATORS, inner).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]}) ? ({parts[1]}) : {parts[2]}"),
        st.tuples(st.sampled_from(["!", "-", "!!", "--"]), inner).map(lambda parts: f"{parts[0]}({parts[1]})"),
        st.tuples(inner, st.sampled_from([".", ".?"]), FIELDS).map(lambda parts: f"({parts[0]}){parts[1]}{parts[2]}"),
        st.tuples(inner, st.sampled_from(["[", "[?"]), inner).map(lambda parts: f"({parts[0]}){parts[1]}{parts[2]}]"),
        st.tuples(st.sampled_from(["", ".", "a.", "(1)."]), NAMES, inner).map(
            lambda p: f"{p[0]}{p[1]}({p[2]}, {p[2]})"
        ),
        listed.map(lambda parts: f"[{', '.join(parts)}]"),
        entries.map(lambda parts: "{" + ", ".join(f"{mark}{key}: {value}" for mark, key, value in parts) + "}"),
    )


PROGRAMS = st.recursive(st.one_of(NAMES, STRINGS, NUMBERS, NAMES.map(".{}".format)), grown, max_leaves=10)


@given(PROGRAMS)
def test_any_program_means_the_same_as_an_expression_of_a_file(text: str) -> None:
    made = parse_cel(text)
    written = unparse(made)
    assert shape(parse_expression(written)) == shape(made)
    assert unparse(parse_expression(written)) == written
