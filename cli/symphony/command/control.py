"""`wf pause`, `resume`, `cancel`, `retry`, `skip`, `fail`, `input`: what a person may say to a run, whoever drives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, complete_run, store_option
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from symphony_runtime.commands import Kind
    from symphony_runtime.storage.store import Store

_RUN = click.argument("run", metavar="RUN", shell_complete=complete_run)
_NODE = click.argument("node", metavar="NODE")
_VALUE = click.option("--value", metavar="JSON", help="The value, as JSON.")
_REASON = click.option("--reason", metavar="TEXT", help="Why, for whoever reads the log.")


@click.command("pause", cls=Command, example="wf pause last")
@_RUN
@store_option
def pause(run: str, store: str | None) -> int:
    """Let nothing new start. What is in flight ends and is recorded; `wf resume` goes on."""
    return _send("PAUSE", run, store, "paused")


@click.command("cancel", cls=Command, example='wf cancel last --reason "wrong file"')
@_RUN
@_REASON
@click.option("--force", is_flag=True, help="Leave out `finally`, and kill what runs.")
@store_option
def cancel(run: str, reason: str | None, force: bool, store: str | None) -> int:
    """End a run. What is in flight is stopped, and every `finally` runs; where nobody drives the run, this command does."""
    from symphony.command.stores import open_store

    code = _send("CANCEL", run, store, "to be cancelled", reason=reason, force=force, goes_on=False)
    opened = open_store(store)
    return _end(opened, opened.find(run)) if code == Exit.DONE else code


def _end(store: Store, execution_id: str) -> int:
    from symphony.command.run import drive_again

    if _is_driven(store, execution_id):
        return Exit.DONE
    code = drive_again(store, execution_id)
    return Exit.DONE if code == Exit.FAILED else code


@click.command("retry", cls=Command, example="wf retry last charge")
@_RUN
@click.argument("node", metavar="[NODE]", required=False)
@store_option
def retry(run: str, node: str | None, store: str | None) -> int:
    """Give a step another chance: one that is held, lost, or waits for its next attempt.

    NODE is the address of a step, or the beginning of one: `prices[3]` means what is held in that item. Without it a new run is
    started from one that failed or was cancelled: with the same workflow and inputs, and all that is finished there and has not
    changed.
    """
    return _try_again(run, store) if node is None else _send("RETRY_NODE", run, store, "will be tried again", node)


def _try_again(run: str, store: str | None) -> int:
    from symphony.command.run import drive_again
    from symphony.command.stores import open_store
    from symphony_runtime import engine

    opened = open_store(store)
    return drive_again(opened, engine.retry(opened, opened.find(run)))


@click.command("skip", cls=Command, example="wf skip last charge --value '\"paid by hand\"'")
@_RUN
@_NODE
@_VALUE
@store_option
def skip(run: str, node: str, value: str | None, store: str | None) -> int:
    """Go on without a step that is held or lost, or waits: with the value that it would have given."""
    return _send("SKIP_NODE", run, store, "skipped", node, value=value)


@click.command("fail", cls=Command, example="wf fail last charge")
@_RUN
@_NODE
@_REASON
@store_option
def fail(run: str, node: str, reason: str | None, store: str | None) -> int:
    """Let a step that is held or lost, or waits, have failed: what catches it goes on."""
    return _send("FAIL_NODE", run, store, "failed", node, reason=reason)


@click.command("input", cls=Command, example="wf input last reply:then/decision --value '{\"refund\": true}'")
@_RUN
@_NODE
@_VALUE
@store_option
def answer(run: str, node: str, value: str | None, store: str | None) -> int:
    """Answer the question of a step that waits for a person."""
    return _send("PROVIDE_INPUT", run, store, "answered", node, value=value)


@click.command("resume", cls=Command, example="wf resume last")
@_RUN
@store_option
def resume(run: str, store: str | None) -> int:
    """Go on with a run: one that was paused, or that nobody drives any more; then this command drives it."""
    from symphony.command.run import drive_again
    from symphony.command.stores import open_store

    opened = open_store(store)
    execution_id = opened.find(run)
    if _is_driven(opened, execution_id):
        return _send("RESUME", run, store, "goes on")
    return drive_again(opened, execution_id)


def _send(
    name: str,
    run: str,
    store: str | None,
    done: str,
    node: str | None = None,
    *,
    goes_on: bool = True,
    **more: Any,  # noqa: ANN401 - as `command` takes them
) -> int:
    from symphony.command.documents import parse_json
    from symphony.command.stores import open_store
    from symphony_runtime.commands import Kind
    from symphony_runtime.sending import command, send

    opened = open_store(store)
    execution_id = opened.find(run)
    value = more.pop("value", None)
    if value is not None:
        more |= {"value": parse_json(value, None), "has_value": True}
    verdict = send(opened, execution_id, command(Kind[name], node, **more))
    if not verdict.done:
        raise UserError(verdict.message, place=_place(execution_id, node), hint=_hint(opened, execution_id, Kind[name]))
    for each in verdict.nodes:
        say.note(f"{each}: {done}")
    if not verdict.nodes:
        say.note(f"run {execution_id}: {done}")
    if goes_on:
        _go_on(opened, execution_id)
    return Exit.DONE


def _place(execution_id: str, node: str | None) -> str:
    return f"run {execution_id}" + (f", step {node}" if node else "")


def _hint(store: Store, execution_id: str, kind: Kind) -> str | None:
    """What can be said to the run now."""
    from symphony.command.stores import resume_command
    from symphony_runtime.commands import OF_NODE
    from symphony_runtime.engine import recover

    if kind not in OF_NODE:
        return None
    state = recover(store, execution_id)
    if state.final:
        return None
    if state.open and not _is_driven(store, execution_id):
        return f"its engine went away in the middle; go on first: {resume_command(store, execution_id)}"
    waiting = [*state.undecided, *state.asks]
    return f"waiting for a person: {', '.join(waiting[:5])}" if waiting else "no step waits for a person"


def _go_on(store: Store, execution_id: str) -> None:
    """Where nobody drives the run, how to go on with it."""
    from symphony.command.stores import resume_command
    from symphony_runtime.engine import recover

    if not _is_driven(store, execution_id) and not recover(store, execution_id).final:
        say.note(f"nobody drives it; go on with:\n  {resume_command(store, execution_id)}")


def _is_driven(store: Store, execution_id: str) -> bool:
    lock = store.run(execution_id).try_claim()
    if lock is not None:
        lock.let_go()
    return lock is None
