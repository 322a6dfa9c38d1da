"""What a command does, by how the run stands: the table of execution states and commands.

A cell says what is done, or why it is refused. Commands that name steps go on to the table in `node_commands.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from symphony_runtime import entries
from symphony_runtime.commands import OF_NODE, Kind
from symphony_runtime.entries import Entry
from symphony_runtime.rules.endings import passed_on
from symphony_runtime.rules.kinds import HELD
from symphony_runtime.rules.labels import relabelled
from symphony_runtime.rules.node_commands import on_nodes
from symphony_runtime.rules.situations import Situation, situation
from symphony_runtime.rules.state import Phase, RunState
from symphony_runtime.rules.transition import Does
from symphony_runtime.rules.verdicts import Refused, applied, rejected

if TYPE_CHECKING:
    from symphony_runtime.commands import Command
    from symphony_runtime.rules.state import Instance

USER = "user"
"""Why nothing starts: a person said so. Such a hold stays until a person says something else."""


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
            raise Refused(cell, _words(state, command.kind, cell))
        return cell.do(state, command)
    except Refused as refused:
        return [rejected(command, refused)]


def _words(state: RunState, kind: Kind, why: str) -> str | None:
    """A sentence for a refusal where there is more to say than the usual one."""
    if why == "needs_input":
        return f"an answer is needed for {_listed(state.asks)}"
    if why == "ending" and kind is Kind.PROVIDE_INPUT:
        return "the run is coming to its end: its questions are withdrawn"
    if why == "final" and kind is Kind.RETRY_NODE:
        return "the run has ended; `wf retry RUN`, without a step, tries it again"
    return None


def _nothing(state: RunState, command: Command) -> list[Entry]:
    return [applied(command)]


def _pause(state: RunState, command: Command) -> list[Entry]:
    held = Entry(entries.HOLD_SET, {"why": USER}, actor=command.actor)
    return [applied(command), held, *relabelled(state, "paused")]


def _resume(state: RunState, command: Command) -> list[Entry]:
    cleared = Entry(entries.HOLD_CLEARED, actor=command.actor)
    return [applied(command), cleared, *relabelled(state, "running"), *passed_on(state)]


def asked_again(state: RunState) -> list[Entry]:
    """Steps that are held for what a person mends get another chance."""
    mended = (each for each in state.undecided.values() if each.phase is Phase.HELD and each.error)
    return [Entry(entries.NODE_QUEUED, {}, each.address) for each in mended if each.error and each.error.code in HELD]


def _ask_again(state: RunState, command: Command) -> list[Entry]:
    found = asked_again(state)
    if not found:
        raise Refused("needs_decision", f"a decision is needed on {_listed(state.undecided)}: retry, skip or fail")
    return [applied(command), *relabelled(state, "running"), *found]


def _listed(found: dict[str, Instance]) -> str:
    names = [f"`{address}`" for address in found]
    more = [f"{len(names) - 5} more"] if len(names) > 5 else []
    return ", ".join(names[:5] + more)


def _cancel(state: RunState, command: Command) -> list[Entry]:
    data = {"reason": command.reason} if command.reason else {}
    asked = Entry(entries.CANCEL_REQUESTED, data | ({"force": True} if command.force else {}), actor=command.actor)
    return [applied(command), *relabelled(state, "running"), asked]


def _cancel_again(state: RunState, command: Command) -> list[Entry]:
    """What is being cancelled already: only `--force` makes it another thing."""
    if state.cancelled and (state.forced or not command.force):
        return [applied(command)]
    return _cancel(state, command)


def _cancelled(state: RunState, command: Command) -> list[Entry]:
    if state.label != "cancelled":
        raise Refused("final")
    return [applied(command)]


def _of_node(state: RunState, command: Command) -> list[Entry]:
    verdict, *done = on_nodes(state, command)
    return [verdict, *([] if state.hold else relabelled(state, "running")), *done]


Cell: TypeAlias = "Does | str"


def _row(*cells: Cell) -> dict[Situation, Cell]:
    return dict(zip(Situation, cells, strict=True))


_NOTHING = Does("=", _nothing)
_RESUME = Does("→ running", _resume)
_PAUSE = Does("→ paused", _pause)
_CANCEL = Does("ends: → cancelled", _cancel)
_DONE, _GOES_ON = Does("done", _of_node), Does("→ running", _of_node)

TABLE: dict[Kind, dict[Situation, Cell]] = {
    Kind.START: _row(_RESUME, "started", "started", "started", "started", "started", "final"),
    Kind.PAUSE: _row("not_started", _PAUSE, "ending", _NOTHING, _PAUSE, _PAUSE, "final"),
    Kind.RESUME: _row(
        "not_started", _NOTHING, "ending", _RESUME,
        Does("→ running for what was mended, else `needs_decision`", _ask_again), "needs_input", "final",
    ),
    Kind.CANCEL: _row(
        _CANCEL, _CANCEL, Does("= if it is being cancelled; else what runs is stopped", _cancel_again),
        _CANCEL, _CANCEL, _CANCEL, Does("= if cancelled, else `final`", _cancelled),
    ),
    **{kind: _row("not_started", _DONE, "ending", _DONE, _GOES_ON, _GOES_ON, "final") for kind in OF_NODE},
}  # fmt: skip
