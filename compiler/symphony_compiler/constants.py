"""Values that are known when the text is read: constants, defaults, annotations, most settings.

Needs the file's constants and enums that the expression names to be worked out. Guarantees a typed value of the expected
type, or a diagnostic.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symphony_compiler.chains import as_written
from symphony_compiler.reading import read
from symphony_compiler.site import Site
from symphony_dsl.base.conform import ConversionError, conform
from symphony_dsl.base.constraints import violation
from symphony_dsl.base.diagnostic import Label
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL, DURATION, FLOAT, INT, STRING, UNKNOWN, Constraint, Type
from symphony_dsl.base.values import Value as Typed
from symphony_dsl.expressions.checks import holds
from symphony_dsl.expressions.folding import NotConstant, constant
from symphony_dsl.expressions.tree import Expr, Literal


@frozen
class Value:
    """`value` counts only where it is `known`."""

    type: Type
    known: bool = False
    value: Any = None


MAX_PARTS = 5_000
MAX_CHARACTERS = 100_000

_PLAIN: dict[str, Type] = {"bool": BOOL, "int": INT, "float": FLOAT, "string": STRING, "duration": DURATION}


def evaluate(site: Site, expr: Expr, expected: Type | None) -> Value:
    if expected is not None and isinstance(expr, Literal) and _PLAIN.get(expr.kind) == expected:
        return Value(expected, True, expr.value)
    reading = read(site, None, expr, as_written(expr, expected))
    of = reading.type if expected is None else expected
    if not reading.sound or of == UNKNOWN:
        return Value(of)
    try:
        made = conform(constant(reading.expr), of)
    except NotConstant as problem:
        site.report("WF0213", expr.span, f"this must be known when the text is read: {problem}")
    except ConversionError as problem:
        site.report("WF0301", expr.span, str(problem))
    else:
        return _sized(site, expr, of, made)
    return Value(of)


def _sized(site: Site, expr: Expr, of: Type, made: Any) -> Value:  # noqa: ANN401 - any value of the language
    """Constants are written out wherever they are used, so they cannot be large."""
    if _is_small(made):
        return Value(of, True, made)
    message = (
        f"a constant has at most {MAX_PARTS:,} parts and {MAX_CHARACTERS:,} characters; read larger data from a file"
    )
    site.report("WF0217", expr.span, message)
    return Value(of)


def _is_small(value: Any) -> bool:  # noqa: ANN401 - any value of the language
    parts, characters = 0, 0
    rest = [value]
    while rest and parts <= MAX_PARTS and characters <= MAX_CHARACTERS:
        part = rest.pop()
        parts += 1
        if isinstance(part, str | bytes):
            characters += len(part)
        elif isinstance(part, dict):
            characters += sum(len(key) for key in part)
            rest.extend(part.values())
        elif isinstance(part, list):
            rest.extend(part)
    return parts <= MAX_PARTS and characters <= MAX_CHARACTERS


def default(site: Site, expr: Expr, of: Type, constraints: tuple[Constraint, ...]) -> tuple[bool, Any]:
    """The default of an input, parameter or field: that there is one, and the value, None where it has an error."""
    made = evaluate(site, expr, of)
    if made.known:
        hold(site, expr.span, "the default", made.value, constraints)
    return True, made.value


def hold(
    site: Site, span: Span, what: str, value: Typed, constraints: tuple[Constraint, ...], labels: Iterable[Label] = ()
) -> None:
    """Report what a value that is known breaks. One that is absent breaks nothing."""
    wrong = None if value is None else violation(value, constraints, "", holds)
    if wrong:
        site.report("WF0301", span, f"{what} breaks a constraint: it {wrong}", labels=labels)
