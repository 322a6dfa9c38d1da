"""A workflow from its JSON."""

from __future__ import annotations

from symphony_dsl.base.values import Json
from symphony_model.json_edges import edge_from_json
from symphony_model.json_nodes import node_from_json
from symphony_model.json_workflow import WORKFLOW
from symphony_model.workflow import Workflow


def workflow_from_json(data: dict[str, Json]) -> Workflow:
    """The workflow of data that fits the schema.

    Raises ValueError when two nodes share an id or a path, two edges an id, when an edge ends at no node, or when the id is
    not the one that package and name make.
    """
    workflow = Workflow.of(
        nodes=[node_from_json(node) for node in data["nodes"]],
        edges=[edge_from_json(edge) for edge in data["edges"]],
        **WORKFLOW.decode(data),
    )
    if data["id"] != str(workflow.id):
        raise ValueError(f"the id of workflow {workflow.name!r} is not the one that its package and name make")
    return workflow
