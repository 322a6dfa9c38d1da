"""`ExecutionController`: what may be asked of a run of a store, and asking it, whoever drives the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.commands import OF_NODE, Kind
from symphony_runtime.control.control_commands import ControlCommand
from symphony_runtime.control.pictures import machine_of, state_of
from symphony_runtime.control.states import ExecutionState
from symphony_runtime.engine import recover
from symphony_runtime.entries import COMMAND_APPLIED
from symphony_runtime.plans.places import step_address
from symphony_runtime.rules import commanding, node_commands
from symphony_runtime.rules.decide import decide
from symphony_runtime.rules.inputs import Commanded
from symphony_runtime.rules.situations import situation, standing
from symphony_runtime.rules.transition import Does
from symphony_runtime.sending import command, send

if TYPE_CHECKING:
    from symphony_dsl.base.values import Json
    from symphony_runtime.commands import Command
    from symphony_runtime.control.machine import ExecutionStateMachine
    from symphony_runtime.rules.state import RunState
    from symphony_runtime.storage.store import Store


class ControlError(UserError):
    """A command was refused; `why` is the code of the refusal, the message says it in words."""

    def __init__(self, why: str, message: str, place: str) -> None:
        super().__init__(message, place=place)
        self.why = why


@frozen
class CommandResult:
    """Of a command that was done: `new_state` is how the run stands then, `nodes` are the steps it was done to."""

    success: bool
    message: str
    new_state: ExecutionState
    nodes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        state = self.new_state.to_json()
        return {"success": self.success, "message": self.message, "new_state": state, "nodes": list(self.nodes)}


class ExecutionController:
    """Over a run that was made by `create`. A run is driven by `drive`; where nobody does, commands are done to its log."""

    def __init__(self, store: Store, execution_id: str) -> None:
        self.store = store
        self.execution_id = execution_id

    @property
    def state_machine(self) -> ExecutionStateMachine:
        return machine_of(self.store, self.execution_id)

    def execute_command(self, given: ControlCommand) -> CommandResult:
        """Raises ControlError where the command is refused, and UserError where nobody judges it."""
        nodes: tuple[str, ...] = ()
        for each in _sent(self._recover(), given):
            verdict = send(self.store, self.execution_id, each)
            if not verdict.done:
                raise ControlError(verdict.why or "", verdict.message, self._place(each.address))
            nodes += verdict.nodes
        said = f"{given.kind}: done" + (f" to {', '.join(nodes)}" if nodes else "")
        return CommandResult(success=True, message=said, new_state=state_of(self._recover()), nodes=nodes)

    def can_execute(self, given: ControlCommand) -> bool:
        """Whether it would be done if it was sent now."""
        state = self._recover()
        return all(_is_done(state, each) for each in _sent(state, given))

    def available_commands(self) -> list[ControlCommand]:
        """What would be done now. Of commands that take a value the value is still to be given."""
        state = self._recover()
        plain = (ControlCommand(kind) for kind in Kind if kind not in OF_NODE)
        of_nodes = (
            ControlCommand(kind, step_address(each.address, each.plan))
            for each in (*state.undecided.values(), *state.asks.values(), *state.waiting.values())
            for kind, row in node_commands.TABLE.items()
            if isinstance(row[standing(each)], Does) and isinstance(commanding.TABLE[kind][situation(state)], Does)
        )
        return [*(each for each in plain if _is_done(state, _command(each))), *of_nodes]

    def _recover(self) -> RunState:
        return recover(self.store, self.execution_id)

    def _place(self, address: str | None) -> str:
        return f"run {self.execution_id}" + (f", step {address}" if address else "")


def _command(given: ControlCommand, address: str | None = None) -> Command:
    more = {"value": given.value, "has_value": given.has_value, "reason": given.reason, "force": given.force}
    return command(given.kind, address or given.node_id, **more)


def _sent(state: RunState, given: ControlCommand) -> list[Command]:
    """The id of a node means its instances that the command fits, or, where it fits none, one that says why not."""
    if given.node_id not in state.plans.main.nodes:
        return [_command(given)]
    found = [each for each in state.instances.values() if each.plan.node.base.id == given.node_id]
    row = node_commands.TABLE[given.kind]
    fitting = [each for each in found if isinstance(row[standing(each)], Does)] or found[:1]
    return [_command(given, each.address) for each in fitting] or [_command(given)]


def _is_done(state: RunState, given: Command) -> bool:
    return any(entry.type == COMMAND_APPLIED for entry in decide(state, Commanded(given)))
