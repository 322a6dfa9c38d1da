"""`wf build`: one artifact a workflow."""

from __future__ import annotations

from pathlib import Path

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words
from symphony.project.artifacts import SUFFIXES
from symphony_dsl.base.collector import paused


@click.command("build", cls=Command, example="wf build support_desk.wf")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(readable=False))
@click.option(
    "--out",
    type=click.Path(file_okay=False, readable=False),
    metavar="DIR",
    help="Where to write them, instead of build/.",
)
@click.option(
    "--format",
    "how",
    type=Words(list(SUFFIXES)),
    metavar="FORMAT",
    default="json",
    help=f"{', '.join(SUFFIXES)}; json without it.",
)
@paused()
def command(paths: tuple[str, ...], out: str | None, how: str) -> int:
    """Compile workflows into artifacts: NAME.wf.json, complete, to be run where no .wf file is.

    They are written into build/ beside wf.toml, or beside the file where there is none. The same text always gives
    the same bytes. PATH is a .wf file or a folder; without one, the folder you are in.

    Other formats hold the same: msgpack is a third of the size of json, lz4 and zstd are msgpack, compressed; programs in
    Rust read bincode. Whatever takes a json takes the others.
    """
    from symphony.project import artifacts, files, loading

    folder = Path(out).absolute() if out else None
    projects = loading.load(files.wf_files(paths or ["."]))
    for project in projects:
        project.demand_errorless()
    written = [w for project in projects for w in artifacts.build(project, folder, how)]
    for one in written:
        say.result(f"{files.shown(one.path)}{'' if one.changed else ' (unchanged)'}\n")
    if not written:
        say.note("there is no workflow to build")
    return Exit.DONE
