"""The order in which things that need each other can be worked out, and the circles that have none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from symphony_dsl.base.frozen import frozen

LONGEST_WAY = 8

Item = TypeVar("Item", bound=Hashable)


@frozen
class Ordered(Generic[Item]):
    """`order`: each item behind all that it needs, circles apart. `cycles`: each from its first item back to it."""

    order: tuple[Item, ...]
    cycles: tuple[tuple[Item, ...], ...]


def ordered(items: Iterable[Item], needs: Callable[[Item], Iterable[Item]]) -> Ordered[Item]:
    """A depth-first walk without recursion. A step that would close a circle is reported and not taken."""
    order: list[Item] = []
    cycles: list[tuple[Item, ...]] = []
    done: set[Item] = set()
    for root in items:
        if root in done:
            continue
        path: dict[Item, Iterator[Item]] = {root: iter(needs(root))}
        while path:
            item, rest = next(reversed(path.items()))
            following = next((need for need in rest if need not in done), None)
            if following is None:
                path.pop(item)
                done.add(item)
                order.append(item)
            elif following in path:
                cycles.append(_circle(path, following))
            else:
                path[following] = iter(needs(following))
    return Ordered(tuple(order), tuple(cycles))


def shown_way(names: Sequence[str]) -> str:
    """A way for people: its middle is left out where it is long."""
    shown = [f"`{name}`" for name in names]
    return " → ".join(shown if len(shown) <= LONGEST_WAY else [*shown[: LONGEST_WAY - 2], "…", shown[-2], shown[-1]])


def _circle(path: Iterable[Item], first: Item) -> tuple[Item, ...]:
    found = list(path)
    return (*found[found.index(first) :], first)
