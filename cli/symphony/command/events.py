"""`wf events`: what happened in a run, as JSON lines."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words, complete_run, near, store_option

if TYPE_CHECKING:
    from symphony_runtime.storage.store import Store
    from symphony_runtime.watching.events import ExecutionEvent
    from symphony_runtime.watching.filtering import EventFilter


@click.command(
    "events",
    cls=Command,
    example="wf events last\nwf events last --follow --type node_failed --type log --level warning",
)
@click.argument("run", metavar="RUN", shell_complete=complete_run)
@click.option("--follow", is_flag=True, help="Go on with what happens, until the run has ended.")
@click.option("--from", "from_seq", type=click.IntRange(min=1), default=1, metavar="SEQ", help="From this number on.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Events of this type only; may be repeated.")
@click.option(
    "--node", "nodes", multiple=True, metavar="NODE", help="Events of a step and all below it; may be repeated."
)
@click.option("--level", type=Words(["debug", "info", "warning", "error"]), help="Log lines of this level and above.")
@store_option
def command(
    run: str,
    follow: bool,
    from_seq: int,
    types: tuple[str, ...],
    nodes: tuple[str, ...],
    level: str | None,
    store: str | None,
) -> int:
    """Print the events of a run, one JSON object a line, in their order.

    RUN is an id, the beginning of one, or "last". The run may be going on: what is finished is printed.
    """
    from symphony.command.stores import open_store
    from symphony_runtime.watching.filtering import EventFilter, LogLevel

    opened = open_store(store)
    execution_id = opened.find(run)
    wanted = EventFilter(_known(types), nodes or None, LogLevel.named(level) if level else None)
    if follow:
        asyncio.run(_follow(opened, execution_id, wanted, from_seq))
    else:
        _print(opened, execution_id, wanted, from_seq)
    return Exit.DONE


def _known(types: tuple[str, ...]) -> frozenset[str] | None:
    """A type that no event has is a slip of the pen: it would wait for ever."""
    from symphony_runtime.watching.event_schema import EVENTS

    for each in types:
        if each not in EVENTS:
            raise click.UsageError(
                f"there are no events of the type {each!r}{near(each, EVENTS)}", click.get_current_context()
            )
    return frozenset(types) or None


def _print(store: Store, execution_id: str, wanted: EventFilter, from_seq: int) -> None:
    from symphony_runtime.watching import events

    for event in events.read(store, execution_id, from_seq):
        if wanted.admits(event) and not say.result(line(event)):
            return


async def _follow(store: Store, execution_id: str, wanted: EventFilter, from_seq: int) -> None:
    from symphony_runtime.watching.following import follow

    async for event in follow(store, execution_id, wanted, from_seq=from_seq):
        if not say.result(line(event)):
            return


def line(event: ExecutionEvent) -> str:
    return json.dumps(event.to_json(), ensure_ascii=False) + "\n"
