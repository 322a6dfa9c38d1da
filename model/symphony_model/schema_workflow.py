"""The JSON Schema of an artifact, as the tables of its JSON give it.

What is made here is compared with the frozen file of the newest version (`symphony_schemas`), which everything else reads:
whoever changes a table changes the shape of artifacts, and gives it a new version.
"""

from __future__ import annotations

from typing import Any

from symphony_model.json_form.configs import (
    CONTROL_CONFIG,
    EFFECT_SCHEMA,
    HTTP,
    INSTRUMENT_CONFIG,
    OPERATOR_CONFIG,
    TOOLS,
)
from symphony_model.json_form.edges import EDGES
from symphony_model.json_form.nodes import BASE, NODES
from symphony_model.json_form.parts import (
    ARGUMENT_SCHEMA,
    ARGUMENTS_SCHEMA,
    CONSTRAINT,
    EXPRESSION,
    NODE_METADATA,
    PORT_SCHEMA,
    WORKFLOW_METADATA,
)
from symphony_model.json_form.scalars import HASH, NODE, SCALARS, TEXT
from symphony_model.json_form.settings import CACHE, CONCURRENCY, RATE_LIMIT, RESOURCES, RETRY, RUN_SETTINGS, SETTINGS
from symphony_model.json_form.tables import Codec, Member, Schema, object_schema, reference
from symphony_model.json_form.workflow import REGION, WORKFLOW
from symphony_model.schema_parts import DIALECT, kinds, named, one_of, schema_id, written
from symphony_model.schema_types import FIELD, TYPE


def workflow_schema(version: str) -> Schema:
    """The schema of an artifact, called by this version."""
    return {
        "$schema": DIALECT,
        "$id": schema_id("workflow", version),
        "title": f"Symphony workflow artifact {version}",
        **object_schema(
            _envelope(version), "A workflow, and all that it calls. A member that has its default is left out."
        ),
        "$defs": _definitions(),
    }


_WORKFLOW, _HASHED = written(reference("workflow")), {"type": "object", "propertyNames": HASH.schema}
_PLACES = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^.+:[1-9][0-9]*$"}}
_CONTENT = (
    "SHA-256 of the canonical JSON of `workflow` without `created_at` and `updated_at` (keys sorted, no blanks, UTF-8)."
)
_SOURCES = "Where nodes were written: by the workflow's content hash and the node's path, FILE:LINE. No part of the content hash."


def _envelope(version: str) -> tuple[Member, ...]:
    return (
        Member("$schema", written({"const": schema_id("workflow", version)})),
        Member("schema_version", written({"const": version})),
        Member("created_with", TEXT, about="The release that wrote the file."),
        Member("content_hash", HASH, about=_CONTENT),
        Member("workflow", _WORKFLOW),
        Member(
            "callees",
            written({**_HASHED, "additionalProperties": _WORKFLOW.schema}),
            {},
            about="Every workflow that is called, however deep, by its content hash.",
        ),
        Member("sources", written({**_HASHED, "additionalProperties": _PLACES}), {}, about=_SOURCES),
    )


def _listed(name: str) -> Codec[Any]:
    return written({"type": "array", "items": reference(name)})


def _workflow() -> Schema:
    return object_schema(
        (
            Member("id", NODE, about="UUIDv5 of the package and the name."),
            *WORKFLOW.members,
            Member("nodes", _listed("node")),
            Member("edges", _listed("edge")),
        ),
        "One workflow: nodes, edges and regions, each in declaration order.",
    )


def _definitions() -> dict[str, Schema]:
    return {
        "workflow": _workflow(),
        **named(WORKFLOW_METADATA, NODE_METADATA, REGION),
        "node": one_of(NODES, "A node"),
        **kinds(NODES, *BASE.members),
        **named(INSTRUMENT_CONFIG),
        "tool": one_of(TOOLS, "What a model may call"),
        **kinds(TOOLS),
        **named(OPERATOR_CONFIG, HTTP, CONTROL_CONFIG),
        "edge": one_of(EDGES, "An edge"),
        **kinds(EDGES),
        "port": PORT_SCHEMA,
        **named(EXPRESSION),
        "argument": ARGUMENT_SCHEMA,
        "arguments": ARGUMENTS_SCHEMA,
        **named(SETTINGS, RETRY, CACHE, CONCURRENCY, RATE_LIMIT, RESOURCES, RUN_SETTINGS),
        "effect": EFFECT_SCHEMA,
        **named(CONSTRAINT),
        "type": TYPE,
        "field": FIELD,
        **SCALARS,
    }
