"""The longest chain of a workflow, and how much time each node has to spare (the critical path method)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_model.ids import NodeId
from symphony_model.index import Index
from symphony_model.order import acyclic, in_order

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Schedule:
    """`path` is the longest chain and `length` its duration. In the unit of the weights, each node could start `earliest`,
    has to start `latest` where the whole is not to take longer, and has the difference as its `slack`."""

    path: tuple[NodeId, ...]
    length: float
    earliest: Mapping[NodeId, float]
    latest: Mapping[NodeId, float]
    slack: Mapping[NodeId, float]


def schedule(workflow: Workflow, weights: Mapping[NodeId, float] | None = None) -> Schedule:
    """The schedule of nodes that take as long as `weights` say; 1 each where there are none, 0 for a node that they leave out.

    Of chains that are equally long, the one whose nodes were declared first. Raises CycleError, and ValueError for a
    weight below zero.
    """
    index = acyclic(workflow)
    order = in_order(index)
    lasts = _durations(index, weights)
    earliest = _earliest(index, order, lasts)
    length = max((earliest[node] + lasts[node] for node in order), default=0.0)
    latest = _latest(index, order, lasts, length)
    path = _longest(index, order, lasts, earliest, length)
    by_id = {node: at for at, node in enumerate(index.ids)}
    return Schedule(
        path=tuple(index.names(path)),
        length=length,
        earliest={node: earliest[at] for node, at in by_id.items()},
        latest={node: latest[at] for node, at in by_id.items()},
        slack={node: latest[at] - earliest[at] for node, at in by_id.items()},
    )


def _durations(index: Index, weights: Mapping[NodeId, float] | None) -> list[float]:
    if weights is None:
        return [1.0] * len(index.ids)
    lasts = [float(weights.get(node, 0.0)) for node in index.ids]
    if any(not each >= 0 for each in lasts):
        raise ValueError("a node takes no time below zero")
    return lasts


def _earliest(index: Index, order: list[int], lasts: list[float]) -> list[float]:
    start = [0.0] * len(lasts)
    for node in order:
        end = start[node] + lasts[node]
        for target in index.successors[node]:
            start[target] = max(start[target], end)
    return start


def _latest(index: Index, order: list[int], lasts: list[float], length: float) -> list[float]:
    start = [length - each for each in lasts]
    for node in reversed(order):
        for target in index.successors[node]:
            start[node] = min(start[node], start[target] - lasts[node])
    return start


def _longest(index: Index, order: list[int], lasts: list[float], earliest: list[float], length: float) -> list[int]:
    """From the end of the longest chain back, always to a node that ends exactly when the one after it starts."""
    ends = [node for node in order if earliest[node] + lasts[node] == length]
    if not ends:
        return []
    path = [min(ends)]
    while index.predecessors[path[-1]]:
        start = earliest[path[-1]]
        path.append(min(node for node in index.predecessors[path[-1]] if earliest[node] + lasts[node] == start))
    return path[::-1]
