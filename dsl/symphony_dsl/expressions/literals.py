"""Values of numbers and of the escapes in strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.problem import Problem, ProblemError, mend

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.expressions.lr import Token

INT_LIMIT = 2**63
UINT_LIMIT = 2**64
LONGEST_NUMBER = 400

SIMPLE = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "?": "?", '"': '"', "'": "'", "`": "`",
}  # fmt: skip
ESCAPE = re.compile(
    r"\\(?:[xX][0-9a-fA-F]{2}"
    r"|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # a pair of surrogates is one character
    r"|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|[\s\S]?)"
)
PAIR = len(r"\uD83D\uDE00")
SURROGATES = range(0xD800, 0xE000)
UNICODE_END = 0x110000


def integer(token: Token) -> int:
    """An int of 64 bits."""
    value = magnitude(token)
    if value == INT_LIMIT:
        raise ProblemError(too_large(token))
    return value


def magnitude(token: Token) -> int:
    """An int without its sign. `INT_LIMIT` is one only where the sign is a minus."""
    value = _number(token, token.text)
    if value > INT_LIMIT:
        raise ProblemError(too_large(token))
    return value


def too_large(token: Token) -> Problem:
    return _bad_number(token, "is too large: an int has 64 bits")


def unsigned(token: Token) -> int:
    value = _number(token, token.text[:-1])
    if value >= UINT_LIMIT:
        raise ProblemError(_bad_number(token, "is too large: a uint has 64 bits"))
    return value


def floating(token: Token) -> float:
    value = float(token.text)
    if value in (float("inf"), float("-inf")):
        raise ProblemError(_bad_number(token, "is too large for a float"))
    return value


def _number(token: Token, digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ProblemError(_bad_number(token, "is too large"))
    return int(digits, 16) if digits[:2] == "0x" else int(digits)


def _bad_number(token: Token, why: str) -> Problem:
    shown = token.text if len(token.text) <= 30 else f"{token.text[:20]}…"
    return Problem("WF0103", token.span, f"the number `{shown}` {why}")


def unescape(raw: str, offset: int, report: Callable[[Problem], None], *, inserts: bool = True) -> str:
    """The text that is meant by a piece of a string, which starts at `offset`; a bad escape is reported and kept.

    `inserts` says whether `\\${` is one: where strings insert no values, it needs none.
    """
    if "\\" not in raw:
        return raw
    return ESCAPE.sub(lambda match: _escape(match, offset, report, inserts=inserts), raw)


def _escape(match: re.Match[str], offset: int, report: Callable[[Problem], None], *, inserts: bool) -> str:
    found = match.group()
    body = found[1:]
    if body in SIMPLE:
        return SIMPLE[body]
    if inserts and body == "$" and match.string.startswith("{", match.end()):
        return "$"
    if len(found) == PAIR:
        return chr(0x10000 + ((int(found[2:6], 16) & 0x3FF) << 10) + (int(found[8:], 16) & 0x3FF))
    if len(body) > 1:
        code = _code_point(body)
        if code < UNICODE_END and code not in SURROGATES:
            return chr(code)
    span = Span(offset + match.start(), offset + match.end())
    report(_bad_escape(found, span, inserts=inserts))
    return found


def _code_point(body: str) -> int:
    return int(body[1:], 16) if body[0] in "xXuU" else int(body, 8)


def _bad_escape(found: str, span: Span, *, inserts: bool) -> Problem:
    if len(found) > 2:
        return Problem("WF0103", span, f"`{found}` is no character")
    if inserts and found == "\\$":
        return Problem("WF0103", span, "`\\$` is no escape: only `\\${` needs one", mend=mend("write `$`", span, "$"))
    shown = "\\" if found in ("\\", "\\\n") else found
    message = f"`{shown}` is no escape; a backslash itself is written `\\\\`"
    return Problem("WF0103", span, message, mend=mend("write `\\\\`", span, "\\\\" + found[1:]))


def unescape_bytes(raw: str, offset: int, report: Callable[[Problem], None]) -> bytes:
    """The bytes that are meant: a hexadecimal or octal escape is one byte, any other sign its UTF-8 form."""
    made = bytearray()
    end = 0
    for match in ESCAPE.finditer(raw):
        body = match.group()[1:]
        made += _encoded(raw[end : match.start()])
        end = match.end()
        if len(body) > 1 and body[0] not in "uU":
            made.append(_code_point(body))
        elif len(body) > 1:
            report(_no_byte(match.group(), Span(offset + match.start(), offset + end)))
        else:
            made += _encoded(_escape(match, offset, report, inserts=False))
    return bytes(made + _encoded(raw[end:]))


def _no_byte(found: str, span: Span) -> Problem:
    message = f"`{found}` is a character, which stands in strings only; a byte is written `\\x…`"
    return Problem("WF0103", span, message)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
