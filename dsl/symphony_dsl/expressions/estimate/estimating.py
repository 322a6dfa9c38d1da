"""What the parts of the estimate of costs share: where a node stands, what its sizes are, and what was found dearest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import UNKNOWN, Type, plain
from symphony_dsl.expressions.checker.check import Checked
from symphony_dsl.expressions.estimate.sizes import UNSIZED, Size, units_of_all
from symphony_dsl.expressions.pricing import Prices, prices
from symphony_dsl.expressions.tree import Call, Expr
from symphony_dsl.expressions.walk import Walk

Sizing: TypeAlias = "Walk[Size]"
"""A pass over a node; it charges what the node may cost, and returns how large its value may be."""


@frozen
class Part:
    """So many items or characters, and what they are of."""

    count: int
    kind: str
    source: str


@frozen
class Sight:
    """Where a node stands: the sizes of its names, how often it is evaluated and over what, the outermost macro around."""

    names: Mapping[str, Size]
    times: int = 1
    parts: tuple[Part, ...] = ()
    within: Call | None = None


@dataclass(slots=True)
class Estimate:
    """`parts` are the sizes behind what is dearest in the expression, the outermost first, and `node` is where it is."""

    units: int
    node: Expr
    parts: tuple[Part, ...] = ()
    most: int = 0


@dataclass(slots=True)
class Context:
    """The prices of the text are looked up only when something is bounded, which is rare."""

    tree: Expr
    checked: Checked
    found: Estimate
    visit_node: Callable[[Context, Expr, Sight], Sizing]
    _prices: Prices | None = None

    @property
    def prices(self) -> Prices:
        if self._prices is None:
            self._prices = prices(self.tree)
        return self._prices

    def visit(self, node: Expr, sight: Sight) -> Sizing:
        return self.visit_node(self, node, sight)

    def type_of(self, node: Expr) -> Type:
        return plain(self.checked.types.get(node, UNKNOWN))  # the name of an enum has none

    def charge(self, units: int, node: Expr, sight: Sight, size: Size = UNSIZED, *, deep: bool = False) -> None:
        """Count what a node costs each time, and keep in mind what is dearest; `size` is what its costs come from."""
        found = self.found
        amount = units * sight.times
        found.units += amount
        parts = sight.parts + (_all_parts_of(size) if deep else parts_of(size))
        if amount > found.most and parts:
            found.most, found.node, found.parts = amount, sight.within or node, parts

    def effort(self, node: Expr, sizes: tuple[Size, ...], sight: Sight) -> None:
        """What a function or an operator costs for what it is given."""
        overloads = [choice.overload for choice in self.checked.choices.get(node, ())]
        deep = any(each.deep for each in overloads)
        if overloads and not deep and all(each.effort is None for each in overloads):
            return
        measure = _units_compared if deep else _units
        self.charge(sum(map(measure, sizes)), node, sight, max(sizes, key=measure, default=UNSIZED), deep=deep)


def _units_compared(size: Size) -> int:
    return units_of_all(size) + 2 * (size.items or 0)


def _units(size: Size) -> int:
    return size.units


def _all_parts_of(size: Size) -> tuple[Part, ...]:
    """What to say of a size and of what is said to be in it."""
    parts = [*parts_of(size)]
    while size.item is not None:
        size = size.item
        parts += parts_of(size)
    return tuple(parts)


def parts_of(size: Size) -> tuple[Part, ...]:
    """What to say of a size; nothing where it is unknown or too small to matter."""
    if size.items is not None and size.items > 1:
        return (Part(size.items, "items", size.source or "a list"),)
    return (Part(size.characters, "characters", size.source),) if size.characters and size.source else ()
