"""What a person may ask of a run, from wherever: a command, and the verdict on it.

A command has an id of its own, so that it is done once however often it is sent. Its verdict stands in the run's log.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.canonical import content_hash
from symphony_dsl.base.frozen import frozen

if TYPE_CHECKING:
    from symphony_dsl.base.values import Json


class Kind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    RETRY_NODE = "retry-node"
    SKIP_NODE = "skip-node"
    FAIL_NODE = "fail-node"
    PROVIDE_INPUT = "provide-input"


OF_NODE = frozenset({Kind.RETRY_NODE, Kind.SKIP_NODE, Kind.FAIL_NODE, Kind.PROVIDE_INPUT})
"""Commands that name a step: an address, or the beginning of one, which means all below it that the command fits."""


@frozen
class Command:
    """`value` counts only where `has_value` is true: the result of a step that is skipped, the answer to a question.

    `reason` is kept for whoever reads the log. `force`: a cancelled run has its attempts killed, and no `finally`.
    """

    id: str
    kind: Kind
    address: str | None = None
    value: Any = None
    has_value: bool = False
    reason: str | None = None
    force: bool = False
    actor: str = "user"

    def to_json(self) -> dict[str, Json]:
        found: dict[str, Json] = {"id": self.id, "kind": str(self.kind), "actor": self.actor}
        if self.address is not None:
            found["address"] = self.address
        if self.has_value:
            found["value"] = self.value
        if self.reason is not None:
            found["reason"] = self.reason
        return found | ({"force": True} if self.force else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Command:
        """Raises KeyError or ValueError for what is no command."""
        return cls(
            str(data["id"]),
            Kind(data["kind"]),
            data.get("address"),
            data.get("value"),
            "value" in data,
            data.get("reason"),
            bool(data.get("force")),
            str(data.get("actor", "user")),
        )

    @property
    def fingerprint(self) -> str:
        """Two commands of one id have to be the same command."""
        return content_hash({key: value for key, value in self.to_json().items() if key != "actor"})


@frozen
class Verdict:
    """`why` is the code of a refusal, `message` says it in words. `nodes` are the steps that the command was applied to."""

    done: bool
    why: str | None = None
    message: str = ""
    nodes: tuple[str, ...] = field(default=())
