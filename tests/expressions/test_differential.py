"""Expressions mean what CEL's implementation in C++ says they mean, but for the differences that `differential_known` lists.

An error is compared as such, not its words. Checked expressions are right in their types, but for a `dyn` here and there;
in those that are not checked there are mistakes.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from tests.conftest import PROFILE
from tests.expressions.cel_oracle import NoAnswerError, Oracle
from tests.expressions.differential_forms import FORMS
from tests.expressions.differential_known import KNOWN, Difference
from tests.expressions.differential_terms import DATA, NAMES, Writer, terms
from tests.expressions.differential_types import ANY, Form, fill

from symphony_dsl.expressions.cel import CelError, EvaluationError, cel_program
from symphony_dsl.expressions.conformance.types import read_type
from symphony_dsl.expressions.conformance.values import read_value, written_value

EXAMPLES = 10_000 if PROFILE == "full" else 500
TYPES = {name: read_type(of) for name, of in NAMES.items()}


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    asked = Oracle()
    yield asked
    asked.close()


@pytest.fixture(scope="module")
def values() -> list[Any]:
    """Some data for the names."""
    found: list[Any] = []

    @settings(max_examples=50, derandomize=True)
    @given(DATA)
    def collect(data: Any) -> None:
        found.append(data)

    collect()
    return found


def shown(expr: str, of: str) -> str:
    """The expression, so that the oracle can show its value: it has none for optionals, nor for nanoseconds."""
    if of in ("timestamp", "duration"):
        return f"string({expr})"
    if of.startswith("optional("):
        return f"[?{expr}]"
    return f"({expr}).map(o, [?o])" if of.startswith("list(optional(") else expr


def ours(expr: str, data: Mapping[str, Any], *, checked: bool) -> Any:
    try:
        value = cel_program(expr, TYPES, checked=checked).run({name: read_value(each) for name, each in data.items()})
    except (CelError, EvaluationError) as problem:
        return {"error": problem.message}
    return {"value": alike(written_value(value))}


def alike(written: Any) -> Any:
    """A value as both sides can show it: the keys of a map in order, and no difference between ints and uints there."""
    ((kind, content),) = written.items()
    match kind:
        case "list":
            return {"list": [alike(each) for each in content]}
        case "map":
            pairs = [[{"int": key["uint"]} if "uint" in key else key, alike(value)] for key, value in content]
            return {"map": sorted(pairs, key=json.dumps)}
        case "double":
            return {"double": str(float(content))}
    return written


_FRACTION = re.compile(r'\.?0*(?=[Zs]"\}$)')


def comparable(answer: Any, of: str) -> str:
    """A text that is the same for answers that mean the same."""
    if "value" not in answer:
        return "error" if answer else ""
    text = json.dumps(alike(answer["value"]), ensure_ascii=False)
    return _FRACTION.sub("", text) if of in ("timestamp", "duration") and "." in text else text


def compared(oracle: Oracle, term: tuple[str, str], data: Any, *, checked: bool) -> tuple[str, str, str] | None:
    """The expression, what we say and what the oracle says; None where that is the same, or it says nothing."""
    expr, of = shown(*term), term[1]
    said = ours(expr, data, checked=checked)
    answer = asked(oracle, expr, data, checked=checked)
    if comparable(answer, of) not in ("", comparable(said, of)):
        oracle.close()  # what it says after a long time is not always what it says at first
        answer = asked(oracle, expr, data, checked=checked)
    if comparable(answer, of) in ("", comparable(said, of)):
        return None
    return expr, json.dumps(said, ensure_ascii=False), json.dumps(answer, ensure_ascii=False)


def difference(oracle: Oracle, term: tuple[str, str], data: Any, *, checked: bool) -> str:
    """What is different and not known, as a text; an empty one where nothing is."""
    found = compared(oracle, term, data, checked=checked)
    if found is None or any(each.explains(*found) for each in KNOWN):
        return ""
    return "\n".join((*found, json.dumps(data, ensure_ascii=False)))


def asked(oracle: Oracle, expr: str, data: Any, *, checked: bool) -> Any:
    """What the oracle says; nothing where it breaks down."""
    try:
        return oracle.ask(expr, NAMES, data, checked=checked)
    except NoAnswerError:
        return {}


def one_of(form: Form, chance: random.Random) -> tuple[str, str]:
    """An expression of a form whose places are filled with literals and names."""
    letters = {
        letter: chance.choice(ANY) for letter in sorted(form.letters | set(re.findall(r"\b[A-Z]\b", form.result)))
    }
    return Writer(chance.choice).filled(form, letters, depth=1), fill(form.result, letters)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.result} | {form.text}")
def test_both_know_every_form(oracle: Oracle, form: Form, values: list[Any]) -> None:
    """A form of which no expression has a value would test nothing."""
    for seed in range(200):
        chance = random.Random(seed)
        term, data = one_of(form, chance), chance.choice(values)
        expr = shown(*term)
        answer = oracle.ask(expr, NAMES, data)
        if "value" in answer:
            assert comparable(ours(expr, data, checked=True), term[1]) == comparable(answer, term[1]), expr
            return
    raise AssertionError("no expression of this form has a value")


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.reason)
def test_a_known_difference_is_one(oracle: Oracle, known: Difference, values: list[Any]) -> None:
    term = known.example, "bool"
    found = [compared(oracle, term, values[0], checked=checked) for checked in (True, False)]
    assert any(known.explains(*each) for each in found if each)


def test_a_difference_that_is_not_known_is_reported(oracle: Oracle, values: list[Any]) -> None:
    assert difference(oracle, ("1 ?? 2", "int"), values[0], checked=True).startswith("1 ?? 2\n")


@settings(max_examples=EXAMPLES, derandomize=True)
@given(terms(), DATA)
def test_checked_expressions(oracle: Oracle, term: tuple[str, str], data: Any) -> None:
    assert difference(oracle, term, data, checked=True) == ""


@settings(max_examples=EXAMPLES, derandomize=True)
@given(terms(mistakes=4), DATA)
def test_expressions_that_are_not_checked(oracle: Oracle, term: tuple[str, str], data: Any) -> None:
    assert difference(oracle, term, data, checked=False) == ""
