"""Checks of blocks by their forms: what `if`, `for`, `loop`, `try` and the others each ask of their two nodes and their regions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from symphony_dsl.base.flows import flows
from symphony_dsl.base.types import JSON, ListType, MapType
from symphony_model.block_forms import BODY, CATCH, FAILURE, FORMS
from symphony_model.nodes import ControlConfig, ControlNode, ControlType, OperatorNode, OperatorType, port_named
from symphony_model.problem import InvalidNode, InvalidRegion, ValidationError
from symphony_model.structure import Structure, opens

if TYPE_CHECKING:
    from symphony_model.region import Region

OWN = {"limit": None, "on_error": "stop", "maximum": None, "every": None, "count": None}
"""The fields of a ControlConfig that not every form has, and what they are where nothing was said."""

LEAST = {"limit": 0, "maximum": 1, "every": 1}
"""How small a number of an opening node may be. A limit of 0 is none."""


def check_controls(structure: Structure) -> Iterator[ValidationError]:
    """Opening and closing nodes by themselves: their mode, and what their configuration may say."""
    for node in structure.nodes.values():
        if isinstance(node, ControlNode):
            yield from _opening(node) if opens(node) else _closing(node)


def _opening(node: ControlNode) -> Iterator[ValidationError]:
    path, config, kind = node.base.path, node.config, node.control_type
    form = FORMS.get(config.mode)
    if form is None or form.opens is not kind:
        listed = ", ".join(f"`{mode}`" for mode, each in FORMS.items() if each.opens is kind)
        yield _lacking(node, f"`{path}` is a {kind} of the mode `{config.mode}`; one has {listed}")
        return
    for name in _said(config):
        if name not in form.config:
            yield _lacking(node, f"`{path}` opens a block of the mode `{config.mode}`, which has no `{name}`")
    for name, least in LEAST.items():
        number = getattr(config, name)
        if isinstance(number, int) and number < least:
            message = f"`{name}` of `{path}` is {number}, not {least} or more"
            yield InvalidNode("WF0503", message, path, node.base.id)
    if config.opener is not None:
        yield _lacking(node, f"`{path}` opens a block, but says that it closes `{config.opener}`")
    if node.condition is not None:
        yield _lacking(node, f"`{path}` has a condition; conditions of a branch stand on its conditional edges")
    yield from _ports(node)


def _closing(node: ControlNode) -> Iterator[ValidationError]:
    path = node.base.path
    for name in _said(node.config):
        yield _lacking(node, f"`{path}` closes a block, and has no `{name}`; say it of the opening node")
    if node.config.settings != ControlConfig("").settings:
        yield _lacking(node, f"`{path}` closes a block, and has no settings; say them of the opening node")
    if node.condition is not None and node.control_type is not ControlType.MERGE:
        yield _lacking(node, f"`{path}` has a condition, but only the end of a loop has one")


def _said(config: ControlConfig) -> list[str]:
    return [name for name, default in OWN.items() if getattr(config, name) != default]


def _ports(node: ControlNode) -> Iterator[ValidationError]:
    path, mode = node.base.path, node.config.mode
    items, error = port_named(node.inputs, "items"), port_named(node.outputs, "error")
    if mode == "each" and items and not (isinstance(items.data_type, (ListType, MapType)) or items.data_type == JSON):
        message = f"`{path}` runs over {items.data_type}; it runs over a list or a map"
        yield InvalidNode("WF0415", message, path, node.base.id)
    if mode == "try" and error and not flows(FAILURE, error.data_type).ok:
        yield _lacking(
            node,
            f"the port `error` of `{path}` is {error.data_type}; what a `try` catches is a record of {', '.join(f'`{each.name}`' for each in FAILURE.fields)}",
        )
    if mode == "until" and port_named(node.outputs, "variable") and not port_named(node.inputs, "init"):
        yield _lacking(node, f"`{path}` gives a `variable`, but has no port `init` for its first value")


def _lacking(node: ControlNode, message: str) -> InvalidNode:
    return InvalidNode("WF0612", message, node.base.path, node.base.id)


# ---- blocks ----


def check_forms(structure: Structure) -> Iterator[ValidationError]:
    """Blocks whose regions are known: which those are, and what stands in them."""
    for opener, regions in structure.opened.items():
        node = structure.nodes.get(opener)
        if isinstance(node, ControlNode) and node.config.mode in FORMS:
            found = sorted(regions.values(), key=lambda region: region.order)
            yield from _regions(node, found)
    yield from _finals(structure)


def _regions(node: ControlNode, found: list[Region]) -> Iterator[ValidationError]:
    path, mode = node.base.path, node.config.mode
    names = FORMS[mode].regions
    if names:
        yield from _fixed(path, names, found)
    if mode == "try" and (found[0].name != BODY or any(not each.name.startswith(CATCH) for each in found[1:])):
        yield InvalidRegion("WF0607", f"`{path}` opens a `try`: its regions are `body`, `catch`, `catch2` …", path)
    count = node.config.count
    if count is not None and not 1 <= count <= len(found):
        yield _lacking(node, f"`{path}` waits for {count} branches, but has {len(found)}")


def _fixed(path: str, names: tuple[str, ...], found: list[Region]) -> Iterator[ValidationError]:
    listed = ", ".join(f"`{name}`" for name in names)
    if found[0].name != names[0]:
        yield InvalidRegion("WF0607", f"`{path}` opens no region `{names[0]}`", path)
    for region in found:
        if region.name not in names:
            yield InvalidRegion(
                "WF0607", f"the region `{region.path}` is none of its block; there may be {listed}", region.path
            )
        elif region.order != names.index(region.name):
            place = names.index(region.name)
            yield InvalidRegion(
                "WF0607", f"the region `{region.path}` has the place {region.order}, not {place}", region.path
            )


# ---- finally ----


def _finals(structure: Structure) -> Iterator[ValidationError]:
    """A body has one `finally`, which is last, and in which no person is waited for."""
    ends: dict[str | None, list[Region]] = defaultdict(list)
    for region in structure.regions:
        node = structure.nodes.get(region.opener)
        if isinstance(node, ControlNode) and node.config.mode == "finally":
            ends[region.parent].append(region)
            yield from _behind(structure, region)
    for found in ends.values():
        for region in found[1:]:
            message = f"`{found[0].path}` and `{region.path}` stand in one body; it has one `finally`"
            yield InvalidRegion("WF0407", message, region.path)
    if ends:
        yield from _asking(structure, [region.path for found in ends.values() for region in found])


def _behind(structure: Structure, region: Region) -> Iterator[ValidationError]:
    around = structure.by_path.get(region.parent) if region.parent else None
    for edge in structure.outgoing.get(region.closer, ()):
        if around is None or edge.target_node != around.closer:
            path = structure.path(edge.target_node)
            message = f"`{path}` follows `{region.path}`, but nothing comes behind a `finally`; let it follow what comes before"
            yield InvalidRegion("WF0407", message, path)


def _asking(structure: Structure, paths: list[str]) -> Iterator[ValidationError]:
    for node_id, node in structure.nodes.items():
        if not isinstance(node, OperatorNode) or node.operator_type is not OperatorType.ASK:
            continue
        place = structure.places.get(node_id)
        if any(structure.nesting.within(place, path) for path in paths):
            message = f"`{node.base.path}` asks in a `finally`, which waits for nobody; ask before it"
            yield InvalidNode("WF0407", message, node.base.path, node_id)
