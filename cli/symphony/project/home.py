"""The home of a file: the folder that its imports, modules, data and runs are looked up in.

It is the folder of the nearest `wf.toml` at or above the file, else the file's own folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from symphony.project import manifest

LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Home:
    """`root` is absolute."""

    root: Path
    package: str = LOCAL
    version: str = "0.0.0"
    has_manifest: bool = False
    executors: Mapping[str, int | str] = field(default_factory=dict)

    def name_of(self, file: Path) -> str:
        """A file's path as the compiler knows it: relative to the home, with forward slashes."""
        return Path(os.path.relpath(file, self.root)).as_posix()

    def path_of(self, name: str) -> Path:
        return Path(os.path.normpath(self.root / name))

    @property
    def store(self) -> Path:
        return self.root / ".symphony"


def home_of(file: Path) -> Home:
    """The home of a file, also of one that does not exist. Raises UserError for a broken `wf.toml`."""
    return home_at(Path(os.path.abspath(file)).parent)


def home_at(folder: Path) -> Home:
    """The home that a folder lies in."""
    folder = Path(os.path.abspath(folder))
    for candidate in (folder, *folder.parents):
        if (candidate / manifest.NAME).is_file():
            found = manifest.read(candidate / manifest.NAME)
            return Home(candidate, found.name, found.version, has_manifest=True, executors=found.executors)
    return Home(folder)
