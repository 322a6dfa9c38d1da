"""An artifact as data of the version that it was written with: what is read before a workflow is made of it, and migrated."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from symphony_dsl.base.collector import paused
from symphony_dsl.base.deferred import deferred
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.reading import BUILD_AGAIN
from symphony_model.schema_parts import schema_id
from symphony_model.serialize_errors import DeserializeError
from symphony_model.versions import KNOWN, SchemaVersion

if TYPE_CHECKING:
    from symphony_model import artifact_codec, formats
    from symphony_model.workflow import Workflow
else:
    artifact_codec, formats = (deferred(f"symphony_model.{name}") for name in ("artifact_codec", "formats"))

UPGRADE = "upgrade symphony-wf, or build it again with `wf build` of this release"


@frozen
class VersionedWorkflow:
    """`workflow` is the JSON of the version. `more` is what else the envelope has: `content_hash`, `callees`, `sources`."""

    schema_version: SchemaVersion
    created_with: str
    workflow: Json
    more: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def wrap(cls, workflow: Workflow, created_with: str = "") -> VersionedWorkflow:
        """A workflow in the version of this release. Raises SerializeError."""
        return cls.of_data({**formats.envelope(workflow), "created_with": created_with})

    @classmethod
    def of_data(cls, data: Json) -> VersionedWorkflow:
        """What an envelope holds, whatever its version. Raises DeserializeError."""
        version = version_of(data)
        more = {key: value for key, value in data.items() if key not in HEAD}
        return cls(version, data.get("created_with", ""), data.get("workflow"), more)

    def to_data(self) -> dict[str, Json]:
        """The envelope, as its version has it."""
        return {
            "$schema": schema_id("workflow", str(self.schema_version)),
            "schema_version": str(self.schema_version),
            "created_with": self.created_with,
            "content_hash": self.more.get("content_hash"),
            "workflow": self.workflow,
            **self.more,
        }

    @paused()
    def unwrap(self) -> Workflow:
        """The workflow, from whatever version. Raises MigrationError or DeserializeError."""
        return artifact_codec.unwrapped(self.to_data())


HEAD = ("$schema", "schema_version", "created_with", "workflow")


def version_of(data: Json) -> SchemaVersion:
    """The version that an envelope says it has. Raises DeserializeError, also for one that this release cannot read."""
    if not isinstance(data, dict) or "schema_version" not in data:
        raise DeserializeError("this is no artifact: `schema_version` is missing", place="$", hint=BUILD_AGAIN)
    text = data["schema_version"]
    try:
        version = SchemaVersion.parse(text if isinstance(text, str) else repr(text))
    except ValueError as problem:
        raise DeserializeError(f"this is no artifact: {problem}", place="$.schema_version", hint=BUILD_AGAIN) from None
    if version.major > SchemaVersion.CURRENT.major:
        raise from_the_future(version)
    if version < KNOWN[0]:
        raise DeserializeError(
            f"the artifact has schema version {version}, and this release reads none before {KNOWN[0]}",
            place="$.schema_version",
            hint=BUILD_AGAIN,
        )
    if data.get("$schema") != schema_id("workflow", text):
        message = f"this is no artifact: `$schema` is not that of schema version {version}"
        raise DeserializeError(message, place="$['$schema']", hint=BUILD_AGAIN)
    return version


def from_the_future(version: SchemaVersion, reason: str = "", place: str = "$.schema_version") -> DeserializeError:
    message = f"the artifact has schema version {version}, and this release reads {SchemaVersion.CURRENT} at most"
    return DeserializeError(f"{message}: {reason}" if reason else message, place=place, hint=UPGRADE)
