"""Free names, substitution, literals of values, and what tests for absence tell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.base.typed import TYPES, values

from symphony_dsl.base.conform import to_json
from symphony_dsl.base.equality import equal
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import INT, JSON, STRING, ListType, MapType, OptionalType, Type, record
from symphony_dsl.base.values import SecretRef
from symphony_dsl.expressions.folding import NotConstant, constant
from symphony_dsl.expressions.names import literal_of, mentioned, substitute
from symphony_dsl.expressions.narrowing import narrow, path_of
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.tree import Binary, Expr, Literal, Name, Select
from symphony_dsl.expressions.unparse import unparse
from symphony_dsl.expressions.walk import every


def paths(text: str) -> list[str]:
    return [".".join(path) for path, _ in mentioned(parse_expression(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 + 2", []),
        ("a", ["a"]),
        ("a.b.c + a + a.b", ["a.b.c", "a", "a.b"]),
        ("a.b[c.d].e", ["a.b", "c.d"]),
        ("a.b.f(c)", ["a.b", "c"]),
        ("f(a, b.c)", ["a", "b.c"]),
        ("a.?b.c", ["a.b.c"]),
        ("has(a.b) ? a.b : c", ["a.b", "a.b", "c"]),
        ('"${a} and ${b.c}"', ["a", "b.c"]),
        ("{x: a, y}", ["a", "y"]),
        ("{'x': a, (b): c}", ["a", "b", "c"]),
        ("[a, ?b]", ["a", "b"]),
        ("xs.map(x, x.a + y)", ["xs", "y"]),
        ("xs.map(x, x > n, x.a)", ["xs", "n"]),
        ("x.map(x2, x2).filter(y, y.b == x)", ["x", "x"]),
        ("xs.reduce(a, x, a + x, a + x + z)", ["xs", "a", "x", "z"]),
        ("xs.map(x, ys.map(y, x + y + z))", ["xs", "ys", "z"]),
        ("math.abs(n) + lists.range(m).size()", ["n", "m"]),
        ("xs.map(1, y)", ["xs", "y"]),
        ("xs.all(i, x, x > i + n)", ["xs", "n"]),
        ("xs.exists(i, x, p) || xs.existsOne(i, x, q) || xs.exists_one(x, i, r)", ["xs", "p", "xs", "q", "xs", "r"]),
        ("m.transformMap(k, v, k == n, v) == m.transformMap(k, v, k)", ["m", "n", "m"]),
        ("xs.transformList(i, x, x + k)", ["xs", "k"]),
        ("m.transformMapEntry(k, v, w, {(v): k})", ["m", "w"]),
        ("xs.all(x, x, y)", ["xs", "x", "x", "y"]),
        ("xs.all(.x, y)", ["xs", "x", "y"]),
        ("o.optMap(x, x + y).optFlatMap(z, z.a[?x])", ["o", "y", "x"]),
        ("cel.bind(x, x + y, x + z)", ["x", "y", "z"]),
        ("a.bind(x, y, z)", ["a", "x", "y", "z"]),
        ("type(a) == int && b == google.protobuf.Timestamp", ["a", "int", "b", "google.protobuf.Timestamp"]),
    ],
)
def test_free_names(text: str, found: list[str]) -> None:
    assert paths(text) == found


def test_mentioned_gives_the_nodes_of_the_tree() -> None:
    tree = parse_expression("a.b + c")
    assert isinstance(tree, Binary)
    assert [node for _, node in mentioned(tree)] == [tree.left, tree.right]


def put(text: str, **new: str) -> str:
    """Names (`a`) and paths (`a__b`) replaced by other expressions."""

    def replace(node: Expr) -> Expr | None:
        path = path_of(node)
        text = new.get("__".join(path)) if path else None
        return parse_expression(text) if text else None

    return unparse(substitute(parse_expression(text), replace))


@pytest.mark.parametrize(
    ("text", "new", "made"),
    [
        ("a + b", {"a": "1"}, "1 + b"),
        ("a.b.c + a.b + a", {"a__b": "x"}, "x.c + x + a"),
        ("a.b.c", {"a": "x", "a__b__c": "y"}, "y"),
        ("a.b.c", {"a": "x"}, "x.b.c"),
        ("a * c", {"a": "b + 1"}, "(b + 1) * c"),
        ("xs.map(x, x + y)", {"x": "1", "y": "2", "xs": "ys"}, "ys.map(x, x + 2)"),
        ("x.map(x, x.a)", {"x": "ys"}, "ys.map(x, x.a)"),
        ("{a, b: c}", {"a": "1"}, "{ a: 1, b: c }"),
        ('"${a} ${b}"', {"b": "c.d"}, '"${a} ${c.d}"'),
        ("math.abs(math)", {"math": "1"}, "math.abs(1)"),
        ("f(a) ? a.b : [a][a]", {"a": "z"}, "f(z) ? z.b : [z][z]"),
        ("m.transformMap(k, v, v + k + w)", {"k": "1", "v": "2", "w": "3"}, "m.transformMap(k, v, v + k + 3)"),
        ("cel.bind(x, x, x)", {"x": "1", "cel": "2"}, "cel.bind(x, 1, x)"),
    ],
)
def test_substitution(text: str, new: dict[str, str], made: str) -> None:
    assert put(text, **new) == made


def test_what_is_not_touched_stays_the_same_node() -> None:
    tree = parse_expression("xs.map(x, x + 1) + [a]")
    assert substitute(tree, lambda _: None) is tree
    changed = substitute(tree, lambda node: Name(node.span, "b") if path_of(node) == ("a",) else None)
    assert isinstance(changed, Binary)
    assert isinstance(tree, Binary)
    assert changed.left is tree.left
    assert unparse(changed) == "xs.map(x, x + 1) + [b]"


def test_long_chains_are_no_deep_recursion() -> None:
    here = Span(0, 0)
    tree: Expr = Select(here, Name(here, "a"), "b", here)
    for _ in range(5_000):
        tree = Binary(here, "+", here, tree, Select(here, Name(here, "a"), "b", here))
    assert len(mentioned(tree)) == 5_001
    changed = substitute(tree, lambda node: Literal(here, "int", 1) if isinstance(node, Select) else None)
    assert mentioned(changed) == []
    assert sum(1 for _ in every(changed)) == 10_001


@given(st.data(), TYPES)
def test_a_literal_means_its_value(data: st.DataObject, of: Type) -> None:
    value = data.draw(values(of))
    try:
        tree = literal_of(value, of)
    except ValueError:
        assert "$secret" in str(to_json(value))
        return
    assert equal(constant(tree, of), value)


@pytest.mark.parametrize(
    ("value", "of", "text"),
    [
        (-5, INT, "-5"),
        (-0.0, JSON, "-0.0"),
        ({"a": 1}, record(a=INT), "{ a: 1 }"),
        ({"a": 1}, MapType(INT), '{ "a": 1 }'),
        ({"a b": [None, True]}, JSON, '{ "a b": [null, true] }'),
        ([], ListType(INT), "[]"),
        (None, OptionalType(INT), "optional.none()"),
        ({"a": None}, record(a=OptionalType(STRING)), "{ a: optional.none() }"),
        ("${x}", JSON, '"\\${x}"'),
    ],
)
def test_literals(value: Any, of: Type, text: str) -> None:
    assert unparse(literal_of(value, of)) == text


def test_a_secret_has_no_literal() -> None:
    with pytest.raises(ValueError, match="SecretRef cannot be written"):
        literal_of(SecretRef("env:X"))


@pytest.mark.parametrize(
    ("text", "value"),
    [("1 + 2 * 3", 7), ("[1, 2].map(x, x * 2)", [2, 4]), ('"a${1 + 1}"', "a2"), ("{a: 1s}.a > 0s", True)],
)
def test_constants(text: str, value: Any) -> None:
    assert constant(parse_expression(text)) == value


def test_constants_take_the_type_that_is_expected() -> None:
    assert constant(parse_expression("{a: [1]}"), record(a=ListType(JSON))) == {"a": [1]}


@pytest.mark.parametrize(
    ("text", "words"), [("a.b + 1", "`a.b` is known only when"), ("1 / 0", "zero"), ("1 + 'x'", "cannot join")]
)
def test_what_is_not_constant(text: str, words: str) -> None:
    with pytest.raises(NotConstant, match=words):
        constant(parse_expression(text))


@pytest.mark.parametrize(
    ("text", "when_true", "when_false"),
    [
        ("has(a.b)", ["a", "a.b"], []),
        ("!has(a.b)", [], ["a", "a.b"]),
        ("!!has(a)", ["a"], []),
        ("has(a) && b && has(c)", ["a", "c"], []),
        ("!has(a) || b || !has(c)", [], ["a", "c"]),
        ("has(a) || has(b)", [], []),
        ("!(has(a) && has(b))", [], ["a", "b"]),
        ("has(a) && !(b || !has(c))", ["a", "c"], []),
        ("has(m['k'])", ["m", 'm.["k"]'], []),
        ("a == 1", [], []),
        ("has(a) == true", [], []),
        ("has(f(a))", [], []),
    ],
)
def test_narrowing(text: str, when_true: list[str], when_false: list[str]) -> None:
    found = narrow(parse_expression(text))
    assert sorted(".".join(path) for path in found.when_true) == when_true
    assert sorted(".".join(path) for path in found.when_false) == when_false
