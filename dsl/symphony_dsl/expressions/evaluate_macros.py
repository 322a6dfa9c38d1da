"""Macros at run time: the body is a closure over the frame, the variable a slot of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from symphony_dsl.base.conform import found
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.compiling import Compiler, Compiling, Frame, Run, data_path
from symphony_dsl.expressions.macros import binding
from symphony_dsl.expressions.meter import EvaluationError
from symphony_dsl.expressions.tree import Call, Expr

Elements: TypeAlias = Callable[[Frame], "list[Value]"]
"""Gives what the macro visits and charges for all of it."""

Visit: TypeAlias = Callable[[Frame], Iterator[tuple[Value, Value]]]
"""Goes through the elements; gives each with the value of the body."""


def macro(compiler: Compiler, node: Call, target: Run) -> Compiling:
    bound = binding(node)
    assert bound is not None, "the checker has seen it"
    if node.name == "reduce":
        return (yield from _reduce(compiler, node, target))
    slot = compiler.new_slot()
    outer, compiler.slots = compiler.slots, {**compiler.slots, bound.variables[0].name: slot}
    outside, compiler.operations = compiler.operations, 0
    *conditions, last = bound.inside
    tests: list[Run] = []
    for condition in conditions:
        tests.append((yield from compiler.as_type(condition, BOOL)))
    body = yield from _body(compiler, node, last)
    elements = _elements(target, node, 1 + compiler.operations)
    compiler.slots, compiler.operations = outer, outside
    if tests:
        return _map_some(elements, slot, tests[0], body)
    return _MAKERS[node.name](_visit(elements, slot, body), node)


def _body(compiler: Compiler, node: Call, body: Expr) -> Compiling:
    if node.name in ("map", "sortBy", "groupBy"):
        return (yield compiler.compile(body))
    return (yield from compiler.as_type(body, BOOL))


def _elements(target: Run, node: Call, weight: int) -> Elements:
    where, span = data_path(node.target) if node.target else "", node.span

    def elements(frame: Frame) -> list[Value]:
        values = _listed(target(frame), where, span)
        frame[0].charge(len(values) * weight)
        return values

    return elements


def _listed(value: Value, where: str, span: Span) -> list[Value]:
    """A list as it is, the keys of a map in their order."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        return sorted(value)
    raise EvaluationError("conversion", f"{where or 'the value'}: expected a list, found {found(value)}", span)


def _visit(elements: Elements, slot: int, body: Run) -> Visit:
    def visit(frame: Frame) -> Iterator[tuple[Value, Value]]:
        for each in elements(frame):
            frame[slot] = each
            yield each, body(frame)

    return visit


def _map(visit: Visit, node: Call) -> Run:
    return lambda frame: [value for _, value in visit(frame)]


def _map_some(elements: Elements, slot: int, test: Run, body: Run) -> Run:
    def run(frame: Frame) -> list[Value]:
        made = []
        for each in elements(frame):
            frame[slot] = each
            if test(frame):
                made.append(body(frame))
        return made

    return run


def _filter(visit: Visit, node: Call) -> Run:
    return lambda frame: [each for each, holds in visit(frame) if holds]


def _all(visit: Visit, node: Call) -> Run:
    return lambda frame: all(holds for _, holds in visit(frame))


def _exists(visit: Visit, node: Call) -> Run:
    return lambda frame: any(holds for _, holds in visit(frame))


def _exists_one(visit: Visit, node: Call) -> Run:
    return lambda frame: sum(holds for _, holds in visit(frame)) == 1


def _group(visit: Visit, node: Call) -> Run:
    span = node.arguments[-1].span

    def run(frame: Frame) -> dict[str, list[Value]]:
        groups: dict[str, list[Value]] = {}
        for each, key in visit(frame):
            if not isinstance(key, str):
                raise EvaluationError("conversion", f"`groupBy` needs strings as keys, found {found(key)}", span)
            groups.setdefault(key, []).append(each)
        return groups

    return run


def _sort(visit: Visit, node: Call) -> Run:
    span = node.arguments[-1].span

    def run(frame: Frame) -> list[Value]:
        pairs = list(visit(frame))
        frame[0].walk([key for _, key in pairs])
        try:
            order = sorted(range(len(pairs)), key=lambda at: pairs[at][1])
        except TypeError:
            raise EvaluationError("conversion", "`sortBy` cannot order keys of different types", span) from None
        return [pairs[at][0] for at in order]

    return run


_MAKERS: dict[str, Callable[[Visit, Call], Run]] = {
    "map": _map,
    "filter": _filter,
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "existsOne": _exists_one,
    "groupBy": _group,
    "sortBy": _sort,
}


def _reduce(compiler: Compiler, node: Call, target: Run) -> Compiling:
    bound = binding(node)
    assert bound is not None, "the checker has seen it"
    of = compiler.type_of(node)
    start = yield from compiler.as_type(bound.outside[0], of)
    slots = {variable.name: compiler.new_slot() for variable in bound.variables}
    outer, compiler.slots = compiler.slots, {**compiler.slots, **slots}
    outside, compiler.operations = compiler.operations, 0
    body = yield from compiler.as_type(bound.inside[0], of)
    elements = _elements(target, node, 1 + compiler.operations)
    compiler.slots, compiler.operations = outer, outside
    result, element = (slots[variable.name] for variable in bound.variables)

    def run(frame: Frame) -> Value:
        made = start(frame)
        for each in elements(frame):
            frame[result], frame[element] = made, each
            made = body(frame)
        return made

    return run
