"""`text.format([…])`: `%s %d %f %e %b %o %x %X` and `%%`; `%.2f` and `%.2e` say how many digits follow the point.

One regular expression cuts the text into pieces, and each verb writes the next value; the formats of Python never see the
text. `%s` writes any value but optionals and secrets: lists and maps with all that is in them, maps in the order of the
texts of their keys. Nothing recurses, and no text is made that would be longer than a text may be.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence

from symphony_dsl.base.conform import found
from symphony_dsl.base.dynamic import Option, TypeValue, Uint, from_key
from symphony_dsl.base.types import STRING, ListType
from symphony_dsl.base.values import SecretRef, SecretText, Value
from symphony_dsl.expressions.functions.convert import float_text, text_of, whole_text
from symphony_dsl.expressions.functions.signatures import ANY, METHOD, FunctionError, Overload
from symphony_dsl.expressions.meter import MAX_CHARACTERS, UNIT, measured

_PIECE = re.compile(r"[^%]+|%(?:%|(?:\.(\d+))?(.?))", re.DOTALL | re.ASCII)
_DIGITS = 6
"""How many follow the point where the text does not say."""

_MOST_DIGITS = 1_000
_SCALAR = 100
"""About what the text of a number or a time takes."""


class _Page:
    """A text in the making."""

    __slots__ = ("pieces", "room")

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.room = MAX_CHARACTERS

    def write(self, piece: str) -> None:
        self.room -= len(piece)
        if self.room < 0:
            raise FunctionError(f"the text would have more than {MAX_CHARACTERS:,} characters")
        self.pieces.append(piece)


def _format(text: str, values: Sequence[Value]) -> str:
    page, rest = _Page(), iter(values)
    for piece in _PIECE.finditer(text):
        verb = piece[2]
        if verb is None:
            page.write("%" if piece[0] == "%%" else piece[0])
        elif verb == "s":
            _write_any(page, _next(rest, len(values)))
        else:
            page.write(_verb(verb)(_next(rest, len(values)), _digits(piece[1])))
    return "".join(page.pieces)


def _next(rest: Iterator[Value], count: int) -> Value:
    for value in rest:
        return value
    raise FunctionError(f"the text has more places than the list has values, which are {count}")


def _verb(verb: str) -> _Write:
    if verb not in _VERBS:
        known = ", ".join(f"`%{each}`" for each in ("s", *_VERBS))
        raise FunctionError(f"there is no `%{verb}`; there are {known}, and `%%` for a percent sign")
    return _VERBS[verb]


def _digits(written: str | None) -> int:
    if written is None:
        return _DIGITS
    if len(written) > 4 or int(written) > _MOST_DIGITS:
        raise FunctionError(f"no more than {_MOST_DIGITS:,} digits are written behind the point")
    return int(written)


_Write = Callable[[Value, int], str]


def _decimal(value: Value, _digits: int) -> str:
    _refuse_other("d", value, _NUMBERS)
    return _plain(value) if isinstance(value, float) else whole_text(value)


def _fixed(value: Value, digits: int) -> str:
    _refuse_other("f", value, _NUMBERS)
    return f"{float(value):.{digits}f}" if math.isfinite(value) else float_text(value)


def _scientific(value: Value, digits: int) -> str:
    _refuse_other("e", value, _NUMBERS)
    return f"{float(value):.{digits}e}" if math.isfinite(value) else float_text(value)


def _binary(value: Value, _digits: int) -> str:
    _refuse_other("b", value, (int, Uint, bool))
    return f"{int(value):b}"


def _octal(value: Value, _digits: int) -> str:
    _refuse_other("o", value, (int, Uint))
    return f"{int(value):o}"


def _hexadecimal(value: Value, _digits: int) -> str:
    _refuse_other("x", value, (int, Uint, str, bytes))
    if isinstance(value, int):
        return f"{int(value):x}"
    return (value.encode("utf-8", "replace") if isinstance(value, str) else value).hex()


def _upper_hexadecimal(value: Value, digits: int) -> str:
    return _hexadecimal(value, digits).upper()


_NUMBERS = (int, Uint, float)

_VERBS: dict[str, _Write] = {
    "d": _decimal,
    "f": _fixed,
    "e": _scientific,
    "b": _binary,
    "o": _octal,
    "x": _hexadecimal,
    "X": _upper_hexadecimal,
}


def _refuse_other(verb: str, value: Value, classes: tuple[type, ...]) -> None:
    if type(value) not in classes:
        raise FunctionError(f"`%{verb}` does not write {found(value)}")


def _plain(number: float) -> str:
    """The shortest text that is read as the same number, without an exponent."""
    if not math.isfinite(number):
        return float_text(number)
    from decimal import Decimal

    return f"{Decimal(repr(number)):f}".removesuffix(".0")


class _Verbatim(str):
    """A bracket or a comma between values."""

    __slots__ = ()


_COMMA, _END_OF_LIST, _END_OF_MAP = _Verbatim(", "), _Verbatim("]"), _Verbatim("}")


def _write_any(page: _Page, value: Value) -> None:
    rest = [value]
    while rest:
        each = rest.pop()
        match each:
            case list():
                page.write("[")
                rest.extend(reversed([*_between(_COMMA, [[part] for part in each]), _END_OF_LIST]))
            case dict():
                page.write("{")
                rest.extend(reversed([*_between(_COMMA, _entries(each)), _END_OF_MAP]))
            case _:
                page.write(_scalar(each))


def _between(separator: Value, groups: Sequence[Sequence[Value]]) -> Iterator[Value]:
    for at, group in enumerate(groups):
        yield from (separator, *group) if at else group


def _entries(values: dict[Value, Value]) -> list[Sequence[Value]]:
    texts = [(_scalar(from_key(key)), value) for key, value in values.items()]
    return [(_Verbatim(f"{key}: "), value) for key, value in sorted(texts, key=lambda entry: entry[0])]


def _scalar(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return text_of(value)
        case float():
            return _plain(value)
        case TypeValue(name):
            return name
        case Option() | SecretRef() | SecretText():
            raise FunctionError(f"`%s` does not write {found(value)}")
    return text_of(value)


def _formatted_size(text: str, values: Sequence[Value]) -> int:
    size = measured(values)
    digits = sum(min(int(piece[1][:5]), _MOST_DIGITS) for piece in _PIECE.finditer(text) if piece[1])
    return len(text) + UNIT * text.count("%") + digits + 2 * size.characters + _SCALAR * size.elements


OVERLOADS: tuple[Overload, ...] = (
    Overload("format", METHOD, (STRING, ListType(ANY)), STRING, _format, _formatted_size),
)
