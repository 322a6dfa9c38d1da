"""Logs that are files of lines: what people read, what a crash tears, what a disk refuses."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

from tests.runtime.test_store_contract import is_refused, made, note, opened, seqs

from symphony_dsl.base.errors import UserError
from symphony_runtime.storage.lines import LinesLog
from symphony_runtime.storage.log import POWER
from symphony_runtime.storage.reading import first_bad
from symphony_runtime.storage.store import LINES, Store


def lines_of(store: Store, run: str) -> Path:
    path = store.run(run).log.path
    assert isinstance(path, Path)
    return path


def test_a_line_is_a_transaction_for_people_to_read(tmp_path):
    store = Store(tmp_path / "store", LINES)
    run = made(store)
    log = opened(store, run)
    log.commit([note(2), note(3, message="two\nlines")])
    log.close()
    shown = [json.loads(text) for text in lines_of(store, run).read_text().splitlines()]
    assert [[entry["seq"] for entry in batch] for batch in shown] == [[1], [2, 3]]
    assert shown[1][1]["data"]["message"] == "two\nlines"
    assert shown[1][1]["address"] == "a"


def test_a_torn_last_line_is_cut_off_at_every_byte(tmp_path):
    store = Store(tmp_path / "store", LINES)
    run = made(store)
    log = opened(store, run)
    assert log.commit([note(2)]) is None
    whole = lines_of(store, run).read_bytes()
    assert log.commit([note(3), note(4, message="é\n")]) is None
    log.close()
    longer = lines_of(store, run).read_bytes()
    for length in range(len(whole), len(longer)):
        lines_of(store, run).write_bytes(longer[:length])
        assert seqs(store, run) == [1, 2]
        log = opened(store, run)
        assert lines_of(store, run).read_bytes() == whole
        assert log.commit([note(3)]) is None
        log.close()
        assert seqs(store, run) == [1, 2, 3]
        assert first_bad(store.run(run).log) is None


def test_any_byte_of_a_line_that_was_changed_is_noticed(tmp_path):
    store = Store(tmp_path / "store", LINES)
    run = made(store)
    log = opened(store, run)
    assert log.commit([note(2), note(3)]) is None
    log.close()
    path = lines_of(store, run)
    whole, rows = path.read_bytes(), store.run(run).log.rows()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            bad = first_bad(store.run(run).log)
            says_the_same = store.run(run).log.rows() == rows
        except UserError as problem:
            assert "cannot be read" in str(problem)  # noqa: PT017 - one of three ways out
        else:
            assert bad is not None or says_the_same or whole[at] == ord("\n")


def test_a_line_that_cannot_be_written_whole_is_not_there(tmp_path, monkeypatch):
    store = Store(tmp_path / "store", LINES)
    run = made(store)
    log = opened(store, run)

    def full(file, content):
        file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("symphony_runtime.storage.lines._write", full)
    assert is_refused(log.commit([note(2), note(3)]), "No space left on device")
    monkeypatch.undo()
    assert log.commit([note(2)]) is None
    log.close()
    assert seqs(store, run) == [1, 2]


def test_a_disk_that_does_not_answer_for_a_line_takes_none(tmp_path, monkeypatch):
    store = Store(tmp_path / "store", LINES)
    run = made(store, durability=POWER)
    log = LinesLog(lines_of(store, run), store.blobs, POWER)

    def broken(descriptor):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    assert is_refused(log.commit([note(2)]), "Input/output error")
    monkeypatch.undo()
    log.close()
    assert seqs(store, run) == [1]
