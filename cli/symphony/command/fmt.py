"""`wf fmt`: the one layout of a file."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from symphony_dsl.syntax.tree import File

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Formatted:
    """`new` is None where the file cannot be formatted."""

    name: str
    old: bytes
    new: str | None
    problem: str = ""

    @property
    def differs(self) -> bool:
        return self.new is not None and self.new.encode() != self.old


@click.command("fmt", cls=Command, example="wf fmt support_desk.wf")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(readable=False))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change, and exit with 1 if anything would.")
def command(paths: tuple[str, ...], check: bool, diff: bool) -> int:
    """Give files their one layout. Every comment stays; formatting twice changes nothing more.

    PATH is a .wf file or a folder; without one, the folder you are in; "-" formats standard input to standard output.
    A file with syntax errors is left as it is.
    """
    if STDIN in paths:
        return _stdin(paths, check, diff)
    from symphony.project import files

    done = [_format(files.shown(path), path.read_bytes(), path) for path in _readable(paths)]
    for one in done:
        if one.differs and not (check or diff):
            files.write_text(Path(one.name).absolute(), str(one.new))
    _report(done, check, diff)
    return _code(done, check or diff)


def _readable(paths: tuple[str, ...]) -> list[Path]:
    """The files, all of them readable: one that is not changes none of the others."""
    from symphony.project import files

    found = files.wf_files(paths or ["."])
    for path in found:
        files.read_text(path)
    return found


def _stdin(paths: tuple[str, ...], check: bool, diff: bool) -> int:
    if len(paths) > 1:
        raise click.UsageError('"-" stands alone')
    one = _format("<stdin>", sys.stdin.buffer.read(), None)
    if one.new is not None and not (check or diff):
        say.result(one.new)
    _report([one], check, diff)
    return _code([one], check or diff)


def _format(name: str, data: bytes, path: Path | None) -> Formatted:
    from symphony.project import files
    from symphony_dsl.syntax.formatter import CannotFormat, format_file
    from symphony_dsl.syntax.parser import parse_file
    from symphony_dsl.syntax.text import UnicodeProblem, decode

    try:
        file = parse_file(name, decode(data))
    except UnicodeProblem as problem:
        place = f"{name}:{files.position(data, problem.offset)}"
        raise UserError(files.not_utf8(data, problem.offset), place=place) from None
    if file.broken:
        return Formatted(name, data, None, _mistakes(file))
    try:
        return Formatted(name, data, format_file(file))
    except CannotFormat as error:
        return Formatted(name, data, None, f"{name}: {error}\n")


def _mistakes(file: File) -> str:
    from symphony.command.render import render
    from symphony_dsl.base.span import SourceText

    source, paint = SourceText(file.path, file.text), say.painter(sys.stderr)
    found = [*file.diagnostics, *(d for island in file.islands for d in island.diagnostics)]
    return "\n".join(render(d, lambda _: source, paint) for d in found)


def _report(done: list[Formatted], check: bool, diff: bool) -> None:
    from symphony.command.render import plural

    for one in done:
        if one.new is None:
            say.note(f"{one.problem}{one.name} is left as it is")
        elif diff:
            say.result(_diff(one))
        elif check and one.differs:
            say.note(f"{one.name} would change")
    changed = sum(one.differs for one in done)
    if changed and not (check or diff) and done[0].name != "<stdin>":
        say.note(f"{plural(changed, 'file')} formatted")


def _diff(one: Formatted) -> str:
    old = one.old.decode("utf-8-sig", errors="replace").splitlines(keepends=True)
    lines = unified_diff(old, str(one.new).splitlines(keepends=True), one.name, f"{one.name} (formatted)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _code(done: list[Formatted], compare: bool) -> int:
    if any(one.new is None for one in done):
        return Exit.FAILED
    return Exit.FAILED if compare and any(one.differs for one in done) else Exit.DONE
