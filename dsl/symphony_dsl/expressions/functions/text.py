"""Strings, by code points, and bytes. All places in a text count from zero."""

from __future__ import annotations

import operator
from collections.abc import Sequence

from symphony_dsl.base.types import BOOL, BYTES, INT, SECRET, STRING, ListType
from symphony_dsl.base.values import Secret, Value, secret_text, written
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, OPERATOR, FunctionError, Overload, sizes
from symphony_dsl.expressions.meter import UNIT

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
"""For texts with halves of surrogate pairs; bytes, which know the letters of ASCII only, are faster and cannot hold these."""

_BLANKS = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
"""What Unicode calls white space; Python's own `strip` takes four control characters more."""

_ESCAPES = str.maketrans(
    {
        "\a": "\\a",
        "\b": "\\b",
        "\f": "\\f",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\v": "\\v",
        "\\": "\\\\",
        '"': '\\"',
        **{chr(half): "\ufffd" for half in range(0xD800, 0xE000)},
    }
)


def _contains(text: str, part: str) -> bool:
    return part in text


def _lower(text: str) -> str:
    try:
        return text.encode().lower().decode()
    except UnicodeEncodeError:
        return text.translate(_LOWER)


def _upper(text: str) -> str:
    try:
        return text.encode().upper().decode()
    except UnicodeEncodeError:
        return text.translate(_UPPER)


def _trim(text: str) -> str:
    return text.strip(_BLANKS)


def _quote(text: str) -> str:
    """The text in double quotes, with escapes; halves of surrogate pairs become U+FFFD."""
    return f'"{text.translate(_ESCAPES)}"'


def _quoted_size(text: str) -> int:
    return 4 * len(text)


def _split(text: str, separator: str, limit: int = -1) -> list[str]:
    """A limit is the number of parts; below zero there is none. The empty separator splits between characters."""
    if limit == 0:
        return []
    if separator:
        return text.split(separator, max(limit - 1, -1))
    parts = list(text) if limit < 0 else list(text[: limit - 1])
    rest = "" if limit < 0 else text[limit - 1 :]
    return [*parts, rest] if rest else parts


def _split_size(text: str, separator: str, limit: int = -1) -> int:
    parts = text.count(separator) + 1
    return (parts if limit < 0 else min(limit, parts)) + len(text) // UNIT


def _replace(text: str, old: str, new: str, limit: int = -1) -> str:
    return text.replace(old, new, max(limit, -1))


def _replaced_size(text: str, old: str, new: str, limit: int = -1) -> int:
    count = text.count(old) if limit < 0 else min(limit, text.count(old))
    return len(text) + count * len(new)


def _substring(text: str, start: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    if not 0 <= start <= end <= len(text):
        raise FunctionError(f"the range {start} to {end} does not lie in a string of {len(text)} characters")
    return text[start:end]


def _char_at(text: str, at: int) -> str:
    _refuse_outside(text, at)
    return text[at : at + 1]


def _index_of(text: str, part: str, start: int = 0) -> int:
    _refuse_outside(text, start)
    return text.find(part, start)


def _last_index_of(text: str, part: str, before: int | None = None) -> int:
    """The last place at which the part starts, `before` or in front of it.

    Python's own search from behind may take the product of both lengths; its search from the front is linear.
    """
    if before is not None:
        _refuse_outside(text, before)
        text = text[: before + len(part)]
    found = text[::-1].find(part[::-1])
    return -1 if found < 0 else len(text) - len(part) - found


def _refuse_outside(text: str, at: int) -> None:
    """The place behind the last character belongs to a text."""
    if not 0 <= at <= len(text):
        raise FunctionError(f"there is no character {at} in a string of {len(text)}")


def _reverse(text: str) -> str:
    return text[::-1]


def _join(parts: Sequence[Value], separator: str = "") -> str:
    if not all(isinstance(part, str) for part in parts):
        raise FunctionError("only strings are joined; write `xs.map(x, string(x)).join(…)`")
    return separator.join(parts)


def _joined_size(parts: Sequence[Value], separator: str = "") -> int:
    return sizes(*parts) + len(separator) * len(parts)


def _written_size(*sides: str | Secret) -> int:
    return sum(map(written, sides))


OVERLOADS: tuple[Overload, ...] = (
    Overload("+", OPERATOR, (STRING, STRING), STRING, operator.add, sizes),
    *(
        Overload("+", OPERATOR, sides, SECRET, secret_text, _written_size)
        for sides in ((STRING, SECRET), (SECRET, STRING), (SECRET, SECRET))
    ),
    Overload("+", OPERATOR, (BYTES, BYTES), BYTES, operator.add, sizes),
    *(Overload("size", style, (of,), INT, len) for style in (FUNCTION, METHOD) for of in (STRING, BYTES)),
    Overload("contains", METHOD, (STRING, STRING), BOOL, _contains, sizes),
    Overload("startsWith", METHOD, (STRING, STRING), BOOL, str.startswith, sizes),
    Overload("endsWith", METHOD, (STRING, STRING), BOOL, str.endswith, sizes),
    Overload("lowerAscii", METHOD, (STRING,), STRING, _lower, sizes),
    Overload("upperAscii", METHOD, (STRING,), STRING, _upper, sizes),
    Overload("trim", METHOD, (STRING,), STRING, _trim, sizes),
    Overload("split", METHOD, (STRING, STRING), ListType(STRING), _split, _split_size),
    Overload("split", METHOD, (STRING, STRING, INT), ListType(STRING), _split, _split_size),
    Overload("replace", METHOD, (STRING, STRING, STRING), STRING, _replace, _replaced_size),
    Overload("replace", METHOD, (STRING, STRING, STRING, INT), STRING, _replace, _replaced_size),
    Overload("substring", METHOD, (STRING, INT), STRING, _substring, sizes),
    Overload("substring", METHOD, (STRING, INT, INT), STRING, _substring, sizes),
    Overload("charAt", METHOD, (STRING, INT), STRING, _char_at),
    Overload("indexOf", METHOD, (STRING, STRING), INT, _index_of, sizes),
    Overload("indexOf", METHOD, (STRING, STRING, INT), INT, _index_of, sizes),
    Overload("lastIndexOf", METHOD, (STRING, STRING), INT, _last_index_of, sizes),
    Overload("lastIndexOf", METHOD, (STRING, STRING, INT), INT, _last_index_of, sizes),
    Overload("reverse", METHOD, (STRING,), STRING, _reverse, sizes),
    Overload("join", METHOD, (ListType(STRING),), STRING, _join, _joined_size),
    Overload("join", METHOD, (ListType(STRING), STRING), STRING, _join, _joined_size),
    Overload("strings.quote", FUNCTION, (STRING,), STRING, _quote, _quoted_size),
)
