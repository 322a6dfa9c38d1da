"""Rows of `benchmarks.graph` that no graph library has: construction of nodes, validation, memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.graph_cases import ID, RESULT, Case
from benchmarks.graph_peers import taken
from benchmarks.measure import Row, in_turns, own_cpu
from symphony_dsl.base.types import INT
from symphony_model.ids import NodeId, node_id
from symphony_model.nodes import NodeBase, OperatorConfig, OperatorNode, OperatorType
from symphony_model.ports import PortDefinition
from symphony_model.validating.validation import ValidationConfig
from symphony_model.workflow import Workflow

FEW = 20
CONFIG = ValidationConfig(allow_orphan_nodes=True)
"""As for text: in random layers nobody reads some nodes."""

FEW_BAR = "< 10 ms"


# ---- construction ----


@dataclass
class PlainBase:
    id: str
    path: str
    name: str
    description: str | None = None
    position: object = None
    enabled: bool = True
    region: str | None = None
    synthetic: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass
class PlainPort:
    name: str
    data_type: object
    required: bool = True
    has_default: bool = False
    default_value: object = None
    constraints: tuple[object, ...] = ()


@dataclass
class PlainConfig:
    callee: str | None = None
    expression: object = None
    failure: object = None
    python: str | None = None
    shell: object = None
    workflow: str | None = None
    effect: str = "repeatable"
    record: bool = False
    arguments: dict[str, object] = field(default_factory=dict)
    settings: object = None
    http: object = None


@dataclass
class PlainNode:
    """The same fields as ours, without frozen fields, slots and methods."""

    base: PlainBase
    operator_type: str
    config: PlainConfig
    inputs: tuple[PlainPort, ...] = ()
    outputs: tuple[PlainPort, ...] = ()


def constructed(ids: list[NodeId]) -> list[OperatorNode]:
    return [
        OperatorNode(
            NodeBase(each, "step", "step"),
            OperatorType.PYTHON,
            OperatorConfig(callee="add", python="sums:add"),
            (PortDefinition("left", INT), PortDefinition("right", INT)),
            RESULT,
        )
        for each in ids
    ]


def constructed_plain(ids: list[NodeId]) -> list[PlainNode]:
    result = (PlainPort("result", INT),)
    return [
        PlainNode(
            PlainBase(each, "step", "step"),
            "python",
            PlainConfig(callee="add", python="sums:add"),
            (PlainPort("left", INT), PlainPort("right", INT)),
            result,
        )
        for each in ids
    ]


def construction(count: int, turns: int) -> list[Row]:
    ids = [node_id(ID, f"s{n}") for n in range(count)]
    return in_turns(
        f"construct {count:,} nodes",
        lambda: own_cpu(lambda: constructed(ids)),
        {"plain dataclasses": lambda: own_cpu(lambda: constructed_plain(ids))},
        {"plain dataclasses": "<= 5 x (goal 2 x)"},
        turns,
    )


# ---- validation ----


def validation(case: Case, turns: int) -> list[Row]:
    """Beside the graph alone, and beside making its nodes and edges, too."""
    result = case.workflow().validate(CONFIG)
    assert result.is_valid, result.errors[:1]
    few = case.count <= FEW
    return in_turns(
        f"{case.count:,} {case.shape}: validate",
        lambda: validated(case),
        {
            "making the graph of them": lambda: own_cpu(case.workflow),
            "making nodes, edges and graph": lambda: own_cpu(lambda: Case.of(case.shape, case.count).workflow()),
        },
        {
            "making the graph of them": FEW_BAR if few else "",
            "making nodes, edges and graph": "" if few else "(goal 5 x)",
        },
        turns,
    )


def validated(case: Case) -> float:
    workflow = case.workflow()
    return own_cpu(lambda: workflow.validate(CONFIG))


# ---- memory ----


def answering(case: Case) -> Workflow:
    """A graph with all that it keeps for answers."""
    made = case.workflow()
    made.topological_sort()
    made.execution_levels()
    made.would_create_cycle(case.ids[0], case.ids[-1])
    return made


MADE: dict[str, Callable[[Case], object]] = {
    "the graph": Case.workflow,
    "the graph, once it was asked": answering,
    "nodes and edges": lambda case: Case.of(case.shape, case.count),
}


def memory(case: Case, what: str) -> float:
    """Bytes a node, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.graph_models", what, case.shape, str(case.count)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return float(json.loads(done.stdout)) / case.count


if __name__ == "__main__":
    WHAT, SHAPE, COUNT = sys.argv[1:]
    CASE = Case.of(SHAPE, int(COUNT))
    print(json.dumps(taken(lambda: MADE[WHAT](CASE))))
