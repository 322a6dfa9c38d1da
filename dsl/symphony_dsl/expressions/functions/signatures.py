"""What a function is: its signature, its implementation, its price; and which signature fits given types.

A signature may have type variables: an `OpaqueType` is bound to whatever stands there, and where it stands twice, to what
both join to. A variable that nothing is known of (`optional.none()`, `[]`) is NEVER, which later joins with anything. `E` is bound
to enums only, and `N` stands for any number without being bound. Where an argument is `json`, its type is known at run
time only, and every signature that may fit stays a candidate.

In `.wf` an int may stand for a float; in plain CEL (`lenient=False`) it may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from symphony_dsl.base.flows import FlowKind, flows, join
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    NEVER,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    UNKNOWN,
    EnumType,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.checker.celtypes import agree, common

ANY = OpaqueType("T")
OTHER = OpaqueType("V")
KEY = OpaqueType("K")
ENUM = OpaqueType("E")
NUMBER = OpaqueType("N")

OPERATOR = "operator"
FUNCTION = "function"
METHOD = "method"

Variables: TypeAlias = "dict[str, Type]"


class FunctionError(Exception):
    """What a function says when it cannot work with its values: a clause that ends a sentence."""


@frozen
class Overload:
    """The first parameter of a method is what it is called on. `more` is the type of any further arguments.

    `effort` is the size of what is read and made, in characters and elements; None where it is small. It is asked before
    `run`, so that nothing too large is ever made. `deep`: the values are gone through with all that is in them.
    `run` takes any values of the classes of its parameters, whatever lists, maps and optionals hold, and says what it
    cannot work with by a FunctionError.
    """

    name: str
    style: str
    parameters: tuple[Type, ...]
    result: Type
    run: Callable[..., Value]
    effort: Callable[..., int] | None = None
    deep: bool = False
    more: Type | None = None

    def __str__(self) -> str:
        listed = [*map(str, self.parameters), *(["…"] if self.more else [])]
        if self.style == METHOD:
            return f"{listed[0]}.{self.name}({', '.join(listed[1:])})"
        return f"{self.name}({', '.join(listed)})"

    def takes(self, count: int) -> bool:
        """Whether it takes so many arguments, what a method is called on among them."""
        least = len(self.parameters)
        return count == least or (self.more is not None and count > least)

    def parameters_for(self, count: int) -> tuple[Type, ...]:
        """The parameters for so many arguments, which it takes."""
        further = count - len(self.parameters)
        return self.parameters if self.more is None else self.parameters + (self.more,) * further


@frozen
class Choice:
    """An overload whose variables are bound. `dynamic`: whether it fits is seen at run time."""

    overload: Overload
    parameters: tuple[Type, ...]
    result: Type
    dynamic: bool


def sizes(*values: Value) -> int:
    """The usual effort: the lengths of the texts and collections that are given."""
    size = 0
    for value in values:
        if type(value) in _SIZED:
            size += len(value)
    return size


_SIZED = frozenset({str, bytes, list, dict})


def choose(overloads: Iterable[Overload], arguments: Sequence[Type], *, lenient: bool = True) -> tuple[Choice, ...]:
    """The overload for these types; several where a `json` decides at run time; none where nothing fits."""
    found: list[tuple[FlowKind, Choice]] = []
    free = not lenient and any(map(_is_free, arguments))  # several signatures may fit exactly then
    for overload in overloads:
        if not overload.takes(len(arguments)):
            continue
        fitting = _Fitting(lenient, widens=lenient and overload.style != OPERATOR)
        kind = fitting.of_all(overload.parameters_for(len(arguments)), arguments)
        if kind is FlowKind.EXACT and not free:
            return (fitting.choice(overload, len(arguments), dynamic=False),)
        if kind is not FlowKind.NO:
            found.append((kind, fitting.choice(overload, len(arguments), dynamic=kind is not FlowKind.WIDENS)))
    static = [choice for kind, choice in found if kind is FlowKind.WIDENS]
    return (static[0],) if static else tuple(choice for _, choice in found)


def _is_free(of: Type) -> bool:
    """Whether a type is not settled, or has a part that is not, as the element of `[]`."""
    return of == NEVER or any(map(_is_free, _parts(of)))


def result_of(choices: Sequence[Choice]) -> Type:
    """The type of a call: what all candidates agree on, else `json`."""
    first = choices[0].result
    return first if all(choice.result == first for choice in choices) else JSON


@dataclass(slots=True)
class _Fitting:
    """Holds types against parameters and binds variables on the way.

    `lenient`: types with ints and types with floats join. `widens`: an int fits a float; operators say themselves which
    types they mix, so that an int beside a uint is not taken for a float.
    """

    lenient: bool
    widens: bool
    variables: Variables = field(default_factory=dict)

    def choice(self, overload: Overload, count: int, *, dynamic: bool) -> Choice:
        parameters = tuple(concrete(each, self.variables) for each in overload.parameters_for(count))
        return Choice(overload, parameters, concrete(overload.result, self.variables), dynamic)

    def of_all(self, wanted: Sequence[Type], given: Sequence[Type]) -> FlowKind:
        whole = FlowKind.EXACT
        for one, other in zip(wanted, given, strict=True):
            kind = self.of(one, other)
            if kind is FlowKind.NO:
                return kind
            whole = max(whole, kind)
        return whole

    def of(self, wanted: Type, given: Type) -> FlowKind:
        """How a type fits a parameter."""
        if given == UNKNOWN:
            return FlowKind.EXACT
        match wanted, given:
            case OpaqueType(name), _:
                return self._variable(name, given)
            case ListType(item), ListType(of):
                return self.of(item, of)
            case MapType(value, key), MapType(of, by):
                return self.of_all((value, key), (of, by))
            case OptionalType(item), OptionalType(of):
                return self.of(item, of)
            case ((ListType() | MapType() | OptionalType()), _) if given in (JSON, NEVER):
                self.of_all(parts := _parts(wanted), [given] * len(parts))
                return FlowKind.CONVERTS if given == JSON else FlowKind.EXACT
            case OptionalType(), _:
                return FlowKind.NO
        if given == JSON and wanted != JSON:
            return FlowKind.CONVERTS if wanted in _FROM_JSON else FlowKind.NO
        if (given, wanted) == (UINT, INT) or (not self.widens and _widened(given, wanted)):
            return FlowKind.NO
        return flows(given, wanted).kind

    def _variable(self, name: str, given: Type) -> FlowKind:
        if name == NUMBER.name:
            return _number(given)
        if name == ENUM.name and not isinstance(given, EnumType):
            return FlowKind.NO
        before = self.variables.get(name, NEVER)
        joined = self._joined(before, given)
        if joined is None:
            return FlowKind.NO
        self.variables[name] = joined
        return FlowKind.EXACT if before in (NEVER, joined) and given in (NEVER, joined) else FlowKind.WIDENS

    def _joined(self, before: Type, given: Type) -> Type | None:
        if self.lenient:
            return join(before, given)
        return common(before, given) if agree(before, given) else None


def _number(given: Type) -> FlowKind:
    """Any number, though a signature with the very type is better."""
    if given in (INT, UINT, FLOAT, NEVER):
        return FlowKind.WIDENS
    return FlowKind.CONVERTS if given == JSON else FlowKind.NO


def _widened(of: Type, to: Type) -> bool:
    """Whether ints become floats on the way from a type to another."""
    match of, to:
        case ListType(), ListType():
            return _widened(of.item, to.item)
        case OptionalType(), OptionalType():
            return _widened(of.item, to.item)
        case MapType(), MapType():
            return _widened(of.value, to.value) or _widened(of.key, to.key)
    return (of, to) == (INT, FLOAT)


def concrete(of: Type, variables: Mapping[str, Type]) -> Type:
    """A type of a signature with its variables put in."""
    match of:
        case OpaqueType(name):
            return variables.get(name, NEVER)
        case ListType(item):
            return ListType(concrete(item, variables))
        case MapType(value, key):
            return MapType(concrete(value, variables), concrete(key, variables))
        case OptionalType(item):
            return OptionalType(concrete(item, variables))
    return of


def _parts(of: Type) -> tuple[Type, ...]:
    match of:
        case ListType(item) | OptionalType(item):
            return (item,)
        case MapType(value, key):
            return (value, key)
    return ()


_FROM_JSON = frozenset({STRING, BOOL, BYTES, TIMESTAMP, DURATION, INT, UINT, FLOAT, TYPE, NULL})
"""What a value that came as `json` may turn out to be."""
