"""The blocks of control statements: a body between an opening and a closing node."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from symphony_compiler.bindings import Frame
from symphony_compiler.order import Order
from symphony_compiler.spot import Block, Spot
from symphony_model.ids import NodeId
from symphony_model.region import Region


@dataclass(frozen=True, slots=True)
class Border:
    """Both ends of a block, and its path."""

    path: str
    name: str
    opener: NodeId
    closer: NodeId
    number: int


def open_region(
    spot: Spot, border: Border, lead_in: Callable[[NodeId], None], narrowed: Iterable[tuple[str, ...]]
) -> Spot:
    """The spot inside a block."""
    spot.graph.regions.append(
        Region(border.path, border.name, border.opener, border.closer, border.number, spot.region)
    )
    return replace(
        spot,
        frame=Frame(spot.frame, narrowed=set(narrowed)),
        order=Order(spot.graph.control, lead_in, border.opener),
        region=border.path,
    )


def close(spot: Spot, closer: NodeId, block: Block, port: str) -> None:
    """Wire the ends of a block to its closing node: data for its value, else control."""
    value = block.value.ports.get("") if block.value else None
    for end in block.ends:
        if value is not None and end == value.node:
            spot.graph.data(value, closer, port, spot.order.linked)
        else:
            spot.graph.control(end, closer)
