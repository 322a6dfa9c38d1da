"""Equality, logic, defaults and conditionals in the exact tier.

`&&` and `||` are CEL's: a side that decides makes nothing of the errors of the other sides, wherever they stand. Errors
that mean the budget is used up are never lost.
"""

from __future__ import annotations

from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.equality import equal
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import plain
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.exact.calls import negation, operation
from symphony_dsl.expressions.exact.frame import Compiler, Compiling, Frame, Run, Step, absorbed, data_path, mismatch
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.pricing import compare
from symphony_dsl.expressions.spines import alternatives, branches, operands, path_nodes
from symphony_dsl.expressions.tree import Binary, Conditional, Unary


def unary(compiler: Compiler, node: Unary) -> Step:
    if node.operator == "-":
        return negation(compiler, node)
    where, span = data_path(node.operand), node.operand.span

    def step(frame: Frame, value: Value) -> bool:
        if value is True or value is False:
            return not value
        raise mismatch(where, "a bool", value, span)

    return step


def binary(compiler: Compiler, node: Binary) -> Compiling:
    """An operator that evaluates both its sides."""
    if node.operator in ("==", "!="):
        return (yield from _equality(compiler, node))
    return (yield from operation(compiler, node))


_EQUAL_AS_IN_PYTHON = frozenset({type(None), bool, int, float, Timestamp, Duration})


def _equality(compiler: Compiler, node: Binary) -> Compiling:
    right: Run = yield compiler.compile(node.right)
    wanted, span = node.operator == "==", node.span

    def step(frame: Frame, one: Value) -> bool:
        other = right(frame)
        of = type(one)
        if of is type(other) and of in _EQUAL_AS_IN_PYTHON:
            return (one == other) is wanted
        try:
            compare(frame[0], one, other)
        except EvaluationError as problem:
            problem.place(span)
            raise
        return (one == other if of is str else equal(one, other)) is wanted

    return step


def compile_logic(compiler: Compiler, node: Binary) -> Compiling:
    """A chain of one operator; the side that decides is the last to be evaluated."""
    sides: list[Run] = []
    for side in operands(node)[1]:
        sides.append((yield from compiler.truth(side)))
    decides = node.operator == "||"

    def run(frame: Frame) -> Value:
        failed = None
        for side in sides:
            try:
                if side(frame) is decides:
                    return decides
            except EvaluationError as problem:
                failed = absorbed(frame, failed, problem)
        if failed:
            raise failed
        return not decides

    return run


def compile_default(compiler: Compiler, node: Binary) -> Compiling:
    """`a ?? b ?? c`: the first that is there."""
    target = compiler.type_of(node)
    values = alternatives(node)[1]
    pairs: list[tuple[Run, Step]] = []
    for value in values[:-1]:
        compiler.soft.update(path_nodes(value))
        run: Run = yield compiler.compile(value)
        pairs.append((run, compiler.converter(value, plain(compiler.type_of(value)), target)))
    last: Run = yield from compiler.as_type(values[-1], target)

    def default(frame: Frame) -> Value:
        for run, convert in pairs:
            value = run(frame)
            if type(value) is Option:
                value = value.value
            if value is not None:
                return convert(frame, value)
        return last(frame)

    return default


def compile_conditional(compiler: Compiler, node: Conditional) -> Compiling:
    target = compiler.type_of(node)
    nodes, last = branches(node)
    pairs: list[tuple[Run, Run]] = []
    for each in nodes:
        condition = yield from compiler.truth(each.condition)
        then = yield from compiler.as_type(each.then, target)
        pairs.append((condition, then))
    otherwise: Run = yield from compiler.as_type(last, target)

    def run(frame: Frame) -> Value:
        for condition, then in pairs:
            if condition(frame):
                return then(frame)
        return otherwise(frame)

    return run
