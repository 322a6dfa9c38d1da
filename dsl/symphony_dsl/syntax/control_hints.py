"""A control block where an arm, a branch or what is tried begins: it is meant, and stands in braces there.

Before: `mild => try f(x) catch e {}`; what was meant: `mild => { yield try f(x) catch e {} }`.
"""

from __future__ import annotations

from symphony_dsl.base.span import Span
from symphony_dsl.expressions.lr import END
from symphony_dsl.expressions.messages import BRACKETS, CONTROLS, Mistake
from symphony_dsl.expressions.problem import Mend, Problem

GOES_ON = frozenset({"ELSE", "CATCH", "WITH", "LBRACE"})
"""What stands behind a `}` in the middle of a block."""
OPENING, CLOSING = frozenset(BRACKETS), frozenset(BRACKETS.values())


def bare_block(mistake: Mistake) -> Problem | None:
    token = mistake.token
    if token.kind not in CONTROLS or not _begins_what_takes_a_body(mistake):
        return None
    message = f"a block stands in braces here: `{{ yield {token.text} … }}`"
    end = _end_of_block(mistake)
    edits = ((Span(token.start, token.start), "{ yield "), (Span(end or 0, end or 0), " }"))
    return Problem("WF0101", token.span, message, mend=None if end is None else Mend("put it in braces", edits))


def _begins_what_takes_a_body(mistake: Mistake) -> bool:
    before = mistake.before.kind
    return before in ("ARROW", "TRY") or (before == "COLON" and _is_in_parallel(mistake))


def _is_in_parallel(mistake: Mistake) -> bool:
    """Whether the innermost open brace is that of `parallel all {` or `parallel first 2 {`."""
    opened = mistake.opened()
    if opened is None:
        return False
    at = mistake.tokens.index(opened)
    kinds = [each.kind for each in mistake.tokens[max(at - 3, 0) : at]]
    return kinds[-2:] in (["PARALLEL", "ALL"], ["PARALLEL", "FIRST"]) or kinds == ["PARALLEL", "FIRST", "INT"]


def _end_of_block(mistake: Mistake) -> int | None:
    """The place behind the brace that closes the block; None where nothing does."""
    depth = 0
    for each, behind in zip(mistake.tokens[mistake.at :], mistake.tokens[mistake.at + 1 :], strict=False):
        if each.kind in OPENING:
            depth += 1
        if each.kind in CLOSING:
            depth -= 1
        if depth < 0 or each.kind == END:
            return None
        if depth == 0 and each.kind == "RBRACE" and behind.kind not in GOES_ON:
            return each.end
    return None
