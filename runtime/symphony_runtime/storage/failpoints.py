"""Named places around everything that is made durable. The tests end the process at each of them, as `kill -9` would.

Nothing from outside turns them on, no variable and no file: a program has to call `watch`, and only tests do. Off, a
place costs the call of an empty function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS = {
    "lock.taken": "A run, or the right to write something, is this process's.",
    "lock.released": "It is nobody's again.",
    "run.begun": "The folder of a run that is being made is there, under a name that is passed over.",
    "run.published": "A run is made: its folder has its name.",
    "run.unlisted": "The log of a run that is removed is gone, its folder is not.",
    "run.removed": "A run that is removed is gone.",
    "store.marking": "A file that says something of the whole store is written, and has not its name yet.",
    "store.marked": "It has.",
    "store.tidied": "Something that was half made is gone.",
    "blob.written": "A content is in a file that has not its name yet.",
    "blob.named": "A content can be found by its hash.",
    "blob.doomed": "A content that nobody needs cannot be found any more.",
    "blob.dropped": "A content that nobody needs is gone.",
    "log.opened": "A log can be written: its tables are there, a torn end is cut off.",
    "log.appending": "Entries are about to be written.",
    "log.writing": "What belongs together is being written, and nobody was told of it.",
    "log.appended": "Entries are in the log.",
    "command.written": "A command is in a file that has not its name yet.",
    "command.sent": "A command is in the inbox.",
    "command.set_aside": "What is no command is out of the way.",
    "command.forgotten": "A command whose verdict is in the log is gone from the inbox.",
    "slot.taken": "An attempt has a place that other runs wait for.",
    "slot.given": "The place is free again.",
    "index.noted": "How a run stands is in the index.",
    "leash.noted": "A run says what the processes of its driver hold, or that it has none any more.",
    "records.opened": "The cache or the keys of a store can be written.",
    "records.cleared": "What was kept of results is gone.",
    "record.held": "A step is held by the one who computes it.",
    "record.kept": "A result can be taken by others.",
    "record.freed": "A step is nobody's again.",
    "attempt.begun": "An attempt is the executor's.",
    "attempt.ended": "An attempt has ended, and nothing is written of it.",
}


def _nothing(name: str) -> None:
    """Go on."""


_watcher: Callable[[str], None] = _nothing


def reach(name: str) -> None:
    _watcher(name)


def watch(watcher: Callable[[str], None] | None) -> None:
    """Have a function called at each place that is reached from now on, with its name."""
    global _watcher  # noqa: PLW0603 - one process has one
    _watcher = watcher or _nothing
