"""Conversions that a writer asks for: `string(x)`, `int(x)`, `timestamp(x)` … They fail rather than guess."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from symphony_dsl.base.constraints import shown
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
    MODEL,
    STRING,
    TIMESTAMP,
    Type,
)
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions_numbers import whole
from symphony_dsl.expressions.functions_times import epoch
from symphony_dsl.expressions.signatures import ENUM, FUNCTION, FunctionError, Overload, sizes

_INT = re.compile(r"[+-]?\d+", re.ASCII)
_FLOAT = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_LONGEST_NUMBER = 400

_BOOLS = {
    **dict.fromkeys(("true", "True", "TRUE", "t", "T", "1"), True),
    **dict.fromkeys(("false", "False", "FALSE", "f", "F", "0"), False),
}


def text_of(value: Value) -> str:
    """The text of a scalar, in an interpolation and by `string()`: whole floats without `.0`, durations in seconds."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).removesuffix(".0")
        case Duration():
            return value.in_seconds()
        case bytes():
            return _decoded(value)
    return str(value)


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
    if not math.isfinite(number):
        raise FunctionError("the number is not finite")
    return whole(int(number))


def _float_of_text(text: str) -> float:
    if len(text) > _LONGEST_NUMBER or not _FLOAT.fullmatch(text):
        raise FunctionError(f"{shown(text)} is no number")
    return float(text)


def _bool_of_text(text: str) -> bool:
    if text not in _BOOLS:
        raise FunctionError(f"{shown(text)} is neither true nor false")
    return _BOOLS[text]


def _bytes_of_text(text: str) -> bytes:
    return text.encode()


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


_TEXTS: tuple[Type, ...] = (STRING, INT, FLOAT, BOOL, TIMESTAMP, DURATION, ENUM, FILE, FOLDER, IMAGE, AUDIO, MODEL)


def _convert(name: str, source: Type, result: Type, run: Callable[..., Value]) -> Overload:
    return Overload(name, FUNCTION, (source,), result, run, sizes if source in (STRING, BYTES) else None)


OVERLOADS: tuple[Overload, ...] = (
    *(_convert("string", of, STRING, text_of) for of in (*_TEXTS, BYTES)),
    _convert("int", INT, INT, _same),
    _convert("int", FLOAT, INT, _int_of_float),
    _convert("int", STRING, INT, _int_of_text),
    _convert("int", TIMESTAMP, INT, epoch),
    *(
        _convert(name, source, FLOAT, run)
        for name in ("float", "double")
        for source, run in ((FLOAT, float), (INT, float), (STRING, _float_of_text))
    ),
    _convert("bool", BOOL, BOOL, _same),
    _convert("bool", STRING, BOOL, _bool_of_text),
    _convert("bytes", BYTES, BYTES, _same),
    _convert("bytes", STRING, BYTES, _bytes_of_text),
    _convert("timestamp", TIMESTAMP, TIMESTAMP, _same),
    _convert("timestamp", STRING, TIMESTAMP, _parsed(Timestamp.parse)),
    _convert("timestamp", INT, TIMESTAMP, _timestamp_of_seconds),
    _convert("duration", DURATION, DURATION, _same),
    _convert("duration", STRING, DURATION, _parsed(Duration.parse)),
)
