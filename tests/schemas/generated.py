"""Which schemas there are, what makes each, and the hashes of those that never change again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import symphony_schemas
from symphony_model.schema_workflow import workflow_schema
from symphony_runtime.watching.event_schema import event_schema

GENERATE: dict[str, Callable[[str], dict[str, Any]]] = {"workflow": workflow_schema, "event": event_schema}
"""By kind: the schema of a version, as the model makes it now."""

FROZEN = {
    "workflow-1.0.0": "4c34fc3417a86bc3ea9081c0fc2f7187bd5e92109c2840a8a6aa870aa7642758",
    "workflow-1.1.0": "4e436d2177f727a486eda8cb1b7538e117a226a68920611e65448869fdc33b70",
    "workflow-1.2.0": "541fccfe8354f94a0822d2cf926f77071d334b4d678db3cc69e810c14a6a80b0",
    "event-1.0.0": "223b8834808897bbd9e6cc82ea5e60ef9f2ef7beba80d071313213f52aa13cc8",
}
"""Released: data was written with it. By file, the SHA-256 of its bytes: binary layouts have the order of its members."""


def schema_file(kind: str, version: str) -> Path:
    return Path(symphony_schemas.__file__).parent / f"{kind}-{version}.schema.json"
