"""Programs: ports as names, what is given and what is missing, long texts, hostile texts and data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symphony_dsl.base.diagnostic import Reporter
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    SECRET,
    STRING,
    EnumType,
    Field,
    ListType,
    OptionalType,
    RecordType,
    Type,
    record,
)
from symphony_dsl.base.values import SecretRef, SecretText
from symphony_dsl.expressions.checker.check import check
from symphony_dsl.expressions.meter import BUDGET, Meter, measured
from symphony_dsl.expressions.program import EvaluationError, of_tree, program
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Binary, Call, Conditional, Expr, Literal, Name, Select, Unary

LABEL = EnumType("Label", (("ok", "all right"), ("bad", "bad")))


def test_ports_with_dots_are_records() -> None:
    names: dict[str, Type] = {"kind.label": LABEL, "kind.score": FLOAT, "x": INT, "deep.a.b": INT, "deep.a.c": INT}
    env = {"kind.label": "all right", "kind.score": 0.5, "x": 2, "deep.a.b": 3, "deep.a.c": 4}
    assert program('kind.label == "all right" && kind.score < 1', names, BOOL).run(env) is True
    assert program("x + deep.a.b + deep.a.c", names, INT).run(env) == 9
    assert program("kind", names, JSON).run(env) == {"label": "all right", "score": 0.5}
    assert program("kind", names, record(label=LABEL)).run(env) == {"label": "all right"}


def test_what_may_be_absent_may_be_missing() -> None:
    names: dict[str, Type] = {"a": OptionalType(INT), "s.b": OptionalType(INT)}
    text = "(a ?? 1) + (s.b ?? 10)"
    assert program(text, names, INT).run({}) == 11
    assert program(text, names, INT).run({"a": 2, "s.b": None}) == 12


def test_what_is_needed_and_missing_is_named() -> None:
    with pytest.raises(EvaluationError, match=r"needs `kind\.label`") as caught:
        program("kind.label", {"kind.label": STRING}, STRING).run({})
    assert caught.value.code == "binding"


@pytest.mark.parametrize(
    ("source", "words"), [("a +", "."), ("b", "`b` is not defined"), ("a", "a condition is true or false")]
)
def test_a_source_that_does_not_fit_is_refused(source: str, words: str) -> None:
    with pytest.raises(EvaluationError, match=words) as caught:
        program(source, {"a": INT}, BOOL)
    assert caught.value.code == "binding"


def test_equal_programs_are_made_once() -> None:
    first = program("a + 1", {"a": INT}, INT)
    assert program("a + 1", {"a": INT}, INT) is first
    assert program("a + 1", {"a": FLOAT}, FLOAT) is not first


def test_fields_with_defaults_that_are_lists_are_no_hindrance() -> None:
    of = RecordType((Field("tags", ListType(STRING), has_default=True, default=["new"]),))
    assert program("r.tags.size()", {"r": of}, INT).run({"r": {"tags": ["a", "b"]}}) == 2
    assert program("{}", {}, of).run({}) == {"tags": ["new"]}


def test_secrets_go_through_as_references() -> None:
    names: dict[str, Type] = {"key": SECRET, "b": BOOL}
    env = {"key": SecretRef("env:KEY"), "b": True}
    assert program("key", names, SECRET).run(env) == SecretRef("env:KEY")
    assert program("b ? key : key", names, SECRET).run(env) == SecretRef("env:KEY")


KEY = SecretRef("env:KEY")
OTHER = SecretRef("file:other")

SECRET_TEXTS: list[tuple[str, Any]] = [
    ('"Bearer ${key}"', SecretText(("Bearer ", KEY))),
    ('"${s}:${n}:${key}!"', SecretText(("me:3:", KEY, "!"))),
    ('"${key}"', KEY),
    ('"${key}${other}"', SecretText((KEY, OTHER))),
    ("\"a${'b' + key}c\"", SecretText(("ab", KEY, "c"))),
    ("s + key", SecretText(("me", KEY))),
    ("key + ':' + other + s", SecretText((KEY, ":", OTHER, "me"))),
    ("'' + key", KEY),
    ('has(lost) ? "x${lost}" : "y${key}"', SecretText(("y", KEY))),
]


@pytest.mark.parametrize(("source", "made"), SECRET_TEXTS)
def test_a_text_made_with_a_secret_is_a_secret(source: str, made: Any) -> None:
    names: dict[str, Type] = {"key": SECRET, "other": SECRET, "s": STRING, "n": INT, "lost": OptionalType(SECRET)}
    env = {"key": KEY, "other": OTHER, "s": "me", "n": 3, "lost": None}
    assert program(source, names, SECRET).run(env) == made
    with pytest.raises(EvaluationError, match="this is a secret, where a string is needed") as caught:
        program(source, names, STRING)
    assert caught.value.code == "binding"


@pytest.mark.parametrize("source", ["xs.reduce(a, x, key, a + s)", 'xs.map(x, "${s}${key}")'])
def test_a_text_with_secrets_costs_what_any_text_costs(source: str) -> None:
    names: dict[str, Type] = {"key": SECRET, "s": STRING, "xs": ListType(INT)}
    env = {"key": KEY, "s": "s" * 100_000, "xs": list(range(400))}
    with pytest.raises(EvaluationError) as caught:
        program(source, names, ListType(SECRET) if "map" in source else SECRET).run(env)
    assert caught.value.code == "cost"


def test_a_program_may_run_many_times() -> None:
    made = program("xs.reduce(a, x, start, a + x)", {"xs": ListType(INT), "start": INT}, INT)
    assert [made.run({"xs": [1, 2], "start": n}) for n in range(3)] == [3, 4, 5]


HERE = Span(0, 0)
N = Name(HERE, "n")
B = Name(HERE, "b")
LENGTH = 2_000


def binary(operator: str, left: Expr, right: Expr) -> Expr:
    return Binary(HERE, operator, HERE, left, right)


def chain(start: Expr, more: Callable[[Expr], Expr]) -> Expr:
    tree = start
    for _ in range(LENGTH):
        tree = more(tree)
    return tree


CHAINS: dict[str, tuple[Expr, Type, Any]] = {
    "sum": (chain(N, lambda tree: binary("+", tree, N)), INT, LENGTH + 1),
    "and": (chain(B, lambda tree: binary("&&", tree, B)), BOOL, True),
    "or": (chain(B, lambda tree: binary("||", tree, B)), BOOL, True),
    "not": (chain(B, lambda tree: Unary(HERE, "!", tree)), BOOL, True),
    "minus": (chain(N, lambda tree: Unary(HERE, "-", tree)), INT, 1),
    "default": (chain(N, lambda tree: binary("??", Name(HERE, "o"), tree)), INT, 1),
    "choice": (chain(N, lambda tree: Conditional(HERE, Unary(HERE, "!", B), N, tree)), INT, 1),
    "method": (chain(Name(HERE, "s"), lambda tree: Call(HERE, tree, "trim", HERE, ())), STRING, "x"),
    "equality": (chain(B, lambda tree: binary("==", tree, B)), BOOL, True),
    "field": (
        chain(Name(HERE, "j"), lambda tree: Select(HERE, tree, "a", HERE, optional=True)),
        OptionalType(JSON),
        None,
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_may_be_as_long_as_a_text(name: str) -> None:
    tree, of, result = CHAINS[name]
    names: dict[str, Type] = {"n": INT, "b": BOOL, "s": STRING, "o": OptionalType(INT), "j": JSON}
    made = of_tree(tree, names, of)
    assert made.run({"n": 1, "b": True, "s": " x ", "j": {"a": 1}}) == result


def test_a_mistake_at_the_start_of_a_long_chain_is_told_once() -> None:
    tree = chain(Name(HERE, "nope"), lambda tree: binary("+", tree, N))
    reporter = Reporter("", 0, [])
    check(tree, Scope({"n": INT}), reporter)
    assert [each.code.code for each in reporter.found] == ["WF0201"]


MANY: dict[str, Any] = {"xs": list(range(100_000)), "j": 1, "s": "a" * 100_000}
MANY_NAMES: dict[str, Type] = {"xs": ListType(INT), "j": JSON, "s": STRING}


def test_a_hundred_thousand_elements_are_within_the_budget() -> None:
    assert program("xs.map(x, x * 2 + 1).sum()", MANY_NAMES, INT).run(MANY) == 10_000_000_000
    assert len(program("xs.filter(x, x % 2 == 0).map(x, {v: x})", MANY_NAMES, JSON).run(MANY)) == 50_000
    assert program("xs.distinct().size()", MANY_NAMES, INT).run(MANY) == 100_000


HOSTILE = [
    "xs.map(x, xs.map(y, x))",
    "xs.all(x, xs.all(y, xs.all(z, true)))",
    "xs.filter(x, x in xs)",
    "xs.map(x, xs + xs)",
    "xs.map(x, s)",
    "xs.map(x, s.size() > 0 && s.contains('b'))",
    "xs.map(x, s == s + '')",
    "xs.map(x, s.matches('(a*)*b'))",
    "xs.reduce(a, x, 'ab', a + a)",
    "xs.reduce(a, x, [1], a + a)",
    "xs.reduce(a, x, j, [a])",
    "xs.reduce(a, x, j, [a, a])",
    "xs.reduce(a, x, [j], [a, a]).exists(a, a == a)",
    '"${xs.reduce(a, x, j, [a, a])}"',
    "xs.slice(0, 30).reduce(a, x, j, [a, a])",
    'xs.slice(0, 30).reduce(a, x, "x", "${a}${a}${a}")',
    "s.replace('', s).replace('a', s)",
    "xs.map(x, s).join(s)",
    "lists.range(9000000000)",
    "(s + s + s + s).replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')",
    "xs.slice(0, 20).reduce(a, x, s, a + a).split('')",
    "xs.slice(0, 60).reduce(a, x, 1, a * 1000)",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_texts_end_in_an_error(source: str) -> None:
    with pytest.raises(EvaluationError) as caught:
        program(source, MANY_NAMES, JSON).run(MANY)
    assert caught.value.code == ("failed" if "1000" in source else "cost")


def test_the_price_depends_on_text_and_data_only() -> None:
    """A program that is just within the budget is so every time."""
    made = program("xs.map(x, x + 1 + 1 + 1).size()", MANY_NAMES, INT)
    at_most = BUDGET // 5 - 10
    for _ in range(3):
        assert made.run({**MANY, "xs": [0] * at_most}) == at_most
        with pytest.raises(EvaluationError, match="costs more than 1,000,000 units"):
            made.run({**MANY, "xs": [0] * (at_most + 20)})


def test_a_meter_stops_at_its_budget() -> None:
    meter = Meter(2)
    meter.charge(2)
    with pytest.raises(EvaluationError):
        meter.charge(1)


def test_what_stands_many_times_is_counted_many_times() -> None:
    shared = ["abc", "d"]
    assert measured([shared, shared, {"k": shared}]) == (3 + 1 + 3 * 2, 3 * 4 + 1, 3, 5)
    assert measured("abc") == (0, 3, 0, 0)
    assert measured(5) == (0, 0, 0, 0)


def test_nested_brackets_as_deep_as_the_parser_allows() -> None:
    source = "(" * 50 + "n" + " + 1)" * 50
    assert program(source, {"n": INT}, INT).run({"n": 1}) == 51
    lists = "[" * 60 + "]" * 60
    assert program(lists, {}, JSON).run({}) is not None


def test_literals_of_wrong_size_are_refused_in_trees_made_by_hand() -> None:
    with pytest.raises(EvaluationError, match="64 bits"):
        of_tree(Literal(HERE, "int", 2**63), {}, INT)
