"""Shapes of graphs without a cycle, as strategies: how many nodes there are, and which leads to which.

Chains, fans out and in, layers in which each node reads two of the layer before, any pairs at all, and several of these side
by side. Each shrinks to few nodes in the order of declaration.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass(frozen=True)
class Shape:
    """Two pairs may be the same: two edges may join the same nodes."""

    count: int
    pairs: tuple[tuple[int, int], ...] = ()


def chain(length: int) -> Shape:
    return Shape(length, tuple(pairwise(range(length))))


def fan(width: int) -> Shape:
    """One node, many that follow it, and one that follows them all."""
    inner = range(1, width + 1)
    return Shape(width + 2, (*((0, at) for at in inner), *((at, width + 1) for at in inner)))


@st.composite
def layered(draw: st.DrawFn) -> Shape:
    layers, width = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    reads = st.lists(st.integers(0, width - 1), min_size=2, max_size=2)
    pairs = [
        ((layer - 1) * width + source, layer * width + at)
        for layer in range(1, layers)
        for at in range(width)
        for source in draw(reads)
    ]
    return Shape(layers * width, tuple(pairs))


@st.composite
def scattered(draw: st.DrawFn) -> Shape:
    """Any pairs that lead forwards; some nodes may be alone."""
    count = draw(st.integers(1, 12))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = draw(st.lists(ends, max_size=24))
    return Shape(count, tuple((min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]))


def beside(*shapes: Shape) -> Shape:
    """Shapes that no pair joins."""
    count, pairs = 0, list[tuple[int, int]]()
    for shape in shapes:
        pairs += [(source + count, target + count) for source, target in shape.pairs]
        count += shape.count
    return Shape(count, tuple(pairs))


Swaps: TypeAlias = "list[tuple[int, int]]"

SWAPS = st.lists(st.tuples(st.integers(0, 63), st.integers(0, 63)), max_size=12)
"""An order for any number of things: unlike a permutation it stays one when there are fewer of them."""


def swapped(things: Iterable[T], swaps: Swaps) -> list[T]:
    order = list(things)
    for one, other in swaps if order else ():
        a, b = one % len(order), other % len(order)
        order[a], order[b] = order[b], order[a]
    return order


def shuffled(shape: Shape) -> st.SearchStrategy[Shape]:
    """The same graph, its nodes and pairs in any order."""
    return st.builds(_renumbered, st.just(shape), SWAPS, SWAPS)


def _renumbered(shape: Shape, nodes: Swaps, pairs: Swaps) -> Shape:
    now = swapped(range(shape.count), nodes)
    return Shape(shape.count, tuple((now[a], now[b]) for a, b in swapped(shape.pairs, pairs)))


ONE_PIECE = st.one_of(st.integers(1, 8).map(chain), st.integers(1, 6).map(fan), layered(), scattered())
SHAPES = st.one_of(ONE_PIECE, st.lists(ONE_PIECE, min_size=2, max_size=3).map(lambda shapes: beside(*shapes))).flatmap(
    shuffled
)
