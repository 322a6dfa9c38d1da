"""One edit that spoils a text, and where a reader would look for it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symphony_dsl.base.span import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symphony_dsl.expressions.lr import Token


@dataclass(frozen=True)
class Edit:
    """Replace a span; `seen_at` are other places where the fault may rightly be reported."""

    kind: str
    span: Span
    text: str
    seen_at: tuple[int, ...] = ()


@dataclass(frozen=True)
class Fault:
    """An edit that has been made, and the lines of the new text at which it counts as found."""

    edit: Edit
    lines: frozenset[int]


def planted(text: str, tokens: Sequence[Token], edits: Sequence[Edit]) -> tuple[str, list[Fault]]:
    """The text with all edits, and the fault that each of them is."""
    ordered = sorted(edits, key=lambda each: each.span)
    parts, at = [], 0
    for each in ordered:
        parts += [text[at : each.span.start], each.text]
        at = each.span.end
    spoilt = "".join([*parts, text[at:]])
    source = SourceText("", spoilt)
    return spoilt, [Fault(each, _lines(source, tokens, each, ordered)) for each in ordered]


def _lines(source: SourceText, tokens: Sequence[Token], edit: Edit, edits: Sequence[Edit]) -> frozenset[int]:
    """The line of the edit, those of the tokens directly before and behind it, and those where else it may be seen."""
    before = bisect_right(tokens, edit.span.start, key=lambda token: token.end)
    behind = bisect_left(tokens, edit.span.end, key=lambda token: token.start)
    places = [edit.span.start, *edit.seen_at]
    places += [token.end for token in tokens[max(0, before - 1) : before]]
    places += [token.start for token in tokens[behind : behind + 1]]
    return frozenset(source.position(_moved(place, edits)).line for place in places)


def _moved(offset: int, edits: Sequence[Edit]) -> int:
    """Where a place of the old text is in the new one."""
    return offset + sum(len(each.text) - (each.span.end - each.span.start) for each in edits if each.span.end <= offset)
