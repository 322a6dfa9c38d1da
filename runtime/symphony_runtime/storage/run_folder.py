"""The folder of one run: its log, the lock of its driver, and commands on their way to it."""

from __future__ import annotations

from contextlib import suppress
from shutil import rmtree
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.storage.failpoints import reach
from symphony_runtime.storage.inbox import FileInbox
from symphony_runtime.storage.lines import LinesJournal
from symphony_runtime.storage.locks import Claims, FileLock
from symphony_runtime.storage.slots import FileSlots
from symphony_runtime.storage.sqlite import SqliteJournal

if TYPE_CHECKING:
    from pathlib import Path

SQLITE = "sqlite"
LINES = "lines"
FORMS: dict[str, tuple[str, type[SqliteJournal | LinesJournal]]] = {
    SQLITE: ("log.db", SqliteJournal),
    LINES: ("log.jsonl", LinesJournal),
}
"""What a log may be: its file, and how that is read and written. A run knows its own by the file that is there."""


@frozen
class RunFolder(Claims):
    """Where one run keeps its things."""

    execution_id: str
    path: Path
    kind: str

    @property
    def log(self) -> SqliteJournal | LinesJournal:
        name, form = FORMS[self.kind]
        return form(self.path / name)

    @property
    def inbox(self) -> FileInbox:
        return FileInbox(self.path / "inbox")

    @property
    def slots(self) -> FileSlots:
        runs = self.path.parent
        return FileSlots(runs.parent / "slots.db", runs, self.execution_id)

    def try_claim(self) -> FileLock | None:
        return FileLock.take(self.path / "lock")

    def leash(self) -> str | None:
        with suppress(FileNotFoundError):
            return (self.path / "leash").read_text(encoding="utf-8") or None
        return None

    def note_leash(self, leash: str | None) -> None:
        note = self.path / "leash"
        try:
            if leash is None:
                note.unlink(missing_ok=True)
            else:
                note.write_text(leash, encoding="utf-8")
        except OSError as problem:
            raise UserError(f"the run cannot be driven: {problem.strerror}", place=str(self.path)) from problem
        reach("leash.noted")

    def remove(self) -> None:
        try:
            self.log.path.unlink(missing_ok=True)  # from here on there is no such run, even if the rest is cut short
            reach("run.unlisted")
            rmtree(self.path)
            reach("run.removed")
        except OSError as problem:
            raise UserError(f"the run cannot be removed: {problem.strerror}", place=str(self.path)) from problem


def kind_of(path: Path) -> str | None:
    """None where no log is: then it is no run."""
    return next((kind for kind, (name, _) in FORMS.items() if (path / name).is_file()), None)
