"""Results that others may take, in both places where they are kept."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.blobs import FileBlobs
from symphony_runtime.storage.log import LARGE
from symphony_runtime.storage.records import Holder, MemoryRecords, Record
from symphony_runtime.storage.sqlite_records import SqliteRecords

ME, OTHER = Holder("run-1", "a"), Holder("run-2", "b[3]")


def file(folder: Path, *, lasting: bool = False) -> SqliteRecords:
    return SqliteRecords(folder / "records.db", FileBlobs(folder / "blobs"), lasting)


@pytest.fixture(params=["file", "lasting", "memory"])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    return MemoryRecords() if request.param == "memory" else file(tmp_path, lasting=request.param == "lasting")


def record(at: int = 1, step: str = "w: a", **data: Any) -> Record:
    return Record(step, "run-1", "a", at, {"kind": "x"}, {"outputs": {"result": 1}} | data)


def test_what_is_kept_is_found(records: Any) -> None:
    assert records.find("n") is None
    records.keep("n", record())
    records.keep("n", record(2))
    assert records.find("n") == record(2)
    assert records.find("m") is None
    records.close()
    assert records.find("n") == record(2)


def test_one_holds_at_a_time_and_gives_back_its_own_alone(records: Any) -> None:
    assert records.hold("n", ME, None)
    assert not records.hold("n", OTHER, None)
    assert not records.hold("n", OTHER, OTHER)
    assert records.holder("n") == ME
    records.free("n", OTHER)
    assert records.holder("n") == ME
    assert records.hold("n", OTHER, ME)
    assert (records.held_by("run-1"), records.held_by("run-2")) == ({}, {"n": "b[3]"})
    records.free("n", OTHER)
    assert records.holder("n") is None


def test_who_keeps_is_done(records: Any) -> None:
    records.hold("n", ME, None)
    records.keep("n", record())
    assert records.holder("n") is None


def test_results_of_a_step_newest_first(records: Any) -> None:
    for at in range(5):
        records.keep(f"n{at}", record(at))
    records.keep("other", record(9, "w: b"))
    assert [each.at for each in records.of_step("w: a", 3)] == [4, 3, 2]
    assert records.clear() == 6
    assert records.of_step("w: a", 3) == []


def test_what_is_large_is_named_for_whoever_sweeps(tmp_path: Path) -> None:
    records = file(tmp_path)
    large = record(outputs={"result": "x" * LARGE})
    records.keep("n", large)
    (text,) = records.texts()
    (blob,) = records.blobs.root.glob("??/*")
    assert blob.name in text
    assert records.find("n") == large
    blob.unlink()
    assert records.find("n") is None


def test_only_one_of_many_threads_holds(tmp_path: Path) -> None:
    held: list[int] = []

    def claim(at: int) -> None:
        records = file(tmp_path, lasting=True)
        if records.hold("n", Holder(f"run-{at}", "a"), None):
            held.append(at)
        records.close()

    threads = [threading.Thread(target=claim, args=(at,)) for at in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == 1
    assert file(tmp_path).holder("n") == Holder(f"run-{held[0]}", "a")


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    records = file(tmp_path)
    assert (records.find("n"), records.holder("n"), records.held_by("r"), records.clear()) == (None, None, {}, 0)
    assert list(records.texts()) == []
    assert not records.path.exists()


def test_a_cache_that_cannot_be_used_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    records = file(tmp_path)
    records.path.mkdir()
    records.keep("n", record())
    assert (records.find("n"), records.hold("n", ME, None), records.holder("n")) == (None, True, None)


def test_keys_that_cannot_be_used_are_an_error(tmp_path: Path) -> None:
    records = file(tmp_path, lasting=True)
    records.path.write_text("no database at all " * 99)
    for ask in (lambda: records.find("n"), lambda: records.hold("n", ME, None), lambda: records.keep("n", record())):
        with pytest.raises(UserError, match="the keys of this store cannot be used"):
            ask()
    assert records.path.read_text().startswith("no database")
