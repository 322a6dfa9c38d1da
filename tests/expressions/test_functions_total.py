"""Every function beside values that nobody thought of: it works, or says in its own words why not."""

from __future__ import annotations

import math
import random
from contextlib import suppress
from typing import Any

import pytest

from symphony_dsl.base.conform import INT_MAX, INT_MIN
from symphony_dsl.base.dynamic import ABSENT, UINT_MAX, Option, TypeValue, Uint, as_key
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import Type
from symphony_dsl.base.values import SecretRef, SecretText
from symphony_dsl.expressions.functions.dispatch import takes
from symphony_dsl.expressions.functions.signatures import FunctionError
from symphony_dsl.expressions.functions.table import TABLE
from symphony_dsl.expressions.meter import BUDGET

SAMPLES: dict[type, list[Any]] = {
    type(None): [None],
    bool: [True, False],
    int: [0, 3, -1, INT_MAX, INT_MIN],
    Uint: [Uint(0), Uint(3), Uint(UINT_MAX)],
    float: [0.0, -0.0, 1.5, math.nan, -math.inf, 1e308],
    str: ["", "a", "😀", "%s%d", "(", "+02:00", "1h", "\ud800", "x" * 50],
    bytes: [b"", b"\xff"],
    Timestamp: [Timestamp(0), Timestamp.parse("9999-12-31T23:59:59Z"), Timestamp.parse("0001-01-01T00:00:00Z")],
    Duration: [Duration(0), Duration(2**63 - 1), Duration(-(2**63))],
    TypeValue: [TypeValue("int")],
    SecretRef: [SecretRef("env:A")],
    SecretText: [SecretText(("a", SecretRef("env:A")))],
    dict: [{}, {"a": 1}, {1: None, as_key(True): [1]}],
    Option: [ABSENT, Option(True, 1), Option(True, ABSENT)],
    list: [[], [1], [Uint(1), 1], ["a", "b"], [1.5, "a"], [math.nan], [[1], []], [{"a": 1}], [ABSENT], [SecretRef("env:A")], ["\ud800"]],
}  # fmt: skip


@pytest.mark.parametrize(("style", "name"), sorted(TABLE))
def test_no_value_of_the_right_class_stops_a_function_otherwise_than_by_its_own_words(style: str, name: str) -> None:
    chosen = random.Random(name)
    for overload in TABLE[style, name]:
        for _ in range(40):
            wanted = overload.parameters_for(len(overload.parameters) + (overload.more is not None))
            values = [_sample(chosen, each) for each in wanted]
            size = overload.effort(*values) if overload.effort else 0
            assert size >= 0
            if size < BUDGET:
                with suppress(FunctionError):
                    overload.run(*values)


def _sample(chosen: random.Random, wanted: Type) -> Any:
    return chosen.choice(SAMPLES[chosen.choice([each for each in SAMPLES if takes(wanted, each)])])
