"""What generated functions call: only what Python's own operators do not do, or would do otherwise than CEL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symphony_dsl.base.dynamic import Option
from symphony_dsl.base.types import Type
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.conversions import data_text
from symphony_dsl.expressions.fast.code import Unserved
from symphony_dsl.expressions.fast.making import FEW
from symphony_dsl.expressions.functions.dispatch import resolve, takes
from symphony_dsl.expressions.functions.signatures import OPERATOR, Overload
from symphony_dsl.expressions.meter import BUDGET, Meter
from symphony_dsl.expressions.pricing import COMPARISONS, charge, compare


def spent(meter: Meter) -> int:
    """The units of a run so far, if they are few."""
    units = BUDGET - meter.left
    if units > FEW:
        raise Unserved
    return units


def compared(one: Value, other: Value, units: int) -> int:
    """The units with what a comparison costs."""
    meter = Meter(BUDGET - units)
    compare(meter, one, other)
    return spent(meter)


def walked(value: Value, units: int) -> int:
    """The units with what it costs to go through all of a value."""
    meter = Meter(BUDGET - units)
    meter.walk(value)
    return spent(meter)


def charging(overload: Overload) -> Callable[..., int]:
    """Adds to the units what a call of an overload costs."""

    def charged(*values: Value) -> int:
        meter = Meter(BUDGET - values[-1])
        charge(meter, overload, values[:-1])
        return spent(meter)

    return charged


def found(style: str, name: str, settled: Overload | None, classes: tuple[type, ...]) -> Overload:
    """What the checker settled is taken where the classes fit it; all else is seen from them, as in the exact tier."""
    if settled and all(map(takes, settled.parameters, classes)):
        return settled
    overload = resolve(style, name, classes, True)
    if overload is None:
        raise Unserved
    return overload


class Late:
    """A function or an operator whose overload is found by the classes of its values, each time."""

    def __init__(self, style: str, name: str, settled: Overload | None) -> None:
        self.style = style
        self.name = name
        self.settled = settled
        self.price = _comparison if style == OPERATOR and name in COMPARISONS else charge

    def overload(self, arguments: Sequence[Value]) -> Overload:
        return found(self.style, self.name, self.settled, tuple(map(type, arguments)))

    def charged(self, *values: Value) -> int:
        arguments = values[:-1]
        meter = Meter(BUDGET - values[-1])
        overload = self.overload(arguments)
        if overload.effort is not None or overload.deep:
            self.price(meter, overload, arguments)
        return spent(meter)

    def run(self, *arguments: Value) -> Value:
        return self.overload(arguments).run(*arguments)


def _comparison(meter: Meter, overload: Overload, arguments: Sequence[Value]) -> None:
    compare(meter, arguments[0], arguments[1])


def or_none(option: Option) -> Value:
    """What an optional holds; None where it holds nothing."""
    return option.value if option.present else None


def writing(of: Type) -> Callable[[Value], str]:
    """How a value of a type stands in a text."""
    return lambda value: data_text(value, of)


def record(values: dict[str, Value], optional: tuple[str, ...]) -> dict[str, Value]:
    """A record without the fields that are absent."""
    return {key: value for key, value in values.items() if value is not None or key not in optional}


def shorter(values: Sequence[Value], optional: tuple[int, ...]) -> list[Value]:
    """A list without the elements that are absent."""
    return [value for at, value in enumerate(values) if value is not None or at not in optional]


def entries(*pairs: tuple[str, Value]) -> dict[str, Value]:
    """A map whose keys differ."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Unserved
    return made


def grouped(values: Sequence[Value], keys: Sequence[str]) -> dict[str, list[Value]]:
    groups: dict[str, list[Value]] = {}
    for key, value in zip(keys, values, strict=True):
        groups.setdefault(key, []).append(value)
    return groups


def ordered(values: Sequence[Value], keys: Sequence[Value]) -> list[Value]:
    return [values[at] for at in sorted(range(len(keys)), key=keys.__getitem__)]


def in_order(values: dict[str, Value]) -> list[tuple[str, Value]]:
    """The entries of a map as macros go through them."""
    return [(key, values[key]) for key in sorted(values)]
