"""`loop` → a Loop, the regions of a round, a Merge.

Before: `step s = loop x = a max 5 { step y = f(x)  until y.done  yield y.text  next y.rest } else { yield "" }`; after: `s.loop`, whose
port `variable` is `x`; `s:body/y` and `s:body/until` in each round; `s:done/yield` when it ends, `s:again/next` when it goes on, both
behind `s:body/until`; `s:else/yield` when there are no more rounds; the Merge `s` with the ports `until`, `yield`, `next`, `else`. No edge
leads back: what comes again are the regions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from symphony_compiler.bindings import Binding, Frame, Port, fields
from symphony_compiler.computed import Applied, of_block
from symphony_compiler.joins import add_closer, joined, port_that_may_lack, type_of
from symphony_compiler.limits import Limits, read_limits
from symphony_compiler.reading import Reading, read
from symphony_compiler.regions import Border, close, led_by_control, open_region
from symphony_compiler.rounds import Round, round_of
from symphony_compiler.signatures import type_reader
from symphony_compiler.spot import Block, Home, Made, Part, Place, Spot
from symphony_compiler.wiring import Feed, connect, expression_node, feed
from symphony_dsl.base.flows import a, flows, join
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import BOOL, Type
from symphony_dsl.expressions.narrowing import NOTHING, narrow
from symphony_dsl.syntax.tree import Loop
from symphony_model.ids import NodeId
from symphony_model.nodes import ControlConfig, ControlNode, ControlType
from symphony_model.ports import PortDefinition

INIT, VARIABLE = "init", "variable"
UNTIL, NEXT, YIELD, ELSE = "until", "next", "yield", "else"
REGIONS = ("body", "again", "done", ELSE)


@dataclass(slots=True)
class _Turning:
    """A loop that is worked on. `spot` sees its variable, of the type `of`; `blocks` are those made so far, by port."""

    spot: Spot
    place: Place
    value: Loop
    round: Round
    of: Type | None
    opener: NodeId
    closer: NodeId
    blocks: dict[str, Block] = field(default_factory=dict)

    def border(self, name: str) -> Border:
        return Border(f"{self.place.path}:{name}", name, self.opener, self.closer, REGIONS.index(name))


def lower_loop(spot: Spot, place: Place, value: Loop, expected: Type | None) -> Made:
    settings, place = of_block(spot, place.saying(value.span, "loop"), "loop", value.settings)
    turned = round_of(spot.site, value)
    opener, of = _opener(spot, place, value, settings)
    loop = _Turning(
        _with_variable(spot, value, turned, opener, of), place, value, turned, of, opener, spot.graph.id(place.path)
    )
    before = len(spot.graph.waiting)
    inside = _body(loop)
    _behind(loop, inside, expected)
    _otherwise(loop, expected)
    _finally(loop, inside)
    _check_rounds(loop, spot.graph.waiting[before:])
    return _closer(spot, loop, expected)


# ---- the header ----


def _opener(spot: Spot, place: Place, value: Loop, settings: Applied) -> tuple[NodeId, Type | None]:
    """The opening node, and the type of the variable."""
    opening = place.opening("loop")
    limits = read_limits(spot, opening, {"max": value.maximum, "every": value.every}, INIT)
    initial = _initial(spot, value)
    of = None if initial is None else initial.expected
    fed = _fed(spot, opening, initial) if initial else Feed()
    init = () if of is None else (PortDefinition(INIT, of),)
    variable = () if of is None else (PortDefinition(VARIABLE, of),)
    inputs = (*init, *limits.definitions(), *settings.ports)
    config = _config(limits, settings)
    node = spot.add(ControlNode(spot.base(opening), ControlType.LOOP, config, inputs, variable), opening)
    connect(spot, node, INIT, fed)
    limits.connect(spot, node)
    settings.connect(spot, node)
    spot.enter(node, opening)
    return node, of


def _config(limits: Limits, settings: Applied) -> ControlConfig:
    values = limits.values
    return ControlConfig("until", maximum=values.get("max"), every=values.get("every"), settings=settings.settings)


def _initial(spot: Spot, value: Loop) -> Reading | None:
    if value.initial is None:
        return None
    written = type_reader(spot.site).read(value.variable_type) if value.variable_type else None
    return read(spot.site, spot.frame, value.initial, written)


def _fed(spot: Spot, opening: Place, initial: Reading) -> Feed:
    fed = feed(spot, opening, INIT, initial, initial.expected)
    if fed.argument is None:
        return fed
    # a control node has no arguments
    return Feed(source=expression_node(spot, opening.inside(INIT), initial, initial.expected).ports[""])


def _with_variable(spot: Spot, value: Loop, turned: Round, opener: NodeId, of: Type | None) -> Spot:
    """The spot in which the variable is seen; what stands behind the loop does not see it."""
    inside = replace(spot, frame=Frame(spot.frame))
    name = value.variable
    if name is not None and of is not None:
        port = Port(opener, VARIABLE, of)
        is_value = turned.done is None
        inside.define(Binding(name.name, "variable", name.span, of, {"": port}, node=opener, quiet=is_value))
    return inside


def _check_rounds(loop: _Turning, waiting: list[str]) -> None:
    """What waits does so in every round, not only when the loop has ended."""
    value, rounds = loop.value, tuple(f"{loop.border(name).path}/" for name in ("body", "again"))
    waits = any(path.startswith(rounds) for path in waiting)
    if value.maximum is None and value.every is None and not waits and not value.body.lost:
        message = "nothing keeps this loop from turning for ever: say how often, `loop … max 10`, or how slowly, `loop … every 5s`"
        loop.spot.site.report("WF0419", loop.place.word, message)


# ---- the regions ----


def _body(loop: _Turning) -> Spot:
    """What runs in each round, down to `until`."""
    inside = open_region(loop.spot, loop.border("body"), led_by_control(loop.spot, loop.opener), fed=True)
    above = Part(loop.round.above, Home.ROUND, loop.value.body.lost)
    loop.blocks[UNTIL] = inside.block(above, UNTIL, BOOL)
    return inside


def _behind(loop: _Turning, body: Spot, expected: Type | None) -> None:
    """What runs when the loop has ended, and what when it goes on. Both see the names of the round."""
    known = narrow(loop.round.until.condition) if loop.round.until else NOTHING
    seen = replace(loop.spot, frame=body.frame)
    if loop.round.done is not None:
        inside = open_region(seen, loop.border("done"), _behind_until(loop), fields(known.when_true))
        loop.blocks[YIELD] = inside.block(Part((loop.round.done,), Home.DONE), YIELD, expected)
    if loop.round.again:
        inside = open_region(seen, loop.border("again"), _behind_until(loop), fields(known.when_false))
        written = loop.of if loop.value.variable_type else None
        loop.blocks[NEXT] = inside.block(Part(loop.round.again, Home.AGAIN), NEXT, written)
        _check_next(loop, loop.blocks[NEXT])


def _behind_until(loop: _Turning) -> Callable[[NodeId], None]:
    until = loop.blocks[UNTIL].value

    def lead_in(node: NodeId) -> None:
        loop.spot.graph.control(loop.opener, node)
        if until is not None:
            loop.spot.graph.control(until.node, node)

    return lead_in


def _check_next(loop: _Turning, block: Block) -> None:
    """The next value of a variable whose type nobody has written fits the first one."""
    name, of, made = loop.value.variable, loop.of, type_of(block)
    if name is None or of is None or made is None or loop.value.variable_type is not None:
        return
    found = flows(made, of)
    if found.ok:
        return
    span = loop.round.again[-1].span
    wider = join(of, made)
    if wider is None:
        message = f"`next` gives {a(made)}, but `{name.name}` is {a(of)}: {found.reason}"
        loop.spot.site.report("WF0301", span, message)
        return
    end = Span(name.span.end, name.span.end)
    fix = loop.spot.site.reporter.replacement(f"write `: {wider}`", end, f": {wider}")
    message = (
        f"`{name.name}` begins as {a(of)} and goes on as {a(made)}; "
        f"say what it is in every round: `loop {name.name}: {wider} = …`"
    )
    loop.spot.site.report("WF0301", span, message, fixes=[fix])


def _otherwise(loop: _Turning, expected: Type | None) -> None:
    """What runs when there are no more rounds; it sees the variable of the last one."""
    if loop.value.otherwise is not None:
        inside = open_region(loop.spot, loop.border(ELSE), led_by_control(loop.spot, loop.opener), fed=True)
        loop.blocks[ELSE] = inside.block(loop.value.otherwise, ELSE, expected)


def _finally(loop: _Turning, body: Spot) -> None:
    """What runs when a round has ended, however it has. It sees the names of the round."""
    if loop.round.final is not None:
        final = body.block(Part((loop.round.final,), Home.ROUND), UNTIL, None)
        loop.blocks[UNTIL] = replace(loop.blocks[UNTIL], ends=final.ends, returns=final.returns)


# ---- the end ----


def _closer(spot: Spot, loop: _Turning, expected: Type | None) -> Made:
    ports = tuple(_port(loop, name, block) for name, block in loop.blocks.items() if block.value)
    of = _type(loop, expected)
    made = add_closer(spot, loop.place, loop.opener, ControlType.MERGE, ports, of)
    if any(block.empty for block in loop.blocks.values()):
        spot.graph.control(loop.opener, loop.closer)
    for name, block in loop.blocks.items():
        close(spot, loop.closer, block, name)
    spot.leave(loop.closer, loop.place)
    return made


def _port(loop: _Turning, name: str, block: Block) -> PortDefinition:
    if name == UNTIL:
        return PortDefinition(UNTIL, BOOL)
    return port_that_may_lack(name, loop.of if name == NEXT else type_of(block))


def _type(loop: _Turning, expected: Type | None) -> Type | None:
    ended = loop.blocks.get(YIELD) or _variable(loop, expected)
    if not loop.blocks[UNTIL].returns:
        ended = replace(ended, returns=False)
    otherwise = [loop.blocks[ELSE]] if ELSE in loop.blocks else []
    return joined(loop.spot, loop.place, [ended, *otherwise], expected, names="ways")


def _variable(loop: _Turning, expected: Type | None) -> Block:
    """What a loop without `yield` gives: the variable of its last round."""
    if loop.of is None or loop.value.variable is None:
        return Block(UNTIL, None, (), lost=loop.value.body.lost and loop.round.until is None)
    name = loop.value.variable.name
    found = flows(loop.of, expected) if expected is not None else None
    if expected is not None and found is not None and not found.ok:
        message = f"the loop gives `{name}`, {a(loop.of)}, where {a(expected)} is needed: {found.reason}"
        loop.spot.site.report("WF0301", loop.place.word, message)
    return Block(name, Made(loop.opener, loop.of, {}), ())
