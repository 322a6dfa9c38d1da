"""`wf migrate`: artifacts of another version of the schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, near
from symphony_schemas import KINDS, newest

if TYPE_CHECKING:
    from symphony.project.migrating import Migrated


@click.command("migrate", cls=Command, example="wf migrate build/*.wf.json")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(readable=False))
@click.option("--to", "target", metavar="VERSION", help="The version of the schema, instead of the newest.")
@click.option("--dry-run", is_flag=True, help="Write nothing; print what would be done.")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file is of another version.")
def command(paths: tuple[str, ...], target: str | None, dry_run: bool, check: bool) -> int:
    """Make artifacts ones of another version of the schema, older ones too.

    Artifacts of earlier versions run as they are; this is for other programs that read them. An artifact that cannot be
    migrated is told of with the place and the reason, and then no file is changed.
    """
    from symphony.project import files, migrating
    from symphony_dsl.base.errors import UserError

    version = _version(target)
    done: list[Migrated] = []
    failed: list[UserError] = []
    for path in files.distinct(paths):
        try:
            done.append(migrating.migrated(path, version))
        except UserError as error:
            failed.append(error)
    for problem in failed:
        say.user_error(problem)
    if failed:
        _left(len(done))
        return Exit.WRONG
    if not (dry_run or check):
        migrating.write(done)
    say.result("".join(f"{_line(one)}\n" for one in done))
    return Exit.FAILED if check and any(one.changed for one in done) else Exit.DONE


def _version(target: str | None) -> str:
    known = KINDS["workflow"]
    if target is not None and target not in known:
        raise click.UsageError(f"there is no schema version {target!r}, but {', '.join(known)}{near(target, known)}")
    return target or newest("workflow")


def _left(count: int) -> None:
    from symphony.command.render import plural

    if count:
        say.note(
            f"the other {plural(count, 'file')} {'is' if count == 1 else 'are'} left as {'it is' if count == 1 else 'they are'}"
        )


def _line(one: Migrated) -> str:
    from symphony.project import files

    way = " → ".join(one.versions) if one.changed else f"{one.versions[0]} (unchanged)"
    return f"{files.shown(Path(one.path))}: {way}"
