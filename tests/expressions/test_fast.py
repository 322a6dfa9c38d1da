"""The fast tier beside the exact one: the same value at the same price, or nothing."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symphony_dsl.base.conform import ConversionError
from symphony_dsl.base.diagnostic import Reporter, Severity
from symphony_dsl.base.types import BOOL, JSON, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker import Checked, check
from symphony_dsl.expressions.conversions import leaving
from symphony_dsl.expressions.exact import evaluation
from symphony_dsl.expressions.fast import counting, made
from symphony_dsl.expressions.fast_code import FORMS as ALLOWED
from symphony_dsl.expressions.fast_code import Unserved, settled
from symphony_dsl.expressions.meter import BUDGET, EvaluationError, Meter
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.program import program
from symphony_dsl.expressions.scope import Scope
from symphony_dsl.expressions.tree import Expr
from tests.expressions.typed_expressions import DATA, FORMS, KINDS, NAMES, expressions

LEFT = "left to the exact tier"


def read(source: str, names: Mapping[str, Type], result: Type) -> tuple[Expr, Checked]:
    tree = parse_expression(source)
    reporter = Reporter("", 0, [])
    checked = check(tree, Scope(names), reporter, result)
    wrong = [each.message for each in reporter.found if each.severity is Severity.ERROR]
    assert not wrong, f"{source}: {wrong}"
    return tree, checked


def fast(source: str, env: dict[str, Any], result: Type, names: Mapping[str, Type] = NAMES) -> tuple[Value, Any] | None:
    """The value and its price; LEFT where the function gives up, None where there is no function."""
    tree, checked = read(source, names, result)
    function = counting(tree, checked, names, result, lambda env: (LEFT, 0))
    return function(env) if function else None


def exact(source: str, env: dict[str, Any], result: Type, names: Mapping[str, Type] = NAMES) -> tuple[Value, Any]:
    tree, checked = read(source, names, result)
    meter = Meter()
    try:
        value = evaluation(tree, checked, tuple(names))(meter, [env.get(name) for name in names])
        return leaving(checked.type, result)(Meter(), value, ""), BUDGET - meter.left
    except (EvaluationError, ConversionError) as problem:
        return "failed", str(problem)


@settings(max_examples=60)
@given(st.data())
def test_both_tiers_give_the_same_value_at_the_same_price(data: st.DataObject) -> None:
    of = data.draw(st.sampled_from(list(KINDS.values())))
    source = data.draw(expressions(of))
    env = data.draw(DATA)
    found = fast(source, env, of)
    if found is not None and found[0] is not LEFT:
        assert repr(found) == repr(exact(source, env, of))
