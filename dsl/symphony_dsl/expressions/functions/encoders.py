"""`base64.…`: bytes as text. A text that lacks the padding at its end is read as if it had it."""

from __future__ import annotations

import base64
import binascii

from symphony_dsl.base.types import BYTES, STRING
from symphony_dsl.expressions.functions.signatures import FUNCTION, FunctionError, Overload, sizes


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _encoded_size(data: bytes) -> int:
    return 2 * len(data)


def _decode(text: str) -> bytes:
    padded = text if "=" in text else text + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, validate=True)
    except (binascii.Error, ValueError):
        raise FunctionError("the string is no base64") from None


OVERLOADS: tuple[Overload, ...] = (
    Overload("base64.encode", FUNCTION, (BYTES,), STRING, _encode, _encoded_size),
    Overload("base64.decode", FUNCTION, (STRING,), BYTES, _decode, sizes),
)
