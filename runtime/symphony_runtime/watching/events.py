"""What the outside sees of a run: typed events, made from the entries of its log.

`seq` grows strictly within a run; a reader that knows the last one it saw goes on behind it. Types: started,
state_changed, node_started, node_progress, node_completed, node_failed, node_skipped, waiting_for_input, completed, failed,
cancelled, log, command_applied, command_rejected. A step that was done on the spot has one entry, its completion; its
node_started is made from that.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.conform import ConversionError, to_json
from symphony_dsl.base.frozen import frozen
from symphony_model.nodes import InstrumentNode, OperatorNode
from symphony_runtime import entries
from symphony_runtime.entries import Entry, rfc3339
from symphony_runtime.executing.redaction import holds_secret
from symphony_runtime.plans.places import Places, step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.kinds import HELD
from symphony_runtime.storage.loaded import load
from symphony_runtime.storage.reading import read as read_log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from symphony_dsl.base.types import Type
    from symphony_dsl.base.values import Json, Value
    from symphony_runtime.plans.plan import NodePlan
    from symphony_runtime.storage.store import Store


@frozen
class ExecutionEvent:
    """`node` is the address of a step's instance (`prices[3]/yield`), `source` where it was written.

    `fields` depend on the type: `from`, `to`, `output`, `outputs`, `error`, `items`, `percentage`, `message`, `level`,
    `prompt`, `due`, `reason`, `kind`, `why`, `nodes`, `actor`; all JSON values.
    """

    seq: int
    at: int  # nanoseconds since 1970
    execution_id: str
    type: str
    node: str | None = None
    source: tuple[str, int] | None = None
    attempt: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def time(self) -> str:
        """RFC 3339, in UTC, to the microsecond."""
        return rfc3339(self.at)

    def to_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "seq": self.seq,
            "time": self.time,
            "execution_id": self.execution_id,
            "type": self.type,
        }
        if self.node is not None:
            found["node"] = self.node
        if self.source is not None:
            found["source"] = {"file": self.source[0], "line": self.source[1]}
        if self.attempt is not None:
            found["attempt"] = self.attempt
        return found | self.fields


def read(store: Store, execution_id: str, from_seq: int = 0) -> Iterator[ExecutionEvent]:
    """The events of a run from number `from_seq` on, as far as its log goes now. Raises UserError."""
    return past_of(store, execution_id)(from_seq)


def past_of(store: Store, execution_id: str) -> Callable[[int], Iterator[ExecutionEvent]]:
    """As `read`, for whoever reads one run again and again."""
    view = View(execution_id, Places(load(store, execution_id).plans))
    log = store.run(execution_id).log

    def past(from_seq: int) -> Iterator[ExecutionEvent]:
        for entry in read_log(log, store.blobs, from_seq - 1):
            yield from (event for event in view.events(entry) if event.seq >= from_seq)

    return past


@frozen
class View:
    """Makes events from entries, whether they are being written or read."""

    execution_id: str
    places: Places
    shapes: dict[NodePlan | None, tuple[dict[str, Type], bool]] = field(default_factory=dict)

    def shape(self, plan: NodePlan | None) -> tuple[dict[str, Type], bool]:
        found = self.shapes.get(plan)
        if found is None:
            found = self.shapes[plan] = _shape(plan)
        return found

    def events(self, entry: Entry) -> list[ExecutionEvent]:
        shown = SHOWN.get(entry.type)
        if shown is None:
            return []
        return shown(self, entry)

    def one(self, entry: Entry, kind: str, fields: dict[str, Any], before: int = 0) -> ExecutionEvent:
        """An event; `before` says how many events of the same entry follow it."""
        seq = entry.seq - before
        if entry.address is None:
            return ExecutionEvent(seq, entry.at, self.execution_id, kind, fields=fields)
        plan = self.places.find(entry.address)
        address = step_address(entry.address, plan) if plan else entry.address
        source = plan.step.source or plan.source if plan else None
        return ExecutionEvent(seq, entry.at, self.execution_id, kind, address, source, entry.attempt, fields)

    def error(self, data: dict[str, Any]) -> dict[str, Any]:
        """An error with the place where its step was written."""
        source = self.places.source(data.get("node"))
        return data | ({"source": {"file": source[0], "line": source[1]}} if source else {})


def _label(view: View, entry: Entry) -> list[ExecutionEvent]:
    data = entry.data
    change = {"from": data["from"], "to": data["to"]}
    if data["from"] == "pending":
        return [view.one(entry, "started", {}, 1), view.one(entry, "state_changed", change)]
    if data["to"] == "completed":
        return [view.one(entry, "state_changed", change, 1), view.one(entry, "completed", {"outputs": data["outputs"]})]
    if data["to"] == "cancelled":
        return [view.one(entry, "state_changed", change, 1), view.one(entry, "cancelled", {"reason": data["reason"]})]
    if data["to"] == "failed":
        error = {"error": view.error(data["error"])}
        return [view.one(entry, "state_changed", change, 1), view.one(entry, "failed", error)]
    return [view.one(entry, "state_changed", change)]


def _started(view: View, entry: Entry) -> list[ExecutionEvent]:
    return [view.one(entry, "node_started", {})]


def _decided(view: View, entry: Entry) -> list[ExecutionEvent]:
    """A branch begins when it is decided; a `try` or a loop has begun before."""
    return _started(view, entry) if "skipped" in entry.data else []


def _opened(view: View, entry: Entry) -> list[ExecutionEvent]:
    """A `for` says how many items it has."""
    plan = view.places.find(entry.address or "")
    shows_items = plan is not None and plan.role is Role.EACH
    return [view.one(entry, "node_started", {"items": entry.data["count"]} if shows_items else {})]


def _completed(view: View, entry: Entry) -> list[ExecutionEvent]:
    plan = view.places.find(entry.address or "")
    output = _calls(entry.data) if "calls" in entry.data else shown_output(view, entry.data["outputs"], plan)
    completed = view.one(entry, "node_completed", {"output": output} | _source(entry))
    if plan and entry.attempt is None and ("from" in entry.data or plan.role not in OPENED):
        return [view.one(entry, "node_started", {}, 1), completed]
    return [completed]


def _source(entry: Entry) -> dict[str, Json]:
    """Where a result is from that was there already."""
    source = entry.data.get("from")
    return {"origin": source | {"at": rfc3339(source["at"])}} if source else {}


def _waiting(view: View, entry: Entry) -> list[ExecutionEvent]:
    other = entry.data.get("for")
    if other is None:
        return _started(view, entry)
    same = "has the same key" if other["kind"] == "key" else "computes the same"
    message = f"it waits for `{other['address']}` of run {other['run']}, which {same}"
    return [view.one(entry, "log", {"level": "info", "message": message})]


OPENED = frozenset({Role.CALL, Role.CLOSER, Role.TOOLS, Role.WAIT})
"""Steps whose beginning has an entry of its own."""


def _calls(data: dict[str, Any]) -> Json:
    """What a turn of an instrument with tools wants called. The arguments are as the model wrote them."""
    calls = [{"name": call["name"], "arguments": call["arguments"]} for call in data["calls"]]
    return {"calls": calls} | ({"text": data["text"]} if "text" in data else {})


def _called(view: View, entry: Entry) -> list[ExecutionEvent]:
    """What is wrong with calls: the model hears of it, and so does whoever watches."""
    wrong = [each for each in entry.data["wrong"] if each is not None]
    return [
        view.one(entry, "log", {"level": "warning", "message": f"a call is wrong: {message}"}, before)
        for before, message in zip(reversed(range(len(wrong))), wrong, strict=True)
    ]


def shown_output(view: View, outputs: dict[str, Value], plan: NodePlan | None) -> Json:
    """The one value of a step, or its values by port."""
    if holds_secret(outputs):
        return "(holds a secret)"
    types, record = view.shape(plan)
    try:
        found = {name: to_json(value, types.get(name)) for name, value in outputs.items()}
    except ConversionError as problem:
        return f"(cannot be shown: {problem.message})"
    if not found:
        return None
    return next(iter(found.values())) if found.keys() <= SINGLE and not record else found


def _shape(plan: NodePlan | None) -> tuple[dict[str, Type], bool]:
    """The types of a step's ports, and whether its value is a record of them, however many they are."""
    if plan is None:
        return {}, False
    node = plan.node
    record = isinstance(node, InstrumentNode | OperatorNode) and node.config.record
    return {port.name: port.data_type for port in (node.outputs or node.inputs)}, record


