"""`read` and `write`: whole texts or a clear failure, never half a file."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tests.runtime.workers.worker_nodes import operator, task

from symphony_dsl.base.types import FILE, STRING
from symphony_model.nodes import OperatorType
from symphony_runtime.operators import files
from symphony_runtime.task import Failure, Success

READ = operator(OperatorType.READ, {"path": FILE}, STRING)
WRITE = operator(OperatorType.WRITE, {"path": STRING, "text": STRING}, FILE)


async def test_read(run, tmp_path):
    (tmp_path / "a.txt").write_bytes("ä\r\nb".encode())
    assert await run(task(READ, tmp_path, path="a.txt")) == Success({"result": "ä\r\nb"})
    assert await run(task(READ, tmp_path, path=str(tmp_path / "a.txt"))) == Success({"result": "ä\r\nb"})


async def test_read_drops_a_byte_order_mark(run, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfa")
    assert await run(task(READ, tmp_path, path="a.txt")) == Success({"result": "a"})


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none", "there is no such file"),
        ("latin", "it is no UTF-8 text (byte 3)"),
        ("folder", "it is a folder"),
        ("latin/x", "a part of its path is no folder"),
        ("pipe", "it is no ordinary file"),
        ("/dev/zero", "it is no ordinary file"),
        ("a\0b", "embedded null byte"),
        ("x" * 300, "the name is too long"),
    ],
)
async def test_what_cannot_be_read(run, tmp_path, path, reason):
    (tmp_path / "latin").write_bytes(b"ab\xe4c")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    outcome = await run(task(READ, tmp_path, path=path))
    assert outcome == Failure("error", f"'{path}' cannot be read: {reason}", before_effect=True)


async def test_a_file_that_is_too_large(run, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_READ", 1 << 20)
    (tmp_path / "a").write_bytes(b"x" * ((1 << 20) + 1))
    outcome = await run(task(READ, tmp_path, path="a"))
    assert outcome == Failure("error", "'a' cannot be read: it is larger than 1 MiB", before_effect=True)


async def test_write_gives_the_path_and_makes_folders(run, tmp_path):
    assert await run(task(WRITE, tmp_path, path="out/a.txt", text="ä\n")) == Success({"result": "out/a.txt"})
    assert (tmp_path / "out/a.txt").read_bytes() == "ä\n".encode()
    assert os.listdir(tmp_path / "out") == ["a.txt"]


async def test_write_keeps_permissions_and_follows_links(run, tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    await run(task(WRITE, tmp_path, path="link", text="new"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o640


async def test_a_new_file_has_the_permissions_of_new_files(run, tmp_path):
    (tmp_path / "other").touch()
    await run(task(WRITE, tmp_path, path="a", text=""))
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize(
    ("path", "reason"), [("folder", "it is a folder"), ("file/x", "a part of its path is no folder")]
)
async def test_what_cannot_be_written(run, tmp_path, path, reason):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    outcome = await run(task(WRITE, tmp_path, path=path, text="x"))
    assert outcome == Failure("error", f"'{path}' cannot be written: {reason}", before_effect=True)


@pytest.mark.parametrize(("number", "reason"), [(errno.ENOSPC, "the disk is full"), (errno.EIO, "Input/output error")])
async def test_a_disk_that_refuses_leaves_the_old_file_and_no_other(run, tmp_path, monkeypatch, number, reason):
    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "a").write_text("old")
    monkeypatch.setattr(files.os, "fsync", refuse)
    outcome = await run(task(WRITE, tmp_path, path="a", text="new"))
    assert outcome == Failure("error", f"'a' cannot be written: {reason}", before_effect=True)
    assert (tmp_path / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


async def test_a_folder_that_cannot_be_synced_is_no_failure(run, tmp_path, monkeypatch):
    real = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no")
        real(descriptor)

    monkeypatch.setattr(files.os, "fsync", refuse_folders)
    assert await run(task(WRITE, tmp_path, path="a", text="x")) == Success({"result": "a"})


def test_a_real_limit_on_the_size_of_files(tmp_path: Path):
    """The kernel refuses in the middle of the text."""
    script = """
        import asyncio, resource, sys
        from pathlib import Path
        from symphony_runtime.executing.executors import build
        from tests.runtime.workers.test_file_operators import WRITE
        from tests.runtime.workers.worker_nodes import Reports, task

        home = Path(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        outcome = asyncio.run(build(home).run(task(WRITE, home, path="a", text="x" * 100_000), Reports()))
        print(outcome.message)
    """
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-B", "-c", textwrap.dedent(script), str(tmp_path)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "'a' cannot be written: the file would be larger than allowed\n"
    assert os.listdir(tmp_path) == []


async def test_what_a_killed_attempt_left_goes_with_the_next(run, tmp_path, monkeypatch):
    """A process that dies between writing and renaming neither renames nor cleans up."""

    def dies(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EIO, "gone")

    monkeypatch.setattr(files.Path, "replace", dies)
    monkeypatch.setattr(files.Path, "unlink", lambda *_arguments, **_options: None)
    await run(task(WRITE, tmp_path, path="a", text="half"))
    monkeypatch.undo()
    assert len(os.listdir(tmp_path)) == 1
    await run(task(WRITE, tmp_path, path="a", text="whole"))
    assert os.listdir(tmp_path) == ["a"]


async def test_a_cancelled_write_has_ended_when_the_cancellation_arrives(run, tmp_path, monkeypatch):
    """Whole or not at all holds under cancellation too: nothing goes on writing behind the engine's back."""
    gate, real = asyncio.Event(), os.fsync
    loop = asyncio.get_running_loop()

    def slow(descriptor: int) -> None:
        loop.call_soon_threadsafe(gate.set)
        real(descriptor)

    monkeypatch.setattr(files.os, "fsync", slow)
    writing = asyncio.ensure_future(run(task(WRITE, tmp_path, path="a", text="x")))
    await gate.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert os.listdir(tmp_path) == ["a"]
