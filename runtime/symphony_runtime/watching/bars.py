"""A run's spans as data for whoever draws them: a flat list, outer bars before those in them, values cut to size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from symphony_dsl.base.conform import ConversionError, to_json
from symphony_runtime.entries import rfc3339
from symphony_runtime.executing.redaction import holds_secret
from symphony_runtime.rules.bindings import BindingError, inputs_of
from symphony_runtime.rules.effective import plain_inputs
from symphony_runtime.rules.turns import turn_of
from symphony_runtime.watching.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from symphony_dsl.base.types import Type
    from symphony_dsl.base.values import Json, Value
    from symphony_model.ports import PortDefinition
    from symphony_runtime.outcome import RunError
    from symphony_runtime.rules.state import Instance, RunState
    from symphony_runtime.watching.spans import AttemptSpan, Group, RunSpan

LONGEST = 2000
"""Characters of a value that are given."""

Bar = dict[str, "Json"]


def page_of(run: RunSpan) -> dict[str, Json]:
    """All that a page shows of a run. Times are microseconds since it began; `length` is until its last entry."""
    state = run.state
    return {
        "run": state.execution_id,
        "workflow": state.plans.main.workflow.name,
        "state": state.label,
        "started": rfc3339(state.started or state.at),
        "length": _since(state, run.at),
        "error": _error(state.error),
        "bars": list(bars_of(run)),
    }


def bars_of(run: RunSpan) -> Iterator[Bar]:
    """`depth` counts from 0."""
    rest: list[tuple[int, Span | Group]] = [(0, span) for span in reversed(run.top.spans)] if run.top else []
    while rest:
        depth, each = rest.pop()
        if isinstance(each, Span):
            yield _bar(run.state, each, depth)
            rest.extend((depth + 1, group) for group in reversed(each.groups))
        else:
            if each.name:
                yield _heading(run.state, each, depth)
            rest.extend((depth + 1 if each.name else depth, span) for span in reversed(each.spans))


def _bar(state: RunState, span: Span, depth: int) -> Bar:
    return {
        "kind": "step",
        "name": span.name,
        "address": span.address,
        "depth": depth,
        "state": span.phase,
        "began": None if span.began is None else _since(state, span.began),
        "ended": None if span.ended is None else _since(state, span.ended),
        "attempts": [_attempt(state, each) for each in span.attempts],
        "critical": span.critical,
        "source": None if span.source is None else f"{span.source[0]}:{span.source[1]}",
        "error": _error(span.error),
        "inputs": inputs_shown(state, span.instance) if span.attempts else {},
        "outputs": outputs_shown(span.instance),
        "usage": dict(span.usage),
    }


def _heading(state: RunState, group: Group, depth: int) -> Bar:
    began, ended = group.began, group.ended
    return {
        "kind": "group",
        "name": group.name,
        "depth": depth,
        "began": None if began is None else _since(state, began),
        "ended": None if ended is None else _since(state, ended),
    }


def _attempt(state: RunState, attempt: AttemptSpan) -> Json:
    return {
        "number": attempt.number,
        "began": _since(state, attempt.began),
        "ended": None if attempt.ended is None else _since(state, attempt.ended),
        "error": _error(attempt.error),
    }


def _since(state: RunState, at: int) -> int:
    return (at - (state.started or at)) // 1000


def _error(error: RunError | None) -> Json:
    return None if error is None else {"code": error.code, "message": error.message}


def inputs_shown(state: RunState, instance: Instance) -> dict[str, Json]:
    """What a step was given, bound again from what others gave; nothing where that cannot be done any more."""
    try:
        return _shown(plain_inputs(inputs_of(state, instance)), instance.plan.node.inputs)
    except BindingError:
        return {}


def outputs_shown(instance: Instance) -> dict[str, Json]:
    """What a step gave; of a block, what its end did; of a turn of an instrument, what its model called."""
    turn = turn_of(instance)
    if turn:
        return {"calls": ", ".join(f"{call['name']}({call['arguments']})" for call in turn.calls)[:LONGEST]}
    closer = instance.plan.closer
    last = instance.scope.instances[closer.index] if closer else instance
    return _shown(last.outputs or {}, last.plan.node.outputs or last.plan.node.inputs)


def _shown(values: Mapping[str, Value], ports: tuple[PortDefinition, ...]) -> dict[str, Json]:
    """As the texts of JSON, cut to size."""
    types = {port.name: port.data_type for port in ports}
    return {name: _text(value, types.get(name)) for name, value in values.items()}


def _text(value: Value, of: Type | None) -> str:
    if holds_secret(value):
        return "(holds a secret)"
    try:
        text = json.dumps(to_json(value, of), ensure_ascii=False)
    except ConversionError as problem:
        return f"(cannot be shown: {problem.message})"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
