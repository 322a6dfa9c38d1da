"""The place on disk where runs live: `.symphony/`.

    .gitignore             keeps the whole folder out of version control
    index.db               a summary of each run that ended; written again from the logs where it is lost
    runs/ID/log.db, lock   the log of a run, and the lock that its driver holds; `new-ID` until it is made to the end
    runs/ID/inbox/         commands that the driver has not judged yet
    blobs/ab/HASH          contents that are too large for a log, and artifacts

A run's truth is its log. The index only answers what is final without opening every log.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_model.artifact_codec import artifact_from_text, artifact_to_text
from symphony_runtime.plans.planning import Plans
from symphony_runtime.storage.blobs import Blobs
from symphony_runtime.storage.disk import keep_names
from symphony_runtime.storage.inbox import Inbox
from symphony_runtime.storage.index import Index, RunSummary
from symphony_runtime.storage.locks import FileLock
from symphony_runtime.storage.reading import read_summary

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["RunFolder", "RunSummary", "Store"]

UNFINISHED = "new-"
"""How the folder of a run begins that is not made to the end."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run keeps its things."""

    execution_id: str
    path: Path

    @property
    def log(self) -> Path:
        return self.path / "log.db"

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.path / "inbox")

    def try_claim(self) -> FileLock | None:
        """The right to write this run's log, until it is let go or the process ends; None where another process has it."""
        return FileLock.take(self.path / "lock")

    def claim(self) -> FileLock:
        """As `try_claim`. Raises UserError where another process has it."""
        lock = self.try_claim()
        if lock is None:
            raise UserError(
                "another process drives this run",
                place=f"run {self.execution_id}",
                hint="wait until it ends, or stop that process first",
            )
        return lock


class Store:
    """`root` is the folder itself; it is made when the first run is."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.blobs = Blobs(root / "blobs")
        self._index = Index(root / "index.db")
        self._plans: tuple[str, Plans] | None = None

    def keep(self, plans: Plans) -> str:
        """The hash under which an artifact is kept. Raises UserError where the disk refuses."""
        try:
            digest = self.blobs.put(artifact_to_text(plans.artifact).encode("utf-8"))
        except OSError as problem:
            raise UserError(f"cannot keep the workflow: {problem.strerror}", place=str(self.root)) from problem
        self._plans = (digest, plans)
        return digest

    def plans(self, digest: str) -> Plans:
        """The plans of an artifact that is kept; the last one is at hand. Raises UserError where it is not sound."""
        if self._plans is None or self._plans[0] != digest:
            self._plans = (digest, Plans(artifact_from_text(self.blobs.get(digest).decode("utf-8"))))
        return self._plans[1]

    @contextmanager
    def making(self, execution_id: str) -> Iterator[RunFolder]:
        """The folder of a run that is being made. The run is there when this ends well, else nothing of it is.

        Raises UserError where the disk refuses.
        """
        folder = self._new(execution_id)
        try:
            yield folder
            self._publish(folder)
        except BaseException:
            rmtree(folder.path, ignore_errors=True)
            raise

    def _new(self, execution_id: str) -> RunFolder:
        folder = RunFolder(execution_id, self.root / "runs" / f"{UNFINISHED}{execution_id}")
        try:
            folder.path.mkdir(parents=True)
            self.blobs.root.mkdir(exist_ok=True)
            with suppress(FileExistsError), (self.root / ".gitignore").open("x", encoding="utf-8") as ignore:
                ignore.write("*\n")
        except OSError as problem:
            raise UserError(f"cannot make a run here: {problem.strerror}", place=str(self.root)) from problem
        return folder

    def _publish(self, folder: RunFolder) -> None:
        try:
            folder.path.rename(self._folder(folder.execution_id).path)
            keep_names(self.root / "runs")
        except OSError as problem:
            raise UserError(f"cannot make a run here: {problem.strerror}", place=str(self.root)) from problem

    def run(self, execution_id: str) -> RunFolder:
        folder = self._folder(execution_id)
        if not folder.log.is_file():
            raise UserError("there is no such run", place=f"run {execution_id}", hint="`wf runs` lists them")
        return folder

    def runs(self) -> list[RunSummary]:
        """Every run, newest first."""
        known = self._index.summaries()
        found = [self._summary(name, known.get(name)) for name in self._names()]
        return [summary for summary in reversed(found) if summary]

    def logs(self) -> list[Path]:
        """The logs of all runs."""
        return [self._folder(name).log for name in self._names()]

    def find(self, text: str) -> str:
        """The id that is meant by an id, the beginning of one, or `last`. Raises UserError where none or several are."""
        names = self._names()
        if not names:
            raise UserError("there is no run yet", place=str(self.root))
        matching = names[-1:] if text == "last" else [name for name in names if name.startswith(text)]
        if len(matching) == 1:
            return matching[0]
        if text in matching:
            return text
        if not matching:
            raise UserError("there is no such run", place=f"run {text}", hint="`wf runs` lists them")
        raise UserError(
            f"{len(matching)} runs begin like this", place=f"run {text}", hint="such as " + ", ".join(matching[:3])
        )

    def note(self, summary: RunSummary) -> None:
        """Remember how a run stands. A run goes on where the index cannot be written: its log says the same."""
        self._index.put(summary)

    def _folder(self, execution_id: str) -> RunFolder:
        return RunFolder(execution_id, self.root / "runs" / execution_id)

    def _names(self) -> list[str]:
        """Ids of all runs, oldest first: their ids begin with the time."""
        runs = self.root / "runs"
        if not runs.is_dir():
            return []
        try:
            found = sorted(entry.name for entry in runs.iterdir() if (entry / "log.db").is_file())
        except OSError as problem:
            raise UserError(f"the runs cannot be listed: {problem.strerror}", place=str(runs)) from problem
        return [name for name in found if not name.startswith(UNFINISHED)]

    def _summary(self, name: str, known: RunSummary | None) -> RunSummary | None:
        if known and known.completed_at:
            return known
        read = read_summary(self._folder(name).log, self.blobs, name)
        if read and read.completed_at:
            self._index.put(read)
        return read
