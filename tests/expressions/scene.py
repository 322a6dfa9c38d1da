"""What the tables of this room talk about: a support ticket and some plain values."""

from __future__ import annotations

from typing import Any

from symphony_dsl.base.diagnostic import Diagnostic, Reporter
from symphony_dsl.base.times import Duration, Timestamp
from symphony_dsl.base.types import (
    BOOL,
    BYTES,
    DURATION,
    FILE,
    FLOAT,
    INT,
    JSON,
    SECRET,
    STRING,
    TIMESTAMP,
    EnumType,
    Field,
    ListType,
    MapType,
    OptionalType,
    RecordType,
    Type,
)
from symphony_dsl.expressions.checker.check import Checked, check
from symphony_dsl.expressions.parser import parse_expression
from symphony_dsl.expressions.scope import Scope

LABEL = EnumType("Label", (("praise", "praise"), ("complaint", "complaint"), ("question", "a question")))
MOOD = EnumType("Mood", (("good", "good"), ("bad", "bad")))
HIT = RecordType((Field("score", FLOAT), Field("text", STRING), Field("url", OptionalType(STRING))), "Hit")
TICKET = RecordType(
    (
        Field("id", STRING),
        Field("url", OptionalType(STRING)),
        Field("best", OptionalType(HIT)),
        Field("hits", ListType(HIT)),
        Field("label", LABEL),
        Field("meta", JSON),
        Field("due", TIMESTAMP, wire="due-at"),
    ),
    "Ticket",
)

NAMES: dict[str, Type] = {
    "ticket": TICKET,
    "n": INT,
    "f": FLOAT,
    "s": STRING,
    "b": BOOL,
    "label": LABEL,
    "j": JSON,
    "m": MapType(INT),
    "xs": ListType(INT),
    "words": ListType(STRING),
    "os": OptionalType(STRING),
    "oi": OptionalType(INT),
    "ts": TIMESTAMP,
    "d": DURATION,
    "raw": BYTES,
}
SECRETS: dict[str, Type] = {"token": SECRET, "picture": FILE}

VALUES: dict[str, Any] = {
    "ticket": {
        "id": "T1",
        "hits": [{"score": 1.5, "text": "one"}, {"score": 2.0, "text": "two", "url": "http://two"}],
        "label": "a question",
        "meta": {"k": [1, 2.5, "x"], "gone": None},
        "due": Timestamp.parse("2024-01-02T03:04:05Z"),
    },
    "n": 7,
    "f": 2.5,
    "s": "hello",
    "b": True,
    "label": "a question",
    "j": {"a": {"b": 41}, "yes": True, "l": [3, 1, 2], "t": "x", "mixed": [1, "x"]},
    "m": {"b": 2, "a": 1},
    "xs": [3, 1, 2],
    "words": ["b", "a", "b"],
    "os": None,
    "oi": 5,
    "ts": Timestamp.parse("2024-01-02T03:04:05.5Z"),
    "d": Duration.parse("1h30m"),
    "raw": b"hi",
}

SCOPE = Scope({**NAMES, **SECRETS}, {"Label": LABEL, "Mood": MOOD}, callables=("classify", "http.get"))


def checked(text: str, expected: Type | None = None, scope: Scope = SCOPE) -> tuple[Checked, list[Diagnostic]]:
    """An expression with what the checker says of it."""
    reporter = Reporter("a.wf", 0, [])
    found = check(parse_expression(text), scope, reporter, expected)
    return found, reporter.found


def mended(text: str, diagnostic: Diagnostic) -> str:
    """The text with the first fix of a diagnostic in it."""
    edits = sorted(diagnostic.fixes[0].edits, key=lambda edit: edit.location.span, reverse=True)
    for edit in edits:
        start, end = edit.location.span
        text = text[:start] + edit.replacement + text[end:]
    return text
