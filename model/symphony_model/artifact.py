"""What `wf build` writes: one complete workflow in an envelope.

`callees` holds every workflow that is called, by content hash, so that an artifact needs nothing beside it.
`sources` says for each node's path where it was written: (file relative to the package, line); it is not part of the
content hash, so that a comment changes no hash. The bytes depend on nothing but the text: no clock, no path, no order
of hashing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from symphony_model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Artifact:
    workflow: Workflow
    content_hash: str
    callees: dict[str, Workflow] = field(default_factory=dict)
    sources: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)  # by content hash, then node path
    created_with: str = ""
