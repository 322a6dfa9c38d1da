"""`wf schema`: the JSON Schema of what `wf` writes."""

from __future__ import annotations

import json

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words, near
from symphony_schemas import KINDS, load, newest


@click.command("schema", cls=Command, example="wf schema event > event.schema.json")
@click.argument("kind", required=False, default="workflow", metavar="[KIND]", type=Words([*KINDS]))
@click.option(
    "--version", metavar="VERSION", help="An earlier one, as in 1.0.0; without it the one that is written now."
)
def command(kind: str, version: str | None) -> int:
    """Print a JSON Schema (2020-12).

    KIND is "workflow", an artifact of "wf build", which is what you get without it, or "event", a line of "wf events".
    """
    chosen = version or newest(kind)
    if chosen not in KINDS[kind]:
        known = ", ".join(KINDS[kind])
        raise click.UsageError(
            f"the schema of {kind}s has no version {chosen!r}, but {known}{near(chosen, KINDS[kind])}"
        )
    say.result(json.dumps(load(kind, chosen), indent=2, ensure_ascii=False) + "\n")
    return Exit.DONE
