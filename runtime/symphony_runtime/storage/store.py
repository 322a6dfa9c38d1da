"""The place where runs live: a folder `.symphony/`, or memory.

A run's truth is its log. What is noted of runs only answers what is final without opening every log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symphony_dsl.base.errors import UserError
from symphony_model.artifact_codec import artifact_from_text, artifact_to_text
from symphony_runtime.plans.planning import Plans
from symphony_runtime.storage.folders import Folders
from symphony_runtime.storage.index import RunSummary
from symphony_runtime.storage.memory import Memory
from symphony_runtime.storage.reading import read_summary
from symphony_runtime.storage.run_folder import LINES, SQLITE

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from symphony_runtime.storage.contract import Medium, Run

__all__ = ["KINDS", "LINES", "MEMORY", "SQLITE", "RunSummary", "Store"]

MEMORY = "memory"
KINDS = (SQLITE, LINES, MEMORY)


class Store:
    """`root` is the folder itself, made when the first run is; of a store in memory it is only what messages call it.

    `kind` is what the logs of new runs are: files of SQLite, of lines, or nothing but memory. A folder remembers it.
    """

    def __init__(self, root: Path, kind: str | None = None) -> None:
        if kind is not None and kind not in KINDS:
            raise UserError(f"there is no store of the kind `{kind}`", hint=f"there are {', '.join(KINDS)}")
        self.root = root
        self.medium: Medium = Memory() if kind == MEMORY else Folders(root, kind)
        self.blobs = self.medium.blobs
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

    def making(self, execution_id: str) -> AbstractContextManager[Run]:
        """A run that is being made. It is there when this ends well, else nothing of it is. Raises UserError."""
        return self.medium.making(execution_id)

    def run(self, execution_id: str) -> Run:
        found = self.medium.find(execution_id)
        if found is None:
            raise UserError("there is no such run", place=f"run {execution_id}", hint="`wf runs` lists them")
        return found

    def runs(self) -> list[RunSummary]:
        """Every run, newest first."""
        known = self.medium.noted()
        found = [self._summary(name, known.get(name)) for name in self.medium.names()]
        return [summary for summary in reversed(found) if summary]

    def find(self, text: str) -> str:
        """The id that is meant by an id, the beginning of one, or `last`. Raises UserError where none or several are."""
        names = self.medium.names()
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
        """Remember how a run stands."""
        self.medium.note(summary)

    def _summary(self, name: str, known: RunSummary | None) -> RunSummary | None:
        if known and known.completed_at:
            return known
        read = read_summary(self.run(name).log, self.blobs, name)
        if read and read.completed_at:
            self.medium.note(read)
        return read
