"""Values on their way between the engine and the user's code, and what each looks like on the two sides.

    type        engine                 user's code
    timestamp   base.times.Timestamp   datetime with a time zone (whole microseconds)
    duration    base.times.Duration    timedelta (whole microseconds)
    secret      base.values.Secret     str, the secret itself; never on the way back
    others      as base.types says     the same

What comes back may also hold tuples, paths, enums, dataclasses, pydantic models and numpy's arrays and numbers.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import os
from collections.abc import Callable, Mapping
from typing import cast

import msgpack

from symphony_dsl.base.canonical import MAX_DEPTH
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.values import SecretRef, SecretText, Value, in_the_open

_TIMESTAMP, _DURATION, _SECRET, _LARGE_INT, _SECRET_TEXT = 1, 2, 3, 4, 5
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_PLAIN = (bool, int, float, bytes)


class UnfitValueError(Exception):
    """A value that no workflow can hold; `str()` of it names the place in the data."""


# --- bytes


def encode(value: Value) -> bytes:
    """`value` is typed: conformed to a type, or what `from_user` gave."""
    return cast("bytes", msgpack.packb(value, default=_extension))


def decode(data: bytes) -> Value:
    """For the engine."""
    return msgpack.unpackb(data, ext_hook=_typed)


def decode_for_user(data: bytes, secrets: Mapping[str, str]) -> Value:
    """For the user's code."""

    def pythonic(code: int, body: bytes) -> object:
        value = _typed(code, body)
        if isinstance(value, SecretRef | SecretText):
            return in_the_open(value, secrets)
        return _to_python(value)

    return msgpack.unpackb(data, ext_hook=pythonic)


def _extension(value: object) -> msgpack.ExtType:
    if isinstance(value, Timestamp):
        return msgpack.ExtType(_TIMESTAMP, str(value.ns).encode())
    if isinstance(value, Duration):
        return msgpack.ExtType(_DURATION, str(value.ns).encode())
    if isinstance(value, SecretRef):
        return msgpack.ExtType(_SECRET, value.source.encode())
    if isinstance(value, SecretText):
        return msgpack.ExtType(_SECRET_TEXT, encode(value.parts))
    if isinstance(value, int):  # the format itself has 64 bits
        return msgpack.ExtType(_LARGE_INT, hex(value).encode())
    raise TypeError(f"no value of a workflow: {type(value).__name__}")


_READERS: dict[int, Callable[[bytes], Value]] = {
    _TIMESTAMP: lambda body: Timestamp(int(body)),
    _DURATION: lambda body: Duration(int(body)),
    _SECRET: lambda body: SecretRef(body.decode()),
    _SECRET_TEXT: lambda body: SecretText(tuple(decode(body))),
    _LARGE_INT: lambda body: int(body, 16),
}


def _typed(code: int, body: bytes) -> Value:
    return _READERS[code](body)


def _to_python(value: Value) -> Value:
    if not isinstance(value, Timestamp | Duration):
        return value
    return value.utc() if isinstance(value, Timestamp) else datetime.timedelta(microseconds=value.ns // 1000)


# --- what the user's code gave back


def from_user(value: Value, path: str = "", depth: int = 0) -> Value:
    """The typed value of what a function returned. Raises UnfitValueError."""
    if value is None or type(value) in _PLAIN:
        return value
    if depth > MAX_DEPTH:
        raise UnfitValueError(f"{_at(path)} is nested deeper than {MAX_DEPTH}")
    for kinds, convert in _CONVERTERS:
        if isinstance(value, kinds):
            return convert(value, path, depth)
    return _by_protocol(value, path, depth)


def _at(path: str) -> str:
    return f"the value at {path}" if path else "the value"


def _enum(value: enum.Enum, path: str, depth: int) -> Value:
    return from_user(value.value, path, depth + 1)


def _text(value: str, path: str, _depth: int) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise UnfitValueError(f"{_at(path)} is a text that is not valid Unicode") from problem
    return str(value)


def _timestamp(value: datetime.datetime, path: str, _depth: int) -> Timestamp:
    if value.tzinfo is None:
        raise UnfitValueError(f"{_at(path)} is a datetime without a time zone; give it one, for example UTC")
    return Timestamp((value - _EPOCH) // _MICROSECOND * 1000)


def _duration(value: datetime.timedelta, path: str, _depth: int) -> Duration:
    try:
        return Duration(value // _MICROSECOND * 1000)
    except ValueError as problem:
        raise UnfitValueError(f"{_at(path)} cannot be used: {problem}") from problem


def _file(value: os.PathLike[str], _path: str, _depth: int) -> str:
    return os.fspath(value)


def _list(value: list[Value] | tuple[Value, ...], path: str, depth: int) -> list[Value]:
    return [from_user(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]


def _map(value: Mapping[Value, Value], path: str, depth: int) -> dict[str, Value]:
    for key in value:
        if not isinstance(key, str):
            raise UnfitValueError(f"{_at(path)} has the key {key!r}, which is no text")
    return {str(key): from_user(item, f"{path}.{key}" if path else key, depth + 1) for key, item in value.items()}


_CONVERTERS: tuple[tuple[tuple[type, ...], Callable[[Value, str, int], Value]], ...] = (
    ((enum.Enum,), _enum),
    ((str,), _text),
    ((int,), lambda value, _path, _depth: int(value)),
    ((float,), lambda value, _path, _depth: float(value)),
    ((datetime.datetime,), _timestamp),
    ((datetime.timedelta,), _duration),
    ((os.PathLike,), _file),
    ((list, tuple), _list),
    ((Mapping,), _map),
    ((Timestamp, Duration), lambda value, _path, _depth: value),
)


def _by_protocol(value: Value, path: str, depth: int) -> Value:
    """Classes that say themselves how they look as plain data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return _map(fields, path, depth)
    for method in ("model_dump", "tolist"):  # pydantic's models; numpy's arrays and numbers
        if callable(getattr(type(value), method, None)):
            return from_user(getattr(value, method)(), path, depth + 1)
    raise UnfitValueError(f"{_at(path)} is of the Python type {type(value).__name__}, which no workflow can hold")
