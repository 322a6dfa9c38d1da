"""`wf events`: what happened in a run, as JSON lines."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, complete_run, store_option

if TYPE_CHECKING:
    from symphony_runtime.watching.events import ExecutionEvent

FINAL = ("completed", "failed")
"""Events that nothing follows."""


@click.command("events", cls=Command, example="wf events last")
@click.argument("run", metavar="RUN", shell_complete=complete_run)
@click.option("--follow", is_flag=True, help="Go on with what happens, until the run has ended.")
@store_option
def command(run: str, follow: bool, store: str | None) -> int:
    """Print the events of a run, one JSON object a line, in their order.

    RUN is an id, the beginning of one, or "last". The run may be going on: what is finished is printed.
    """
    from symphony.command.stores import open_store
    from symphony_runtime.watching import events

    opened = open_store(store)
    execution_id = opened.find(run)
    seen = 0
    while True:
        for event in events.read(opened, execution_id, from_seq=seen + 1):
            seen = event.seq
            if not say.result(line(event)) or (follow and event.type in FINAL):
                return Exit.DONE
        if not follow:
            return Exit.DONE
        time.sleep(0.1)


def line(event: ExecutionEvent) -> str:
    return json.dumps(event.to_json(), ensure_ascii=False) + "\n"
