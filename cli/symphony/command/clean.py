"""`wf clean`: room on the disk."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, store_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symphony_runtime.storage.store import RunSummary, Store

FINAL = frozenset({"completed", "failed", "cancelled"})


@click.command("clean", cls=Command, example="wf clean --keep 10 --yes")
@click.option("--keep", type=click.IntRange(min=0), default=0, metavar="N", help="Leave the N newest finished runs.")
@click.option("--unfinished", is_flag=True, help="Take runs that could still be resumed, too.")
@click.option("--cache", is_flag=True, help="Empty the cache, too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@store_option
def command(keep: int, unfinished: bool, cache: bool, yes: bool, store: str | None) -> int:
    """Remove finished runs with all that is kept of them: logs, inputs, outputs.

    Runs that wait, are paused or were interrupted stay, since they can be resumed; a run that a process is working on
    always stays.
    """
    from symphony.command.render import plural
    from symphony.command.stores import open_store
    from symphony_runtime.storage import removal

    opened = open_store(store)
    doomed = _doomed(opened.runs(), keep, unfinished)
    if not (doomed or cache):
        say.note("nothing to remove")
        return Exit.DONE
    if doomed and not (yes or agreed(doomed)):
        say.note("nothing was removed")
        return Exit.DONE
    if cache:
        say.note(f"{plural(removal.empty_cache(opened), 'result')} removed from the cache")
    return remove(opened, doomed)


def remove(store: Store, doomed: Sequence[RunSummary]) -> int:
    """Runs, and what nobody needs any more without them."""
    from symphony.command.render import plural
    from symphony_runtime.storage import removal

    removed = [summary.execution_id for summary in doomed if removal.remove(store, summary.execution_id)]
    forget(store, removed)
    removal.sweep(store, time.time())
    say.note(f"{plural(len(removed), 'run')} removed")
    if len(removed) < len(doomed):
        say.note(f"{plural(len(doomed) - len(removed), 'run')} left: a process works on it")
    return Exit.DONE


def forget(store: Store, removed: Sequence[str]) -> None:
    """The audit keeps of removed runs that they were removed, where it has read of them at all."""
    from symphony_runtime.audit import of_store

    if not of_store.has_audit(store):
        return
    audit = of_store.audit_of(store)
    for execution_id in removed:
        of_store.forget(audit, execution_id, "user", time.time_ns())
    audit.close()


def _doomed(runs: Sequence[RunSummary], keep: int, unfinished: bool) -> list[RunSummary]:
    finished = [run for run in runs if run.state in FINAL]
    return [*finished[keep:], *(run for run in runs if unfinished and run.state not in FINAL)]


def agreed(doomed: Sequence[RunSummary]) -> bool:
    from symphony.command.render import plural

    if not sys.stdin.isatty():
        raise click.UsageError("nobody is there to be asked: give --yes", click.get_current_context())
    open_ended = sum(run.state not in FINAL for run in doomed)
    what = plural(len(doomed), "run") + (f", {open_ended} of them unfinished" if open_ended else "")
    return click.confirm(f"remove {what}?", err=True)
