"""Functions, methods and operators of the table in the exact tier: found by the classes of the values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symphony_dsl.base.conform import found
from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.exact.frame import Compiler, Compiling, Frame, Run, Step, at_place, data_path, failing
from symphony_dsl.expressions.functions.dispatch import resolve, takes
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, OPERATOR, FunctionError, Overload
from symphony_dsl.expressions.functions.table import overloads
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.pricing import COMPARISONS, charge, compare
from symphony_dsl.expressions.tree import Binary, Call, Expr, Name, Unary

_TOO_LONG = "a whole number is longer than 64 bits"
"""Functions take no such numbers, which may stand in data all the same."""

Apply = Callable[[Frame, Sequence[Value]], Value]
"""Calls the overload that the values ask for, and charges for it."""


def function_name(node: Call) -> str | None:
    """The name of what is called without a value: `size`, `math.abs`; None for a method."""
    if node.target is None:
        return node.name
    if not isinstance(node.target, Name):
        return None
    name = f"{node.target.name}.{node.name}"
    return name if overloads(FUNCTION, name) else None


def compile_function(compiler: Compiler, node: Call) -> Compiling:
    name = function_name(node)
    assert name is not None, "methods stand in chains"
    runs: list[Run] = []
    for argument in node.arguments:
        runs.append((yield compiler.compile(argument.value)))
    if not overloads(FUNCTION, name):
        return failing("failed", f"there is no function `{name}`", node.name_span)
    apply = application(compiler, node, FUNCTION, name, [each.value for each in node.arguments])
    return lambda frame: apply(frame, [run(frame) for run in runs])


def method(compiler: Compiler, node: Call) -> Compiling:
    assert node.target is not None, "a method is called on something"
    runs: list[Run] = []
    for argument in node.arguments:
        runs.append((yield compiler.compile(argument.value)))
    if not overloads(METHOD, node.name):
        missing = failing("failed", f"there is no function `.{node.name}`", node.name_span)
        return lambda frame, _value: missing(frame)
    apply = application(
        compiler, node, METHOD, node.name, [node.target, *(argument.value for argument in node.arguments)]
    )
    if node.name in _ALTERNATIVES and len(runs) == 1:
        return _first_that_is_there(_ALTERNATIVES[node.name], apply, runs[0])
    return lambda frame, value: apply(frame, [value, *(run(frame) for run in runs)])


_ALTERNATIVES: dict[str, Callable[[Option], Value]] = {
    "or": lambda option: option,
    "orValue": lambda option: option.value,
}
"""The methods of an optional whose argument is evaluated only where the optional is absent: what they give else."""


def _first_that_is_there(present: Callable[[Option], Value], apply: Apply, alternative: Run) -> Step:
    def step(frame: Frame, value: Value) -> Value:
        if type(value) is Option and value.present:
            return present(value)
        return apply(frame, [value, alternative(frame)])

    return step


def operation(compiler: Compiler, node: Binary) -> Compiling:
    """An operator of the table with two sides."""
    right: Run = yield compiler.compile(node.right)
    find = _finder(compiler, node, OPERATOR, node.operator, [node.left, node.right])
    price = _pay_for_comparison if node.operator in COMPARISONS else charge
    known: dict[tuple[type, type], _Found] = {}
    span = node.span

    def step(frame: Frame, one: Value) -> Value:
        other = right(frame)
        classes = type(one), type(other)
        run, priced = known.get(classes) or known.setdefault(classes, find(classes, (one, other)))
        try:
            if priced:
                price(frame[0], priced, (one, other))
            return run(one, other)
        except FunctionError as problem:
            raise EvaluationError("failed", str(problem), span) from None
        except OverflowError:
            raise EvaluationError("failed", _TOO_LONG, span) from None
        except EvaluationError as problem:
            problem.place(span)
            raise

    return step


def negation(compiler: Compiler, node: Unary) -> Step:
    apply = application(compiler, node, OPERATOR, "negate", [node.operand])
    return lambda frame, value: apply(frame, (value,))


def application(compiler: Compiler, node: Expr, style: str, name: str, values: Sequence[Expr]) -> Apply:
    find = _finder(compiler, node, style, name, values)
    known: dict[tuple[type, ...], _Found] = {}
    span = node.span

    def apply(frame: Frame, arguments: Sequence[Value]) -> Value:
        classes = tuple(map(type, arguments))
        run, priced = known.get(classes) or known.setdefault(classes, find(classes, arguments))
        try:
            if priced:
                charge(frame[0], priced, arguments)
            return run(*arguments)
        except FunctionError as problem:
            raise EvaluationError("failed", str(problem), span) from None
        except OverflowError:
            raise EvaluationError("failed", _TOO_LONG, span) from None
        except EvaluationError as problem:
            problem.place(span)
            raise

    return apply


def _pay_for_comparison(meter: Meter, overload: Overload, arguments: Sequence[Value]) -> None:
    compare(meter, arguments[0], arguments[1])


_Found = tuple[Callable[..., Value], Overload | None]
"""An implementation; and the overload, where a call of it costs more than any operation."""

_Find = Callable[["tuple[type, ...]", Sequence[Value]], _Found]


def _finder(compiler: Compiler, node: Expr, style: str, name: str, values: Sequence[Expr]) -> _Find:
    """What the checker settled is taken where the values are as it expected; all else is seen from their classes."""
    settled = _settled(compiler, node)
    lenient = compiler.checked is not None
    paths = [path for path in map(data_path, values) if path]
    shown, where, span = "-" if name == "negate" else name, ", ".join(paths), node.span

    def find(classes: tuple[type, ...], arguments: Sequence[Value]) -> _Found:
        overload = settled if _serves(settled, classes) else resolve(style, name, classes, lenient)
        if overload is None:
            listed = " and ".join(map(found, arguments)) or "no arguments"
            raise EvaluationError("conversion", at_place(where, f"`{shown}` does not take {listed}"), span)
        return overload.run, overload if overload.effort is not None or overload.deep else None

    return find


def _serves(overload: Overload | None, classes: tuple[type, ...]) -> bool:
    if overload is None or not overload.takes(len(classes)):
        return False
    return all(map(takes, overload.parameters_for(len(classes)), classes))


def _settled(compiler: Compiler, node: Expr) -> Overload | None:
    """The one signature that the checker found; it matters where values do not tell, as the sum of no floats."""
    choices = compiler.checked.choices.get(node, ()) if compiler.checked else ()
    return choices[0].overload if len(choices) == 1 and not choices[0].dynamic else None
