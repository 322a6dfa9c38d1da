"""A workflow as JSON, and back.

The JSON is written to be read and compared: nodes and edges are arrays in declaration order, each with its `kind`;
ids are UUID text; types are written as `base.types_json` writes them; a member that has its default is left out; the
keys of free objects (arguments, custom metadata, JSON values) are sorted. Equal workflows give equal JSON.
"""

from __future__ import annotations

from symphony_dsl.base.values import Json
from symphony_model.ids import LOCAL_PACKAGE
from symphony_model.json_edges import edge_from_json, edge_to_json
from symphony_model.json_nodes import node_from_json, node_to_json
from symphony_model.json_parts import ID, WORKFLOW_METADATA
from symphony_model.json_tables import Codec, Member, Table, many
from symphony_model.metadata import WorkflowMetadata
from symphony_model.region import Region
from symphony_model.version import UNVERSIONED, Version
from symphony_model.workflow import Workflow

VERSION: Codec[Version] = Codec(str, Version.parse)

REGION = Table(
    Region,
    (
        Member("path"),
        Member("name"),
        Member("opener", ID),
        Member("closer", ID),
        Member("order"),
        Member("parent", default=None),
    ),
)

WORKFLOW = Table(
    Workflow,
    (
        Member("name"),
        Member("package", default=LOCAL_PACKAGE),
        Member("version", VERSION, UNVERSIONED),
        Member("description", default=None),
        Member("metadata", WORKFLOW_METADATA.codec, WorkflowMetadata()),
        Member("regions", many(REGION.codec), ()),
    ),
)


def workflow_to_json(workflow: Workflow) -> dict[str, Json]:
    return {
        "id": str(workflow.id),
        **WORKFLOW.encode(workflow),
        "nodes": [node_to_json(node) for node in workflow.nodes.values()],
        "edges": [edge_to_json(edge) for edge in workflow.edges],
    }


def workflow_from_json(data: dict[str, Json]) -> Workflow:
    """The workflow of data that fits the schema.

    Raises ValueError when two nodes share an id or a path, when an edge ends at no node, or when the id is not the one
    that package and name make.
    """
    workflow = WORKFLOW.decode(data)
    if data["id"] != str(workflow.id):
        raise ValueError(f"the id of workflow {workflow.name!r} is not the one that its package and name make")
    for node in data["nodes"]:
        workflow.add_node(node_from_json(node))
    for edge in data["edges"]:
        workflow.put_edge(edge_from_json(edge))
    return workflow
