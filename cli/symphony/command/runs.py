"""`wf runs`: what a store holds; `wf runs rm`: taking runs out of it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words, complete_run, store_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symphony_runtime.storage.store import RunSummary, Store

COLOURS = {"completed": "green", "failed": "red", "paused": "yellow", "waiting_for_input": "yellow", "running": "cyan"}


REMOVE = "rm"


@click.command("runs", cls=Command, example="wf runs\nwf runs rm last --yes")
@click.argument("words", metavar="[rm RUN...]", nargs=-1, shell_complete=complete_run)
@click.option("--format", "style", type=Words(["text", "json"]), default="text", help="How to print them.")
@click.option("--yes", is_flag=True, help="With rm: do not ask.")
@store_option
def command(words: tuple[str, ...], style: str, yes: bool, store: str | None) -> int:
    """List runs, newest first: those of the project you are in, or of another store.

    Any beginning of an id that fits one run only, or "last", names a run in other commands.

    "wf runs rm RUN..." removes runs with all that is kept of them, however they stand; not one that a process works on.
    """
    from symphony.command.stores import open_store

    opened = open_store(store)
    if words:
        return _remove(opened, _meant(words), yes)
    found = opened.runs()
    say.result(_json(found) if style == "json" else _text(found))
    return Exit.DONE


def _meant(words: tuple[str, ...]) -> list[str]:
    first, *runs = words
    if first != REMOVE:
        raise click.UsageError(f"{first!r} is none of {REMOVE}", click.get_current_context())
    if not runs:
        raise click.UsageError("name the runs to remove", click.get_current_context())
    return runs


def _remove(store: Store, runs: Sequence[str], yes: bool) -> int:
    from symphony.command import clean

    ids = dict.fromkeys(store.find(run) for run in runs)
    doomed = [summary for summary in store.runs() if summary.execution_id in ids]
    if not (yes or clean.agreed(doomed)):
        say.note("nothing was removed")
        return Exit.DONE
    return clean.remove(store, doomed)


def _json(found: Sequence[RunSummary]) -> str:
    return json.dumps([asdict(summary) for summary in found], ensure_ascii=False, indent=2) + "\n"


def _text(found: Sequence[RunSummary]) -> str:
    if not found:
        return "no runs yet\n"
    paint = say.painter(sys.stdout)
    rows = [(s.execution_id, s.workflow, s.state, local(s.started_at), took(s)) for s in found]
    head = ("run", "workflow", "state", "started", "took")
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]

    def line(cells: Sequence[str], state: str = "") -> str:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        padded[2] = paint(padded[2], COLOURS[state]) if state in COLOURS else padded[2]
        return "  ".join(padded).rstrip() + "\n"

    return paint(line(head).rstrip(), "dim") + "\n" + "".join(line(row, row[2]) for row in rows)


def local(time: str | None) -> str:
    """A moment on the clock of whoever looks."""
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M:%S}" if time else "-"


def took(summary: RunSummary) -> str:
    if not summary.started_at or not summary.completed_at:
        return "-"
    passed = datetime.fromisoformat(summary.completed_at) - datetime.fromisoformat(summary.started_at)
    return elapsed(passed.total_seconds())


def elapsed(seconds: float) -> str:
    """`0.3 s`, `2 min 05 s`, `1 h 07 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
