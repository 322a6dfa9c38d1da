"""The JSON Schema of the events of a run: what `wf run --events` and `wf events` print, a line an event.

Each type of event is an entry of `EVENTS`. What `events` makes of a run fits this in every test of the engine.
"""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.values import Json
from symphony_model.json_form.scalars import ANY, COUNT, NAME, NATURAL, STRINGS, TEXT
from symphony_model.json_form.tables import Member, Schema, Table, plain, reference, words
from symphony_model.schema_parts import DIALECT, kinds, named, one_of, schema_id, written
from symphony_runtime.commands import Kind
from symphony_runtime.rules.labels import LABELS
from symphony_runtime.rules.verdicts import MESSAGES

_TIME = written(reference("time"))

SOURCE: Table[dict[str, Json]] = Table(
    dict,
    (Member("file", TEXT, about="Relative to the folder of wf.toml."), Member("line", COUNT)),
    name="source",
    about="Where a step was written.",
    examples=({"file": "support_desk.wf", "line": 12},),
)

ERROR: Table[dict[str, Json]] = Table(
    dict,
    (
        Member("code", NAME),
        Member("message", TEXT),
        Member("node", TEXT, None, about="The address of the step that failed first."),
        Member("attempt", COUNT, None),
        Member("data", ANY, None, about="What the step said about it."),
        Member("source", SOURCE.codec, None),
    ),
    name="error",
    about="Why something failed.",
    examples=({"code": "timeout", "message": "it took longer than 30s", "node": "kind", "attempt": 2},),
)

ORIGIN: Table[dict[str, Json]] = Table(
    dict,
    (
        Member(
            "kind", words("cache", "key", "run"), about="From the cache, of a step with its key, of the earlier run."
        ),
        Member("run", NAME, about="The run that computed it."),
        Member("address", NAME, about="The step there."),
        Member("at", _TIME, about="When it was computed."),
    ),
    name="origin",
    about="Where a result is from.",
)

COMMON = (
    Member("seq", COUNT, about="Grows strictly within a run; whoever knows the last one goes on behind it."),
    Member("time", _TIME),
    Member("execution_id", NAME, about="The run."),
    Member("node", TEXT, None, about="The address of a step: `prices[3]/yield`."),
    Member("source", SOURCE.codec, None),
    Member("attempt", COUNT, None),
)
"""What an event of any type has, or may have."""

_PERCENT = plain("number", minimum=0, maximum=100)
_COMMAND = (
    Member("kind", words(*Kind)),
    Member("reason", TEXT, None, about="What the person gave as a reason."),
    Member("actor", NAME, about="Who asked for it."),
)


def _event(type_: str, about: str, *members: Member) -> Table[Any]:
    return Table(dict, members, name=type_, about=about)


EVENTS: dict[str, Table[Any]] = {
    table.name: table
    for table in (
        _event("started", "The run begins."),
        _event(
            "state_changed",
            "The run stands otherwise than before.",
            Member("from", words(*LABELS)),
            Member("to", words(*LABELS)),
        ),
        _event(
            "node_started",
            "A step begins, or another attempt of it.",
            Member("items", NATURAL, None, about="Of a `for`: how many items it has."),
        ),
        _event("node_progress", "How far a step is.", Member("percentage", _PERCENT), Member("message", TEXT, None)),
        _event(
            "node_completed",
            "A step has its result.",
            Member("output", ANY, about="The value, or the values by port."),
            Member("origin", ORIGIN.codec, None, about="Of a result that was there already."),
        ),
        _event("node_failed", "A step failed for good.", Member("error", written(reference("error")))),
        _event(
            "node_skipped",
            "A step is done without an attempt.",
            Member("reason", TEXT),
            Member("output", ANY, about="The value that it was given, or null."),
        ),
        _event(
            "waiting_for_input",
            "A person is asked.",
            Member("prompt", TEXT),
            Member("due", _TIME, None, about="Until when."),
        ),
        _event("completed", "The run has its outputs.", Member("outputs", written({"type": "object"}))),
        _event("failed", "The run failed.", Member("error", written(reference("error")))),
        _event(
            "cancelled",
            "The run was ended by a person.",
            Member("reason", written({"type": ["string", "null"]})),
        ),
        _event(
            "log",
            "A line for people.",
            Member("level", words("debug", "info", "warning", "error")),
            Member("message", TEXT),
        ),
        _event(
            "command_applied",
            "What a person asked for was done.",
            *_COMMAND,
            Member("nodes", STRINGS, None, about="The steps that it was applied to."),
        ),
        _event(
            "command_rejected",
            "What a person asked for was refused.",
            *_COMMAND,
            Member("why", words(*MESSAGES), about="The code of the refusal."),
            Member("message", TEXT),
        ),
    )
}

DEFINITIONS: dict[str, Schema] = {
    **named(SOURCE, ERROR, ORIGIN),
    "strings": {"type": "array", "items": {"type": "string"}},
    "time": {
        "description": "A point in time in UTC, to the microsecond.",
        "type": "string",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$",
        "examples": ["2026-01-31T08:00:00.000000Z"],
    },
}

EXAMPLES = [
    {
        "seq": 7,
        "time": "2026-01-31T08:00:00.250000Z",
        "execution_id": "019b2f60-5c1e-7000-8000-3a5d0f9c2b11",
        "type": "node_completed",
        "node": "kind",
        "source": {"file": "support_desk.wf", "line": 12},
        "attempt": 1,
        "output": "bug",
    }
]


def event_schema(version: str) -> Schema:
    """The schema of an event, called by this version."""
    return {
        "$schema": DIALECT,
        "$id": schema_id("event", version),
        "title": f"Symphony event {version}",
        **one_of(EVENTS, "What happened in a run", tag="type"),
        "examples": EXAMPLES,
        "$defs": {**kinds(EVENTS, *COMMON, tag="type"), **DEFINITIONS},
    }
