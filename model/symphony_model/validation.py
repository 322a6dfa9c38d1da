"""Whether a graph is sound: the promises that the compiler makes and the engine counts on, for graphs from anywhere.

Each pass is a function from the structure to the problems that it sees; all of them run, so that one call tells
everything. Only a graph whose edges end nowhere, or whose nodes cannot be told apart, is not looked at further.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_model.cycles import detect
from symphony_model.problem import CycleDetected, OrphanNode, ValidationError, ValidationWarning
from symphony_model.structure import Structure
from symphony_model.validation_flow import check_feeding, check_ports, check_types
from symphony_model.validation_nodes import check_configurations, check_ids
from symphony_model.validation_regions import (
    check_borders,
    check_conditions,
    check_entries,
    check_pairs,
    check_regions,
)

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class ValidationConfig:
    """What is asked. `allow_unstructured`: blocks need not nest between an opening and a closing node.

    `allow_orphan_nodes`: a node without edges is a warning, as in text, where a name may be unused.
    """

    check_cycles: bool = True
    check_types: bool = True
    check_connectivity: bool = True
    allow_orphan_nodes: bool = False
    allow_unstructured: bool = False


@dataclass(frozen=True, slots=True)
class ValidationResult:
    is_valid: bool
    errors: tuple[ValidationError, ...]
    warnings: tuple[ValidationWarning, ...]


Pass = Callable[[Structure], Iterator[ValidationError]]


def check_order(structure: Structure) -> Iterator[ValidationError]:
    path = detect(structure.workflow.index).cycle_path
    if path is None:
        return
    names = [structure.workflow.nodes[node].base.path for node in path]
    message = f"these nodes wait for each other: {' → '.join([*names, names[0]])} is a cycle"
    yield CycleDetected("WF0601", message, names[0], path)


def check_orphans(structure: Structure) -> Iterator[ValidationError]:
    """A node that is alone in its workflow is none."""
    workflow = structure.workflow
    for node_id, node in workflow.nodes.items() if len(workflow.nodes) > 1 else ():
        if not workflow.incoming(node_id) and not workflow.outgoing(node_id):
            message = f"no edge starts or ends at `{node.base.path}`; join it to another node, or remove it"
            yield OrphanNode("WF0613", message, node.base.path, node_id)


NODES: tuple[Pass, ...] = (check_configurations,)
BLOCKS: tuple[Pass, ...] = (check_regions, check_pairs, check_borders, check_entries, check_conditions)
TYPES: tuple[Pass, ...] = (check_types,)
FEEDING: tuple[Pass, ...] = (check_ports, check_feeding)


def validate(workflow: Workflow, config: ValidationConfig | None = None) -> ValidationResult:
    """Everything that is wrong with a graph. It never raises, whatever the graph is."""
    asked = config or ValidationConfig()
    structure = Structure.of(workflow)
    errors = list(check_ids(structure))
    orphans: list[ValidationError] = []
    if not errors:
        errors = _all(structure, _passes(asked))
        orphans = list(check_orphans(structure)) if asked.check_connectivity else []
    warnings = orphans if asked.allow_orphan_nodes else []
    errors += [] if asked.allow_orphan_nodes else orphans
    told = tuple(ValidationWarning("WF0620", each.message, each.place) for each in warnings)
    return ValidationResult(not errors, tuple(errors), told)


def _passes(asked: ValidationConfig) -> tuple[Pass, ...]:
    return (
        *(FEEDING if asked.check_connectivity else ()),
        *(TYPES if asked.check_types else ()),
        *NODES,
        *(() if asked.allow_unstructured else BLOCKS),
        *((check_order,) if asked.check_cycles else ()),
    )


def _all(structure: Structure, passes: Iterable[Pass]) -> list[ValidationError]:
    return [problem for check in passes for problem in check(structure)]


def of_structure(workflow: Workflow) -> list[ValidationError]:
    """What is wrong with nodes, blocks and order."""
    structure = Structure.of(workflow)
    return list(check_ids(structure)) or _all(structure, (*NODES, *BLOCKS, check_order))


def of_types(workflow: Workflow) -> list[ValidationError]:
    """What does not fit where it flows to."""
    structure = Structure.of(workflow)
    return list(check_ids(structure)) or _all(structure, TYPES)


def of_connectivity(workflow: Workflow) -> list[ValidationError]:
    """Which ports and nodes are joined to nothing, or to too much."""
    structure = Structure.of(workflow)
    return list(check_ids(structure)) or _all(structure, (*FEEDING, check_orphans))


COMPILED = ValidationConfig(allow_orphan_nodes=True)
"""What is asked of graphs that come from text."""


def verify(workflow: Workflow) -> list[ValidationError]:
    """What is wrong with a graph that comes from text."""
    return list(validate(workflow, COMPILED).errors)
