"""The blocks of control statements: a body between an opening and a closing node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from symphony_compiler.bindings import Frame, Path
from symphony_compiler.order import Order
from symphony_compiler.spot import Block, Spot
from symphony_dsl.base.frozen import frozen
from symphony_model.ids import NodeId
from symphony_model.ports import Expression
from symphony_model.region import Region


@frozen
class Border:
    """Both ends of a block, and its path."""

    path: str
    name: str
    opener: NodeId
    closer: NodeId
    number: int


def open_region(
    spot: Spot,
    border: Border,
    lead_in: Callable[[NodeId], None],
    narrowed: Iterable[Path] = (),
    *,
    fed: bool = False,
) -> Spot:
    """The spot inside a block. `fed`: what the opening node gives data to needs no other way in."""
    spot.graph.regions.append(
        Region(border.path, border.name, border.opener, border.closer, border.number, spot.region)
    )
    return replace(
        spot,
        frame=Frame(spot.frame, narrowed=set(narrowed)),
        order=Order(spot.graph.control, lead_in, border.opener if fed else None),
        region=border.path,
    )


def led_by_control(spot: Spot, opener: NodeId) -> Callable[[NodeId], None]:
    """The way into a region that no condition chooses."""

    def lead_in(node: NodeId) -> None:
        spot.graph.control(opener, node)

    return lead_in


def led_by_condition(spot: Spot, border: Border, condition: Expression | None) -> Callable[[NodeId], None]:
    """The way into an arm."""

    def lead_in(node: NodeId) -> None:
        spot.graph.conditional(border.opener, node, condition, border.name, border.number)

    return lead_in


def close(spot: Spot, closer: NodeId, block: Block, port: str) -> None:
    """Wire the ends of a block to its closing node: data for its value, else control."""
    value = block.value.ports.get("") if block.value else None
    for end in block.ends:
        if value is not None and end == value.node:
            spot.graph.data(value, closer, port, spot.order.linked)
        else:
            spot.graph.control(end, closer)
