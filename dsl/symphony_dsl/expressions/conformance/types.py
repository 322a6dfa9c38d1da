"""The types of a list of conformance tests, as it writes them: `map(string, list(dyn))`.

A type parameter (`A`) is written as a word of one capital letter; what it stands for is free, so that it is read as `dyn`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FLOAT,
    INT,
    JSON,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    OptionalType,
    Type,
)

_TOKEN = re.compile(r"\s*([\w.]+|[(),])\s*", re.ASCII)
_PARAMETER = re.compile(r"[A-Z]")

_WORDS: dict[str, Type] = {
    "bool": BOOL,
    "int": INT,
    "uint": UINT,
    "double": FLOAT,
    "string": STRING,
    "bytes": BYTES,
    "dyn": JSON,
    "null": NULL,
    "null_type": NULL,
    "type": TYPE,
    "timestamp": TIMESTAMP,
    "duration": DURATION,
    "google.protobuf.Timestamp": TIMESTAMP,
    "google.protobuf.Duration": DURATION,
    "list": ListType(JSON),
    "map": MapType(JSON, JSON),
    "optional_type": OptionalType(JSON),
}

_FORMS: dict[tuple[str, int], Callable[..., Type]] = {
    ("list", 1): ListType,
    ("map", 2): lambda key, value: MapType(value, key),
    ("optional_type", 1): OptionalType,
    ("type", 1): lambda _of: TYPE,
}


def read_type(text: str) -> Type:
    """The type of a text; ValueError where it is none that the language has."""
    tokens = [found[1] for found in _TOKEN.finditer(text)]
    if "".join(tokens) != "".join(text.split()):
        raise ValueError(f"`{text}` is no type")
    of, rest = _read(tokens)
    if rest:
        raise ValueError(f"`{text}` goes on behind a type")
    return of


def _read(tokens: list[str]) -> tuple[Type, list[str]]:
    if not tokens:
        raise ValueError("a type ends too early")
    word, *rest = tokens
    if rest[:1] != ["("]:
        return _named(word), rest
    arguments = []
    while rest and rest[0] in "(,":
        argument, rest = _read(rest[1:])
        arguments.append(argument)
    form = _FORMS.get((word, len(arguments)))
    if rest[:1] != [")"] or form is None:
        raise ValueError(f"`{word}` takes other types")
    return form(*arguments), rest[1:]


def _named(word: str) -> Type:
    if _PARAMETER.fullmatch(word):
        return JSON
    if word not in _WORDS:
        raise ValueError(f"there is no type `{word}`")
    return _WORDS[word]
