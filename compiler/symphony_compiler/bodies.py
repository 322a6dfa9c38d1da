"""The statements of a body, from top to bottom → nodes.

Needs the frame of the body with what stands outside it. Guarantees: every name is defined once and above its use; a block
has at most one value, its last statement; nothing stands below what never returns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symphony_compiler.annotations import node_notes, without_type
from symphony_compiler.effects import lower_fail, lower_require
from symphony_compiler.interface import lower_input, lower_output
from symphony_compiler.spot import Block, Content, Made, Place, Spot, nothing
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

LATER: dict[type, str] = {Finally: "finally"}
IN_LOOPS = {Next: "next", Until: "until"}


@dataclass(slots=True)
class Progress:
    """How far a body has come. `top`: it is the body of a workflow, not a block in it."""

    expected: Type | None
    top: bool = False
    value: Made | None = None
    value_span: Span | None = None
    stopped: Span | None = None
    told: bool = False


def lower_block(spot: Spot, content: Content, name: str, expected: Type | None) -> Block:
    """What stands in a block, an arm or a branch."""
    progress = Progress(expected)
    if isinstance(content, Body):
        lower_statements(spot, content.statements, progress)
    elif isinstance(content, Fail):
        lower_statements(spot, (content,), progress)
    else:
        lower_statements(spot, (Yield(content.span, NO_LEAD, content),), progress)
    lost = isinstance(content, Body) and content.lost and progress.value is None
    return Block(name, progress.value, tuple(spot.order.ends()), returns=progress.stopped is None, lost=lost)


def lower_statements(spot: Spot, statements: tuple[Statement, ...], progress: Progress) -> None:
    spot.frame.later.update({name: span for each in statements for name, span in _defined(each)})
    for statement in statements:
        if progress.stopped is not None:
            labels = [spot.site.reporter.label(progress.stopped, "nothing goes on from here")]
            spot.site.report("WF0410", statement.span, "this can never run", labels=labels)
            return
        if progress.value_span is not None and not progress.told:
            labels = [spot.site.reporter.label(statement.span, "this stands below it")]
            spot.site.report("WF0408", progress.value_span, "`yield` is the last statement of its block", labels=labels)
            progress.told = True
        spot.site.statement = statement
        _HANDLERS[type(statement)](spot, statement, progress)


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
    if progress.top:
        message = "`yield` gives the value of a block; a workflow gives its values by `output`"
        spot.site.report("WF0407", statement.span, message)
        return
    without_type(spot.site, statement.lead)
    notes = node_notes(spot.site, statement.lead)
    path = spot.graph.free(spot.path("yield"))
    place = Place(path, "yield", statement.span, notes=notes, barrier=True)
    made = lower_value(spot, place, statement.value, progress.expected)
    if made.type is None:
        spot.site.report("WF0409", statement.value.span, "this has no value that could be yielded")
        made = nothing(made.node)
    progress.value = whole_record(spot, place, made) if made.is_record else made
    progress.value_span = statement.span
    if not made.returns:
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


def _later(spot: Spot, statement: Statement, progress: Progress) -> None:
    text = LATER[type(statement)]
    spot.site.not_here(word(statement.span, text), f"`{text}`")


def _in_loop(spot: Spot, statement: Statement, progress: Progress) -> None:
    text = IN_LOOPS[type(statement)]
    spot.site.report("WF0407", word(statement.span, text), f"`{text}` stands in a `loop` only")


_Handler = Callable[[Spot, Any, Progress], None]  # each takes the class of statement that it stands beside

_HANDLERS: dict[type, _Handler] = {
    Input: _input,
    Output: _output,
    Step: _step,
    Yield: _yield,
    Require: _require,
    Fail: _fail,
    Defaults: _defaults,
    Finally: _later,
    Settings: _settings,
    Layout: _layout,
    Next: _in_loop,
    Until: _in_loop,
}
