"""JSON from anywhere: strict, bounded, and every mistake with its place.

    {"a": {"b": 1, "b": 2}}   →   $.a: the member 'b' is there twice

Python's parser takes more than JSON and does not say where it is; so what is refused becomes a mark in the data, and the
marks are looked for afterwards, where there are some.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from math import isfinite
from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.json_form.places import path_text, walk
from symphony_model.limits import LIMITS
from symphony_model.serialize_errors import DeserializeError

MAX_CHARACTERS = 256 * 1024 * 1024
MAX_VALUES = LIMITS.count
BUILD_AGAIN = "build it again with `wf build`"
LONG = 80
"""So much of a name or number is shown."""
IN_QUOTES = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
"""A text, or one that is cut off: what is looked for once is not looked for again."""


def parse_json(text: str) -> Json:
    """The data of a JSON text. Raises DeserializeError."""
    check_size(len(text))
    _check_count(text)
    marks: list[_Mark] = []
    data = _loaded(text, marks)
    if marks:
        raise _marked(data)
    if "\\ud" in text or "\\uD" in text or _is_broken(text):
        _refuse_surrogates(data)
    return data


def check_size(size: int) -> None:
    """Raises DeserializeError for a text of so many characters, or bytes, that is too long."""
    if size > MAX_CHARACTERS:
        raise DeserializeError(
            f"the artifact is larger than {MAX_CHARACTERS // 1024**2} MiB", place="$", hint="split the workflow"
        )


def _check_count(text: str) -> None:
    """Three characters may be a value of a hundred bytes. Signs inside of texts are counted only where it matters."""
    if _signs(text) > MAX_VALUES and _signs(IN_QUOTES.sub("", text)) > MAX_VALUES:
        raise DeserializeError(
            f"the artifact holds more than {MAX_VALUES:,} values", place="$", hint="split the workflow"
        )


def _signs(text: str) -> int:
    """At least so many as there are values, but for one."""
    return sum(text.count(sign) for sign in ",[{")


@dataclass(frozen=True, slots=True, eq=False)
class _Mark:
    """What stands in the data where something is refused."""

    message: str


def _loaded(text: str, marks: list[_Mark]) -> Json:
    def mark(message: str) -> _Mark:
        marks.append(_Mark(message))
        return marks[-1]

    def whole(digits: str) -> Json:
        try:
            return int(digits)
        except ValueError:  # longer than Python reads
            return mark(f"a number has {len(digits)} digits")

    def real(digits: str) -> Json:
        number = float(digits)
        return number if isfinite(number) else mark(f"{digits[:LONG]} is larger than any number of 64 bits")

    def members(pairs: list[tuple[str, Json]]) -> Json:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        return mark(f"the member {name[:LONG]!r} is there twice")

    def constant(name: str) -> Json:
        return mark(f"{name} is no JSON value")

    try:
        return json.loads(text, parse_constant=constant, parse_int=whole, parse_float=real, object_pairs_hook=members)
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno}, column {problem.colno}"
        raise DeserializeError(f"this is no JSON: {problem.msg.lower()}", place=place, hint=BUILD_AGAIN) from None
    except RecursionError:
        raise DeserializeError("the JSON nests too deeply for an artifact", place="$", hint=BUILD_AGAIN) from None


def _marked(data: Json) -> DeserializeError:
    """The first mark that is reached. One stands where an object was whose member is there twice, so one is always found."""
    place, found = next((path_text(place), value) for place, value in walk(data) if isinstance(value, _Mark))
    return DeserializeError(f"this is no JSON: {found.message}", place=place, hint=BUILD_AGAIN)


def _refuse_surrogates(data: Json) -> None:
    for place, value in walk(data):
        texts = value if isinstance(value, dict) else (value,)
        if any(isinstance(text, str) and _is_broken(text) for text in texts):
            raise DeserializeError(
                "a text holds half of a surrogate pair, which is no character", place=path_text(place), hint=BUILD_AGAIN
            )


def _is_broken(text: Any) -> bool:  # noqa: ANN401 - a text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
