"""Verdicts on commands: what was done, or why it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_runtime import entries
from symphony_runtime.entries import Entry

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.commands import Command

MESSAGES = {
    "started": "the run has started already",
    "not_started": "the run has not started",
    "ending": "the run is coming to its end",
    "final": "the run has ended",
    "needs_decision": "steps wait for a decision: retry, skip or fail them",
    "needs_input": "the run waits for an answer",
    "unknown_node": "there is no such step in the run",
    "not_failed": "the step has not failed",
    "not_waiting": "the step waits for no answer",
    "settled": "the step is done with",
    "superseded": "the question was answered already, or is no longer asked",
    "id_reused": "another command had this id",
    "invalid": "the value does not fit",
    "no_value": "a value is needed, since others read what the step gives",
}


class Refused(Exception):  # noqa: N818 - a verdict, not a fault
    def __init__(self, why: str, message: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.message = message or MESSAGES[why]


def applied(command: Command, address: str | None = None, **more: Value) -> Entry:
    return Entry(entries.COMMAND_APPLIED, _verdict(command) | more, address, actor=command.actor)


def rejected(command: Command, refused: Refused) -> Entry:
    data = _verdict(command) | {"why": refused.why, "message": refused.message}
    return Entry(entries.COMMAND_REJECTED, data, command.address, actor=command.actor)


def _verdict(command: Command) -> dict[str, Value]:
    found = {"id": command.id, "kind": str(command.kind), "fingerprint": command.fingerprint, "reason": command.reason}
    return {key: value for key, value in found.items() if value is not None}
