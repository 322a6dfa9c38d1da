"""What lies within what, answered by comparing numbers.

Every part is given the range of places that it and all that lies in it take up in a walk from outside inwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import Generic, TypeVar

Part = TypeVar("Part", bound=Hashable)


class Nesting(Generic[Part]):
    """`around` says of each part what it lies directly in; None is the whole.

    Parts that lie in each other, or in what is not there, lie within themselves and the whole only.
    """

    __slots__ = ("_ranges",)

    def __init__(self, around: Mapping[Part, Part | None]) -> None:
        inside: dict[Part | None, list[Part]] = defaultdict(list)
        for part, outer in around.items():
            inside[outer].append(part)
        self._ranges: dict[Part, tuple[int, int]] = {}
        starts: dict[Part, int] = {}
        rest = inside[None][::-1]
        while rest:
            part = rest.pop()
            if part in starts:
                self._ranges[part] = (starts[part], len(starts))
                continue
            starts[part] = len(starts)
            rest.append(part)
            rest.extend(reversed(inside[part]))

    def within(self, inner: Part | None, outer: Part | None) -> bool:
        """Whether a part is another one or lies in it."""
        if outer is None or inner == outer:
            return True
        ranges = self._ranges
        if inner is None or inner not in ranges or outer not in ranges:
            return False
        start, end = ranges[outer]
        return start <= ranges[inner][0] < end
