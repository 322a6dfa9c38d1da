"""`wf audit`: who did what and when, in one run or in all of a store."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words, complete_run, store_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from symphony_runtime.audit.entry import AuditEntry, AuditQuery
    from symphony_runtime.audit.log import Verdict
    from symphony_runtime.audit.sqlite import SqliteAuditStorage
    from symphony_runtime.storage.store import Store

DETAILS = 60
"""Characters of an entry's details that a line of text shows."""

FOR_MACHINES = frozenset({"id", "fingerprint"})
"""Details that say nothing to whoever reads a line."""

PAGE = 10_000

VERIFY = "verify"


class Moment(click.ParamType[datetime]):
    """`2026-11-25`, `2026-11-25T08:00`, with a zone or on this machine's clock; or how long ago: `90m`, `36h`, `7d`."""

    name = "time"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        unit = UNITS.get(value[-1:])
        if unit and value[:-1].isdecimal():
            return datetime.now(UTC) - int(value[:-1]) * unit
        try:
            return datetime.fromisoformat(value).astimezone()
        except ValueError:
            self.fail(f"{value!r} is no time: write 2026-11-25, 2026-11-25T08:00, or how long ago, as 36h", param, ctx)


UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@click.command("audit", cls=Command, example="wf audit last --actor user\nwf audit verify")
@click.argument("words", metavar="[verify] [RUN]", nargs=-1, shell_complete=complete_run)
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Entries of this type only, as command.rejected.")
@click.option("--node", metavar="NODE", help="Entries of a step and all below it.")
@click.option("--actor", metavar="NAME", help="What this actor did: user, engine …")
@click.option("--since", type=Moment(), metavar="TIME", help="From then on: a time, or how long ago, as 36h.")
@click.option("--until", type=Moment(), metavar="TIME", help="Before then.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N entries; 100 as text, else all.")
@click.option("--offset", type=click.IntRange(min=0), default=0, metavar="N", help="Leave out the first N.")
@click.option("--format", "style", type=Words(["text", "json", "csv"]), default="text", help="How to print them.")
@click.option("--head", metavar="HASH", help="With verify: a hash that was printed before, and has to be there still.")
@store_option
def command(
    words: tuple[str, ...],
    style: str,
    head: str | None,
    store: str | None,
    **asked: Any,  # noqa: ANN401 - the options that say which entries, by name
) -> int:
    """Print who did what and when, in one run or in all, oldest first: everything that the logs of runs hold.

    "wf audit verify" checks that no entry was changed, taken out or put elsewhere, and prints the last hash of each run.
    """
    from symphony.command.stores import open_store
    from symphony_runtime.audit.of_store import audit_of, catch_up

    verifies, run = _meant(words)
    opened = open_store(store)
    execution_id = opened.find(run) if run else None
    if not opened.root.is_dir():
        say.note("no runs yet")
        return Exit.DONE
    audit = audit_of(opened)
    try:
        catch_up(opened, audit)
        if verifies:
            return _verified(opened, audit, execution_id, head)
        query = _query(execution_id, style, asked)
        _print(audit, query, style)
    finally:
        audit.close()
    return Exit.DONE


def _query(execution_id: str | None, style: str, asked: dict[str, Any]) -> AuditQuery:
    from symphony_runtime.audit.entry import ALL, AuditQuery

    return AuditQuery(
        execution_id,
        asked["types"] or None,
        asked["since"],
        asked["until"],
        asked["node"],
        asked["actor"],
        asked["limit"] or (100 if style == "text" else ALL.limit),
        asked["offset"],
    )


def _meant(words: tuple[str, ...]) -> tuple[bool, str | None]:
    verifies = words[:1] == (VERIFY,)
    rest = words[1:] if verifies else words
    if len(rest) > 1:
        raise click.UsageError("one run at most is looked at: give one, or none for all", click.get_current_context())
    return verifies, rest[0] if rest else None


def _print(audit: SqliteAuditStorage, query: AuditQuery, style: str) -> None:
    from symphony_runtime.audit.export import ExportFormat, exported

    if style != "text":
        for piece in exported(_pages(audit, query), ExportFormat(style)):
            if not say.result(piece):
                return
        return
    found = audit.query(query)
    say.result(_text(found))
    if len(found) == query.limit:
        say.note(f"these are {query.limit} entries; --limit and --offset show others")


def _pages(audit: SqliteAuditStorage, query: AuditQuery) -> Iterator[AuditEntry]:
    """What is asked for, a page at a time: an export may be larger than memory."""
    left, offset = query.limit, query.offset
    while found := audit.query(replace(query, limit=min(left, PAGE), offset=offset)):
        yield from found
        left, offset = left - len(found), offset + len(found)


def _text(found: Sequence[AuditEntry]) -> str:
    if not found:
        return "no entries\n"
    head = ("time", "run", "actor", "type", "step", "details")
    rows = [_cells(entry) for entry in found]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    paint = say.painter(sys.stdout)
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (head, *rows)
    ]
    return "\n".join([paint(lines[0], "dim"), *lines[1:]]) + "\n"


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    moment = f"{entry.timestamp.astimezone():%Y-%m-%d %H:%M:%S}"
    told = entry.details
    if isinstance(told, dict):
        told = {name: value for name, value in told.items() if name not in FOR_MACHINES}
    details = json.dumps(told, ensure_ascii=False) if told else ""
    shown = details if len(details) <= DETAILS else details[: DETAILS - 1] + "…"
    return (
        moment,
        entry.execution_id,
        entry.actor or "",
        entry.event_type,
        say.visible(entry.node or ""),
        say.visible(shown),
    )


def _verified(store: Store, audit: SqliteAuditStorage, execution_id: str | None, head: str | None) -> int:
    from symphony_runtime.audit.of_store import verify

    if head and execution_id is None:
        raise click.UsageError("--head is of one run: name it", click.get_current_context())
    names = [execution_id] if execution_id else audit.executions()
    verdicts = [verify(store, audit, name, known=head) for name in names]
    say.result("".join(_sound(each) for each in verdicts if not each.wrong))
    for each in verdicts:
        if each.wrong:
            say.error(each.wrong, place=f"run {each.execution_id}")
    return Exit.FAILED if any(each.wrong for each in verdicts) else Exit.DONE


def _sound(verdict: Verdict) -> str:
    count = "1 entry" if verdict.entries == 1 else f"{verdict.entries:,} entries"
    return f"{verdict.execution_id}  {count}  {verdict.head}\n"
