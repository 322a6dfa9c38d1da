"""`wf why`: what a run's log says of one step."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words, complete_run, store_option

if TYPE_CHECKING:
    from symphony_runtime.watching.why import Why


@click.command("why", cls=Command, example="wf why last prices[3]")
@click.argument("run", metavar="RUN", shell_complete=complete_run)
@click.argument("node", metavar="NODE")
@click.option("--format", "style", type=Words(["text", "json"]), default="text", help="How to print it.")
@store_option
def command(run: str, node: str, style: str, store: str | None) -> int:
    """Say why a step ran, waits, was skipped, or was taken from the cache or an earlier run.

    NODE is the address of a step, or the beginning of one. Where a step ran although the cache has a result of it, what
    differs is named.
    """
    from symphony.command.stores import open_store
    from symphony_runtime.watching.why import why

    opened = open_store(store)
    found = why(opened, opened.find(run), node)
    say.result(_json(found) if style == "json" else "\n".join(map(_text, found)))
    return Exit.DONE


def _json(found: list[Why]) -> str:
    return json.dumps([_object(each) for each in found], ensure_ascii=False, indent=2) + "\n"


def _object(of: Why) -> dict[str, object]:
    source = {"file": of.source[0], "line": of.source[1]} if of.source else None
    return {"node": of.node, "source": source, "state": of.state, "told": list(of.told)}


def _text(of: Why) -> str:
    place = f"  {of.source[0]}:{of.source[1]}" if of.source else ""
    lines = [f"{of.node}: {of.state}{place}", *(f"  {sentence}" for sentence in of.told)]
    return "".join(f"{say.visible(line)}\n" for line in lines)
