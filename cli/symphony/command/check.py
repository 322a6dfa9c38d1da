"""`wf check`: every mistake of the files and of what they import."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command, Words
from symphony_dsl.base.collector import paused

if TYPE_CHECKING:
    from collections.abc import Callable

    from symphony.project.loading import Project
    from symphony_dsl.base.diagnostic import Diagnostic
    from symphony_dsl.base.span import SourceText

    Found = list[tuple[Diagnostic, Callable[[str], SourceText]]]


@click.command("check", cls=Command, example="wf check support_desk.wf")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(readable=False))
@click.option("--format", "style", type=Words(["text", "json", "github"]), default="text", help="How to print them.")
@paused()
def command(paths: tuple[str, ...], style: str) -> int:
    """Find every mistake in files and in all that they import. Nothing is run.

    PATH is a .wf file, or a folder that is searched for them; without one, the folder you are in.

    The exit code is 1 where an error was found; warnings do not count.
    """
    from symphony.project import files, loading
    from symphony_dsl.base.diagnostic import Severity

    projects = loading.load(files.wf_files(paths or ["."]))
    found = [(d, checked.source) for checked in (p.checked() for p in projects) for d in checked.diagnostics]
    say.result(_FORMATS[style](found, projects))
    if any(project.lacks_a_file for project in projects):
        return Exit.WRONG
    return Exit.FAILED if any(d.severity is Severity.ERROR for d, _ in found) else Exit.DONE


def _text(found: Found, projects: list[Project]) -> str:
    from symphony.command.render import plural, render, summary

    paint = say.painter(sys.stdout)
    count = plural(sum(len(p.texts) for p in projects), "file")
    last = f"{summary(d for d, _ in found) or paint('no problems', 'green')} in {count}\n"
    return "".join(f"{render(d, source, paint)}\n" for d, source in found) + last


def _json(found: Found, _: list[Project]) -> str:
    from symphony.command.formats import as_json

    return as_json(found)


def _github(found: Found, _: list[Project]) -> str:
    from symphony.command.formats import as_github

    return as_github(found)


_FORMATS = {"text": _text, "json": _json, "github": _github}
