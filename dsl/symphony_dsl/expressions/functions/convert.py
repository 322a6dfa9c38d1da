"""Conversions that a writer asks for: `string(x)`, `int(x)`, `timestamp(x)` … They fail rather than guess."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from types import NoneType

from symphony_dsl.base.conform import INT_MAX
from symphony_dsl.base.constraints import shown
from symphony_dsl.base.dynamic import UINT_MAX, Option, TypeValue, Uint
from symphony_dsl.base.times import SECOND, Duration, Timestamp
from symphony_dsl.base.types import (
    AUDIO,
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    FOLDER,
    IMAGE,
    INT,
    JSON,
    MODEL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    Type,
)
from symphony_dsl.base.values import SecretRef, SecretText, Value
from symphony_dsl.expressions.functions.numbers import unsigned, whole
from symphony_dsl.expressions.functions.signatures import ANY, ENUM, FUNCTION, FunctionError, Overload, sizes
from symphony_dsl.expressions.functions.times import epoch

_INT = re.compile(r"[+-]?\d+", re.ASCII)
_UINT = re.compile(r"\d+", re.ASCII)
_FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|nan|[+-]?inf(inity)?", re.ASCII | re.IGNORECASE)
_LONGEST_NUMBER = 400

_BOOLS = {
    **dict.fromkeys(("true", "True", "TRUE", "t", "T", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "F", "0"), False),
}

TYPES: dict[type, TypeValue] = {
    NoneType: TypeValue("null_type"),
    bool: TypeValue("bool"),
    int: TypeValue("int"),
    Uint: TypeValue("uint"),
    float: TypeValue("double"),
    str: TypeValue("string"),
    bytes: TypeValue("bytes"),
    list: TypeValue("list"),
    dict: TypeValue("map"),
    Timestamp: TypeValue("google.protobuf.Timestamp"),
    Duration: TypeValue("google.protobuf.Duration"),
    Option: TypeValue("optional_type"),
    TypeValue: TypeValue("type"),
    **dict.fromkeys((SecretRef, SecretText), TypeValue("secret")),
}
"""What `type(x)` gives, by the class of the value."""


def text_of(value: Value) -> str:
    """The text of a scalar, in an interpolation and by `string()`: whole floats without `.0`, durations in seconds."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return float_text(value)
        case int():
            return whole_text(value)
        case Duration():
            return value.in_seconds()
        case bytes():
            return _decoded(value)
    return str(value)


def whole_text(number: int) -> str:
    """The digits of an int or a uint. Data may hold longer numbers, which take Python long to write."""
    if number.bit_length() > 64:
        raise FunctionError("a whole number is longer than 64 bits")
    return str(int(number))


def float_text(number: float) -> str:
    """The shortest text that is read as the same number."""
    if math.isfinite(number):
        return repr(number).removesuffix(".0")
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise FunctionError("the bytes are not UTF-8 text") from None


def _same(value: Value) -> Value:
    return value


def _int_of_text(text: str) -> int:
    if len(text) > _LONGEST_NUMBER or not _INT.fullmatch(text):
        raise FunctionError(f"{shown(text)} is no whole number")
    return whole(int(text))


def _int_of_float(number: float) -> int:
    """As CEL has it, both ends of the range are left out: whether they come back as they were is not certain."""
    if not abs(number) < INT_MAX + 1:
        raise FunctionError(f"{float_text(number)} does not fit into an int, which has 64 bits")
    return int(number)


def _int_of_uint(number: Uint) -> int:
    return whole(int(number))


def _uint_of_text(text: str) -> Uint:
    if len(text) > _LONGEST_NUMBER or not _UINT.fullmatch(text):
        raise FunctionError(f"{shown(text)} is no whole number without a sign")
    return unsigned(int(text))


def _uint_of_float(number: float) -> Uint:
    if not 0 <= number < UINT_MAX + 1:
        raise FunctionError(f"{float_text(number)} does not fit into a uint, which has 64 bits and no sign")
    return Uint(number)


def _float_of_text(text: str) -> float:
    if len(text) > _LONGEST_NUMBER or not _FLOAT.fullmatch(text):
        raise FunctionError(f"{shown(text)} is no number")
    number = float(text)
    if math.isinf(number) and "inf" not in text.lower():
        raise FunctionError(f"{shown(text)} is larger than any float")
    return number


def _bool_of_text(text: str) -> bool:
    if text not in _BOOLS:
        raise FunctionError(f"{shown(text)} is neither true nor false")
    return _BOOLS[text]


def _bytes_of_text(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise FunctionError("the string holds half of a surrogate pair, which is no character") from None


def _parsed(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    def run(text: str) -> Value:
        try:
            return parse(text)
        except ValueError as problem:
            raise FunctionError(str(problem)) from None

    return run


def _timestamp_of_seconds(seconds: int) -> Timestamp:
    try:
        return Timestamp(seconds * SECOND)
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def _type_of(value: Value) -> TypeValue:
    return TYPES[type(value)]


_TEXTS: tuple[Type, ...] = (
    STRING,
    INT,
    UINT,
    FLOAT,
    BOOL,
    TIMESTAMP,
    DURATION,
    ENUM,
    FILE,
    FOLDER,
    IMAGE,
    AUDIO,
    MODEL,
)
_FLOATS = ((FLOAT, float), (INT, float), (UINT, float), (STRING, _float_of_text))


def _convert(name: str, source: Type, result: Type, run: Callable[..., Value]) -> Overload:
    return Overload(name, FUNCTION, (source,), result, run, sizes if source in (STRING, BYTES) else None)


OVERLOADS: tuple[Overload, ...] = (
    *(_convert("string", of, STRING, text_of) for of in (*_TEXTS, BYTES)),
    _convert("int", INT, INT, _same),
    _convert("int", UINT, INT, _int_of_uint),
    _convert("int", FLOAT, INT, _int_of_float),
    _convert("int", STRING, INT, _int_of_text),
    _convert("int", TIMESTAMP, INT, epoch),
    _convert("uint", UINT, UINT, _same),
    _convert("uint", INT, UINT, unsigned),
    _convert("uint", FLOAT, UINT, _uint_of_float),
    _convert("uint", STRING, UINT, _uint_of_text),
    *(_convert(name, source, FLOAT, run) for name in ("float", "double") for source, run in _FLOATS),
    _convert("bool", BOOL, BOOL, _same),
    _convert("bool", STRING, BOOL, _bool_of_text),
    _convert("bytes", BYTES, BYTES, _same),
    _convert("bytes", STRING, BYTES, _bytes_of_text),
    _convert("timestamp", TIMESTAMP, TIMESTAMP, _same),
    _convert("timestamp", STRING, TIMESTAMP, _parsed(Timestamp.parse)),
    _convert("timestamp", INT, TIMESTAMP, _timestamp_of_seconds),
    _convert("duration", DURATION, DURATION, _same),
    _convert("duration", STRING, DURATION, _parsed(Duration.parse)),
    _convert("type", ANY, TYPE, _type_of),
    _convert("dyn", ANY, JSON, _same),
)
