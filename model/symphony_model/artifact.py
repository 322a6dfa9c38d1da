"""What `wf build` writes: one complete workflow in an envelope.

`callees` holds every workflow that is called, by content hash, so that an artifact needs nothing beside it.
`sources` says for each node's path where it was written: (file relative to the package, line); it is not part of the
content hash, so that a comment changes no hash. The bytes depend on nothing but the text: no clock, no path, no order
of hashing. `created_with` names the release that wrote it; whoever writes the file fills it in. `unknown` are members of an
envelope that a newer release wrote, and `note` says so to whoever read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.values import Json
from symphony_model.json_form.workflow import workflow_hash
from symphony_model.workflow import Workflow


@frozen
class Artifact:
    workflow: Workflow
    content_hash: str
    callees: dict[str, Workflow] = field(default_factory=dict)
    sources: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)  # by content hash, then node path
    created_with: str = ""
    unknown: dict[str, Json] = field(default_factory=dict)
    note: str = field(default="", compare=False)


def seal(
    workflow: Workflow,
    callees: Mapping[str, Workflow],
    sources: Mapping[str, Mapping[str, tuple[str, int]]],
    *,
    created_with: str = "",
) -> Artifact:
    """The artifact of a workflow. `callees` (all that are called, however deep) and `sources` are by `workflow_hash`."""
    listed = {key: dict(places) for key, places in sources.items()}
    return Artifact(workflow, workflow_hash(workflow), dict(callees), listed, created_with)
