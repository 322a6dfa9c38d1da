"""Files that see each other: a file, what it imports and what imports it, in a workspace of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symphony_compiler.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from symphony_dsl.base.diagnostic import Diagnostic


@dataclass(frozen=True)
class Unit:
    """`texts` by path; `usual` is what is said of the files as they are: warnings, and nothing worse."""

    path: str
    texts: Mapping[str, str]
    workspace: Workspace
    usual: Counter[tuple[str, str, str]]

    @property
    def text(self) -> str:
        return self.texts[self.path]

    def said_of(self, text: str) -> list[Diagnostic]:
        """What is said of all files when this one has another text, without what is said of them as they are."""
        self.workspace.update(self.path, text)
        found = _said(self.workspace, self.texts)
        self.workspace.update(self.path, self.text)
        usual = Counter(self.usual)
        new = []
        for each in found:
            usual[_key(each)] -= 1
            new += [each] if usual[_key(each)] < 0 else []
        return new


def units(folder: Path) -> list[Unit]:
    """A unit for each file below a folder that has no error."""
    texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.wf"))}
    return units_of(texts)


def units_of(texts: Mapping[str, str]) -> list[Unit]:
    seen = {path: _closure(path, texts) for path in texts}
    made = []
    for path in texts:
        names = dict.fromkeys([path, *(each for found in seen.values() if path in found for each in found)])
        unit = _unit(path, {name: texts[name] for name in names})
        made += [unit] if unit is not None else []
    return made


def _closure(path: str, texts: Mapping[str, str]) -> list[str]:
    """A file and all that it needs."""
    return [each for each in texts if each in _fed({path: texts[path]}, texts)]


def _fed(start: Mapping[str, str], texts: Mapping[str, str]) -> set[str]:
    workspace = Workspace("faults")
    given = set(start)
    for name, text in start.items():
        workspace.update(name, text)
    while missing := workspace.missing():
        for name in missing:
            if name in texts:
                workspace.update(name, texts[name])
                given.add(name)
            else:
                workspace.refuse(name, "there is no such file")
    return given


def _unit(path: str, texts: Mapping[str, str]) -> Unit | None:
    workspace = Workspace("faults")
    for name, text in texts.items():
        workspace.update(name, text)
    for name in workspace.missing_modules():
        workspace.update_module(name, None)
    said = _said(workspace, texts)
    if workspace.missing() or any(each.severity == "error" for each in said):
        return None
    return Unit(path, texts, workspace, Counter(_key(each) for each in said))


def _said(workspace: Workspace, paths: Iterable[str]) -> list[Diagnostic]:
    while names := workspace.missing_modules():
        for name in names:
            workspace.update_module(name, None)
    return [each for path in paths for each in workspace.diagnostics(path)]


def _key(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.location.path, str(diagnostic.code), diagnostic.message
