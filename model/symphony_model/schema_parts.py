"""What the schemas of all kinds of data are put together from, besides the tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symphony_model.json_form.tables import Codec, Member, Schema, Table, object_schema, reference

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_id(kind: str, version: str) -> str:
    return f"urn:symphony-wf:schema:{kind}:{version}"


def written(schema: Schema) -> Codec[Any]:
    """The schema of what is read and written elsewhere."""
    return Codec(_same, _same, schema)


def _same(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    return value


def one_of(tables: Mapping[str, Table[Any]], about: str, tag: str = "kind") -> Schema:
    """One of some kinds. A validator that knows the tag looks at one of them only, and says what is wrong with that."""
    return {
        "description": f"{about}; `{tag}` says which.",
        "type": "object",
        "properties": {tag: {"enum": [*tables]}},
        "required": [tag],
        "allOf": [
            {"if": {"properties": {tag: {"const": kind}}, "required": [tag]}, "then": reference(table.name)}
            for kind, table in tables.items()
        ],
    }


def kinds(tables: Mapping[str, Table[Any]], *first: Member, tag: str = "kind") -> dict[str, Schema]:
    """A definition for each kind: what all have first, then its own members."""
    return {
        table.name: object_schema(
            (Member(tag, written({"const": kind})), *first, *table.members), table.about, table.examples
        )
        for kind, table in tables.items()
    }


def named(*tables: Table[Any]) -> dict[str, Schema]:
    return {table.name: table.schema for table in tables}
