"""The JSON Schema of an artifact, as the tables of its JSON give it.

What is made here is compared with the frozen file of the newest version (`symphony_schemas`), which everything else reads:
whoever changes a table changes the shape of artifacts, and gives it a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symphony_model.json_configs import CONTROL_CONFIG, EFFECT_SCHEMA, HTTP, INSTRUMENT_CONFIG, OPERATOR_CONFIG, TOOLS
from symphony_model.json_edges import EDGES
from symphony_model.json_nodes import BASE, NODES
from symphony_model.json_parts import (
    ARGUMENT_SCHEMA,
    ARGUMENTS_SCHEMA,
    CONSTRAINT,
    EXPRESSION,
    NODE_METADATA,
    PORT_SCHEMA,
    WORKFLOW_METADATA,
)
from symphony_model.json_scalars import HASH, NODE, SCALARS, TEXT
from symphony_model.json_settings import CACHE, CONCURRENCY, RATE_LIMIT, RESOURCES, RETRY, RUN_SETTINGS, SETTINGS
from symphony_model.json_tables import Codec, Member, Schema, Table, object_schema, reference
from symphony_model.json_workflow import REGION, WORKFLOW
from symphony_model.schema_types import FIELD, TYPE


def workflow_schema(version: str) -> Schema:
    """The schema of an artifact, called by this version."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": schema_id("workflow", version),
        "title": f"Symphony workflow artifact {version}",
        **object_schema(
            _envelope(version), "A workflow, and all that it calls. A member that has its default is left out."
        ),
        "$defs": _definitions(),
    }


def schema_id(kind: str, version: str) -> str:
    return f"urn:symphony-wf:schema:{kind}:{version}"


def _written(schema: Schema) -> Codec[Any]:
    """The schema of what is read and written elsewhere."""
    return Codec(_same, _same, schema)


def _same(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    return value


_WORKFLOW, _HASHED = _written(reference("workflow")), {"type": "object", "propertyNames": HASH.schema}
_PLACES = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^.+:[1-9][0-9]*$"}}
_CONTENT = (
    "SHA-256 of the canonical JSON of `workflow` without `created_at` and `updated_at` (keys sorted, no blanks, UTF-8)."
)
_SOURCES = "Where nodes were written: by the workflow's content hash and the node's path, FILE:LINE. No part of the content hash."


def _envelope(version: str) -> tuple[Member, ...]:
    return (
        Member("$schema", _written({"const": schema_id("workflow", version)})),
        Member("schema_version", _written({"const": version})),
        Member("created_with", TEXT, about="The release that wrote the file."),
        Member("content_hash", HASH, about=_CONTENT),
        Member("workflow", _WORKFLOW),
        Member(
            "callees",
            _written({**_HASHED, "additionalProperties": _WORKFLOW.schema}),
            {},
            about="Every workflow that is called, however deep, by its content hash.",
        ),
        Member("sources", _written({**_HASHED, "additionalProperties": _PLACES}), {}, about=_SOURCES),
    )


def _listed(name: str) -> Codec[Any]:
    return _written({"type": "array", "items": reference(name)})


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


def _one_of(tables: Mapping[str, Table[Any]], about: str) -> Schema:
    """One of some kinds. A validator that knows `kind` looks at one of them only, and says what is wrong with that."""
    return {
        "description": f"{about}; `kind` says which.",
        "type": "object",
        "properties": {"kind": {"enum": [*tables]}},
        "required": ["kind"],
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": reference(table.name)}
            for kind, table in tables.items()
        ],
    }


def _kinds(tables: Mapping[str, Table[Any]], *first: Member) -> dict[str, Schema]:
    return {
        table.name: object_schema((Member("kind", _written({"const": kind})), *first, *table.members), table.about)
        for kind, table in tables.items()
    }


def _named(*tables: Table[Any]) -> dict[str, Schema]:
    return {table.name: table.schema for table in tables}


def _definitions() -> dict[str, Schema]:
    return {
        "workflow": _workflow(),
        **_named(WORKFLOW_METADATA, NODE_METADATA, REGION),
        "node": _one_of(NODES, "A node"),
        **_kinds(NODES, *BASE.members),
        **_named(INSTRUMENT_CONFIG),
        "tool": _one_of(TOOLS, "What a model may call"),
        **_kinds(TOOLS),
        **_named(OPERATOR_CONFIG, HTTP, CONTROL_CONFIG),
        "edge": _one_of(EDGES, "An edge"),
        **_kinds(EDGES),
        "port": PORT_SCHEMA,
        **_named(EXPRESSION),
        "argument": ARGUMENT_SCHEMA,
        "arguments": ARGUMENTS_SCHEMA,
        **_named(SETTINGS, RETRY, CACHE, CONCURRENCY, RATE_LIMIT, RESOURCES, RUN_SETTINGS),
        "effect": EFFECT_SCHEMA,
        **_named(CONSTRAINT),
        "type": TYPE,
        "field": FIELD,
        **SCALARS,
    }
