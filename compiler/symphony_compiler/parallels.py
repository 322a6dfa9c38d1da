"""`parallel all` and `parallel first` → a Parallel, a region a branch, a Join.

Before: `step s = parallel all { a: f(x)  b: g(x) }`; after: `s.parallel` with control edges to `s:a/yield` and `s:b/yield`, and the Join
`s` with a port a branch, whose result is the record of what the branches yield, or what came first.
"""

from __future__ import annotations

from symphony_compiler.annotations import without_type
from symphony_compiler.computed import Applied, of_block
from symphony_compiler.joins import add_closer, joined, port_that_may_lack, type_of
from symphony_compiler.notes import without_metadata
from symphony_compiler.regions import Border, close, led_by_control, open_region
from symphony_compiler.spot import Block, Made, Place, Spot
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.types import NEVER, UNKNOWN, Field, ListType, RecordType, Type, plain
from symphony_dsl.syntax.tree import Branch, Parallel
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType
from symphony_model.ports import PortDefinition


def lower_parallel(spot: Spot, place: Place, value: Parallel, expected: Type | None) -> Made:
    settings, place = of_block(spot, place.saying(value.span, "parallel"), "parallel", value.settings)
    branches = _branches(spot, value)
    _check_count(spot, place, value, len(branches))
    opener = _opener(spot, place, value, settings)
    closer = spot.graph.id(place.path)
    blocks = [_block(spot, place, each, opener, number, expected, value) for number, each in enumerate(branches)]
    of = (_first if value.first else _all)(spot, place, value, blocks, expected)
    made = add_closer(spot, place, opener, ControlType.JOIN, _ports(value, blocks), of)
    if any(block.empty for block in blocks):
        spot.graph.control(opener, closer)
    for block in blocks:
        close(spot, closer, block, block.name)
    spot.leave(closer, place)
    return made


def _branches(spot: Spot, value: Parallel) -> list[Branch]:
    """The branches by name; a second one of a name is reported."""
    found: dict[str, Branch] = {}
    for each in value.branches:
        without_type(spot.site, each.lead)
        without_metadata(spot.site, each.lead)
        first = found.setdefault(each.name.name, each)
        if first is not each:
            labels = [spot.site.reporter.label(first.name.span, "the first")]
            message = f"there is a branch `{each.name.name}` already; give each a name of its own"
            spot.site.report("WF0202", each.name.span, message, labels=labels)
    return list(found.values())


def _check_count(spot: Spot, place: Place, value: Parallel, most: int) -> None:
    if value.count is not None and not 1 <= value.count <= most:
        way_out = f"write a number between 1 and {most}" if most > 1 else "write `parallel first` without a number"
        message = f"this waits for the first {value.count} of its branches, and has {most}; {way_out}"
        spot.site.report("WF0503", place.word, message)


def _opener(spot: Spot, place: Place, value: Parallel, settings: Applied) -> NodeId:
    opening = place.opening("parallel")
    config = ControlConfig("first" if value.first else "all", count=value.count, settings=settings.settings)
    node = spot.add(ControlNode(spot.base(opening), ControlType.PARALLEL, config, settings.ports), opening)
    settings.connect(spot, node)
    spot.enter(node, opening)
    return node


def _block(
    spot: Spot, place: Place, branch: Branch, opener: NodeId, number: int, expected: Type | None, value: Parallel
) -> Block:
    name = branch.name.name
    border = Border(f"{place.path}:{name}", name, opener, spot.graph.id(place.path), number)
    inside = open_region(spot, border, led_by_control(spot, opener))
    block = inside.block(branch.value, name, _wanted(value, name, expected))
    if value.first and block.value is None and block.returns and not block.lost:
        message = f"the branch `{name}` yields no value, and what `parallel first` gives is that of a branch"
        spot.site.report("WF0409", branch.name.span, message)
    return block


def _wanted(value: Parallel, name: str, expected: Type | None) -> Type | None:
    """What is needed of a branch, where that is known."""
    if not value.first:
        of = None if expected is None else plain(expected)
        field = of.get(name) if isinstance(of, RecordType) else None
        return field.type if field else None
    if value.count is None:
        return expected
    return expected.item if isinstance(expected, ListType) else None


def _ports(value: Parallel, blocks: list[Block]) -> tuple[PortDefinition, ...]:
    valued = [(block.name, type_of(block)) for block in blocks if block.value]
    if value.first:
        return tuple(port_that_may_lack(name, of) for name, of in valued)
    return tuple(PortDefinition(name, of or UNKNOWN) for name, of in valued)


# ---- types ----


def _all(spot: Spot, place: Place, value: Parallel, blocks: list[Block], expected: Type | None) -> Type | None:
    if not all(each.returns for each in blocks):
        return NEVER
    fields = [(each.name, UNKNOWN if each.lost else type_of(each)) for each in blocks]
    made = RecordType(tuple(Field(name, of) for name, of in fields if of is not None))
    if made.fields:
        return _fitting(spot, place, made, expected)
    if expected is not None:
        spot.site.report("WF0409", place.word, "no branch of this block yields a value")
    return expected


def _first(spot: Spot, place: Place, value: Parallel, blocks: list[Block], expected: Type | None) -> Type | None:
    if sum(each.returns for each in blocks) < min(value.count or 1, len(blocks)):
        return NEVER
    wanted = expected if value.count is None else expected.item if isinstance(expected, ListType) else None
    of = joined(spot, place, [each for each in blocks if each.value or each.lost], wanted, names="branches")
    if value.count is None:
        return of
    return _fitting(spot, place, ListType(UNKNOWN if of is None or of == NEVER else of), expected)


def _fitting(spot: Spot, place: Place, made: Type, expected: Type | None) -> Type:
    """The type that the text asks for, if what is made flows to it."""
    if expected is None:
        return made
    found = flows(made, expected)
    if not found.ok:
        message = f"`parallel` gives {a(made)}, where {a(expected)} is needed: {found.reason}"
        spot.site.report("WF0301", place.word, message)
    return expected
