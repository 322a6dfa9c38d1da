"""The JSON of edges: a table for each kind."""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform, Edge, TransformType
from symphony_model.json_parts import EDGE, EXPRESSION, NODE
from symphony_model.json_tables import Member, Table, choice

TRANSFORM = Table(
    DataTransform,
    (Member("transform_type", choice(TransformType)), Member("expression", EXPRESSION.codec)),
)

_ID = Member("id", EDGE)
_SOURCE = Member("source_node", NODE)
_TARGET = Member("target_node", NODE)

EDGES: dict[str, Table[Any]] = {
    "data": Table(
        DataEdge,
        (
            _ID,
            _SOURCE,
            Member("source_port"),
            _TARGET,
            Member("target_port"),
            Member("transform", TRANSFORM.codec, None),
        ),
    ),
    "control": Table(ControlEdge, (_ID, _SOURCE, _TARGET, Member("priority", default=0))),
    "conditional": Table(
        ConditionalEdge,
        (_ID, _SOURCE, _TARGET, Member("label"), Member("order"), Member("condition", EXPRESSION.codec, None)),
    ),
}


def edge_to_json(edge: Edge) -> dict[str, Json]:
    return {"kind": edge.kind, **EDGES[edge.kind].encode(edge)}


def edge_from_json(data: dict[str, Json]) -> Edge:
    arguments = EDGES[data["kind"]].arguments(data)
    if data["kind"] == "conditional":
        arguments.setdefault("condition", None)  # no condition is `else`
    edge: Edge = EDGES[data["kind"]].build(**arguments)
    return edge
