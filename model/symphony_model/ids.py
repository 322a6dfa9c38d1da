"""Identities, made from names alone: the same name always has the same id.

UUIDv5 (RFC 9562) of a namespace and a name. A workflow's id comes from its package and name, a node's from its workflow
and static path, an edge's from its workflow, kind and two ends. No version, file or counter takes part.
"""

from __future__ import annotations

from typing import NewType
from uuid import UUID, uuid5

WorkflowId = NewType("WorkflowId", UUID)
NodeId = NewType("NodeId", UUID)
EdgeId = NewType("EdgeId", UUID)

NAMESPACE = UUID("6f1c1c0e-5a0b-5d5c-9a54-6d2d6d1b7c11")
"""The root under which every id of ours is made. It never changes."""

LOCAL_PACKAGE = "local"
"""The package of files that stand beside no `wf.toml`."""


def workflow_id(name: str, package: str = LOCAL_PACKAGE) -> WorkflowId:
    return WorkflowId(uuid5(uuid5(NAMESPACE, package), name))


def node_id(workflow: WorkflowId, path: str) -> NodeId:
    return NodeId(uuid5(workflow, path))


def edge_id(workflow: WorkflowId, kind: str, source: str, target: str) -> EdgeId:
    """`source` and `target` are the ends as text: a node's id, for data edges with `.PORT` behind it."""
    return EdgeId(uuid5(workflow, f"{kind} {source} {target}"))
