"""Whether a graph is sound: the promises that the compiler makes and the engine counts on.

Each pass is a function from the structure to the problems that it sees; all of them run, so that one call tells
everything. Only a graph whose edges end nowhere is not looked at further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symphony_model.errors import CycleError
from symphony_model.order import topological
from symphony_model.problem import Problem
from symphony_model.structure import Structure
from symphony_model.verify_flow import check_feeding, check_ports, check_types
from symphony_model.verify_nodes import check_configurations, check_ids
from symphony_model.verify_regions import check_borders, check_conditions, check_entries, check_pairs, check_regions
from symphony_model.workflow import Workflow


def check_order(structure: Structure) -> Iterator[Problem]:
    try:
        topological(structure.workflow)
    except CycleError as problem:
        first = structure.workflow.nodes[problem.cycle_path[0]].base.path
        yield Problem("WF0601", f"these nodes wait for each other: {problem}", first)


Pass = Callable[[Structure], Iterator[Problem]]

PASSES: tuple[Pass, ...] = (
    check_ports,
    check_types,
    check_feeding,
    check_configurations,
    check_regions,
    check_pairs,
    check_borders,
    check_entries,
    check_conditions,
    check_order,
)


def verify(workflow: Workflow) -> list[Problem]:
    """Everything that is wrong with a graph; nothing for a sound one."""
    structure = Structure.of(workflow)
    broken = list(check_ids(structure))
    if broken:
        return broken
    return [problem for check in PASSES for problem in check(structure)]
