"""`wf init`: a project to start from."""

from __future__ import annotations

import re
import shlex
from importlib.resources import files as resources
from pathlib import Path

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command
from symphony_dsl.base.errors import UserError

STARTER = ("hello.wf", "data/names.json")


@click.command("init", cls=Command, example="wf init hello")
@click.argument("folder", default=".", metavar="[DIR]", type=click.Path(readable=False))
def command(folder: str) -> int:
    """Start a project in DIR (or here): wf.toml, a first workflow, and the data that it reads.

    Nothing that is there already is overwritten.
    """
    from symphony.project import files, manifest

    root = Path(folder).absolute()
    texts = {manifest.NAME: _manifest(root), **{name: _starter(name) for name in STARTER}}
    _demand_free(root, list(texts))
    for name, text in texts.items():
        files.write_text(root / name, text)
        say.note(f"wrote {files.shown(root / name)}")
    say.note(f"\nrun it with:\n  wf run {shlex.quote(files.shown(root / 'hello.wf'))}")
    return Exit.DONE


def _demand_free(root: Path, names: list[str]) -> None:
    from symphony.project.files import shown

    if root.exists() and not root.is_dir():
        raise UserError("this is a file, a folder is expected", place=shown(root))
    there = [name for name in names if (root / name).exists() or (root / name).is_symlink()]
    if there:
        raise UserError(
            f"{' and '.join(there)} {'is' if len(there) == 1 else 'are'} there already; nothing was written",
            place=shown(root),
            hint="name another folder: wf init DIR",
        )


def _starter(name: str) -> str:
    return resources("symphony.project").joinpath("starter", name).read_text(encoding="utf-8")


def _manifest(root: Path) -> str:
    return f'name = "{_package_name(root.resolve().name)}"\nversion = "0.1.0"\nedition = "1.0"\n'


def _package_name(folder: str) -> str:
    """The folder's name in the letters that a package may have."""
    return re.sub(r"[^a-z0-9_-]+", "-", folder.lower()).strip("-_") or "hello"
