"""A workflow from its JSON."""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.json_form.edges import edge_from_json, edge_to_json
from symphony_model.json_form.nodes import node_from_json, node_to_json
from symphony_model.json_form.tables import Codec, Member, Table, many, reference
from symphony_model.json_form.workflow import WORKFLOW
from symphony_model.workflow import Workflow

GRAPH: Table[Any] = Table(
    dict,
    (
        Member("nodes", many(Codec(node_to_json, node_from_json, reference("node")))),
        Member("edges", many(Codec(edge_to_json, edge_from_json, reference("edge")))),
    ),
)


def workflow_from_json(data: dict[str, Json]) -> Workflow:
    """The workflow of data that fits the schema.

    Raises UnreadableError for what is no value of its type, ValueError when two nodes share an id or a path, two edges an id,
    when an edge ends at no node, or when the id is not the one that package and name make.
    """
    workflow = Workflow.of(**GRAPH.decode(data), **WORKFLOW.decode(data))
    if data["id"] != str(workflow.id):
        raise ValueError(f"the id of workflow {workflow.name!r} is not the one that its package and name make")
    return workflow
