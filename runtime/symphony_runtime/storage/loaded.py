"""A run that is found again: what it keeps of its beginning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from symphony_dsl.base.errors import UserError
from symphony_dsl.base.frozen import frozen
from symphony_runtime.entries import RUN_CREATED
from symphony_runtime.plans.planning import Plans
from symphony_runtime.storage.reading import read, read_summary

if TYPE_CHECKING:
    from symphony_model.artifact import Artifact
    from symphony_runtime.storage.store import Store


@frozen
class LoadedRun:
    """What a run keeps of its beginning. `inputs` are typed values; `state` is how it stands."""

    execution_id: str
    plans: Plans
    home: Path
    inputs: dict[str, Any]
    state: str

    @property
    def artifact(self) -> Artifact:
        return self.plans.artifact


def load(store: Store, execution_id: str) -> LoadedRun:
    """Raises UserError for a run that is not there or cannot be read."""
    run = store.run(execution_id)
    run.log.check()
    first = next(read(run.log, store.blobs), None)
    summary = read_summary(run.log, store.blobs, execution_id)
    if first is None or first.type != RUN_CREATED or summary is None:
        raise UserError("this run was not made to the end", place=f"run {execution_id}")
    plans = store.plans(first.data["artifact"])
    return LoadedRun(execution_id, plans, Path(first.data["home"]), first.data["inputs"], summary.state)
