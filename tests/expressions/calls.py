"""Values of plain CEL for tables of functions: each row is a text and what it comes to, of exactly that class."""

from __future__ import annotations

from typing import Any

import pytest

from symphony_dsl.expressions.cel import EvaluationError, cel_program


def holds(text: str, expected: Any) -> None:
    """The value of a text; `1`, `1u`, `1.0` and `true` are told apart, and NaN is itself."""
    assert repr(cel_program(text, checked=False).run({})) == repr(expected)


def fails(text: str, part: str, code: str = "failed") -> None:
    with pytest.raises(EvaluationError) as caught:
        cel_program(text, checked=False).run({})
    assert caught.value.code == code
    assert part in caught.value.message
