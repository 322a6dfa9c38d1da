"""Regular expressions, by RE2, whose time is linear in the text for each search.

A search costs the text and the program that the pattern makes; where all matches are wanted, each goes through what is
left of the text at worst (`a+b|a` on many `a`), so that finding them all is not linear. What it takes is added up while
they are found, and is the effort of the call: finding and charging are one pass, whose result the call then uses.

Matches are found in the bytes of the text, since RE2 counts in bytes. As in Go, an empty match directly behind another
match does not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from symphony_dsl.base.constraints import Pattern, compiled, shown
from symphony_dsl.base.dynamic import ABSENT, Option
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.types import BOOL, INT, STRING, ListType, OptionalType
from symphony_dsl.base.values import Value
from symphony_dsl.expressions.functions.signatures import FUNCTION, METHOD, FunctionError, Overload
from symphony_dsl.expressions.meter import MAX_CHARACTERS, UNIT

Span = tuple[int, int]
_PIECE = re.compile(r"[^\\]+|\\(.?)", re.DOTALL)
_NONE = (-1, -1)

_LONGEST_PATTERN = 2_000
_MANY_PLACES = 40
"""From here on a pattern may have more states than RE2 keeps in mind; it then goes through all places at each character."""

_STEPS = 64
"""How many characters, gone through again and again, count as one that is read."""


def _compiled(pattern: str) -> Pattern:
    if len(pattern) > _LONGEST_PATTERN:
        raise FunctionError(f"the regular expression has more than {_LONGEST_PATTERN:,} characters")
    try:
        return compiled(pattern)
    except ValueError as problem:
        raise FunctionError(str(problem)) from None


def matches(text: str, pattern: str) -> bool:
    """Whether the pattern is found somewhere in the text."""
    return _compiled(pattern).search(_bytes(text)) is not None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _priced(size: Callable[..., int]) -> Callable[..., int]:
    """An effort is not asked of a pattern that is none, which took long to find out; the call itself will say so."""

    def effort(text: str, pattern: str, *more: Value) -> int:
        try:
            return size(text, pattern, *more)
        except FunctionError:
            return UNIT * (80_000 + 200 * min(len(pattern), _LONGEST_PATTERN))

    return effort


@_priced
def _search_size(text: str, pattern: str) -> int:
    """What a search costs, and making the program before it."""
    program = _compiled(pattern).programsize
    return len(text) * _weight(pattern) + 4 * program


@lru_cache(maxsize=256)
def _weight(pattern: str) -> int:
    """How many times as long a character takes as with a small pattern.

    That depends on the places in the pattern where a match may be at once. A class of Unicode makes a large program, and is
    one place: so the program is asked for that the pattern makes for single bytes.
    """
    import re2  # slow to load, and most programs have no pattern

    options = re2.Options()
    options.log_errors = False
    options.encoding = options.Encoding.LATIN1
    try:
        places: int = re2.compile(_bytes(pattern), options).programsize
    except re2.error:  # it names a character that no single byte is
        places = _compiled(pattern).programsize
    return 4 + places // 8 if places < _MANY_PLACES else 20 + places * 5 // 8


@frozen
class _Found:
    """The matches of a pattern in the bytes of a text, each with its groups; `size` is what finding them took.

    Where that is more than any call may take, no further matches are sought, and the call is refused.
    """

    data: bytes
    matches: tuple[tuple[Span, ...], ...]
    size: int


@lru_cache(maxsize=1)
def _found(text: str, pattern: str, limit: int) -> _Found:
    """The matches, from the left; no more than the limit, where it is not negative."""
    program, data = _compiled(pattern), _bytes(text)
    weight = _weight(pattern)
    size, spans = 4 * program.programsize + len(data), []
    for match, left in _all_matches(program, data) if limit else ():
        size += left * weight // _STEPS + UNIT
        spans.append(match)
        if len(spans) == limit or size > MAX_CHARACTERS:
            break
    return _Found(data, tuple(spans), size)


def _all_matches(program: Pattern, data: bytes) -> Iterator[tuple[tuple[Span, ...], int]]:
    """Each match with how much of the text was left when it was sought."""
    at, end = 0, -1
    while at <= len(data) and (match := program.search(data, at)) is not None:
        start, stop = match.span()
        if stop > start or start != end:
            yield tuple(match.span(group) for group in range(program.groups + 1)), len(data) - at
        end = stop
        at = stop if stop > start else _behind(data, stop)


def _behind(data: bytes, at: int) -> int:
    """The place behind the character that starts here."""
    at += 1
    while at < len(data) and data[at] & 0xC0 == 0x80:
        at += 1
    return at


def _extract(text: str, pattern: str) -> Option:
    """The first match, or what its group took; absent where there is none, or where the group took nothing."""
    group = _only_group(pattern)
    found = _found(text, pattern, 1)
    taken = [_taken(found, match[group]) for match in found.matches]
    return Option(True, taken[0]) if taken and (taken[0] or not group) else ABSENT


def _extract_all(text: str, pattern: str) -> list[str]:
    group = _only_group(pattern)
    found = _found(text, pattern, -1)
    taken = [_taken(found, match[group]) for match in found.matches]
    return [each for each in taken if each or not group]


def _only_group(pattern: str) -> int:
    groups = _compiled(pattern).groups
    if groups > 1:
        raise FunctionError(f"`{pattern}` has {groups} groups, and it is not clear which is meant")
    return groups


def _taken(found: _Found, span: Span) -> str:
    return "" if span == _NONE else found.data[span[0] : span[1]].decode("utf-8", "surrogatepass")


def _replace(text: str, pattern: str, replacement: str, limit: int = -1) -> str:
    r"""The text with its matches replaced; `\1` to `\9` are what the groups took, `\0` is the match, `\\` a backslash."""
    pieces = _pieces(replacement, _compiled(pattern).groups)
    found = _found(text, pattern, limit)
    made, end = [], 0
    for match in found.matches:
        made.append(_taken(found, (end, match[0][0])))
        made.extend(piece if isinstance(piece, str) else _taken(found, match[piece]) for piece in pieces)
        end = match[0][1]
    return "".join(made) + _taken(found, (end, len(found.data)))


def _pieces(replacement: str, groups: int) -> list[str | int]:
    """A replacement as texts and the numbers of the groups between them."""
    return [_piece(found, replacement, groups) for found in _PIECE.finditer(replacement)]


def _piece(found: re.Match[str], replacement: str, groups: int) -> str | int:
    escaped = found[1]
    if escaped is None or escaped == "\\":
        return escaped or found[0]
    if not escaped or escaped not in "0123456789":
        raise FunctionError(
            f"behind a backslash stands a digit or another one, which is not so in {shown(replacement)}"
        )
    return _group(int(escaped), groups)


def _group(number: int, groups: int) -> int:
    if number > groups:
        raise FunctionError(f"the replacement takes the group {number}, and the pattern has {groups}")
    return number


@_priced
def _all_extracted_size(text: str, pattern: str) -> int:
    """As for any list, its elements; what reading takes counts as in a text."""
    found = _found(text, pattern, -1)
    return len(found.matches) + found.size // UNIT if found.size <= MAX_CHARACTERS else found.size


@_priced
def _replaced_size(text: str, pattern: str, replacement: str, limit: int = -1) -> int:
    pieces = _pieces(replacement, _compiled(pattern).groups)
    found = _found(text, pattern, limit)
    written = sum(len(piece) for piece in pieces if isinstance(piece, str)) + UNIT * len(pieces)
    groups = Counter(piece for piece in pieces if isinstance(piece, int))
    taken = sum(
        times * (match[group][1] - match[group][0]) for group, times in groups.items() for match in found.matches
    )
    return found.size + written * len(found.matches) + taken


_TEXTS = (STRING, STRING, STRING)

OVERLOADS: tuple[Overload, ...] = (
    *(Overload("matches", style, (STRING, STRING), BOOL, matches, _search_size) for style in (METHOD, FUNCTION)),
    Overload("regex.extract", FUNCTION, (STRING, STRING), OptionalType(STRING), _extract, _search_size),
    Overload("regex.extractAll", FUNCTION, (STRING, STRING), ListType(STRING), _extract_all, _all_extracted_size),
    Overload("regex.replace", FUNCTION, _TEXTS, STRING, _replace, _replaced_size),
    Overload("regex.replace", FUNCTION, (*_TEXTS, INT), STRING, _replace, _replaced_size),
)
