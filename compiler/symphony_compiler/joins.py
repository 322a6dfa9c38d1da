"""Where the ways through a block come together: the type of its value, and its closing node."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_compiler.bindings import Port
from symphony_compiler.spot import Block, Made, Place, Spot
from symphony_compiler.symbols import RESULT
from symphony_dsl.base.flows import a, join
from symphony_dsl.base.types import NEVER, UNKNOWN, OptionalType, Type, optional
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType
from symphony_model.ports import PortDefinition


def joined(
    spot: Spot, place: Place, blocks: Sequence[Block], expected: Type | None, *, complete: bool = True, names: str = ""
) -> Type | None:
    """The type of what comes of whichever block runs; None where none has a value, NEVER where none has an end.

    Not `complete`: perhaps none runs. `names` is what the blocks are called where their names are to be said.
    """
    if complete and blocks and not any(each.returns for each in blocks):
        return NEVER
    valued = [each for each in blocks if each.value]
    if any(each.lost for each in blocks):
        return UNKNOWN if expected is None else expected
    if not valued:
        return _nothing_to_give(spot, place, expected, names)
    absent = not complete or any(each.returns and not each.value for each in blocks)
    if expected is not None:
        if absent:
            _may_be_absent(spot, place, expected, names)
        return expected
    found = _common(spot, place, valued, names)
    return optional(found) if absent else found


def type_of(block: Block) -> Type | None:
    """The type of what a block yields; UNKNOWN where that is not known, None where it yields nothing."""
    return None if block.value is None else block.value.type or UNKNOWN


def _common(spot: Spot, place: Place, valued: list[Block], names: str) -> Type:
    types = [type_of(each) or UNKNOWN for each in valued]
    found: Type | None = types[0]
    for other in types[1:]:
        found = found and join(found, other)
    if found is not None:
        return found
    shown = [str(each) for each in types]
    if names:
        shown = [f"`{block.name}`: {each}" for block, each in zip(valued, shown, strict=True)]
    listed = ", ".join(dict.fromkeys(shown))
    message = f"the {names or 'arms'} have no type in common ({listed}); say which is meant: `step x: T = …`"
    spot.site.report("WF0414", place.word, message)
    return UNKNOWN


def _nothing_to_give(spot: Spot, place: Place, expected: Type | None, names: str) -> Type | None:
    if expected is None:
        return None
    what = f"none of the {names}" if names else "no arm"
    spot.site.report("WF0409", place.word, f"{what} of this block yields a value")
    return expected


def _may_be_absent(spot: Spot, place: Place, expected: Type, names: str) -> None:
    if isinstance(expected, OptionalType) or expected == UNKNOWN:
        return
    what, way_out = ("one of the " + names, "let each yield one") if names else ("arm", "add `else`")
    message = f"not every {what} yields a value, where {a(expected)} is needed; {way_out}, or make it `{expected}?`"
    spot.site.report("WF0305", place.word, message)


def port_that_may_lack(name: str, of: Type | None) -> PortDefinition:
    """The port of a closing node that gets a value only where its region ran."""
    return PortDefinition(name, optional(of or UNKNOWN), required=False)


def add_closer(
    spot: Spot, place: Place, opener: NodeId, kind: ControlType, inputs: tuple[PortDefinition, ...], of: Type | None
) -> Made:
    """The closing node of a block, with the block's value. The ways to it are still to be drawn."""
    opening = spot.graph.workflow.nodes[opener]
    assert isinstance(opening, ControlNode)
    config = ControlConfig(opening.config.mode, opener=opening.base.path)
    outputs = () if of is None or of == NEVER else (PortDefinition(RESULT, of),)
    closer = spot.add(ControlNode(spot.base(place), kind, config, inputs, outputs), place)
    return Made(closer, of, {"": Port(closer, RESULT, of)} if outputs and of else {})
