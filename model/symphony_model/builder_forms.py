"""The constructs that a block may be: the nodes at their ends, the names of their arms, and the type of their value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from symphony_dsl.base.flows import join
from symphony_dsl.base.types import JSON, STRING, UNKNOWN, Field, ListType, MapType, RecordType, Type, optional
from symphony_model.nodes import ControlType
from symphony_model.ports import PortDefinition


class Form(StrEnum):
    IF = "if"
    MATCH = "match"
    TRY = "try"
    FOR = "for"
    PARALLEL_ALL = "parallel all"
    PARALLEL_FIRST = "parallel first"
    LOOP = "loop"

    @property
    def word(self) -> str:
        """What the opening node's path ends with."""
        return self.value.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class Shape:
    """`mode` is that of the opening node's configuration. `names` are those of arms that are given none."""

    mode: str
    opens: ControlType
    names: tuple[str, ...] = ()
    port: str | None = None  # of the closing node, where it is not called after the arm
    conditional: bool = False


SHAPES = {
    Form.IF: Shape("if", ControlType.BRANCH, ("then",), conditional=True),
    Form.MATCH: Shape("match", ControlType.BRANCH, conditional=True),
    Form.TRY: Shape("try", ControlType.BRANCH, ("body", "catch")),
    Form.FOR: Shape("each", ControlType.PARALLEL, port="value"),
    Form.PARALLEL_ALL: Shape("all", ControlType.PARALLEL),
    Form.PARALLEL_FIRST: Shape("first", ControlType.PARALLEL),
    Form.LOOP: Shape("until", ControlType.LOOP, ("body", "again", "else")),
}

EACH = "each"
RESULT = "result"


def arm_name(form: Form, count: int) -> str | None:
    """The name of an arm that is given none, after `count` others: the last of the names is counted on."""
    names = SHAPES[form].names
    if count < len(names):
        return names[count]
    return f"{names[-1]}{count - len(names) + 2}" if names else None


# ---- the ports of the opening node ----


def opener_outputs(form: Form, inputs: Sequence[PortDefinition]) -> tuple[PortDefinition, ...]:
    """What a block gives to each round or item."""
    if form is Form.LOOP:
        return tuple(PortDefinition(port.name, port.data_type) for port in inputs)
    items = next((port.data_type for port in inputs if port.name == "items"), None)
    return _of_items(items) if form is Form.FOR and items is not None else ()


def _of_items(items: Type) -> tuple[PortDefinition, ...]:
    if isinstance(items, MapType):
        return (PortDefinition("item", items.value), PortDefinition("key", STRING))
    item = items.item if isinstance(items, ListType) else JSON
    return (PortDefinition("item", item),)


# ---- the ports of the closing node ----


@dataclass(frozen=True, slots=True)
class Value:
    """An arm by its name, and the type of what it yields; None where it yields nothing."""

    arm: str
    type: Type | None


@dataclass(frozen=True, slots=True)
class Ending:
    """What flows into a closing node, and out. `clash` are types of arms that have none in common."""

    inputs: tuple[PortDefinition, ...] = ()
    result: Type | None = None
    clash: tuple[Type, ...] = ()

    @property
    def outputs(self) -> tuple[PortDefinition, ...]:
        return () if self.result is None else (PortDefinition(RESULT, self.result),)


def ending(form: Form, values: Sequence[Value], limit: object) -> Ending:
    return _ENDINGS[form](values, limit)


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


def _if(values: Sequence[Value], limit: object) -> Ending:
    return _one_of(values, always=any(value.arm == "else" for value in values))


def _always(values: Sequence[Value], limit: object) -> Ending:
    return _one_of(values, always=True)


def _each(values: Sequence[Value], limit: object) -> Ending:
    of = values[0].type if values else None
    return Ending() if of is None else Ending((PortDefinition("value", of),), ListType(of))


def _all(values: Sequence[Value], limit: object) -> Ending:
    typed = [(value.arm, value.type) for value in values if value.type is not None]
    if not typed:
        return Ending()
    return Ending(
        tuple(PortDefinition(name, of) for name, of in typed),
        RecordType(tuple(Field(name, of) for name, of in typed)),
    )


def _first(values: Sequence[Value], limit: object) -> Ending:
    found = _one_of(values, always=True)
    if found.result is None or limit in (None, 1):
        return found
    return Ending(found.inputs, ListType(found.result), found.clash)


def _loop(values: Sequence[Value], limit: object) -> Ending:
    """What `again` yields is the variable of the next round, not the value of the loop."""
    given = [value for value in values if value.arm != "again" and value.type is not None]
    following = tuple(_may_miss(value) for value in values if value.arm == "again" and value.type is not None)
    found = _one_of(given, always=True)
    return Ending((*found.inputs, *following), found.result, found.clash)


_ENDINGS: dict[Form, Callable[[Sequence[Value], object], Ending]] = {
    Form.IF: _if,
    Form.MATCH: _always,
    Form.TRY: _always,
    Form.FOR: _each,
    Form.PARALLEL_ALL: _all,
    Form.PARALLEL_FIRST: _first,
    Form.LOOP: _loop,
}
