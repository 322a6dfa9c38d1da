"""What a command does, by how the run stands: the table of execution states and commands, and that of steps and commands.

A cell says what is done (a function), that there is nothing to do (`=`), or why it is refused (`✗` and a code).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.conform import ConversionError, conform, plain_json
from symphony_dsl.base.types import JSON, OptionalType
from symphony_runtime import entries
from symphony_runtime.commands import OF_NODE, Kind
from symphony_runtime.entries import Entry
from symphony_runtime.plans.places import step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.changing import BLOCKS, LEAVES
from symphony_runtime.rules.state import SETTLED, Instance, Phase, RunState
from symphony_runtime.rules.steps import error_of, failed_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony_dsl.base.values import Value
    from symphony_runtime.commands import Command


class Situation(StrEnum):
    """How a run stands, as far as commands go."""

    PENDING = "pending"
    RUNNING = "running"
    ENDING = "running, ending"
    PAUSED = "paused by the user"
    UNDECIDED = "paused, needs a decision"
    WAITING = "waiting for input"
    FINAL = "final"


USER = "user"
"""Why nothing starts: a person said so. Such a hold stays until a person says something else."""

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


def situation(state: RunState) -> Situation:
    if state.final:
        return Situation.FINAL
    if state.is_ending:
        return Situation.ENDING
    if state.hold == USER:
        return Situation.PAUSED
    return BY_LABEL[state.label]


BY_LABEL = {
    "pending": Situation.PENDING,
    "running": Situation.RUNNING,
    "paused": Situation.UNDECIDED,
    "waiting_for_input": Situation.WAITING,
}

Done: TypeAlias = "list[Entry]"


def commanded(state: RunState, command: Command) -> list[Entry]:
    """The verdict, and what follows from it. A command that was judged before is not judged again."""
    known = state.verdicts.get(command.id)
    if known == command.fingerprint:
        return []
    try:
        if known is not None:
            raise Refused("id_reused")
        cell = TABLE[command.kind][situation(state)]
        if isinstance(cell, str):
            raise Refused(cell)
        return cell(state, command)
    except Refused as refused:
        data = _verdict(command) | {"why": refused.why, "message": refused.message}
        return [Entry(entries.COMMAND_REJECTED, data, command.address, actor=command.actor)]


def _verdict(command: Command) -> dict[str, Value]:
    found = {"id": command.id, "kind": str(command.kind), "fingerprint": command.fingerprint, "reason": command.reason}
    return {key: value for key, value in found.items() if value is not None}


def _applied(command: Command, address: str | None = None, **more: Value) -> Entry:
    return Entry(entries.COMMAND_APPLIED, _verdict(command) | more, address, actor=command.actor)


def _nothing(state: RunState, command: Command) -> Done:
    return [_applied(command)]


def _pause(state: RunState, command: Command) -> Done:
    held = Entry(entries.HOLD_SET, {"why": USER}, actor=command.actor)
    return [_applied(command), held, *_label(state, "paused")]


def _resume(state: RunState, command: Command) -> Done:
    return [_applied(command), Entry(entries.HOLD_CLEARED, actor=command.actor), *_label(state, "running")]


def _cancel(state: RunState, command: Command) -> Done:
    data = {"reason": command.reason} if command.reason else {}
    asked = Entry(entries.CANCEL_REQUESTED, data | ({"force": True} if command.force else {}), actor=command.actor)
    return [_applied(command), *_label(state, "running"), asked]


def _label(state: RunState, to: str) -> list[Entry]:
    """A change of label goes through `running` where it has to."""
    if state.label == to:
        return []
    if "running" in (state.label, to):
        return [Entry(entries.RUN_STATE, {"from": state.label, "to": to}, room=int(state.label == "pending"))]
    return [
        Entry(entries.RUN_STATE, {"from": state.label, "to": "running"}),
        Entry(entries.RUN_STATE, {"from": "running", "to": to}),
    ]


def _of_node(state: RunState, command: Command) -> Done:
    """Every step that the address means and the command fits; where it fits none, why not."""
    found = _meant(state, command.address or "")
    if not found:
        raise Refused("unknown_node")
    fitting = [each for each in found if each.phase in FITS[command.kind] and _waits(command.kind, each)]
    if not fitting:
        raise Refused(_why_not(command.kind, found))
    done: Done = []
    for instance in fitting:
        done += NODE[command.kind](state, command, instance)
    nodes = [step_address(each.address, each.plan) for each in fitting]
    return [_applied(command, command.address, nodes=nodes), *done]


def _meant(state: RunState, address: str) -> list[Instance]:
    exact = state.instances.get(address)
    if exact is not None and exact.plan.role in LEAVES:
        return [exact]
    return [each for each in state.instances.values() if _is_meant(each, address)]


def _is_meant(instance: Instance, address: str) -> bool:
    """A step inside of what the address names; a block or a call, of which something is to be decided, by its own too."""
    if instance.plan.role in LEAVES:
        found = instance.address
    elif instance.plan.role in BLOCKS and instance.phase in (Phase.HELD, Phase.WAITING):
        found = step_address(instance.address, instance.plan)
    else:
        return False
    return found == address or (found.startswith(address) and found[len(address)] in "/[:#~")


UNDECIDED = frozenset({Phase.HELD, Phase.LOST})

FITS = {
    Kind.RETRY_NODE: frozenset({*UNDECIDED, Phase.WAITING}),
    Kind.SKIP_NODE: frozenset({*UNDECIDED, Phase.WAITING}),
    Kind.FAIL_NODE: frozenset({*UNDECIDED, Phase.WAITING}),
    Kind.PROVIDE_INPUT: frozenset({Phase.WAITING}),
}


def _waits(kind: Kind, instance: Instance) -> bool:
    """Of steps that wait: a question takes an answer, and may be skipped or failed; a delayed retry all but an answer."""
    if instance.phase is not Phase.WAITING:
        return True
    if instance.awaits:
        return False
    if instance.plan.role is Role.ASK:
        return kind is not Kind.RETRY_NODE
    if kind is Kind.SKIP_NODE and instance.plan.closer:
        return False  # what a block gives, its closing node does
    return instance.plan.role is not Role.WAIT and kind is not Kind.PROVIDE_INPUT


def _why_not(kind: Kind, found: list[Instance]) -> str:
    if all(each.phase in SETTLED for each in found):
        return "superseded" if kind is Kind.PROVIDE_INPUT else "settled"
    return "not_waiting" if kind is Kind.PROVIDE_INPUT else "not_failed"


def _retry(state: RunState, command: Command, instance: Instance) -> Done:
    return [Entry(entries.NODE_QUEUED, {}, instance.address)]


def _skip(state: RunState, command: Command, instance: Instance) -> Done:
    return [
        Entry(entries.NODE_SKIPPED, {"reason": "command", "outputs": _outputs(command, instance)}, instance.address)
    ]


def _fail(state: RunState, command: Command, instance: Instance) -> Done:
    if instance.error:
        error = instance.error
        data = error_of(instance, error.code, error.message, plain_json(error.data))
    else:
        data = error_of(instance, "failed", command.reason or "a person said so")
    return [failed_entry(instance, data)]


def _answer(state: RunState, command: Command, instance: Instance) -> Done:
    if not command.has_value:
        raise Refused("no_value", "an answer is needed: `--value JSON`")
    data = {"outputs": _outputs(command, instance)}
    return [Entry(entries.ASK_ANSWERED, data, instance.address, actor=command.actor)]


def _outputs(command: Command, instance: Instance) -> dict[str, Value]:
    """The value as the step's ports take it. One that is not given has to be one that nobody misses."""
    ports = instance.plan.node.outputs
    if not command.has_value:
        needed = [port for port in ports if not isinstance(port.data_type, OptionalType) and port.data_type != JSON]
        if needed and _is_read(instance):
            raise Refused("no_value")
        return {}
    single = [port.name for port in ports] == ["result"]
    given = {"result": command.value} if single else command.value
    try:
        return {port.name: conform(given[port.name], port.data_type) for port in ports}
    except ConversionError as problem:
        where = f" at `{problem.path}`" if problem.path else ""
        raise Refused("invalid", f"the value does not fit{where}: {problem.message}") from problem
    except (KeyError, TypeError):
        names = ", ".join(f"`{port.name}`" for port in ports)
        raise Refused("invalid", f"the value has to be an object with {names}") from None


