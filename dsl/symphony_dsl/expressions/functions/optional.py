"""Optionals: values that may be there. A zero value is what is empty or zero, as CEL has it."""

from __future__ import annotations

from collections.abc import Sequence

from symphony_dsl.base.dynamic import ABSENT, Option
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import BOOL, ListType, OptionalType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.signatures import ANY, FUNCTION, METHOD, FunctionError, Overload, sizes


def _of(value: Value) -> Option:
    return Option(True, value)


def _of_non_zero(value: Value) -> Option:
    return ABSENT if _is_zero(value) else Option(True, value)


def _is_zero(value: Value) -> bool:
    match value:
        case None | False | "" | b"":
            return True
        case int() | float():
            return value == 0
        case list() | dict():
            return not value
        case Duration(ns) | Timestamp(ns):
            return ns == 0
    return False


def _none() -> Option:
    return ABSENT


def _has_value(option: Option) -> bool:
    return option.present


def _value(option: Option) -> Value:
    if not option.present:
        raise FunctionError("there is no value; write `.orValue(…)` to say what to use then")
    return option.value


def _or(option: Option, other: Option) -> Option:
    return option if option.present else other


def _or_value(option: Option, default: Value) -> Value:
    return option.value if option.present else default


def _unwrap(options: Sequence[Value]) -> list[Value]:
    """The values that are there."""
    if not all(isinstance(each, Option) for each in options):
        raise FunctionError("not all elements of the list are optionals")
    return [each.value for each in options if each.present]


_OPTIONAL = OptionalType(ANY)
_LIST = ListType(ANY)

OVERLOADS: tuple[Overload, ...] = (
    Overload("optional.of", FUNCTION, (ANY,), _OPTIONAL, _of),
    Overload("optional.ofNonZeroValue", FUNCTION, (ANY,), _OPTIONAL, _of_non_zero),
    Overload("optional.none", FUNCTION, (), _OPTIONAL, _none),
    Overload("optional.unwrap", FUNCTION, (ListType(_OPTIONAL),), _LIST, _unwrap, sizes),
    Overload("unwrapOpt", METHOD, (ListType(_OPTIONAL),), _LIST, _unwrap, sizes),
    Overload("hasValue", METHOD, (_OPTIONAL,), BOOL, _has_value),
    Overload("value", METHOD, (_OPTIONAL,), ANY, _value),
    Overload("or", METHOD, (_OPTIONAL, _OPTIONAL), _OPTIONAL, _or),
    Overload("orValue", METHOD, (_OPTIONAL, ANY), ANY, _or_value),
)
