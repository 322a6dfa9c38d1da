"""The constructs that a block may be in a builder: the nodes at their ends, the names of their arms, the type of their value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from symphony_dsl.base.flows import join
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import (
    BOOL,
    JSON,
    STRING,
    UNKNOWN,
    Field,
    ListType,
    MapType,
    RecordType,
    Type,
    optional,
)
from symphony_model.block_forms import AGAIN, BODY, CATCH, DONE, FAILURE, FORMS, UNTIL, value_port
from symphony_model.nodes import ControlType
from symphony_model.ports import PortDefinition


class Form(StrEnum):
    IF = "if"
    MATCH = "match"
    TRY = "try"
    FINALLY = "finally"
    FOR = "for"
    PARALLEL_ALL = "parallel all"
    PARALLEL_FIRST = "parallel first"
    LOOP = "loop"

    @property
    def word(self) -> str:
        """What the opening node's path ends with."""
        return "always" if self is Form.FINALLY else self.value.partition(" ")[0]

    @property
    def mode(self) -> str:
        """That of the configurations of its two nodes."""
        return _MODES.get(self, self.value)

    @property
    def opens(self) -> ControlType:
        return FORMS[self.mode].opens

    @property
    def only(self) -> str | None:
        """The name of its one region, where it has no arms."""
        form = FORMS[self.mode]
        return form.regions[0] if form.alone else None


_MODES = {Form.FOR: "each", Form.PARALLEL_ALL: "all", Form.PARALLEL_FIRST: "first", Form.LOOP: "until"}

ARM_NAMES = {Form.IF: ("then",), Form.TRY: (BODY, CATCH), Form.LOOP: FORMS["until"].regions}
"""The names of arms that are given none."""

RESULT = "result"


def arm_name(form: Form, count: int) -> str | None:
    """The name of an arm that is given none, after `count` others: the last of the names is counted on."""
    names = ARM_NAMES.get(form, ())
    if count < len(names):
        return names[count]
    return f"{names[-1]}{count - len(names) + 2}" if names and form is not Form.LOOP else None


def arm_port(form: Form, name: str) -> str:
    """The port of the closing node to which what an arm gives flows."""
    return value_port(form.mode, name) or name


# ---- the ports of the opening node ----


def opener_outputs(form: Form, inputs: Sequence[PortDefinition]) -> tuple[PortDefinition, ...]:
    """What a block gives to each round or item."""
    if form is Form.LOOP:
        return tuple(PortDefinition("variable", port.data_type) for port in inputs if port.name == "init")
    if form is Form.TRY:
        return (PortDefinition("error", FAILURE),)
    items = next((port.data_type for port in inputs if port.name == "items"), None)
    return _of_items(items) if form is Form.FOR and items is not None else ()


def _of_items(items: Type) -> tuple[PortDefinition, ...]:
    if isinstance(items, MapType):
        return (PortDefinition("item", items.value), PortDefinition("key", STRING))
    item = items.item if isinstance(items, ListType) else JSON
    return (PortDefinition("item", item),)


# ---- the ports of the closing node ----


@frozen
class Value:
    """An arm by its name, and the type of what it yields; None where it yields nothing."""

    arm: str
    type: Type | None


@frozen
class Ending:
    """What flows into a closing node, and out. `clash` are types of arms that have none in common."""

    inputs: tuple[PortDefinition, ...] = ()
    result: Type | None = None
    clash: tuple[Type, ...] = ()

    @property
    def outputs(self) -> tuple[PortDefinition, ...]:
        return () if self.result is None else (PortDefinition(RESULT, self.result),)


@frozen
class Opening:
    """What the type of a block's value depends on beside its arms: how many are waited for, and the loop's variable."""

    count: int | None = None
    variable: Type | None = None


def ending(form: Form, values: Sequence[Value], opening: Opening) -> Ending:
    return _ENDINGS[form](values, opening)


def _may_miss(value: Value) -> PortDefinition:
    """The port of an arm that may not be the one that ran."""
    return PortDefinition(value.arm, optional(value.type or UNKNOWN), required=False)


def _one_of(values: Sequence[Value], *, always: bool) -> Ending:
    types = [value.type for value in values if value.type is not None]
    if not types:
        return Ending()
    inputs = tuple(_may_miss(value) for value in values if value.type is not None)
    joined = _joined(types)
    if joined is None:
        return Ending(inputs, UNKNOWN, tuple(dict.fromkeys(types)))
    return Ending(inputs, joined if always and len(types) == len(values) else optional(joined))


def _joined(types: Sequence[Type]) -> Type | None:
    found: Type | None = types[0]
    for other in types[1:]:
        found = found and join(found, other)
    return found


def _if(values: Sequence[Value], opening: Opening) -> Ending:
    return _one_of(values, always=any(value.arm == "else" for value in values))


def _always(values: Sequence[Value], opening: Opening) -> Ending:
    return _one_of(values, always=True)


def _nothing(values: Sequence[Value], opening: Opening) -> Ending:
    return Ending()


def _each(values: Sequence[Value], opening: Opening) -> Ending:
    of = values[0].type if values else None
    return Ending() if of is None else Ending((PortDefinition("value", of),), ListType(of))


def _all(values: Sequence[Value], opening: Opening) -> Ending:
    typed = [(value.arm, value.type) for value in values if value.type is not None]
    if not typed:
        return Ending()
    return Ending(
        tuple(PortDefinition(name, of) for name, of in typed),
        RecordType(tuple(Field(name, of) for name, of in typed)),
    )


def _first(values: Sequence[Value], opening: Opening) -> Ending:
    found = _one_of(values, always=True)
    if found.result is None or opening.count is None:
        return found
    return Ending(found.inputs, ListType(found.result), found.clash)


def _loop(values: Sequence[Value], opening: Opening) -> Ending:
    """What `body` gives ends the loop, what `again` gives is the variable of the next round: neither is the loop's value."""
    given = [value for value in values if value.arm not in (BODY, AGAIN)]
    if not any(value.arm == DONE for value in given) and opening.variable is not None:
        given = [Value("", opening.variable), *given]
    found = _one_of(given, always=True)
    ports = tuple(_loop_port(value) for value in values if value.type is not None)
    return Ending(ports, found.result, found.clash)


def _loop_port(value: Value) -> PortDefinition:
    name = arm_port(Form.LOOP, value.arm)
    return PortDefinition(UNTIL, BOOL) if name == UNTIL else _may_miss(Value(name, value.type))


_ENDINGS: dict[Form, Callable[[Sequence[Value], Opening], Ending]] = {
    Form.IF: _if,
    Form.MATCH: _always,
    Form.TRY: _always,
    Form.FINALLY: _nothing,
    Form.FOR: _each,
    Form.PARALLEL_ALL: _all,
    Form.PARALLEL_FIRST: _first,
    Form.LOOP: _loop,
}