def _is_read(instance: Instance) -> bool:
    """Whether anything waits for the value; that of a turn is that of its instrument."""
    owner = instance.scope.owner
    is_turn = owner is not None and owner.turns is not None and owner.inner is instance.scope
    step = owner if owner and is_turn else instance
    return bool(step.plan.followers or step.waiters)


NODE: dict[Kind, Callable[[RunState, Command, Instance], Done]] = {
    Kind.RETRY_NODE: _retry,
    Kind.SKIP_NODE: _skip,
    Kind.FAIL_NODE: _fail,
    Kind.PROVIDE_INPUT: _answer,
}

Cell: TypeAlias = "Callable[[RunState, Command], Done] | str"


def _row(pending: Cell, running: Cell, ending: Cell, paused: Cell, undecided: Cell, waiting: Cell, final: Cell) -> dict[Situation, Cell]:  # fmt: skip
    return dict(zip(Situation, (pending, running, ending, paused, undecided, waiting, final), strict=True))


TABLE: dict[Kind, dict[Situation, Cell]] = {
    Kind.START: _row(_resume, "started", "started", "started", "started", "started", "final"),
    Kind.PAUSE: _row("not_started", _pause, "ending", _nothing, _pause, _pause, "final"),
    Kind.RESUME: _row("not_started", _nothing, "ending", _resume, "needs_decision", "needs_input", "final"),
    Kind.CANCEL: _row(_cancel, _cancel, _cancel, _cancel, _cancel, _cancel, "final"),
    **{kind: _row("not_started", _of_node, "ending", _of_node, _of_node, _of_node, "final") for kind in OF_NODE},
}
