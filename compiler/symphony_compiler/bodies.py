"""The statements of a body, from top to bottom → nodes.

Needs the frame of the body with what stands outside it. Guarantees: every name is defined once and above its use; a block
has at most one value, its last statement but for `finally`; nothing stands below what never returns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symphony_compiler.annotations import only_of_steps, without_type
from symphony_compiler.effects import lower_fail, lower_require, lower_until
from symphony_compiler.finals import lower_finally
from symphony_compiler.interface import lower_input, lower_output
from symphony_compiler.notes import node_notes
from symphony_compiler.spot import Block, Content, Home, Made, Part, Place, Spot, nothing
from symphony_compiler.steps import lower_step
from symphony_compiler.values import lower_value
from symphony_compiler.wiring import whole_record
from symphony_dsl.base.span import Span
from symphony_dsl.base.types import Type
from symphony_dsl.syntax.tree import (
    NO_LEAD,
    Body,
    Defaults,
    Fail,
    Finally,
    Input,
    Layout,
    Next,
    Output,
    Require,
    Settings,
    Statement,
    Step,
    Until,
    Yield,
)
from symphony_model.ids import NodeId


@dataclass(slots=True)
class Progress:
    """How far a body has come. `last` is a statement that nothing may stand below, `stopped` one that nothing goes on from."""

    home: Home
    expected: Type | None = None
    value: Made | None = None
    final: NodeId | None = None
    last: Statement | None = None
    stopped: Span | None = None
    told: bool = False
    told_unreachable: bool = False

    @property
    def top(self) -> bool:
        """Whether it is the body of a workflow, not a block in it."""
        return self.home is Home.WORKFLOW


def lower_block(spot: Spot, content: Content, name: str, expected: Type | None) -> Block:
    """What stands in a block, an arm or a branch."""
    part = _part(content)
    progress = Progress(part.home, expected)
    lower_statements(spot, part.statements, progress)
    ends = (*spot.order.ends(), *([progress.final] if progress.final else []))
    lost = part.lost and progress.value is None
    return Block(name, progress.value, ends, returns=progress.stopped is None, lost=lost)


def _part(content: Content) -> Part:
    match content:
        case Part():
            return content
        case Body():
            return Part(content.statements, Home.BLOCK, content.lost)
        case Fail():
            return Part((content,), Home.BLOCK)
    return Part((Yield(content.span, NO_LEAD, content),), Home.BLOCK)


def lower_statements(spot: Spot, statements: tuple[Statement, ...], progress: Progress) -> None:
    spot.frame.later.update({name: span for each in statements for name, span in _defined(each)})
    for statement in statements:
        if _is_reached(spot, statement, progress):
            _check_last(spot, statement, progress)
            spot.site.statement = statement
            _HANDLERS[type(statement)](spot, statement, progress)


def _is_reached(spot: Spot, statement: Statement, progress: Progress) -> bool:
    """`finally` and `layout` are, whatever stands above them."""
    if progress.stopped is None or isinstance(statement, Finally | Layout):
        return True
    if not progress.told_unreachable:
        labels = [spot.site.reporter.label(progress.stopped, "nothing goes on from here")]
        spot.site.report("WF0410", statement.span, "this can never run", labels=labels)
    progress.told_unreachable = True
    return False


LAST = {
    Until: ("WF0408", "until", "only `yield` and what runs when the loop goes on stand below `until`"),
    Yield: ("WF0408", "yield", "`yield` is the last statement of its block"),
    Next: ("WF0408", "next", "`next` is the last statement of its loop"),
    Finally: ("WF0407", "finally", "`finally` is the last statement of its body"),
}
"""Statements that nothing may stand below, but for `finally` and `layout`."""


def _check_last(spot: Spot, statement: Statement, progress: Progress) -> None:
    last = progress.last
    if last is None or progress.told or isinstance(statement, Layout):
        return
    if isinstance(statement, Finally) and not isinstance(last, Finally):
        return
    code, text, message = LAST[type(last)]
    labels = [spot.site.reporter.label(statement.span, "this stands below it")]
    spot.site.report(code, word(last.span, text), message, labels=labels)
    progress.told = True


def _defined(statement: Statement) -> list[tuple[str, Span]]:
    if isinstance(statement, Input | Step) and statement.name is not None:
        return [(statement.name.name, statement.name.span)]
    return []


def word(span: Span, text: str) -> Span:
    return Span(span.start, span.start + len(text))


def _input(spot: Spot, statement: Input, progress: Progress) -> None:
    if progress.top:
        lower_input(spot, statement)
    else:
        message = "an `input` belongs to its workflow and stands outside all blocks"
        spot.site.report("WF0407", statement.span, message)


def _output(spot: Spot, statement: Output, progress: Progress) -> None:
    if progress.top:
        lower_output(spot, statement)
    else:
        message = (
            "an `output` belongs to its workflow and stands outside all blocks; a block gives its value by `yield`"
        )
        spot.site.report("WF0407", statement.span, message)


def _step(spot: Spot, statement: Step, progress: Progress) -> None:
    if not lower_step(spot, statement).returns:
        progress.stopped = statement.span


def _yield(spot: Spot, statement: Yield, progress: Progress) -> None:
    if progress.home in (Home.BLOCK, Home.DONE):
        _value(spot, statement, "yield", progress)
    else:
        message = NO_YIELD.get(
            progress.home, "in a `loop`, `yield` stands directly below `until`: it is the loop's value"
        )
        spot.site.report("WF0407", statement.span, message)


NO_YIELD = {
    Home.WORKFLOW: "`yield` gives the value of a block; a workflow gives its values by `output`",
    Home.FINALLY: "a `finally` only cleans up: it has no value, and changes none",
}


def _next(spot: Spot, statement: Next, progress: Progress) -> None:
    if progress.home is Home.AGAIN:
        _value(spot, statement, "next", progress)
    else:
        message = "`next` stands last in the body of a `loop`, below its `until` and in no other block"
        spot.site.report("WF0407", word(statement.span, "next"), message)


def _value(spot: Spot, statement: Yield | Next, text: str, progress: Progress) -> None:
    without_type(spot.site, statement.lead)
    notes = node_notes(spot.site, statement.lead)
    place = Place(spot.graph.free(spot.path(text)), text, statement.span, notes=notes, barrier=True)
    only_of_steps(spot.site, statement.lead, "a block cannot do without its value", ("disabled",))
    spot.keep_id(place, statement.lead)
    made = lower_value(spot, place, statement.value, progress.expected)
    progress.last = statement
    if made.type is None and _is_implied(statement):
        return
    if made.type is None:
        spot.site.report("WF0409", statement.value.span, "this has no value that could be yielded")
        made = nothing(made.node)
    progress.value = whole_record(spot, place, made) if made.is_record else made
    if not made.returns:
        progress.stopped = statement.span


def _is_implied(statement: Yield | Next) -> bool:
    """Whether an arm, a branch or what is tried is a call without `yield`, which may have no value."""
    return statement.span == statement.value.span


def _until(spot: Spot, statement: Until, progress: Progress) -> None:
    if progress.home is Home.ROUND:
        progress.value = lower_until(spot, statement)
        progress.last = statement
    elif progress.home is Home.AGAIN:
        spot.site.report("WF0418", word(statement.span, "until"), "a `loop` has one `until`, and this is a second one")
    else:
        message = "`until` stands directly in the body of a `loop`, in no other block"
        spot.site.report("WF0407", word(statement.span, "until"), message)


def _finally(spot: Spot, statement: Finally, progress: Progress) -> None:
    final = lower_finally(spot, statement)
    progress.final = final.node
    progress.last = statement
    if not final.returns:
        progress.stopped = statement.span


def _require(spot: Spot, statement: Require, progress: Progress) -> None:
    lower_require(spot, statement)


def _fail(spot: Spot, statement: Fail, progress: Progress) -> None:
    lower_fail(spot, statement)
    progress.stopped = statement.span


def _defaults(spot: Spot, statement: Defaults, progress: Progress) -> None:
    if not progress.top:
        message = "`defaults` stand at the top of a file, or first in a workflow"
        spot.site.report("WF0407", word(statement.span, "defaults"), message)


def _settings(spot: Spot, statement: Settings, progress: Progress) -> None:
    if not progress.top:
        message = (
            "`settings` are those of a run and stand first in a workflow; those of a block follow it, after `with`"
        )
        spot.site.report("WF0407", word(statement.span, "settings"), message)


def _layout(spot: Spot, statement: Layout, progress: Progress) -> None:
    if not progress.top:
        spot.site.report("WF0407", word(statement.span, "layout"), "`layout` stands last in its workflow")


_Handler = Callable[[Spot, Any, Progress], None]  # each takes the class of statement that it stands beside

_HANDLERS: dict[type, _Handler] = {
    Input: _input,
    Output: _output,
    Step: _step,
    Yield: _yield,
    Require: _require,
    Fail: _fail,
    Defaults: _defaults,
    Finally: _finally,
    Settings: _settings,
    Layout: _layout,
    Next: _next,
    Until: _until,
}
