"""A store as a folder: `.symphony/`.

.gitignore              keeps the whole folder out of version control
kind                    what the logs of new runs are; without it they are SQLite files
slots.db                who has a place in a policy that limits all runs; may be lost
index.db                a summary of each run that ended; written again from the logs where it is lost
cache.db                results that other runs may take; can be removed at any time
keys.db                 effects that have a key: what each gave, and who is at it
salt                    makes hashes of secrets ones that tell nothing
runs/ID/log.db, lock    the log of a run (or `log.jsonl`), and the lock that its driver holds; `new-ID` until it is
                        made to the end
runs/ID/leash           what the processes of the driver hold; one that was killed has not taken it away
runs/ID/inbox/          commands that the driver has not judged yet
blobs/ab/HASH           contents that are too large for a log, and artifacts
"""

from __future__ import annotations

from contextlib import contextmanager
from secrets import token_hex
from shutil import rmtree
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.blobs import FileBlobs
from symphony_runtime.storage.disk import age, keep_names
from symphony_runtime.storage.failpoints import reach
from symphony_runtime.storage.index import Index, RunSummary
from symphony_runtime.storage.run_folder import FORMS, SQLITE, RunFolder, kind_of
from symphony_runtime.storage.sqlite_records import SqliteRecords

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNFINISHED = "new-"
NEW = f"{UNFINISHED}*"
"""How the name of a folder or a file begins that is not made to the end."""


class Folders:
    """`kind` is what the logs of new runs are: what is given, else what the folder says."""

    def __init__(self, root: Path, kind: str | None = None) -> None:
        self.root = root
        self.blobs = FileBlobs(root / "blobs")
        self._runs = root / "runs"
        self._index = Index(root / "index.db")
        self._kind = kind or _remembered(root / "kind")

    def names(self) -> list[str]:
        if not self._runs.is_dir():
            return []
        try:
            found = sorted(entry.name for entry in self._runs.iterdir() if kind_of(entry))
        except OSError as problem:
            raise UserError(f"the runs cannot be listed: {problem.strerror}", place=str(self._runs)) from problem
        return [name for name in found if not name.startswith(UNFINISHED)]

    def find(self, execution_id: str) -> RunFolder | None:
        path = self._runs / execution_id
        kind = kind_of(path)
        return RunFolder(execution_id, path, kind) if kind else None

    @contextmanager
    def making(self, execution_id: str) -> Iterator[RunFolder]:
        folder = self._new(execution_id)
        try:
            yield folder
            self._publish(folder)
        except BaseException:
            rmtree(folder.path, ignore_errors=True)
            raise

    def _new(self, execution_id: str) -> RunFolder:
        folder = RunFolder(execution_id, self._runs / f"{UNFINISHED}{execution_id}", self._kind)
        try:
            folder.path.mkdir(parents=True)
            self.blobs.root.mkdir(exist_ok=True)
            reach("run.begun")
            _write_once(self.root / ".gitignore", "*\n")
            if self._kind != SQLITE:
                _write_once(self.root / "kind", f"{self._kind}\n")
        except OSError as problem:
            raise UserError(f"cannot make a run here: {problem.strerror}", place=str(self.root)) from problem
        return folder

    def _publish(self, folder: RunFolder) -> None:
        try:
            keep_names(folder.path)
            folder.path.rename(self._runs / folder.execution_id)
            keep_names(self._runs)
            reach("run.published")
        except OSError as problem:
            raise UserError(f"cannot make a run here: {problem.strerror}", place=str(self.root)) from problem

    def cache(self) -> SqliteRecords:
        return SqliteRecords(self.root / "cache.db", self.blobs, lasting=False)

    def keys(self) -> SqliteRecords:
        return SqliteRecords(self.root / "keys.db", self.blobs, lasting=True)

    def salt(self) -> bytes:
        _write_once(self.root / "salt", token_hex(32), mode=0o600)
        return (self.root / "salt").read_bytes()

    def note(self, summary: RunSummary) -> None:
        """A run goes on where the index cannot be written: its log says the same."""
        self._index.put(summary)

    def noted(self) -> dict[str, RunSummary]:
        return self._index.summaries()

    def tidy(self, now: float, grace: float) -> None:
        unmade = [path for path in self._runs.glob("*") if path.name.startswith(UNFINISHED) or not kind_of(path)]
        for left in (*unmade, *self._runs.glob(f"*/inbox/{NEW}"), *self.root.glob(NEW)):
            if age(left, now) > grace:
                _remove(left)
                reach("store.tidied")
        self.blobs.tidy(now, grace)


def _remembered(file: Path) -> str:
    try:
        kind = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return SQLITE
    except (OSError, ValueError) as problem:
        raise UserError(f"the kind of the store cannot be read: {problem}", place=str(file)) from problem
    if kind not in FORMS:
        raise UserError(f"a store of the kind `{kind}` is not known to this version", place=str(file))
    return kind


def _remove(path: Path) -> None:
    if path.is_dir():
        rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _write_once(file: Path, text: str, mode: int | None = None) -> None:
    """Whole or not at all, unless it is there."""
    if file.exists():
        return
    new = file.with_name(f"{UNFINISHED}{file.name}-{token_hex(8)}")
    new.write_text(text, encoding="utf-8")
    if mode is not None:
        new.chmod(mode)
    reach("store.marking")
    new.replace(file)
    reach("store.marked")
