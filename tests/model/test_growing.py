"""Building a graph, asking it and validating it is work that grows with the graph and no faster; its lines are counted."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

import pytest

from symphony_dsl.base.types import BOOL, INT, STRING, ListType
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.errors import BuilderError
from symphony_model.nodes import Node, OperatorType
from symphony_model.ports import Expression
from symphony_model.traversal import TraversalOrder, VisitResult
from symphony_model.workflow import Workflow

SIZES = (50, 150)

Make = Callable[[int], WorkflowBuilder]


def computed(b: WorkflowBuilder, name: str, source: str, of: Any, *reads: str) -> WorkflowBuilder:
    """An expression over the values of other nodes."""
    b.operator(name, OperatorType.EXPRESSION).ports(dict.fromkeys(reads, INT), {"result": of})
    b.config(expression=Expression(source, of))
    for read in reads:
        b.select(read).connect_to(name, read)
    return b.select(name)


def started() -> WorkflowBuilder:
    return WorkflowBuilder("w").input("a", INT)


def chain(count: int) -> WorkflowBuilder:
    b = started()
    for at in range(count):
        computed(b, f"s{at}", "1", INT, f"s{at - 1}" if at else "a")
    return b


def fan(count: int) -> WorkflowBuilder:
    b = started()
    for at in range(count):
        computed(b, f"s{at}", "1", INT, "a")
    return computed(b, "all", "1", INT, *(f"s{at}" for at in range(count)))


def beginnings(count: int) -> WorkflowBuilder:
    """Inputs that all lead into a chain."""
    b = chain(count)
    for at in range(count):
        b.input(f"i{at}", INT).control_edge(f"input.i{at}", "s0")
    return b


def loops(count: int, **limits: Any) -> WorkflowBuilder:
    b = started()
    for at in range(count):
        b.select("a").connect_to(f"l{at}.loop", "init")
        with b.region(f"l{at}", "loop", inputs={"init": INT}, **limits):
            with b.arm():
                computed(b, "until", "true", BOOL).yields()
            with b.arm():
                computed(b, "next", "1", INT).yields()
            with b.arm():
                computed(b, "yield", "1", INT).yields()
    return b


def branches(count: int) -> WorkflowBuilder:
    b = started()
    for at in range(count):
        b.select("a").connect_to(f"i{at}.if", "a")
        with b.region(f"i{at}", "if", inputs={"a": INT}):
            with b.arm(when="a > 1"):
                computed(b, "yield", "1", INT).yields()
            with b.arm():
                computed(b, "yield", "2", INT).yields()
    return b


def arms(count: int) -> WorkflowBuilder:
    b = WorkflowBuilder("w")
    with b.region("p", "parallel all"):
        for at in range(count):
            with b.arm(f"arm{at}"):
                computed(b, "yield", "1", INT).yields()
    return b


def items(count: int) -> WorkflowBuilder:
    b = WorkflowBuilder("w").input("xs", ListType(INT))
    for at in range(count):
        b.select("xs").connect_to(f"f{at}.for", "items")
        with b.region(f"f{at}", "for", inputs={"items": ListType(INT)}):
            b.yields()
    return b


def tries(count: int) -> WorkflowBuilder:
    b = WorkflowBuilder("w")
    for at in range(count):
        with b.region(f"t{at}", "try"):
            with b.arm():
                computed(b, "yield", "1", INT).yields()
            with b.arm():
                computed(b, "yield", "2", INT).yields()
    return b


def misspelt(count: int) -> WorkflowBuilder:
    b = chain(count)
    for at in range(count):
        b.select(f"s{at}").connect_to(f"t{at}", "s").output(f"o{at}", STRING)
    return b


def ports_misspelt(count: int) -> WorkflowBuilder:
    b = fan(count)
    for at in range(count):
        b.data_edge("all", f"resutl{at}", "all", f"x{at}")
    return b


GROWING: dict[str, Make] = {
    "a chain": chain,
    "a fan": fan,
    "many beginnings": beginnings,
    "loops": lambda count: loops(count, maximum=3),
    "loops that turn for ever": loops,
    "branches": branches,
    "arms of a parallel": arms,
    "loops over items": items,
    "tries": tries,
    "names that are not there": misspelt,
    "ports that are not there": ports_misspelt,
}


def made(builder: WorkflowBuilder) -> Workflow:
    try:
        return builder.build()
    except BuilderError:
        return builder.build(validate=False)


class Skipping:
    """A visitor that wants to see no further than where it begins."""

    def visit(self, node: Node, depth: int) -> VisitResult:
        return VisitResult.SKIP


def asked(workflow: Workflow) -> None:
    first, last = next(iter(workflow.nodes)), next(reversed(workflow.nodes))
    workflow.topological_sort()
    workflow.execution_levels()
    workflow.critical_path()
    workflow.schedule()
    workflow.ancestors(last)
    workflow.descendants(first)
    workflow.find_path(first, last)
    list(workflow.all_paths(first, last, limit=1))
    for node in workflow.nodes:
        workflow.get_predecessors(node)
    for how in TraversalOrder:
        workflow.traverse(how, Skipping())
    workflow.copy().diff(workflow)


def lines(work: Callable[[], object]) -> int:
    """How many lines are run, each time that one is."""
    events, before = itertools.count(), sys.gettrace()

    def trace(*_: object) -> Any:
        next(events)
        return trace

    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return next(events)


@pytest.mark.parametrize("name", GROWING)
def test_work_is_linear(name: str) -> None:
    make = GROWING[name]
    lines(lambda: asked(made(make(1))))  # what is made once
    few, many = (lines(lambda size=size: asked(made(make(size)))) for size in SIZES)  # type: ignore[misc]
    assert many <= few * 1.1 * SIZES[1] / SIZES[0] + 500
