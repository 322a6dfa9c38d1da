"""Whether a graph is sound: the promises that the compiler makes and the engine counts on, for graphs from anywhere.

Each pass is a function from the structure to the problems that it sees; all of them run, so that one call tells
everything. No pass raises, whatever the graph is: what cannot be relied on is told by the first pass and left out of the
structure that the others see. Each pass takes time that grows with nodes and edges and no faster.

The regions of a graph in which nobody has said any are inferred (`arms`), and what keeps it from having any is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from symphony_dsl.base.frozen import frozen
from symphony_model.arms import infer
from symphony_model.cycles import detect
from symphony_model.problem import CycleDetected, OrphanNode, Problem, ValidationError, ValidationWarning
from symphony_model.structure import Structure
from symphony_model.validating.callees import check_callees
from symphony_model.validating.conditions import check_conditions
from symphony_model.validating.expressions import check_expressions
from symphony_model.validating.flow import check_feeding, check_ports, check_types
from symphony_model.validating.forms import check_controls, check_forms
from symphony_model.validating.loops import check_loops
from symphony_model.validating.nodes import check_configurations, check_ids
from symphony_model.validating.regions import check_borders, check_entries, check_pairs, check_regions
from symphony_model.validating.settings import check_settings
from symphony_model.validating.sizes import check_sizes
from symphony_model.validating.values import check_values
from symphony_model.validating.warnings import allowed_orphans, deep, lost_fields, orphans, unused

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow


@frozen
class ValidationConfig:
    """What is asked. `check_types`: values fit where they flow to, and expressions can be read and have the types they say.

    `check_expressions` is part of `check_types`; without it they are read when a run comes to them. `allow_orphan_nodes`: a
    node without edges is a warning, as in text, where a name may be unused. `allow_unstructured`: blocks need not nest between
    an opening and a closing node. `infer_regions`: where no regions are given they are looked for; else, as for the engine,
    opening nodes without any are errors.
    """

    check_cycles: bool = True
    check_types: bool = True
    check_connectivity: bool = True
    check_expressions: bool = True
    allow_orphan_nodes: bool = False
    allow_unstructured: bool = False
    infer_regions: bool = True


@frozen
class ValidationResult:
    is_valid: bool
    errors: tuple[ValidationError, ...]
    warnings: tuple[ValidationWarning, ...]


DEFAULT = ValidationConfig()

COMPILED = ValidationConfig(allow_orphan_nodes=True, infer_regions=False)
"""What is asked of graphs that come from text."""

LOADED = replace(COMPILED, check_expressions=False)
"""What is asked of an artifact before it runs: a run comes to few of its expressions, and reads those then."""

TOO_LARGE = "WF0216"

Found = TypeVar("Found", bound=Problem)
Asked = TypeVar("Asked")
Pass = Callable[[Structure], Iterator[ValidationError]]
Warn = Callable[[Structure], Iterator[ValidationWarning]]


OF_REGIONS: tuple[Pass, ...] = (check_borders, check_entries, check_conditions, check_forms, check_loops)
"""What is asked of regions, whoever has said where they are."""


def check_order(structure: Structure) -> Iterator[ValidationError]:
    path = detect(structure.index).cycle_path
    if path is None:
        return
    names = [structure.path(node) for node in path]
    message = f"these nodes wait for each other: {' → '.join([*names, names[0]])} is a cycle; remove one of its edges"
    yield CycleDetected("WF0601", message, names[0], path)


def check_orphans(structure: Structure) -> Iterator[ValidationError]:
    for node in orphans(structure):
        path = node.base.path
        message = f"no edge starts or ends at `{path}`; join it to another node, or remove it"
        yield OrphanNode("WF0613", message, path, node.base.id)


def check_blocks(structure: Structure) -> Iterator[ValidationError]:
    """The blocks that a graph says it has."""
    passes = (check_regions, check_pairs, *OF_REGIONS)
    return chain.from_iterable(check(structure) for check in passes)


def check_inferred(structure: Structure) -> Iterator[ValidationError]:
    """The blocks that a graph has where it says nothing of them. Nodes that wait for each other have none."""
    if structure.says_regions:
        yield from check_blocks(structure)
        return
    inferred = infer(structure)
    yield from inferred.problems
    if not inferred.problems and not structure.index.has_cycle():
        found = replace(structure, regions=inferred.regions, places=inferred.places)
        yield from chain.from_iterable(check(found) for check in OF_REGIONS)


def validate(workflow: Workflow, config: ValidationConfig | None = None) -> ValidationResult:
    """Everything that is wrong with a graph. It never raises, whatever the graph is."""
    asked = config or DEFAULT
    structure = Structure.of(workflow)
    errors = _asked(structure, (*_connectivity(asked), *_types(asked), *_shape(asked)))
    too_large = any(each.code == TOO_LARGE for each in errors)
    warnings = [] if too_large else _all(structure, _warnings(asked))
    return ValidationResult(not errors, tuple(errors), tuple(warnings))


def validate_structure(workflow: Workflow) -> list[ValidationError]:
    """What is wrong with nodes, blocks and order."""
    return _asked(Structure.of(workflow), _shape(DEFAULT))


def validate_types(workflow: Workflow) -> list[ValidationError]:
    """What does not fit where it flows to, and expressions that cannot be used."""
    return _asked(Structure.of(workflow), _types(DEFAULT))


def validate_connectivity(workflow: Workflow) -> list[ValidationError]:
    """Which ports and nodes are joined to nothing, or to too much."""
    return _asked(Structure.of(workflow), _connectivity(DEFAULT))


def _connectivity(config: ValidationConfig) -> tuple[Pass, ...]:
    if not config.check_connectivity:
        return ()
    return (check_ports, check_feeding, *_when(not config.allow_orphan_nodes, check_orphans))


def _types(config: ValidationConfig) -> tuple[Pass, ...]:
    if not config.check_types:
        return ()
    return (check_types, check_values, *_when(config.check_expressions, check_expressions))


def _shape(config: ValidationConfig) -> tuple[Pass, ...]:
    blocks = check_inferred if config.infer_regions else check_blocks
    return (
        check_configurations,
        check_callees,
        check_controls,
        check_settings,
        *_when(not config.allow_unstructured, blocks),
        *_when(config.check_cycles, check_order),
    )


def _warnings(config: ValidationConfig) -> tuple[Warn, ...]:
    return (unused, lost_fields, deep, *_when(config.allow_orphan_nodes, allowed_orphans))


def _when(asked: bool, check: Asked) -> tuple[Asked, ...]:
    return (check,) if asked else ()


def _asked(structure: Structure, passes: Iterable[Pass]) -> list[ValidationError]:
    """What is wrong with ids is told whatever is asked. Types that are too large keep everything else from being asked."""
    first = [*check_ids(structure), *check_sizes(structure)]
    too_large = any(each.code == TOO_LARGE for each in first)
    return first if too_large else [*first, *_all(structure, passes)]


def _all(structure: Structure, passes: Iterable[Callable[[Structure], Iterator[Found]]]) -> list[Found]:
    return [problem for check in passes for problem in check(structure)]
