"""Logs that earlier versions wrote: each is folded to the state it had, and a run that was cut off goes on."""

from __future__ import annotations

import json
import shutil

import pytest
from tests.runtime.engine_laws import check_log, check_state
from tests.runtime.engine_record import LOGS, executor, story

from symphony_runtime import engine
from symphony_runtime.entries import TABLE
from symphony_runtime.storage.reading import first_bad, read
from symphony_runtime.storage.store import Store
from symphony_runtime.watching import events

VERSIONS = sorted(path.name for path in LOGS.iterdir())


@pytest.fixture(params=VERSIONS)
def store(request, tmp_path):
    shutil.copytree(LOGS / request.param, tmp_path / "store")
    return Store(tmp_path / "store")


def expected(store: Store):
    return json.loads((store.root / "expected.json").read_text())


def test_a_recorded_log_gives_the_state_it_had(store):
    for name, run in expected(store)["runs"].items():
        assert first_bad(store.run(run).log) is None
        state = engine.recover(store, run)
        check_state(state)
        assert story(state) == expected(store)["stories"][name]
        assert list(events.read(store, run))


async def test_a_recorded_run_goes_on(store):
    runs = expected(store)["runs"]
    result = await engine.drive(store, runs["cut"], executor=executor())
    assert result.state == "completed"
    assert result.outputs == expected(store)["stories"]["whole"]["outputs"]
    check_log(list(read(store.run(runs["cut"]).log, store.blobs)))


def test_the_logs_of_this_version_say_nearly_all_that_can_be_said():
    store = Store(LOGS / VERSIONS[-1])
    said = {entry.type for run in expected(store)["runs"].values() for entry in read(store.run(run).log, store.blobs)}
    rare = {"hold.cleared", "node.lost", "node.waiting"}
    assert said >= TABLE.keys() - rare - {"log.dropped", "attempt.late_result", "node.failed"}
