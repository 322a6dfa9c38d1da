"""The exact tier: a tree becomes closures, once; running them is all that happens later.

It works on values alone: functions and operators are found by the classes of what they are given, so that it needs no
types and serves CEL that was never checked. Where `.wf` was checked, types add what values do not tell: what is optional
(`conversions`), where an int becomes a float, where `json` becomes something else.

Every failure is an EvaluationError with the range of the text that it is about.

What stands leftmost in a chain is always evaluated first, so that a chain is a start and steps that hand their value on.
Closures therefore nest as deep as brackets do, never as deep as a chain is long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.check import Checked
from symphony_dsl.expressions.exact.bindings import compile_bind
from symphony_dsl.expressions.exact.calls import compile_function, function_name, method
from symphony_dsl.expressions.exact.frame import Compiler, Compiling, Frame, Run, Step
from symphony_dsl.expressions.exact.literals import compile_brace, compile_list, compile_literal, compile_text
from symphony_dsl.expressions.exact.macros import macro
from symphony_dsl.expressions.exact.operators import (
    binary,
    compile_conditional,
    compile_default,
    compile_logic,
    unary,
)
from symphony_dsl.expressions.exact.paths import compile_has, compile_name, index, select, type_value
from symphony_dsl.expressions.macros import is_bind, is_macro
from symphony_dsl.expressions.meter import EvaluationError, Meter
from symphony_dsl.expressions.pricing import prices
from symphony_dsl.expressions.tree import (
    Binary,
    Brace,
    Call,
    Conditional,
    Expr,
    Index,
    ListLiteral,
    Literal,
    Name,
    Select,
    Text,
    Unary,
)
from symphony_dsl.expressions.walk import every, settle

Evaluate = Callable[[Meter, Sequence[Value]], Value]
"""Takes the values of the names, in their order."""


def evaluation(tree: Expr, checked: Checked | None, names: Sequence[str]) -> Evaluate:
    """How an expression is evaluated. `checked` is what the checker says of an expression of `.wf`; CEL has none."""
    slots = {name: slot for slot, name in enumerate(names, 1)}
    costs = prices(tree)
    compiler = Compiler(checked, costs, _compile, slots, slots, len(slots) + 1, _narrows(tree))
    run = settle(_compile(compiler, tree))
    spare = [None] * (compiler.size - len(slots) - 1)
    nested = len(costs.bodies) > 1

    def evaluate(meter: Meter, values: Sequence[Value]) -> Value:
        try:
            meter.charge(costs.top)
            return _with_room(run, [meter, *values, *spare]) if nested else run([meter, *values, *spare])
        except EvaluationError as problem:
            problem.place(tree.span)
            raise

    return evaluate


def _with_room(run: Run, frame: Frame) -> Value:
    """Run where all calls inside find room at once.

    CPython keeps the frames of Python's calls in chunks of 16 KiB. Rounds of a macro that begin at the end of a chunk would
    take and give back another one with each call, which makes them up to seven times as long. This call asks for so large
    a frame that the chunk it gets has room for what is called from here.
    """
    return run(frame)


_with_room.__code__ = _with_room.__code__.replace(co_stacksize=1 << 14)


def _narrows(tree: Expr) -> bool:
    return any(isinstance(node, Call) and node.name == "has" for node, _ in every(tree))


def _compile(compiler: Compiler, node: Expr) -> Compiling:
    """A node with all that it stands behind: the chain is gone down in a loop, and built up from its start."""
    chain: list[Expr] = []
    while (before := _before(compiler, node)) is not None:
        chain.append(node)
        node = before
    start: Run = yield from _start(compiler, node)
    steps: list[Step] = []
    for link in reversed(chain):
        steps.append((yield from _STEPS[type(link)](compiler, link)))
    return _in_line(start, steps) if steps else start


def _in_line(start: Run, steps: Sequence[Step]) -> Run:
    if len(steps) == 1:
        step = steps[0]
        return lambda frame: step(frame, start(frame))

    def run(frame: Frame) -> Value:
        value = start(frame)
        for step in steps:
            value = step(frame, value)
        return value

    return run


def _before(compiler: Compiler, node: Expr) -> Expr | None:
    """What is evaluated before anything else of a node; None where the node is the start of a chain."""
    match node:
        case Binary(operator="&&" | "||" | "??"):
            return None
        case Binary(left=left):
            return left
        case Select(operand=operand):
            return None if type_value(compiler, node) else operand
        case Index(operand=operand) | Unary(operand=operand):
            return operand
        case Call(target=target):
            return None if is_bind(node) or function_name(node) else target
    return None


def _start(compiler: Compiler, node: Expr) -> Compiling:
    return _STARTS[type(node)](compiler, node)


def _compile_select(compiler: Compiler, node: Select) -> Compiling:
    """A name with dots that is a type."""
    yield from ()
    named = type_value(compiler, node)
    return lambda frame: named


def _compile_call(compiler: Compiler, node: Call) -> Compiling:
    if is_bind(node):
        return compile_bind(compiler, node)
    if node.target is None and node.name == "has":
        return compile_has(compiler, node)
    return compile_function(compiler, node)


def _compile_binary(compiler: Compiler, node: Binary) -> Compiling:
    return compile_default(compiler, node) if node.operator == "??" else compile_logic(compiler, node)


def _step_of_call(compiler: Compiler, node: Call) -> Compiling:
    return macro(compiler, node) if is_macro(node) else method(compiler, node)


def _at_once(make: Callable[[Compiler, Any], Step]) -> Callable[[Compiler, Any], Compiling]:
    """A step that has no other nodes inside."""

    def compiling(compiler: Compiler, node: Expr) -> Compiling:
        yield from ()
        return make(compiler, node)

    return compiling


_Maker = Callable[[Compiler, Any], Compiling]  # each takes the class of node that it stands beside

_STARTS: dict[type, _Maker] = {
    Literal: compile_literal,
    Text: compile_text,
    Name: compile_name,
    Select: _compile_select,
    Call: _compile_call,
    Binary: _compile_binary,
    Conditional: compile_conditional,
    ListLiteral: compile_list,
    Brace: compile_brace,
}

_STEPS: dict[type, _Maker] = {
    Select: _at_once(select),
    Index: index,
    Unary: _at_once(unary),
    Binary: binary,
    Call: _step_of_call,
}
