"""The commands of the specification, as values; what each does is up to the tables of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from symphony_dsl.base.frozen import frozen
from symphony_runtime.commands import Kind

if TYPE_CHECKING:
    from symphony_dsl.base.values import Json


@frozen
class ControlCommand:
    """What may be asked of a run. A node is named by the address of a step (`prices[3]/yield`), the beginning of one, or the id of a
    node of the graph. `value` counts only where `has_value` is true."""

    kind: Kind
    node_id: str | None = None
    value: Any = None  # any JSON value
    has_value: bool = False
    reason: str | None = None
    force: bool = False

    START: ClassVar[ControlCommand]
    PAUSE: ClassVar[ControlCommand]
    RESUME: ClassVar[ControlCommand]

    @classmethod
    def cancel(cls, reason: str | None = None, *, force: bool = False) -> ControlCommand:
        return cls(Kind.CANCEL, reason=reason, force=force)

    @classmethod
    def retry_node(cls, node_id: str) -> ControlCommand:
        return cls(Kind.RETRY_NODE, node_id)

    @classmethod
    def skip_node(cls, node_id: str, *value: Json) -> ControlCommand:
        """With the value that others read, or without one where nobody does."""
        [given] = value or (None,)
        return cls(Kind.SKIP_NODE, node_id, given, bool(value))

    @classmethod
    def fail_node(cls, node_id: str, reason: str | None = None) -> ControlCommand:
        return cls(Kind.FAIL_NODE, node_id, reason=reason)

    @classmethod
    def provide_input(cls, node_id: str, value: Json) -> ControlCommand:
        return cls(Kind.PROVIDE_INPUT, node_id, value, has_value=True)

    def to_json(self) -> dict[str, Json]:
        found: dict[str, Json] = {"kind": str(self.kind)}
        found |= {} if self.node_id is None else {"node_id": str(self.node_id)}
        found |= {"value": self.value} if self.has_value else {}
        found |= {} if self.reason is None else {"reason": self.reason}
        return found | ({"force": True} if self.force else {})

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ControlCommand:
        """Raises KeyError or ValueError for what is no command."""
        value, force = data.get("value"), bool(data.get("force"))
        return cls(Kind(data["kind"]), data.get("node_id"), value, "value" in data, data.get("reason"), force)


ControlCommand.START = ControlCommand(Kind.START)
ControlCommand.PAUSE = ControlCommand(Kind.PAUSE)
ControlCommand.RESUME = ControlCommand(Kind.RESUME)
