"""Macros in the exact tier that name one value, or carry one on: `cel.bind`, `optMap`, `optFlatMap`, `reduce`."""

from __future__ import annotations

from symphony_dsl.base.dynamic import ABSENT, Option
from symphony_dsl.base.types import OptionalType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.conversions import boxed
from symphony_dsl.expressions.exact.frame import (
    Compiler,
    Compiling,
    Frame,
    Run,
    absorbed,
    data_path,
    failing,
    mismatch,
    pay,
)
from symphony_dsl.expressions.exact.paths import Failure
from symphony_dsl.expressions.exact.visits import bind, visiting
from symphony_dsl.expressions.macros import Binding, binding
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.tree import Call


def compile_bind(compiler: Compiler, node: Call) -> Compiling:
    """`cel.bind(x, value, body)`. That the value cannot be made is no failure until the variable is used."""
    bound = binding(node)
    if bound is None:
        return failing("failed", "`cel.bind` is written as `cel.bind(x, value, …)`", node.span)
    value_of: Run = yield compiler.compile(bound.outside[0])
    outer, (slot,) = bind(compiler, bound)
    compiler.failing.add(slot)
    body: Run = yield compiler.compile(bound.inside[0])
    compiler.slots = outer
    weight, span = compiler.prices.bodies[node], node.span

    def run(frame: Frame) -> Value:
        try:
            frame[slot] = value_of(frame)
        except EvaluationError as problem:
            frame[slot] = Failure(absorbed(frame, None, problem))
        pay(frame, weight, span)
        return body(frame)

    return run


def option_macro(compiler: Compiler, node: Call, bound: Binding) -> Compiling:
    """`optMap`, whose body gives the value of an optional, and `optFlatMap`, whose body gives an optional."""
    assert node.target is not None, "an optional is what it is called on"
    outer, (slot,) = bind(compiler, bound)
    body: Run = yield compiler.compile(bound.inside[0])
    compiler.slots = outer
    weight, where, span = compiler.prices.bodies[node], data_path(node.target), node.span
    flat = node.name == "optFlatMap"
    of = compiler.type_of(node)
    item = of.item if isinstance(of, OptionalType) else None

    def step(frame: Frame, option: Value) -> Option:
        if type(option) is not Option:
            raise mismatch(where, "an optional", option, span)
        if not option.present:
            return ABSENT
        pay(frame, weight, span)
        frame[slot] = option.value
        value = body(frame)
        if item is not None:
            return boxed(value, item)
        if not flat:
            return Option(True, value)
        if type(value) is not Option:
            raise mismatch("", "an optional", value, span)
        return value

    return step


def reduction(compiler: Compiler, node: Call, bound: Binding) -> Compiling:
    of = compiler.type_of(node)
    start: Run = yield from compiler.as_type(bound.outside[0], of)
    outer, (result, element) = bind(compiler, bound)
    body: Run = yield from compiler.as_type(bound.inside[0], of)
    compiler.slots = outer
    visit = visiting(compiler, node, [element])

    def step(frame: Frame, values: Value) -> Value:
        made = start(frame)
        for _ in visit(frame, values):
            frame[result] = made
            made = body(frame)
        return made

    return step
