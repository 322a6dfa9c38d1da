"""What the exit code of `wf` means."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    DONE = 0
    FAILED = 1  # the workflow or the check failed
    WRONG = 2  # the command line or a file is wrong
    WAITING = 3  # the run waits or is paused
    BUG = 70  # a bug of ours
    INTERRUPTED = 130  # Ctrl-C
