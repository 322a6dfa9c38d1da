"""Identities, made from names alone: the same name always has the same id.

UUIDv5 (RFC 9562) of a namespace and a name. A workflow's id comes from its package and name, a node's from its workflow
and static path, an edge's from its workflow, kind and two ends. No version, file or counter takes part. An id is made once:
whatever is renamed later keeps it.

An id is the text of its UUID, since ids are looked up all the time: Python hashes and compares texts in C, and UUIDs not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

try:  # Python's own: hashlib would load OpenSSL, which takes as long as a small check
    from _sha1 import sha1  # type: ignore[import-not-found]  # has no types, and those of hashlib's
except ImportError:
    from hashlib import sha1

if TYPE_CHECKING:
    from uuid import UUID


class _Id(str):
    """`NodeId(uuid4())` is an id, as well as `NodeId("6f1c1c0e-…")`."""

    __slots__ = ()

    @property
    def uuid(self) -> UUID:
        from uuid import UUID

        return UUID(self)


class WorkflowId(_Id):
    __slots__ = ()


class NodeId(_Id):
    __slots__ = ()


class EdgeId(_Id):
    __slots__ = ()


NAMESPACE = "6f1c1c0e-5a0b-5d5c-9a54-6d2d6d1b7c11"
"""The root under which every id of ours is made. It never changes."""

LOCAL_PACKAGE = "local"
"""The package of files that stand beside no `wf.toml`."""


def workflow_id(name: str, package: str = LOCAL_PACKAGE) -> WorkflowId:
    return WorkflowId(_named(_named(NAMESPACE, package), name))


def node_id(workflow: WorkflowId, path: str) -> NodeId:
    return NodeId(_named(workflow, path))


def edge_id(workflow: WorkflowId, kind: str, source: str, target: str) -> EdgeId:
    """`source` and `target` are the ends as text: a node's id, for data edges with `.PORT` behind it."""
    return EdgeId(_named(workflow, f"{kind} {source} {target}"))


@lru_cache(maxsize=64)
def _bytes(namespace: str) -> bytes:
    return bytes.fromhex(namespace.replace("-", ""))


_VARIANT = {digit: "89ab"[at % 4] for at, digit in enumerate("0123456789abcdef")}
"""What the digit of a hash becomes where RFC 9562 wants its first two bits to be `10`."""


def _named(namespace: str, name: str) -> str:
    """What `uuid.uuid5` makes, without the objects in between."""
    text = sha1(_bytes(namespace) + name.encode(), usedforsecurity=False).hexdigest()
    return f"{text[:8]}-{text[8:12]}-5{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:32]}"
