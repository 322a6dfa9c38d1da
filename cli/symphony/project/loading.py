"""A project: one home, the compiler's workspace, and the files that it was fed with.

The workspace touches no disk. It says which imported files and which Python modules it lacks; they are found and fed
until it lacks nothing. A file that cannot be read becomes a diagnostic, so that the others are still checked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from symphony.project import files, modules
from symphony.project.errors import Checked, CheckError
from symphony.project.home import Home, home_of
from symphony_compiler.workspace import Workspace
from symphony_dsl.base.codes import CODES
from symphony_dsl.base.diagnostic import Diagnostic, Location, Severity
from symphony_dsl.base.span import SourceText, Span
from symphony_dsl.syntax.text import UnicodeProblem, decode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from symphony_model.artifact import Artifact


@dataclass(slots=True)
class Project:
    """`asked` are the files that somebody named, by their name relative to the home; `texts` holds all that were read."""

    home: Home
    workspace: Workspace
    asked: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, SourceText] = field(default_factory=dict)
    unreadable: dict[str, Diagnostic] = field(default_factory=dict)
    modules: dict[str, None] = field(default_factory=dict)

    @classmethod
    def at(cls, home: Home) -> Project:
        return cls(home, Workspace(home.package))

    def ask(self, path: Path) -> str:
        """Read a file that somebody named, and return its name."""
        name = self.home.name_of(path)
        self.asked[name] = path
        self._feed(name)
        return name

    def settle(self) -> None:
        """Feed what the workspace lacks until it lacks nothing."""
        while missing := self.workspace.missing():
            for name in missing:
                self._feed(name)
        while named := self.workspace.missing_modules():
            for module in named:
                self._feed_module(module)

    def refresh(self, names: Iterable[str]) -> None:
        """Read files again that were fed before; one that is gone is missing from now on."""
        for name in names:
            self._feed(name)
        self.settle()

    def forget(self, name: str) -> None:
        """A file is gone; whoever imports it will miss it."""
        for kept in (self.asked, self.texts, self.unreadable):
            kept.pop(name, None)
        self.workspace.remove(name)

    def refresh_modules(self) -> None:
        modules.forget()
        for module in self.modules:
            self._feed_module(module)

    def checked(self, names: Iterable[str] | None = None) -> Checked:
        """The diagnostics of the files that were asked for and of all that they import, or of `names` only."""
        wanted = list(names) if names is not None else [*self.asked, *(n for n in self.texts if n not in self.asked)]
        found = [d for name in wanted for d in self._diagnostics(name)]
        return Checked(tuple(found), self.source)

    @property
    def lacks_a_file(self) -> bool:
        """Whether a file that somebody named could not be read."""
        return not self.unreadable.keys().isdisjoint(self.asked)

    def source(self, name: str) -> SourceText:
        """The text of a file under the path that a person reads; empty for one that was never read."""
        found = self.texts.get(name)
        return found if found is not None else SourceText(name, "")

    def workflows(self, name: str) -> tuple[str, ...]:
        return self.workspace.workflows(name)

    def artifact(self, name: str, workflow: str) -> Artifact:
        """Raises CheckError where the text has errors."""
        self.demand_errorless()
        artifact = self.workspace.artifact(name, workflow)
        if artifact is None:
            raise CheckError(self.checked())
        return artifact

    def demand_errorless(self) -> None:
        checked = self.checked()
        if any(d.severity is Severity.ERROR for d in checked.diagnostics):
            raise CheckError(checked)

    def _diagnostics(self, name: str) -> tuple[Diagnostic, ...]:
        unreadable = self.unreadable.get(name)
        if unreadable is not None:
            return (unreadable,) if name in self.asked else ()
        return self.workspace.diagnostics(name)

    def _feed(self, name: str) -> None:
        path = self.home.path_of(name)
        self.unreadable.pop(name, None)
        try:
            data = path.read_bytes()
        except OSError as error:
            self._refuse(name, files.reason(error), "WF0001", SourceText(files.shown(path), ""), 0)
            return
        try:
            text = decode(data)
        except UnicodeProblem as problem:
            self._refuse_bytes(name, path, data, problem.offset)
            return
        self.texts[name] = SourceText(files.shown(path), text)
        self.workspace.update(name, text)

    def _refuse_bytes(self, name: str, path: Path, data: bytes, offset: int) -> None:
        readable = data[:offset].decode("utf-8", errors="replace").replace("\r\n", "\n")
        source = SourceText(files.shown(path), readable)
        self._refuse(name, files.not_utf8(data, offset), "WF0002", source, len(readable))

    def _refuse(self, name: str, reason: str, code: str, source: SourceText, offset: int) -> None:
        self.texts[name] = source
        where = Location(name, Span(offset, offset))
        self.unreadable[name] = Diagnostic(CODES[code], Severity.ERROR, reason, where)
        self.workspace.refuse(name, reason)

    def _feed_module(self, module: str) -> None:
        self.modules[module] = None
        try:
            self.workspace.update_module(module, modules.source_of(module, self.home.root))
        except modules.NoModuleError as error:
            self.workspace.refuse_module(module, str(error))


def load(paths: Iterable[Path]) -> list[Project]:
    """Every file in the project of its home, all of them settled."""
    projects: dict[Path, Project] = {}
    for path in paths:
        home = home_of(path)
        if home.root not in projects:
            projects[home.root] = Project.at(home)
        projects[home.root].ask(path)
    for project in projects.values():
        project.settle()
    return list(projects.values())
