"""Events are as their schema says: those that runs make, those that logs of earlier versions give, and no others."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symphony_model.schema_check import first_violation
from symphony_runtime.watching.event_schema import COMMON, EVENTS, EXAMPLES
from symphony_schemas import load, newest

VERSION = newest("event")
ORACLE = jsonschema.Draft202012Validator(load("event", VERSION))
PAGE = Path(__file__).parents[2] / "docs" / "cli.md"

FIRST = {"seq": 1, "time": "2026-01-31T08:00:00.250000Z", "execution_id": "019b2f60"}
ERROR = {"code": "timeout", "message": "it took too long", "node": "a[1]", "attempt": 2, "data": None}

FITTING: list[dict[str, Any]] = [
    {"type": "started"},
    {"type": "state_changed", "from": "pending", "to": "running"},
    {"type": "node_started", "node": "a", "source": {"file": "a.wf", "line": 3}, "items": 0},
    {"type": "node_progress", "node": "a", "attempt": 1, "percentage": 12.5, "message": "half"},
    {"type": "node_completed", "node": "a", "output": None},
    {"type": "node_failed", "node": "a", "error": ERROR},
    {"type": "node_skipped", "node": "a", "reason": "command", "output": {"x": 1}},
    {"type": "waiting_for_input", "node": "a", "prompt": "?", "due": "2026-01-31T08:00:00.250000Z"},
    {"type": "completed", "outputs": {}},
    {"type": "failed", "error": {"code": "failed", "message": "no"}},
    {"type": "cancelled", "reason": None},
    {"type": "log", "level": "info", "message": ""},
    {"type": "command_applied", "kind": "pause", "actor": "user", "nodes": ["a"]},
    {"type": "command_rejected", "kind": "resume", "actor": "user", "why": "final", "message": "the run has ended"},
]

WRONG: list[Any] = [None, True, -1, 0.5, "", "other", [], {}]


def agreed(event: Any) -> bool:
    """The verdict, which is that of both validators."""
    found = first_violation("event", VERSION, event) is None
    assert found == ORACLE.is_valid(event)
    return found


@pytest.mark.parametrize("event", FITTING, ids=lambda event: event["type"])
def test_an_event_of_each_type_fits(event: dict[str, Any]) -> None:
    assert agreed(FIRST | event)


def test_each_type_is_tried_and_stands_on_the_page() -> None:
    assert {event["type"] for event in FITTING} == set(EVENTS)
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in EVENTS if f"`{name}`" not in text] == []


def test_the_example_of_the_schema_is_an_event() -> None:
    assert all(agreed(event) for event in EXAMPLES)


@pytest.mark.parametrize("event", FITTING, ids=lambda event: event["type"])
def test_a_member_of_no_table_or_one_that_is_missing_is_refused(event: dict[str, Any]) -> None:
    whole = FIRST | event
    assert not agreed(whole | {"colour": "red"})
    needed = {member.name for member in (*COMMON, *EVENTS[event["type"]].members) if "default" not in member.schema}
    for name in needed & whole.keys():
        if whole[name] is not None and name in {"seq", "time", "execution_id", "error", "prompt", "outputs", "kind"}:
            assert not agreed({key: value for key, value in whole.items() if key != name})


@given(st.sampled_from(FITTING), st.data())
def test_two_validators_agree_on_what_does_not_fit(event: dict[str, Any], data: st.DataObject) -> None:
    whole = json.loads(json.dumps(deepcopy(FIRST | event)))
    whole[data.draw(st.sampled_from(sorted(whole)))] = data.draw(st.sampled_from(WRONG))
    agreed(whole)
