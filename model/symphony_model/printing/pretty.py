"""Workflows, their nodes and their edges as text that people read: `print(pretty_print(workflow))`.

What can be printed has an entry in `PRINTERS`: how it is shown in full, and on one line. Whoever has another kind of thing adds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from symphony_dsl.base.frozen import frozen
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge
from symphony_model.nodes import ControlNode, InputNode, InstrumentNode, OperatorNode, OutputNode
from symphony_model.printing.config import PrettyConfig
from symphony_model.printing.edge import edge_lines, edge_summary
from symphony_model.printing.node import node_lines, node_summary
from symphony_model.printing.page import Line, Part, one_line, page
from symphony_model.printing.workflow import summary, workflow_lines
from symphony_model.workflow import Workflow

PLAIN = PrettyConfig()


@frozen
class Printer:
    """Both are given what is printed and the workflow that it is of, which is None where nobody said."""

    lines: Callable[[Any, PrettyConfig, Workflow | None], Iterable[Line]]
    summary: Callable[[Any, Workflow | None], Iterable[Part]]


_NODE = Printer(node_lines, node_summary)
_EDGE = Printer(edge_lines, edge_summary)
PRINTERS: dict[type, Printer] = {
    Workflow: Printer(
        lambda workflow, config, _: workflow_lines(workflow, config), lambda workflow, _: summary(workflow)
    ),
    **dict.fromkeys((InputNode, OutputNode, InstrumentNode, OperatorNode, ControlNode), _NODE),
    **dict.fromkeys((DataEdge, ControlEdge, ConditionalEdge), _EDGE),
}


def pretty_print(thing: object, *, of: Workflow | None = None) -> str:
    """Several lines, in full. `of` is the workflow of a node or an edge, which knows what is beside it."""
    return pretty_print_with_config(thing, PLAIN, of=of)


def pretty_print_compact(thing: object, config: PrettyConfig = PLAIN, *, of: Workflow | None = None) -> str:
    """One line."""
    return one_line(printer(thing).summary(thing, of), config)


def pretty_print_with_config(thing: object, config: PrettyConfig, *, of: Workflow | None = None) -> str:
    """Raises TypeError for what cannot be printed."""
    return page(printer(thing).lines(thing, config, of), config)


def printer(thing: object) -> Printer:
    found = PRINTERS.get(type(thing))
    if found is None:
        raise TypeError(f"a {type(thing).__name__} cannot be printed; PRINTERS has what can")
    return found
