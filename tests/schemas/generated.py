"""Which schemas there are, what makes each, and the hashes of those that never change again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import symphony_schemas
from symphony_model.schema_workflow import workflow_schema
from symphony_runtime.event_schema import event_schema

GENERATE: dict[str, Callable[[str], dict[str, Any]]] = {"workflow": workflow_schema, "event": event_schema}
"""By kind: the schema of a version, as the model makes it now."""

FROZEN = {
    "workflow-1.0.0": "sha256:4cd653614b1c068ae0fb4bb51af2da6893eeb2a76528151bb9965c0a598a325a",
    "workflow-1.1.0": "sha256:c2e8d75cd9a60bf13db1fd7d55171037b927bc0623424ea72a2d59872b38f29c",
    "workflow-1.2.0": "sha256:0aa5e72332e81da8cb8844c727844fe38df023376f7de69f4e8deb67dedcdcbf",
    "event-1.0.0": "sha256:440124fe239a6441a5b0868767512c48ab44a69ac1afd7eb2819673879525aa9",
}
"""Released: data was written with it. By file, the hash of its canonical JSON."""


def schema_file(kind: str, version: str) -> Path:
    return Path(symphony_schemas.__file__).parent / f"{kind}-{version}.schema.json"
