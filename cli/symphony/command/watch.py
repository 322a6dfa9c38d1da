"""`wf watch`: what `wf check` says, after every save."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from symphony.command import say
from symphony.command.exits import Exit
from symphony.command.options import Command
from symphony_dsl.base.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from symphony.project.loading import Project


@click.command("watch", cls=Command, example="wf watch")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(readable=False))
def command(paths: tuple[str, ...]) -> int:
    """Check files whenever one of them, or a Python module beside them, is saved. Ctrl-C ends it.

    Only what a save touches is compiled again. PATH is a .wf file or a folder; without one, the folder you are in.
    """
    from watchfiles import PythonFilter, watch

    watching = Watching([Path(path).absolute() for path in paths or ["."]])
    watching.start()
    folders = watching.folders()
    recursive = any(path.is_dir() for path in watching.paths)
    kinds = PythonFilter(extra_extensions=[".wf", ".toml"])
    saved_early = True
    for changes in watch(
        *folders, watch_filter=kinds, recursive=recursive, debounce=50, step=5, rust_timeout=500, yield_on_timeout=True
    ):
        missed = watching.missed() if saved_early else set()  # saved after we read it, before the watcher was up
        saved_early = False
        watching.saved({Path(path) for _, path in changes} | missed)
    return Exit.INTERRUPTED


@dataclass(slots=True)
class Watching:
    """The projects of some paths, kept up to date."""

    paths: list[Path]
    projects: list[Project] = field(default_factory=list)

    def start(self) -> None:
        from symphony.project import files, loading

        begun = time.perf_counter()
        self.projects = loading.load(files.wf_files(map(str, self.paths)))
        self._report(self.projects, sum(len(p.texts) for p in self.projects), begun)

    def saved(self, changed: set[Path]) -> None:
        """Compile again what changed; a broken `wf.toml` is reported, and the last good state stays."""
        try:
            self._update(changed)
        except UserError as problem:
            say.user_error(problem)

    def missed(self) -> set[Path]:
        """Files that are not any more what was read of them."""
        known = [(project.home.path_of(n), text) for project in self.projects for n, text in project.texts.items()]
        return {path for path, source in known if _text(path) != source.text}

    def folders(self) -> set[Path]:
        """All that has to be looked at: what was asked for, the homes, and where imported files lie."""
        found = {path if path.is_dir() else path.parent for path in self.paths}
        for project in self.projects:
            found |= {project.home.root, *(project.home.path_of(name).parent for name in project.texts)}
        return {folder for folder in found if folder.is_dir()}

    def _update(self, changed: set[Path]) -> None:
        if any(path.name == "wf.toml" for path in changed) or any(self._is_new(path) for path in changed):
            self.start()
            return
        begun, touched, count = time.perf_counter(), [], 0
        for project in self.projects:
            files = [n for n in project.texts if project.home.path_of(n) in changed]
            modules = any(path.suffix == ".py" and path.is_relative_to(project.home.root) for path in changed)
            if modules:
                project.refresh_modules()
            if files or modules:
                self._refresh(project, files)
                touched.append(project)
                count += len(files)
        if touched:
            self._report(touched, count, begun)

    def _refresh(self, project: Project, names: Iterable[str]) -> None:
        """A file that is gone is forgotten, unless it was named itself."""
        for name in names:
            path = project.home.path_of(name)
            if not path.exists() and path not in self.paths:
                project.forget(name)
        project.refresh(name for name in names if name in project.texts)

    def _is_new(self, path: Path) -> bool:
        """Whether a `.wf` file was made in a folder that is watched."""
        if (
            path.suffix != ".wf"
            or not path.exists()
            or any(path == p.home.path_of(n) for p in self.projects for n in p.texts)
        ):
            return False
        return any(folder.is_dir() and path.is_relative_to(folder) for folder in self.paths)

    def _report(self, projects: Iterable[Project], count: int, begun: float) -> None:
        from symphony.command.render import plural, render, summary

        paint = say.painter(sys.stdout)
        found = [(d, project.source) for project in projects for d in project.checked().diagnostics]
        spent = (time.perf_counter() - begun) * 1000
        for diagnostic, source in found:
            say.result(render(diagnostic, source, paint) + "\n")
        state = summary(d for d, _ in found) or paint("no problems", "green")
        of = sum(len(p.texts) for p in self.projects)
        say.result(f"{time.strftime('%H:%M:%S')} {state}; {count} of {plural(of, 'file')} read in {spent:.0f} ms\n")


def _text(path: Path) -> str | None:
    """What a file holds, or None where it cannot be read: then it is looked at again like any other change."""
    from symphony.project import files

    try:
        return files.read_text(path)
    except UserError:
        return None
