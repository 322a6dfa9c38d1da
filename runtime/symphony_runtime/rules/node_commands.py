"""What a command does to the steps that its address means: the table of commands and how a step stands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from symphony_dsl.base.conform import ConversionError, conform, plain_json, to_json
from symphony_dsl.base.types import JSON, OptionalType
from symphony_runtime import entries
from symphony_runtime.commands import Kind
from symphony_runtime.entries import Entry
from symphony_runtime.executing.redaction import holds_secret
from symphony_runtime.plans.places import is_below, step_address
from symphony_runtime.plans.plan import Role
from symphony_runtime.rules.changing import BLOCKS, LEAVES
from symphony_runtime.rules.situations import Standing, standing
from symphony_runtime.rules.state import Instance, Phase, RunState
from symphony_runtime.rules.steps import apart, error_of, failed_entry
from symphony_runtime.rules.transition import Does
from symphony_runtime.rules.verdicts import Refused, applied

if TYPE_CHECKING:
    from symphony_dsl.base.values import Value
    from symphony_runtime.commands import Command

Done: TypeAlias = "list[Entry]"


def on_nodes(state: RunState, command: Command) -> list[Entry]:
    """Every step that the address means and the command fits; where it fits none, why not."""
    found = _meant(state, (command.address or "").rstrip("/"))
    if not found:
        raise Refused("unknown_node")
    row = TABLE[command.kind]
    fitting = {each: cell for each in found if isinstance(cell := row[standing(each)], Does)}
    if not fitting:
        raise _refusal(row, found)
    done: Done = []
    for instance in apart(list(fitting)) if command.kind is Kind.FAIL_NODE else fitting:
        done += fitting[instance].do(state, command, instance)
    nodes = [step_address(each.address, each.plan) for each in fitting]
    return [applied(command, command.address, nodes=nodes), *done]


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
    return is_below(found, address)


def _refusal(row: dict[Standing, Cell], found: list[Instance]) -> Refused:
    """Of several steps one that is not done with says why."""
    meant = next((each for each in found if standing(each) is not Standing.SETTLED), found[0])
    why = row[standing(meant)]
    assert isinstance(why, str)
    return Refused(why, _superseded(meant) if why == "superseded" else None)


def _superseded(instance: Instance) -> str:
    """What came before an answer."""
    if instance.plan.role is not Role.ASK:
        return "the step is done with, and waited for no answer"
    if instance.error:
        return f"the question is no longer asked: {instance.error.message}"
    if instance.phase is not Phase.COMPLETED:
        return "the question is no longer asked: it was " + ("skipped" if instance.outputs is not None else "withdrawn")
    return f"the question was answered already, with {_shown(instance)}"


def _shown(instance: Instance) -> str:
    outputs = instance.outputs or {}
    if holds_secret(outputs):
        return "a secret"
    values = [to_json(outputs.get(port.name), port.data_type) for port in instance.plan.node.outputs]
    return ", ".join(json.dumps(value, ensure_ascii=False) for value in values)


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


Cell: TypeAlias = "Does | str"


def _row(*cells: Cell) -> dict[Standing, Cell]:
    return dict(zip(Standing, cells, strict=True))


_AGAIN, _SKIPPED, _FAILED = Does("→ queued", _retry), Does("→ skipped", _skip), Does("→ failed", _fail)
_NO, _NOT = "not_failed", "not_waiting"

TABLE: dict[Kind, dict[Standing, Cell]] = {
    Kind.RETRY_NODE: _row(_NO, _NO, _AGAIN, _AGAIN, _NO, _AGAIN, _AGAIN, "settled"),
    Kind.SKIP_NODE: _row(_NO, _SKIPPED, _SKIPPED, _NO, _NO, _SKIPPED, _SKIPPED, "settled"),
    Kind.FAIL_NODE: _row(_NO, _FAILED, _FAILED, _FAILED, _NO, _FAILED, _FAILED, "settled"),
    Kind.PROVIDE_INPUT: _row(_NOT, Does("→ completed", _answer), _NOT, _NOT, _NOT, _NOT, _NOT, "superseded"),
}
"""What the closing node of a block gives a person cannot: so a block that waits for its next round is not skipped."""
