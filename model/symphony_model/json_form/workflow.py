"""The JSON of a workflow.

It is written to be read and compared: nodes and edges are arrays in declaration order, each with its `kind`; ids are UUID
text; types are written as `base.types_json` writes them; a member that has its default is left out; the keys of free
objects (arguments, custom metadata, JSON values) are sorted. Equal workflows give equal JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.canonical import content_hash
from symphony_dsl.base.values import Json
from symphony_model.ids import LOCAL_PACKAGE
from symphony_model.json_form.edges import edge_to_json
from symphony_model.json_form.nodes import node_to_json
from symphony_model.json_form.parts import WORKFLOW_METADATA
from symphony_model.json_form.scalars import MOMENT, NAME, NATURAL, NODE, TEXT, VERSION
from symphony_model.json_form.settings import RUN_SETTINGS
from symphony_model.json_form.tables import Member, Table, many
from symphony_model.json_form.unknown import restore
from symphony_model.metadata import WorkflowMetadata
from symphony_model.region import Region
from symphony_model.settings import NO_RUN_SETTINGS
from symphony_model.version import UNVERSIONED

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow

REGION = Table(
    Region,
    (
        Member(
            "path",
            NAME,
            about="`STEP:NAME`, for the body of a `for` just `STEP`; the paths of nodes inside start with it and a slash.",
        ),
        Member("name", TEXT, about="The arm: `then`, `else`, a value of a `match`; `each` of a `for`."),
        Member("opener", NODE, about="The id of the opening node."),
        Member("closer", NODE, about="The id of the closing node."),
        Member("order", NATURAL, about="Its place among the regions of its opening node."),
        Member("parent", NAME, None, about="The path of the region that it stands in."),
    ),
    name="region",
    about="A block between an opening and a closing node.",
)

WORKFLOW: Table[Any] = Table(
    dict,
    (
        Member("name", NAME, about="The workflow's name."),
        Member("package", NAME, LOCAL_PACKAGE, about="The package that it belongs to."),
        Member("version", VERSION, UNVERSIONED),
        Member("description", TEXT, None, about="Documentation, as Markdown."),
        Member("created_at", MOMENT, None, about="When the workflow was first made. No part of the content hash."),
        Member("updated_at", MOMENT, None, about="When it was last changed. No part of the content hash."),
        Member("metadata", WORKFLOW_METADATA.codec, WorkflowMetadata()),
        Member("settings", RUN_SETTINGS.codec, NO_RUN_SETTINGS),
        Member("regions", many(REGION.codec), (), about="The blocks between an opening and a closing node."),
    ),
)
"""What a workflow is made of, but for its nodes and edges."""


NO_PART_OF_HASH = ("created_at", "updated_at")


def workflow_to_json(workflow: Workflow) -> dict[str, Json]:
    data = {
        "id": str(workflow.id),
        **WORKFLOW.encode(workflow),
        "nodes": [node_to_json(node) for node in workflow.nodes.values()],
        "edges": [edge_to_json(edge) for edge in workflow.edges],
    }
    if workflow.unknown:
        restore(data, workflow.unknown)
    return data


def workflow_hash(workflow: Workflow) -> str:
    """The hash of what a workflow is: its JSON, where the workflows that it calls stand as their hashes.

    Declaration order is part of it, as it is of the JSON; when a workflow was made or changed is not.
    """
    return json_hash(workflow_to_json(workflow))


def json_hash(data: Mapping[str, Json]) -> str:
    """The hash of a workflow's JSON."""
    return content_hash({name: part for name, part in data.items() if name not in NO_PART_OF_HASH})
