"""Operators at run time."""

from __future__ import annotations

import operator

from symphony_dsl.base.canonical import same
from symphony_dsl.base.types import BOOL, BYTES, DURATION, FLOAT, INT, STRING, TIMESTAMP, Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.compiling import Compiler, Compiling, Frame, Present, Run
from symphony_dsl.expressions.evaluate_calls import call
from symphony_dsl.expressions.spines import alternatives, branches, operands
from symphony_dsl.expressions.tree import Binary, Conditional, Literal, Unary

_EQUAL_AS_IN_PYTHON = frozenset({INT, FLOAT, BOOL, TIMESTAMP, DURATION})
_NUMBERS = frozenset({INT, FLOAT})


def unary(compiler: Compiler, node: Unary, operand: Run) -> Compiling:
    yield from ()
    if node.operator == "!":
        condition = compiler.converted(node.operand, operand, compiler.type_of(node.operand), BOOL)
        return lambda frame: not condition(frame)
    return call(compiler, node, "-", [node.operand], [operand])


def binary(compiler: Compiler, node: Binary, left: Run) -> Compiling:
    """An operator that evaluates both its sides."""
    right = yield compiler.compile(node.right)
    if node.operator in ("==", "!="):
        return _equality(compiler, node, left, right)
    return call(compiler, node, node.operator, [node.left, node.right], [left, right])


def _equality(compiler: Compiler, node: Binary, left: Run, right: Run) -> Run:
    types = {compiler.type_of(node.left), compiler.type_of(node.right)}
    if (len(types) == 1 and types <= _EQUAL_AS_IN_PYTHON) or types == _NUMBERS or _short(node, types):
        compare = operator.eq if node.operator == "==" else operator.ne
        return lambda frame: compare(left(frame), right(frame))
    wanted = node.operator == "=="

    def run(frame: Frame) -> Value:
        one, other = left(frame), right(frame)
        frame[0].walk(one, other)
        return same(one, other) is wanted

    return run


def _short(node: Binary, types: set[Type]) -> bool:
    """Whether texts are compared of which one is written out, so that the comparison is cheap."""
    literal = isinstance(node.left, Literal) or isinstance(node.right, Literal)
    return literal and len(types) == 1 and types <= {STRING, BYTES}


def compile_logic(compiler: Compiler, node: Binary) -> Compiling:
    """`&&` and `||`: from left to right, until one side decides."""
    _, sides = operands(node)
    runs: list[Run] = []
    for side in sides:
        runs.append((yield from compiler.as_type(side, BOOL)))
    compiler.operations += len(sides) - 1
    decides = node.operator == "||"
    if len(runs) == 2:
        return _either(runs[0], runs[1]) if decides else _both(runs[0], runs[1])

    def run(frame: Frame) -> Value:
        for side in runs:
            if side(frame) is decides:
                return decides
        return not decides

    return run


def _both(left: Run, right: Run) -> Run:
    return lambda frame: left(frame) and right(frame)


def _either(left: Run, right: Run) -> Run:
    return lambda frame: left(frame) or right(frame)


def compile_default(compiler: Compiler, node: Binary) -> Compiling:
    """`a ?? b ?? c`: the first that is there."""
    target = compiler.type_of(node)
    _, values = alternatives(node)
    pairs: list[tuple[Run, Present]] = []
    for value in values[:-1]:
        run = yield compiler.compile(value)
        pairs.append((run, compiler.present_as(value, target)))
    last = yield from compiler.as_type(values[-1], target)
    compiler.operations += len(pairs)

    def default(frame: Frame) -> Value:
        for run, convert in pairs:
            value = run(frame)
            if value is not None:
                return convert(frame, value)
        return last(frame)

    return default


def compile_conditional(compiler: Compiler, node: Conditional) -> Compiling:
    target = compiler.type_of(node)
    nodes, last = branches(node)
    pairs: list[tuple[Run, Run]] = []
    for each in nodes:
        condition = yield from compiler.as_type(each.condition, BOOL)
        then = yield from compiler.as_type(each.then, target)
        pairs.append((condition, then))
    otherwise = yield from compiler.as_type(last, target)
    compiler.operations += len(pairs)
    if len(pairs) == 1:
        return _if(*pairs[0], otherwise)

    def run(frame: Frame) -> Value:
        for condition, then in pairs:
            if condition(frame):
                return then(frame)
        return otherwise(frame)

    return run


def _if(condition: Run, then: Run, otherwise: Run) -> Run:
    return lambda frame: then(frame) if condition(frame) else otherwise(frame)
