"""A value as CEL writes it: JSON where it is JSON, and else an expression that has this value."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from symphony_dsl.base.dynamic import Option, TypeValue, Uint, from_key
from symphony_dsl.base.times import Duration, Timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony_dsl.base.values import Value


def written(value: Value, margin: str = "") -> str:
    """Several lines where there is something inside. No value nests deeper than an evaluation lets it."""
    inner = margin + "  "
    match value:
        case list():
            return _block("[", (written(each, inner) for each in value), "]", margin)
        case dict():
            entries = (f"{_scalar(from_key(key))}: {written(each, inner)}" for key, each in value.items())
            return _block("{", entries, "}", margin)
        case Option():
            return f"optional.of({written(value.value, margin)})" if value.present else "optional.none()"
    return _scalar(value)


def _block(opening: str, parts: Iterable[str], closing: str, margin: str) -> str:
    lines = ",\n".join(f"{margin}  {part}" for part in parts)
    return f"{opening}\n{lines}\n{margin}{closing}" if lines else opening + closing


def _scalar(value: Value) -> str:
    match value:
        case Uint():
            return f"{int(value)}u"
        case float() if not math.isfinite(value):
            return f'double("{_NOT_FINITE.get(value, "NaN")}")'
        case bytes():
            return f'b"{"".join(map(_byte, value))}"'
        case Timestamp():
            return f'timestamp("{value}")'
        case Duration():
            return f'duration("{value.in_seconds()}")'
        case TypeValue():
            return value.name
    return json.dumps(value, ensure_ascii=False)


_NOT_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}


def _byte(byte: int) -> str:
    if byte in b'"\\':
        return f"\\{byte:c}"
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}"
