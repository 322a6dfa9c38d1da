"""The JSON of edges: a table for each kind."""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.edges import ConditionalEdge, ControlEdge, DataEdge, DataTransform, Edge, TransformType
from symphony_model.json_form.parts import EXPRESSION
from symphony_model.json_form.scalars import EDGE, NAME, NATURAL, NODE, TEXT, WHOLE
from symphony_model.json_form.tables import Member, Table, choice

TRANSFORM = Table(
    DataTransform,
    (
        Member("transform_type", choice(TransformType), about="A classification; the expression says what is done."),
        Member("expression", EXPRESSION.codec),
    ),
)

_ID = Member("id", EDGE, about="UUIDv5 of the workflow's id, the kind and the two ends.")
_SOURCE = Member("source_node", NODE, about="The id of the node that the edge leaves.")
_TARGET = Member("target_node", NODE, about="The id of the node that the edge leads to.")

EDGES: dict[str, Table[Any]] = {
    "data": Table(
        DataEdge,
        (
            _ID,
            _SOURCE,
            Member("source_port", NAME),
            _TARGET,
            Member("target_port", NAME),
            Member(
                "transform", TRANSFORM.codec, None, about="What happens to the value on its way; it is called `it`."
            ),
        ),
        name="data_edge",
        about="A value that flows from port to port.",
    ),
    "control": Table(
        ControlEdge,
        (
            _ID,
            _SOURCE,
            _TARGET,
            Member("priority", WHOLE, 0, about="Of nodes that wait for a slot, the higher starts first."),
        ),
        name="control_edge",
        about="The target waits for the source.",
    ),
    "conditional": Table(
        ConditionalEdge,
        (
            _ID,
            _SOURCE,
            _TARGET,
            Member("label", TEXT, about="The name of the region."),
            Member("order", NATURAL, about="The first true one in this order is taken."),
            Member("condition", EXPRESSION.codec, None, about="Over the ports of the branch; left out it is `else`."),
        ),
        name="conditional_edge",
        about="A way from a branch into one of its regions, or to its closing node where the region is empty.",
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
