"""The longest chain of a workflow, and how much time each node has to spare (the critical path method)."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from operator import add, sub
from typing import TYPE_CHECKING

from symphony_dsl.base.frozen import frozen
from symphony_model.ids import NodeId
from symphony_model.index import Index
from symphony_model.order import acyclic

if TYPE_CHECKING:
    from symphony_model.workflow import Workflow


@frozen
class Schedule:
    """`path` is the longest chain and `length` its duration. In the unit of the weights, each node could start `earliest`,
    has to start `latest` where the whole is not to take longer, and has the difference as its `slack`."""

    path: tuple[NodeId, ...]
    length: float
    earliest: Mapping[NodeId, float]
    latest: Mapping[NodeId, float]
    slack: Mapping[NodeId, float]


def critical_path(workflow: Workflow, weights: Mapping[NodeId, float] | None = None) -> tuple[NodeId, ...]:
    """The path of the schedule."""
    index = acyclic(workflow)
    if weights is None:
        return tuple(index.names(_deepest(index)))
    lasts = _durations(index, weights)
    return tuple(index.names(_longest(index, lasts, _earliest(index, lasts))))


def schedule(workflow: Workflow, weights: Mapping[NodeId, float] | None = None) -> Schedule:
    """The schedule of nodes that take as long as `weights` say; 1 each where there are none, 0 for a node that they leave out.

    Of chains that are equally long, the one whose nodes were declared first. Raises CycleError, and ValueError for a
    weight below zero.
    """
    index = acyclic(workflow)
    lasts = _durations(index, weights)
    earliest = _earliest(index, lasts)
    path = _longest(index, lasts, earliest)
    length = earliest[path[-1]] + lasts[path[-1]] if path else 0.0
    latest = _latest(index, lasts, length)
    return Schedule(
        path=tuple(index.names(path)),
        length=length,
        earliest=dict(zip(index.ids, earliest, strict=True)),
        latest=dict(zip(index.ids, latest, strict=True)),
        slack=dict(zip(index.ids, map(sub, latest, earliest), strict=True)),
    )


def _durations(index: Index, weights: Mapping[NodeId, float] | None) -> list[float]:
    if weights is None:
        return [1.0] * len(index.ids)
    lasts = [float(weights.get(node, 0.0)) for node in index.ids]
    for node, each in zip(index.ids, lasts, strict=True):
        if not 0 <= each < inf:
            raise ValueError(f"a node takes a time of zero or more, not {each} as {node}")
    return lasts


def _earliest(index: Index, lasts: list[float]) -> list[float]:
    start = [0.0] * len(lasts)
    for node in index.order():
        end = start[node] + lasts[node]
        for target in index.successors[node]:
            start[target] = max(start[target], end)
    return start


def _latest(index: Index, lasts: list[float], length: float) -> list[float]:
    start = [length - each for each in lasts]
    for node in reversed(index.order()):
        for target in index.successors[node]:
            start[node] = min(start[node], start[target] - lasts[node])
    return start


def _longest(index: Index, lasts: list[float], earliest: list[float]) -> list[int]:
    """From the end of the longest chain back, always to a node that ends exactly when the one after it starts."""
    ends = list(map(add, earliest, lasts))
    if not ends:
        return []
    path = [ends.index(max(ends))]
    while before := index.predecessors[path[-1]]:
        start = earliest[path[-1]]
        path.append(min(node for node in before if ends[node] == start))
    return path[::-1]


def _deepest(index: Index) -> list[int]:
    """The same where every node takes 1: from the last level back, always to a node of the level above."""
    levels, successors = index.levels(), index.successors
    path = levels[-1][:1] if levels else []
    for level in reversed(levels[:-1]):
        following = path[-1]
        for node in level:
            if following in successors[node]:
                path.append(node)
                break
    return path[::-1]
