"""What stands outside of a run and decides on results: contents of files, sources of Python modules, secrets."""

from __future__ import annotations

import hmac
import os
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from symphony_dsl.base.values import in_the_open, references
from symphony_runtime.executing.confidential import SecretUnavailableError, resolve_all
from symphony_runtime.sharing.fingerprint import UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from symphony_dsl.base.values import Secret

PIECE = 1 << 20


@dataclass(slots=True)
class World:
    """The outside as this process sees it. `key` makes the hash of a secret one that nobody can guess who has not the store.

    A content is read again only where size, time or place of its file say that it changed.
    """

    home: Path
    environ: Mapping[str, str]
    key: Callable[[], bytes]
    installed: dict[str, str] = field(default_factory=dict)  # hashes of modules that are not beside the workflow
    beside: dict[str, Path | None] = field(
        default_factory=dict
    )  # sources of modules beside the workflow, where they are
    read: dict[Path, tuple[tuple[int, ...], str]] = field(default_factory=dict)

    def file(self, path: str) -> str:
        whole = Path(os.path.normpath(self.home / path))
        try:
            return _folder(whole, self._content) if whole.is_dir() else self._content(whole)
        except OSError as problem:
            raise UnknownError(str(problem)) from problem

    def module(self, target: str) -> str:
        """The source of the module that a function stands in: beside the workflow, else in the environment."""
        name = target.partition(":")[0]
        if name not in self.beside:
            self.beside[name] = _source_in(str(self.home), name)
        beside = self.beside[name]
        if beside is not None:
            return self._beside(name, beside)
        if name not in self.installed:
            self.installed[name] = self._installed(name)
        return self.installed[name]

    def _beside(self, name: str, source: Path) -> str:
        try:
            return self._content(source)
        except OSError as problem:
            del self.beside[name]
            raise UnknownError(str(problem)) from problem

    def _installed(self, name: str) -> str:
        """The environment is what it was when this process began."""
        source = next((found for folder in sys.path if (found := _source_in(folder, name))), None)
        return self.file(str(source)) if source else sha256(f"{name} {sys.version}".encode()).hexdigest()[:32]

    def secret(self, secret: Secret) -> str:
        try:
            texts = resolve_all([secret], self.home, self.environ)
        except SecretUnavailableError as problem:
            raise UnknownError(str(problem)) from problem
        known = [ref.source for ref in sorted(references(secret), key=lambda ref: ref.source)]
        text = "\n".join([*known, in_the_open(secret, texts)])
        try:
            key = self.key()
        except OSError as problem:
            raise UnknownError(str(problem)) from problem
        return hmac.new(key, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()[:32]

    def _content(self, path: Path) -> str:
        stamp = _stamp(path)
        known = self.read.get(path)
        if known and known[0] == stamp:
            return known[1]
        digest = sha256()
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                digest.update(piece)
        self.read[path] = (stamp, digest.hexdigest()[:32])
        return self.read[path][1]


@dataclass(frozen=True, slots=True)
class Stamps:
    """The same, but of files only size and time: for what is only compared with an earlier run, since that is asked of every step."""

    world: World

    def file(self, path: str) -> str:
        whole = self.world.home / path
        try:
            return _folder(whole, _shown_stamp) if whole.is_dir() else _shown_stamp(whole)
        except OSError:
            return "none"

    def module(self, target: str) -> str:
        return self.world.module(target)

    def secret(self, secret: Secret) -> str:
        return self.world.secret(secret)


def _folder(folder: Path, told: Callable[[Path], str]) -> str:
    """All files below it, by their names there."""
    digest = sha256()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\n{told(path)}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:32]


def _shown_stamp(path: Path) -> str:
    return " ".join(map(str, _stamp(path)))


def _source_in(folder: str, name: str) -> Path | None:
    whole = Path(folder, *name.split("."))
    return next((path for path in (whole.with_suffix(".py"), whole / "__init__.py") if path.is_file()), None)


def _stamp(path: Path) -> tuple[int, ...]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns, found.st_ino
