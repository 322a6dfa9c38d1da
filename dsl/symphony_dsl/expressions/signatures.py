"""What a function is: its signature, its implementation, its price; and which signature fits given types.

A signature may have a type variable: an `OpaqueType`, bound to whatever stands there (the whole of `T[]` joins). `E` is
bound to enums only. Where an argument is `json`, its type is known at run time only, and every signature that may fit
stays a candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symphony_dsl.base.flows import FlowKind, flows, join
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    NEVER,
    STRING,
    TIMESTAMP,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Type,
)
from symphony_dsl.base.values import Value

ANY = OpaqueType("T")
OTHER = OpaqueType("V")
ENUM = OpaqueType("E")

OPERATOR = "operator"
FUNCTION = "function"
METHOD = "method"

Variables: TypeAlias = "dict[str, Type]"


class FunctionError(Exception):
    """What a function says when it cannot work with its values: a clause that ends a sentence."""


@dataclass(frozen=True, slots=True)
class Overload:
    """The first parameter of a method is what it is called on.

    `effort` is the size of what is read and made, in characters and elements; None where it is small. It is asked before
    `run`, so that nothing too large is ever made. `deep`: the values are compared with all that is in them.
    """

    name: str
    style: str
    parameters: tuple[Type, ...]
    result: Type
    run: Callable[..., Value]
    effort: Callable[..., int] | None = None
    deep: bool = False

    def __str__(self) -> str:
        listed = [str(each) for each in self.parameters]
        if self.style == METHOD:
            return f"{listed[0]}.{self.name}({', '.join(listed[1:])})"
        return f"{self.name}({', '.join(listed)})"


@dataclass(frozen=True, slots=True)
class Choice:
    """An overload whose variables are bound. `dynamic`: whether it fits is seen at run time."""

    overload: Overload
    parameters: tuple[Type, ...]
    result: Type
    dynamic: bool


def sizes(*values: Value) -> int:
    """The usual effort: the lengths of the texts and collections that are given."""
    return sum(len(value) for value in values if isinstance(value, str | bytes | list | dict))


def choose(overloads: Iterable[Overload], arguments: Sequence[Type]) -> tuple[Choice, ...]:
    """The overload for these types; several where a `json` decides at run time; none where nothing fits."""
    found: list[tuple[FlowKind, Choice]] = []
    for overload in overloads:
        bound = _fit(overload, arguments)
        if bound is None:
            continue
        kind, variables = bound
        if kind is FlowKind.EXACT:
            return (_choice(overload, variables, dynamic=False),)
        found.append((kind, _choice(overload, variables, dynamic=kind is FlowKind.CONVERTS)))
    static = [choice for kind, choice in found if kind is FlowKind.WIDENS]
    return (static[0],) if static else tuple(choice for _, choice in found)


def result_of(choices: Sequence[Choice]) -> Type:
    """The type of a call: what all candidates agree on, else `json`."""
    first = choices[0].result
    return first if all(choice.result == first for choice in choices) else JSON


def _choice(overload: Overload, variables: Variables, *, dynamic: bool) -> Choice:
    parameters = tuple(_concrete(each, variables) for each in overload.parameters)
    return Choice(overload, parameters, _concrete(overload.result, variables), dynamic)


def _concrete(of: Type, variables: Mapping[str, Type]) -> Type:
    match of:
        case OpaqueType(name):
            return variables.get(name, NEVER)
        case ListType(item):
            return ListType(_concrete(item, variables))
        case MapType(value):
            return MapType(_concrete(value, variables))
        case OptionalType(item):
            return OptionalType(_concrete(item, variables))
    return of


def _fit(overload: Overload, arguments: Sequence[Type]) -> tuple[FlowKind, Variables] | None:
    if len(overload.parameters) != len(arguments):
        return None
    variables: Variables = {}
    whole = FlowKind.EXACT
    for wanted, given in zip(overload.parameters, arguments, strict=True):
        kind = _bind(wanted, given, variables)
        if kind is FlowKind.NO:
            return None
        whole = max(whole, kind)
    return whole, variables


def _bind(wanted: Type, given: Type, variables: Variables) -> FlowKind:
    """How a type fits a parameter; variables are bound on the way."""
    if given == UNKNOWN:
        return FlowKind.EXACT
    match wanted, given:
        case OpaqueType(name), _:
            return _bind_variable(name, given, variables)
        case ListType(item), ListType(of):
            return _bind(item, of, variables)
        case MapType(value), MapType(of):
            return _bind(value, of, variables)
        case ((ListType(item) | MapType(item)), _) if given == JSON:
            _bind(item, JSON, variables)
            return FlowKind.CONVERTS
    if given == JSON:
        return FlowKind.CONVERTS if wanted in (INT, FLOAT, *_CLASSES) else FlowKind.NO
    return flows(given, wanted).kind


def _bind_variable(name: str, given: Type, variables: Variables) -> FlowKind:
    if name == ENUM.name and not isinstance(given, EnumType):
        return FlowKind.NO
    before = variables.get(name)
    joined = given if before is None else join(before, given)
    if joined is None:
        return FlowKind.NO
    variables[name] = joined
    return FlowKind.EXACT if before in (None, joined) and joined == given else FlowKind.WIDENS


def fits(value: Value, of: Type) -> bool:
    """Whether a value that came as `json` is of a type that a signature asks for."""
    match of:
        case ListType(item):
            return isinstance(value, list) and (item == JSON or all(fits(each, item) for each in value))
        case MapType(item):
            return isinstance(value, dict) and (item == JSON or all(fits(each, item) for each in value.values()))
    if of == JSON:
        return True
    if of == INT:
        return isinstance(value, int) and not isinstance(value, bool)
    if of == FLOAT:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return of in _CLASSES and isinstance(value, _CLASSES[of])


_CLASSES: dict[Type, type] = {
    STRING: str,
    BOOL: bool,
    BYTES: bytes,
    TIMESTAMP: Timestamp,
    DURATION: Duration,
}
