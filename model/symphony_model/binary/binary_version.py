"""The version of binary data: it has to be known exactly, since the layout of all that follows is that of its schema."""

from __future__ import annotations

from typing import Any

from symphony_model.schema_parts import schema_id
from symphony_model.serialize_errors import DeserializeError
from symphony_model.version import Version
from symphony_schemas import KINDS, newest

UPGRADE = "upgrade symphony-wf, or write it as JSON there: JSON of a newer minor version is read here"
NO_SUCH = "write it again from where it came"


def checked_version(found: object, place: str) -> str:
    """The version, where its schema is known. Raises DeserializeError."""
    if not isinstance(found, str):
        raise DeserializeError("the version of the schema is needed here", place=place, hint=NO_SUCH)
    if found in KINDS["workflow"]:
        return found
    latest = newest("workflow")
    if not _is_newer(found, latest):
        raise DeserializeError(f"there is no schema version {found[:40]!r}", place=place, hint=NO_SUCH)
    raise DeserializeError(
        f"the data has schema version {found}; this release reads versions up to {latest}", place=place, hint=UPGRADE
    )


def _is_newer(found: str, latest: str) -> bool:
    try:
        return Version.parse(found[:40]) > Version.parse(latest)
    except ValueError:
        return False


def with_version(version: str, members: dict[str, Any]) -> dict[str, Any]:
    """The envelope with what every one of its version has, and binary data leaves out."""
    return {"$schema": schema_id("workflow", version), "schema_version": version, **members}
