"""The JSON of a workflow.

It is written to be read and compared: nodes and edges are arrays in declaration order, each with its `kind`; ids are UUID
text; types are written as `base.types_json` writes them; a member that has its default is left out; the keys of free
objects (arguments, custom metadata, JSON values) are sorted. Equal workflows give equal JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.canonical import content_hash
from symphony_dsl.base.values import Json
from symphony_model.ids import LOCAL_PACKAGE
from symphony_model.json_edges import edge_to_json
from symphony_model.json_nodes import node_to_json
from symphony_model.json_parts import NODE, RUN_SETTINGS, WORKFLOW_METADATA
from symphony_model.json_tables import Codec, Member, Table, many
from symphony_model.metadata import WorkflowMetadata
from symphony_model.region import Region
from symphony_model.settings import NO_RUN_SETTINGS
from symphony_model.version import UNVERSIONED, Version

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow

VERSION: Codec[Version] = Codec(str, Version.parse)


def _moment_to_json(moment: datetime) -> Json:
    """In UTC, so that equal times are equal texts."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


MOMENT: Codec[datetime] = Codec(_moment_to_json, datetime.fromisoformat)

REGION = Table(
    Region,
    (
        Member("path"),
        Member("name"),
        Member("opener", NODE),
        Member("closer", NODE),
        Member("order"),
        Member("parent", default=None),
    ),
)

WORKFLOW: Table[Any] = Table(
    dict,
    (
        Member("name"),
        Member("package", default=LOCAL_PACKAGE),
        Member("version", VERSION, UNVERSIONED),
        Member("description", default=None),
        Member("created_at", MOMENT, None),
        Member("updated_at", MOMENT, None),
        Member("metadata", WORKFLOW_METADATA.codec, WorkflowMetadata()),
        Member("settings", RUN_SETTINGS.codec, NO_RUN_SETTINGS),
        Member("regions", many(REGION.codec), ()),
    ),
)
"""What a workflow is made of, but for its nodes and edges."""


def workflow_to_json(workflow: Workflow) -> dict[str, Json]:
    return {
        "id": str(workflow.id),
        **WORKFLOW.encode(workflow),
        "nodes": [node_to_json(node) for node in workflow.nodes.values()],
        "edges": [edge_to_json(edge) for edge in workflow.edges],
    }


def workflow_hash(workflow: Workflow) -> str:
    """The hash of what a workflow is: its JSON, where the workflows that it calls stand as their hashes.

    Declaration order is part of it, as it is of the JSON; when a workflow was made or changed is not.
    """
    data = workflow_to_json(workflow)
    return content_hash({name: part for name, part in data.items() if name not in ("created_at", "updated_at")})
