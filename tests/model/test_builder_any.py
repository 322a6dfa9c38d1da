"""Whatever a builder is told: it builds a sound workflow, or says why not, and does not stumble."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from symphony_dsl.base.types import BOOL, INT, JSON, STRING, ListType, OptionalType
from symphony_model.building.builder import WorkflowBuilder
from symphony_model.building.forms import Form
from symphony_model.errors import BuilderError
from symphony_model.nodes import ControlType, OperatorType
from symphony_model.workflow import Workflow

NAMES = st.sampled_from(["a", "b", "c", "a.if", "b.for", "input.a", "output.b", "", "a/b"])
PORTS = st.sampled_from(["input", "output", "items", "item", "result", "then"])
TYPES = st.sampled_from([INT, STRING, BOOL, JSON, ListType(INT), OptionalType(STRING)])
EXPRESSIONS = st.sampled_from(["1 < 2", "input", "a +", "it"])
MAPPINGS = st.dictionaries(PORTS, TYPES, max_size=2)


def call(name: str, *arguments: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.just(name), st.tuples(*arguments), st.fixed_dictionaries(named))


CALLS = st.one_of(
    call("input", NAMES, TYPES),
    call("output", NAMES, TYPES),
    call("instrument", NAMES, st.just("m")),
    call("operator", NAMES, st.sampled_from(OperatorType)),
    call("control", NAMES, st.sampled_from(ControlType)),
    call("ports", MAPPINGS, MAPPINGS),
    call("port", PORTS, TYPES, output=st.booleans(), default=st.sampled_from([1, "x", None])),
    call("argument", PORTS, st.sampled_from([1, "x", [None]])),
    call("condition", EXPRESSIONS),
    call("settings", retry=st.integers(0, 3)),
    call("at", st.floats(0, 9), st.floats(0, 9)),
    call("with_metadata", st.just("k"), st.just([1])),
    call("select", NAMES),
    call("connect_to", NAMES, PORTS),
    call("data_edge", NAMES, PORTS, NAMES, PORTS),
    call("control_edge", NAMES, NAMES),
    call("conditional_edge", NAMES, NAMES, st.none() | EXPRESSIONS),
    call("region", NAMES, st.sampled_from(Form), inputs=MAPPINGS, limit=st.sampled_from([None, 0, 2])),
    call("arm", st.none() | NAMES, st.none() | EXPRESSIONS),
    call("yields", st.none() | NAMES),
    call("end"),
)


def told(calls: list[Any]) -> WorkflowBuilder:
    """A builder that was told all of it; `end` leaves the innermost block or arm."""
    builder, opened = WorkflowBuilder("any"), [ExitStack()]
    for name, arguments, named in calls:
        if name == "end":
            opened.pop().close() if len(opened) > 1 else None
        elif name in ("region", "arm"):
            opened.append(ExitStack())
            opened[-1].enter_context(getattr(builder, name)(*arguments, **named))
        else:
            assert getattr(builder, name)(*arguments, **named) is builder
    for stack in reversed(opened):
        stack.close()
    return builder


def built(builder: WorkflowBuilder) -> Workflow | list[str]:
    try:
        return builder.build()
    except BuilderError as problem:
        return [each.message for each in problem.errors]


@given(st.lists(CALLS, max_size=25))
def test_a_builder_builds_or_says_why_not(calls: list[Any]) -> None:
    builder = told(calls)
    found, stands = built(builder), builder.build(validate=False)
    assert built(told(calls)) == built(builder) == found
    assert builder.build(validate=False) == stands
    if isinstance(found, Workflow):
        assert found == stands
        assert found.validate().is_valid
    else:
        assert found
        assert all(message and "\n" not in message and not message.endswith(".") for message in found)
