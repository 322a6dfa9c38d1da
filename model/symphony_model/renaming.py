"""What a new path of a node changes: every path that is made from it moves along.

From the path of a step come those of the nodes that were made for its arguments (`reply.note`), of its opening node
(`reply.if`), of its regions (`reply:then`) and of all that stands in them (`reply:then/decision`). Ids stay whatever the
path is, as `@id` keeps one in text: an id is made from a path when the node is, and edges, runs and caches hold on to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from symphony_model.errors import ModelError
from symphony_model.nodes import ControlNode, Node
from symphony_model.region import Region

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow

Moved = Callable[[str], str]
"""From an old path to the new one; the same where nothing changes."""


def renamed(workflow: Workflow, node: Node, name: str, path: str) -> tuple[list[Node], tuple[Region, ...]]:
    """The nodes that change, and all regions. Raises ModelError for a path in another block."""
    if _block(path) != _block(node.base.path):
        raise ModelError(f"`{node.base.path}` stays in its block; `{path}` would be in another one")
    moved = _mover(node.base.path, path)
    now = [_node(each, moved) for each in workflow.nodes.values()]
    changed = [after for before, after in zip(workflow.nodes.values(), now, strict=True) if after is not before]
    own = replace(_node(node, moved), base=replace(_node(node, moved).base, name=name))
    others = [each for each in changed if each.base.id != node.base.id]
    return [own, *others], tuple(_region(region, moved) for region in workflow.regions)


def _block(path: str) -> str:
    return path.rpartition("/")[0]


def _mover(old: str, new: str) -> Moved:
    within = tuple(old + mark for mark in (".", ":", "/"))
    return lambda path: new + path[len(old) :] if path == old or path.startswith(within) else path


def _maybe(path: str | None, moved: Moved) -> str | None:
    return None if path is None else moved(path)


def _node(node: Node, moved: Moved) -> Node:
    """The node itself where nothing of it changes."""
    base = node.base
    path, region = moved(base.path), _maybe(base.region, moved)
    if (path, region) != (base.path, base.region):
        node = replace(node, base=replace(base, path=path, region=region))
    if isinstance(node, ControlNode) and node.config.opener is not None:
        opener = moved(node.config.opener)
        return node if opener == node.config.opener else replace(node, config=replace(node.config, opener=opener))
    return node


def _region(region: Region, moved: Moved) -> Region:
    return replace(region, path=moved(region.path), parent=_maybe(region.parent, moved))
