"""`wf timeline`: a run as a chart in one page that needs no network."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, complete_run, store_option

if TYPE_CHECKING:
    from symphony_dsl.base.values import Json


@click.command("timeline", cls=Command, example="wf timeline last --html run.html")
@click.argument("run", metavar="RUN", shell_complete=complete_run)
@click.option(
    "--html",
    "out",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Where the page is written; - is standard output.",
)
@store_option
def command(run: str, out: str, store: str | None) -> int:
    """Write a page that draws a run: each step and attempt as a bar, with its inputs, outputs and place in the text, and the path of steps that decided how long
    it took. The page is one file, and opens anywhere.
    """
    from symphony.command.stores import open_store
    from symphony_runtime.watching.bars import page_of
    from symphony_runtime.watching.spans import spans_of

    opened = open_store(store)
    text = page(page_of(spans_of(opened, opened.find(run))))
    if out == "-":
        say.result(text)
        return Exit.DONE
    _write(Path(out), text)
    say.note(f"{out} written")
    return Exit.DONE


def page(data: dict[str, Json]) -> str:
    """The data stands in the page as a script that is none: what ends a script is written otherwise."""
    template = files("symphony.command").joinpath("timeline.html").read_text(encoding="utf-8")
    return template.replace("$DATA", json.dumps(data).replace("<", "\\u003c"))


def _write(path: Path, text: str) -> None:
    """Beside, then renamed."""
    from symphony_dsl.base.errors import UserError

    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as problem:
        raise UserError(f"the page cannot be written: {problem.strerror}", place=str(path)) from problem