SINGLE = frozenset({"result", "input"})
"""Ports whose value is the step's value."""


def _asked(view: View, entry: Entry) -> list[ExecutionEvent]:
    due = {"due": rfc3339(entry.data["due"])} if "due" in entry.data else {}
    asked = view.one(entry, "waiting_for_input", {"prompt": entry.data["prompt"]} | due)
    return [view.one(entry, "node_started", {}, 1), asked]


def _answered(view: View, entry: Entry) -> list[ExecutionEvent]:
    plan = view.places.find(entry.address or "")
    return [view.one(entry, "node_completed", {"output": shown_output(view, entry.data["outputs"], plan)})]


def _skipped(view: View, entry: Entry) -> list[ExecutionEvent]:
    """Of a block the closing node says it."""
    plan = view.places.find(entry.address or "")
    if plan and plan.closer:
        return []
    output = shown_output(view, entry.data["outputs"], plan) if entry.data["outputs"] else None
    return [view.one(entry, "node_skipped", {"reason": entry.data["reason"], "output": output})]


def _command(view: View, entry: Entry) -> list[ExecutionEvent]:
    """What the driver does to held steps when it takes a run was no command of anybody."""
    if "id" not in entry.data:
        return []
    said = {key: entry.data[key] for key in ("kind", "reason", "why", "message", "nodes") if key in entry.data}
    return [view.one(entry, entry.type.replace(".", "_"), said | {"actor": entry.actor})]


