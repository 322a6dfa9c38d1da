"""The settings behind a call or a block, some of which may be known only when the workflow runs.

Before: `f(x) { timeout: ticket.limit, retry: 2 }`; after: the node has `retry` in its settings, and a port `@timeout` with
an edge from `ticket`. A value reaches such a port as an argument reaches a parameter, but for one without any port, which
gets a node of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from symphony_compiler.models import MODEL_READERS
from symphony_compiler.reading import read
from symphony_compiler.setting_values import with_codes
from symphony_compiler.settings import BLOCK, Where, constant_settings, known_settings, only
from symphony_compiler.spot import Place, Spot
from symphony_compiler.wiring import Feed, connect, expression_node, feed
from symphony_dsl.base.flows import a, flows
from symphony_dsl.base.types import UNKNOWN, RecordType, Type
from symphony_dsl.expressions.names import mentioned
from symphony_dsl.expressions.tree import Brace, Expr, Literal
from symphony_dsl.syntax.tree import Block, Setting
from symphony_model.ids import NodeId
from symphony_model.ports import PortDefinition
from symphony_model.run_names import RUN
from symphony_model.setting_ports import MODEL_SETTINGS, STEP_SETTINGS, setting_port
from symphony_model.settings import NO_SETTINGS, Settings

TYPES = {**STEP_SETTINGS, **MODEL_SETTINGS}
_ATTEMPT = (RUN, "attempt")
OF_BLOCKS = ("retry", "timeout", "deadline")


@dataclass(slots=True)
class Applied:
    """`settings` are known, `model` those of an instrument that are, `feeds` give the ports of the others their values.

    `own` are those that the place reads itself.
    """

    settings: Settings = NO_SETTINGS
    model: dict[str, Any] = field(default_factory=dict)  # each of a type of its own
    own: dict[str, Setting] = field(default_factory=dict)
    types: dict[str, Type] = field(default_factory=dict)
    feeds: dict[str, Feed] = field(default_factory=dict)

    @property
    def ports(self) -> tuple[PortDefinition, ...]:
        return tuple(PortDefinition(setting_port(name), of) for name, of in self.types.items())

    def connect(self, spot: Spot, node: NodeId) -> None:
        for name, fed in self.feeds.items():
            connect(spot, node, setting_port(name), fed)

    def without_computed(self, settings: Settings) -> Settings:
        """The settings but for those that come by a port, which are above all others."""
        known = {name: None for name in self.types if getattr(settings, name, None) is not None}
        return replace(settings, **known) if known else settings


def applied(spot: Spot, place: Place, block: Block | None, where: Where) -> Applied:
    """`place` is that of the node which has the settings."""
    if block is None:
        return Applied()
    given = known_settings(spot.site, block, where)
    own = {name: given.pop(name) for name in where.own if name in given}
    computed = {name: each for name, each in given.items() if name in TYPES and _runs(spot, each.value)}
    known = {name: each for name, each in given.items() if name not in computed}
    made = Applied(constant_settings(spot.site, known), _of_model(spot, known), own)
    for name, each in computed.items():
        _compute(spot, place, made, name, each)
    made.settings = made.without_computed(made.settings)
    return made


def of_block(spot: Spot, place: Place, word: str, block: Block | None, where: Where = BLOCK) -> tuple[Applied, Place]:
    """The settings behind a block, which are those of its opening node, and the place of the block under its label."""
    made = applied(spot, place.opening(word), block, where)
    label = made.settings.label
    made.settings = only(made.settings, OF_BLOCKS)
    return made, replace(place, name=label) if label else place


def _of_model(spot: Spot, given: dict[str, Setting]) -> dict[str, Any]:
    read_by = {name: MODEL_READERS[name] for name in given if name in MODEL_READERS}
    made = {name: reader(spot.site, given[name].value) for name, reader in read_by.items()}
    return {name: value for name, value in made.items() if value is not None}


def _runs(spot: Spot, expr: Expr) -> bool:
    """Whether a value mentions what is there only in a run."""
    if isinstance(expr, Literal):
        return False
    roots = {path[0] for path, _ in mentioned(with_codes(expr))}
    return any(spot.frame.find(root) or spot.frame.defined_below(root) for root in roots)


def _compute(spot: Spot, place: Place, made: Applied, name: str, setting: Setting) -> None:
    expr = with_codes(setting.value)
    _refuse_attempt(spot, expr)
    reading = read(spot.site, spot.frame, expr, _expected(name, expr))
    of = _type(spot, name, setting, reading.type) if reading.sound else UNKNOWN
    port = setting_port(name)
    fed = feed(spot, place, port, reading, of)
    if fed.argument is not None:  # a setting is no argument
        fed = Feed(source=expression_node(spot, place.inside(port), reading, of).ports[""])
    made.types[name] = of
    made.feeds[name] = fed


def _refuse_attempt(spot: Spot, expr: Expr) -> None:
    for path, node in mentioned(expr):
        if path == _ATTEMPT:
            message = "a setting is worked out once, before the first attempt, so that this would always be 1"
            spot.site.report("WF0503", node.span, message)


def _expected(name: str, expr: Expr) -> Type | None:
    """The type that a setting must have; None where it may have several, of which the value tells."""
    types = TYPES[name]
    if len(types) == 1:
        return types[0]
    return next((each for each in types if isinstance(expr, Brace) and isinstance(each, RecordType)), None)


def _type(spot: Spot, name: str, setting: Setting, found: Type) -> Type:
    of = next((each for each in TYPES[name] if flows(found, each).ok), None)
    if of is not None:
        return of
    wanted = " or ".join(a(each) for each in TYPES[name])
    spot.site.report("WF0301", setting.value.span, f"`{name}` is {wanted}, but this is {a(found)}")
    return UNKNOWN
