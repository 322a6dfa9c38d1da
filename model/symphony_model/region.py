"""Blocks: what stands between an opening and a closing node."""

from __future__ import annotations

from symphony_dsl.base.frozen import frozen
from symphony_model.ids import NodeId


@frozen
class Region:
    """A block between an opening and a closing node.

    `path` is `OPENED:NAME` (`reply:then`), for the region `each` of a `for` just the step's path (`prices`): the path
    of a node inside is the region's path, `/`, and its own name. `parent` is the region that the block stands in.
    """

    path: str
    name: str
    opener: NodeId
    closer: NodeId
    order: int
    parent: str | None = None
