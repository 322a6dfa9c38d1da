"""The body of a `loop`, taken apart: what runs in each round, what when the loop has ended, what when it goes on.

Needs nothing but the tree. Guarantees that a body without an `until` has been reported, and one in which `next` has no variable.
"""

from __future__ import annotations

from symphony_compiler.site import Site
from symphony_dsl.base.frozen import frozen
from symphony_dsl.base.span import Span
from symphony_dsl.syntax.tree import Finally, Loop, Next, Statement, Until, Yield


@frozen
class Round:
    """`above` ends with the `until`. `done` stands directly below it, `again` is all else below, `final` comes last."""

    above: tuple[Statement, ...]
    until: Until | None
    done: Yield | None
    again: tuple[Statement, ...]
    final: Finally | None


def round_of(site: Site, loop: Loop) -> Round:
    statements = loop.body.statements
    final = statements[-1] if statements and isinstance(statements[-1], Finally) else None
    if final is not None:
        statements = statements[:-1]
    until = next((each for each in statements if isinstance(each, Until)), None)
    if until is None and not loop.body.lost:
        message = "a loop says when it ends: `until …` stands in its body, in no other block"
        site.report("WF0418", Span(loop.span.start, loop.span.start + len("loop")), message)
    _check_next(site, loop, statements)
    end = _end_of_round(statements, until)
    below = statements[end:]
    done = below[0] if below and isinstance(below[0], Yield) else None
    return Round(statements[:end], until, done, below[1:] if done else below, final)


def _end_of_round(statements: tuple[Statement, ...], until: Until | None) -> int:
    """How many statements run in each round. Where no `until` says so, what has its place below one does."""
    if until is not None:
        return statements.index(until) + 1
    return next((at for at, each in enumerate(statements) if isinstance(each, Yield | Next)), len(statements))


def _check_next(site: Site, loop: Loop, statements: tuple[Statement, ...]) -> None:
    found = next((each for each in statements if isinstance(each, Next)), None)
    if found is not None and loop.variable is None:
        message = "`next` gives the variable of a loop its next value, but this loop has none: `loop x = … { … }`"
        site.report("WF0407", Span(found.span.start, found.span.start + len("next")), message)
