"""Checks of the sizes of types. What looks at types looks at the whole of them, so that those too large keep it from being asked."""

from __future__ import annotations

from collections.abc import Iterator

from symphony_dsl.base.types import Primitive, Type
from symphony_dsl.expressions.checker.typesize import Sizes, measured
from symphony_model.nodes import Node
from symphony_model.problem import InvalidNode, ValidationError
from symphony_model.structure import Structure
from symphony_model.validating.expressions import places

MAX_DEPTH = 200
MAX_PARTS = 100_000


def check_sizes(structure: Structure) -> Iterator[ValidationError]:
    sizes: Sizes = {}
    told: set[int] = set()
    for node, of in _types(structure):
        if isinstance(of, Primitive):
            continue
        depth, parts = measured(of, sizes)
        if (depth > MAX_DEPTH or parts > MAX_PARTS) and id(of) not in told:
            told.add(id(of))
            message = (
                f"a type of `{node.base.path}` is too large: it may have {MAX_DEPTH} levels and {MAX_PARTS:,} parts"
            )
            yield InvalidNode("WF0216", message, node.base.path, node.base.id)


def _types(structure: Structure) -> Iterator[tuple[Node, Type]]:
    for node in structure.nodes.values():
        for port in (*node.inputs, *node.outputs):
            yield node, port.data_type
    for place in places(structure):
        yield place.node, place.expression.type
