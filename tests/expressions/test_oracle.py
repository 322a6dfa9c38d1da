"""Arithmetic and comparison against an oracle: plain Python, exact where it can be, that knows nothing of our code."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.types import BOOL, FLOAT, INT, ListType, Type
from symphony_dsl.expressions.program import EvaluationError, program

Number: TypeAlias = "int | float"

INTS = st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9)
FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32) | st.sampled_from([0.0, -0.0, 0.5, 2.0**53])
NAMES = ("i", "k", "x", "y")
LIST = ListType(INT)
TYPES: dict[str, Type] = {"i": INT, "k": INT, "x": FLOAT, "y": FLOAT}


@dataclass(frozen=True)
class Node:
    """An operation, or a leaf: a name or a number."""

    operator: str
    left: Node | str | Number
    right: Node | str | Number


Tree: TypeAlias = "Node | str | Number"
LEAVES = st.sampled_from(NAMES) | st.integers(-5, 5) | st.sampled_from([0.5, 1.5, -2.0])


def trees(operators: str) -> st.SearchStrategy[Tree]:
    return st.recursive(
        LEAVES, lambda inner: st.builds(Node, st.sampled_from(list(operators)), inner, inner), max_leaves=8
    )


def text(tree: Tree) -> str:
    if isinstance(tree, Node):
        return f"({text(tree.left)} {tree.operator} {text(tree.right)})"
    return str(tree) if not isinstance(tree, int | float) or tree >= 0 else f"({tree})"


def kind(tree: Tree) -> Type:
    if isinstance(tree, Node):
        return INT if kind(tree.left) == kind(tree.right) == INT else FLOAT
    return TYPES[tree] if isinstance(tree, str) else (INT if isinstance(tree, int) else FLOAT)


class OracleError(Exception):
    pass


def oracle(tree: Tree, env: dict[str, Number]) -> Number:
    if not isinstance(tree, Node):
        return env[tree] if isinstance(tree, str) else tree
    left, right = oracle(tree.left, env), oracle(tree.right, env)
    if isinstance(left, int) and isinstance(right, int):
        return whole(tree.operator, left, right)
    return floating(tree.operator, float(left), float(right))


def whole(operator: str, left: int, right: int) -> int:
    if operator in "/%" and right == 0:
        raise OracleError
    quotient = math.trunc(Fraction(left, right)) if right else 0
    exact = {
        "+": left + right,
        "-": left - right,
        "*": left * right,
        "/": quotient,
        "%": left - right * quotient,
    }[operator]
    bounded = quotient if operator == "%" else exact  # a division without a result has no rest either
    if not -(2**63) <= bounded < 2**63:
        raise OracleError
    return exact


def floating(operator: str, left: float, right: float) -> float:
    if operator == "/" and right == 0:
        return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)
    return {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right}[
        operator
    ]()


environments = st.fixed_dictionaries({"i": INTS, "k": INTS, "x": FLOATS, "y": FLOATS})


@given(trees("+-*/"), environments)
def test_arithmetic(tree: Tree, env: dict[str, Number]) -> None:
    of = kind(tree)
    try:
        expected = oracle(tree, env)
    except OracleError:
        with pytest.raises(EvaluationError):
            program(text(tree), TYPES, of).run(env)
        return
    if not math.isfinite(expected):
        with pytest.raises(EvaluationError, match="not finite"):
            program(text(tree), TYPES, of).run(env)
        return
    made = program(text(tree), TYPES, of).run(env)
    assert (made, type(made), math.copysign(1, made)) == (expected, type(expected), math.copysign(1, expected))


@given(INTS, INTS)
def test_the_rest_and_the_quotient_make_the_number(left: int, right: int) -> None:
    env = {"i": left, "k": right}
    for operator in "/%":
        made = program(f"i {operator} k", {"i": INT, "k": INT}, INT)
        try:
            expected = whole(operator, left, right)
        except OracleError:
            with pytest.raises(EvaluationError):
                made.run(env)
            continue
        assert made.run(env) == expected


@given(trees("+-*"), trees("+-*"), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), environments)
def test_comparisons(left: Tree, right: Tree, operator: str, env: dict[str, Number]) -> None:
    source = f"{text(left)} {operator} {text(right)}"
    try:
        one, other = oracle(left, env), oracle(right, env)
    except OracleError:
        with pytest.raises(EvaluationError):
            program(source, TYPES, BOOL).run(env)
        return
    exact = (Fraction(one) - Fraction(other)) if math.isfinite(one) and math.isfinite(other) else one - other
    expected = {
        "<": exact < 0,
        "<=": exact <= 0,
        ">": exact > 0,
        ">=": exact >= 0,
        "==": exact == 0,
        "!=": exact != 0,
    }[operator]
    if math.isfinite(one) and math.isfinite(other):
        assert program(source, TYPES, BOOL).run(env) is expected


@given(st.lists(st.integers(-100, 100), max_size=8), st.integers(-100, 100))
def test_lists(values: list[int], limit: int) -> None:
    names: dict[str, Type] = {"xs": LIST, "n": INT}
    env = {"xs": values, "n": limit}
    for source, of, expected in [
        ("xs.map(x, x * n)", LIST, [x * limit for x in values]),
        ("xs.filter(x, x > n)", LIST, [x for x in values if x > limit]),
        ("xs.all(x, x > n)", BOOL, all(x > limit for x in values)),
        ("xs.exists(x, x > n)", BOOL, any(x > limit for x in values)),
        ("n in xs", BOOL, limit in values),
        ("xs.sum()", INT, sum(values)),
        ("xs.sort()", LIST, sorted(values)),
        ("xs.sortBy(x, -x)", LIST, sorted(values, reverse=True)),
        ("xs.distinct()", LIST, list(dict.fromkeys(values))),
        ("xs.reverse()", LIST, values[::-1]),
        ("xs.reduce(a, x, n, a - x)", INT, limit - sum(values)),
        ("[xs, xs].flatten()", LIST, values + values),
    ]:
        assert program(source, names, of).run(env) == expected