def _failed(view: View, entry: Entry) -> list[ExecutionEvent]:
    return [view.one(entry, "node_failed", {"error": view.error(entry.data["error"])})]


def _attempt_failed(view: View, entry: Entry) -> list[ExecutionEvent]:
    error = entry.data["error"]
    what = f"attempt {entry.attempt} failed" if entry.attempt else "it failed"
    message = f"{what} ({error['code']}): {error['message']}; {_follows(entry.data)}"
    return [view.one(entry, "log", {"level": "warning", "message": message})]


def _follows(data: dict[str, Any]) -> str:
    if data["then"] == "retry":
        return f"it is tried again at {rfc3339(data['due'])}"
    if data["then"] == "again":
        return "it is done again"
    if data.get("until"):
        return "the run is paused, and this fails it when it goes on, unless a person decides otherwise"
    mends = data["error"]["code"] in HELD
    return "it waits until this is mended and the run is resumed" if mends else "a person decides what becomes of it"


def _region_failed(view: View, entry: Entry) -> list[ExecutionEvent]:
    error, due = entry.data["error"], entry.data.get("due")
    what = "it" if entry.data.get("item") is None else f"item {entry.data['item']}"
    follows = f"all of it is done again at {rfc3339(due)}" if due else "a person has to decide"
    message = f"{what} failed ({error['code']}): {error['message']}; {follows}"
    return [view.one(entry, "log", {"level": "warning", "message": message})]


def _closed(view: View, entry: Entry) -> list[ExecutionEvent]:
    return _failed(view, entry) if entry.data.get("error") else []


def _item(view: View, entry: Entry) -> list[ExecutionEvent]:
    if not entry.data.get("dropped"):
        return []
    error = entry.data["error"]
    plan = view.places.find(entry.address or "")
    if plan and plan.role is Role.TOOLS:  # the call has said so itself
        return []
    what = f"item {entry.data['item']}"
    if plan and plan.role is Role.FIRST:
        what = f"branch `{list(plan.regions)[entry.data['item']]}`"
    message = f"{what} is left out ({error['code']}): {error['message']}"
    return [view.one(entry, "log", {"level": "warning", "message": message})]


def _progress(view: View, entry: Entry) -> list[ExecutionEvent]:
    message = {"message": entry.data["message"]} if "message" in entry.data else {}
    return [view.one(entry, "node_progress", {"percentage": round(entry.data["fraction"] * 100, 2)} | message)]


def _log(view: View, entry: Entry) -> list[ExecutionEvent]:
    return [view.one(entry, "log", {"level": entry.data["level"], "message": entry.data["message"]})]


def _dropped(view: View, entry: Entry) -> list[ExecutionEvent]:
    return [view.one(entry, "log", {"level": "warning", "message": f"{entry.data['count']} lines are left out"})]


SHOWN: dict[str, Callable[[View, Entry], list[ExecutionEvent]]] = {
    entries.RUN_STATE: _label,
    entries.NODE_STARTED: _started,
    entries.NODE_COMPLETED: _completed,
    entries.NODE_FAILED: _failed,
    entries.NODE_WAITING: _waiting,
    entries.NODE_SKIPPED: _skipped,
    entries.ASK_OPENED: _asked,
    entries.ASK_ANSWERED: _answered,
    entries.COMMAND_APPLIED: _command,
    entries.COMMAND_REJECTED: _command,
    entries.NODE_LOST: _failed,
    entries.ATTEMPT_FAILED: _attempt_failed,
    entries.REGION_DECIDED: _decided,
    entries.REGION_OPENED: _opened,
    entries.REGION_CLOSED: _closed,
    entries.REGION_FAILED: _region_failed,
    entries.ITERATION_CLOSED: _item,
    entries.TOOLS_CALLED: _called,
    entries.NODE_PROGRESS: _progress,
    entries.NODE_LOG: _log,
    entries.LOG_DROPPED: _dropped,
}
