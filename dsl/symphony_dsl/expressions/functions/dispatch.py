"""Which overload a call means, by the classes of its values.

What the checker knows from types, an evaluation can find from values alone: the classes of `base.dynamic` tell the types
of a signature apart, but for what is inside of lists, maps and optionals. So there an implementation takes whatever it
is given, and fails with a clear word.

The first overload of the table that fits is taken. `lenient` is for `.wf`, where an int may stand for a float: if
nothing fits, the ints are made floats where a function has floats. Operators say themselves which numbers they mix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import NoneType

from symphony_dsl.base.dynamic import Option, TypeValue, Uint
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    MODEL,
    NULL,
    PATHS,
    SECRET,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    OpaqueType,
    OptionalType,
    Type,
)
from symphony_dsl.base.values import SecretRef, SecretText, Value
from symphony_dsl.expressions.functions.signatures import ENUM, NUMBER, OPERATOR, Overload
from symphony_dsl.expressions.functions.table import overloads

_CLASSES: dict[Type, tuple[type, ...]] = {
    NULL: (NoneType,),
    BOOL: (bool,),
    INT: (int,),
    UINT: (Uint,),
    FLOAT: (float,),
    BYTES: (bytes,),
    TIMESTAMP: (Timestamp,),
    DURATION: (Duration,),
    TYPE: (TypeValue,),
    SECRET: (SecretRef, SecretText),
    NUMBER: (int, Uint, float),
    **dict.fromkeys((STRING, ENUM, MODEL, *PATHS), (str,)),
}

_known: dict[tuple[str, str, tuple[type, ...], bool], Overload | None] = {}


def resolve(style: str, name: str, classes: tuple[type, ...], lenient: bool) -> Overload | None:
    """The overload for values of exactly these classes; None where there is none."""
    key = (style, name, classes, lenient)
    if key not in _known:
        _known[key] = _resolved(*key)
    return _known[key]


def _resolved(style: str, name: str, classes: tuple[type, ...], lenient: bool) -> Overload | None:
    known = [each for each in overloads(style, name) if each.takes(len(classes))]
    found = next((each for each in known if _fits(each, classes)), None)
    if found is not None or not lenient or style == OPERATOR:
        return found
    wide = next((each for each in known if _fits(each, classes, widen=True)), None)
    return wide and replace(wide, run=_widened(wide, len(classes)))


def _fits(overload: Overload, classes: tuple[type, ...], *, widen: bool = False) -> bool:
    pairs = zip(overload.parameters_for(len(classes)), classes, strict=True)
    return all(takes(wanted, each) or (widen and (wanted, each) == (FLOAT, int)) for wanted, each in pairs)


def takes(wanted: Type, given: type) -> bool:
    """Whether a value of a class may stand for a parameter of a type."""
    match wanted:
        case ListType():
            return given is list
        case MapType():
            return given is dict
        case OptionalType():
            return given is Option
    if wanted in _CLASSES:
        return given in _CLASSES[wanted]
    return wanted == JSON or isinstance(wanted, OpaqueType)


def _widened(overload: Overload, count: int) -> Callable[..., Value]:
    """The implementation for values among which ints stand for floats."""
    floats = [wanted == FLOAT for wanted in overload.parameters_for(count)]

    def run(*values: Value) -> Value:
        return overload.run(*(float(v) if wide else v for v, wide in zip(values, floats, strict=True)))

    return run
